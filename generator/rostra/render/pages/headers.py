"""``_headers``, for the hosts that read it (Cloudflare Pages, Netlify)."""

from __future__ import annotations

from collections.abc import Iterator

from rostra.config.site import Site
from rostra.output.staging import OutputFile
from rostra.render.pages.unit import Unit
from rostra.render.templates import Layouts
from rostra.store.archive import Archive
from rostra.system.http_headers import FOR_EVER, IMMUTABLE, security


def archive_units(_site: Site, _archive: Archive, _layouts: Layouts) -> Iterator[Unit]:
    """Yield the unit of the file.  Each header is in one rule only: both hosts combine headers of all matching rules."""

    def files() -> Iterator[OutputFile]:
        rules = {"*": security()} | {path: {"Cache-Control": FOR_EVER} for path in IMMUTABLE}
        lines = [
            line for path, said in rules.items() for line in (f"/{path}", *(f"  {k}: {v}" for k, v in said.items()))
        ]
        yield OutputFile("_headers", ("\n".join(lines) + "\n").encode())

    yield Unit("headers", None, files)
