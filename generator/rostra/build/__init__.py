"""The build: its stages in order, incremental rebuilds, workers and clusters.

Stages live here only where they tie other rooms together.
"""
