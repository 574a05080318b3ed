"""What is hidden before it is published: redaction, pseudonyms, e-mail addresses, and the guard over what is written.

Pure functions of texts and rules; which rules apply is decided in ``ingest``.
"""
