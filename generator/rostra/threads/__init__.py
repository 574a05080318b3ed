"""Make threads of raw posts: order, parents, missing posts; infer what answers what; merge several dumps into one thread.

Pure functions; nothing here reads files or renders.
"""
