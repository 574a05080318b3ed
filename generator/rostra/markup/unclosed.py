"""Wikitext in which everything that begins also ends: what never ends is put as text, which it is to readers too.

A parser tries each unclosed brace, bracket or tag to the end of the page before it takes it for text: time that grows
with the square.  Here one pass tells them apart, and the signs of those without an end are held by characters that
nobody types, until the HTML is made.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter

from rostra.system.lazy_regex import late

DEEPEST = 30
"""Templates, links and tags within each other; what is deeper is text."""
HELD = {"{": "\ue001", "[": "\ue002", "<": "\ue003"}
"""Signs that begin nothing, and what holds their place while the parser is at work."""
SINGLE = {"br", "wbr", "hr", "meta", "link", "img"}
"""Tags that have no end."""
PARTS = {"li", "dt", "dd", "th", "td", "tr"}
"""Tags that may lack one, which the parser seeks all the same; nothing is made of them."""
VERBATIM = "categorytree|ce|chem|gallery|graph|hiero|imagemap|inputbox|math|nowiki|pre|score|section|source|syntaxhighlight|templatedata|timeline"
"""Tags whose content is no wikitext (mwparserfromhell, ``PARSER_BLACKLIST``)."""
ATTRIBUTES = r"(?:[\s/]*+[^\s/>=<\"']++(?:\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'<>][^\s<>]*+)?+)?+)*+[\s/]*+"
TOKEN = late(
    r"(?P<comment><!--)"
    rf"|<(?P<slash>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]*+)(?P<rest>(?=[\s/>]){ATTRIBUTES}>)?+"
    r"|(?P<open>\{\{|\[\[|\[(?=//|[a-zA-Z][a-zA-Z0-9+.-]*+:))"
    r"|(?P<close>\}\}|\])"
    r"|^(?P<indent>[ \t:]*+)(?P<table>\{\||\|\}(?!\}))",
    re.MULTILINE,
)
ENDS = late(rf"-->|</({VERBATIM})\s*+>", re.IGNORECASE)
PAIRS = {"}}": "{{", "]]": "[[", "]": "["}


def close_unclosed(text: str) -> str:
    """The wikitext with a character that nobody types for each sign that begins what never ends."""
    return _Scan(text).written()


def typed(text: str) -> str:
    """A part of it as it was typed."""
    for sign, held in HELD.items():
        text = text.replace(held, sign)
    return text


def restore_signs(html: str) -> str:
    """What was made of it, with those signs as they are read."""
    return typed(html.replace(HELD["<"], "&lt;"))


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = re.sub("[" + "".join(HELD.values()) + "]", "", text)
        self.open: list[tuple[str, int, int]] = []  # what begun, where, and how many signs of it are held
        self.names: Counter[str] = Counter()
        self.held: list[tuple[int, int]] = []
        self.ends: dict[str, list[int]] = {}
        for found in ENDS.finditer(self.text):
            self.ends.setdefault((found[1] or "-->").lower(), []).append(found.end())

    def written(self) -> str:
        at = 0
        while found := TOKEN.search(self.text, at):
            at = found.end()
            if found["comment"]:
                at = self._past("-->", found.start(), at)
            elif name := found["tag"]:
                at = self._tag(name.lower(), found, at)
            elif found["open"]:
                self._begin(found["open"], found.start(), len(found["open"]))
            elif found["table"] == "{|":
                self._begin("{|", found.start("table"), 1)
            elif found["table"]:
                self._end("{|")
            else:
                at = self._bracket(found["close"], at)
        for _, start, count in self.open:
            self.held.append((start, count))
        out, at = list[str](), 0
        for start, count in sorted(self.held):
            out += (self.text[at:start], HELD[self.text[start]] * count)
            at = start + count
        return "".join(out) + self.text[at:]

    def _past(self, name: str, start: int, at: int) -> int:
        """Past the end of what holds no wikitext, where it has one."""
        ends = self.ends.get(name, [])
        n = bisect_left(ends, at)
        if n < len(ends):
            return ends[n]
        self.held.append((start, 1))
        return at

    def _tag(self, name: str, found: re.Match[str], at: int) -> int:
        if name in PARTS:
            self.held.append((found.start(), 1))
        elif found["slash"]:
            if found["rest"]:
                self._end(f"<{name}")
        elif not found["rest"]:
            self.held.append((found.start(), 1))
        elif name in self.verbatim and not found["rest"].endswith("/>"):
            return self._past(name, found.start(), at)
        elif name not in SINGLE and not found["rest"].endswith("/>"):
            self._begin(f"<{name}", found.start(), 1)
        return at

    verbatim = frozenset(VERBATIM.split("|"))

    def _bracket(self, sign: str, at: int) -> int:
        """Take what ends a template or link; returns where the text goes on."""
        if (
            sign == "]"
            and not (self.open and self.open[-1][0] == "[")
            and self.text.startswith("]", at)
            and self.names["[["]
        ):
            sign, at = "]]", at + 1
        self._end(PAIRS[sign])
        return at

    def _begin(self, name: str, start: int, count: int) -> None:
        if len(self.open) >= DEEPEST:
            self.held.append((start, count))
        else:
            self.open.append((name, start, count))
            self.names[name] += 1

    def _end(self, name: str) -> None:
        """End the innermost of that name; what began in it and did not end is text."""
        if not self.names[name]:
            return
        while self.open:
            began, start, count = self.open.pop()
            self.names[began] -= 1
            if began == name:
                return
            self.held.append((start, count))
