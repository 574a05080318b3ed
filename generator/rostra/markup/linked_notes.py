"""Footnotes that a program made: a link leads to an element of the same body, and a link in that leads back.

Discourse, converters of Markdown and blogs write them so, each with classes and ids of its own, which are not needed here.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from rostra.markup.note_forms import RAISED

NOTES = {"li", "p", "div", "dd", "td", "aside"}
"""Elements that may be a note."""
LISTS = {"ol", "ul", "dl", "section", "div"}
"""Elements that are removed if only notes were in them."""
AROUND = {"sup", "span"}
"""Elements that may be around a call, and have its id."""


def has_links(body: str) -> bool:
    """Whether a body in HTML may have such notes."""
    return 'href="#' in body or "href='#" in body


def mark_notes(root: HtmlElement) -> None:
    """Replace such notes and their calls by the elements that ``markup`` describes."""
    places = {name: each for each in root.iter() for name in _names(each)}
    calls: dict[HtmlElement, list[HtmlElement]] = {}
    targets: dict[HtmlElement, set[str]] = {}
    for call in root.iter("a"):
        note = _note(places.get(_target(call))) if _label(call) else None
        # The link back to a call may itself have a label.
        if note is None or any(each is note or each in calls for each in call.iterancestors()):
            continue
        if note not in targets:
            targets[note] = {_target(link) for link in note.iter("a")} - {""}
        if not targets[note].isdisjoint(_called(call)):
            calls.setdefault(note, []).append(call)
    # An element with several notes is none: they would become one, without their labels.
    calls = {note: callers for note, callers in calls.items() if len(set(map(_label, callers))) == 1}
    lists: dict[HtmlElement, None] = {}
    for number, (note, callers) in enumerate(calls.items(), 1):
        label, back = _label(callers[0]), {name for call in callers for name in _called(call)}
        for link in [link for link in note.iter("a") if _target(link) in back]:
            _drop(link)
        for call in callers:
            _replace(call, number)
        lists.update((each, None) for each in note.iterancestors() if each is not root and each.tag in LISTS)
        _move(note, root, number, label)
    for each in lists:
        _drop_if_empty(each)


def _names(element: HtmlElement) -> Iterator[str]:
    """Yield the fragments of addresses that lead to an element."""
    if isinstance(element.tag, str):
        yield from filter(None, (element.get("id"), element.get("name") if element.tag == "a" else None))


def _called(call: HtmlElement) -> Iterator[str]:
    """Yield the fragments that lead to a call: to itself, and to what is in it or only around it."""
    for each in call.iter():
        yield from _names(each)
    for each in call.iterancestors():
        if each.tag not in AROUND:
            return
        yield from _names(each)


def _target(link: HtmlElement) -> str:
    href = link.get("href") or ""
    return href[1:] if href.startswith("#") else ""


def _label(call: HtmlElement) -> str:
    """Return the label that a link shows; empty if its text is something else."""
    found = RAISED.fullmatch((call.text_content() or "").strip())
    return (found["labels"] or found["one"]) if found else ""


def _note(place: HtmlElement | None) -> HtmlElement | None:
    """Return the element that is the note to which a link leads."""
    while place is not None and place.tag not in NOTES:
        place = place.getparent()
    return place if place is not None and place.getparent() is not None else None


def _drop(link: HtmlElement) -> None:
    """Remove a link with the spaces before it."""
    if (before := link.getprevious()) is not None:
        before.tail = (before.tail or "").rstrip()
    elif (parent := link.getparent()) is not None:
        parent.text = (parent.text or "").rstrip()
    link.drop_tree()


def _replace(call: HtmlElement, number: int) -> None:
    """Make a call, and what is only around it, the call of the note with a number."""
    outer = call.getparent()
    while outer is not None and outer.tag in AROUND and len(outer) == 1 and not _said(outer.text, call.tail):
        call, outer = outer, outer.getparent()
    tail = call.tail
    call.clear()
    call.tag, call.tail = "a", tail
    call.set("data-note", str(number))


def _move(note: HtmlElement, root: HtmlElement, number: int, label: str) -> None:
    """Move a note to the end of the body, without the text behind it."""
    note.drop_tree()
    note.tail = None
    note.attrib.clear()
    note.tag = "aside"
    note.set("data-note", str(number))
    note.set("data-label", label)
    root.append(note)


def _drop_if_empty(list_of_notes: HtmlElement) -> None:
    """Remove what has no notes any more, with the rule above it."""
    above = list_of_notes.getprevious()
    rest = [each for each in list_of_notes if each.tag != "hr"]
    if list_of_notes.getparent() is None or rest or _said(list_of_notes.text, *(each.tail for each in list_of_notes)):
        return
    if above is not None and above.tag == "hr":
        above.drop_tree()
    list_of_notes.drop_tree()


def _said(*texts: str | None) -> bool:
    return any(text and text.strip() for text in texts)
