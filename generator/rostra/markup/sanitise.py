"""An allow-list of tags, attributes and link schemes; what is not named does not come out."""

from __future__ import annotations

import re

import nh3

from rostra.markup.shallow import shallow
from rostra.system.lazy_regex import late
from rostra.system.web_address import SCHEMES

ATTRIBUTES = {
    "a": {"href", "title", "data-note"},
    "aside": {"data-note"},
    "blockquote": {"data-author", "data-post", "data-thread", "data-url"},
    "code": {"class"},
    "details": {"open"},
    "img": {"src", "alt", "title"},
    "ol": {"start", "reversed", "data-kind"},
    "p": {"data-kind"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "abbr": {"title"},
    "bdo": {"dir"},
}
# Everything a post may carry a direction or language on; the rest of its attributes go.
for _tag in ("p", "blockquote", "li", "span", "div", "h1", "h2", "h3", "h4", "h5", "h6"):
    ATTRIBUTES.setdefault(_tag, set()).update({"dir", "lang"})

TAGS = {
    "a", "abbr", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "dfn", "div",
    "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "ol", "p", "pre", "q",
    "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
    "time", "tr", "u", "ul", "var",
}  # fmt: skip

CONTROL = late(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|&#0*(?:x0*)?(?:[0-9a-f]|1[0-9a-f]|2[0-9]|3[01])(?:;|\b)",
    re.IGNORECASE,
)
"""What XML allows in no text (XML 1.0, 2.2), as it stands or as a reference to it."""
SPACES = {"&#9": "\t", "&#x9": "\t", "&#10": "\n", "&#xa": "\n", "&#13": "\n", "&#xd": "\n"}


def writable(html: str) -> str:
    """HTML that a parser reads in linear time, without what it then refuses to write."""
    return CONTROL.sub(lambda found: SPACES.get(found[0].lower().rstrip(";"), " "), shallow(html))


_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes=set(SCHEMES),
    link_rel="nofollow ugc noopener noreferrer",
    strip_comments=True,
    clean_content_tags={"script", "style", "template", "iframe", "object", "noscript"},
)


def clean(html: str) -> str:
    """Well-formed HTML with nothing in it that runs, loads or styles itself."""
    return _cleaner.clean(shallow(html))
