"""ActivityPub and Mastodon: context JSON, outboxes and other collections, individual objects and activities.

W3C Activity Streams 2.0 for objects (Note, Page, Article, Question, Event, Video, Tombstone, bare or
within Create, Update, Announce, Delete); Mastodon's own API for statuses and their context.

The author of an object is its ``attributedTo``, else the ``actor`` of its own activity; the author of a status is its
``account``.  A boost (Announce, ``reblog``) has no text of its own: the author remains the original one, and a remark
names the booster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.i18n import remarks
from rostra.i18n.language_tags import language_of
from rostra.identity.permalinks import digest
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dumps.as_text import as_text
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields
from rostra.readers.dumps.json_series import series
from rostra.readers.records.grouping import Grouping, roots_of
from rostra.readers.sites.activitypub_objects import actor_author, attachments, content, many, tags, warning
from rostra.readers.sites.activitypub_walk import AUDIENCE, object_kind, post_objects
from rostra.readers.sites.mastodon import MASTODONS, account_author, status_post
from rostra.system.lazy_regex import late

NAME = "activitypub"
ABOUT = "ActivityPub and Mastodon: context JSON, archives, outboxes, single objects; a file or a folder"
CARRIES = ("tree", "authors", "absolute times", "edits", "deleted posts", "polls", "attachments", "tags", "addresses")
HANDLES = late(
    rb'"(?:acct|fqn|handle|preferredUsername|username|webfinger)"\s*:\s*"[^"]*\Z|\bacct(?::|%3[aA])[^"\s]*\Z'
)
"""What precedes the at sign of a name with its server, which looks like an e-mail address."""
MANY = True

NOT_SHOWN = {
    "signature": "the cryptographic proof of an object's sender",
    "publicKey": "the key for such proofs",
    "generator": "the program with which a post was written",
    "preview": "the beginning of the same words",
    "note": "an account's description of itself",
    "fields": "an account's description of itself",
    "diaspora:comment": "the same words for another network",
    "language": "the name of a post's language",
    "card": "a description of the linked page",
    "pleroma": "the same words as text",
    "licence": "the name of a video's licence",
    "category": "a video's category on its server",
}
SHAPE = late(
    r'"type"\s*:\s*"(?:Note|Page|Article|Question|Event|Video|ChatMessage|Tombstone|Create|Update|Announce|Delete'
    r'|OrderedCollection(?:Page)?|Collection|Person|Group|Application|Organization|Service)"'
)
CONTEXT = late(r'"(?:ancestors|descendants)"\s*:\s*\[')
ANSWERS, CONTENT = late(r'"in_reply_to_id"\s*:'), late(r'"content"\s*:\s*"')
ARCHIVE = {"actor.json", "outbox.json"}
"""The files of an account's archive with its name and its posts."""
LISTS = {"likes.json", "bookmarks.json"}
"""Its other files, which have addresses of others' posts and are private."""
PUBLIC = late(r"#Public$|^as:Public$|^Public$")


def recognise(dump: Dump) -> float:
    """Return a high confidence for types of Activity Streams next to an address as id, or for Mastodon's statuses."""
    if dump.is_folder:
        heads = [recognise(file) for _, file in zip(range(2), _json(dump), strict=False)]
        return min(heads, default=0)
    head = dump.head_text.lstrip()
    if not head.startswith(("{", "[")):
        return 0
    status = ANSWERS.search(head) and CONTENT.search(head)
    if (status or CONTEXT.search(head)) and ('"acct"' in head or not head.rstrip("]} \n").strip("{[")):
        return 0.92
    # Declarations of the vocabulary may fill the head before the id.
    told = re.search(r'"id"\s*:\s*"[a-z]+:(?:\\?/){2}|"https?:(?:\\?/){2}www\.w3\.org\\?/ns\\?/activitystreams"', head)
    return 0.92 if told and SHAPE.search(head) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the conversations of a dump, by the addresses of their openings."""
    found = _BesidesPosts()
    with Grouping() as grouping:
        for file in _json(dump):
            for _, value in series(file, found.problems):
                for post, its in found.posts(value):
                    grouping.add(post.key, post, its)
        if not found.parents:
            raise UnreadableDump(
                "there is no post here, only people or places",
                path=dump.name,
                hint="export a note, a context or an outbox",
            )
        problems = found.problems
        if found.elsewhere:
            problems.append(Problem(code="boosts", message=f"{found.elsewhere} boosts of others' posts; the dump has only their addresses"))  # fmt: skip
        grouping.gather(roots_of(found.parents))
        for root, posts, wrong in grouping.threads():
            yield _thread(root, posts, found, [*wrong, *problems])
            problems = []


def _json(dump: Dump) -> Iterator[Dump]:
    if dump.is_folder and len(archive := list(dump.files(ARCHIVE.__contains__))) == len(ARCHIVE):
        dump.opened.update(file.path for file in dump.files(LISTS.__contains__))
        yield from archive
        return
    yield from (file for file in dump.files() if not dump.is_folder or file.path.suffix in (".json", ".jsonld"))


class _BesidesPosts:
    """The data of a dump's values besides its posts.

    ``parents`` has the parent of each post, ``hashtags`` its hashtags, ``by`` its boosters; ``people`` has people
    by address; ``elsewhere`` counts boosted posts that the dump lacks.
    """

    def __init__(self) -> None:
        self.parents: dict[str, str | None] = {}
        self.hashtags: dict[str, tuple[str, ...]] = {}
        self.by: dict[str, dict[str, None]] = {}
        self.people: dict[str, Author] = {}
        self.elsewhere = 0
        self.problems: list[Problem] = []

    def posts(self, value: Any) -> Iterator[tuple[RawPost, tuple[Problem, ...]]]:
        """Yield every post of a value with its problems."""
        if between := _between(value):
            self.parents[between.key] = between.parent
            yield between, ()
        if isinstance(value, dict) and value.get("type") == "Person" and (who := actor_author(value)) and who.id:
            self.people[who.id] = who
        for item, actor, boost in post_objects(value, self.problems):
            if isinstance(item, str):
                self.elsewhere += 1
                continue
            said = Fields(item)
            post = status_post(said) if MASTODONS & item.keys() else _object(said, actor)
            if boost is not None:
                # A boost has no other content.
                said.parts.append(boost)
                if who := account_author(Fields(boost)) or actor_author(boost.get("actor")):
                    self.by.setdefault(post.key, {})[who.name] = None
            self.parents.setdefault(post.key, post.parent)
            if post.parent and not self.parents[post.key]:
                self.parents[post.key] = post.parent
            if named := tags(said):
                self.hashtags[post.key] = named
            if _is_private(said):
                post = replace(post, private="posts to individuals or followers")
            yield post, said.problems(post)


def _between(value: Any) -> RawPost | None:
    """Return the status of a context: it is not in the response, but the statuses around it determine its position."""
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


def _version(post: RawPost) -> tuple[bool, str]:
    """Return by what versions of a post are sorted: one without words is no later version."""
    return bool(post.body or post.attachments), post.edited or ""


def _thread(root: str, posts: list[RawPost], about: _BesidesPosts, problems: list[Problem]) -> RawThread:
    latest: dict[str, RawPost] = {}
    found = list(problems)
    for post in dict.fromkeys(posts):
        other = latest.get(post.key)
        if other is not None and post.kind == other.kind:
            message = f"the dump has two versions of {post.key}; the later one is shown"
            found.append(Problem(code="earlier-version", message=message, post=post.key))
        if other is not None and "deleted" in (post.kind, other.kind):
            # A deletion has no other data; `checked` takes the words out, and tells that the dump has them.
            latest[post.key] = replace(other if post.kind == "deleted" else post, kind="deleted")
        elif other is None or _version(post) >= _version(other):
            latest[post.key] = post
    opening = latest.get(root)
    url = opening.url if opening else root if root.startswith("http") else None
    members = [_passed_on(_named(post, about.people), about.by.get(post.key)) for post in latest.values()]
    if opening is None:
        members.insert(0, RawPost(key=root, native_id=root, kind="missing", url=url))
        found.append(Problem(code="missing-post", message=f"{root} is answered but is not in the dump", post=root))
    title = opening.title if opening else None
    return RawThread(
        native_id=root,
        title=title,
        url=url,
        tags=about.hashtags.get(root, ()),
        posts=tuple(members),
        problems=tuple(found),
    )


def _named(post: RawPost, people: dict[str, Author]) -> RawPost:
    """Return a post whose author's address is that of a person in the dump with the person's name."""
    who = people.get(post.author.id) if post.author and post.author.id else None
    return replace(post, author=who) if who else post


def _passed_on(post: RawPost, by: dict[str, None] | None) -> RawPost:
    if not by:
        return post
    remark = remarks.PASSED_ON % {"what": ", ".join(by)}
    return replace(post, note=f"{post.note}; {remark}" if post.note else remark)


def _object(said: Fields, actor: Any) -> RawPost:
    key = said.name("id") or f"without-id-{digest(_repeated(said.said))}"
    gone = object_kind(said.said) == "Tombstone"
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
        author=actor_author(said.get("attributedTo") or said.get("actor") or actor),
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
    """Return an object's contents as a text that no other object has."""
    try:
        return repr(sorted(item.items(), key=str))
    except RecursionError:
        return as_text(item) or ""


def _is_private(said: Fields) -> bool:
    """Whether it was addressed to individuals or followers only."""
    if MASTODONS & said.said.keys():
        return said.get("visibility") not in (None, "public", "unlisted")
    to = [each for field in AUDIENCE for each in many(said.get(field))]
    public = any(isinstance(each, str) and PUBLIC.search(each) for each in to)
    return object_kind(said.said) == "ChatMessage" or (bool(to) and not public)
