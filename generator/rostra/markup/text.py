"""Plain text: paragraphs, lists, links, ``>`` quotations, fences."""

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
"""How image boards refer to a post."""


def to_html(body: str) -> str:
    """Return HTML with quotations as described in ``markup``."""
    return "".join(blocks(body.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")))


def blocks(lines: list[str]) -> Iterator[str]:
    """Yield block markup, line by line; quotation depth is counted, without recursion."""
    depth = 0
    paragraph: list[str] = []
    at = 0
    longest: dict[str, list[int]] = {}

    def flush() -> Iterator[str]:
        if paragraph:
            yield from _paragraph(paragraph)
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
    """For each fence character, return by line the length of the longest fence that starts a line from there on."""
    longest = {sign: [0] * (len(lines) + 1) for sign in "`~"}
    for n in range(len(lines) - 1, -1, -1):
        line = lines[n].strip()
        for sign, lengths in longest.items():
            own = len(line) - len(line.lstrip(sign)) if line.startswith(sign) else 0
            lengths[n] = max(lengths[n + 1], own)
    return longest


def _paragraph(lines: list[str]) -> Iterator[str]:
    items = [ITEM.match(line) for line in lines]
    first = next((n for n, item in enumerate(items) if item), len(lines))
    # A number or dash at a line wrap is not a list; two consecutive ones are, and so is a single bullet.
    if sum(1 for item in items[first:] if item) < 2 and not (first == 0 and items[0] and items[0][1] == "•"):
        first = len(lines)
    if first:
        yield "<p>" + "<br>".join(inline(line.strip()) for line in lines[:first]) + "</p>"
    if first == len(lines):
        return
    ordered = bool((items[first] or items[0])[2])  # type: ignore[index]  # there is an item at `first`
    yield '<ol data-kind="typed">' if ordered else "<ul>"
    gathered: list[str] = []
    for line, item in zip(lines[first:], items[first:], strict=True):
        if item and bool(item[2]) == ordered:
            if gathered:
                yield "<li>" + "<br>".join(gathered) + "</li>"
            # The number stays in the text as typed, since others quote it.
            gathered = [inline(line.strip() if ordered else line[item.end() :].strip())]
        else:
            gathered.append(inline(line.strip()))
    yield "<li>" + "<br>".join(gathered) + "</li>"
    yield "</ol>" if ordered else "</ul>"


def inline(line: str) -> str:
    """Return a line with links; everything else is escaped."""
    out, at = list[str](), 0
    for found in LINK.finditer(line) if "http" in line else ():
        out.append(escape(line[at : found.start()], quote=False))
        if found[3]:
            address = bare_address(found[3])
            out.append(f'<a href="{escape(address, quote=True)}">{escape(address)}</a>')
            at = found.start() + len(address)
        else:
            out.append(f'<a href="{escape(found[2], quote=True)}">{escape(found[1])}</a>')
            at = found.end()
    out.append(escape(line[at:], quote=False))
    html = "".join(out)
    return ANSWERS.sub(r'<a href="#\1">&gt;&gt;\1</a>', html) if "&gt;&gt;" in html else html


def bare_address(address: str) -> str:
    """Return a bare address without the punctuation of its sentence."""
    open_ones, closing, end = address.count("("), address.count(")"), len(address)
    while end and (address[end - 1] in ".,;:!?'\"”’»*_" or (address[end - 1] == ")" and open_ones < closing)):
        closing -= address[end - 1] == ")"
        end -= 1
    return address[:end]
