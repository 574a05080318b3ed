"""GitHub's Markdown: Markdown in which an issue's number is a link to it, ``:tada:`` an emoji and ``- [x]`` a task."""

from __future__ import annotations

from functools import partial

from rostra.i18n.emoji import with_emoji
from rostra.markup import markdown
from rostra.markup.around_code import around_code
from rostra.markup.mathematics import DOLLARS, with_math
from rostra.system.lazy_regex import late

TASK = late(r"(<li>(?:\s*<p>)?)\[([ xX])\] ")
ISSUE = late(r"(?<![\w&/#])#(\d{1,9})\b")


def to_html(body: str) -> str:
    """Return HTML with footnotes as described in ``markup``; issue links are relative, to be resolved with the post's address."""
    html = with_math(body, DOLLARS, partial(markdown.to_html, html=True))
    html = TASK.sub(lambda found: f"{found[1]}{'☐' if found[2] == ' ' else '☑'} ", html) if "<li>" in html else html
    return around_code(html, _converted) if "#" in html or ":" in html else html


def _converted(text: str) -> str:
    return with_emoji(ISSUE.sub(r'<a href="../issues/\1">#\1</a>', text))
