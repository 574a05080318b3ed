"""Pages of debates that are no longer published: they lead to the posts' new place, or say that the debate is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import ClassVar

import msgspec

from rostra.config.site import Site
from rostra.model import Gone, Kept
from rostra.output.staging import OutputFile
from rostra.render.pages.frame import Frame, frame
from rostra.render.templates import Layouts
from rostra.render.thread_json import VERSION


class GonePage(Frame, frozen=True, kw_only=True):
    """A debate that is no longer published.

    ``kept`` are its posts, ``now`` is the debate with most of them, ``reason`` is the publisher's for withdrawing it.
    An ``unsure`` one is missing because its dump could not be read.
    """

    TEMPLATE: ClassVar[str] = "gone.html"

    kept: tuple[Kept, ...]
    now: str | None
    reason: str | None
    unsure: bool


def gone_files(site: Site, gone: Gone, layouts: Layouts) -> Iterator[OutputFile]:
    """Yield ``debates/ID/index.html``, and a thread document without posts that says the same."""
    folder, kept = f"debates/{gone.id}", gone.kept
    places = Counter(each.thread for each in kept if each.thread)
    # Posts of a debate that is only missing may have moved earlier; the debate itself did not.
    now = None if gone.unsure else min(places, key=lambda place: (-places[place], place), default=None)
    around = frame(site, layouts, f"{folder}/index.html") | {"canonical": ""}
    values = GonePage(**around, kept=kept, now=now, reason=gone.reason, unsure=gone.unsure)
    yield OutputFile(f"{folder}/index.html", layouts.render("gone.html", values))
    document = {
        "rostra": VERSION,
        "id": gone.id,
        "native_id": None,
        "title": gone.id,
        "url": None,
        "source": None,
        "moved_to": now,
        "withdrawn": gone.reason,
        "posts": [],
        "kept": [{"post": each.post, "thread": each.thread, "to": each.to} for each in kept],
        "problems": [],
    }
    yield OutputFile(f"{folder}/thread.json", msgspec.json.encode(document) + b"\n")
