"""Text copied from a page: layouts as data, layouts learned from the text, and posts cut by them.

Modules here turn lines into threads; ``rostra.readers.text`` and ``rostra.readers.page`` are the readers.  Nothing here
reads files but the layouts in ``layouts/``, and nothing here knows a site: what a site's pages look like is data.
"""
