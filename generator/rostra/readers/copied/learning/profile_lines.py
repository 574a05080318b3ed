"""Find lines that a page writes beside the name of each author: a rank, a place, a status, a recipient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rostra.readers.copied.layout import DumpLine, TemplateLine
from rostra.readers.copied.learning.candidates import determines, is_repeated
from rostra.readers.copied.learning.line_keys import OWN, label_and_value, may_name, shown
from rostra.readers.copied.learning.sides import Side
from rostra.readers.copied.learning.word_tokens import MOST, NEARLY_ALL
from rostra.readers.copied.learning.wording import worded
from rostra.readers.text.furniture import FURNITURE
from rostra.system.lazy_regex import late

FEW = 0.2
"""The most different lines in one position beside a name, as a share of the gaps, that belong to the page."""
WORDINGS = 5
"""The most wordings of such a line."""
LONGEST = 60
"""The most code points of such a line."""
RANKS = 3
"""The most lines between a name and an anchor."""
RECURRING = 2
"""The fewest posts by authors of other posts at which the lines below blank ones are names."""
NEAR = 6
"""The most lines with labels on each side of an anchor that are compared."""
_MARKED = late(r"[{}#0]")
"""What keys have in place of numbers and other values."""
_WORD = late(r"[^\W\d_]+ ")
_ENDED = late(r"[.!?…。！？]$")
_SIGNED = late(rf"\s([^\W\d_]+) {OWN}$")


def status_line(keys: Mapping[int, str], authors: Sequence[str | None]) -> TemplateLine | None:
    """Return the line in which a page describes each author; None if lines with these keys do not.

    Such a line has a few wordings, or one for each author.  ``keys`` and ``authors`` are by the index of the gap.
    """
    counts = Counter(keys.values())
    people = {name.casefold() for name in authors if name}
    if len(counts) < 2 or any(not _is_status(each) or each in people for each in counts):
        return None
    pairs = [(name, key) for n, key in keys.items() if (name := authors[n])]
    own = is_repeated(pairs) and determines(pairs)
    return wordings(keys) or (TemplateLine("{any}") if own else None)


def have_ranks(pairs: Sequence[tuple[str, str | None]]) -> bool:
    """Whether the first values are names and the second ones ranks of them: several people share a rank, nobody has two."""
    names, ranks = {name for name, _ in pairs}, {rank for _, rank in pairs}
    return len(pairs) - len(names) >= RECURRING and len(ranks) < len(names) and determines(pairs)


def first_lines(side: Side) -> list[int] | None:
    """Return how many lines are between each anchor and the line below the last blank one above it, if those lines are names.

    Some posts have no line between, and the names recur more than the lines between do.
    """
    here = [side.here(ahead) for ahead in range(RANKS + 1)]
    tops: list[int] = []
    for n in range(len(side.at)):
        top = next((at for at, each in enumerate(here) if (line := each[n]) and line.space), None)
        if top is None or any(each[n] is None for each in here[:top]):
            return None
        tops.append(top)
    names = [line.text.casefold() for n, top in enumerate(tops) if (line := here[top][n])]
    between = [line.text.casefold() for n, top in enumerate(tops) for each in here[:top] if (line := each[n])]
    recur = len(names) - len(set(names))
    varied = 0 < sum(map(bool, tops)) < len(tops)
    own = all(may_name(name) and name not in side.usual and name not in between for name in names)
    return tops if varied and own and recur >= RECURRING and len(set(names)) > len(set(between)) else None


def are_descriptions(
    keys: Mapping[int, str], names: Mapping[int, str], above: Sequence[str], usual: frozenset[str]
) -> bool:
    """Whether lines describe the authors, whose ``names`` are directly above them: "Teacher in Hull".

    Each of the two lines is always beside the same other line, so that only their order tells which is the name.
    ``above`` are the keys of the lines above the names.
    """
    pairs = [(keys[n], name) for n, name in names.items()]
    if any(key == name.casefold() or key in usual or key[0] in "@{" for key, name in pairs):
        return False  # the name again, or an account
    # In a short thread few people write twice; then most names must have a line of the page above them.
    page = sum(key in usual or "0" in key or key.startswith(("#", "{")) for key in above)
    repeated = is_repeated(pairs) or (len(set(pairs)) < len(pairs) and page >= MOST * len(names))
    return repeated and determines(pairs) and determines((name, key) for key, name in pairs)


def signed_line(keys: Mapping[int, str]) -> TemplateLine | None:
    """Return the item of lines that end in the same word and the name of the author: "The lamps are old… by Ada Weir"."""
    words = Counter(found[1] for each in keys.values() if (found := _SIGNED.search(each)))
    word, count = words.most_common(1)[0] if words else ("", 0)
    return TemplateLine(f"{{any}} {shown(word)} {{author}}") if count >= NEARLY_ALL * len(keys) else None


def wordings(keys: Mapping[int, str]) -> TemplateLine | None:
    """Return the item of lines that have a few wordings, each in several gaps; None if they do not."""
    counts = Counter(keys.values())
    few = 1 < len(counts) <= min(WORDINGS, FEW * len(keys)) and min(counts.values()) > 1
    if not few or not all(map(_is_status, counts)):
        return None
    return TemplateLine(f"{{={'|'.join(sorted(map(shown, counts)))}}}")


def rank_line(keys: Mapping[int, str], usual: frozenset[str]) -> TemplateLine | None:
    """Return the item of lines that are beside names not yet found; None if numbers or ``usual`` lines are among them."""
    plain = all(len(key) <= LONGEST and not _MARKED.search(key) and key not in usual for key in keys.values())
    return wordings(keys) or (TemplateLine("{any}") if plain else None)


def share_ranks(names: Mapping[int, str], keys: Mapping[int, str]) -> bool:
    """Whether lines are names of people who share the lines with these keys: ranks, places."""
    if sum(may_name(each) and not FURNITURE.match(each) for each in names.values()) < NEARLY_ALL * len(keys):
        return False
    people, different = len(set(names.values())), len(set(keys.values()))
    pairs = [(name, keys[n]) for n, name in names.items()]
    return people > max(2 * different, 3) or (people > different > 1 and is_repeated(pairs) and determines(pairs))


def lacks_a_line(keys: Mapping[int, str], beyond: Mapping[int, str]) -> bool:
    """Whether most gaps have the same line and the others have a name in its place, which most gaps have ``beyond`` it.

    The name in its place is that of somebody named beyond it, or the line beyond repeats it.
    """
    common, most = Counter(keys.values()).most_common(1)[0]
    others = [n for n, key in keys.items() if key != common]
    named = {key for n, key in beyond.items() if keys[n] == common}
    names = sum(keys[n] in named or keys[n] in beyond.get(n, "") for n in others)
    return bool(others) and most >= MOST * len(keys) and names >= MOST * len(others)


def label_is_authors(here: Sequence[DumpLine | None], side: Side) -> bool:
    """Whether lines have no label, or that of the authors: what is behind it decides what is behind each other label.

    A person has one place, which other people share; if each name has a place of its own, nothing shows which is which.
    """
    labels = Counter(found[0] for line in here if line and (found := label_and_value(line)))
    if not labels:
        return True
    values = _labelled_values(side.lines, side.anchors, side.step)
    own = values.pop(labels.most_common(1)[0][0], {})
    for each in values.values():
        pairs = [(own[n], value) for n, value in each.items() if n in own]
        if sum(may_name(value) for _, value in pairs) < NEARLY_ALL * len(own):
            continue
        if not determines(pairs) or determines((value, name) for name, value in pairs):
            return False
    return True


def _labelled_values(lines: Sequence[DumpLine], anchors: Sequence[int], step: int) -> dict[str, dict[int, str]]:
    """Return what is behind each label in the lines with labels at the anchors, by label and anchor.

    Lines on the side of ``step`` count first; the lines of one post may follow those of another without a blank line.
    """
    values: dict[str, dict[int, str]] = {}
    for n, anchor in enumerate(anchors):
        for way in (step, -step):
            for at in range(anchor + way, anchor + way * (NEAR + 1), way):
                beside = 0 <= at < len(lines) and lines[at].number == lines[at - way].number + way
                found = label_and_value(lines[at]) if beside else None
                if not found:
                    break
                values.setdefault(found[0], {}).setdefault(n, found[1])
    return values


def worded_line(lines: Sequence[DumpLine], total: int) -> TemplateLine | None:
    """Return the wording of lines that begin with the same word of the page, such as "to debates".

    It is None unless nearly all of ``total`` gaps have such a line, short and without the end of a sentence.
    """
    found = worded(lines, named=False)
    if found is None or not _WORD.match(found.item.pattern) or "{any}" not in found.item.pattern:
        return None
    brief = sum(len(line.masked) <= LONGEST and not _ENDED.search(line.masked) for line in lines)
    return found.item if brief >= NEARLY_ALL * total else None


def _is_status(each: str) -> bool:
    """Whether a key may be one of few wordings of a line of the page."""
    return len(each) <= LONGEST and not _ENDED.search(each) and ". " not in each and "{" not in shown(each)
