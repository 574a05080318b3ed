"""A layout learned from the text itself: what recurs between the lines with times belongs to the page."""
