"""Where a mailbox holds a file: the message's position, its number within a digest, and the part's place in it."""

from __future__ import annotations

from typing import NamedTuple

from rostra.readers.records.record_pieces import Record
from rostra.system.lazy_regex import late

WRITTEN = late(r"(\d{1,18}):(\d{1,18})\+(\d{1,18}):(\d{1,9})((?:\.\d{1,6}|/){0,200})")


class FilePlace(NamedTuple):
    """The place of a file; as text ``FILE:START+SIZE:PART``, and the place in the message (``mime.Part.place``)."""

    record: Record
    part: int
    place: str

    def __str__(self) -> str:
        return file_place_text(self.record, self.part, self.place)


def file_place_text(record: Record, part: int, place: str) -> str:
    """Return the place as text."""
    return f"{record.file}:{record.start}+{record.size}:{part}{place}"


def file_place(text: str) -> FilePlace | None:
    """Return the place that a text names; None if it names none."""
    if not (found := WRITTEN.fullmatch(text)):
        return None
    file, start, size, part = map(int, found.groups()[:4])
    return FilePlace(Record(0, file, start, size), part, found[5])
