"""Forums: saved pages and exports of forum software.

Only readers of forums and what they share; other readers do not import it.
"""
