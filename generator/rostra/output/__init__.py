"""The files of a site: what is written, placed all at once, and known to be ours.

Only this room writes to the output folder; it does not know what a file says.
"""
