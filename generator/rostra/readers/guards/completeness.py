"""Compare what a source says about its posts with what was read: counts, lists of ids, empty posts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from rostra.model import Declared, Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.guards.unpublished import Choice
from rostra.readers.records.record_search import holds_words

FEWER = "fewer-posts"
"""The code of problems that a later dump may resolve."""
REMOVED = "removed-words"
"""The code of problems about posts that were removed and whose words are in the dump."""
HELD_BACK = frozenset({"not-approved", REMOVED, "taken-out"})
"""The codes of problems of dumps that have words which moderators or authors took out, so that they are not published."""
GONE = frozenset({"deleted", "removed"})
"""The kinds of posts that are shown without words."""
PLACES = 100
"""How many missing posts get a placeholder each; one placeholder represents the rest."""


def absent(ids: Iterable[str], parent: str | None, problems: list[Problem]) -> list[RawPost]:
    """Return placeholders for posts that the source names and the dump does not hold; append a problem for each."""
    keys = list(dict.fromkeys(ids))
    found = [RawPost(key=key, native_id=key, parent=parent, kind="missing") for key in keys[:PLACES]]
    problems += (
        Problem(code="missing-post", message=f"the source names {key}, which is not in the dump", post=key)
        for key in keys[:PLACES]
    )
    if (rest := len(keys) - PLACES) > 0:
        key = f"more-{parent}"
        found.append(RawPost(key=key, parent=parent, kind="missing", hidden=rest))
        message = f"the source names {rest} more posts, which are not in the dump"
        problems.append(Problem(code="missing-post", message=message, post=key))
    return found


def distinct(posts: Sequence[RawPost]) -> list[RawPost]:
    """Return posts without duplicates; most threads have none, which their keys tell quicker than whole posts."""
    return list(posts if len({post.key for post in posts}) == len(posts) else dict.fromkeys(posts))


def once(posts: Sequence[RawPost]) -> list[RawPost]:
    """Return posts without duplicates, which overlapping pages contain; the highest of their counts applies."""
    if len({post.key for post in posts}) == len(posts):
        return list(posts)
    found: dict[RawPost, RawPost] = {}
    for post in posts:
        bare = replace(post, declared=None) if post.declared else post
        before = found.get(bare)
        if before is None or _highest(post) > _highest(before):
            found[bare] = post
    return list(found.values())


def _highest(post: RawPost) -> int:
    return max(post.declared.answers or 0, post.declared.below or 0) if post.declared else 0


def is_empty(post: RawPost) -> bool:
    """Whether a post has no text, no attachments and no note such as "Approved", and was not deleted."""
    return (not post.body or post.body.isspace()) and post.kind == "post" and not post.attachments and not post.note


def empty_post(post: RawPost) -> Problem:
    """Return the problem of a post without text."""
    return Problem(
        code="empty-post",
        message="this post has no text",
        post=post.key,
        line=post.line,
        hint="look at it in the dump; report it if it has text there",
    )


def removed_words(post: RawPost, *values: dict[str, Any]) -> Problem | None:
    """Return the problem of a post that was removed and whose words are in its ``values`` all the same."""
    if post.kind == "post" or not any(map(holds_words, values)):
        return None
    message = "its source removed this post, whose words are in the dump; the dump is not published"
    return Problem(code=REMOVED, message=message, post=post.key, line=post.line)


def empty(posts: Sequence[RawPost], *, known: bool) -> Iterator[Problem]:
    """Yield problems for empty posts; if their records are ``known``, only if all posts of a thread are empty."""
    found = [post for post in posts if is_empty(post)]
    if not known or (
        len(found) == sum(post.kind == "post" for post in posts) and not all(post.title for post in found)
    ):
        yield from map(empty_post, found)


def fewer(posts: Sequence[RawPost], had: Iterable[Problem] = ()) -> Iterator[Problem]:
    """Yield problems for posts with fewer replies than the source counts, except those that ``had`` already covers."""
    if not any(post.declared for post in posts):
        return
    said = {problem.post for problem in had if problem.code == FEWER}
    answers, below = _counted(posts)
    for post in posts:
        if post.declared is None or post.key in said:
            continue
        for what, declared, here in (
            ("replies to it", post.declared.answers, answers.get(post.key, 0)),
            ("posts below it", post.declared.below, below.get(post.key, 0)),
        ):
            if declared is not None and declared > here:
                message = f"its source counts {declared} {what}; {here} are here or have a placeholder"
                yield Problem(
                    code=FEWER, message=message, post=post.key, line=post.line, hint="export the rest if it exists"
                )
                break


def without_omitted(thread: RawThread, whole: RawThread) -> RawThread:
    """Return a published part of a thread; the counts that its source declares are less by the posts that are left out."""
    if thread is whole or len(thread.posts) == len(whole.posts) or not any(post.declared for post in thread.posts):
        return thread
    before = _counted([post for post in whole.posts if isinstance(post, RawPost)])
    after = _counted(thread.posts)
    posts = tuple(
        replace(
            post,
            declared=_reduced(
                post.declared, *(b.get(post.key, 0) - a.get(post.key, 0) for b, a in zip(before, after, strict=True))
            ),
        )
        if post.declared
        else post
        for post in thread.posts
    )
    return replace(thread, posts=posts)


def _reduced(declared: Declared, answers: int, below: int) -> Declared:
    return Declared(
        answers=declared.answers - answers if declared.answers else declared.answers,
        below=declared.below - below if declared.below else declared.below,
    )


def _weight(post: RawPost) -> int:
    """How many posts of the source it represents."""
    return post.hidden or int(post.kind != "missing" or post.native_id is not None)


def _counted(posts: Sequence[RawPost]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the number of replies and of descendants of each post; posts in a cycle have none.

    All others are below an opening post, also replies to a missing one.
    """
    weights = {post.key: _weight(post) for post in posts}
    children: dict[str | None, list[str]] = {}
    for post in posts:
        children.setdefault(post.parent if post.parent in weights else None, []).append(post.key)
    order: dict[str, None] = {}
    stack = list(children.get(None, ()))
    while stack:
        # Two posts may have one key, so that a post is below itself.
        if (key := stack.pop()) not in order:
            order[key] = None
            stack.extend(children.get(key, ()))
    answers = {key: sum(weights[each] for each in found) for key, found in children.items() if key is not None}
    below: dict[str, int] = {}
    for key in reversed(order):
        below[key] = sum(weights[each] + below.get(each, 0) for each in children.get(key, ()))
    whole = sum(weights.values())
    below |= {post.key: whole - weights[post.key] for post in posts if post.parent is None}
    return answers, below


def checked(thread: RawThread, dump: Dump) -> RawThread:
    """Return a normalised thread without the words of removed posts, with problems for what it lacks."""
    thread = _without_removed(thread)
    said = {problem.post for problem in thread.problems if problem.code == "empty-post"}
    bare = (each for each in empty(thread.posts, known=dump.audit.used) if each.post not in said)
    lost = (*bare, *fewer(thread.posts))
    return replace(thread, problems=(*thread.problems, *lost)) if lost else thread


def _without_removed(thread: RawThread) -> RawThread:
    """Return the thread without the texts and files of posts that were removed, with a problem for each text."""
    gone = [post for post in thread.posts if post.kind in GONE and (post.body or post.attachments)]
    if not gone:
        return thread
    said = {problem.post for problem in thread.problems if problem.code == REMOVED}
    found = (removed_words(post, {"body": post.body}) for post in gone if post.key not in said)
    posts = (replace(post, body="", attachments=()) if post.kind in GONE else post for post in thread.posts)
    return replace(thread, posts=tuple(posts), problems=(*thread.problems, *filter(None, found)))


def accounted(
    found: Iterator[Any], dump: Dump, choice: Choice, rest: Callable[[Dump], Iterable[Problem]] = lambda _: ()
) -> Iterator[tuple[Any, tuple[Problem, ...]]]:
    """Yield a reader's threads as far as they are published, with the problems of the files read in the meantime.

    Each thread is yielded once the next is read; the last one has the problems of what is left out, and the
    ``rest`` of the dump's problems.  An exception of the reader is raised after all threads before it.
    """
    held: list[Any] = []
    raised: Exception | None = None
    while True:
        try:
            given = next(found)
        except StopIteration:
            break
        except Exception as error:  # noqa: BLE001  # raised below
            raised = error
            break
        if isinstance(given, RawThread):
            dump.audit.show(given)
            if (public := choice.of(given)) is None:
                continue
            given = without_omitted(public, given)
        if held:
            yield held.pop(), tuple(dump.audit.told())
        held.append(given)
    told = (*dump.audit.end(), *rest(dump)) if raised is None else tuple(dump.audit.told())
    dump.withheld = tuple(choice.problems())
    if held:
        yield held.pop(), (*told, *dump.withheld)
    elif dump.withheld:
        # No thread is left that could report what was not read.
        dump.withheld = (*dump.withheld, *told)
    if raised is not None:
        raise raised
