"""The ledger as a file: read into the store's tables, and written from them; only changed debates get new lines."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from filecmp import cmp
from pathlib import Path

from rostra.errors import RostraError
from rostra.identity import former_words, noted_rules, published_debates, published_posts
from rostra.identity.former_words import FormerWords
from rostra.identity.ledger import PASSED, READING, LedgerLine, Traits, line_of, read_entry
from rostra.identity.noted_rules import NotedRules
from rostra.identity.published_debates import PublishedDebates
from rostra.identity.published_posts import PublishedPosts
from rostra.model import Former, Problem
from rostra.output.journal import PART, flush
from rostra.system.lazy_regex import late

TABLES = f"""{published_posts.TABLES}{published_debates.TABLES}{former_words.TABLES}{noted_rules.TABLES}
CREATE TABLE unread (line BLOB);
CREATE TABLE reading (number INTEGER);
CREATE TABLE media (path TEXT PRIMARY KEY, gone INTEGER) WITHOUT ROWID;
"""
"""All tables that the file is read into."""

HEADING = "# What was published, and what it is known by. Keep this file, and commit it: README, “Addresses”.\n"
MEDIA = late(r"(media/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{1,5})( !)?")
"""A picture or file that is published, or was (``!``)."""
READ = late(r"^# reading (\d{1,9})$")


def load_ledger(base: sqlite3.Connection, path: Path) -> None:
    """Read the file into the empty tables; without a file they stay empty."""
    if not path.is_file():
        base.execute("INSERT INTO reading VALUES (?)", (READING,))
        return
    read: list[int] = []
    posts, debates = PublishedPosts(base), PublishedDebates(base)
    with path.open("rb") as lines:
        posts.load(_posts(base, lines, read))
    # A debate is kept even if the line that names its dump is lost.
    for debate in posts.debates():
        debates.load(debate)
    # One of two branches may be of an earlier version.
    base.execute("INSERT INTO reading VALUES (?)", (min(read, default=0),))


def _posts(base: sqlite3.Connection, lines: Iterable[bytes], read: list[int]) -> Iterator[tuple[object, ...]]:
    """Yield the posts of lines as rows; insert debates and invalid lines; add the versions of the readers to ``read``."""
    debates, formers, rules = PublishedDebates(base), FormerWords(base), NotedRules(base)
    for line in lines:
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if PASSED.fullmatch(text):
            read += map(int, READ.findall(text))
            rules.load(text)
        elif found := MEDIA.fullmatch(text):
            base.execute("INSERT OR REPLACE INTO media VALUES (?, ?)", (found[1], int(bool(found[2]))))
        elif (entry := read_entry(text)) is None:
            base.execute("INSERT INTO unread VALUES (?)", (line.rstrip(b"\r\n"),))
        elif not entry.post:
            debates.load(entry.debate, dump=entry.dump or None, reason=entry.reason)
        elif entry.held is not None:
            there, at, moment = entry.held
            formers.add(Former(entry.debate, entry.post, moment), (there, at), old=True)
        else:
            known, to = entry.known or Traits("", "", "", "", ""), entry.to or ("", "")
            yield (entry.debate, entry.post, known.native, known.words, known.moment, known.parent, known.sketch, *to, int(known.gone))  # fmt: skip


def reading(base: sqlite3.Connection) -> int:
    """Return the version of the readers that the tables are of."""
    (number,) = base.execute("SELECT number FROM reading").fetchone()
    return int(number)


def ledger_lines(base: sqlite3.Connection, unsure: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Return the debates of the tables, sorted, each with its lines in the file; mark all live posts as old.

    ``unsure`` debates are missing for now: none of their posts is marked as gone.
    """
    posts, debates, formers = PublishedPosts(base), PublishedDebates(base), FormerWords(base)
    for debate, reason in debates.unwritten():
        posts.settle(debate, unsure=debate in unsure)
        formers.settle(debate)
        debates.write(debate, "".join(map(line_of, _entries(posts, formers, debate, debates.dumps_of(debate), reason))))
    return debates.written()


def media_lines(base: sqlite3.Connection) -> Iterator[str]:
    """Yield the lines of pictures and files that are or were published."""
    for path, gone in base.execute("SELECT path, gone FROM media ORDER BY path"):
        yield f"{path}{' !' * gone}\n"


def note_media(
    base: sqlite3.Connection, paths: Iterable[str], redacted: Collection[str]
) -> tuple[tuple[str, ...], bool]:
    """Record the pictures and files that are published now, and forget those whose digests are ``redacted``.

    Return those that are gone since the last build, and whether anything changed.
    """
    base.execute("CREATE TEMP TABLE shown (path TEXT PRIMARY KEY)")
    base.executemany("INSERT OR IGNORE INTO shown VALUES (?)", ((path,) for path in paths))
    before = base.total_changes
    for digest in redacted:
        base.execute("DELETE FROM media WHERE path LIKE ?", (f"media/{digest[:2]}/{digest}.%",))
    query = "SELECT path FROM media WHERE NOT gone AND path NOT IN (SELECT path FROM shown) ORDER BY path"
    gone = tuple(path for (path,) in base.execute(query))
    base.executemany("UPDATE media SET gone = 1 WHERE path = ?", ((path,) for path in gone))
    base.execute(
        "INSERT INTO media SELECT path, 0 FROM shown WHERE true ON CONFLICT (path) DO UPDATE SET gone = 0 WHERE gone"
    )
    changed = base.total_changes > before
    base.execute("DROP TABLE shown")
    return gone, changed


def write_ledger(
    base: sqlite3.Connection, path: Path, unsure: Collection[str] = (), *, whole: bool = True
) -> Path | None:
    """Write the file beside its final path (``journal.PART``) and return its path; None if the existing one is up to date.

    All live posts are marked as old.  ``whole`` says that every dump was read, so that no post is known only by an
    earlier reading.  Raise RostraError if the file cannot be written.
    """
    if whole:
        base.execute("UPDATE reading SET number = ?", (READING,))
    part = path.with_name(path.name + PART)
    try:
        with part.open("wb") as file:
            file.write(f"{HEADING}# reading {reading(base)}\n".encode())
            file.writelines(line.encode() for line in NotedRules(base).lines())
            file.writelines(lines.encode() for _, lines in ledger_lines(base, unsure))
            file.writelines(line.encode() for line in media_lines(base))
            file.writelines(line + b"\n" for line in _unread(base))
            flush(file)
        if path.is_file() and cmp(part, path, shallow=False):
            part.unlink()
            return None
    except OSError as error:
        hint = "the ledger is a file beside the settings: make that folder writable"
        raise RostraError(f"the ledger cannot be written: {error}", path=path.name, hint=hint) from error
    return part


def _entries(
    posts: PublishedPosts, formers: FormerWords, debate: str, dumps: Iterable[str], reason: str | None
) -> Iterator[LedgerLine]:
    if reason is not None:
        yield LedgerLine(debate, reason=reason)
    for dump in dumps:
        yield LedgerLine(debate, dump=dump)
    for post, step in posts.steps(debate):
        yield LedgerLine(debate, post, known=step.known, to=step.to if step.to[0] else None)
    for post, place, moment in formers.lines(debate):
        yield LedgerLine(debate, post, held=(*place, moment))


def problems(base: sqlite3.Connection, path: Path) -> Iterator[Problem]:
    """Yield a problem for each line that is not an entry; such lines stay in the file, so that they can be repaired."""
    if wrong := set(_unread(base)):
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            if line in wrong:
                shown = line[:60].decode("utf-8", "replace")
                yield Problem(
                    code="unread-line",
                    message=f"{shown!r} is not a valid line, so the address in it may be lost",
                    line=number,
                    hint="restore the line from version control, or delete it",
                )


def _unread(base: sqlite3.Connection) -> list[bytes]:
    return [line for (line,) in base.execute("SELECT line FROM unread ORDER BY line")]
