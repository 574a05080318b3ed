"""The HTML of pictures and files: small, without scripts, and with text alternatives."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from rostra.i18n.catalogue import Catalogue
from rostra.i18n.reasons import reason
from rostra.markup.elements import NO_LABEL
from rostra.media.references import PICTURE, tag_address
from rostra.model import Body, LinkedPost, MediaFile

UP = "../../"
"""The relative path from a page of a debate to the site's folder."""
COLUMN = "(max-width: 46rem) 100vw, 45rem"
"""The width of a picture in a post, for browsers to choose among its sizes."""
SIGN = 64
"""The most pixels of the height of a picture within a line of text: a smiley."""
LARGER = 3
"""How many times wider than the largest copy a picture may be to be offered to browsers besides it."""
UNITS = ("B", "kB", "MB", "GB", "TB")


def image(file: MediaFile, text: str, up: str = UP) -> str:
    """Return the element of an image, which is loaded when it comes near the viewport; ``text`` is its text alternative."""
    source, sizes = file.path, ""
    if file.smaller:
        widths = [*file.smaller]
        source = widths[0].path
        candidates = [f"{up}{each.path} {each.width}w" for each in widths]
        if file.width <= LARGER * widths[-1].width:
            candidates.append(f"{up}{file.path} {file.width}w")
        sizes = f' srcset="{", ".join(candidates)}" sizes="{COLUMN}"'
    alt = escape(text, quote=True)
    return f'<img src="{up}{source}"{sizes} width="{file.width}" height="{file.height}" alt="{alt}" loading="lazy" decoding="async">'


def with_labels(html: str, words: Catalogue) -> str:
    """Return the HTML of a body with the word for pictures that have no text in the site's language."""
    return html.replace("".join(NO_LABEL), NO_LABEL[0] + escape(words.say("picture")) + NO_LABEL[2])


def picture_text(label: str, file: MediaFile, words: Catalogue) -> str:
    """Return the text alternative of a picture: what its author typed, else the file's name, marked as such."""
    typed = label.strip()
    if typed and typed != NO_LABEL[1]:
        return typed
    return words.say("The file %(name)s", name=file.name)


def link_start(file: MediaFile, css: str = "file", up: str = UP) -> str:
    """Return the start of a link to a file: a picture opens at full size, everything else is saved under its name."""
    if file.family == "image":
        return f'<a class="{css}" href="{up}{file.path}">'
    name = escape(file.name, quote=True)
    return f'<a class="{css}" href="{up}{file.path}" download="{name}" type="{file.media_type}">'


def readable_size(size: int) -> str:
    """Return a number of bytes as text for people."""
    amount, unit = float(size), 0
    while amount >= 1000 and unit < len(UNITS) - 1:  # SI
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.0f} {UNITS[unit]}" if amount >= 10 or not unit else f"{amount:.1f} {UNITS[unit]}"


def pictured(each: LinkedPost, words: Catalogue, up: str = UP) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    """Return the links to a post's files by the indexes of their tags, and what precedes and follows tags.

    A picture is within its link, above the link's words.  A missing file has the reason beside its link.
    ``up`` is the relative path to the site's folder.
    """
    media = dict(each.media.pictures)
    links, before, after = dict[int, str](), dict[int, str](), dict[int, str]()
    missing: list[tuple[int, int, str | None]] = []
    for n, (at, tag) in enumerate(each.body.tags):
        if not tag.startswith("<a ") or not (media or PICTURE in tag):
            continue
        file, end = media.get(tag_address(tag)), _end(each.body, n)
        if file is None or file.why:
            if PICTURE in tag:
                missing.append((n, end, reason(file.why, words) if file and file.why else None))
            continue
        links[n] = link_start(file, up=up)
        if file.family == "image" and PICTURE in tag:
            text = picture_text(each.body.text[at : each.body.tags[end][0]], file, words)
            css, caption = ("sign", "unseen") if file.height <= SIGN else ("picture", "caption")
            links[n] = link_start(file, css, up)
            after[n] = f'{image(file, text, up)}<span class="{caption}" aria-hidden="true">'
            before[end] = "</span>"
    for row in _rows(each.body, missing):
        _, last, why = row[-1]
        if len(row) > 1:
            # Pictures of one name in a row are numbered, on one line, and one remark is for all.
            before |= {end: f" {number}" for number, (_, end, _) in enumerate(row, 1)}
            links |= {n: " " for n in range(row[0][0], last) if each.body.tags[n][1] == "<br>"}
        after[last] = f' <span class="absent">({escape(_not_here(len(row), why, words))})</span>'
    return links, before, after


def _rows(body: Body, links: list[tuple[int, int, str | None]]) -> Iterator[list[tuple[int, int, str | None]]]:
    """Yield links (indexes of their tags, and a reason) in rows: of one text and reason, with no words between them."""
    row: list[tuple[int, int, str | None]] = []
    said, ended = "", 0
    for n, end, why in links:
        at, to = body.tags[n][0], body.tags[end][0]
        if row and (body.text[at:to] != said or why != row[-1][2] or body.text[ended:at].strip()):
            yield row
            row = []
        row.append((n, end, why))
        said, ended = body.text[at:to], to
    if row:
        yield row


def _not_here(pictures: int, why: str | None, words: Catalogue) -> str:
    if why:
        return words.say("not published: %(why)s", why=why)
    if pictures > 1:
        return words.count("%(num)s picture not archived", "%(num)s pictures not archived", pictures)
    return words.say("not archived")


def _end(body: Body, n: int) -> int:
    """Return the index of the tag that ends a link; links do not nest, and each is closed."""
    return next((m for m in range(n + 1, len(body.tags)) if body.tags[m][1] == "</a>"), n)


def attached(each: LinkedPost, words: Catalogue, up: str = UP) -> Iterator[str]:
    """Yield a paragraph for each attached file that the body does not show."""
    shown = {file.path for _, file in each.media.pictures}
    for file in each.media.files:
        if file is None or not file.path or file.path in shown:
            continue
        text = words.say("The file %(name)s", name=file.name)
        inner = image(file, text, up) if file.family == "image" else escape(file.name)
        yield f"<p>{link_start(file, up=up)}{inner}</a></p>"
