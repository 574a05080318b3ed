"""Plain text as people typed it: paragraphs, lists, links, ``>`` quotations, fences, flattened footnotes."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from rostra.system.lazy_regex import late

BARE = r"https?://[^\s<>\"]+"
LINK = late(rf"\[([^\[\]\n]+)\]\((https?://[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)|({BARE})")
ITEM = late(r"^\s{0,3}(?:([•*+–-])|(\d{1,3})[.)])\s+(?=\S)")
FENCE = late(r"^\s{0,3}(```+|~~~+)\s*([\w+#.-]*)")
QUOTED = late(r"^ {0,3}>(?!>\d+\b)(?![^\s<]*+<) ?")
ANSWERS = late(r"&gt;&gt;(\d{1,12})\b")
"""How image boards name a post."""
ARROW = late(r"(?<!\s)\s*+↩[\ufe0e\ufe0f]?+\s*+$")
DEFINITION = late(r"^\s*(?:\[(\d{1,3})\]:?|(\d{1,3})\.)\s+(?=\S)")
MARKER = late(r"(?<=\S)\[(\d{1,3})\](?!\()")


def to_html(body: str) -> str:
    """HTML with quotations and footnotes as ``markup`` names them."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    lines, notes = split_notes(lines)
    return "".join(blocks(lines, set(notes))) + "".join(
        f'<aside data-note="{label}">{inline(text, set())}</aside>' for label, text in notes.items()
    )


def split_notes(lines: list[str]) -> tuple[list[str], dict[str, str]]:
    """The lines without the footnotes that end them, and those by label.

    A dump flattens ``the same[1]`` and its note ``1. text ↩︎``.  Only what is certain comes back:
    definitions at the very end, numbered upwards, each called by a ``[n]`` above; a definition
    written ``1. …`` must also end in the arrow, since otherwise it is a list.
    """
    notes: list[tuple[str, str]] = []  # the last first
    end = len(lines)
    called: dict[str, int] | None = None
    while True:
        while end and not lines[end - 1].strip():
            end -= 1
        start = end
        while start and lines[start - 1].strip() and not DEFINITION.match(lines[start - 1]):
            start -= 1
        start -= 1
        if start < 0 or not (found := DEFINITION.match(lines[start])):
            break
        label = found[1] or found[2]
        text = " ".join(line.strip() for line in lines[start:end])[
            found.end() - len(found[0]) + len(found[0].lstrip()) :
        ]
        if found[2] and not ARROW.search(text):
            break
        called = _first_calls(lines) if called is None else called
        if called.get(label, start) >= start or (notes and int(label) >= int(notes[-1][0])):
            break
        notes.append((label, ARROW.sub("", text)))
        end = start
    return lines[:end], dict(reversed(notes))


def _first_calls(lines: list[str]) -> dict[str, int]:
    """The line in which each footnote is first called."""
    called: dict[str, int] = {}
    for n, line in enumerate(lines):
        for found in MARKER.finditer(line) if "[" in line else ():
            called.setdefault(found[1], n)
    return called


def blocks(lines: list[str], labels: set[str]) -> Iterator[str]:
    """Block markup, a line at a time; quotation depth is counted, never recursed into."""
    depth = 0
    paragraph: list[str] = []
    at = 0
    longest: dict[str, list[int]] = {}

    def flush() -> Iterator[str]:
        if paragraph:
            yield from _paragraph(paragraph, labels)
            paragraph.clear()

    while at < len(lines):
        line, level = lines[at], 0
        while level < 50 and (found := QUOTED.match(line)):
            line, level = line[found.end() :], level + 1
        if level != depth:
            yield from flush()
            yield "<blockquote>" * (level - depth) + "</blockquote>" * (depth - level)
            depth = level
        fence = None if depth else FENCE.match(line)
        longest = longest or (_longest_fences(lines) if fence else {})
        if fence and longest[fence[1][0]][at + 1] >= len(fence[1]):
            close = next(n for n in range(at + 1, len(lines)) if lines[n].strip().startswith(fence[1]))
            yield from flush()
            language = f' class="language-{escape(fence[2], quote=True)}"' if fence[2] else ""
            yield f"<pre><code{language}>{escape(chr(10).join(lines[at + 1 : close]))}</code></pre>"
            at = close + 1
            continue
        if line.strip():
            paragraph.append(line)
        else:
            yield from flush()
        at += 1
    yield from flush()
    yield "</blockquote>" * depth


def _longest_fences(lines: list[str]) -> dict[str, list[int]]:
    """For each sign of fences, by line: how long the longest is that one of the lines from there on begins with."""
    longest = {sign: [0] * (len(lines) + 1) for sign in "`~"}
    for n in range(len(lines) - 1, -1, -1):
        line = lines[n].strip()
        for sign, lengths in longest.items():
            own = len(line) - len(line.lstrip(sign)) if line.startswith(sign) else 0
            lengths[n] = max(lengths[n + 1], own)
    return longest


def _paragraph(lines: list[str], labels: set[str]) -> Iterator[str]:
    items = [ITEM.match(line) for line in lines]
    first = next((n for n, item in enumerate(items) if item), len(lines))
    # A number or dash that a line happens to wrap on is no list; two in a row are, and so is a bullet alone.
    if sum(1 for item in items[first:] if item) < 2 and not (first == 0 and items[0] and items[0][1] == "•"):
        first = len(lines)
    if first:
        yield "<p>" + "<br>".join(inline(line.strip(), labels) for line in lines[:first]) + "</p>"
    if first == len(lines):
        return
    ordered = bool((items[first] or items[0])[2])  # type: ignore[index]  # an item stands at `first`
    yield '<ol data-kind="typed">' if ordered else "<ul>"
    gathered: list[str] = []
    for line, item in zip(lines[first:], items[first:], strict=True):
        if item and bool(item[2]) == ordered:
            if gathered:
                yield "<li>" + "<br>".join(gathered) + "</li>"
            # The number stays in the text as it was typed: others quote it.
            gathered = [inline(line.strip() if ordered else line[item.end() :].strip(), labels)]
        else:
            gathered.append(inline(line.strip(), labels))
    yield "<li>" + "<br>".join(gathered) + "</li>"
    yield "</ol>" if ordered else "</ul>"


def inline(line: str, labels: set[str]) -> str:
    """Links and footnote markers of one line; everything else is escaped."""
    out, at = list[str](), 0
    for found in LINK.finditer(line) if "http" in line else ():
        out.append(_markers(line[at : found.start()], labels))
        if found[3]:
            address = trimmed(found[3])
            out.append(f'<a href="{escape(address, quote=True)}">{escape(address)}</a>')
            at = found.start() + len(address)
        else:
            out.append(f'<a href="{escape(found[2], quote=True)}">{escape(found[1])}</a>')
            at = found.end()
    out.append(_markers(line[at:], labels))
    html = "".join(out)
    return ANSWERS.sub(r'<a href="#\1">&gt;&gt;\1</a>', html) if "&gt;&gt;" in html else html


def _markers(text: str, labels: set[str]) -> str:
    if not labels or "[" not in text:
        return escape(text, quote=False)
    out = list[str]()
    at = 0
    for found in MARKER.finditer(text):
        if found[1] in labels:
            out += (escape(text[at : found.start()], quote=False), f'<a data-note="{found[1]}"></a>')
            at = found.end()
    return "".join(out) + escape(text[at:], quote=False)


def trimmed(address: str) -> str:
    """A bare address without the punctuation of the sentence it stands in."""
    open_ones, closing, end = address.count("("), address.count(")"), len(address)
    while end and (address[end - 1] in ".,;:!?'\"”’»*_" or (address[end - 1] == ")" and open_ones < closing)):
        closing -= address[end - 1] == ")"
        end -= 1
    return address[:end]
