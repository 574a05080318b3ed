"""Stack Exchange data dumps: ``Posts.xml`` with ``Comments.xml`` and ``Users.xml``, or one of them alone.

A question is a debate; its answers are replies to it, and comments are replies to the post that they belong to.  Rows
are read one at a time, since the dumps have one row per line; only XML's own entities are known, and nothing external
is loaded.  The author is the user id in the row, or the name there if the account is deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.i18n import remarks
from rostra.model import Author, Declared, Problem, RawPost, RawThread
from rostra.readers.dumps.dump import MEBIBYTE, Dump, cut_short
from rostra.readers.dumps.encodings import declared
from rostra.readers.dumps.fields import instant
from rostra.readers.dumps.json_files import too_long
from rostra.readers.dumps.packed import bounded_lines
from rostra.readers.guards.words_shown import shortfall
from rostra.readers.records.grouping import Grouping
from rostra.system.lazy_regex import late

NAME = "stackexchange"
ABOUT = "Stack Exchange dumps: Posts.xml, with Comments.xml and Users.xml in one folder"
CARRIES = ("tree", "authors", "absolute times", "edits", "scores", "accepted answers", "tags")
MANY = True

ROW = late(r"<row\b[^<]*/>")
SHAPE = late(r"<(?:posts|comments)>\s*<row\s+Id=\"-?\d+\"")
POSTS, COMMENTS, USERS = "posts.xml", "comments.xml", "users.xml"
TABLES = {POSTS, COMMENTS, USERS}
QUESTION, ANSWER = "1", "2"
OTHER = late(r"<(?!row\b)[a-z]\w*\s[^<>]*=")
"""An element with attributes that is no row; within rows, this sign is written as an entity."""
KNOWN = frozenset({
    "AcceptedAnswerId", "AnswerCount", "Body", "ClosedDate", "CommentCount", "CommunityOwnedDate", "ContentLicense", "CreationDate",
    "DeletionDate", "FavoriteCount", "Id", "LastActivityDate", "LastEditDate", "LastEditorDisplayName", "LastEditorUserId",
    "OwnerDisplayName", "OwnerUserId", "ParentId", "PostId", "PostTypeId", "Score", "Tags", "Text", "Title", "UserDisplayName",
    "UserId", "ViewCount",
})  # fmt: skip
"""Attributes that are read, or hold no words; the words of any other must be shown."""
LONGEST = 1_000_000
"""The most code points of a row; longer text is not a row."""

XmlRow = dict[str, str]


def recognise(dump: Dump) -> float:
    """Return a high confidence for the dump's own table, or a folder that has it."""
    if dump.is_folder:
        tables = [file for file in dump.files() if _name(file) in TABLES]
        # Two files of one name belong to two sites.
        names = {_name(file) for file in tables}
        known = len(names) == len(tables) and any(SHAPE.search(file.head_text) for file in tables)
        return 0.95 if known else 0
    return 0.95 if SHAPE.search(dump.head_text) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the questions of a dump, by their ids."""
    files = {_name(file): file for file in dump.files()} if dump.is_folder else {_table(dump): dump}
    problems: list[Problem] = []
    users = {row.get("Id", ""): row.get("DisplayName", "") for row in _rows(files.get(USERS), problems)}
    roots: dict[str, str] = {}
    accepted: set[str] = set()
    tags: dict[str, str] = {}
    others = uncommented = 0
    with Grouping() as grouping:
        for number, row in enumerate(_rows(files.get(POSTS), problems), 1):
            key, kind = row.get("Id") or f"row-{number}", row.get("PostTypeId")
            if kind not in (QUESTION, ANSWER):
                others += 1
                continue
            thread = key if kind == QUESTION else row.get("ParentId") or key
            roots[key] = thread
            if row.get("AcceptedAnswerId"):
                accepted.add(row["AcceptedAnswerId"])
            if row.get("Tags"):
                tags[key] = row["Tags"]
            post = _post(row, key, users, None if kind == QUESTION else thread)
            answers, comments = (_number(row.get(name)) or 0 for name in ("AnswerCount", "CommentCount"))
            if COMMENTS not in files:
                uncommented += comments
                comments = 0
            counted = Declared(answers=answers + comments) if answers + comments else None
            grouping.add(thread, replace(post, declared=counted), _unknown_words(row, post))
        for number, row in enumerate(_rows(files.get(COMMENTS), problems), 1):
            on = row.get("PostId") or "0"
            post = _comment(row, row.get("Id") or f"row-{number}", users, on)
            grouping.add(roots.get(on, on), post, _unknown_words(row, post))
        if others:
            message = f"{others} rows are tag wikis or similar, not questions or answers"
            problems.append(Problem(code="other-rows", message=message))
        if uncommented:
            message = f"its posts count {uncommented} comments, and there is no Comments.xml"
            hint = "put Comments.xml into one folder with Posts.xml"
            problems.append(Problem(code="fewer-posts", message=message, hint=hint))
        found = False
        for thread, posts, wrong in grouping.threads():
            found = True
            yield _thread(thread, posts, accepted, tags.get(thread, ""), [*problems, *wrong])
            problems = []
        if not found:
            raise UnreadableDump(
                "there is no post in this dump", path=dump.name, hint="check that it is a complete Posts.xml"
            )


def _name(file: Dump) -> str:
    return PurePath(file.name).name.lower().removesuffix(".gz").removesuffix(".zst")


def _table(dump: Dump) -> str:
    return COMMENTS if re.search(r"<comments>", dump.head_text) else POSTS


def _rows(file: Dump | None, problems: list[Problem]) -> Iterator[XmlRow]:
    if file is None:
        return
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True)
    name = _name(file)
    others = 0
    for number, text in _texts(file, problems):
        rows = ROW.findall(text)
        for row in rows:
            try:
                yield {str(key): str(value) for key, value in etree.fromstring(row, parser).attrib.items()}
            except etree.XMLSyntaxError as error:
                problems.append(Problem(code="bad-row", message=f"a row of {name}: {error.msg}", line=number))
        if len(rows) < text.count("<row"):
            problems.append(Problem(code="bad-row", message=f"a row of {name} cannot be read", line=number))
        if text.count("<") > len(rows):
            others += len(OTHER.findall(text))
    if others:
        elements = (
            f"{others} elements of {name} are no rows and are"
            if others > 1
            else f"an element of {name} is no row and is"
        )
        problems.append(Problem(code="bad-row", message=f"{elements} not read"))


def _unknown_words(row: XmlRow, post: RawPost) -> tuple[Problem, ...]:
    """Return a problem if the words of an attribute that no dump is known to have are not shown."""
    unknown = row.keys() - KNOWN
    lost = shortfall([(name, row[name]) for name in sorted(unknown)], post) if unknown else None
    return (lost,) if lost else ()


def _texts(file: Dump, problems: list[Problem]) -> Iterator[tuple[int, str]]:
    """Yield a file in pieces that end between rows, each with the number of its last line."""
    begun: list[str] = []
    limit = file.limits.record * MEBIBYTE
    encoding = declared(file.head) or "utf-8"
    size = number = 0
    text = ""
    with file.open() as stream:
        try:
            for number, (data, length) in enumerate(bounded_lines(stream, limit), 1):
                if length > limit:
                    problems.append(too_long(length, limit, number))
                begun.append(line := data.decode(encoding, "replace"))
                size += len(line)
                # A row may continue over several lines.
                if len(begun) > 1 and "<row" not in line and "/>" not in line and size < LONGEST:
                    continue
                text = "".join(begun)
                last = text.rfind("<row")
                begun = [text[last:]] if text.rfind("/>") < last and len(text) - last < LONGEST else []
                size = sum(map(len, begun))
                text = text[:last] if begun else text
                yield number, text
        except OSError as error:
            problems.append(cut_short(error, number + 1))
            return
    if number and (begun or "</" not in text):
        problems.append(Problem(code="truncated", message=f"{_name(file)} is cut short", line=number))


def _thread(thread: str, posts: list[RawPost], accepted: set[str], tags: str, problems: list[Problem]) -> RawThread:
    posts = [
        replace(post, note=_noted(post.note, remarks.ACCEPTED)) if post.key in accepted and post.parent else post
        for post in posts
    ]
    opening = next((post for post in posts if post.key == thread), None)
    if opening is None:
        posts.insert(0, RawPost(key=thread, native_id=thread, kind="missing"))
        message = f"post {thread} is not in the dump"
        problems = [*problems, Problem(code="missing-post", message=message, post=thread)]
    return RawThread(
        native_id=thread,
        title=opening.title if opening else None,
        tags=tuple(re.findall(r"[^<>|]+", tags)),
        posts=tuple(posts),
        problems=tuple(problems),
    )


def _noted(note: str | None, more: str) -> str:
    return f"{note}, {more}" if note else more


def _post(row: XmlRow, key: str, users: dict[str, str], parent: str | None) -> RawPost:
    return RawPost(
        key=key,
        native_id=row.get("Id") or None,
        parent=parent if parent != key else None,
        kind="removed" if row.get("DeletionDate") else "post",
        author=_author(row.get("OwnerUserId"), row.get("OwnerDisplayName"), users),
        created=instant(f"{row.get('CreationDate')}Z"),  # the dumps' times are UTC
        created_text=_unclear(row.get("CreationDate")),
        edited=instant(f"{row.get('LastEditDate')}Z"),
        score=_number(row.get("Score")),
        title=row.get("Title"),
        body=row.get("Body", ""),
        dialect="html",
        note=remarks.CLOSED if row.get("ClosedDate") else None,
    )


def _comment(row: XmlRow, id: str, users: dict[str, str], post: str) -> RawPost:
    key = f"comment-{id}"
    return RawPost(
        key=key,
        native_id=key if row.get("Id") else None,
        parent=post,
        author=_author(row.get("UserId"), row.get("UserDisplayName"), users),
        created=instant(f"{row.get('CreationDate')}Z"),
        created_text=_unclear(row.get("CreationDate")),
        score=_number(row.get("Score")),
        body=row.get("Text", ""),
        dialect="markdown",
    )


def _author(id: str | None, name: str | None, users: dict[str, str]) -> Author | None:
    shown = users.get(id or "") or name or (f"user {id}" if id else None)
    return Author(name=shown, id=id) if shown else None


def _number(value: str | None) -> int | None:
    return int(value) if value and re.fullmatch(r"-?\d{1,12}", value) else None


def _unclear(time: str | None) -> str | None:
    """Return the written time if it cannot be read."""
    return time if time and instant(f"{time}Z") is None else None
