"""ActivityPub and Mastodon: context JSON, outboxes and other collections, single objects and activities.

W3C Activity Streams 2.0 for objects (Note, Page, Article, Question, Event, Video, Tombstone, bare or
within Create, Update, Announce, Delete); Mastodon's own API for statuses and their context.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.languages import language_of
from rostra.late import late
from rostra.model import Attachment, Author, Problem, RawPost, RawThread
from rostra.permalinks import digest
from rostra.readers.activitypub_objects import attachments, author, content, many, tags, warning
from rostra.readers.dump import Dump
from rostra.readers.grouping import Grouping, shared
from rostra.readers.json_files import instant, lines, load, number_of, text_of

NAME = "activitypub"
ABOUT = "ActivityPub and Mastodon: context JSON, outboxes, single objects; a file or a folder"
CARRIES = ("tree", "authors", "absolute times", "edits", "deleted posts", "attachments", "tags", "addresses")
HOLDS_ADDRESSES = False
"""What looks like one is a handle."""
MANY = True

OBJECTS = {"Note", "Page", "Article", "Question", "Event", "Video", "ChatMessage", "Tombstone", "Image", "Audio", "Document"}  # fmt: skip
SHAPE = late(
    r'"type"\s*:\s*"(?:Note|Page|Article|Question|Event|Video|ChatMessage|Tombstone|Create|Update|Announce|Delete'
    r'|OrderedCollection(?:Page)?|Collection|Person|Group|Application|Organization|Service)"'
)
MASTODON = late(r'"in_reply_to_id"\s*:.*"content"\s*:\s*"|"(?:ancestors|descendants)"\s*:\s*\[', re.DOTALL)
PUBLIC = late(r"#Public$|^as:Public$|^Public$")


def recognise(dump: Dump) -> float:
    """Sure of types of Activity Streams beside an address as id, or of Mastodon's statuses."""
    if dump.is_folder:
        heads = [recognise(file) for _, file in zip(range(2), _json(dump), strict=False)]
        return min(heads, default=0)
    head = dump.head_text.lstrip()
    if not head.startswith(("{", "[")):
        return 0
    if MASTODON.search(head) and ('"acct"' in head or not head.rstrip("]} \n").strip("{[")):
        return 0.92
    # What is declared of the vocabulary may fill the head before the id.
    told = re.search(r'"id"\s*:\s*"[a-z]+:(?:\\?/){2}|"https?:(?:\\?/){2}www\.w3\.org\\?/ns\\?/activitystreams"', head)
    return 0.92 if told and SHAPE.search(head) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The conversations of a dump, by the addresses of their openings."""
    parents: dict[str, str | None] = {}
    problems: list[Problem] = []
    hashtags: dict[str, tuple[str, ...]] = {}
    boosts = 0
    with Grouping() as grouping:
        for value in _values(dump, problems):
            if between := _between(value):
                parents[between.key] = between.parent
                grouping.add(between.key, between)
            for item, actor in _objects(value):
                if isinstance(item, str):
                    boosts += 1
                    continue
                post = _status(item, problems) if "account" in item else _object(item, actor, problems)
                parents.setdefault(post.key, post.parent)
                if post.parent and not parents[post.key]:
                    parents[post.key] = post.parent
                if found := tags(item):
                    hashtags[post.key] = found
                grouping.add(post.key, post)
        if not parents:
            raise UnreadableDump(
                "there is no post here, only who writes or where",
                path=dump.name,
                hint="export a note, a context or an outbox",
            )
        if boosts:
            problems.append(Problem(code="boosts", message=f"{boosts} posts of others were passed on; only their addresses are here"))  # fmt: skip
        grouping.gather(_roots(parents))
        for root, posts in grouping.threads():
            mine, problems = shared(problems, posts)
            yield _thread(root, posts, hashtags.get(root, ()), mine)


def _json(dump: Dump) -> Iterator[Dump]:
    yield from (file for file in dump.files() if not dump.is_folder or file.path.suffix in (".json", ".jsonld"))


def _values(dump: Dump, problems: list[Problem]) -> Iterator[Any]:
    for file in _json(dump):
        first, _, rest = file.head_text.strip().partition("\n")
        if first.startswith("{") and first.endswith("}") and rest.startswith("{"):
            for item in lines(file):
                if isinstance(item, Problem):
                    problems.append(item)
                else:
                    yield item[1]
        else:
            value, repaired = load(file)
            problems += repaired
            yield value


def _objects(value: Any) -> Iterator[tuple[dict[str, Any] | str, Any]]:
    """Every object that is a post with its actor; of what is only passed on, the address."""
    stack: list[tuple[Any, Any]] = [(value, None)]
    while stack:
        item, actor = stack.pop()
        if isinstance(item, list):
            stack.extend((each, actor) for each in reversed(item))
        elif isinstance(item, dict):
            kind = _kind(item)
            if kind in OBJECTS or ("account" in item and "content" in item):
                yield item, actor
                stack += ((item[name], None) for name in ("replies", "inReplyTo") if isinstance(item.get(name), dict))
            elif kind == "Announce" and isinstance(item.get("object"), str):
                yield item["object"], None
            elif kind == "Delete" and isinstance(item.get("object"), str):
                yield {"id": item["object"], "type": "Tombstone"}, item.get("actor")
            elif "object" in item:
                stack.append((item["object"], item.get("actor") if kind != "Announce" else None))
            else:
                names = ("status", "ancestors", "descendants", "statuses", "first", "items", "orderedItems", "context")
                stack.extend((item[name], None) for name in reversed(names) if isinstance(item.get(name), list | dict))


def _between(value: Any) -> RawPost | None:
    """The status whose context this is: it is not in the answer, but what stands around it tells its place."""
    if not isinstance(value, dict) or isinstance(value.get("status"), dict):
        return None
    above, below = value.get("ancestors"), value.get("descendants")
    if not isinstance(above, list) or not isinstance(below, list):
        return None
    known = [str(each.get("id")) for each in (*above, *below) if isinstance(each, dict)]
    answered = [str(each["in_reply_to_id"]) for each in below if isinstance(each, dict) and each.get("in_reply_to_id")]
    absent = next((id for id in answered if id not in known), None)
    if absent is None or not above or not isinstance(above[-1], dict):
        return None
    return RawPost(key=absent, native_id=absent, parent=str(above[-1].get("id")), kind="missing")


def _kind(item: dict[str, Any]) -> str | None:
    """An object's type; of several, the first that is known."""
    kinds = [kind for kind in many(item.get("type")) if isinstance(kind, str)]
    return next((kind for kind in kinds if kind in OBJECTS), kinds[0] if kinds else None)


def _roots(parents: dict[str, str | None]) -> dict[str, str]:
    """The opening of each post's conversation, which may not be there; of a ring, one that stands in it."""
    roots: dict[str, str] = {}
    for key in parents:
        path, seen = [key], {key}
        while path[-1] not in roots:
            above = parents.get(path[-1])
            if above is None or above in seen:
                roots[path[-1]] = path[-1]
                break
            path.append(above)
            seen.add(above)
        for each in path:
            roots[each] = roots[path[-1]]
    return roots


def _thread(root: str, posts: list[RawPost], named: tuple[str, ...], problems: tuple[Problem, ...]) -> RawThread:
    latest: dict[str, RawPost] = {}
    found = list(problems)
    for post in dict.fromkeys(posts):
        other = latest.get(post.key)
        if other is not None and post.kind == other.kind:
            message = f"{post.key} stands here in two versions; the later one is shown"
            found.append(Problem(code="earlier-version", message=message, post=post.key))
        if other is not None and post.kind == "deleted":
            # A deletion says nothing but that; the post keeps its place in the tree.
            latest[post.key] = replace(other, kind="deleted", body="", attachments=())
        elif other is None or (other.kind != "deleted" and (post.edited or "") >= (other.edited or "")):
            latest[post.key] = post
    opening = latest.get(root)
    url = opening.url if opening else root if root.startswith("http") else None
    members = list(latest.values())
    if opening is None:
        members.insert(0, RawPost(key=root, native_id=root, kind="missing", url=url))
        found.append(Problem(code="missing-post", message=f"{root} is answered but is not in the dump", post=root))
    title = opening.title if opening else None
    return RawThread(native_id=root, title=title, url=url, tags=named, posts=tuple(members), problems=tuple(found))


def _object(item: dict[str, Any], actor: Any, problems: list[Problem]) -> RawPost:
    key = text_of(item.get("id")) or f"without-id-{digest(repr(sorted(item.items(), key=str)))}"
    kind = _kind(item)
    gone = kind == "Tombstone"
    to = [each for field in ("to", "cc") for each in many(item.get(field)) if isinstance(each, str)]
    if kind == "ChatMessage" or (to and not any(PUBLIC.search(each) for each in to)):
        problems.append(_not_public(key))
    body, dialect, language = content(item)
    parent = item.get("inReplyTo")
    parent = parent.get("id") if isinstance(parent, dict) else parent
    created = instant(item.get("published"))
    url = next((each for each in many(item.get("url")) if isinstance(each, str)), None) or key
    return RawPost(
        key=key,
        native_id=key,
        parent=text_of(parent) if parent != key else None,
        kind="deleted" if gone else "post",
        author=author(item.get("attributedTo") or item.get("actor") or actor),
        created=created,
        created_text=None if created else text_of(item.get("published")),
        edited=edited if (edited := instant(item.get("updated"))) != created else None,
        url=url if url.startswith("http") else None,
        title=text_of(item.get("name")),
        body="" if gone else body,
        dialect=dialect,
        language=language_of(language),
        note=warning(item.get("summary"), item.get("sensitive")),
        attachments=tuple(attachments(item)),
    )


def _not_public(key: str) -> Problem:
    message = "this post was addressed to single people or followers"
    return Problem(code="not-public", message=message, post=key, hint="leave it out of the dump unless they agree")


def _status(item: dict[str, Any], problems: list[Problem]) -> RawPost:
    """A status of Mastodon's own API, whose ids are those of the server that was asked."""
    if item.get("visibility") in ("private", "direct"):
        problems.append(_not_public(str(item.get("id"))))
    passed_on = item.get("reblog")
    if isinstance(passed_on, dict) and not text_of(item.get("content")):
        item = item | {"content": passed_on.get("content"), "spoiler_text": "Passed on"}
    account = item["account"] if isinstance(item["account"], dict) else {}
    id = item.get("id")
    key = str(id) if isinstance(id, int | str) else "status"
    parent = item.get("in_reply_to_id")
    created = instant(item.get("created_at"))
    name = text_of(account.get("display_name")) or text_of(account.get("username"))
    return RawPost(
        key=key,
        native_id=key,
        parent=str(parent) if isinstance(parent, int | str) and str(parent) != key else None,
        author=Author(name=name, id=text_of(account.get("acct")), url=text_of(account.get("url"))) if name else None,
        created=created,
        created_text=None if created else text_of(item.get("created_at")),
        edited=instant(item.get("edited_at")),
        score=number_of(item.get("favourites_count")),
        url=text_of(item.get("url")) or text_of(item.get("uri")),
        body=text_of(item.get("content")) or "",
        dialect="html",
        language=language_of(item.get("language")),
        note=warning(item.get("spoiler_text"), item.get("sensitive")),
        attachments=tuple(
            Attachment(name=text_of(each.get("description")) or str(each.get("type")), url=text_of(each.get("url")))
            for each in many(item.get("media_attachments"))
            if isinstance(each, dict)
        ),
    )
