"""Every address that the ledger says was published leads to its post, to where that went, or to word that it is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from rostra.check.findings import Finding
from rostra.identity.ledger import read_entries


def check_permalinks(
    ledger: Path, ids_of: Callable[[str], frozenset[str] | None], alias: Callable[[str], str] | None = None
) -> Iterator[Finding]:
    """What is lost of a ledger; ``ids_of`` are the ids of a page, None where there is no such page.

    An id that tells what is redacted is published under its ``alias``: its old address is gone on purpose.
    The ledger is read a line at a time; its entries stand together by debate, as it is written.
    """
    if not ledger.is_file():
        yield Finding("", 0, "no-ledger", f"there is no {ledger.name} beside the settings")
        return
    debate, path, page = "", "", frozenset[str]()
    lost = False
    with ledger.open(encoding="utf-8", errors="replace") as lines:
        for entry in read_entries(lines):
            # A debate without a post was never a page.
            if not entry.post:
                continue
            if entry.debate != debate:
                path = f"debates/{entry.debate}/index.html"
                debate, found = entry.debate, ids_of(path)
                if found is None and alias and (found := ids_of(other := f"debates/{alias(debate)}/index.html")):
                    path = other
                page, lost = found or frozenset(), found is None
                if lost:
                    yield Finding(path, 0, "lost-permalink", f"the debate {debate} was published here")
            if not lost and entry.post not in page and not (alias and alias(entry.post) in page):
                yield Finding(path, 0, "lost-permalink", f"the post {entry.post} was published here")
