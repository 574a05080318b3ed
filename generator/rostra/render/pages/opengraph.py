"""``debates/ID/preview.png``: the preview image of links to a debate (OpenGraph's ``og:image``).

It shows the title and shape in a palette of ten colours without anti-aliasing: it is displayed at half its size
or smaller, and costs a few milliseconds and kilobytes.  Pillow draws it with the fonts of the pages, so that the same
debate gives the same image on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING
from unicodedata import category, normalize
from zlib import Z_RLE

from rostra.config.site import Site
from rostra.model import LinkedEdition
from rostra.output.staging import OutputFile
from rostra.people.badges import siglum
from rostra.render.assets import FONTS
from rostra.render.pages.beside import FileLinks
from rostra.render.pages.identity import base
from rostra.render.pages.shape import STEPS, Lane, shape
from rostra.render.pages.unit import Unit
from rostra.render.templates import Layouts, built_in

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


def thread_files(site: Site, edition: LinkedEdition, layouts: Layouts, links: FileLinks) -> Iterator[Unit]:  # noqa: ARG001  # the signature of every kind of page
    """Yield the unit of the image if the site has an address, which OpenGraph needs; few changes of a debate change it."""
    if not base(site):
        return
    found, words = shape(edition), layouts.words
    people = sum(lane.others or 1 for lane in found.lanes if lane.name or lane.others)
    facts = [
        site.settings.title,
        words.count("%(num)s post", "%(num)s posts", found.posts),
        words.count("%(num)s named person", "%(num)s named people", people) if people else "",
    ]
    path = f"debates/{edition.thread.id}/preview.png"
    shown = edition.thread.title, " · ".join(fact for fact in facts if fact), found.lanes
    yield Unit(path, shown, lambda: [OutputFile(path, draw(*shown))])


def draw(title: str, facts: str, lanes: Sequence[Lane]) -> bytes:
    """Return the image as PNG; a title that the fonts lack letters of is omitted, since it is shown beside the image."""
    from PIL import Image
    from PIL.ImageDraw import Draw

    image = Image.new("P", (WIDTH, HEIGHT), PAPER)
    image.putpalette(bytes.fromhex(PALETTE))
    pen = Draw(image)
    pen.fontmode = "1"
    top = MARGIN
    for line in _wrapped(font_text(title[:LONGEST], LARGE), LARGE):
        _write(pen, (MARGIN, top), line, LARGE, INK)
        top += LARGE * 6 // 5
    bottom = HEIGHT - MARGIN - SMALL
    _write(pen, (MARGIN, bottom), font_text(facts, SMALL), SMALL, SOFT)
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
def _fonts(size: int) -> tuple[FreeTypeFont, ...]:
    """Return the fonts: the first that has a character draws it."""
    from PIL.ImageFont import Layout, truetype

    files = (built_in() / FONTS / name for name in ("serif-bold.woff2", "serif-bold-more.woff2"))
    return tuple(truetype(str(file), size, layout_engine=Layout.BASIC) for file in files)


@lru_cache(maxsize=4096)
def _font(character: str, size: int) -> FreeTypeFont | None:
    """Return the font that has a character; None if none does: a missing one looks like U+FFFF, which no font has."""
    for font in _fonts(size):
        if character == " " or bytes(font.getmask(character)) != bytes(font.getmask("\uffff")):
            return font
    return None


def _runs(text: str, size: int) -> Iterator[tuple[FreeTypeFont, str]]:
    """Yield the parts of a printable text, each with the font that has its characters."""
    for font, run in groupby(text, lambda each: _font(each, size)):
        if font is not None:
            yield font, "".join(run)


def _length(text: str, size: int) -> float:
    return sum(font.getlength(run) for font, run in _runs(text, size))


def _write(pen: ImageDraw, at: tuple[float, float], text: str, size: int, fill: int) -> None:
    left, top = at
    for font, run in _runs(text, size):
        pen.text((left, top), run, fill=fill, font=font)
        left += font.getlength(run)


def font_text(text: str, size: int) -> str:
    """Return the text without characters that the fonts lack; empty if they lack letters."""
    text = " ".join(normalize("NFC", text).split())
    if any(category(each)[0] in "LM" and not _font(each, size) for each in set(text)):
        return ""
    return " ".join("".join(each for each in text if category(each)[0] != "C" and _font(each, size)).split())


def _wrapped(text: str, size: int) -> list[str]:
    """Return at most ``LINES`` lines that fit the image."""
    room = WIDTH - 2 * MARGIN
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if _length(longer, size) <= room:
            line = longer
        else:
            lines += [line] if line else []
            line = word
    lines += [line] if line else []
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"{lines[LINES - 1]} …"]
    return [_cut(each, size, room) for each in lines]


def _cut(line: str, size: int, room: int) -> str:
    """Return the part of the line that fits."""
    if _length(line, size) <= room:
        return line
    while line and _length(f"{line}…", size) > room:
        line = line[:-1]
    return f"{line}…"
