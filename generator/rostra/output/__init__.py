"""The files of a site: stage them, place them all at once, and record which files are ours.

Only this room writes to the output folder; it does not know what a file says.
"""
