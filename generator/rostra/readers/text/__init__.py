"""Text: copied from pages or written by hand.

Only readers of text and what they share; other readers do not import it.
"""
