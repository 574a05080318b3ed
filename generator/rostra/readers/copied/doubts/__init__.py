"""Reasons why a layout's names or posts may be wrong: a wrong author is worse than none."""
