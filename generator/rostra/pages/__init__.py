"""Kinds of pages: one module each, discovered.

A module for threads has ``thread_files(site, edition, layouts) -> Iterator[OutputFile]``, one for the
archive ``archive_files(site, archive, layouts) -> Iterator[OutputFile]``; a module may have both.
"""
