"""The publisher's input: settings, cards and redaction rules; every error names its line.

Nothing here reads a dump.
"""
