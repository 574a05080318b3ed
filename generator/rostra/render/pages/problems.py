"""Problems of a dump as readers see them: the kind in the site's language, the details in English."""

from __future__ import annotations

from msgspec import Struct

from rostra.i18n.catalogue import Catalogue, later
from rostra.model import Problem

ABOUT = {
    "alternatives": later("the two forms of a message differ"),
    "bad-date": later("a date cannot be read"),
    "bad-field": later("a value cannot be read"),
    "bad-heading": later("a heading cannot be read"),
    "bad-line": later("a line cannot be read"),
    "bad-mime": later("the parts of a message cannot be separated"),
    "bad-post": later("a post cannot be read"),
    "bad-range": later("a passage cannot be found"),
    "bad-row": later("a row cannot be read"),
    "bad-time": later("a time is unclear or impossible"),
    "boosts": later("boosted posts of others are not in the dump"),
    "by-rule": later("posts are left out by a rule of the publisher"),
    "conflict": later("two dumps contradict each other"),
    "earlier-revisions": later("earlier versions of a page are in the dump too"),
    "earlier-version": later("an earlier version of a post is in the dump too"),
    "empty-post": later("a post has no text"),
    "empty-section": later("a section has no posts"),
    "encoding": later("the text is not in the expected encoding"),
    "events": later("events that are not posts are left out"),
    "fewer-posts": later("the source counts more posts than the dump has"),
    "flat-thread": later("the parent posts of replies are unknown"),
    "left-out": later("something is left out"),
    "lost-words": later("words of a post are not shown"),
    "missing-opening": later("the opening post is missing"),
    "missing-post": later("a parent post is missing"),
    "more-replies": later("replies were not loaded"),
    "no-archive": later("an author asked that a post not be archived"),
    "no-date": later("a message has no readable date"),
    "no-headers": later("names and times are missing"),
    "no-link": later("an address cannot be linked"),
    "no-posts": later("a page has no post"),
    "no-structure": later("it is not certain where posts begin"),
    "no-zone": later("a time has no zone"),
    "not-html": later("a file is not a page"),
    "not-public": later("posts were not public"),
    "other-rows": later("rows that are not posts are left out"),
    "page-around": later("the page has text besides its posts"),
    "page-header": later("there is text above the first section"),
    "refused": later("a file is not read"),
    "removed-words": later("words of a removed post are in the dump, which is not published"),
    "repeated-id": later("an id occurs twice"),
    "repeated-post": later("a post occurs twice"),
    "replaced": later("characters are replaced"),
    "ring": later("replies form a loop"),
    "signature": later("a signature is not shown"),
    "stray-text": later("text belongs to no post"),
    "too-deep": later("a page is nested too deeply"),
    "too-long": later("a text is too long"),
    "truncated": later("a file is truncated"),
    "unexplained-lines": later("it is not certain to which post some lines belong"),
    "unread": later("part of the dump is not read"),
    "unsure-names": later("authors' names are not certain"),
    "unused-correction": later("a correction does not apply"),
    "unused-decision": later("a decision on a quotation does not apply"),
    "unused-note": later("a footnote has no reference"),
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
