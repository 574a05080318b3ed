"""A ledger that knows some debates as if a build had published them."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from rostra.identity.ledger import READING, LedgerLine, line_of, traits
from rostra.identity.ledger_file import HEADING
from rostra.model import Thread


def note(ledger: Path, *threads: tuple[Thread, str], reading: int = READING, gone: str | None = None) -> None:
    """Write a ledger of debates and their dumps, in which the posts that say what is ``gone`` are gone."""
    lines = [HEADING, f"# reading {reading}\n"]
    for each, dump in threads:
        lines.append(f"{each.id} @ {dump}\n")
        known = ((post.id, replace(traits(post), gone=post.raw.body == gone)) for post in each.posts)
        lines += sorted(line_of(LedgerLine(each.id, post, known=of)) for post, of in known)
    ledger.write_text("".join(lines))
