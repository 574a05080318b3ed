"""Languages: dates, the catalogue of the interface's words, language tags, texts folded for comparison.

No text of a debate is changed here.
"""
