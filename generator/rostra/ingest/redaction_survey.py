"""What the rules of a site hide at present, rule by rule, for whoever wrote them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rostra.config.redaction_rules import RedactionRule
from rostra.config.site import Site
from rostra.errors import UsageError
from rostra.ingest.failures import Failing
from rostra.ingest.privacy_policy import all_threads, learned, with_pseudonyms, withhold
from rostra.ingest.sources import gather
from rostra.markup import render
from rostra.privacy.own_words import places
from rostra.store.store import Store


class Surveyed(NamedTuple):
    """A rule and what it hides: so many ``posts`` or passages of them, and something in so many ``others``, in ``debates`` together.

    ``longer`` are names in which a hidden one stands and which are somebody else's, so that they stay.
    """

    number: int
    rule: RedactionRule
    posts: int
    others: int
    debates: int
    longer: tuple[str, ...]


def survey(site: Site, rules: tuple[RedactionRule, ...]) -> Iterator[Surveyed]:
    """What each rule hides in the dumps as they are now."""
    entries = gather(site).entries
    # The build's own store stays as it is.
    with TemporaryDirectory() as folder, Store(Path(folder, "store"), site.ledger, Path(folder, "none")) as store:
        hiding = learned(site, entries, store, Failing())
        redactor = hiding.redactor
        if redactor is None:
            return
        withhold((), store, hiding)
        for thread, _ in all_threads(with_pseudonyms(entries, hiding.pseudonyms), store, hiding.pseudonyms):
            redactor.masked(thread, tuple(render(post.raw.body, post.raw.dialect) for post in thread.posts))
        for number, rule in enumerate(rules, 1):
            posts, others = redactor.hidden.met[number], redactor.places[number] - redactor.hidden.met[number]
            longer = tuple(sorted(name for name, label in redactor.names.kept.items() if label == number))
            yield Surveyed(number, rule, len(posts), len(others), len({debate for debate, _ in posts | others}), longer)


def hold_passage(site: Site, thread: str, post: str, passage: str) -> None:
    """Raises UsageError where the built site's post does not hold a passage: a slip would hide nothing."""
    path = site.output / "debates" / thread / "thread.json"
    posts = json.loads(path.read_bytes())["posts"] if path.is_file() else []
    for each in posts:
        if each["id"] == post:
            texts = [each["text"], each["title"] or "", each["note"] or ""]
            texts += [note["text"] for note in each["footnotes"]] + [earlier["text"] for earlier in each["revisions"]]
            if any(places(text, passage) for text in texts):
                return
    raise UsageError(f"{thread}#{post} does not hold these words", hint="copy them from the page")
