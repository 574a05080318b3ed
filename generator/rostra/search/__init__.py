"""The search index: its documents and its engine.

The search page is rendered in ``render``.
"""
