"""A small working site to begin from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rostra.errors import UsageError

FILES = {
    "rostra.toml": """# Everything but the title may be left out; the README lists what else there is.
title = "{title}"
language = "en"
# Where the site will stand; feeds and citations need it.
# address = "https://example.org/debates/"
""",
    "content/about.md": """# About this archive

Write here what these debates are, where they took place, and who may reuse them.
""",
    "content/well.txt": """Should the town keep its old well?

    • Ada
    2 years ago

    It is the only water we own. Pipes belong to the company.

      • Bede
      2 years ago

      It is the only water we own.

      And nobody has drunk from it in forty years.

        • Ada
        1 year ago

        I have.
""",
    "content/well.toml": """# A card says what its dump cannot.
title = "The old well"
captured = "2024-03-01"
tags = ["example"]
# url = "https://example.org/where-it-took-place"
# licence = "CC-BY-4.0"
""",
    ".gitignore": "/.rostra/\n/public/\n",
    ".gitattributes": "rostra.ledger merge=union\n",
}


def make_site(folder: Path, title: str) -> Iterator[Path]:
    """Write a site's first files; raises UsageError rather than write over anything."""
    present = [name for name in FILES if (folder / name).exists()]
    if present:
        raise UsageError(f"{folder / present[0]} is already there", hint="name a new folder")
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{title}", quoted), encoding="utf-8")
        yield path
