"""Render editions to files: templates, the HTML of a post, thread.json, and one module for each kind of page.

Nothing here writes to disk.
"""
