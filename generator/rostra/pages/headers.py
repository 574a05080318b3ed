"""``_headers``, for the hosts that read it (Cloudflare Pages, Netlify)."""

from __future__ import annotations

from collections.abc import Iterator

from rostra.archive import Archive
from rostra.headers import FOR_EVER, IMMUTABLE, security
from rostra.layouts import Layouts
from rostra.output import OutputFile
from rostra.pages.unit import Unit
from rostra.site import Site


def archive_units(_site: Site, _archive: Archive, _layouts: Layouts) -> Iterator[Unit]:
    """One file.  A header stands in one rule only: both hosts put together what several say."""

    def files() -> Iterator[OutputFile]:
        rules = {"*": security()} | {path: {"Cache-Control": FOR_EVER} for path in IMMUTABLE}
        lines = [
            line for path, said in rules.items() for line in (f"/{path}", *(f"  {k}: {v}" for k, v in said.items()))
        ]
        yield OutputFile("_headers", ("\n".join(lines) + "\n").encode())

    yield Unit("headers", None, files)
