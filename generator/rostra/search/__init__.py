"""The search index: its documents, its shards, and the programs that read them in a browser.

The search page is rendered in ``render``.
"""
