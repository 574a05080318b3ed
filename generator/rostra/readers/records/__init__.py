"""Dumps of many records: they are grouped into threads, read in pieces by workers, and read on where they grew."""
