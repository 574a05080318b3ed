"""Data kept from build to build: a cache that can be deleted at any time.

Each module runs SQL only on its own tables.
"""
