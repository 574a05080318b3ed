"""Report settings of cards that do not apply, each at its line; the rest of the card applies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from msgspec.structs import replace

from rostra.config.cards import Card
from rostra.config.setting_values import domain_of
from rostra.config.site import Site
from rostra.config.toml_tables import Key, TomlFile
from rostra.ingest.joining import unused_replies
from rostra.ingest.source_names import display_path
from rostra.ingest.sources import DumpEntry
from rostra.model import Problem
from rostra.readers import named
from rostra.store.store import Store

Unused = tuple[tuple[Key, ...], str, str]
"""The place of a setting, what is wrong with it, and a hint."""
CODES: dict[Key, str] = {"correction": "unused-correction", "quotation": "unused-decision", "reply": "unused-decision"}
NAME_IT = 'add `thread = "…"`, the last part of the debate\'s address'


def unused_settings(
    site: Site, entries: tuple[DumpEntry, ...], store: Store, unmet: Mapping[str, Iterable[tuple[int, str]]]
) -> Iterator[tuple[str, Problem]]:
    """Yield a problem for each setting that does not apply, with the card's name.

    ``unmet`` is what the cards of dumps say of people who wrote nothing there.
    """
    withdrawn: dict[str, set[str]] = {}
    for debate in store.published.debates.withdrawn():
        for dump in store.published.dumps_of(debate):
            withdrawn.setdefault(dump, set()).add(debate)
    for entry in entries:
        if entry.card_path is None:
            continue
        dump = entry.dump.name
        held = {*store.known(dump), *store.parts.shared(dump), *withdrawn.get(dump, ())}
        replies = store.lend(partial(unused_replies, entry.dump, entry.card))
        found = [*_of_several(entry, held), *_unknown(entry, held), *_old(site, entry)]
        found += _layout(entry, store)
        for number, who in unmet.get(dump, ()):
            message = f"nobody with {who} wrote a post of {dump} that is read"
            found.append((("person", number), message, "write it as the dump does, or remove it"))
        if found := [*found, *((("reply", number), message, hint) for number, message, hint in replies)]:
            name = display_path(site, entry.card_path)
            file = TomlFile.read(entry.card_path, name)
            for place, message, hint in found:
                yield (
                    name,
                    Problem(
                        code=CODES.get(place[0], "unused-setting"), message=message, line=file.line(*place), hint=hint
                    ),
                )


def placed(
    site: Site, entries: tuple[DumpEntry, ...], problems: Iterable[tuple[str, Problem]]
) -> Iterator[tuple[str, Problem]]:
    """Yield problems with their dumps; those of a card's corrections and decisions with the card and line instead."""
    carded = {entry.dump.name: entry for entry in entries if entry.card_path}
    files: dict[str, TomlFile] = {}
    for dump, problem in problems:
        entry = carded.get(dump)
        place = _place(entry.card, problem) if entry and problem.code in CODES.values() else None
        if entry is None or entry.card_path is None or place is None:
            yield dump, problem
            continue
        name = display_path(site, entry.card_path)
        file = files[dump] = files.get(dump) or TomlFile.read(entry.card_path, name)
        yield name, replace(problem, line=file.line(*place))


def _place(card: Card, problem: Problem) -> tuple[Key, ...] | None:
    """Return the place of the correction or decision that a problem is about, by the names in its message."""
    said = problem.message
    for number, decision in enumerate(card.quotation):
        if problem.code == CODES["quotation"] and f"“{decision.text[:40]}” of {decision.post} " in said:
            return "quotation", number
    for number, correction in enumerate(card.correction):
        named = any(f" of {post} " in said or f" in {post} " in said for post in correction.named)
        if problem.code == CODES["correction"] and (named or (not correction.named and " of this debate " in said)):
            return "correction", number
    return None


def _of_several(entry: DumpEntry, held: set[str]) -> Iterator[Unused]:
    """Yield settings for a dump of one debate, if the dump has several."""
    if len(held) < 2:
        return
    card, several = entry.card, f"{entry.dump.name} has {len(held)} debates"
    for key in ("id", "title"):
        if getattr(card, key) is not None:
            hint = f'remove it, or set it for each debate: `[[correction]]`, `thread = "…"`, `{key} = "…"`'
            yield (key,), f"{key} is not used, since {several}", hint if key == "title" else "remove it"
    for number, decision in enumerate(card.quotation):
        if decision.thread is None:
            yield ("quotation", number), f"the quotation is not used, since {several} and it names none", NAME_IT
    for number, correction in enumerate(card.correction):
        if correction.thread is None:
            message = (
                f"the correction is not used, since {several} and it names none"
                if correction.withdrawn is None
                else f"the post is withdrawn from every debate that has it, since {several} and the correction names none"
            )
            yield ("correction", number), message, NAME_IT


def _unknown(entry: DumpEntry, held: set[str]) -> Iterator[Unused]:
    """Yield settings for a debate that is not in the dump."""
    named = [(("quotation", number), each.thread) for number, each in enumerate(entry.card.quotation)]
    named += [(("correction", number), each.thread) for number, each in enumerate(entry.card.correction)]
    # No debate is known of a dump that cannot be read.
    for place, thread in named if held else ():
        if thread is not None and thread not in held:
            yield (*place, "thread"), f"{thread!r} is not a debate of {entry.dump.name}", "change or remove it"


def _layout(entry: DumpEntry, store: Store) -> Iterator[Unused]:
    """Yield what is not used of the layout of copied text."""
    layout = entry.card.layout
    if layout is None:
        return
    if layout.template is not None and layout.example is not None:
        yield ("layout", "example"), "the example is not used, since there is a template", "keep one of them"
    for id in sorted(store.known(entry.dump.name))[:1]:
        source = store.edition(id).thread.source
        if source.path == entry.dump.name and not hasattr(named(source.format), "layout"):
            message = f"the layout is not used, since {source.format} has fields of its own"
            yield ("layout",), message, "remove it, or set `format` if the dump is recognised wrongly"


def _old(site: Site, entry: DumpEntry) -> Iterator[Unused]:
    """Yield patterns of old addresses without redirects."""
    patterns = entry.card.old_addresses
    domains = set(map(domain_of, site.settings.takes_over))
    for number, pattern in enumerate(patterns):
        if domains and domain_of(pattern) not in domains:
            message = f"{pattern!r} is not in a domain of `takes_over`, so it has no redirects"
            yield ("old_addresses", number), message, "add its domain to `takes_over` in rostra.toml, if you have it"
        if any(("{post}" in pattern) == ("{post}" in before) for before in patterns[:number]):
            kind = "a post" if "{post}" in pattern else "a debate"
            message = f"{pattern!r} is not used, since another pattern gives the address of {kind}"
            yield ("old_addresses", number), message, "keep one pattern with {post}, and one without"
