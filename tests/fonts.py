"""Make the fonts of ``layouts/fonts``: ``python tests/fonts.py FOLDER``.

FOLDER is where ``npm install @fontsource-variable/source-serif-4 @fontsource-variable/source-sans-3`` ran; it needs
``pip install fonttools brotli``.  Each font is one weight of Source Serif 4 or Source Sans 3 (SIL Open Font License 1.1), for the
letters of western Europe; those of its east, Greek and Cyrillic are in files of their own, which browsers fetch only for
pages that need them.  ``layouts/styles/05-fonts.css`` has the same ranges.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).parent.parent / "layouts/fonts"
LATIN = "U+0020-007E,U+00A0-00FF,U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030,U+2032-2033,U+2039-203A,U+2044,U+20AC,U+2122,U+2190-2193,U+2212,U+2260,U+2264-2265"
OTHERS = "U+0100-0130,U+0132-0151,U+0154-017F,U+0192,U+0218-021B,U+1E9E,U+0370-03FF,U+0400-045F,U+0490-0491,U+2116"
FACES = {
    "serif": ("source-serif-4", "normal", 400),
    "serif-bold": ("source-serif-4", "normal", 600),
    "serif-italic": ("source-serif-4", "italic", 400),
    "sans": ("source-sans-3", "normal", 400),
    "sans-bold": ("source-sans-3", "normal", 600),
}
SCRIPTS = {"": (("latin",), LATIN), "-more": (("latin-ext", "greek", "cyrillic"), OTHERS)}


def make(folder: Path) -> None:
    """Write every font, and the licence."""
    packages = folder / "node_modules/@fontsource-variable"
    FONTS.mkdir(exist_ok=True)
    shutil.copy(packages / "source-serif-4/LICENSE", FONTS / "OFL.txt")
    for name, (family, slope, weight) in FACES.items():
        for ending, (scripts, letters) in SCRIPTS.items():
            files = [packages / family / f"files/{family}-{script}-wght-{slope}.woff2" for script in scripts]
            write(files, weight, letters, FONTS / f"{name}{ending}.woff2")


def write(files: list[Path], weight: int, letters: str, to: Path) -> None:
    """Join the letters of several variable fonts, at one weight."""
    with TemporaryDirectory() as there:
        parts = []
        for n, file in enumerate(files):
            font = TTFont(file)
            fixed = instantiateVariableFont(
                font, {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes} | {"wght": weight}
            )
            fixed.flavor = None
            parts.append(f"{there}/{n}.ttf")
            fixed.save(parts[-1])
        joined = Merger().merge(parts)
        options = subset.Options(hinting=False, layout_features=["kern", "liga"], notdef_outline=True, flavor="woff2")
        cut = subset.Subsetter(options)
        cut.populate(unicodes=subset.parse_unicodes(letters.replace("U+", "")))
        cut.subset(joined)
        joined["head"].created = joined["head"].modified = 3_000_000_000
        subset.save_font(joined, str(to), options)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
