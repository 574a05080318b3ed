"""Rostra's own thread documents: what ``rostra inspect`` prints and every thread publishes, read back.

Ids, places and problems come back as they were.  The published HTML holds the apparatus of
quotations and notes; it is taken out, since it is made again.  Another program may write a
document with ``body`` and ``dialect`` in place of ``html``.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any, get_args

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.i18n.language_tags import language_of
from rostra.markup.sanitise import writable
from rostra.model import Attachment, ParentBy, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.fields import Fields, bad_field, left_out
from rostra.readers.html_trees import page_of
from rostra.readers.json_files import lines, load
from rostra.readers.posts import post_of
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from lxml.html import HtmlElement

NAME = "rostra"
ABOUT = "Rostra's own thread documents: thread.json, or lines of them"
CARRIES = ("all that Rostra knows of a debate",)
MANY = True

SHAPE = late(r'\s*\{\s*"rostra"\s*:\s*\d')
APPARATUS = {"source", "source-inline", "quoted-by", "passage"}
"""Classes of what ``apparatus`` puts into a body, and no source has."""
UNWRAPPED = {"quoted", "quoting"}
ID = late(r"p-[a-z0-9](?:[a-z0-9-]{0,36}[a-z0-9])?")


def recognise(dump: Dump) -> float:
    """Sure of the key that begins a document."""
    return 0.99 if not dump.is_folder and SHAPE.match(dump.head_text) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """The threads of a file of documents."""
    first, _, rest = dump.head_text.strip().partition("\n")
    problems: list[Problem] = []
    in_lines = first.endswith("}") and rest.startswith("{")
    # What is wrong with what follows a thread, to the end of the file, is said of it.
    last: RawThread | None = None
    for item in lines(dump) if in_lines else _alone(dump, problems):
        if isinstance(item, Problem):
            problems.append(item)
        elif thread := _thread(item[1]):
            if last:
                yield last
            last, problems = replace(thread, problems=(*problems, *thread.problems)), []
        else:
            problems.append(left_out("a document holds no posts", item[1], item[0] if in_lines else None))
    if last is None:
        raise UnreadableDump(
            "there is no thread in this document", path=dump.name, hint="it needs `rostra` and `posts`"
        )
    yield replace(last, problems=(*last.problems, *problems))


def _alone(dump: Dump, problems: list[Problem]) -> Iterator[tuple[int, Any]]:
    value, repaired = load(dump)
    problems += repaired
    yield 1, value


def _thread(value: Any) -> RawThread | None:
    said = Fields(value)
    problems: list[Problem] = []
    posts = []
    for number, each in enumerate(said.values("posts"), 1):
        fields = Fields(each)
        if fields.name("id"):
            posts.append(_post(fields, problems))
        else:
            problems.append(left_out(f"post {number} of the document has no `id`", each, code="bad-post"))
    if not posts:
        return None
    return RawThread(
        native_id=said.name("native_id", "id"),
        title=said.text("title"),
        url=said.text("url"),
        language=language_of(said.get("language")),
        tags=said.texts("tags"),
        posts=tuple(posts),
        problems=(*problems, *map(bad_field, said.wrong)),
    )


def _post(said: Fields, problems: list[Problem]) -> RawPost:
    body, dialect = said.text("body"), said.get("dialect") or "markdown"
    if body is None:
        html = said.text("html")
        body, dialect = (
            (_without_apparatus(html, said), "html")
            if html
            else (said.body("text", "html", "body", needed=said.get("kind") in (None, "post")), "text")
        )
    line, native_id, shown = said.number("line"), said.name("native_id"), said.text("created_text")
    attachments = tuple(
        Attachment(name=name, url=each.text("url"), media_type=each.text("media_type"))
        for each in said.objects("attachments")
        if (name := each.text("name"))
    )
    post = post_of(Fields(said.said | {"body": body, "dialect": dialect}, said.wrong), line, problems)
    return replace(
        post,
        id=post.key if ID.fullmatch(post.key) else None,
        parent_by=next((by for by in get_args(ParentBy) if by == said.get("parent_by")), "source"),
        native_id=native_id,
        created_text=shown or post.created_text,
        attachments=attachments,
    )


def _without_apparatus(html: str, said: Fields) -> str:
    from lxml.html import tostring

    root, whole = page_of(f"<div>{writable(html)}</div>")
    if root is None or not whole:
        return escape(html)
    labels = {}
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        css = set((element.get("class") or "").split())
        if css & APPARATUS:
            _drop(element)
        elif "call" in css:
            label = (element.text_content() or "").strip()
            labels[label] = True
            element.tag, element.text = "a", None
            for child in list(element):
                element.remove(child)
            element.set("data-note", label)
        elif css & UNWRAPPED:
            element.drop_tag()
        elif "attribution" in css or "signature" in css:
            element.set("data-kind", "attribution" if "attribution" in css else "signature")
    texts = "".join(
        f'<aside data-note="{escape(note.text("label") or "", quote=True)}">{escape(note.text("text") or "")}</aside>'
        for note in said.objects("footnotes")
    )
    inner = "".join(str(tostring(child, encoding="unicode")) for child in root.iterfind("body/div"))
    return inner + texts


def _drop(element: HtmlElement) -> None:
    """Take out an element and what it holds; the text after it stays."""
    if element.getparent() is not None:
        element.drop_tree()
