"""The people of the archive: their posts, whom they quote and who quotes them.

Pages about people are rendered in ``render``.
"""
