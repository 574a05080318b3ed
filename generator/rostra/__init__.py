"""Rostra turns raw dumps of debates into threaded, static, citable pages."""

__version__ = "0.1.0"
