"""The files of a new site, and the files that a host needs to build it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from rostra.config.site import SETTINGS
from rostra.errors import UsageError
from rostra.hosts import Host

FILES = {
    "rostra.toml": """# Only the title is required; the README lists all settings.
title = {title}
language = "en"
# The address of the published site; feeds and citations need it.
# address = "https://example.org/debates/"
""",
    "content/about.md": """+++
draft = true
+++
# About this archive

Write here what these debates are, where they took place, and who may reuse them; then remove the three lines at the top.
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


def make_site(folder: Path, title: str, host: Host | None = None) -> Iterator[Path]:
    """Write a site's first files, and those of its host; raises UsageError rather than overwrite a file."""
    # A JSON string is a TOML string too.
    quoted = json.dumps(title, ensure_ascii=False)
    files = {name: text.replace("{title}", quoted) for name, text in FILES.items()}
    if host:
        files[SETTINGS] += f'host = "{host.name}"\n'
        files |= host.files_of_site
    yield from _write(folder, files)


def add_host(folder: Path, host: Host) -> Iterator[Path]:
    """Add the files of a host to an existing site, which may have another host already.

    Files that already fit stay, and so does a list of requirements with any versions.
    Raises UsageError rather than overwrite anything else.
    """
    files = {name: text for name, text in host.files_of_site.items() if not _serves(folder / name, text)}
    yield from _write(folder, files)


def _serves(path: Path, text: str) -> bool:
    """Whether an existing file does for a host what this text would."""
    if not path.is_file():
        return False
    there = path.read_text(encoding="utf-8", errors="replace")
    return there == text or (
        path.name == "requirements.txt" and re.search(r"(?m)^(?:rostra(?![\w.-])|[^#\n]*/rostra-)", there) is not None
    )


def _write(folder: Path, files: dict[str, str]) -> Iterator[Path]:
    # A broken link would be written through.
    present = [name for name in files if (folder / name).exists() or (folder / name).is_symlink()]
    if present:
        raise UsageError(f"{folder / present[0]} is already there", hint="name a new folder, or move the file away")
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        yield path
