"""The archive's posts by year, as SVG for its front page: bars as wide as the page allows, with the same data as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from markupsafe import Markup
from msgspec import Struct

from rostra.i18n.catalogue import Catalogue
from rostra.render.pages.frame import trusted_html
from rostra.store.archive import Summary

FEWEST = 3
"""The least number of years for a chart."""
MOST = 60
"""How many years are drawn, the latest ones; if there are more, one bar shows all earlier years."""
HEIGHT = 72
"""The height of the highest bar in pixels."""


class Years(Struct, frozen=True, kw_only=True):
    """The picture, and the same as a list: a year, or the last one of the combined earlier years, and its posts."""

    picture: Markup
    rows: tuple[tuple[str, int], ...]


def years(threads: Iterable[Summary], words: Catalogue) -> Years | None:
    """Return the chart of an archive's years; None if there are too few."""
    counts: Counter[int] = Counter()
    for thread in threads:
        for year, posts in thread.years:
            counts[year] += posts
    if len(counts) < FEWEST:
        return None
    first, last = max(min(counts), max(counts) - MOST + 1), max(counts)
    before = sum(posts for year, posts in counts.items() if year < first)
    rows = [(str(year), counts[year]) for year in range(first, last + 1)]
    if before:
        rows.insert(0, (words.say("before %(year)s", year=first), before))
    # Years are numbers, and all other text is Rostra's own.
    return Years(picture=trusted_html("".join(_bars(rows, words))), rows=tuple(row for row in rows if row[1]))


def _bars(rows: list[tuple[str, int]], words: Catalogue) -> Iterator[str]:
    most = max(posts for _, posts in rows)
    told = ", ".join(f"{label}: {words.number(posts)}" for label, posts in rows if posts)
    yield (
        f'<svg class="years" role="img" aria-labelledby="years-title years-told" width="100%" height="{HEIGHT + 20}">'
        f'<title id="years-title">{words.say("Posts by year")}</title><desc id="years-told">{told}</desc>'
    )
    wide = 100 / len(rows)
    for n, (_, posts) in enumerate(rows):
        if posts:
            # A year with one post among years of thousands is still visible.
            high = max(2, round(HEIGHT * posts / most))
            yield f'<rect x="{n * wide:.4g}%" y="{HEIGHT - high}" width="{wide * 0.8:.4g}%" height="{high}"/>'
    yield f'<text y="{HEIGHT + 15}">{rows[0][0]}</text>'
    yield f'<text class="last" x="100%" y="{HEIGHT + 15}">{rows[-1][0]}</text></svg>'
