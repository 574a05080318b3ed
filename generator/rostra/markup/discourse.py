"""Discourse's cooked HTML: quote boxes keep their post and topic, previews of links become links, polls show their counts."""

from __future__ import annotations

import re
from html import escape

from lxml import html as lxml_html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from rostra.i18n.emoji import with_emoji
from rostra.markup.forum import put_words
from rostra.markup.linked_notes import has_links, mark_notes
from rostra.markup.sanitise import writable


def to_html(body: str) -> str:
    """Return HTML with quotations as described in ``markup``."""
    if (
        "<aside" not in body
        and "<img" not in body
        and "lightbox" not in body
        and "poll" not in body
        and "math" not in body
        and not has_links(body)
    ):
        return body
    try:
        root = lxml_html.fragment_fromstring(writable(body), create_parent="div")
    except (ParserError, ValueError):
        return escape(body)
    if has_links(body):
        mark_notes(root)
    for aside in list(root.iter("aside")):
        css = aside.get("class") or ""
        if "quote" in css.split():
            _quote(aside)
        elif "onebox" in css:
            _onebox(aside)
    for poll in list(root.iter("div")):
        if "poll" in (poll.get("class") or "").split():
            _poll(poll)
    for formula in list(root.iter("span", "div")):
        if (formula.get("class") or "").split()[:1] == ["math"]:
            _formula(formula)
    for image in list(root.iter("img")):
        _image(image)
    for meta in list(root.iter("div")):
        if meta.get("class") == "meta" and meta.getparent() is not None:
            put_words(meta)
    return str(lxml_html.tostring(root, encoding="unicode"))


def _quote(aside: HtmlElement) -> None:
    author, post, topic = aside.get("data-username"), aside.get("data-post"), aside.get("data-topic")
    inner = aside.find("blockquote")
    for title in aside.findall("div"):
        if "title" in (title.get("class") or ""):
            author = author or (title.text_content() or "").strip(": \n") or None
            put_words(title)
    if inner is None:
        aside.tag = "blockquote"
        inner = aside
    else:
        aside.tag = "div"
    for name, value in (("data-author", author), ("data-post", post), ("data-thread", topic)):
        if value:
            inner.set(name, value)
    for name in ("data-username", "data-topic", "class", "data-full"):
        if name in aside.attrib:
            del aside.attrib[name]


def _poll(poll: HtmlElement) -> None:
    """Convert a poll to its options with their votes; the number of voters only if the reader counted it (``data-counted``)."""
    voters = poll.get("data-counted")
    for option in poll.iter("li"):
        if votes := option.get("data-counted"):
            last = option[-1] if len(option) else None
            if last is None:
                option.text = f"{option.text or ''} ({votes})"
            else:
                last.tail = f"{last.tail or ''} ({votes})"
    for part in list(poll.iter("span", "div")):
        css = (part.get("class") or "").split()
        if "info-number" in css and voters is not None:
            part.text = f"{voters} "
            for child in list(part):
                part.remove(child)
        elif "poll-buttons" in css or ({"info-number", "info-label"} & set(css) and voters is None):
            put_words(part)


def _onebox(aside: HtmlElement) -> None:
    """Replace the preview of a page elsewhere by the link that the author posted, and the page's words as what a program added."""
    address = aside.get("data-onebox-src") or next((a.get("href") for a in aside.iter("a") if a.get("href")), None)
    title = next((a.text_content().strip() for a in aside.iter("a") if (a.text_content() or "").strip()), None)
    for site in list(aside.iter("header")):
        put_words(site)
    lines = [" ".join(line.split()) for line in (aside.text_content() or "").splitlines()]
    added = [line for line in lines if line and line != title]
    tail = aside.tail
    aside.clear()
    aside.tag = "p"
    if address:
        link = lxml_html.Element("a", href=address)
        link.text = title or address
        aside.append(link)
    if added:
        preview = lxml_html.Element("p", {"data-kind": "furniture"})
        preview.text = added[0]
        for line in added[1:]:
            end = lxml_html.Element("br")
            end.tail = line
            preview.append(end)
        aside.addnext(preview)
        aside = preview
    aside.tail = tail


def _formula(element: HtmlElement) -> None:
    """Mark TeX, which Discourse's math plug-in leaves as typed; a ``div`` is a displayed formula."""
    tex, tail, is_line = (element.text_content() or "").strip(), element.tail, element.tag == "div"
    for child in list(element):
        element.remove(child)
    element.text, element.tail = None, tail
    holder = lxml_html.Element("code") if is_line else element
    holder.tag, holder.text = "code", tex
    holder.set("class", "math display" if is_line else "math")
    if is_line:
        element.tag = "p"
        element.attrib.pop("class")
        element.append(holder)


def _image(image: HtmlElement) -> None:
    css = image.get("class") or ""
    if "emoji" in css or "avatar" in css:
        # An emoji is a word of the sentence; a community's own emoji has no character, and its name is shown.
        put_words(image, with_emoji(image.get("alt") or image.get("title") or "") if "emoji" in css else "")
        return
    source = image.get("src") or ""
    if source.startswith("//"):
        image.set("src", "https:" + source)
    elif not re.match(r"https?:|data:|/", source):
        image.set("src", "")
