"""Rostra's own thread documents, which ``rostra inspect`` prints and every thread publishes.

Ids, positions and problems are read back unchanged.  The published HTML contains the apparatus of
quotations and notes; it is removed, since it is generated again.  Another program may write a
document with ``body`` and ``dialect`` instead of ``html``.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any, get_args

from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.i18n.language_tags import language_of
from rostra.markup.sanitise import writable
from rostra.model import ParentBy, Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields, bad_field, left_out
from rostra.readers.dumps.html_trees import page_of
from rostra.readers.dumps.json_files import json_lines, load
from rostra.readers.posts import described_post
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from lxml.html import HtmlElement

NAME = "rostra"
ABOUT = "Rostra's own thread documents: thread.json, or lines of them"
CARRIES = ("all that Rostra knows of a debate",)
MANY = True
NOT_SHOWN = {
    "html": "its words are those of `text`, and its apparatus is generated again",
    "problems": "they are reported again",
    "corrected": "corrections of a card, which the publisher's own card repeats",
}
SHAPE = late(r'\s*\{\s*"rostra"\s*:\s*\d')
APPARATUS = {"source", "source-inline", "quoted-by", "passage"}
"""Classes that only ``apparatus`` puts into a body."""
UNWRAPPED = {"quoted", "quoting", "quoted-call"}
CALLED = late(r"-n([0-9]{1,6})\Z")
"""The end of a note's address: its number."""
ID = late(r"p-[a-z0-9](?:[a-z0-9-]{0,36}[a-z0-9])?")


def recognise(dump: Dump) -> float:
    """Return a high confidence for the key that begins a document."""
    return 0.99 if not dump.is_folder and SHAPE.match(dump.head_text) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the threads of a file of documents."""
    first, _, rest = dump.head_text.strip().partition("\n")
    problems: list[Problem] = []
    in_lines = first.endswith("}") and rest.startswith("{")
    # Problems after a thread, up to the end of the file, are reported with it.
    last: RawThread | None = None
    for item in json_lines(dump) if in_lines else _alone(dump, problems):
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
        place=said.within("source").text("place"),
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
    line, native_id = said.number("line"), said.name("native_id")
    post = described_post(said.changed(body=body, dialect=dialect), line, problems)
    return replace(
        post,
        id=post.key if ID.fullmatch(post.key) else None,
        parent_by=next((by for by in get_args(ParentBy) if by == said.get("parent_by")), "source"),
        native_id=native_id,
    )


def _without_apparatus(html: str, said: Fields) -> str:
    from lxml.html import tostring

    root, whole = page_of(f"<div>{writable(html)}</div>")
    if root is None or not whole:
        return escape(html)
    notes = [note.text("label") or "" for note in said.objects("footnotes")]
    numbers = {label: n for n, label in reversed(list(enumerate(notes, 1)))}
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        css = set((element.get("class") or "").split())
        if css & APPARATUS:
            _drop(element)
        elif "call" in css:
            label = (element.text_content() or "").strip().removeprefix("[").removesuffix("]")
            led = next((CALLED.search(link.get("href") or "") for link in element.iter("a")), None)
            # Two notes may have one label.
            number = int(led[1]) if led and notes[int(led[1]) - 1 : int(led[1])] == [label] else numbers.get(label)
            element.tag, element.text = ("a", None) if number else ("sup", f"[{label}]")
            for child in list(element):
                element.remove(child)
            if number:
                element.set("data-note", str(number))
        elif css & UNWRAPPED:
            element.drop_tag()
        elif "attribution" in css or "signature" in css:
            element.set("data-kind", "attribution" if "attribution" in css else "signature")
    texts = "".join(
        f'<aside data-note="{n}" data-label="{escape(note.text("label") or "", quote=True)}"{_heading(note)}>{escape(note.text("text") or "")}</aside>'
        for n, note in enumerate(said.objects("footnotes"), 1)
    )
    inner = "".join(str(tostring(child, encoding="unicode")) for child in root.iterfind("body/div"))
    return inner + texts


def _heading(note: Fields) -> str:
    heading = note.text("heading")
    return f' data-heading="{escape(heading, quote=True)}"' if heading else ""


def _drop(element: HtmlElement) -> None:
    """Remove an element with its contents; the text after it stays."""
    if element.getparent() is not None:
        element.drop_tree()
