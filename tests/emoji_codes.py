"""Make the table of emoji codes of ``i18n/emoji.txt``: ``python tests/emoji_codes.py FOLDER``.

FOLDER is where ``npm install emojibase-data`` ran (MIT).  A code means what GitHub, Slack and Discourse mean by it, in this order;
skin tones are codes of their own, as in Slack.  Discourse took its codes first from JoyPixels, gave some emoji codes of its
own (``OWN``), and has for all of them their names in Unicode, with ``_`` between the words.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from unicodedata import combining, east_asian_width, normalize

TABLE = Path(__file__).parent.parent / "generator/rostra/i18n/emoji.txt"
SITES = ("github", "iamcal", "joypixels")
OWN = {
    "blonde_man": "blond_haired_man",
    "crazy_face": "zany_face",
    "family_man_woman_boys": "family_man_woman_boy_boy",
    "family_man_woman_girls": "family_man_woman_girl_girl",
    "family_men_boy": "family_man_man_boy",
    "family_men_boys": "family_man_man_boy_boy",
    "family_men_girl": "family_man_man_girl",
    "family_men_girl_boy": "family_man_man_girl_boy",
    "family_men_girls": "family_man_man_girl_girl",
    "family_women_boy": "family_woman_woman_boy",
    "family_women_boys": "family_woman_woman_boy_boy",
    "family_women_girl": "family_woman_woman_girl",
    "family_women_girl_boy": "family_woman_woman_girl_boy",
    "family_women_girls": "family_woman_woman_girl_girl",
    "female_couple_with_heart": "couple_with_heart_woman_woman",
    "female_couplekiss": "kiss_woman_woman",
    "frowning_with_open_mouth": "frowning_face_with_open_mouth",
    "grandpa": "old_man",
    "male_couple_with_heart": "couple_with_heart_man_man",
    "male_couplekiss": "kiss_man_man",
    "old_person": "older_person",
    "puke": "face_vomiting",
    "rowing_boat": "person_rowing_boat",
    "slightly_smiling": "slightly_smiling_face",
    "xray": "x_ray",
}
"""Codes that only Discourse has, and other codes of the same emoji."""
TONED = re.compile(r".+-1F3F[B-F]|1F3F[B-F]-.+|.+_tone\d.*")


def main(folder: Path) -> None:
    package = folder / "node_modules/emojibase-data"
    version = json.loads((package / "package.json").read_text())["version"]
    emoji = json.loads((package / "en/compact.json").read_text())
    shown = {each["hexcode"]: _plain(each["unicode"]) for each in emoji}
    codes: dict[str, str] = {}
    for site in SITES:
        for sign, names in json.loads((package / f"en/shortcodes/{site}.json").read_text()).items():
            for name in [names] if isinstance(names, str) else names:
                if not TONED.fullmatch(sign) and not TONED.fullmatch(name) and sign in shown:
                    codes.setdefault(name, shown[sign])
    for each in emoji:
        codes.setdefault(_named(each["label"]), shown[each["hexcode"]])
    codes |= {own: codes[code] for own, code in OWN.items()}
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


def _named(label: str) -> str:
    """Return an emoji's name in Unicode as a code: ``woman’s hat`` is ``woman_s_hat``, ``flag: Peru`` is ``peru``."""
    bare = "".join(each for each in normalize("NFKD", label.removeprefix("flag: ")) if not combining(each))
    return re.sub(r"[^a-z0-9]+", "_", bare.replace("&", "and").casefold()).strip("_")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
