"""Dumps to threads, with everything that decides what of them is published.

It decides per dump and per thread; the order of stages is in ``build``.
"""
