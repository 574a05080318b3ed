"""The ledger as a file: read into the store's tables, and written from them, a debate's lines only where it changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from filecmp import cmp
from pathlib import Path

from rostra.errors import RostraError
from rostra.identity.ledger import PASSED, READING, Entry, Traits, line_of, read_entry, traits
from rostra.model import Problem, Thread
from rostra.output.journal import PART, flush
from rostra.system.lazy_regex import late

TABLES = """
CREATE TABLE ledger (digest TEXT);
CREATE TABLE unread (line BLOB);
CREATE TABLE reading (number INTEGER);
CREATE TABLE lines (debate TEXT PRIMARY KEY, written TEXT) WITHOUT ROWID;
"""
"""``lines`` lacks the debates of which something changed since they were last written."""

HEADING = "# What was published, and what it is known by. Keep this file, and commit it: README, “Addresses”.\n"
READ = late(r"^# reading (\d{1,9})$")


def load(base: sqlite3.Connection, path: Path) -> None:
    """Read the file into the tables, which are empty; without a file they stay so."""
    rows: dict[tuple[str, str], tuple[object, ...]] = {}
    if not path.is_file():
        base.execute("INSERT INTO reading VALUES (?)", (READING,))
        return
    read: list[int] = []
    with path.open("rb") as lines:
        for line in lines:
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            if PASSED.fullmatch(text):
                read += map(int, READ.findall(text))
                continue
            if (entry := read_entry(text)) is None:
                base.execute("INSERT INTO unread VALUES (?)", (line.rstrip(b"\r\n"),))
                continue
            if not entry.post:
                what, value = ("dump", entry.dump) if entry.reason is None else ("reason", entry.reason)
                base.execute("INSERT OR IGNORE INTO homes VALUES (?, '', 0, NULL, NULL)", (entry.debate,))
                base.execute(f"UPDATE homes SET {what} = ? WHERE debate = ?", (value, entry.debate))  # noqa: S608  # a constant
                continue
            known = entry.known or Traits("", "", "", "", "")
            there, at = entry.to or ("", "")
            row = (entry.debate, entry.post, known.native, known.words, known.moment, known.parent, known.sketch, there, at, 0, 1, int(known.gone))  # fmt: skip
            # Of two branches that both know a post, what says more of it stands: it is itself before it is elsewhere.
            if (entry.debate, entry.post) not in rows or (known.words and not there):
                rows[entry.debate, entry.post] = row
            if len(rows) >= 10_000:
                _insert(base, rows)
    _insert(base, rows)
    # Where the line that names its dump is lost, a debate is kept all the same.
    base.execute("INSERT OR IGNORE INTO homes SELECT DISTINCT debate, '', 0, NULL, NULL FROM published")
    # Of two branches, one may be of an earlier version.
    base.execute("INSERT INTO reading VALUES (?)", (min(read, default=0),))


def _insert(base: sqlite3.Connection, rows: dict[tuple[str, str], tuple[object, ...]]) -> None:
    base.executemany("INSERT OR REPLACE INTO published VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows.values())
    rows.clear()


def unread(base: sqlite3.Connection, dump: str, thread: Thread) -> frozenset[str]:
    """The words, as digests, of posts without ids that a dump was last read to hold and is not now.

    Copied text is read by what it teaches, and it teaches more as it grows.
    """
    if thread.source.several or any(post.raw.native_id for post in thread.posts):
        return frozenset()
    query = (
        "SELECT words FROM published JOIN homes USING (debate) "
        "WHERE dump = ? AND native = '' AND words <> '' AND old AND NOT gone AND there = ''"
    )
    known = frozenset(words for (words,) in base.execute(query, (dump,)))
    return known - {traits(post).words for post in thread.posts} if known else known


def written(base: sqlite3.Connection, unsure: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """The debates of the tables, sorted, each with its lines in the file; all that is live is old from now on.

    Debates that are ``unsure`` are missing for now: none of their posts is noted as gone.
    """
    changed = "SELECT debate, dump, reason FROM homes WHERE debate NOT IN (SELECT debate FROM lines)"
    for debate, dump, reason in base.execute(changed).fetchall():
        base.execute("UPDATE published SET old = 1 WHERE debate = ? AND live AND NOT old", (debate,))
        if debate not in unsure:
            base.execute("UPDATE published SET gone = NOT live WHERE debate = ? AND gone = live", (debate,))
        lines = "".join(map(line_of, _entries(base, debate, dump, reason)))
        base.execute("INSERT INTO lines VALUES (?, ?)", (debate, lines))
    return base.execute("SELECT debate, written FROM lines ORDER BY debate")


def write(base: sqlite3.Connection, path: Path, unsure: Collection[str] = (), *, whole: bool = True) -> Path | None:
    """Write the file beside its place (``journal.PART``); None where the one there is as it should be.

    All that is live is old from now on.  ``whole`` says that every dump was read, so that nothing is known by an
    earlier reading alone.  Raises RostraError where it cannot be written.
    """
    if whole:
        base.execute("UPDATE reading SET number = ?", (READING,))
    (reading,) = base.execute("SELECT number FROM reading").fetchone()
    part = path.with_name(path.name + PART)
    try:
        with part.open("wb") as file:
            file.write(f"{HEADING}# reading {reading}\n".encode())
            file.writelines(lines.encode() for _, lines in written(base, unsure))
            file.writelines(line + b"\n" for line in _unread(base))
            flush(file)
        if path.is_file() and cmp(part, path, shallow=False):
            part.unlink()
            return None
    except OSError as error:
        hint = "what is published is noted beside the settings: let that folder be written to"
        raise RostraError(f"the ledger cannot be written: {error}", path=path.name, hint=hint) from error
    return part


def _entries(base: sqlite3.Connection, debate: str, dump: str, reason: str | None) -> Iterator[Entry]:
    query = "SELECT post, native, words, moment, parent, sketch, gone, there, at FROM published WHERE debate = ? AND old ORDER BY post"
    if reason is not None:
        yield Entry(debate, reason=reason)
    if dump:
        yield Entry(debate, dump=dump)
    for post, *of, there, at in base.execute(query, (debate,)):
        yield Entry(debate, post, known=Traits(*of), to=(there, at) if there else None)


def problems(base: sqlite3.Connection, path: Path) -> Iterator[Problem]:
    """The lines of the file that are no entries; they stay in it, so that they can be mended."""
    if wrong := set(_unread(base)):
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            if line in wrong:
                shown = line[:60].decode("utf-8", "replace")
                yield Problem(
                    code="unread-line",
                    message=f"{shown!r} is no line of a ledger, so the address that it kept may be lost",
                    line=number,
                    hint="restore the line from version control, or delete it",
                )


def _unread(base: sqlite3.Connection) -> list[bytes]:
    return [line for (line,) in base.execute("SELECT line FROM unread ORDER BY line")]
