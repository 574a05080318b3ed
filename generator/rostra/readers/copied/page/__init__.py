"""What a page says besides its posts: the title, the opening, whom posts answer, notices."""
