"""Quotations and links between threads.

What happens within one thread belongs to ``quotations``.
"""
