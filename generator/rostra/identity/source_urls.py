"""Source URLs as keys: one post has one key, however it was linked.

Schemes, ``www.``, tracking parameters and titles differ from link to link; the key keeps what identifies the post.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from rostra.system.lazy_regex import late

HOSTS = {"old.reddit.com": "reddit.com", "np.reddit.com": "reddit.com", "new.reddit.com": "reddit.com", "m.reddit.com": "reddit.com"}  # fmt: skip
REDDIT = late(r"/(?:r/[^/]+/|u(?:ser)?/[^/]+/)?comments/([a-z0-9]+)(?:/[^/]*(?:/([a-z0-9]+))?)?/?$", re.IGNORECASE)
DISCOURSE = late(r"/t/(?:[^/\d][^/]*/|[^/]*-[^/]*/|-/)?(\d+)(?:/(\d+))?/?$")
GITHUB = late(r"/(?:issues|pull|discussions)/(\d+)")
NAMING = {"t", "p", "f", "id", "topic", "post", "tid", "pid", "threadid", "postid"}
"""Parameters that identify a post or topic; all others affect only how it is displayed."""
MESSAGE = late(r"[^\s<>@/]+@[^\s<>@/]+")
ARCHIVED = late(r"/([^/?#]+(?:@|%40)[^/?#]+)/?$")
POST = late(r"(?:p|post-?|post_|msg|comment-|issuecomment-|discussioncomment-|discussion_r|p-)\w+$")


def message_key(id: str | None) -> str | None:
    """Return the key of a message by its Message-ID, with or without brackets; None if it is not one."""
    plain = (id or "").strip().strip("<>")
    return f"mid:{plain}" if MESSAGE.fullmatch(plain) else None


def url_key(address: str) -> str | None:
    """Return the key of an absolute URL; None if it is not a web address.

    ``mid:`` (RFC 2392) and ``news:`` (RFC 5538) identify a message, and so do pages of archives whose
    address ends in its Message-ID.
    """
    scheme, _, rest = address.strip().partition(":")
    if scheme.lower() in ("mid", "news"):
        return message_key(unquote(rest))
    last = ARCHIVED.search(address)
    if last and (id := message_key(unquote(last[1]))):
        return id
    try:
        parts = urlsplit(address.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
    except ValueError:
        return None
    host = parts.hostname.lower().removeprefix("www.")
    host = HOSTS.get(host, host)
    path = parts.path
    if host == "redd.it":
        return f"reddit.com/{path.strip('/')}"
    if host == "reddit.com" and (found := REDDIT.search(path)):
        return "reddit.com/" + "/".join(part.lower() for part in found.groups() if part)
    if found := DISCOURSE.search(path):
        return f"{host}/t/{found[1]}" + (f"/{found[2]}" if found[2] and found[2] != "1" else "")
    path = GITHUB.sub(r"/issues/\1", path) if host == "github.com" else path
    naming = sorted((name, value) for name, value in parse_qsl(parts.query) if name.lower() in NAMING)
    query = "?" + "&".join(f"{name}={value}" for name, value in naming) if naming else ""
    fragment = f"#{parts.fragment}" if POST.match(parts.fragment) else ""
    return f"{host}{path.rstrip('/')}{query}{fragment}"
