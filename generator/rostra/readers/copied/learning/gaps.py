"""Find the lines of the page between anchors: read from both ends, lines that recur belong to the page.

Between two anchors are the rest of one post's head, its text, its foot and the beginning of the next post's head.  A
``Side`` takes the lines of the page from one end of all gaps, a line at a time, until it reaches the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rostra.readers.copied.layout import DumpLine, TemplateLine
from rostra.readers.copied.learning.beside_names import ANSWERING, answered_gaps, are_titles, text_besides
from rostra.readers.copied.learning.candidates import determines, is_repeated
from rostra.readers.copied.learning.gap_steps import GapStep
from rostra.readers.copied.learning.line_keys import OWN, may_name, same_kind, shown, sort
from rostra.readers.copied.learning.profile_lines import (
    are_descriptions,
    first_lines,
    have_ranks,
    label_is_authors,
    rank_line,
    signed_line,
    status_line,
    worded_line,
)
from rostra.readers.copied.learning.sides import Side
from rostra.readers.copied.learning.word_tokens import DIFFERENT, MOST, NEARLY_ALL, RARELY
from rostra.readers.copied.learning.wording import names_only, worded
from rostra.readers.copied.names import is_sentence
from rostra.readers.copied.times.edited import EDITED
from rostra.readers.text.furniture import FURNITURE

RARE = 0.03
"""The least share of the gaps with a line that is optional in the page."""
SPEAKING = 0.95
"""The least share of the gaps in which lines remain after the names; below it, the "names" are the text of posts."""
LONGEST = 60
"""The most code points of a line of the page."""
LONGEST_USUAL = 250
"""The most code points of a line of the page that nearly all posts have."""
SAID = 5
"""The fewest posts with a sentence that belongs to the page."""
LINES = 40
"""The most lines of the page at one end of a gap."""

NONE = DumpLine(0, "", "", (), 0, 0)


def extend(side: Side, *, named: bool) -> None:
    """Take lines while they belong to the page; also names of authors, unless authors are ``named`` elsewhere."""
    while len(side.items) < LINES:
        step = _Step(side, named=named or side.authors is not None)
        if not step.present or len(step.present) < MOST * len(side.at) or not step.take():
            return


class _Step(GapStep):
    """One step inwards in all gaps: decides whether the next lines belong to the page."""

    def take(self) -> bool:
        """Take the line of each gap if it belongs to the page; return whether it does."""
        common, most = self.counts.most_common(1)[0]
        total = len(self.present)
        # A sentence belongs to the page only if nearly all posts have it: several people may say the same, but not of
        # themselves by name.
        least = max(NEARLY_ALL * total, SAID) if is_sentence(common) and OWN not in common else MOST * total
        longest = LONGEST if most < max(NEARLY_ALL * total, SAID) else LONGEST_USUAL
        edited = most < MOST * total and self._take_edited()
        if edited or self._take_description() or self._take_named() or self._take_ranks():
            return True
        if most >= least and len(common) <= longest and not self._is_frequent_author(common):
            if self.says_something(n for n in self.present if self.keys[n] == common) < MOST * most:
                return False
            if most < NEARLY_ALL * total and self._take_rare(common):
                return True
            which = [n for n in self.present if self.keys[n] == common]
            self.side.take(which, TemplateLine(shown(common), optional=most < NEARLY_ALL * total))
            return True
        if self._take_first() or self._take_rare(None):
            return True
        if not self.named:
            return self._take_name()
        return self._take_shown_name() or self._take_ranked_name() or self._take_profile() or self._take_title()

    def _take_edited(self) -> bool:
        """Take the words "edited", "bearbeitet" in lines of their own, which a few posts have: they hide what the others share."""
        which = [n for n in self.present if EDITED.fullmatch(self.keys[n].strip("()[]"))]
        if not which or len(which) > RARELY * len(self.here) + 1 or self.says_something(which) < len(which):
            return False
        for each in sorted({self.keys[n] for n in which}):
            self.side.take([n for n in which if self.keys[n] == each], TemplateLine(shown(each), optional=True))
        return True

    def _take_first(self) -> bool:
        """Take the lines below the last blank one: the name of the author, and below it ranks that only some posts have."""
        if self.named or self.side.step > 0 or len(self.present) < len(self.here):
            return False
        tops = first_lines(self.side)
        if tops is None:
            return False
        for depth in range(1, max(tops) + 1):
            which = [n for n, top in enumerate(tops) if top >= depth]
            self.side.take(which, TemplateLine("{any}", optional=True, many=True, spaced=False))
        del self.side.items[-max(tops) : -1]
        self.side.authors = [line.text if line else None for line in self.side.here()]
        self.side.take(self.present, TemplateLine("{author}", spaced=True))
        return True

    def _take_description(self) -> bool:
        """Take the lines in which a page describes each author ("Teacher in Hull"), if the names are directly above them."""
        if self.named or self.side.step > 0 or len(self.present) < NEARLY_ALL * len(self.here):
            return False
        beyond, above = self.side.here(1), self.side.here(2)
        names = {n: line.text for n in self.present if (line := beyond[n]) and may_name(self.key(line, n))}
        keys = [self.key(line, n) for n in names if (line := above[n])]
        few = len(names) < NEARLY_ALL * len(self.here)
        if few or not are_descriptions(self.keys, names, keys, self.side.usual):
            return False
        self.side.take(self.present, TemplateLine("{any}"))
        return True

    def _take_named(self) -> bool:
        """Take lines that consist of names, with words of the page or each always beside the same line."""
        if self.named or len(self.present) < NEARLY_ALL * len(self.here) or self.is_poorer or not self.worded:
            return False
        names = {name for name in self.worded.names if name}
        if len(names) < DIFFERENT or ANSWERING.search(self.worded.item.pattern):
            return False
        return (not self.worded.item.is_open or self._decides()) and self._take_name()

    def _decides(self) -> bool:
        """Whether each line of several is always beside the same line: a name beside its initials, rank or place."""
        following = self.side.here(1)
        pairs = [(self.keys[n], self.key(line, n)) for n in self.present if (line := following[n])]
        sorts = Counter(sort(key, self.side.usual) for _, key in pairs)
        # A name among lines of the page has a rank in its place: "Global Moderator" below "Ada".
        ranked = "name" in sorts and sorts.most_common(1)[0][0] not in ("name", "words")
        return not ranked and is_repeated(pairs) and determines(pairs)

    def _take_ranks(self) -> bool:
        """Take lines with one of a few wordings, if names that are not yet found are further inwards."""
        if self.named or len(self.present) < NEARLY_ALL * len(self.here) or not self.is_poorer or self.is_lacked:
            return False
        item = rank_line(self.keys, self.side.usual)
        if item is not None:
            self.side.take(self.present, item)
        return item is not None

    def _is_frequent_author(self, common: str) -> bool:
        """Whether a line of most gaps is the name of somebody who wrote most posts: the other posts have other names there."""
        usual = self.side.usual - {common}
        others = [n for n in self.present if self.keys[n] != common]
        if self.side.authors or not others or not may_name(common) or FURNITURE.match(common) or self.is_poorer:
            return False
        following = self.side.here(1)

        def behind(which: Iterable[int]) -> str:
            sorts = Counter(self.sort(following[n], n) for n in which if following[n] is not None)
            return sorts.most_common(1)[0][0] if sorts else ""

        named = sum(1 for n in others if sort(self.keys[n], usual) == "name")
        mine = (n for n in self.present if self.keys[n] == common)
        return named >= NEARLY_ALL * len(others) and behind(others) == behind(mine)

    def _take_rare(self, usual: str | None) -> bool:
        """Take an optional line of the page, which only some posts have: after it, they continue as the others do."""
        total = len(self.present)
        following, beyond = self.side.here(1), self.side.here(2)
        # The name of an answered person may be in the place of a mark such as "OP", but that person also writes.
        speakers = {line.text.casefold() for line in following if line is not None}
        for each, count in sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0])):
            if each == usual or len(each) > LONGEST or not max(2, RARE * total) <= count <= NEARLY_ALL * total:
                continue
            which = [n for n in self.present if self.keys[n] == each]
            others = [n for n in self.present if self.keys[n] != each]
            if not others:
                return False
            expected = Counter(sort(self.keys[n], self.side.usual) for n in others).most_common(1)[0][0]
            then = Counter(self.sort(following[n], n) for n in others).most_common(1)[0][0]
            # After it there may be another such line, if names are expected there.
            rare = {self.keys[n] for n in others if sort(self.keys[n], self.side.usual) != "name"} - {""}
            same = sum(
                (expected == "name" and line is not None and self.key(line, n) in rare)
                or (self.sort(line, n) == expected and (not may_name(each) or same_kind(self.sort(beyond[n], n), then)))
                for n, line in ((n, following[n]) for n in which)
            )
            other = Counter(self.keys[n] for n in others).most_common(1)[0]
            if other[1] >= MOST * len(others) and not may_name(each):
                # Each post may have one of two lines of the page.
                same = max(same, sum(same_kind(self.sort(following[n], n), then) for n in which))
            if each.startswith("@") and sum(key.startswith("@") for key in self.keys.values()) >= MOST * total:
                continue  # These are accounts of people.
            if may_name(each) and (each in speakers or self.is_somebody(each, which, others, following)):
                continue
            if may_name(each) and expected == then == "name" and not self.side.completes_last(which):
                continue  # There are two names in the others too: an author, and the person who is answered.
            if self.is_rare(each, expected, count, same, total):
                self.side.take(which, TemplateLine(shown(each), optional=True))
                return True
        return False

    def _take_profile(self) -> bool:
        """Take the line in which the page describes each author; return whether the lines are such."""
        side = self.side
        if side.authors is None or len(self.present) < NEARLY_ALL * len(self.here):
            return False
        item = signed_line(self.keys)
        if item is None and self.says_something(self.present) >= SPEAKING * len(self.present):
            lines = [line for line in self.here if line is not None]
            item = status_line(self.keys, side.authors) or worded_line(lines, len(self.here))
        if item is not None and ANSWERING.match(item.pattern) and item.slots == ("any",):
            # The first post answers nobody.
            item = TemplateLine(item.pattern.replace("{any}", "{answers}"), optional=True)
        if item is not None:
            side.take(self.present, item)
        return item is not None

    def _take_name(self) -> bool:
        """Take the names of authors if the lines hold them; return whether they do."""
        side = self.side
        found = self.worded
        spoken = self.says_something(self.present) >= SPEAKING * len(self.present)
        if found is None or not names_only(found.item) or not spoken or self.is_text(found.item):
            return False
        # A time in the line is not the time of the post.
        moment = "{edited}" if EDITED.search(found.item.pattern) else "{moment}"
        found = found._replace(item=TemplateLine(found.item.pattern.replace("{time}", moment)))
        if (self.is_poorer and not self.is_lacked) or not label_is_authors(self.here, side):
            side.take(self.present, TemplateLine("{any}"))
            return True
        if ANSWERING.search(found.item.pattern):
            pattern = found.item.pattern.replace("{author}", "{answers}")
            side.take(self.present, TemplateLine(pattern, optional=len(self.present) < len(self.here)))
            return True
        if side.step < 0 and found.item.pattern == "{author}" and (answering := self._answering()):
            side.take(answering, TemplateLine("{answers}", optional=True))
            here = side.here()
            found = worded([here[n] or NONE for n in self.present])
            if found is None or not names_only(found.item):
                return False
        side.authors = [None] * len(self.here)
        for n, name in zip(self.present, found.names, strict=True):
            side.authors[n] = name
        side.take(self.present, found.item)
        return True

    def _take_shown_name(self) -> bool:
        """Take the displayed name beside an account that was taken for the name."""
        side = self.side
        accounts = [name for name in side.authors or () if name]
        beside = bool(side.items) and side.items[-1].pattern.removeprefix("@") == "{author}"
        marked = beside and ("@" in side.items[-1].pattern or all("@" in name for name in accounts))
        named = sum(may_name(self.keys[n]) for n in self.present)
        if not marked or named < NEARLY_ALL * len(side.at) or self.says_something(self.present) < SPEAKING * named:
            return False
        side.items[-1] = TemplateLine("{handle}")
        side.authors = [line.text if line else None for line in self.here]
        side.take(self.present, TemplateLine("{author}"))
        return True

    def _take_ranked_name(self) -> bool:
        """Take the names above lines that were taken for names, if they decide these, as a person decides a rank."""
        side = self.side
        names = {n: line.text for n, line in enumerate(self.here) if line}
        if side.step > 0 or len(names) < len(self.here) or not side.items or side.items[-1].pattern != "{author}":
            return False
        ranks = [(names[n], rank) for n, rank in enumerate(side.authors or ()) if n in names]
        if not have_ranks(ranks) or not all(map(may_name, self.keys.values())):
            return False
        side.items[-1] = TemplateLine("{any}")
        side.authors = list(names.values())
        side.take(self.present, TemplateLine("{author}"))
        return True

    def _answering(self) -> list[int]:
        """Return the gaps with two names, one above the other, of which the lower one is answered."""
        above, beyond = self.side.here(1), self.side.here(2)
        names = {n: line.text for n in self.present if (line := self.here[n])}
        # A line with nothing beyond it is the text of the post above, as short as a name: "lol".
        stacked = {n: line.text for n in names if beyond[n] and (line := above[n]) and self.sort(line, n) == "name"}
        return answered_gaps(names, stacked)

    def _take_title(self) -> bool:
        """Take the titles of posts, of which each has its own, with a line of the page above them."""
        side = self.side
        if side.step > 0 or side.titled or len(self.present) < len(self.here):
            return False
        beyond = side.here(1)
        keys = {n: self.key(line, n) for n in self.present if (line := beyond[n])}
        if len(keys) < len(self.present) or not are_titles(self.keys, keys, side.authors):
            return False
        rests = (side.lines[side.ends[n] + 1 : side.at[n] - 1] for n in self.present)
        if not text_besides(
            frozenset(self.sort(line, n) for line in rest) for n, rest in zip(self.present, rests, strict=True)
        ):
            return False
        side.titled = True
        side.take(self.present, TemplateLine("{title}"))
        return True
