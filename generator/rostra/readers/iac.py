"""Internet Argument Corpus, version 1: discussions as JSON, with the ranges of quotations in separate files.

A discussion is ``[posts, annotations, metadata]``, a post ``[id, side, author, text, annotations,
parent, category, seconds]``; ``ranges/quotes/ID.json`` lists ``[post, [start, end, {quote_id, author}]]``,
offsets in the text as in the file (Walker and others, LREC 2012, and the corpus' own loader).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Literal

from rostra.errors import UnreadableDump
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.fields import Fields, bad_field, left_out
from rostra.readers.dumps.json_files import load
from rostra.readers.dumps.special_files import leads_into
from rostra.system.lazy_regex import late

NAME = "iac"
ABOUT = "Internet Argument Corpus: one discussion, or a folder with discussions/ and ranges/quotes/"
CARRIES = ("tree", "authors", "absolute times", "stances", "quotations with their posts", "addresses")
MANY = True

NOT_SHOWN = {"title": "the name of the site and the title of the debate, which is shown"}
SHAPE = late(r'\s*\[\s*\[\s*\[\s*\d+,\s*(?:null|"[^"]*"|\d+),\s*(?:null|"(?:[^"\\]|\\.)*"),\s*(?:null|")')
FIELDS = ("id", "side", "author", "text", "notes", "parent", "category", "time")
SIDES: dict[str, Literal["pro", "con"]] = {"pro": "pro", "for": "pro", "con": "con", "against": "con", "anti": "con"}

Range = tuple[int, int, Fields]


def recognise(dump: Dump) -> float:
    """Return a high confidence for the nesting of lists, which no other format has."""
    if dump.is_folder:
        heads = [recognise(file) for _, file in zip(range(2), _discussions(dump), strict=False)]
        return min(heads, default=0)
    return 0.9 if SHAPE.match(dump.head_text) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the discussions of a dump, one per file."""
    found = False
    for file in _discussions(dump):
        found = True
        yield _thread(file, dump.is_folder)
    if not found:
        raise UnreadableDump("there is no discussion here", path=dump.name, hint="point at the folder `fourforum`")


def _discussions(dump: Dump) -> Iterator[Dump]:
    if not dump.is_folder:
        yield dump
        return
    inside = dump.path / "discussions"
    for file in dump.files():
        if file.path.suffix == ".json" and (not inside.is_dir() or inside in file.path.parents):
            yield file


def _thread(file: Dump, in_folder: bool) -> RawThread:
    value, problems = load(file)
    posts = value[0] if isinstance(value, list) and value and isinstance(value[0], list) else None
    if not posts:
        raise UnreadableDump("this is not a discussion", path=file.name, hint="it should begin with a list of posts")
    about = Fields(value[2] if len(value) > 2 else {})
    ranges = _ranges(file, problems)
    raw: list[RawPost] = []
    for number, post in enumerate(posts, 1):
        said = Fields(dict(zip(FIELDS, post, strict=False)) if isinstance(post, list) else {})
        if not said.name("id"):
            problems.append(left_out(f"post {number} of the list is not a post", post, code="bad-post"))
            continue
        if len(post) > len(FIELDS):
            said.wrong.append(f"it has {len(post)} fields; those after the first {len(FIELDS)} are left out")
        raw.append(_post(said, raw[0].key if raw else None, ranges))
        problems += said.problems(raw[-1])
    if not raw:
        raise UnreadableDump("there is no post in this discussion", path=file.name, hint="export it again completely")
    title = about.text("title")
    id, url, tags = about.name("id_number"), about.text("url"), about.texts("breadcrumbs")
    return RawThread(
        native_id=file.path.name.partition(".")[0] if in_folder else id,
        title=title.removeprefix("4Forums.com Political Debates and Polls - ").strip() if title else raw[0].title,
        url=url,
        tags=tags,
        posts=tuple(raw),
        problems=(*problems, *map(bad_field, about.wrong)),
    )


def _ranges(file: Dump, problems: list[Problem]) -> dict[str, list[Range]]:
    """Return the quoting passages by post; the corpus stores them separately from the discussions."""
    path = file.path.parent.parent / "ranges" / "quotes" / file.path.name
    if not path.is_file():
        return {}
    if path.is_symlink() and not leads_into(path, file.roots):
        problems.append(Problem(code="refused", message=f"ranges/quotes/{path.name} is a link that leads elsewhere"))
        return {}
    value, found = load(Dump(path, f"ranges/quotes/{path.name}", file.limits, file.roots))
    problems += found
    ranges: dict[str, list[Range]] = {}
    for entry in value if isinstance(value, list) else ():
        match entry:
            case [int() | str() as post, [int(start), int(end), dict(said)]] if 0 <= start < end:
                ranges.setdefault(str(post), []).append((start, end, Fields(said)))
            case _:
                problems.append(Problem(code="bad-range", message=f"a range of {path.name} cannot be read"))
    return {post: sorted(found, key=lambda each: each[:2]) for post, found in ranges.items()}


def _post(said: Fields, opening: str | None, ranges: dict[str, list[Range]]) -> RawPost:
    key = said.name("id") or ""
    name, text = said.text("author"), said.body("text")
    created = said.time("time")
    parent = said.name("parent") or opening
    return RawPost(
        key=key,
        native_id=key,
        parent=None if opening is None or key == opening else parent,
        author=Author(name=unescape(name)) if name else None,
        created=created.at,
        created_text=created.shown,
        title=said.within("notes").within("post_info").text("post_title"),
        body=_html(text, ranges.get(key, [])) if text else "",
        dialect="html",
        stance=SIDES.get((said.text("side") or "").lower()),
    )


def _html(text: str, ranges: list[Range]) -> str:
    out: list[str] = []
    at = 0
    for start, end, said in ranges:
        if start < at:
            continue  # a quotation inside another one
        known = {"data-post": said.name("quote_id"), "data-author": said.text("author")}
        marks = "".join(f' {name}="{escape(value, quote=True)}"' for name, value in known.items() if value)
        out += (_paragraphs(text[at:start]), f"<blockquote{marks}>{_paragraphs(text[start:end])}</blockquote>")
        at = end
    return "".join([*out, _paragraphs(text[at:])])


def _paragraphs(text: str) -> str:
    parts = (part.strip() for part in re.split(r"\n\s*\n", unescape(text)))
    lines = (re.sub(r"\s*\n\s*", "<br>", escape(part, quote=False)) for part in parts if part)
    return "".join(f"<p>{line}</p>" for line in lines)
