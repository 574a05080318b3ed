"""Kialo's text export: a thesis and numbered claims for and against, each below the claim that it addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rostra.errors import UnreadableDump
from rostra.i18n import remarks
from rostra.model import Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.system.lazy_regex import late

NAME = "kialo"
ABOUT = "Kialo text exports: numbered claims, pro and con"
CARRIES = ("tree", "stances", "titles", "sources as typed")
MANY = False

TITLE = late(r"\s*Discussion (?:Title|Name): *(\S.*)$", re.MULTILINE)
CLAIM = late(r"^(\d+(?:\.\d+)*)\.[ \t]+(?:(Pro|Con):[ \t]*)?(.*)$")
SEE = late(r"(?:->|→)\s*See (\d+(?:\.\d+)*)\.?\s*$")


def recognise(dump: Dump) -> float:
    """Return a high confidence for the title's line, or for claims with a side."""
    if dump.is_folder or dump.begins_json:
        return 0
    claims = [found for line in dump.head_text.splitlines() if (found := CLAIM.match(line))]
    sided = sum(1 for found in claims if found[2] and "." in found[1])
    if TITLE.match(dump.head_text) and claims:
        return 0.95
    return 0.9 if sided >= 3 and sided * 2 >= len(claims) else 0  # three claims are not a coincidence


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the single discussion of an export.

    Claims have numbers, but these change when a claim is added above, so they are not native ids.
    """
    text, repaired = dump.text()
    title = TITLE.match(text)
    problems = list(repaired)
    posts: dict[str, RawPost] = {}
    counts: dict[str, int] = {}
    number, stance, begun = "", None, 0
    gathered: list[str] = []

    def close() -> None:
        if not number:
            if stray := "\n".join(gathered).strip():
                problems.append(Problem(code="stray-text", message=f"{stray[:60]!r} belongs to no claim", line=1))
            return
        counts[number] = count = counts.get(number, 0) + 1
        key = number if count == 1 else f"{number}'{count}"
        if key != number:
            problems.append(
                Problem(code="repeated-id", message=f"two claims are numbered {number}", post=key, line=begun)
            )
        body = "\n".join(gathered).strip()
        see = SEE.match(body)
        posts[key] = RawPost(
            key=key,
            parent=number.rpartition(".")[0] or None,
            line=begun,
            body=body,
            dialect="markdown",
            stance=stance,
            note=remarks.SAME_CLAIM % {"what": see[1]} if see else None,
        )

    for line_number, line in enumerate(text.splitlines(), 1):
        if line_number == 1 and title:
            continue
        if found := CLAIM.match(line):
            close()
            number, begun = found[1], line_number
            stance = found[2].lower() if found[2] else None
            gathered = [found[3]]
        else:
            gathered.append(line)
    close()
    if not posts:
        raise UnreadableDump("there is no claim in this export", path=dump.name, hint="export the discussion as text")
    yield RawThread(title=title[1].strip() if title else None, posts=tuple(posts.values()), problems=tuple(problems))
