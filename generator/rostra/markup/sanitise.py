"""An allow-list of tags, attributes and link schemes; everything else is removed."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256

import nh3

from rostra.markup.elements import TRANSPARENT
from rostra.markup.shallow import shallow
from rostra.system.lazy_regex import late
from rostra.system.web_address import SCHEMES

ATTRIBUTES = {
    "a": {"href", "title", "data-note"},
    "aside": {"data-note", "data-label", "data-heading"},
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
# Every element of a post may have a direction or language; other attributes are removed.
for _tag in ("p", "blockquote", "li", "span", "div", "h1", "h2", "h3", "h4", "h5", "h6"):
    ATTRIBUTES.setdefault(_tag, set()).update({"dir", "lang"})

TAGS = {
    "a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "dfn",
    "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "ol", "p", "pre", "q",
    "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
    "time", "tr", "u", "ul", "var",
} | TRANSPARENT  # fmt: skip

CONTROL = late(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
    r"|&#(?:0*(?:[0-9]|[12][0-9]|3[01])(?![0-9])|x0*1?[0-9a-f](?![0-9a-f]));?",
    re.IGNORECASE,
)
"""Characters that XML forbids in text (XML 1.0, 2.2), literally or as a reference."""
SPACES = {"&#9": "\t", "&#x9": "\t", "&#10": "\n", "&#xa": "\n", "&#13": "\n", "&#xd": "\n"}


def writable(html: str) -> str:
    """Return HTML that a parser reads in linear time, without characters that it then refuses to write."""
    return CONTROL.sub(lambda found: SPACES.get(found[0].lower().rstrip(";"), " "), shallow(html))


PART, CONTENT = "cid:", "data:"
"""The beginnings of addresses that lead to a part of the same message, or contain the picture itself."""
STRIPPED = late(r"[\x00-\x20]+")
EMBEDDED = "cid:{}@body"
"""The address of a picture that the body itself contains, with the SHA-256 of its ``data:`` address as hexadecimal digits."""


@cache
def _cleaner(*, pictures: bool) -> nh3.Cleaner:
    """Return the sanitiser; with ``pictures``, images keep addresses of parts, and a digest instead of their bytes."""
    return nh3.Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={*SCHEMES, "cid", "data"} if pictures else set(SCHEMES),
        link_rel="nofollow ugc noopener noreferrer",
        strip_comments=True,
        clean_content_tags={"script", "style", "template", "iframe", "object", "noscript"},
        attribute_filter=_pictured if pictures else None,
    )


def _pictured(tag: str, name: str, value: str) -> str | None:
    if name not in ("href", "src"):
        return value
    # Browsers strip these from an address before they look at its scheme (URL Standard, 4.4).
    bare = value if value.isprintable() and " " not in value else STRIPPED.sub("", value)
    if not bare.lower().startswith((PART, CONTENT)):
        return value
    if (tag, name) != ("img", "src"):
        return None
    return bare if bare.lower().startswith(PART) else embedded(bare)


def embedded(address: str) -> str:
    """Return the address that replaces a ``data:`` address in a rendered body."""
    return EMBEDDED.format(sha256(STRIPPED.sub("", address).encode("utf-8", "surrogatepass")).hexdigest())


def clean(html: str) -> str:
    """Return well-formed HTML without scripts, styles or automatic loading."""
    # Lower case makes this search ten times as fast as one without regard to case.
    lower = html.lower()
    return _cleaner(pictures=PART in lower or CONTENT in lower).clean(shallow(html))
