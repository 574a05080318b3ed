"""A dump as readers see it: its files, bytes, text and values, which are never trusted."""
