"""Report dumps in a folder or an archive that its reader does not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from rostra.config.strays import is_document, is_leftover
from rostra.errors import RostraError
from rostra.model import Problem
from rostra.readers import sure_format
from rostra.readers.dumps.dump import Dump

MOST = 500
"""How many files are looked at: a folder may have a hundred thousand attachments."""
NAMED = 5
"""How many files a message names."""


def unread_files(dump: Dump) -> Iterator[Problem]:
    """Yield the problem of the files of a folder dump that were not opened since ``dump.opened`` was empty, and are dumps."""
    if not dump.is_folder:
        return
    rest = (file for file in dump.files() if file.path not in dump.opened)
    if found := list(_dumps(rest)):
        what = "a file that is a dump is" if len(found) == 1 else f"{len(found)} files that are dumps are"
        message = f"{what} not read with this one: {_listed(found)}"
        hint = "put the files of each format into a folder of their own"
        yield Problem(code="unread", message=message, hint=hint)


def archived_dumps(dump: Dump) -> str | None:
    """Return the names and formats of the dumps in an archive that is not one dump itself, None if there are none."""
    found = list(_dumps(dump.files())) if dump.archive is not None else []
    return _listed(found) if found else None


def _listed(found: Sequence[tuple[str, str]]) -> str:
    """Return the names of files with their formats, as text."""
    names = [f"{name} ({format})" for name, format in found]
    return ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")


def _dumps(files: Iterator[Dump]) -> Iterator[tuple[str, str]]:
    """Yield the name and the format of each of the first files that surely is a dump."""
    for file in islice(files, MOST):
        if is_leftover(file.path.name) or is_document(file.path.name):
            continue
        try:
            format = sure_format(file)
        except RostraError:
            continue
        if format:
            yield file.path.name, format
