"""HTML of forum programs: each marks quotations in its own way, and all are converted to one form.

phpBB and MyBB (``blockquote > cite``), SMF (``quoteheader`` before a blockquote, or a ``cite`` in it),
vBulletin 3 to 5 (``Quote:`` above a table; ``bbcode_quote``), XenForo (``data-quote``), Invision (``data-ipsquote-…``), Discourse
(``aside.quote`` around a title and a blockquote).
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from rostra.markup.sanitise import writable
from rostra.system.lazy_regex import late

if TYPE_CHECKING:
    from lxml.html import HtmlElement

POST = late(r"(?:#p|#post[-_]?|#msg|[?&;]p=|[?&;]msg=|\.msg|/posts?/|pid=?|/p)(\d+)")
WHO = late(
    r"(?:Quote from:?|Originally posted by|Zitat von|Citation de|Cita de)\s*:?\s*(.+?)(?:\s+on\s+.*|\s*»?\s*)$"
    r"|^\s*(.+?)\s+(?:wrote|said|schrieb|a écrit|escribió|napisał\(a\)|napisał|ha scritto)\s*:?.*$",
    re.IGNORECASE | re.DOTALL,
)
SINCE = late(r"^(?:On\s(?:[^,]*,\s){0,2}[^,]*\d[^,]*,\s)?(?:\([^()]*\d[^()]*\))?\s*")
"""The time before a name in the head of a quotation."""
BOXES = {"bbcode_quote", "quote_container", "quotecontent", "quotebox", "quotemain", "quote"}
HEADS = {
    "quoteheader",
    "quotetitle",
    "quotetop",
    "bbcode_postedby",
    "bbCodeBlock-title",
    "attribution",
    "topslice_quote",
    "ipsQuote_citation",
}
BARE = {"quotefooter", "botslice_quote", "bbcode_quote_container", "js-extraPhrases", "messageTextEndMarker"}
"""Classes of elements that only draw a box; an empty one is removed."""
BUTTONS = {"bbCodeBlock-expandLink", "bbCodeBlock-shrinkLink", "quoteExpand", "codeoperation"}
"""Classes of buttons; an element is removed if its text is as short as that of a button."""
CODES = {"codebox", "codeheader"}
"""Classes of code with a line for copying it (phpBB), or of that line (SMF)."""
LABEL = 60
"""The most code points of a button's label."""
KNOWN = late(r"quote|<cite|Originally|bbCode|code(?:box|header)|spoiler|messageTextEndMarker", re.IGNORECASE)
"""A part of every body that needs conversion."""


def is_program_text(element: HtmlElement) -> bool:
    """Whether an element of a body contains text of the forum's program, not of the author."""
    css = set((element.get("class") or "").split())
    if element.tag in ("script", "style", "cite", "button") or css & (HEADS | BUTTONS | {"codeheader"}):
        return True
    above = element.getparent()
    outer = set() if above is None else set((above.get("class") or "").split())
    if above is not None and above.tag == "aside" and "quote" in outer:
        return element.tag == "div" and "title" in css
    return element.tag in ("p", "dt") and "codebox" in outer


def to_html(body: str) -> str:
    """Return HTML with quotations as described in ``markup``."""
    if not KNOWN.search(body):
        return body
    from lxml import html as lxml_html
    from lxml.etree import ParserError

    try:
        root = lxml_html.fragment_fromstring(writable(body), create_parent="div")
    except (ParserError, ValueError):
        return escape(body)
    for element in list(root.iter("div", "span", "blockquote", "table", "a", "dl")):
        css = set((element.get("class") or "").split())
        if css & (BARE | BUTTONS) and _says_nothing(element, css):
            put_words(element)
        elif css & CODES:
            _code(element)
        elif "bbCodeSpoiler" in css:
            _spoiler(element)
        elif element.tag == "blockquote":
            _blockquote(element)
        elif css & BOXES and element.tag == "div":
            _box(element)
        elif element.tag == "div" and _begins_with(element, "Quote:"):
            _old_box(element)
    return str(lxml_html.tostring(root, encoding="unicode"))


def _says_nothing(element: HtmlElement, css: set[str]) -> bool:
    """Whether an element of a box has no text of a person: no text, or the label of a button."""
    if element.getparent() is None or next(element.iter("img", "blockquote"), None) is not None:
        return False
    most = LABEL if css & BUTTONS else 0
    return len(" ".join(_beginning(element, LABEL * 4).split())) <= most


def _code(element: HtmlElement) -> None:
    """Convert code to a block, without the line above it for copying it."""
    from lxml.html import Element

    codes = list(element.iter("code"))
    # The text of a forum there is short and in its language ("Code: Select all").
    labels = element.findall("p") + element.findall("dt") if codes else [element]
    if not codes and (after := element.getnext()) is not None and after.tag == "code":
        codes = [after]
    for label in labels:
        if label.find(".//code") is None and len(_beginning(label, LABEL * 4).strip()) <= LABEL:
            put_words(label)
    for code in codes:
        parent = code.getparent()
        if parent is not None and next(code.iterancestors("pre"), None) is None:
            block = Element("pre")
            block.tail, code.tail = code.tail, None
            parent.replace(code, block)
            block.append(code)


def _spoiler(element: HtmlElement) -> None:
    """Convert XenForo's button and the text that it opens."""
    button, content = element.find("button"), element.find("div")
    if button is None or content is None:
        return
    element.tag, button.tag = "details", "summary"


def _blockquote(element: HtmlElement) -> None:
    author = element.get("data-quote") or element.get("data-ipsquote-username")
    source = element.get("data-source") or f"post: {element.get('data-ipsquote-contentcommentid', '')}"
    head = next((each for each in element.iter("cite", "div") if each.tag == "cite" or _is_head(each)), None)
    if head is None and (before := element.getprevious()) is not None and _is_head(before):
        head = before if not (before.tail or "").strip() else None
    box = element.getparent()
    if box is not None and box.tag == "aside" and "quote" in (box.get("class") or "").split():
        author, source = box.get("data-username"), f"post: {box.get('data-post', '')}"
        if topic := box.get("data-topic"):
            element.set("data-thread", topic)
        head = next((each for each in box.iterchildren("div") if is_program_text(each)), head)
    _mark(element, head, author, source)


def _box(element: HtmlElement) -> None:
    if element.find(".//blockquote") is not None and element.get("class") in ("quotecontent", "quote"):
        return
    element.tag = "blockquote"
    _mark(element, next((each for each in element.iter("div") if _is_head(each)), None), None, "")
    for inner in element.iter("div"):
        if set((inner.get("class") or "").split()) & BOXES:
            inner.attrib.pop("class")


def _old_box(element: HtmlElement) -> None:
    """Convert a quotation of vBulletin 3: a div with the text "Quote:" and a table with one cell."""
    cell = element.find(".//td")
    label = element.find("div")
    if cell is None or label is None or (label.text_content() or "").strip() != "Quote:":
        return
    head = next((each for each in cell.findall("div") if "Originally" in (each.text_content() or "")), None)
    put_words(label)
    element.tag = "blockquote"
    _mark(element, head, None, "")
    for part in element.iter("table", "tbody", "tr", "td"):
        part.tag = "div"


def _begins_with(element: HtmlElement, words: str) -> bool:
    """Whether the text of an element begins with these words."""
    return _beginning(element, len(words)).startswith(words)


def _beginning(element: HtmlElement, size: int) -> str:
    """Return the beginning of an element's text, without collecting much more than ``size`` code points."""
    text = ""
    for part in element.itertext():
        text = (text + part).lstrip()
        if len(text) >= size:
            break
    return text


def put_words(element: HtmlElement, words: str = "") -> None:
    """Replace an element by words, in a time that is independent of the length of the text beside it."""
    from lxml.etree import Comment

    if (parent := element.getparent()) is not None:
        # Appending to a text would copy it; a comment, which is not published, separates the two.
        place = Comment("")
        place.tail = words + (element.tail or "")
        parent.replace(element, place)


def _is_head(element: HtmlElement) -> bool:
    return bool(set((element.get("class") or "").split()) & HEADS)


def _mark(element: HtmlElement, head: HtmlElement | None, author: str | None, source: str) -> None:
    post = re.search(r"post:\s*(\d+)", source)
    number = post[1] if post else None
    if head is not None:
        for link in head.iter("a"):
            found = link.get("data-post-id") or link.get("data-post_id")
            address = POST.search(link.get("href") or "")
            number = number or found or (address[1] if address else None)
        words = " ".join((head.text_content() or "").replace("↑", "").split())
        strong = head.find(".//strong")
        named = WHO.search(SINCE.sub("", words))
        author = author or (strong.text_content().strip() if strong is not None else None)
        author = author or (next((part for part in named.groups() if part), None) if named else None)
        put_words(head)
    for name, value in (("data-author", author), ("data-post", number)):
        if value:
            element.set(name, value.strip(" :"))
