"""Talk pages of a wiki as wikitext: a section is a debate, a signature ends a post, indentation gives its parent.

The conventions are those of Wikipedia's "Help:Talk pages": a reply is one ``:`` (or ``*``) deeper than its parent, and
``{{outdent}}`` continues at the margin.

A signature applies to the lines above it that have its depth; a bot that signs for somebody names that person.  Lines
at another depth without a signature have no author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from msgspec import Struct
from msgspec.structs import replace

from rostra.errors import UnreadableDump
from rostra.identity.permalinks import slug
from rostra.model import Author, Problem, RawPost, RawThread
from rostra.readers.dumps.dump import Dump
from rostra.readers.dumps.times import certain
from rostra.readers.wiki.wiki_comments import INDENT, MARGIN, CommentLine, blocks_opened, comments
from rostra.readers.wiki.wiki_pages import WikiPage, is_export, pages
from rostra.system.lazy_regex import late

NAME = "wikitext"
ABOUT = "wiki talk pages as wikitext, or in an export of MediaWiki: sections, indentation, signatures"
CARRIES = ("tree", "authors", "times", "quotation templates", "footnotes")
MANY = True

SECTION = late(r"^==(?!=)(.+)==[ \t]*$", re.MULTILINE)
NAMESPACE = r"(?:user(?:[ _]talk)?|benutzer(?:in)?(?:[ _]diskussion)?|utilisat(?:eur|rice)|discussion[ _]utilisat(?:eur|rice)|usuari[oa](?:[ _]discusión)?|utente|gebruiker|участни(?:к|ца)|special:contrib(?:ution)?s/|special:contributions/)"
ANONYMOUS = r"[^\W\d_]+:[^\W\d_]+/(?=(?:(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4})[|\]])"
"""The list of what somebody without an account wrote, in any language."""
USER = late(
    rf"\[\[:?(?:{NAMESPACE}:?|user:|spezial:beiträge/|{ANONYMOUS})([^\[\]|#/]+)[^\[\]|]*(?:\|[^\[\]]*)?\]\]",
    re.IGNORECASE,
)
STAMP = r"(?:\d{1,2}:\d{2}(?::\d{2})?, ?\d{1,2}\.? [^\W\d_]+\.? \d{4}|\d{1,2}\.? [^\W\d_]+\.? \d{4} (?:à |um |a las |at )?\d{1,2}:\d{2}) \([A-Z]{2,5}\)"
SIGNED = late(rf"({STAMP})(?:\s*(?:</?\w+[^<>]*>|<!--[^<>]*-->|\}}\}}|'{{2,5}}|\)))*[ \t]*$")
FOR_SOMEBODY = late(
    r"(?:<!--[^<>]*unsigned[^<>]*-->|<(?:small|span)[^<>]*>|[-–—\s('•]|&(?:[mn]dash|nbsp);)*"
    r"(?:preceding\s|the preceding\s|(?:vorstehender\s)?nicht\s|le message qui précède)[^\[\]<>]{0,40}(?:\[\[[^\[\]]*\]\])?[^\[\]]{0,60}$",
    re.IGNORECASE,
)
"""The beginning of the note with which a bot or another person signs for the author."""
UNSIGNED = late(
    r"\{\{\s*(?:subst:)?\s*(?:unsigned\w*|unsigniert|nicht signiert|non signé|xsign)\s*(?:\|([^{}]*))?\}\}",
    re.IGNORECASE,
)
OUTDENT = late(r"^[:*#]*\s*\{\{\s*(?:od|outdent|unindent|undent)\s*(?:\|[^{}]*)?\}\}\s*", re.IGNORECASE)
BEFORE = 300
"""The most code points between the first mark before a signature and the signature."""
ENDS = late(r"[.!?…:;\"”»)\]}>'—–-]\s*$|^[:*#\s]*$")
"""The text before a signature that is only a time."""
GAP = 60
"""The most code points between the parts of one signature."""


def recognise(dump: Dump) -> float:
    """Return a high confidence for signatures: a link to a user and a time at the end of a line."""
    if dump.is_folder or dump.begins_json:
        return 0
    if is_export(dump):
        return 0.95
    lines = (line for line in dump.head_text.splitlines() if "[[" in line or "{{" in line)
    found = sum(1 for line in lines if (SIGNED.search(line) and USER.search(line)) or UNSIGNED.search(line))
    return 0.92 if found >= 2 or (found and SECTION.search(dump.head_text)) else 0


def read(dump: Dump) -> Iterator[RawThread]:
    """Yield the sections of pages that have posts; in an export, only those of pages with a signature."""
    problems: list[Problem] = []
    silent = 0
    # Problems after a section, up to the end of the file, go to that section.
    last: RawThread | None = None
    exported = is_export(dump)
    for page in pages(dump):
        problems += page.problems
        rest: list[Problem] = []
        found = list(_sections(page, rest)) if page.text.strip() else []
        if exported and page.text.strip() and not any(post.author for thread in found for post in thread.posts):
            silent += 1
            continue
        for thread in found:
            if last:
                yield last
            last, problems = replace(thread, problems=(*problems, *thread.problems)), []
        problems += rest
    if last is None:
        hint = "check that it is the wikitext of a talk page"
        raise UnreadableDump("there is no post on this page", path=dump.name, hint=hint)
    if silent:
        message = f"{silent} pages without a signature are left out" if silent > 1 else "a page without a signature is left out"  # fmt: skip
        problems.append(Problem(code="no-posts", message=message, hint="they are articles, or have no posts"))
    yield replace(last, problems=(*last.problems, *problems))


def _sections(page: WikiPage, problems: list[Problem]) -> Iterator[RawThread]:
    text = page.text
    headings = list(SECTION.finditer(text))
    bounds = [(0, headings[0].start() if headings else len(text), None), *(
        (this.end(), after.start() if after else len(text), this[1].strip(" \t"))
        for this, after in zip_longest(headings, headings[1:])
    )]  # fmt: skip
    titles: dict[str, int] = {}
    line, counted = page.line, 0
    for start, end, title in bounds:
        line, counted = line + text.count("\n", counted, start), start
        said = list(_posts(text[start:end], line))
        if said and not said[-1].body and said[-1].heading and not said[-1].author:
            problems.append(_silent(said.pop().heading, line))
        if headings and title is None and said and not any(post.author for post in said):
            message = "the text above the first section is not a post"
            problems.append(Problem(code="page-header", message=message, line=page.line))
            continue
        if not said:
            if title:
                problems.append(_silent(title, line))
            continue
        name = title or page.name
        titles[name] = titles.get(name, 0) + 1
        again = f"-{titles[name]}" if titles[name] > 1 else ""
        yield RawThread(
            native_id=f"{slug(page.name)}-{slug(name)}{again}",
            title=_plain(name),
            posts=_placed(said),
            problems=tuple(problems),
        )
        problems.clear()


def _silent(heading: str | None, line: int) -> Problem:
    return Problem(code="empty-section", message=f"there is no post in {heading!r}", line=line)


class Said(Struct, frozen=True):
    """A post with its indentation, before its parent is determined; ``heading`` is the heading above it."""

    body: str
    author: str | None
    time: str | None
    depth: int
    outdented: bool
    line: int
    heading: str | None = None


def _posts(text: str, first: int) -> Iterator[Said]:
    """Yield the posts of a section; a heading without posts below it becomes a post of its own at the end."""
    gathered: list[CommentLine] = []
    headings: list[str] = []
    within = 0
    for number, line in enumerate(text.split("\n"), first):
        if not gathered and not line.strip():
            continue
        if not within and (heading := _subheading(line)):
            yield from _signed(gathered, None, None, headings)
            headings.append(_plain(heading))
            continue
        signature = _signature(line)
        shown = line[: signature[0]] if signature else line
        own = bool(line.strip()) and not within and not MARGIN.match(shown)
        gathered.append(CommentLine(number, shown, (INDENT.match(shown) or [""])[0].strip() if own else None))
        within = max(0, within + blocks_opened(line))
        if signature:
            within = 0
            yield from _signed(gathered, *signature[1:], headings)
    yield from _signed(gathered, None, None, headings)
    if headings:
        yield Said("", None, None, 0, False, first, " – ".join(headings))


def _subheading(line: str) -> str:
    """Return the text of a heading below a section's; empty if the line is not one."""
    bare = line.rstrip()
    if bare.endswith("-->"):
        bare = bare[: bare.rfind("<!--")].rstrip()
    return bare.strip("=").strip() if bare.startswith("===") and bare.endswith("===") else ""


def _signed(lines: list[CommentLine], author: str | None, time: str | None, headings: list[str]) -> Iterator[Said]:
    """Yield the comments of lines whose last one has a signature, and clear ``lines`` and ``headings``."""
    for comment in comments(lines):
        name, when = (author, time) if comment[-1] is lines[-1] else (None, None)
        heading = " – ".join(headings) or None
        headings.clear()
        said = _said([each.text for each in comment], name, when, comment[0].number, heading)
        if when is not None or heading or not _is_furniture(said.body):
            yield said
    lines.clear()


def _is_furniture(body: str) -> bool:
    """Whether a text consists of templates that show no words, such as the place of the footnotes."""
    if not (body.startswith("{{") and body.endswith("}}")):
        return False
    # Readers are loaded to recognise any dump, and the parser of wikis is large.
    from rostra.markup.wikitext import to_html

    return not to_html(body)


def _signature(line: str) -> tuple[int, str | None, str] | None:
    """Return where a line's signature begins, the author and the time; None if there is none.  A bare time has no author."""
    if unsigned := UNSIGNED.search(line):
        parts = [part.strip() for part in (unsigned[1] or "").split("|") if part.strip() and "=" not in part]
        time = next((part for part in parts if re.search(STAMP, part) or re.search(r"\d{1,2}:\d{2}", part)), "")
        name = next((part for part in parts if part != time), None)
        return unsigned.start(), name, time
    stamp = SIGNED.search(line)
    if not stamp:
        return None
    start, author = stamp.start(), None
    for link in reversed(list(USER.finditer(line, 0, stamp.start()))):
        name = " ".join(link[1].replace("_", " ").split())
        if start - link.end() > GAP or (author is not None and name.lower() != author.lower()):
            break
        start, author = link.start(), name
    if author is None and not ENDS.search(line[max(0, start - GAP) : start]):
        return None
    # These patterns are tried at every position, so the searched range is limited.
    near = max(0, start - BEFORE)
    if author and (words := FOR_SOMEBODY.search(line, near, start)):
        return words.start(), author, stamp[1]
    before = re.search(r"(?:\s|<(?!/)[^<>]*>|'{2,5}|\(|[-–—~•]|&mdash;|&nbsp;)*$", line[near:start])
    return near + before.start() if before else start, author, stamp[1]


def _said(lines: list[str], author: str | None, time: str | None, line: int, heading: str | None) -> Said:
    outdent = OUTDENT.match(lines[0])
    if outdent:
        lines = [lines[0][outdent.end() :], *lines[1:]]
    mark = INDENT.match(lines[0])
    depth = len(mark[0].rstrip()) if mark else 0
    body = "\n".join(re.sub(rf"^[:*#]{{0,{depth}}}[ \t]*", "", each) if depth else each for each in lines)
    return Said(body.strip("\n"), author, time, depth, outdent is not None, line, heading)


def _placed(said: list[Said]) -> tuple[RawPost, ...]:
    posts: list[RawPost] = []
    above: list[tuple[int, str]] = []
    for number, each in enumerate(said):
        key = f"line-{each.line}"
        if each.heading:
            above.clear()
        while above and above[-1][0] >= each.depth:
            above.pop()
        parent = posts[-1].key if each.outdented and posts else above[-1][1] if above else None
        if number and parent is None:
            parent = posts[0].key
        above.append((each.depth, key))
        created = certain(each.time) if each.time else None
        posts.append(
            RawPost(
                key=key,
                parent=parent,
                author=Author(name=each.author) if each.author else None,
                created=created,
                created_text=None if created else each.time or None,
                line=each.line,
                title=each.heading,
                body=each.body,
                dialect="wikitext",
            )
        )
    return tuple(posts)


def _plain(heading: str) -> str:
    """Return a heading without the markup of links and emphasis."""
    shown = re.sub(r"\[\[(?:[^\[\]|]*\|)?([^\[\]]*)\]\]", r"\1", heading)
    return " ".join(re.sub(r"'{2,5}|<[^<>]*>|\{\{[^{}]*\}\}", "", shown).split()) or heading
