"""Redacted words in the HTML of a post: the bar that replaces them gets a title in the site's language."""

from __future__ import annotations

from html import escape

from rostra.i18n.catalogue import Catalogue
from rostra.markup.elements import REDACTED
from rostra.model import Body


def redaction_tags(body: Body, words: Catalogue) -> dict[int, str]:
    """Return the tags that replace those before redacted words, by their indexes in ``body.tags``."""
    before = REDACTED[0]
    if not any(tag == before for _, tag in body.tags):
        return {}
    titled = f'{before[:-1]} title="{escape(words.say("Redacted by the publisher"), quote=True)}">'
    return {n: titled for n, (_, tag) in enumerate(body.tags) if tag == before}
