"""Convert one message of Slack to a post: its text, blocks and attachments, its author, its files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rostra.i18n import remarks
from rostra.model import Attachment, Author, Declared, RawPost
from rostra.readers.dumps.fields import Fields, instant
from rostra.readers.guards.words_shown import LABEL, words
from rostra.readers.sites.reactions import reactions
from rostra.system.lazy_regex import late

STAMP = late(r"(\d{10})(?:\.(\d{1,6}))?")
NAMED = late(r"<@([A-Z0-9]+)>")
TOKEN = late(r"([?&])(?:t|token)=xox[A-Za-z]*-[^&#\s|<>\"]*(&(?:amp;)?)?")
"""The token in an address; anybody who has it can read a workspace's files."""
STYLES = (("code", "`"), ("strike", "~"), ("italic", "_"), ("bold", "*"))
WRITTEN = {"snippet", "post"}
"""The modes of files that were written in Slack, where their beginning is shown as part of the message."""
LAID_OUT = {"actions", "context", "divider", "file", "header", "image", "input", "markdown", "section", "table", "video"}  # fmt: skip
"""The kinds of blocks that are known, besides rich text."""
GONE = {"tombstone": remarks.DELETED_FILE, "hidden_by_limit": remarks.HIDDEN_FILE}


def message_time(said: Fields, name: str) -> str | None:
    """Return a message's time with its six decimals, which is its id in a channel."""
    found = STAMP.fullmatch(said.name(name) or "")
    return f"{found[1]}.{found[2] or '':0<6}" if found else None


def slack_name(row: Fields) -> str | None:
    """Return a person's shown name, from a row of the users or from the profile in a message."""
    profile = row.within("profile") if "profile" in row else row
    return slack_text(profile.text("display_name", "real_name") or row.text("real_name", "name"))


def slack_text(text: str | None) -> str | None:
    """Return a text of Slack, which escapes three characters, as it was typed."""
    return text and text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def slack_post(said: Fields, people: Mapping[str, str]) -> RawPost:
    """Return the post of a message that has a time; its ``parent`` is the message that opened the thread."""
    key = message_time(said, "ts") or ""
    opening = message_time(said, "thread_ts")
    gone = said.get("subtype") == "tombstone"
    count = said.number("reply_count")
    return RawPost(
        key=key,
        native_id=key,
        parent=opening if opening and opening != key else None,
        kind="deleted" if gone else "post",
        author=None if gone else _author(said, people),
        created=instant(key),
        edited=said.within("edited").time("ts").at,
        body="" if gone else _body(said, people),
        dialect="slack",
        declared=Declared(answers=count) if count and (opening or key) == key else None,
        attachments=tuple(_files(said)),
        reactions=() if gone else reactions(said.get("reactions")),
    )


def without_tokens(text: str) -> str:
    """Return the text with the access tokens removed from its addresses."""
    return TOKEN.sub(lambda found: found[1] if found[2] else "", text) if "xox" in text else text


def _author(said: Fields, people: Mapping[str, str]) -> Author | None:
    user = said.name("user") or said.within("comment").name("user") or said.name("bot_id")
    name = (
        people.get(user or "")
        or slack_name(said.within("user_profile"))
        or slack_text(said.text("username") or said.within("bot_profile").text("name"))
        or user
    )
    return Author(name=name, id=user) if name else None


def _files(said: Fields) -> Iterator[Attachment]:
    for field in ("files", "file"):
        for each in said.objects(field):
            address = each.text("permalink", "url_private")
            yield Attachment(
                name=each.text("title", "name") or GONE.get(str(each.get("mode"))) or remarks.A_FILE,
                url=without_tokens(address) if address else None,
                media_type=each.text("mimetype"),
                at=_saved(each),
            )
    for block in said.objects("blocks"):
        yield from _pictures(block)
    for each in said.objects("attachments"):
        if address := each.text("image_url"):
            yield Attachment(name=each.text("title", "fallback") or remarks.A_PICTURE, url=without_tokens(address))


def _saved(said: Fields) -> str | None:
    """Where programs that export Slack save a file: in a folder of its id, or as its id and name."""
    id, name = said.name("id"), said.text("name")
    return f"path:{id}/{name}|path:{id}-{name}" if id and name and "|" not in f"{id}{name}" else None


def _pictures(block: Fields) -> Iterator[Attachment]:
    for each in (block, *(block.objects("elements") if block.get("type") == "context" else ())):
        if each.get("type") == "image" and (address := each.text("image_url")):
            yield Attachment(name=_plain(each, "title") or each.text("alt_text") or remarks.A_PICTURE, url=without_tokens(address))  # fmt: skip


def _body(said: Fields, people: Mapping[str, str]) -> str:
    """Return the body: the text, or the blocks that Slack shows instead, followed by the attachments."""
    attached = list(said.objects("attachments"))
    needed = not (attached or said.get("blocks") or said.get("files"))
    text = _shown(said.body("text", needed=needed), _blocks(said.objects("blocks")))
    for each in attached:
        part = _attached(each)
        if not set(words(LABEL.sub(r"<\1> ", part))) <= set(words(text)) or not text:
            text = f"{text}\n\n{part}" if text else part
    text = NAMED.sub(lambda found: f"<@{found[1]}|{people.get(found[1], found[1])}>", text)
    return without_tokens("\n\n".join(filter(None, (text, *_written(said)))))


def _written(said: Fields) -> Iterator[str]:
    """Yield the beginnings of the files that were written in Slack, as code."""
    for each in said.objects("files"):
        if each.get("mode") in WRITTEN and (words := each.text("preview_plain_text", "preview")):
            yield f"```\n{_escaped(words)}\n```"


def _shown(text: str, blocks: str) -> str:
    """Return the text or the blocks, whichever contains the words of the other; both if neither does."""
    if not blocks or not text:
        return text or blocks
    written, built = set(words(text)), set(words(blocks))
    if built <= written:
        return text
    return blocks if written <= built else f"{text}\n\n{blocks}"


def _attached(said: Fields) -> str:
    """Return an attachment: a bot's own text as it is, a shared message or the preview of a page as a quotation."""
    title, address = said.text("title"), said.text("title_link")
    parts = [
        said.text("pretext"),
        f"<{address}|{title}>" if address and title and not {*"<>|"} & {*address} else title,
        _shown(said.text("text") or "", _blocks([*said.objects("blocks"), *_message_blocks(said)])),
        *(f"{_bold(each.text('title'))}{each.text('value') or ''}" for each in said.objects("fields")),
    ]
    text = "\n".join(part for part in parts if part) or said.text("fallback") or ""
    who = said.text("author_name", "author_subname", "service_name")
    source = said.text("from_url", "original_url")
    if not source and not said.flag("is_share", "is_msg_unfurl"):
        foot = said.text("footer")
        return "\n".join(part for part in (_bold(who).strip(), text, foot) if part)
    if not text:
        return ""
    marks = "^".join(
        re.sub(r"[<>|^\n]", " ", each) for each in (who or "", message_time(said, "ts") or "", source or "")
    )
    return "\n".join((f"<!quote^{marks}>", *(f"&gt; {line}" for line in text.split("\n"))))


def _bold(text: str | None) -> str:
    return f"*{text}* " if text else ""


def _message_blocks(said: Fields) -> Iterator[Fields]:
    for each in said.objects("message_blocks"):
        yield from each.within("message").objects("blocks")


def _blocks(blocks: Iterable[Fields]) -> str:
    """Return blocks as mrkdwn, one paragraph per block."""
    found: list[str] = []
    for block in blocks:
        if block.get("type") == "rich_text":
            found += map(_element, block.objects("elements"))
        else:
            found += _layout(block)
    return "\n\n".join(part.strip("\n") for part in found if part.strip())


def _layout(block: Fields) -> Iterator[str]:
    """Return the text of a block that an app lays out, without the labels of buttons."""
    kind = block.get("type")
    if isinstance(kind, str) and kind not in LAID_OUT:
        yield from _texts_of_unknown(block)
        return
    text = _plain(block, "text")
    yield f"*{text}*" if text and kind == "header" else text or ""
    yield from (_plain(each) or "" for each in block.objects("fields"))
    if kind == "context":
        yield from (_plain(each) or "" for each in block.objects("elements"))
    if kind == "video":
        yield _plain(block, "title") or ""
        yield _plain(block, "description") or ""
    if kind == "table":
        for row in block.values("rows"):
            cells = [Fields(each, block.wrong, block.parts) for each in row] if isinstance(row, list) else []
            yield " | ".join(_plain(each) or _blocks([each]) for each in cells)


def _texts_of_unknown(block: Fields) -> Iterator[str]:
    """Yield the texts of a block of a kind that is not known, and other values of several words."""
    stack: list[tuple[str, Any]] = [("", block.said)]
    while stack:
        name, here = stack.pop()
        if isinstance(here, dict):
            block.parts.append(here)
            stack += reversed(here.items())
        elif isinstance(here, list):
            stack += ((name, each) for each in reversed(here))
        elif isinstance(here, str) and (name == "text" or " " in here):
            yield here


def controls(said: Fields) -> Iterator[str]:
    """Yield the labels of the buttons and menus of an app's message, which pages do not show."""
    found: list[Fields] = []
    for holder in (said, *said.objects("attachments")):
        for block in holder.objects("blocks"):
            found += block.objects("elements") if block.get("type") == "actions" else [block.within("accessory")]
    while found:
        each = found.pop()
        yield from filter(None, (_plain(each), _plain(each, "placeholder")))
        found += each.objects("options")


def _plain(said: Fields, name: str = "text") -> str | None:
    """Return a text that may be a string or a text object."""
    return said.within(name).text("text") if isinstance(said.get(name), dict) else said.text(name)


def _element(said: Fields) -> str:
    """Return a part of rich text as mrkdwn: a paragraph, a list, a quotation, code."""
    kind = said.get("type")
    if kind == "rich_text_list":
        first = (said.number("offset") or 0) + 1
        indent = "    " * min(said.number("indent") or 0, 8)
        ordered = said.get("style") == "ordered"
        items = (_inline(each.objects("elements")) for each in said.objects("elements"))
        return "\n".join(f"{indent}{f'{n}.' if ordered else '•'} {item}" for n, item in enumerate(items, first))
    text = _inline(said.objects("elements"))
    if kind == "rich_text_preformatted":
        return f"```{text}```"
    return "\n".join(f"&gt; {line}" for line in text.strip("\n").split("\n")) if kind == "rich_text_quote" else text


def _inline(elements: Iterable[Fields]) -> str:
    """Return the leaves of rich text, also in elements within elements, as one line of mrkdwn."""
    found: list[str] = []
    stack = [iter(elements)]
    while stack:
        if (each := next(stack[-1], None)) is None:
            stack.pop()
        elif isinstance(each.get("elements"), list):
            stack.append(each.objects("elements"))
        else:
            found.append(_styled(each))
    return "".join(found)


def _styled(said: Fields) -> str:
    text = _leaf(said)
    style = said.within("style")
    for name, sign in STYLES:
        if style.flag(name) and text.strip():
            bare = text.strip()
            at = text.index(bare)
            text = f"{text[:at]}{sign}{bare}{sign}{text[at + len(bare) :]}"
    return text


def _leaf(said: Fields) -> str:
    kind, text = said.get("type"), _escaped(said.text("text", "fallback") or "")
    if kind == "link" and (address := said.text("url")):
        return f"<{_escaped(address)}|{text}>" if text else f"<{_escaped(address)}>"
    if kind in ("user", "channel"):
        return f"<{'@' if kind == 'user' else '#'}{said.name(f'{kind}_id')}>"
    if kind == "usergroup":
        return f"<!subteam^{said.name('usergroup_id')}>"
    if kind == "broadcast":
        return f"<!{said.text('range')}>"
    if kind == "emoji":
        return f":{said.text('name')}:"
    return text or _escaped(said.text("value") or "")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
