"""Text copied from a page: layouts as data, layouts learned from the text, and records cut by them.

Modules here turn lines into records; ``rostra.readers.text`` makes posts of them.  Nothing here reads files but the
layouts in ``known/``.
"""
