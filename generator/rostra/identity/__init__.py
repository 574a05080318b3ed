"""Permanent links: the id of a post, and the ledger that maps every published address to its post.

Nothing here reads a dump or renders a page.
"""
