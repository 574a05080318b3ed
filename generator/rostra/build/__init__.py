"""The build: its stages in order, incremental rebuilds, workers and clusters.

Stages live here only if they connect other rooms.
"""
