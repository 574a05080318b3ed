"""What a publisher says: settings, cards, redaction rules, each value validated at its line.

Nothing here reads a dump.
"""
