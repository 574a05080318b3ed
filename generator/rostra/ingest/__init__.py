"""Make threads of dumps, and decide what of them is published.

Decisions are per dump and per thread; the order of stages is in ``build``.
"""
