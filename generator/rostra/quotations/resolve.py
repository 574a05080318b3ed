"""Resolve the quotations of a thread: posts in the order they were written, tiers from the surest down."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from rostra.model import Body, Passage, Quote, Thread
from rostra.model.timestamps import sortable_time
from rostra.quotations.decide import ENDING_BITS, LONE, ThreadPositions, accept_marked, accept_unmarked, best
from rostra.quotations.index import COMMON, MOST, SeedIndex, local_seeds
from rostra.quotations.inline import WordSpread, inline_quotes
from rostra.quotations.join_paragraphs import join_paragraphs, passage_end
from rostra.quotations.match import Match, match, spans, within
from rostra.quotations.notes import with_notes
from rostra.quotations.paragraphs import TITLE, Paragraphs
from rostra.quotations.refusals import NEAR, Refusal, refusal_reason
from rostra.quotations.tokens import tokenise
from rostra.quotations.weights import bits
from rostra.quotations.zones import Segment, Zones, boilerplate, sentences, zones

CANDIDATES = 10
"""How many posts are compared with a stretch: those with most seeds in common, ancestors first."""
STRANGE = 0.3
"""The coverage below which a sentence is the quoter's own and ends the quotation."""
SAME = 0.97
"""The coverage of an unmarked paragraph if another post covers less of it."""
WHOLLY = 0.85
"""The coverage of a marked quotation that mixes a post's own words with others'."""
TIMES = 8
"""How many quotations are searched in one paragraph."""


def resolve(thread: Thread, bodies: Sequence[Body]) -> tuple[tuple[Quote, ...], ...]:
    """Return the quotations of each post, parallel to ``thread.posts`` and its rendered ``bodies``.

    Offsets are code points of each body's text.  The same thread gives the same links, whatever
    the order of its dump.
    """
    return _Resolver(thread, bodies).resolve()


def refusals(thread: Thread, bodies: Sequence[Body]) -> list[Refusal]:
    """Return the unmarked stretches that are nearly quotations, in the order in which they are met."""
    resolver = _Resolver(thread, bodies)
    resolver.resolve()
    return resolver.refused


class _Resolver:
    def __init__(self, thread: Thread, bodies: Sequence[Body]) -> None:
        self.thread = thread
        self.pages = bodies
        self.typed = [with_notes(body) for body in bodies]
        self.bodies = [each.body for each in self.typed]
        texts = [tokenise(body.text) for body in self.bodies]
        common = boilerplate(self.bodies, texts)
        self.zones: list[Zones] = [
            zones(each.body, words, common, each.ranges) for each, words in zip(self.typed, texts, strict=True)
        ]
        self.place = ThreadPositions(thread)
        self.spread = WordSpread(self.zones)
        self.index = SeedIndex(texts)
        self.paragraphs = Paragraphs(self.zones, self.place)
        self.found: list[list[Quote]] = [[] for _ in bodies]
        self.refused: list[Refusal] = []
        self._marks = [{segment.start for segment in zone.segments if segment.marked} for zone in self.zones]

    def resolve(self) -> tuple[tuple[Quote, ...], ...]:
        for post in self._order():
            zone = self.zones[post]
            if not zone.words.words:
                continue
            for segment in sorted(zone.segments, key=lambda each: not each.marked):
                (self._marked if segment.marked else self._unmarked)(post, segment)
            found = join_paragraphs(self.found[post], zone, self.typed[post].own, self.pages, self.place)
            found += inline_quotes(self.thread, post, self.typed, self.zones, self.place, found, self.spread)
            self.found[post] = sorted(found, key=lambda quote: (quote.start, quote.end))
            if not self._is_title(post):
                self.index.add(post, zone.own)
                self.paragraphs.add(post)
        return tuple(tuple(map(typed.on_page, found)) for typed, found in zip(self.typed, self.found, strict=True))

    def _order(self) -> list[int]:
        posts = self.thread.posts
        said = [n for n, post in enumerate(posts) if self.pages[n].text]
        if all(posts[n].raw.time for n in said):
            return sorted(said, key=lambda n: (sortable_time(posts[n].raw.time or ""), n))
        return said

    def _is_title(self, post: int) -> bool:
        """Whether an opening is just the first line of copied text, without author, in a source without ids."""
        zone, raw, said = self.zones[post], self.thread.posts[post].raw, self.pages[post].text
        nameless = post == 0 and raw.author is None and raw.native_id is None
        short = len(zone.segments) == 1 and len(zone.words.words) <= TITLE
        return nameless and short and not said.endswith((".", "…", "!"))

    def _matches(self, post: int, low: int, high: int, *, marked: bool) -> list[Match]:
        words = self.zones[post].words
        shared = self.index.seeds(post, low, high, MOST if marked else COMMON)
        if not marked and high - low >= LONE:
            shared = self.place.beyond_chance(post, shared)
        ranked = sorted(
            shared, key=lambda other: (-len({i for i, _ in shared[other]}) - self.place.nearness(post, other), other)
        )
        out = []
        for other in ranked[:CANDIDATES]:
            zone = self.zones[other]
            if (made := match(other, shared[other], words, low, high, zone.words, zone.own)) is not None:
                out.append(made)
        return out

    def _marked(self, post: int, segment: Segment) -> None:
        words = self.zones[post].words
        named = self.place.named(segment.mark, post)
        options = self._matches(post, segment.low, segment.high, marked=True)
        if named is not None:
            source = self.zones[named].words
            seeds = local_seeds(words, segment.low, segment.high, source)
            if (made := match(named, seeds, words, segment.low, segment.high, source, None)) is not None:
                options = [made, *(option for option in options if option.post != named)]
        if not options and segment.high - segment.low < 4:
            options = self._short(post, segment)
        chosen = best(options, post, segment, named, self.place)
        if chosen is None or not accept_marked(chosen, post, named, self.place):
            chosen = self._mixed(post, segment) or chosen
        if chosen is None or not accept_marked(chosen, post, named, self.place):
            reason = refusal_reason(post, chosen, options, named, self.place, self.thread)
            self.found[post].append(
                Quote(
                    start=segment.start,
                    end=segment.end,
                    kind="block",
                    source=None,
                    score=None,
                    tier="none",
                    reason=reason,
                )
            )
            return
        self._tie(post, segment.start, segment.end, chosen, "block", options, named)

    def _mixed(self, post: int, segment: Segment) -> Match | None:
        """Match the parent's own words together with what it quoted: no other post has all of it."""
        parent = self.place.parent(post)
        if parent is None:
            return None
        words, zone = self.zones[post].words, self.zones[parent]
        seeds = local_seeds(words, segment.low, segment.high, zone.words)
        made = match(parent, seeds, words, segment.low, segment.high, zone.words, None)
        mixed = made is not None and made.coverage >= WHOLLY and any(zone.own[there] for _, there in made.found)
        return made if mixed else None

    def _short(self, post: int, segment: Segment) -> list[Match]:
        """Match one to three words: only if the parent has them exactly and once."""
        parent = self.place.parent(post)
        if parent is None:
            return []
        needle, size = self.zones[post].words.words[segment.low : segment.high], segment.high - segment.low
        source, own = self.zones[parent].words, self.zones[parent].own
        at = [
            n
            for n in range(len(source.words) - size + 1)
            if source.words[n : n + size] == needle and all(own[n : n + size])
        ]
        if len(at) != 1:
            return []
        pairs = [(segment.low + k, at[0] + k) for k in range(size)]
        return [Match(parent, segment.low, segment.high, 1.0, sum(map(bits, needle)), pairs, True)]

    def _unmarked(self, post: int, segment: Segment) -> None:
        if (again := self.paragraphs.find(post, segment)) is not None:
            self._tie(post, segment.start, segment.end, again, "block", (), None)
            return
        zone, text = self.zones[post], self.bodies[post].text
        free = [(segment.low, segment.high)]
        for _ in range(TIMES):
            low, high = max(free, key=lambda part: (part[1] - part[0], -part[0]), default=(0, 0))
            if high - low < 4 or not (options := self._matches(post, low, high, marked=False)):
                return
            parts = sentences(
                text,
                zone.words,
                replace(segment, low=low, high=high, start=zone.words.starts[low], end=zone.words.ends[high - 1]),
            )
            candidates = [part for option in options for part in self._parts(post, option, segment, parts)]
            if segment.code:
                # Lines of code resemble each other because they do similar things; only nearly all of an ancestor's are a quotation.
                candidates = [each for each in candidates if self._same_code(post, segment, each)]
            chosen = best(candidates, post, segment, None, self.place)
            if chosen is None:
                self._refuse(post, segment, options)
                return
            whole = (chosen.low, chosen.high) == (segment.low, segment.high)
            if whole and chosen.coverage < SAME and (mixed := self._mixed(post, segment)) and mixed.coverage >= SAME:
                chosen = mixed
            start = segment.start if chosen.low == segment.low else zone.words.starts[chosen.low]
            end = (
                segment.end
                if chosen.high == segment.high
                else passage_end(text, zone.words.ends[chosen.high - 1], segment.end)
            )
            kind = "block" if whole or any(chosen.low == a for a, _ in parts) else "inline"
            self._tie(post, start, end, chosen, kind, candidates, None)
            free.remove((low, high))
            free += [part for part in ((low, chosen.low), (chosen.high, high)) if part[1] - part[0] >= 4]
            if not free:
                return

    def _parts(self, post: int, option: Match, segment: Segment, parts: list[tuple[int, int]]) -> list[Match]:
        """Resolve the whole stretch if a source covers it, else its longest run of whole sentences that one covers."""
        if self.place.same_author(post, option.post):
            # People repeat themselves; only many consecutive words, not at the end of the post, are a quotation.
            return [] if segment == self.zones[post].segments[-1] else self._clause(post, option)
        words, source = self.zones[post].words, self.zones[option.post].words
        whole = (option.low, option.high) == (segment.low, segment.high)
        if segment == self.zones[post].segments[-1] and option.weight < ENDING_BITS and self._ends(option):
            return []
        foreign = any(
            (inside := within(option, a, b, words, source)) is None or inside.coverage < STRANGE for a, b in parts
        )
        if whole and not foreign and accept_unmarked(option, post, self.place, whole=True):
            return [option]
        good: list[Match] = []
        run: list[tuple[int, int]] = []
        for part in [*parts, None]:
            inside = within(option, part[0], part[1], words, source) if part else None
            if part and inside and inside.coverage >= 0.75:
                run.append(part)
                continue
            if run:
                joined = within(option, run[0][0], run[-1][1], words, source)
                if joined and accept_unmarked(joined, post, self.place, whole=False):
                    good.append(joined)
                run = []
        return good or self._clause(post, option)

    def _refuse(self, post: int, segment: Segment, options: Sequence[Match]) -> None:
        """Record an unmarked stretch that a post covers in part, but not enough for a quotation."""
        near = best(options, post, segment, None, self.place)
        if near is not None and near.coverage >= NEAR:
            said = self.bodies[post].text[segment.start : segment.end]
            self.refused.append(Refusal(post, said, refusal_reason(post, near, options, None, self.place, self.thread)))

    def _same_code(self, post: int, segment: Segment, option: Match) -> bool:
        whole = (option.low, option.high) == (segment.low, segment.high) or option.weight >= ENDING_BITS
        return whole and option.coverage >= SAME and self.place.is_ancestor(option.post, post)

    def _ends(self, option: Match) -> bool:
        """Whether the words are the last ones of their source."""
        segments = self.zones[option.post].segments
        return bool(segments) and option.found[-1][1] >= segments[-1].high - 1

    def _clause(self, post: int, option: Match) -> list[Match]:
        """Match a long verbatim stretch in the middle of a sentence."""
        words, source = self.zones[post].words, self.zones[option.post].words
        best_run = (0, 0)
        start = 0
        found = option.found
        for n in range(1, len(found) + 1):
            if n == len(found) or found[n][0] != found[n - 1][0] + 1 or found[n][1] != found[n - 1][1] + 1:
                if n - start > best_run[1] - best_run[0]:
                    best_run = (start, n)
                start = n
        low, high = found[best_run[0]][0], found[best_run[1] - 1][0] + 1
        part = within(option, low, high, words, source)
        if part and part.exact and high - low >= 10 and part.weight >= 80:
            return [part]
        return []

    def _tie(
        self, post: int, start: int, end: int, chosen: Match, kind: str, options: Sequence[Match], named: int | None
    ) -> None:
        zone, said = self.zones[post], self.bodies[chosen.post].text
        quoted = spans(chosen.found, zone.words, self.bodies[post].text, self.zones[chosen.post].words, said)
        # Unmarked words that repeat a post elsewhere may be that post's source, or one person repeating themselves:
        # they also stay this post's own words, and a quotation of them leads to the post that it replies to.
        # So do changed words: a quotation of the changed form quotes the person who changed them.
        changed = len(chosen.found) < chosen.high - chosen.low
        if start in self._marks[post] or (self.place.is_ancestor(chosen.post, post) and not changed):
            zone.own[chosen.low : chosen.high] = bytes(chosen.high - chosen.low)
        others = sorted({option.post for option in options if option.post != chosen.post and option.coverage >= 0.5})
        runner_up = f"; also {', '.join(self.thread.posts[n].id for n in others[:3])}" if others else ""
        self.found[post].append(
            Quote(
                start=start,
                end=end,
                kind=kind,  # type: ignore[arg-type]  # both kinds come from literals above
                source=Passage(
                    thread=self.thread.id,
                    post=self.thread.posts[chosen.post].id,
                    spans=self.typed[chosen.post].passages(quoted),
                    text=" … ".join(said[a:b] for a, b in quoted),
                ),
                score=round(min(1.0, chosen.coverage), 3),
                tier=self.place.tier(post, chosen.post, named),
                reason=f"coverage {chosen.coverage:.2f}, {len(chosen.found)} words, {chosen.weight:.0f} bits{runner_up}",
            )
        )
