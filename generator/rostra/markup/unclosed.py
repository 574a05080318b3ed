"""Wikitext without unclosed constructs: what never ends becomes text, as it is displayed anyway.

A parser tries each unclosed brace, bracket or tag to the end of the page before it treats it as text, in quadratic
time.  Here one pass finds them, and the characters of those without an end are replaced by placeholders that
nobody types, until the HTML is made.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter

from rostra.system.lazy_regex import late

DEEPEST = 30
"""How many levels templates, links and tags are nested; deeper ones are text."""
HELD = {"{": "\ue001", "[": "\ue002", "<": "\ue003"}
"""Characters that begin nothing, and their placeholders for the parser."""
SINGLE = {"br", "wbr", "hr", "meta", "link", "img"}
"""Tags that have no end."""
PARTS = {"li", "dt", "dd", "th", "td", "tr"}
"""Tags that may lack an end, which the parser searches for anyway; they are not rendered."""
VERBATIM = "categorytree|ce|chem|gallery|graph|hiero|imagemap|inputbox|math|nowiki|pre|score|section|source|syntaxhighlight|templatedata|timeline"
"""Tags whose content is not wikitext (mwparserfromhell, ``PARSER_BLACKLIST``)."""
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
    """Return the wikitext with placeholders for the characters that begin what never ends."""
    return _Scan(text).written()


def as_typed(text: str) -> str:
    """Return a part of it as typed."""
    for sign, held in HELD.items():
        text = text.replace(held, sign)
    return text


def restore_signs(html: str) -> str:
    """Return the resulting HTML with the placeholders replaced by the characters."""
    return as_typed(html.replace(HELD["<"], "&lt;"))


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = re.sub("[" + "".join(HELD.values()) + "]", "", text)
        self.open: list[tuple[str, int, int]] = []  # what began, where, and how many of its characters to replace
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
        """Return the offset after an element whose content is not wikitext, if it has an end."""
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
        """Handle the end of a template or link; return the offset at which the text continues."""
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
        """End the innermost construct of that name; those within it that did not end are text."""
        if not self.names[name]:
            return
        began = ""
        while began != name:
            began, start, count = self.open.pop()
            self.names[began] -= 1
            if began != name:
                self.held.append((start, count))
