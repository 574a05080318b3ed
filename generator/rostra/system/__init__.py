"""Services of the operating system, the network and Python: files, processes, locks, progress.

Nothing here knows what a debate is.
"""
