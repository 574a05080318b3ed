"""Merge several dumps of one debate: from different times or tools, or overlapping parts.

Nothing is lost and nothing duplicated: new posts are added, an edited post keeps its earlier wording as a
revision, a post that is missing from a later dump stays and says so.  If two dumps contradict each
other, the later one is shown, and a problem names both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from msgspec.structs import replace

from rostra.identity.file_names import moved_beside, path_key
from rostra.identity.permalinks import digest, post_ids
from rostra.model import History, Post, Problem, RawPost, RawThread, Revision, Source, Thread
from rostra.model.thread import renamed
from rostra.model.timestamps import sortable_time
from rostra.readers.guards.completeness import FEWER, fewer
from rostra.readers.guards.page_numbers import ABSENT
from rostra.threads.assemble import assemble
from rostra.threads.match_posts import counterparts, post_words

SAME = 0.97
"""The similarity, by words, from which two tools have read the same wording."""


def order(thread: Thread) -> tuple[str, str]:
    """Return the sort key of dumps, later ones last: the day of capture given by the card, then the name."""
    return thread.source.captured or "", thread.source.path


def unpublished(thread: Thread, dump: str | None = None) -> Thread:
    """Return the thread without the published copy of a dump, or of all its dumps if none is named."""

    def source(of: Source) -> Source:
        return replace(of, published=None) if dump in (None, of.path) else of

    return replace(thread, source=source(thread.source), others=tuple(map(source, thread.others)))


def by_nature(thread: Thread) -> Thread:
    """Return the thread with the post ids that it has without a ledger, so that the merge does not depend on earlier builds."""
    ids = post_ids([post.raw for post in thread.posts])
    return renamed(thread, dict(zip((post.id for post in thread.posts), ids, strict=True)))


def apart(parts: Mapping[str, Thread], *ids: str) -> dict[str, Thread]:
    """Return the threads of a debate's dumps, each dump published at a unique address, also if two have the same name.

    ``ids`` are those of the debate, the current one first: dumps published beside it use that one, whichever was read first.
    """
    found, taken = {}, set[str]()
    current, *before = ids
    for dump, thread in sorted(parts.items()):
        published = thread.source.published
        for id in (thread.id, *before):
            published = moved_beside(published, id, current)
        folder, _, name = (published or "").rpartition("/")
        count = 1
        while published and path_key(published) in taken:
            # Names that differ only in their Unicode composition have the same digest.
            published = f"{folder}/{digest(dump) if count == 1 else digest(dump, str(count))}-{name}"
            count += 1
        taken.add(path_key(published or ""))
        found[dump] = replace(thread, source=replace(thread.source, published=published))
    return found


def merge_dumps(threads: Sequence[Thread]) -> Thread:
    """Merge the threads of several dumps of a debate; the result does not depend on their order."""
    first, *later = sorted(threads, key=order)
    for thread in later:
        first = _joined(first, thread)
    return first


def _joined(old: Thread, new: Thread) -> Thread:
    raws = {post.id: replace(post.raw, key=post.id, id=post.id, parent=post.parent) for post in old.posts}
    histories = {post.id: post.history for post in old.posts}
    found, same, answered = counterparts(old, new)
    for lacked in same:
        del raws[lacked]
    for key, raw in raws.items():
        raws[key] = replace(raw, parent=same.get(raw.parent or "", raw.parent))
    places = _places(new.posts, {**found, **answered}, raws)
    problems = [*old.problems]
    for post in new.posts:
        if post.id in answered:
            continue
        key = places[post.id]
        raw = replace(post.raw, key=key, id=key, parent=places[post.parent] if post.parent else None)
        if post.id in found:
            histories[key] = _told(raws[key], raw, (histories[key], post.history), old.source, new.source)
            raws[key] = _newer(raws[key], raw, old.source, new.source, problems)
        else:
            raws[key], histories[key] = raw, post.history
    openings = {same.get(old.posts[0].id, old.posts[0].id), places[new.posts[0].id]}
    _mark_vanished(old, new, found, histories)
    _count_hidden(old, new, found, places, raws)
    known = {(p.code, p.message) for p in problems}
    problems += [
        replace(p, post=places.get(p.post, p.post) if p.post else None)
        for p in new.problems
        if (p.code, p.message) not in known
    ]
    # The other dump may contain a post that is missing from this one.
    gaps = {"missing-post", "missing-opening"}
    absent = _pages(old) & _pages(new)
    raw_thread = RawThread(
        native_id=new.native_id or old.native_id,
        flat=old.flat and new.flat,
        posts=tuple(_rooted(raws, openings)),
        problems=tuple(
            p
            for p in problems
            if p.code != FEWER
            and (p.code != ABSENT or p.message in absent)
            and (p.code not in gaps or (p.post in raws and raws[p.post].kind == "missing"))
        ),
    )
    raw_thread = replace(raw_thread, problems=(*raw_thread.problems, *fewer(raw_thread.posts)))
    # A part without the opening post does not have the debate's title.
    named, other = (new, old) if _has_opening(new) or not _has_opening(old) else (old, new)
    made = assemble(raw_thread, id=old.id, title=named.title or other.title, source=new.source, histories=histories)
    return replace(
        made,
        url=named.url or other.url,
        licence=new.licence or old.licence,
        tags=tuple(dict.fromkeys((*old.tags, *new.tags))),
        language=new.language or old.language,
        others=(*old.others, old.source),
        corrected=new.corrected or old.corrected,
    )


def _pages(thread: Thread) -> set[str]:
    """Return what is said of pages that a dump does not hold; another dump may hold them."""
    return {problem.message for problem in thread.problems if problem.code == ABSENT}


def _has_opening(thread: Thread) -> bool:
    return bool(thread.posts) and thread.posts[0].raw.kind != "missing"


def _places(posts: Sequence[Post], found: dict[str, str], raws: dict[str, RawPost]) -> dict[str, str]:
    """Return the key of each new post in the merged thread: that of its counterpart, else a new one."""
    places = dict(found)
    taken = set(raws)
    for post in posts:
        if post.id not in places:
            key, count = post.id, 1
            while key in taken:
                count += 1
                key = f"{post.id}-{count}"
            places[post.id] = key
            taken.add(key)
    return places


def _rooted(raws: dict[str, RawPost], openings: set[str]) -> list[RawPost]:
    """Return the posts without opening posts that were supplied for one dump and that the other makes unnecessary."""
    raws = dict(raws)
    below: dict[str, set[str]] = {}
    for key, raw in raws.items():
        below.setdefault(raw.parent or "", set()).add(key)
    supplied = [key for key, raw in raws.items() if raw.kind == "missing" and not raw.native_id and not raw.hidden]
    while supplied:
        key = supplied.pop()
        answers, parent = below.get(key, set()), raws[key].parent
        if not answers or (parent is None and len(answers) == 1 and answers <= openings):
            for answer in answers:
                raws[answer] = replace(raws[answer], parent=None)
            del raws[key]
            # Its parent may be unnecessary now as well.
            below.get(parent or "", set()).discard(key)
            if parent in raws and parent not in supplied and raws[parent].kind == "missing":
                supplied += [parent] if not raws[parent].native_id and not raws[parent].hidden else []
    return list(raws.values())


def _newer(old: RawPost, new: RawPost, before: Source, after: Source, problems: list[Problem]) -> RawPost:
    """Merge a post of both dumps; the later one takes precedence."""
    if old.kind == "missing":
        return _answering(new, new, old)
    if new.kind in ("missing", "deleted", "removed") and old.kind == "post":
        return _answering(old, old, new)
    for what, here, there in (
        ("author", old.author and old.author.name, new.author and new.author.name),
        ("time", old.created and sortable_time(old.created), new.created and sortable_time(new.created)),
        ("parent", old.parent, new.parent),
    ):
        if here and there and here != there:
            problems.append(
                Problem(
                    code="conflict",
                    message=f"its {what} is {here} in {before.path} and {there} in {after.path}; the second is shown",
                    post=new.key,
                    line=new.line,
                    hint="a correction in a card decides which is right",
                )
            )
    body, dialect = new.body, new.dialect
    if (new.dialect == "text" or not new.body.strip()) and _same_words(old, new):
        # The displayed text has lost markup that the source kept.
        body, dialect = old.body, old.dialect
    return replace(
        _answering(new, new, old),
        native_id=new.native_id or old.native_id,
        author=new.author or old.author,
        created=new.created or old.created,
        created_local=None if new.created or old.created else new.created_local or old.created_local,
        created_text=new.created_text or old.created_text,
        edited=new.edited or old.edited,
        score=new.score if new.score is not None else old.score,
        reactions=new.reactions or old.reactions,
        url=new.url or old.url,
        title=new.title or old.title,
        body=body,
        dialect=dialect,
        stance=new.stance or old.stance,
        note=new.note or old.note,
        attachments=new.attachments or old.attachments,
        copies=max(old.copies, new.copies),
        declared=new.declared or old.declared,
    )


def _told(old: RawPost, new: RawPost, both: tuple[History, History], before: Source, after: Source) -> History:
    """Merge what is known of a post from both dumps; ``both`` are its histories, the earlier dump's first."""
    was, now = both
    if old.kind == "missing":
        return now
    if new.kind in ("missing", "deleted", "removed") and old.kind == "post":
        return replace(was, vanished=None if new.kind == "missing" else after.captured or after.path)
    revisions = was.revisions
    if old.body.strip() and not _same_words(old, new):
        wording = Revision(body=old.body, dialect=old.dialect, source=before.captured or before.path)
        revisions = (*revisions, wording)
    return History(
        revisions=revisions,
        vanished=now.vanished,
        readings=(*was.readings, *now.readings),
        holds=tuple(dict.fromkeys((*was.holds, *now.holds))),
    )


def _answering(raw: RawPost, one: RawPost, other: RawPost) -> RawPost:
    """Return a post with the parent that one dump has, else the other."""
    known = one if one.parent else other
    return replace(raw, parent=known.parent, parent_by=known.parent_by)


def _same_words(old: RawPost, new: RawPost) -> bool:
    if old.body == new.body and old.dialect == new.dialect:
        return True
    here, there = post_words(old), post_words(new)
    if here == there or not there:
        return True
    # A changed word is an edit; links and quotation marks that two tools render differently are not.
    return old.dialect != new.dialect and SequenceMatcher(None, here, there, autojunk=False).ratio() >= SAME


def _mark_vanished(old: Thread, new: Thread, found: dict[str, str], histories: dict[str, History]) -> None:
    """Mark posts as vanished if the later dump contains the opening post, and posts read or written after them."""
    known = set(found.values())
    # A placeholder is no evidence: a part of the debate may begin anywhere.
    held = {found[post.id] for post in new.posts if post.id in found and post.raw.kind != "missing"}
    if old.posts[0].id not in held:
        return
    gone = new.source.captured or new.source.path
    last = max((n for n, post in enumerate(old.posts) if post.id in held and post.raw.kind != "missing"), default=0)
    latest = max((sortable_time(post.raw.created) for post in new.posts if post.raw.created), default="")
    for n, post in enumerate(old.posts):
        passed = n < last or (post.raw.created is not None and sortable_time(post.raw.created) < latest)
        if passed and post.id not in known and post.raw.kind == "post" and not post.history.vanished:
            histories[post.id] = replace(histories[post.id], vanished=gone)


def _count_hidden(old: Thread, new: Thread, found: dict[str, str], places: dict[str, str], raws: dict[str, RawPost]) -> None:  # fmt: skip
    """Subtract replies that one dump contains from those that the other only counted."""
    now = {found[post]: count for post, count in _replies_besides(new, set(found)).items() if post in found}
    before = _replies_besides(old, set(found.values()))
    counted = {places[post.id] for post in new.posts if post.raw.hidden and post.id in places}
    for key, raw in list(raws.items()):
        if raw.hidden and raw.parent and (count := (before if key in counted else now).get(raw.parent, 0)):
            if count >= raw.hidden:
                del raws[key]
            else:
                raws[key] = replace(raw, hidden=raw.hidden - count)


def _replies_besides(thread: Thread, known: set[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for post in reversed(thread.posts):
        own = counts.get(post.id, 0) + (post.id not in known and post.raw.kind != "missing")
        if post.parent:
            counts[post.parent] = counts.get(post.parent, 0) + own
    return counts
