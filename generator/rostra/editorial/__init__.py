"""What a publisher changes of a thread: corrections, markup repairs, and the edition that results.

Pure functions of a thread and its card.
"""
