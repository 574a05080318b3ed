"""What the operating system, the network and Python are asked for: files, processes, locks, progress.

Nothing here knows what a debate is.
"""
