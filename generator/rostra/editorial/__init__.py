"""Apply a publisher's changes to a thread: corrections and markup repairs; and make the edition.

Pure functions of a thread and its card.
"""
