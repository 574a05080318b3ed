"""Make threads of raw posts: order, parents, missing posts; and merge several dumps into one thread.

Pure functions; nothing here reads files or renders.
"""
