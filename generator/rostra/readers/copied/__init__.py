"""Text copied from a page: layouts as data, layouts learned from the text, and posts cut by them.

Modules here turn lines into threads; ``rostra.readers.text`` and ``rostra.readers.page`` are the readers.  The only files
read here are the layouts in ``layouts/``; no code here is specific to a site.
"""
