"""Report what each rule of a site hides at present, for the publisher."""

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
from rostra.ingest.privacy_policy import all_threads, learned_hiding, with_pseudonyms, withhold
from rostra.ingest.sources import gather
from rostra.markup import render
from rostra.privacy.own_words import places
from rostra.store.store import Store


class Surveyed(NamedTuple):
    """A rule, with the number of ``posts`` hidden wholly or in part, of ``others`` in which it hides something, and of ``debates``.

    ``longer`` are names of other people that contain a hidden name; they are not hidden.
    """

    number: int
    rule: RedactionRule
    posts: int
    others: int
    debates: int
    longer: tuple[str, ...]


def survey(site: Site, rules: tuple[RedactionRule, ...]) -> Iterator[Surveyed]:
    """Yield what each rule hides in the present dumps."""
    entries = gather(site).entries
    # The store of the build is not changed.
    with TemporaryDirectory() as folder, Store(Path(folder, "store"), site.ledger, Path(folder, "none")) as store:
        hiding = learned_hiding(site, entries, store, Failing())
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
    """Raise UsageError if the built site's post does not contain a passage: a typing error would hide nothing."""
    path = site.output / "debates" / thread / "thread.json"
    posts = json.loads(path.read_bytes())["posts"] if path.is_file() else []
    for each in posts:
        if each["id"] == post:
            texts = [each["text"], each["title"] or "", each["note"] or ""]
            texts += [note["text"] for note in each["footnotes"]] + [earlier["text"] for earlier in each["revisions"]]
            if any(places(text, passage) for text in texts):
                return
    raise UsageError(f"{thread}#{post} does not contain these words", hint="copy them from the page")
