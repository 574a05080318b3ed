"""Rostra's own thread documents: what ``rostra inspect`` prints and every thread publishes, read back.

Ids, places and problems come back as they were.  The published HTML holds the apparatus of
quotations and notes; it is taken out, since it is made again.  Another program may write a
document with ``body`` and ``dialect`` in place of ``html``.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.languages import language_of
from rostra.late import late
from rostra.markup.sanitise import writable
from rostra.model import Attachment, Problem, RawPost, RawThread
from rostra.readers.dump import Dump
from rostra.readers.json_files import lines, load, text_of
from rostra.readers.posts import post_of

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
    found = False
    if first.endswith("}") and rest.startswith("{"):
        for item in lines(dump):
            if isinstance(item, Problem):
                problems.append(item)
            elif thread := _thread(item[1], problems):
                found, problems = True, []
                yield thread
    else:
        value, problems = load(dump)
        if thread := _thread(value, problems):
            found = True
            yield thread
    if not found:
        raise UnreadableDump(
            "there is no thread in this document", path=dump.name, hint="it needs `rostra` and `posts`"
        )


def _thread(value: Any, problems: list[Problem]) -> RawThread | None:
    if not isinstance(value, dict) or not isinstance(value.get("posts"), list):
        return None
    found = list(problems)
    posts = []
    for number, said in enumerate(value["posts"], 1):
        if isinstance(said, dict) and isinstance(said.get("id"), str | int):
            posts.append(_post(said, found))
        else:
            found.append(Problem(code="bad-post", message=f"post {number} of the document has no `id`"))
    if not posts:
        return None
    tags = value.get("tags")
    return RawThread(
        native_id=text_of(value.get("native_id")) or text_of(value.get("id")),
        title=text_of(value.get("title")),
        url=text_of(value.get("url")),
        language=language_of(value.get("language")),
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        posts=tuple(posts),
        problems=tuple(found),
    )


def _post(said: dict[str, Any], problems: list[Problem]) -> RawPost:
    body = text_of(said.get("body"))
    dialect = text_of(said.get("dialect")) or "markdown"
    if body is None:
        html = text_of(said.get("html"))
        body, dialect = (_without_apparatus(html, said), "html") if html else (text_of(said.get("text")) or "", "text")
    plain = {name: value for name, value in said.items() if name != "html"} | {"body": body, "dialect": dialect}
    post = post_of(plain, said["line"] if isinstance(said.get("line"), int) else None, problems)
    attachments = said.get("attachments")
    return replace(
        post,
        id=post.key if ID.fullmatch(post.key) else None,
        native_id=text_of(said.get("native_id")),
        created_text=text_of(said.get("created_text")) or post.created_text,
        attachments=tuple(
            Attachment(name=name, url=text_of(file.get("url")), media_type=text_of(file.get("media_type")))
            for file in (attachments if isinstance(attachments, list) else ())
            if isinstance(file, dict) and (name := text_of(file.get("name")))
        ),
    )


def _without_apparatus(html: str, said: dict[str, Any]) -> str:
    from lxml import html as lxml_html
    from lxml.etree import ParserError

    try:
        root = lxml_html.fragment_fromstring(writable(html), create_parent="div")
    except (ParserError, ValueError):
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
    notes = said.get("footnotes")
    texts = "".join(
        f'<aside data-note="{escape(str(note.get("label")), quote=True)}">{escape(str(note.get("text")))}</aside>'
        for note in (notes if isinstance(notes, list) else ())
        if isinstance(note, dict)
    )
    inner = escape(root.text or "", quote=False) + "".join(
        str(lxml_html.tostring(child, encoding="unicode")) for child in root
    )
    return inner + texts


def _drop(element: HtmlElement) -> None:
    """Take out an element and what it holds; the text after it stays."""
    if element.getparent() is not None:
        element.drop_tree()
