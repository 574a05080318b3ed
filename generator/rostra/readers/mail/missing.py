"""Messages that others answer and that the mailbox does not hold."""

from __future__ import annotations

from rostra.model import Problem, RawPost


def with_missing(posts: list[RawPost], parents: dict[str, str | None]) -> tuple[list[RawPost], list[Problem]]:
    """Return the posts, and one for each missing message."""
    lines = _first_below(posts, parents)
    present = {post.key for post in posts}
    absent = [key for key in parents if key not in present]
    missing = [RawPost(key=key, native_id=key, parent=parents[key], kind="missing", line=lines[key]) for key in absent]
    return [*posts, *missing], [
        Problem(
            code="missing-post",
            message=f"{post.key} is answered but is not in the mailbox",
            post=post.key,
            line=post.line,
        )
        for post in missing
    ]


def _first_below(posts: list[RawPost], parents: dict[str, str | None]) -> dict[str, int | None]:
    """Return, for each present or mentioned message, the line of the first message at or below it."""
    lines: dict[str, int | None] = {}
    for post in posts:
        key: str | None = post.key
        while key is not None and key not in lines:
            lines[key] = post.line
            key = parents.get(key)
    return lines
