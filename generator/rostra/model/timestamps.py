"""Times for machines, which must be told one: when a text is known to have stood as it stands.

A post's own time comes first, then the day on which its dump was captured, then the latest time
that the dump holds, since it was made no earlier.  Where nothing is known, nothing is said.
Times are RFC 3339 in UTC to the second, so that they sort as text.
"""

from __future__ import annotations

from datetime import UTC, datetime

from rostra.model import Post, Thread
from rostra.system.lazy_regex import late

PLAIN = late(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def utc_time(time: str | None) -> str | None:
    """A time or day as a reader or card gives it; None where it is none.

    A day begins at midnight UTC.  A time without a zone says no more than its day.
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
    """When the thread is known to have stood as its dump has it; None where neither card nor dump tells."""
    latest = max(
        (at for post in thread.posts if (at := utc_time(post.raw.edited or post.raw.time))),
        default=None,
    )
    return utc_time(thread.source.captured) or latest


def updated(post: Post, captured: str | None) -> str | None:
    """When a post's words are known to have stood so; ``captured`` is its thread's."""
    raw = post.raw
    if post.history.revisions and not raw.edited and captured:
        return captured
    return utc_time(raw.edited) or utc_time(raw.time) or captured


def sortable_time(created: str) -> str:
    """An RFC 3339 time as text that sorts by instant, whatever its zone; one without a zone sorts as if it were UTC."""
    if created.endswith(("Z", "+00:00")):
        return created[:19]
    at = datetime.fromisoformat(created)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).isoformat()[:19]


def seconds(time: str | None) -> int | None:
    """An RFC 3339 time in seconds since 1970, one without a zone as if it were UTC; None where it is none."""
    if not time:
        return None
    try:
        at = datetime.fromisoformat(time)
    except ValueError:
        return None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
