"""What holds for every reader: each word reaches a post or a problem, and what was private stays so."""
