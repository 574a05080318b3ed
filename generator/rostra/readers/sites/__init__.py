"""Sites with an API of their own, and the archives that tools make of them."""
