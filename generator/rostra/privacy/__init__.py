"""Hide content before it is published: redaction, pseudonyms, e-mail addresses, and the guard over written files.

Pure functions of texts and rules; ``ingest`` decides which rules apply.
"""
