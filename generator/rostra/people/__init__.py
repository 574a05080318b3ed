"""Who speaks in the archive, what they say and whom they quote.

Pages about people are rendered in ``render``.
"""
