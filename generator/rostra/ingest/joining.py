"""Join the messages of all dumps of a site, and remember the result from build to build.

A dump's messages are read once for their small keys (``threads.letters``), which are stored by period.  What a message
answers depends on the periods around its own only, so a new message costs no more than those.  Each dump then knows the
parents of its messages, as far as more than its own headers tell them (``Dump.joins``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from hashlib import sha256
from itertools import chain

from rostra.config.cards import Card
from rostra.config.site import Settings
from rostra.identity.permalinks import name
from rostra.ingest.letter_table import TABLES, Joined, LetterTable
from rostra.ingest.piece_letters import OWN
from rostra.model import Join
from rostra.readers import Dump
from rostra.readers.records.resume import Tails, no_tails
from rostra.system.workers import Workers
from rostra.threads.reply_forest import (
    Trace,
    linked_decided,
    linked_forest,
    linked_inferred,
    open_posts,
    present_posts,
)


def join_dumps(
    dumps: Iterable[tuple[Dump, Card]],
    settings: Settings,
    base: sqlite3.Connection,
    tails: Tails,
    workers: Workers | None = None,
    broken: Collection[str] = (),
) -> None:
    """Give each dump the parents of its messages; ``tails`` records which are joined differently than before.

    ``workers`` read dumps of records, of which only what grew is read.  A dump that is ``broken`` is not read, and what
    cannot be read of a dump is joined as it was when it was last read: its last good version is published with the others.
    """
    dumps = list(dumps)
    for dump, _ in dumps:
        dump.infers = settings.infer_replies
    for statement in TABLES.split(";"):
        base.execute(statement)
    table = LetterTable(base, tails, workers or Workers(), pseudonyms=settings.pseudonyms)
    archives: dict[str, list[Joined]] = {}
    for each in table.take(dumps, broken):
        alone = each.card.apart or not settings.join_dumps
        archives.setdefault(each.dump.name if alone else "", []).append(each)
    for archive in archives.values():
        _join(archive, settings, table)
    table.forget_others({dump.name for dump, _ in dumps})


def join_alone(dump: Dump, card: Card, settings: Settings) -> None:
    """Give a dump the parents of its messages, as if it were the only one."""
    with closing(sqlite3.connect("")) as base:
        join_dumps([(dump, card)], settings, base, no_tails(base))


def unused_replies(dump: Dump, card: Card, base: sqlite3.Connection) -> Iterator[tuple[int, str, str]]:
    """Yield the decisions of a card that do not apply: the number of each, what is wrong, and a hint.

    ``base`` is a database in which the dumps were joined.
    """
    table = LetterTable(base, Tails(base), Workers())
    known = {each.key: each for each in table.traces(dump.name) if not each.missing} if card.reply else {}
    keys = {**{f"p-{name(key)}": key for key in known}, **{key: key for key in known}}
    every = table.keys() if any(each.answers for each in card.reply) else set[str]()
    for number, reply in enumerate(card.reply):
        if reply.post not in keys:
            hint = "name it as its page's address does; a correction with `parent` is for posts that are no mail"
            yield number, f"{reply.post} is not a message of {dump.name}", hint
        elif parent := known[keys[reply.post]].parent:
            hint = "a correction with `parent` changes that"
            yield number, f"{reply.post} says itself that it answers {parent}", hint
        elif reply.answers and reply.answers not in every:
            yield number, f"{reply.answers} is not a message of this site", "name it as its page's address does"


def _join(archive: Sequence[Joined], settings: Settings, table: LetterTable) -> None:
    """Join the dumps of an archive."""
    decided = {key: value for each in archive for key, value in _decided(each, table).items()}
    about = repr((settings.infer_replies, sorted(decided.items()), sorted((e.dump.name, e.stamp) for e in archive)))
    stamp = sha256(about.encode("utf-8", "surrogatepass")).hexdigest()
    if all(table.restored(each.dump, stamp) for each in archive):
        return
    traces = {each.dump.name: table.traces(each.dump.name) for each in archive}
    every = list(chain.from_iterable(traces.values()))
    if any(decided.values()):
        keys = {f"p-{name(known.key)}": known.key for known in every}
        decided = {key: keys.get(answers or "", answers) for key, answers in decided.items()}
    forest, present = linked_forest(every), present_posts(every)
    found = linked_decided(forest, present, decided)
    if settings.infer_replies:
        found |= linked_inferred(forest, present, table.inferred(traces.keys(), open_posts(present, forest, decided)))
    for each in archive:
        table.note(each.dump, stamp, _of(each.dump.name, traces[each.dump.name], forest.parents, found))


def _decided(each: Joined, table: LetterTable) -> dict[str, str | None]:
    """Return the card's decisions by the keys of messages."""
    if not each.card.reply:
        return {}
    keys = {f"p-{name(known.key)}": known.key for known in table.traces(each.dump.name) if not known.missing}
    return {keys.get(reply.post, reply.post): reply.answers for reply in each.card.reply}


def _of(dump: str, traces: Sequence[Trace], parents: Mapping[str, str], found: Mapping[str, Join]) -> dict[str, Join]:
    """Return the parents that are not in a dump's headers, for its messages and all their ancestors.

    ``found`` are those that the sources do not tell.
    """
    own = f"{dump}{OWN}"
    told = {each.key: each.parent for each in traces if not each.missing}
    joins: dict[str, Join] = {}
    seen: set[str] = set()
    for each in traces:
        key = each.key
        while key not in seen and (parent := parents.get(key)) is not None:
            seen.add(key)
            if key in found or told.get(key) != parent:
                by = found[key].by if key in found else "source"
                joins[key.removeprefix(own)] = Join(parent.removeprefix(own), by)
            key = parent
    return dict(sorted(joins.items()))
