"""Formulas in a page: MathML, with the TeX beside it for search, selection and quotation marks; else the TeX as code."""

from __future__ import annotations

from rostra.markup.mathematics import MOST, mathml
from rostra.model import Body

MATH = '<code class="math'


def formulas(body: Body) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    """Return the tags that replace those of formulas, by their indexes, and what precedes and follows tags."""
    tags, before, after = dict[int, str](), dict[int, str](), dict[int, str]()
    for n, (at, tag) in enumerate(body.tags):
        if not tag.startswith(MATH) or len(after) >= MOST:
            continue
        end = next((m for m in range(n + 1, len(body.tags)) if body.tags[m][1] == "</code>"), n)
        made = mathml(body.text[at : body.tags[end][0]], display="display" in tag)
        if made is None:
            continue
        tags[n], tags[end] = '<span class="formula">', "</span>"
        after[n], before[end] = f'{made}<span class="unseen" aria-hidden="true">', "</span>"
    return tags, before, after
