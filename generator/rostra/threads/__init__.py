"""Raw posts to threads: order, parents, missing posts, and several dumps merged into one thread.

Pure functions; nothing here reads files or renders.
"""
