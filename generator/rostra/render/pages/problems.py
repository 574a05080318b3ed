"""Problems of a dump as readers see them: the kind in the site's language, the details in English."""

from __future__ import annotations

from msgspec import Struct

from rostra.i18n.catalogue import Catalogue, later
from rostra.model import Problem

ABOUT = {
    "bad-date": later("a date cannot be read"),
    "bad-field": later("a value cannot be read"),
    "bad-heading": later("a heading cannot be read"),
    "bad-line": later("a line cannot be read"),
    "bad-mime": later("the parts of a message cannot be told apart"),
    "bad-post": later("a post cannot be read"),
    "bad-range": later("a passage cannot be found"),
    "bad-row": later("a row cannot be read"),
    "bad-time": later("a time cannot be right"),
    "boosts": later("posts of others were passed on"),
    "conflict": later("two dumps contradict each other"),
    "earlier-version": later("an earlier version of a post is in the dump too"),
    "empty-section": later("nobody speaks in a section"),
    "encoding": later("the text is in another encoding than it should be"),
    "events": later("events that are not posts are left out"),
    "missing-opening": later("the opening post is missing"),
    "missing-post": later("a parent post is missing"),
    "more-replies": later("replies were not loaded"),
    "no-link": later("an address cannot be linked"),
    "no-headers": later("names and times are missing"),
    "no-posts": later("a page holds no post"),
    "no-structure": later("where posts begin cannot be told"),
    "not-html": later("a file is not a page"),
    "not-public": later("what was said was not public"),
    "other-rows": later("rows that are not posts are left out"),
    "page-header": later("text stands above the first section"),
    "repeated-id": later("an id occurs twice"),
    "repeated-post": later("a post occurs twice"),
    "ring": later("replies form a loop"),
    "stray-text": later("text belongs to no post"),
    "truncated": later("a file is cut short"),
    "unused-correction": later("a correction does not apply"),
    "unused-decision": later("a decision on a quotation does not apply"),
    "unused-note": later("nothing calls a footnote"),
}
"""Problems by their codes; a reader from another package may have its own codes."""


class ProblemView(Struct, frozen=True, kw_only=True):
    """A problem: ``about`` in the site's language, None if that is English; ``message`` in English."""

    about: str | None
    message: str
    post: str | None
    line: int | None


def problem_view(problem: Problem, words: Catalogue) -> ProblemView:
    """Return a problem as a page shows it."""
    known = ABOUT.get(problem.code)
    about = words.say(known) if known else None
    return ProblemView(
        about=about if about != known else None, message=problem.message, post=problem.post, line=problem.line
    )
