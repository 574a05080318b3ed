"""``debates/ID/preview.png``: the preview image of links to a debate (OpenGraph's ``og:image``).

It shows the title and shape in a palette of ten colours without anti-aliasing: it is displayed at half its size
or smaller, and costs a few milliseconds and kilobytes.  Pillow draws it; the font comes in a package, so that the same
debate gives the same image on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from io import BytesIO
from typing import TYPE_CHECKING
from unicodedata import category, normalize
from zlib import Z_RLE

from rostra.config.site import Site
from rostra.model import LinkedEdition
from rostra.output.writer import OutputFile
from rostra.people.badges import siglum
from rostra.render.pages.shape import STEPS, Lane, shape
from rostra.render.pages.unit import Unit
from rostra.render.templates import Layouts

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
LARGE, SMALL = 68, 30
LINES = 3
LONGEST = 300
"""How many code points of a title are used."""
LANE, DOT = 26, 9
"""The least height of a lane, and half the least height of its dots; few lanes are up to twice as high."""
PAPER, INK, SOFT, LINE, FIRST = 0, 1, 2, 3, 4
PALETTE = "fdfcf9 1f1d1a 5d574e d8d1c3 9c2f1f 1f5f8b 2d6a35 7a4a00 6a3d8f 00696b"
"""Background, text, muted text and lines, then the colours of people, as in the light style."""


def thread_files(site: Site, edition: LinkedEdition, layouts: Layouts) -> Iterator[Unit]:
    """Yield the unit of the image; few changes of a debate change it."""
    found, words = shape(edition), layouts.words
    people = sum(lane.others or 1 for lane in found.lanes if lane.name or lane.others)
    facts = [
        site.settings.title,
        words.count("%(num)s post", "%(num)s posts", found.posts),
        words.count("%(num)s named author", "%(num)s named authors", people) if people else "",
    ]
    path = f"debates/{edition.thread.id}/preview.png"
    shown = edition.thread.title, " · ".join(fact for fact in facts if fact), found.lanes
    yield Unit(path, shown, lambda: [OutputFile(path, draw(*shown))])


def draw(title: str, facts: str, lanes: Sequence[Lane]) -> bytes:
    """Return the image as PNG; a title that the font lacks letters of is omitted, since it is shown beside the image."""
    from PIL import Image
    from PIL.ImageDraw import Draw

    image = Image.new("P", (WIDTH, HEIGHT), PAPER)
    image.putpalette(bytes.fromhex(PALETTE))
    pen = Draw(image)
    pen.fontmode = "1"
    top = MARGIN
    for line in _wrapped(font_text(title[:LONGEST], LARGE), _font(LARGE)):
        pen.text((MARGIN, top), line, fill=INK, font=_font(LARGE))
        top += LARGE * 6 // 5
    bottom = HEIGHT - MARGIN - SMALL
    pen.text((MARGIN, bottom), font_text(facts, SMALL), fill=SOFT, font=_font(SMALL))
    _lanes(pen, lanes, top + LANE * 2, bottom - LANE)
    packed = BytesIO()
    # With the format passed explicitly, Pillow loads that one plugin; for a file name, four others with it.
    packed.name = "picture.png"
    image.save(packed, compress_type=Z_RLE)
    return packed.getvalue()


def _lanes(pen: ImageDraw, lanes: Sequence[Lane], top: int, bottom: int) -> None:
    """Draw as many lanes as there is room for."""
    lanes = lanes[: (bottom - top) // LANE]
    step = min(2 * LANE, (bottom - top) // max(1, len(lanes)))
    dot = step * DOT // LANE
    for n, lane in enumerate(lanes):
        middle = top + n * step
        pen.line((MARGIN, middle, WIDTH - MARGIN, middle), fill=LINE, width=2)
        colour = FIRST - 1 + siglum(lane.name).colour if lane.name else SOFT
        for place in lane.places:
            x = MARGIN + dot + place * (WIDTH - 2 * MARGIN - 2 * dot) // STEPS
            pen.ellipse((x - dot, middle - dot, x + dot, middle + dot), fill=colour)


@cache
def _font(size: int) -> FreeTypeFont:
    from importlib.resources import files

    from PIL.ImageFont import Layout, truetype

    place = files("font_source_serif_pro") / "files/SourceSerifPro-Semibold.ttf"
    return truetype(str(place), size, layout_engine=Layout.BASIC)


@lru_cache(maxsize=4096)
def _drawn(character: str, size: int) -> bool:
    """Whether the font has the character; a missing one looks like U+FFFF, which no font has."""
    font = _font(size)
    return character == " " or bytes(font.getmask(character)) != bytes(font.getmask("\uffff"))


def font_text(text: str, size: int) -> str:
    """Return the text without characters that the font lacks; empty if it lacks letters."""
    text = " ".join(normalize("NFC", text).split())
    if any(category(each)[0] in "LM" and not _drawn(each, size) for each in set(text)):
        return ""
    return " ".join("".join(each for each in text if category(each)[0] != "C" and _drawn(each, size)).split())


def _wrapped(text: str, font: FreeTypeFont) -> list[str]:
    """Return at most ``LINES`` lines that fit the image."""
    room = WIDTH - 2 * MARGIN
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if font.getlength(longer) <= room:
            line = longer
        else:
            lines += [line] if line else []
            line = word
    lines += [line] if line else []
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"{lines[LINES - 1]} …"]
    return [_cut(each, font, room) for each in lines]


def _cut(line: str, font: FreeTypeFont, room: int) -> str:
    """Return the part of the line that fits."""
    if font.getlength(line) <= room:
        return line
    while line and font.getlength(f"{line}…") > room:
        line = line[:-1]
    return f"{line}…"
