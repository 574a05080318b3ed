"""Rostra turns raw dumps of debates into threaded, static, citable pages."""

from pathlib import Path

__version__ = "0.1.0"
PACKAGE = Path(__file__).parent
"""The folder of this package."""
