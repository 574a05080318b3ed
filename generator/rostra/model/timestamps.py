"""Times for formats that require one: since when a text is known to have had its present wording.

A post's own time is used first, then the day on which its dump was captured, then the latest time in the dump, since
the dump was made no earlier.  If nothing is known, there is no time.
Times are RFC 3339 in UTC to the second, so that they sort as text.
"""

from __future__ import annotations

from datetime import UTC, datetime

from rostra.model import Post, Thread
from rostra.system.lazy_regex import late

PLAIN = late(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def utc_time(time: str | None) -> str | None:
    """Return the UTC time of a time or day from a reader or card; None if it is neither.

    A day begins at midnight UTC.  Of a time without a zone, only the day is used.
    """
    if not time:
        return None
    if PLAIN.fullmatch(time):
        return time
    try:
        at = datetime.fromisoformat(time)
        at = datetime(at.year, at.month, at.day, tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at.isoformat()[:19] + "Z"


def captured(thread: Thread) -> str | None:
    """Return a time at which the thread is known to have had the text of its dump; None if neither card nor dump gives one."""
    latest = max(
        (at for post in thread.posts if (at := utc_time(post.raw.edited or post.raw.time))),
        default=None,
    )
    return utc_time(thread.source.captured) or latest


def updated(post: Post, captured: str | None) -> str | None:
    """Return a time at which a post is known to have had these words; ``captured`` is that of its thread."""
    raw = post.raw
    if post.history.revisions and not raw.edited and captured:
        return captured
    return utc_time(raw.edited) or utc_time(raw.time) or captured


def sortable_time(created: str) -> str:
    """Return an RFC 3339 time as text that sorts by instant, whatever its zone; one without a zone sorts as if it were UTC."""
    if created.endswith(("Z", "+00:00")):
        return created[:19]
    at = datetime.fromisoformat(created)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()[:19]


def seconds(time: str | None) -> int | None:
    """Return an RFC 3339 time in seconds since 1970, one without a zone as if it were UTC; None if it is not a time."""
    if not time:
        return None
    try:
        at = datetime.fromisoformat(time)
    except ValueError:
        return None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
