"""Styles, scripts and fonts at addresses that change with their content.

Parts of a style or script are joined in the order of their names; a part of the site's own replaces the built-in one of
its name.  Comments of built-in parts are left out: they are a sixth of both.  A style refers to a font of ``layouts/fonts`` by ``url(fonts/NAME)``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

from rostra.errors import UsageError
from rostra.system.lazy_regex import late

ASSETS = {"rostra.css": ("styles", ""), "rostra.js": ("scripts", '"use strict";(() => {\n%s})();\n')}
"""Assets by name: the folder of their parts, joined in the order of names, and the text before and after."""
FONTS = "fonts"
LICENCE = "OFL.txt"
"""The licence of the fonts, which has to be published beside them."""
COMMENTS = {"css": late(r"(?s)/\*.*?\*/\n?"), "js": late(r"(?m)^ *//.*\n")}
REFERENCE = late(r"url\(fonts/([\w.-]+)\)")

Asset = tuple[str, bytes]
"""The address of an asset in the site, and its bytes."""


def assets(
    built_in: Path,
    own: Mapping[str, bytes],
    text_of: Callable[[str, bytes], str],
    words: Callable[[str], str],
    *,
    lasting: bool,
) -> dict[str, Asset]:
    """Return all assets by name.

    ``own`` are the site's own layouts by name; ``text_of`` decodes one of them; ``words`` returns the preamble of a script.
    The style keeps its address if it is ``lasting``.  Raise UsageError if a part is missing or cannot be decoded.
    """
    found = {name: _marked(name, data) for name, data in _fonts(built_in, own).items()}
    for name, (folder, around) in ASSETS.items():
        stem, _, ending = name.rpartition(".")
        ours = (path for path in (built_in / folder).glob(f"*.{ending}") if not path.name.startswith("."))
        parts = {f"{folder}/{path.name}": path.read_bytes() for path in ours}
        if not parts:
            raise UsageError(f"the layouts lack {folder}/", path=str(built_in), hint="install Rostra again")
        within = re.compile(rf"{folder}/[^/]+\.{ending}")
        parts |= {name: content for name, content in own.items() if within.fullmatch(name)}
        texts = {part: text_of(part, parts[part]) for part in sorted(parts)}
        text = "\n".join(
            content if part in own else COMMENTS[ending].sub("", content) for part, content in texts.items()
        )
        if ending == "js":
            text = words(text) + text
        else:
            text = REFERENCE.sub(lambda of: f"url({Path(found[of[1]][0]).name})" if of[1] in found else of[0], text)
        data = (around % text if around else text).encode()
        found[name] = (f"assets/{stem}.{ending}", data) if lasting and ending == "css" else _marked(name, data)
    return found


def _fonts(built_in: Path, own: Mapping[str, bytes]) -> dict[str, bytes]:
    files = {path.name: path.read_bytes() for path in sorted((built_in / FONTS).glob("[!.]*")) if path.is_file()}
    of_site = {name.removeprefix(f"{FONTS}/"): content for name, content in own.items() if name.startswith(f"{FONTS}/")}
    return files | of_site


def _marked(name: str, data: bytes) -> Asset:
    stem, _, ending = name.rpartition(".")
    return (f"assets/{name}" if name == LICENCE else f"assets/{stem}-{sha256(data).hexdigest()[:8]}.{ending}"), data
