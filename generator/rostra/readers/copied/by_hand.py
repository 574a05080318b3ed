"""A layout that a person gives in a card: a template, or one post of the page marked up as an example.

In an example each part is marked with its slot; other words belong to the page::

    {author:ada} · {time:3 hours ago}
    {body:The wheel turns.

    It squeaks.}
    Reply

A layout learned from the text is used if it reads the example as it is marked; otherwise the example is the template.
Lines of the page that other posts have and the example lacks are learned in both cases.
"""

from __future__ import annotations

from collections.abc import Sequence

from rostra.config.cards import CopiedLayout
from rostra.errors import UnreadableDump
from rostra.readers.copied.cut import cut
from rostra.readers.copied.layout import DumpLine, NoTemplate, PageLayout, prepared, template
from rostra.readers.copied.learning.edges import with_edges
from rostra.readers.copied.learning.learn import learned_layouts
from rostra.readers.copied.records import PostRecord
from rostra.readers.copied.slots import NUMBER
from rostra.system.lazy_regex import late

MARKED = late(r"\{(\w+):([^{}]*)\}")
HINT = "see `rostra inspect --layout` and the README's section on layouts"
_NUMBER = late(rf"(?<![\w{{]){NUMBER}(?!\w)")


def layout_of(given: CopiedLayout, lines: Sequence[DumpLine], dump: str) -> PageLayout:
    """Return the layout that a card gives for a text; raise UnreadableDump if it is not valid."""
    if given.template is None and given.example is None:
        raise UnreadableDump("the card's layout is empty", path=dump, hint="give it a `template` or an `example`")
    try:
        own = template(given.template if given.template is not None else _written(given.example or ""))
    except NoTemplate as error:
        raise UnreadableDump(f"the card's layout is wrong: {error}", path=dump, hint=HINT) from error
    alone = PageLayout(templates=(own,), name="the card")
    if given.template is not None:
        return alone
    wanted = {slot: " ".join(said.split()) for slot, said in MARKED.findall(given.example or "")}
    # A second copy below the example separates its foot from the next head.
    text = MARKED.sub(r"\2", given.example or "").strip("\n").split("\n")
    taught = (each for each in learned_layouts(lines) if _reads(each.layout, text, wanted))
    best = max(taught, key=lambda each: each.score, default=None)
    taken = PageLayout(templates=best.layout.templates, name="the card") if best else alone
    found = cut(lines, taken)
    return with_edges(lines, found).layout if found else taken


def _written(example: str) -> str:
    """Return the template of an example: marked parts become slots, numbers of the page ``{number}``."""
    lines = MARKED.sub(lambda found: f"{{{found[1]}}}", example).split("\n")
    plain = (_NUMBER.sub("{number}", line) for line in lines)
    return "\n".join(f"? {line}" if line.strip() and "{" not in line else line for line in plain)


def _reads(layout: PageLayout, text: list[str], wanted: dict[str, str]) -> bool:
    """Whether a layout reads an example as it is marked."""
    found = cut(prepared(text), layout)
    return found is not None and len(found.records) == 1 and _said(found.records[0], text) == {
        slot: said for slot, said in wanted.items() if slot not in ("number", "any")
    }  # fmt: skip


def _said(record: PostRecord, text: list[str]) -> dict[str, str]:
    body = [record.lead, *text[record.body[0] : record.body[1]], record.tail]
    held = {slot: value for slot, value in record.held.items() if slot in ("author", "time", "answers", "handle")}
    return held | {"body": " ".join(" ".join(filter(None, body)).split())}
