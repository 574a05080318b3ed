"""Match the posts of two dumps of a debate, also if two tools number them differently."""

from __future__ import annotations

from difflib import SequenceMatcher

from msgspec.structs import replace

from rostra.i18n.plain_words import plain_words
from rostra.identity.ledger import TIMED, Traits, traits
from rostra.identity.post_matching import recognised
from rostra.markup import render
from rostra.model import Post, RawPost, Thread

ONE_NUMBERING = {"hackernews", "reddit", "stackexchange"}
"""Formats in which every tool gives the site's own ids: posts with different ids are different, even of one second."""
LIKE = 0.7
"""The similarity from which two texts of one author are one edited post."""
LONG = 12
"""The words that a text must have for that."""
STRANGE = 0.5
"""The similarity below which two texts of one author in the same position, one without an id in its source, are two posts."""


def counterparts(old: Thread, new: Thread) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Return the old post of each new post, and the counterparts of the old and of the new dump's missing posts.

    The first mapping is new id to old id.  The others map the id of a missing post to an id in the old dump.  Missing posts
    are matched by their id in the source, and by their replies.
    """
    one = old.source.format == new.source.format and new.source.format in ONE_NUMBERING
    found, alike = ({}, True) if one else _numbered(old, new)
    taken = set(found.values())
    held = {post.id: _traits(post, alike) for post in old.posts if post.raw.kind != "missing" and post.id not in taken}
    more = recognised([(post.id, _traits(post, alike)) for post in new.posts if post.id not in found], held)
    posts, rows = ({post.id: post.raw for post in thread.posts} for thread in (new, old))
    found |= {
        post: row
        for post, row in more.items()
        if not _strangers(posts[post], rows[row]) and not (one and _differ(posts[post], rows[row]))
    }
    found |= _edited(old, new, found, alike)
    natives = {post.raw.native_id: post.id for post in new.posts if post.raw.native_id and alike}
    below: dict[str, set[str | None]] = {}
    there = {row: post for post, row in found.items()}
    # The parent of a missing post is not known.
    parents = {post.id: post.parent for post in new.posts if post.raw.kind != "missing"}
    for post in old.posts:
        if post.parent and there.get(post.id) in parents:
            below.setdefault(post.parent, set()).add(parents[there[post.id]])
    same: dict[str, str] = {}
    for post in old.posts:
        if post.raw.kind == "missing":
            answered = below.get(post.id, set())
            here = natives.get(post.raw.native_id or "") or (answered.pop() if len(answered) == 1 else None)
            if here in found:
                same[post.id] = found[here]
            elif here:
                found[here] = post.id
    # Placeholders that nothing else distinguishes.
    rest = {
        post.id: traits(post)
        for post in old.posts
        if post.raw.kind == "missing" and post.id not in same and (alike or not post.raw.native_id)
    }
    for row in found.values():
        rest.pop(row, None)
    lacked = [
        (post.id, traits(post))
        for post in new.posts
        if post.id not in found and post.raw.kind == "missing" and (alike or not post.raw.native_id)
    ]
    found |= recognised(lacked, rest)
    return found, same, _answered(old, new, found)


def _differ(here: RawPost, there: RawPost) -> bool:
    """Whether both have an id in their source, and not the same."""
    return bool(here.native_id and there.native_id) and here.native_id != there.native_id


def _answered(old: Thread, new: Thread, found: dict[str, str]) -> dict[str, str]:
    """Return, for each post missing from the new dump, the common parent of its replies in the old dump."""
    held = {post.id: post for post in old.posts}
    lacked = {post.id for post in new.posts if post.raw.kind == "missing"} - found.keys()
    above: dict[str, set[str | None]] = {}
    for post in new.posts:
        if post.parent in lacked:
            row = held.get(found.get(post.id, ""))
            # The parent of a missing post is not known.
            known = row.parent if row and row.raw.kind != "missing" else None
            above.setdefault(post.parent or "", set()).add(known)
    return {
        post: parent
        for post, (parent, *others) in above.items()
        if parent and not others and held[parent].raw.kind != "missing"
    }


def _numbered(old: Thread, new: Thread) -> tuple[dict[str, str], bool]:
    """Match posts that are equal word for word but numbered differently; say whether most are numbered alike.

    Two tools may both count from 1 and mean different posts.
    """
    here, there = _by_words(new), _by_words(old)
    both = [(here[said], there[said]) for said in here if said in there]
    differ = [(a, b) for a, b in both if a.raw.native_id != b.raw.native_id]
    alike = len(differ) * 2 <= len(both)
    # If both number like the source, the same words at another time are another post.
    same = [(a, b) for a, b in differ if not alike or (a.raw.created and traits(a).moment == traits(b).moment)]
    return {a.id: b.id for a, b in same}, alike


def _by_words(thread: Thread) -> dict[tuple[str, str], Post]:
    """Return the posts whose words and author are unique, by these."""
    found: dict[tuple[str, str], list[Post]] = {}
    for post in thread.posts:
        if post.raw.native_id and post.raw.author and len(words := traits(post).words) == TIMED:
            found.setdefault((words, post.raw.author.name), []).append(post)
    return {said: posts[0] for said, posts in found.items() if len(posts) == 1}


def _traits(post: Post, alike: bool) -> Traits:
    known = traits(post)
    return known if alike else replace(known, native="")


def _edited(old: Thread, new: Thread, found: dict[str, str], alike: bool) -> dict[str, str]:
    """Match posts numbered differently by two tools and edited between the dumps: similar texts of one author."""
    taken = set(found.values())
    by_author: dict[str, list[tuple[str, bool, list[str]]]] = {}
    for post in old.posts:
        if post.id not in taken and post.raw.kind != "missing" and len(words := post_words(post.raw)) >= LONG:
            who = post.raw.author.name if post.raw.author else ""
            by_author.setdefault(who, []).append((post.id, post.raw.native_id is None, words))
    more: dict[str, str] = {}
    for post in new.posts:
        # An unnamed author may be anybody.
        names = (post.raw.author.name, "") if post.raw.author else by_author
        rows = [row for name in names for row in by_author.get(name, ())]
        if not rows or post.id in found or len(words := post_words(post.raw)) < LONG:
            continue
        bare = post.raw.native_id is None
        likes = [
            (_likeness(words, said), row)
            for row, unnumbered, said in rows
            if (bare or unnumbered or not alike) and row not in more.values()
        ]
        if likes and max(likes)[0] >= LIKE:
            more[post.id] = max(likes)[1]
    return more


def _strangers(post: RawPost, row: RawPost) -> bool:
    """Whether a post in the position of another is a different post: one disappeared, and one was added."""
    if (post.native_id and row.native_id) or post.body == row.body:
        return False
    words, said = post_words(post), post_words(row)
    return min(len(words), len(said)) >= LONG and _likeness(words, said) < STRANGE


def _likeness(words: list[str], said: list[str]) -> float:
    """Return the similarity of two texts; 1 if one contains the other."""
    matcher = SequenceMatcher(None, words, said, autojunk=False)
    whole = matcher.find_longest_match().size == min(len(words), len(said))
    return 1 if whole else matcher.ratio()


def post_words(raw: RawPost) -> list[str]:
    """Return the words of a post as displayed."""
    return plain_words(render(raw.body, raw.dialect).text)
