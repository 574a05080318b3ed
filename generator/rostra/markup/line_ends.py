"""Unwrap plain text: find which line ends a program inserted when it wrapped lines (soft), and which the author typed (hard).

A program ends a line where the next word would not fit, so a line end is soft if the line, a space and the first word of
the next line are longer than the longest line.  People who wrap lines by hand end them near one column, within a
sentence.  Quotation marks push words over that column: a few words are then alone on a line between two full lines.
A line of prose that ends within a sentence has a soft end whatever the lines around it are.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rostra.markup.code_lines import QUOTED, WORDS, is_statement
from rostra.markup.note_forms import HEADING, begins_note
from rostra.markup.plain_tables import is_row_of_figures
from rostra.system.lazy_regex import late

NARROWEST, WIDEST = 45, 100
"""The least and greatest width, in code points, of wrapped text: verse and addresses are narrower, unwrapped lines longer."""
RUNNING = 55
"""The least length of a line that ends within a sentence and is not verse."""
FULL = 0.65
"""The least share of the longest line that a line wrapped by hand has, if the next line continues in lower case."""
STRAY = 0.4
"""The greatest share of the longest line that a line of words which quoting pushed over the edge has, between two full lines,
and of the next line that the first words of a quotation have."""
MOST = 0.6
"""The least share of soft line ends in a wrapped paragraph."""
SEEN = 0.4
"""The least share of line ends that must be decisive for whether a paragraph was wrapped."""
LONG = 0.2
"""If this share of the lines is longer than ``WIDEST``, the text was not wrapped."""
SURE = 2
"""The fewest soft line ends of a wrapped paragraph in such a text."""
ALIKE = 3
"""The fewest consecutive lines with the same first word that are a list or a log: "checking for gcc… gcc"."""
ITEM = late(r"\s{0,8}(?:[-*•+–o]|\(?(?:\d{1,3}|[A-Za-z])[.)]|\[\d{1,3}\]:?)(?:\s+\S|(?=https?://))")
KEPT = late(
    r"\s*+(?:[|+].*[|+]\s*$|https?://\S+$|\.{3}$|(?!\.{3}[ /]\w)(?:[^\w\s\"'(\[“‘]|_){3}.*$|[}\])]|#|//|/\*|\((?:[A-Za-z]:)?[/\\]\S*$|\$ |>{1,3} |g?make(?:\[\d+\])?: |[\w./+-]+\.\w{1,4}:(?:\d| ))"
)
COLUMNS = late(r"[^\s.!?:;](?: {3,}|\t)\S")
LONGEST_HEADING = 40
"""The most code points of a line that is examined as a heading of footnotes."""
ENDS = ".!?:;"
"""Signs after which a line may be the last of a sentence or of an item."""
CODE_ENDS = ("{", "}", "\\")
"""Patterns of lines that keep their ends: tables, rules, lone addresses, code, output of compilers."""
CONTINUES = late(r"\s*\(?[^\W\dA-Z_][\w'’/-]*(?!:)[,.;!?)\"”]*(?:\s|$)")
"""The beginning of a line that may continue a sentence; a word with a colon begins a line of a log."""
PLAIN, FEW = late(r"(?<!\S)[\"'(]?[^\W\d_]{2,}[\"',.;:!?)]*(?!\S)"), 3
"""A word, and the fewest of them in the rest of a sentence below a colon: code and addresses have fewer."""
STUFFED = 2
"""The most spaces that ``format=flowed`` and the end of a sentence put before a line (RFC 3676)."""
FIELD = late(r"\s*[A-Z][\w-]{0,20}(?: [\w-]{1,20}){0,2}: ")
LABEL = late(r"\s*[A-Z][\w-]{0,20} [\w-]")
"""The beginning of a field of several words; one word with a colon is the name of a field wherever it is."""


class Wrapping:
    """How the lines of one text were wrapped: ``width`` is its longest wrapped line, in code points.

    A quotation may begin within a sentence: the first line of an excerpt (``is_excerpt``) may be the rest of a line.
    """

    def __init__(self, paragraphs: Sequence[Sequence[str]], *, is_excerpt: bool = False) -> None:
        self.is_excerpt = is_excerpt
        lengths = [len(line.rstrip()) for lines in paragraphs for line in lines]
        self.width = max((length for length in lengths if length <= WIDEST), default=0)
        self.is_wrapped = sum(length > WIDEST for length in lengths) <= LONG * len(lengths)

    def joined(self, lines: Sequence[str]) -> list[list[str]]:
        """Return the lines of a paragraph in groups: each group is one line of its author."""
        soft = self._soft(lines)
        groups: list[list[str]] = []
        for n, line in enumerate(lines):
            if n and soft[n - 1]:
                groups[-1].append(line)
            else:
                groups.append([line])
        return groups

    def _soft(self, lines: Sequence[str]) -> list[bool]:
        """Return for each line whether its end is soft."""
        said = [line.strip() for line in lines]
        lengths = list(map(len, said))
        width = max([length for length in lengths if length <= WIDEST], default=0)
        if len(lines) < 2:
            return [False]
        is_rest = self.is_excerpt and lengths[0] <= STRAY * lengths[1] and _is_rest(said[0], said[1])
        if max(lengths) < NARROWEST:
            return [is_rest, *(False for _ in lines[1:])]
        firsts = [each.split(maxsplit=1)[0] if each else "" for each in said]
        logged, may = _logged(firsts), _joinable(lines)
        may = [each and n not in logged and n + 1 not in logged for n, each in enumerate(may)]
        sure = [each and firsts[n] != firsts[n + 1] and _runs_on(said[n], lines[n + 1]) for n, each in enumerate(may)]
        # The longest line of two is always full: its text has to be as wide as others, or to go on.
        alone = len(lines) == 2 and width < FULL * self.width and not said[1][:1].islower()
        soft = [each and _goes_on(lines[n], firsts[n + 1], width) for n, each in enumerate(may)]
        is_wrapped = width >= NARROWEST and not alone and self._is_wrapped_here(said, may, soft, width)
        if not is_wrapped:
            soft = sure
        else:
            soft = [
                each
                or sure[n]
                or (
                    may[n]
                    and lengths[n] >= FULL * width
                    and said[n][-1] not in ENDS
                    and WORDS.search(said[n]) is not None
                )
                for n, each in enumerate(soft)
            ]
        for n, each in enumerate(may):
            beside = (n > 0 and soft[n - 1]) or (n + 1 < len(may) and soft[n + 1])
            soft[n] = soft[n] or (each and beside and _is_within(said[n], lines[n + 1]))
            stray = n > 0 and soft[n - 1] and lengths[n] <= STRAY * width and lengths[n + 1] > lengths[n]
            if stray and each and said[n][-1:] not in ENDS and (is_wrapped or CONTINUES.match(lines[n + 1])):
                soft[n] = True
        return [soft[0] or is_rest, *soft[1:], False]

    def _is_wrapped_here(self, said: Sequence[str], may: Sequence[bool], soft: Sequence[bool], width: int) -> bool:
        """Whether enough of the line ends of a paragraph say that it was wrapped."""
        long = [n for n in range(len(may)) if len(said[n]) > STRAY * width]
        # An author may begin a sentence, a table or code on a line of its own; such line ends say nothing of the others.
        near = [soft[n] for n in long if soft[n] or (may[n] and not _parts(said[n], said[n + 1]))]
        listed = sum(not may[n] and ITEM.match(said[n + 1]) is not None for n in long)
        # In a text that was not wrapped, a wrapped paragraph has only soft line ends.
        most, fewest = (MOST, SEEN * (len(long) - listed)) if self.is_wrapped else (1, SURE)
        return len(near) >= fewest and sum(near) >= most * len(near)


def _logged(firsts: Sequence[str]) -> set[int]:
    """Return the indexes of the lines of a list or a log, which begin with the same word, given the first words of all lines."""
    rows = zip(*(firsts[at:] for at in range(ALIKE)), strict=False)
    return {n + at for n, row in enumerate(rows) if row.count(row[0]) == ALIKE for at in range(ALIKE)}


def _goes_on(line: str, first: str, width: int) -> bool:
    """Whether a line goes on with the next: its first word did not fit, or this one was ended near the edge.

    ``format=flowed`` leaves a space at the end of such a line (RFC 3676), also where a list dropped the header that says so.
    """
    length = len(line.strip())
    is_flowed = line.endswith(" ") and not line.endswith("  ")
    return length + 1 + len(first) > width or (length >= FULL * width and (is_flowed or first[:1].islower()))


def _runs_on(line: str, following: str) -> bool:
    """Whether a sentence that is no line of a program goes on from a line, which is longer than verse, to the next."""
    return RUNNING <= len(line) <= WIDEST and _is_within(line, following)


def _is_within(line: str, following: str) -> bool:
    """Whether a sentence that is no line of a program goes on from a line to the next."""
    return (
        (line[-1].isalpha() or line[-1] in ",)")
        and CONTINUES.match(following) is not None
        and WORDS.search(line) is not None
        and not is_statement(line)
    )


def _is_rest(line: str, following: str) -> bool:
    """Whether a sentence goes on from a line of few words to one that is surely prose."""
    return line[-1:].isalpha() and CONTINUES.match(following) is not None and WORDS.search(following) is not None


def _parts(line: str, following: str) -> bool:
    """Whether a sentence ends with a line and another begins with the next, or something is announced."""
    return line.endswith(":") or (line[-1:] in (".", "!", "?") and following[:1].isupper())


def _joinable(lines: Sequence[str]) -> list[bool]:
    """Return for each line but the last whether it and the next may be joined: neither is of a kind that keeps its ends."""
    kept = [_is_kept(line.rstrip()) or _is_above_notes(lines, n) for n, line in enumerate(lines)]
    fields = _fields(lines)
    return [
        not (kept[n] or kept[n + 1] or n + 1 in fields) and _may_join(line, following, is_first=not n)
        for n, (line, following) in enumerate(pairwise(lines))
    ]


def _fields(lines: Sequence[str]) -> set[int]:
    """Return the indexes of the lines that are fields, such as ``From: Ada``; a label within a sentence of prose is none."""
    found = {n for n, line in enumerate(lines) if FIELD.match(line)}
    return {
        n
        for n in found
        if {n - 1, n + 1} & found or n == 0 or LABEL.match(lines[n]) is None or not _ends_within(lines[n - 1].strip())
    }


def _ends_within(line: str) -> bool:
    """Whether a line of prose ends within a sentence."""
    return len(line) >= RUNNING and (line[-1].isalnum() or line[-1] == ",") and WORDS.search(line) is not None


def _is_kept(line: str) -> bool:
    """Whether a line is of a kind that keeps its ends."""
    return (
        KEPT.match(line) is not None
        or is_row_of_figures(line)
        or line.endswith(CODE_ENDS)
        or ((line.endswith(";") or "<-" in line) and WORDS.search(QUOTED.sub(" ", line)) is None)
        or _is_in_columns(line)
    )


def _gaps(line: str) -> list[str]:
    """Return the spaces and tabs that part a line into columns."""
    return COLUMNS.findall(line) if "   " in line or "\t" in line else []


def _is_in_columns(line: str) -> bool:
    """Whether a line has columns; a sentence may have one wide space by mistake."""
    gaps = len(_gaps(line))
    return gaps > 1 or (gaps == 1 and WORDS.search(line) is None)


def _is_above_notes(lines: Sequence[str], n: int) -> bool:
    """Whether a line is a heading of footnotes: these are below it, here or in the next paragraph."""
    line = lines[n].strip()
    if len(line) > LONGEST_HEADING or not HEADING.fullmatch(line):
        return False
    if n + 1 < len(lines):
        return begins_note(lines[n + 1])
    return line[-1] == ":" or line[0].isupper() or lines[n - 1].rstrip()[-1:] in (".", "!", "?")


def _are_statements(line: str, following: str) -> bool:
    """Whether a line and the next are of a program: such a line rarely ends with a letter, as sentences do."""
    return not line[-1].isalpha() and is_statement(line) and is_statement(following)


def _is_shown(line: str, following: str) -> bool:
    """Whether a line ends with a colon, and the next is something else than the rest of a sentence."""
    return (
        line.rstrip().endswith(":")
        and len(PLAIN.findall(following)) < FEW
        and not (len(line.strip()) >= RUNNING and CONTINUES.match(following))
    )


def _may_join(line: str, following: str, *, is_first: bool) -> bool:
    """Whether two lines that do not keep their ends may be one; ``is_first`` says whether a paragraph begins with them."""
    if ITEM.match(following) or _is_shown(line, following):
        return False
    if (_gaps(line) and _gaps(following)) or _are_statements(line.rstrip(), following):
        return False
    indent = len(following) - len(following.lstrip()) - (len(line) - len(line.lstrip()))
    # The continuation lines of an item or a definition are indented, and the first line of a paragraph may be.
    return (
        indent == 0
        or (indent > 0 and (ITEM.match(line) is not None or _runs_on(line.strip(), following)))
        or (indent < 0 and ITEM.match(line) is None and (is_first or WORDS.search(line) is not None))
        or (abs(indent) <= STUFFED and (line.endswith(" ") or (indent < 0 and _runs_on(line.strip(), following))))
    )
