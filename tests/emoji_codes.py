"""Make the table of emoji codes of ``i18n/emoji.txt``: ``python tests/emoji_codes.py FOLDER``.

FOLDER is where ``npm install emojibase-data`` ran (MIT).  A code means what GitHub, Slack and Discourse mean by it, in this order;
skin tones are codes of their own, as in Slack.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from unicodedata import east_asian_width

TABLE = Path(__file__).parent.parent / "generator/rostra/i18n/emoji.txt"
SITES = ("github", "iamcal", "joypixels")
TONED = re.compile(r".+-1F3F[B-F]|1F3F[B-F]-.+|.+_tone\d.*")


def main(folder: Path) -> None:
    package = folder / "node_modules/emojibase-data"
    version = json.loads((package / "package.json").read_text())["version"]
    shown = {each["hexcode"]: _plain(each["unicode"]) for each in json.loads((package / "en/compact.json").read_text())}
    codes: dict[str, str] = {}
    for site in SITES:
        for sign, names in json.loads((package / f"en/shortcodes/{site}.json").read_text()).items():
            for name in [names] if isinstance(names, str) else names:
                if not TONED.fullmatch(sign) and not TONED.fullmatch(name) and sign in shown:
                    codes.setdefault(name, shown[sign])
    by_sign: dict[str, list[str]] = {}
    for name, sign in codes.items():
        by_sign.setdefault(sign, []).append(name)
    licence = (package / "LICENSE").read_text().strip()
    head = [
        f"The codes of emoji, from emojibase-data {version}. Made by tests/emoji_codes.py.",
        "",
        *licence.splitlines(),
    ]
    lines = [f"# {line}" if line else "" for line in head]
    lines += [f"{sign} {' '.join(sorted(names))}" for sign, names in sorted(by_sign.items())]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _plain(sign: str) -> str:
    """Return an emoji without the variation selector where it is an emoji without one, as people type it."""
    bare = sign.removesuffix("\ufe0f")
    return bare if len(bare) == 1 and east_asian_width(bare) == "W" else sign


if __name__ == "__main__":
    main(Path(sys.argv[1]))
