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
from rostra.i18n.language_tags import language_of
from rostra.identity.permalinks import digest
from rostra.model import Attachment, Author, Problem, RawPost, RawThread
from rostra.readers.activitypub_objects import attachments, author, content, many, tags, warning
from rostra.readers.as_text import as_text
from rostra.readers.dump import Dump
from rostra.readers.fields import Fields, left_out
from rostra.readers.grouping import Grouping
from rostra.readers.json_files import lines, load
from rostra.system.lazy_regex import late

NAME = "activitypub"
ABOUT = "ActivityPub and Mastodon: context JSON, outboxes, single objects; a file or a folder"
CARRIES = ("tree", "authors", "absolute times", "edits", "deleted posts", "attachments", "tags", "addresses")
HOLDS_ADDRESSES = False
"""What looks like one is a handle."""
MANY = True

OBJECTS = {"Note", "Page", "Article", "Question", "Event", "Video", "ChatMessage", "Tombstone", "Image", "Audio", "Document"}  # fmt: skip
OTHERS = {"Person", "Group", "Application", "Organization", "Service", "Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"}  # fmt: skip
INNER = ("status", "ancestors", "descendants", "statuses", "first", "items", "orderedItems", "context")
"""Where posts stand in what is none."""
MASTODONS = {"account", "in_reply_to_id"}
"""Fields of a status of Mastodon's own API."""
SHAPE = late(
    r'"type"\s*:\s*"(?:Note|Page|Article|Question|Event|Video|ChatMessage|Tombstone|Create|Update|Announce|Delete'
    r'|OrderedCollection(?:Page)?|Collection|Person|Group|Application|Organization|Service)"'
)
CONTEXT = late(r'"(?:ancestors|descendants)"\s*:\s*\[')
ANSWERS, CONTENT = late(r'"in_reply_to_id"\s*:'), late(r'"content"\s*:\s*"')
PUBLIC = late(r"#Public$|^as:Public$|^Public$")


def recognise(dump: Dump) -> float:
    """Sure of types of Activity Streams beside an address as id, or of Mastodon's statuses."""
    if dump.is_folder:
        heads = [recognise(file) for _, file in zip(range(2), _json(dump), strict=False)]
        return min(heads, default=0)
    head = dump.head_text.lstrip()
    if not head.startswith(("{", "[")):
        return 0
    status = ANSWERS.search(head) and CONTENT.search(head)
    if (status or CONTEXT.search(head)) and ('"acct"' in head or not head.rstrip("]} \n").strip("{[")):
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
            for item, actor in _objects(value, problems):
                if isinstance(item, str):
                    boosts += 1
                    continue
                said = Fields(item)
                post = _status(said) if MASTODONS & item.keys() else _object(said, actor)
                parents.setdefault(post.key, post.parent)
                if post.parent and not parents[post.key]:
                    parents[post.key] = post.parent
                if found := tags(said):
                    hashtags[post.key] = found
                hidden = (_not_public(post.key),) if _is_private(said) else ()
                grouping.add(post.key, post, (*hidden, *said.problems(post)))
        if not parents:
            raise UnreadableDump(
                "there is no post here, only who writes or where",
                path=dump.name,
                hint="export a note, a context or an outbox",
            )
        if boosts:
            problems.append(Problem(code="boosts", message=f"{boosts} posts of others were passed on; only their addresses are here"))  # fmt: skip
        grouping.gather(_roots(parents))
        for root, posts, wrong in grouping.threads():
            yield _thread(root, posts, hashtags.get(root, ()), [*wrong, *problems])
            problems = []


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


def _objects(value: Any, problems: list[Problem]) -> Iterator[tuple[dict[str, Any] | str, Any]]:
    """Every object that is a post with its actor; of what is only passed on, the address."""
    # Whether a post must stand there, or only may, is noted with each.
    stack: list[tuple[Any, Any, bool]] = [(value, None, True)]
    while stack:
        item, actor, expected = stack.pop()
        if isinstance(item, list):
            stack.extend((each, actor, expected) for each in reversed(item))
        elif isinstance(item, dict):
            kind = _kind(item)
            inner = [item[name] for name in reversed(INNER) if isinstance(item.get(name), list | dict)]
            if kind in OBJECTS or ("content" in item and ("account" in item or kind is None)):
                yield item, actor
                stack += (
                    (item[name], None, False) for name in ("replies", "inReplyTo") if isinstance(item.get(name), dict)
                )
            elif kind == "Announce" and isinstance(item.get("object"), str):
                yield item["object"], None
            elif kind == "Delete" and isinstance(item.get("object"), str):
                yield {"id": item["object"], "type": "Tombstone"}, item.get("actor")
            elif "object" in item:
                stack.append((item["object"], item.get("actor") if kind != "Announce" else None, True))
            elif inner:
                stack.extend((each, None, True) for each in inner)
            elif kind not in OTHERS and (expected or "content" in item):
                problems.append(left_out("an object is no post", item))


def _between(value: Any) -> RawPost | None:
    """The status whose context this is: it is not in the answer, but what stands around it tells its place."""
    if not isinstance(value, dict) or isinstance(value.get("status"), dict):
        return None
    above, below = value.get("ancestors"), value.get("descendants")
    if not isinstance(above, list) or not isinstance(below, list) or not above:
        return None
    known = {Fields(each).name("id") for each in (*above, *below)}
    answered = (Fields(each).name("in_reply_to_id") for each in below)
    absent = next((id for id in answered if id and id not in known), None)
    parent = Fields(above[-1]).name("id")
    if absent is None or parent is None:
        return None
    return RawPost(key=absent, native_id=absent, parent=parent, kind="missing")


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


def _thread(root: str, posts: list[RawPost], named: tuple[str, ...], problems: list[Problem]) -> RawThread:
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


def _object(said: Fields, actor: Any) -> RawPost:
    key = said.name("id") or f"without-id-{digest(_repeated(said.said))}"
    gone = _kind(said.said) == "Tombstone"
    body, dialect, language = content(said) if not gone else ("", "html", None)
    answered = said.get("inReplyTo")
    parent = said.within("inReplyTo").name("id") if isinstance(answered, dict) else said.name("inReplyTo")
    created = said.time("published")
    edited = said.time("updated").at
    url = next((each for each in many(said.get("url")) if isinstance(each, str)), key)
    return RawPost(
        key=key,
        native_id=key,
        parent=parent if parent != key else None,
        kind="deleted" if gone else "post",
        author=author(said.get("attributedTo") or said.get("actor") or actor),
        created=created.at,
        created_text=created.shown,
        edited=edited if edited != created.at else None,
        url=url if url.startswith("http") else None,
        title=said.text("name"),
        body=body,
        dialect=dialect,
        language=language_of(language),
        note=warning(said.text("summary"), said.get("sensitive")),
        attachments=tuple(attachments(said)),
    )


def _repeated(item: dict[str, Any]) -> str:
    """All that an object says, as a text that another does not have."""
    try:
        return repr(sorted(item.items(), key=str))
    except RecursionError:
        return as_text(item) or ""


def _is_private(said: Fields) -> bool:
    """Whether it was meant for single people or followers."""
    if MASTODONS & said.said.keys():
        return said.get("visibility") not in (None, "public", "unlisted")
    to = [each for field in ("to", "cc") for each in many(said.get(field))]
    public = any(isinstance(each, str) and PUBLIC.search(each) for each in to)
    return _kind(said.said) == "ChatMessage" or (bool(to) and not public)


def _not_public(key: str) -> Problem:
    message = "this post was addressed to single people or followers"
    return Problem(code="not-public", message=message, post=key, hint="leave it out of the dump unless they agree")


def _status(said: Fields) -> RawPost:
    """A status of Mastodon's own API, whose ids are those of the server that was asked."""
    body, warned = said.body("content") or None, said.text("spoiler_text")
    if body is None and (passed_on := said.within("reblog").text("content")):
        body, warned = passed_on, "Passed on"
    account = said.within("account")
    key = said.name("id") or "status"
    parent = said.name("in_reply_to_id")
    created = said.time("created_at")
    name = account.text("display_name", "username")
    return RawPost(
        key=key,
        native_id=key,
        parent=parent if parent != key else None,
        author=Author(name=name, id=account.text("acct"), url=account.text("url")) if name else None,
        created=created.at,
        created_text=created.shown,
        edited=said.time("edited_at").at,
        score=said.number("favourites_count"),
        url=said.text("url", "uri"),
        body=body or "",
        dialect="html",
        language=language_of(said.get("language")),
        note=warning(warned, said.get("sensitive")),
        attachments=tuple(
            Attachment(name=each.text("description", "type") or "a file", url=each.text("url"))
            for each in said.objects("media_attachments")
        ),
    )
