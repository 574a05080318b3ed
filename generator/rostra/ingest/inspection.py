"""Inspect dumps outside a build: their threads, and a readable tree."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from rostra.config.cards import Card, Decision, card_beside
from rostra.config.site import SETTINGS, Settings, read_settings
from rostra.config.strays import is_document, is_leftover
from rostra.crossrefs.incoming import Around
from rostra.editorial.edition import culprit, edit, not_gathered
from rostra.errors import RostraError, UnreadableDump, UsageError
from rostra.ingest.content_files import seems_dump
from rostra.ingest.dump_threads import read_threads
from rostra.ingest.joining import join_alone, join_dumps
from rostra.markup import refused_notes
from rostra.model import Edited, Edition, LinkedEdition, Quote, Thread
from rostra.quotations import refusals
from rostra.readers import Dump, choose, holds_addresses
from rostra.readers.guards.unpublished import LEFT_OUT, PRIVATE
from rostra.readers.records.resume import no_tails
from rostra.system.attempts import Failed, attempt
from rostra.threads.merge import by_nature, merge_dumps
from rostra.threads.same_thread import MESSAGE_ID

ALONE = Around()
"""A dump that is inspected is linked to nothing."""
WORDS = 60
"""How many code points of a post or passage a line shows."""


def layout_lines(path: Path, reader: str | None = None) -> Iterator[str]:
    """Yield readable lines with the layout by which a dump is read; raise RostraError."""
    dump, card, _ = _opened(path, reader)
    format = choose(dump, card.format)
    shown: Callable[[Dump], Iterator[str]] | None = getattr(format, "layout", None)
    if shown is None:
        yield f"{dump.name}: {format.NAME} has fields of its own and needs no layout"
        return
    yield from shown(dump)


def _opened(path: Path, reader: str | None) -> tuple[Dump, Card, Settings]:
    if not path.exists():
        raise UnreadableDump("there is no such file", path=str(path), hint="check the name")
    card = card_beside(path)
    if reader is not None:
        card = replace(card, format=reader)
    settings = _settings(path)
    dump = Dump(path, str(path), settings.limits)
    dump.layout = card.layout
    return dump, card, settings


def dumps_within(path: Path, reader: str | None = None) -> list[Path]:
    """Return a dump, or the dumps of a folder that is none itself, sorted, as a build would take them from a content folder.

    A folder without any is returned itself, so that it is refused with its reason.
    """
    if reader is not None or not path.is_dir() or _is_chosen(path):
        return [path]
    found: list[Path] = []
    stack = [path]
    while stack:
        here = stack.pop()
        # A link to a folder above would be an endless loop.
        if here.is_dir() and (here == path or not (here.is_symlink() or seems_dump(here))):
            stack += sorted((each for each in here.iterdir() if _may_be_dump(each)), reverse=True)
        elif not here.is_symlink() or here.is_file():
            found.append(here)
    return found or [path]


def _is_chosen(path: Path) -> bool:
    try:
        return bool(choose(Dump(path)))
    except RostraError:
        return False


def _may_be_dump(path: Path) -> bool:
    """Whether a file of a folder may be a dump by its name, or is one whatever its name."""
    if path.name.startswith(".") or path.suffix == ".toml" or is_leftover(path.name):
        return False
    return not (path.suffix == ".md" or is_document(path.name)) or seems_dump(path)


def inspections(
    path: Path, reader: str | None = None, failed: Callable[[RostraError], object] | None = None
) -> Iterator[LinkedEdition]:
    """Yield the editions of a dump, with the card beside it if there is one; raise RostraError.

    If the dump is within a site, that site's limits apply.  ``failed`` is called with the error of each thread that
    cannot be made; without it the first error is raised.
    """
    dump, card, settings = _opened(path, reader)
    join_alone(dump, card, settings)
    for thread in _whole(dump, card, failed):
        yield from _edition(thread, card.quotation, failed)


def joined_inspections(
    paths: Iterable[Path], reader: str | None = None, failed: Callable[[RostraError], object] | None = None
) -> Iterator[LinkedEdition]:
    """Do the same for several dumps whose messages are joined, as those of one site are; all threads are held in memory."""
    opened = [_opened(path, reader) for path in dict.fromkeys(paths)]
    settings = opened[0][2]
    for dump, _, own in opened:
        if own != settings:
            raise UsageError("this dump belongs to another site", path=dump.name, hint="inspect it by itself")
    with closing(sqlite3.connect("")) as base:
        join_dumps([(dump, card) for dump, card, _ in opened], settings, base, no_tails(base))
    parts: dict[str, dict[str, Thread]] = {}
    decisions: dict[str, tuple[Decision, ...]] = {}
    for dump, card, _ in opened:
        try:
            for number, thread in enumerate(_whole(dump, card, failed)):
                id = thread.native_id or ""
                joins = settings.join_dumps and not card.apart and MESSAGE_ID.fullmatch(id)
                debate = id if joins and dump.name not in parts.get(id, ()) else f"{dump.name}\n{number}"
                parts.setdefault(debate, {})[dump.name] = thread
                decisions[debate] = (*decisions.get(debate, ()), *card.quotation)
        except RostraError as error:
            _tell(error, dump.name, failed)
    for debate, threads in parts.items():
        whole = [*threads.values()]
        thread = merge_dumps([*map(by_nature, whole)]) if len(whole) > 1 else whole[0]
        yield from _edition(thread, decisions[debate], failed)


def _whole(dump: Dump, card: Card, failed: Callable[[RostraError], object] | None) -> Iterator[Thread]:
    """Yield the threads of a dump, and report what could not be read."""
    found = False
    for thread in read_threads(dump, card):
        found = True
        yield replace(thread, source=replace(thread.source, sha256=dump.sha256))
    for error in dump.failures:
        _tell(error, dump.name, failed)
    # Problems about what is left out explain best why there is no thread.
    withheld = sorted(dump.withheld, key=lambda problem: problem.code not in {PRIVATE, LEFT_OUT})
    for problem in withheld if not (found or dump.failures) else ():
        _tell(UnreadableDump(problem.message, path=dump.name, hint=problem.hint), dump.name, failed)


def _edition(
    thread: Thread, decisions: tuple[Decision, ...], failed: Callable[[RostraError], object] | None
) -> Iterator[LinkedEdition]:
    # Mail is shown with its addresses, which distinguish its senders; a build leaves them out.
    shown = bool(holds_addresses(thread.source.format))
    edition = attempt("rendering a thread of it", partial(edit, addresses=shown, decisions=decisions), thread)
    if isinstance(edition, Failed):
        edition.error.line = edition.error.line or culprit(thread)
        _tell(edition.error, thread.source.path, failed)
    else:
        yield ALONE.complete(edition)


def _tell(error: RostraError, dump: str, failed: Callable[[RostraError], object] | None) -> None:
    error.path = error.path or dump
    if failed is None:
        raise error
    failed(error)


def _settings(path: Path) -> Settings:
    """Return the settings of the site whose folder contains a dump; raise UsageError if they are invalid."""
    folder = next((folder for folder in path.resolve().parents if (folder / SETTINGS).is_file()), None)
    return read_settings(folder / SETTINGS) if folder else Settings(title="")


def tree(edition: Edition, *, quotes: bool = False, notes: bool = False) -> Iterator[str]:
    """Yield readable lines: author, time, depth, first words; quotations and notes with reasons; problems."""
    thread = edition.thread
    names = {each.post.id: each.post.raw.author.name if each.post.raw.author else "unnamed" for each in edition.posts}
    said = sum(each.post.raw.kind == "post" for each in edition.posts)
    found = sum(quote.source is not None for each in edition.posts for quote in each.quotes)
    yield f"{thread.title}  [{thread.id}]"
    linked = f"{found} quotation{'' if found == 1 else 's'} linked"
    posts = f"{said} post{'' if said == 1 else 's'}"
    yield f"  {thread.source.format}, {posts}, {len(edition.posts) - said} missing or removed, {linked}"
    if thread.others:
        yield f"  joined from {', '.join(sorted(each.path for each in (thread.source, *thread.others)))}"
    refused = refusals(thread, [each.body for each in edition.posts]) if quotes else []
    for number, each in enumerate(edition.posts):
        yield _line(each)
        indent = "  " * min(each.post.depth, 20) + "      "
        if notes:
            yield from (f"{indent}{line}" for line in _notes(each))
        if quotes:
            yield from (f"{indent}{_quotation(each, quote, names)}" for quote in each.quotes)
            yield from (
                f"{indent}“{_short(no.text)}” not a quotation: {no.reason}" for no in refused if no.post == number
            )
    if notes and (why := not_gathered(edition)):
        yield f"  what looks like notes of other posts at the end stays there: {why}"
    if edition.problems:
        yield "  problems"
        yield from (f"    {thread.source.path}:{p.line or 1}: {p.message} [{p.code}]" for p in edition.problems)


def _line(each: Edited) -> str:
    raw = each.post.raw
    who = raw.author.name if raw.author else "unnamed"
    when = raw.time or raw.created_text or "no time"
    words = _short(each.body.text) if raw.kind == "post" else f"({raw.kind})"
    line = f" line {raw.line}" if raw.line else ""
    apparatus = "".join(
        f" {mark}{number}"
        for mark, number in (
            ("quotes ", len(each.quotes)),
            ("quoted ", len(each.quoted_by)),
            ("notes ", len(each.body.notes)),
        )
        if number
    )
    inferred = f" reply by {raw.parent_by}" if each.post.parent and raw.parent_by != "source" else ""
    return f"{'  ' * min(each.post.depth, 20)}  {each.post.depth} {who}, {when}: {words}  [{each.post.id}{line}{inferred}{apparatus}]"


def _notes(each: Edited) -> Iterator[str]:
    for note in each.body.notes:
        calls = "no reference" if note.marker is None else f"reference at {note.marker}"
        yield f"note [{note.label}] “{_short(note.text)}”: {calls}"
    for no in refused_notes(each.post.raw.body, each.post.raw.dialect):
        if no.text not in each.body.text:
            continue  # a note at the end of the page, or a call of one
        yield f"“{_short(no.text)}” not a note: {no.reason}"


def _quotation(each: Edited, quote: Quote, names: dict[str, str]) -> str:
    words = _short(each.body.text[quote.start : quote.end])
    if quote.source is None:
        return f"“{words}” ← no source: {quote.reason}"
    return f"“{words}” ← {names.get(quote.source.post, '')} {quote.source.post} ({quote.tier}): {quote.reason}"


def _short(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= WORDS else folded[: WORDS - 1] + "…"
