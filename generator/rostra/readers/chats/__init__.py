"""Chat rooms: a day of a room is a debate."""
