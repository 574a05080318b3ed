"""Recognise pages of conversations that the site showed to their participants only: messages, chats, direct channels.

A page is one of them by its own address, or by markup that a program writes around such a conversation only.  Words of the
page prove nothing: people quote the names of pages and elements in public debates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import urlsplit

from msgspec.structs import replace

from rostra.model import RawPost
from rostra.readers.dumps.saved_pages import SavedPage
from rostra.system.lazy_regex import late

MESSAGES = "private messages"
ACCOUNT = "a page of the data of an account"
ADDRESSES = {
    "facebook.com": r"/messages\b",
    "messenger.com": r"/",
    "instagram.com": r"/direct/",
    "linkedin.com": r"/messaging/",
    "reddit.com": r"/(?:chat|message)\b|/room/",
    "twitter.com": r"/(?:i/chat|messages)\b",
    "x.com": r"/(?:i/chat|messages)\b",
    "slack.com": r"/(?:archives|messages)/D[A-Z0-9]+|/client/[A-Z0-9]+/D[A-Z0-9]+",
    "discord.com": r"/channels/@me\b",
    "whatsapp.com": r"/",
    "telegram.org": r"/[ak]/",
    "teams.microsoft.com": r"/",
    "chat.google.com": r"/",
    "mail.google.com": r"/",
    "outlook.live.com": r"/",
    "outlook.office.com": r"/",
    "skype.com": r"/",
}
"""Sites, each with its subdomains, and the paths of conversations on them; a path of ``/`` is every page."""
PUBLIC = frozenset({"www.whatsapp.com", "faq.whatsapp.com", "blog.whatsapp.com", "www.skype.com", "support.skype.com"})
"""Subdomains of these sites that hold no conversations."""
ANYWHERE = late(
    r"/u/[^/]+/messages\b"  # Discourse
    r"|/private\.php\b"  # vBulletin, MyBB
    r"|/ucp\.php\?(?:.*[&;])?i=pm\b"  # phpBB
    r"|[?&;]action=pm\b"  # SMF
    r"|/(?:conversations|direct-messages)/"  # XenForo
    r"|/messenger/\d"  # Invision
)
"""The addresses of conversations in programs that anyone may run."""
SIGNS = (
    "archetype-private_message", "section-ucp", "messages-page", "conversation_view", "direct_message_view", "messaging",
    "private-message", "msg-s-message-list", "DmActivityContainer", "Direct Messages", "hChatLog", "sms://open?message-guid=",
    "message-pane-list", "chat-pane-", "Messages in conversation with", "data-pre-plain-text", "#msg-", 'class="recipient"',
    "private.php?", "personal_messages", "action_pm", "mx_Export_EventWrapper", "msg me", "msg s",
)  # fmt: skip
"""Words of ``MARKUP`` and ``PREAMBLE``, one of which each match holds: elements are looked at only around them."""
SIGN = late("|".join(map(re.escape, SIGNS)), re.IGNORECASE)
REACH = 3_000
"""How many code points before such a word its element begins at most, and how long the element is at most after it."""
TAG = late(r"""<([a-z]+)((?:\s+[\w:-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?)*)""", re.IGNORECASE)
ATTRIBUTE = late(r"""\s([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
MARKUP = {
    (element, attribute): late(value, re.IGNORECASE)
    for element, attribute, value in (
        ("body", "class", r"\b(?:archetype-private_message|section-ucp|messages-page|action_pm)\b"),
        ("html", "data-template", r"^(?:conversation|direct_message)_view\b"),
        ("body", "data-pagemodule", r"^messaging\b"),
        ("div", "class", r"^hChatLog hfeed\b|^mx_Export_EventWrapper$|^msg (?:me|s\d+)$"),
        ("div", "id", r"^personal_messages\b"),
        ("font", "class", r"^recipient\b"),
        ("a", "href", r"\bprivate\.php\?(?:action=send|do=newpm)&(?:amp;)?pmid=\d|^sms://open\?message-guid="),
        ("", "class", r"(?<!\S)(?:topic-map__private-message-map|private-message-glyph-wrapper|msg-s-message-list)(?![\w-])"),
        ("", "data-testid", r"^DmActivityContainer\b"),
        ("", "data-tid", r"^(?:message-pane-list|chat-pane-(?:list|item|message))"),
        ("", "data-pre-plain-text", r"^\["),
        ("", "data-message-id", r"^#msg-[af]:"),
        ("", "aria-label", r"^Messages in conversation with "),
    )
}  # fmt: skip
"""Values of attributes of an element, or of any, around a conversation in Discourse, phpBB, old Reddit, XenForo, Invision,
LinkedIn, X, Teams, Messenger, WhatsApp, Gmail, MyBB, vBulletin, SMF, Google Voice, imessage-exporter, signal-export and exports of Element, which do not say who
could read the room."""
PREAMBLE = late(r"<div\b[^<>]*\bpreamble__entry[\"']?>\s*Direct Messages\b", re.IGNORECASE)
"""What DiscordChatExporter writes above a direct conversation."""
DATA = late(r"<div\b[^<>]{0,200}?\sclass=[\"']?pam (?:_[\w-]{1,10} ){1,6}uiBoxWhite noborder\b")
"""The element around each entry in the data of an account at Facebook or Instagram."""
SLACK = late(r"\bhref=[\"']?https://[\w.-]+\.slack\.com/archives/([A-Z])[A-Z0-9]+/p\d")
"""The address of a message in Slack, and the kind of its channel: ``D`` is a direct conversation."""
DECLARED = late(r"<(?:link|meta)\b[^<>]{0,2000}>", re.IGNORECASE)
CANONICAL = late(r"\b(?:rel=[\"']?canonical|property=[\"']?og:url)\b", re.IGNORECASE)
VALUE = late(r"\b(?:href|content)=[\"']?([^\s\"'<>]+)", re.IGNORECASE)


def private_kind(page: SavedPage) -> str | None:
    """Return what kind of private page it is, such as a conversation; None if nothing says that it is private."""
    if any(map(_is_private, _addresses(page))) or _is_marked(page.html):
        return MESSAGES
    if "uiBoxWhite" in page.html and DATA.search(page.html):
        return ACCOUNT
    return MESSAGES if {found[1] for found in SLACK.finditer(page.html)} == {"D"} else None


def marked(posts: Iterable[RawPost], kind: str | None) -> tuple[RawPost, ...]:
    """Return the posts of a page, all private if the page has a ``kind`` of private conversation."""
    return tuple(replace(post, private=kind) if kind else post for post in posts)


def _is_marked(html: str) -> bool:
    """Whether an element is one that a program writes around a private conversation; each is looked at once."""
    last = -1
    for sign in SIGN.finditer(html) if any(map(html.__contains__, SIGNS)) else ():
        begun = html.rfind("<", max(0, sign.start() - REACH), sign.start())
        if begun <= last:
            continue
        last, end = begun, sign.end() + REACH
        if PREAMBLE.match(html, begun, end) or ((tag := TAG.match(html, begun, end)) and _is_around(*tag.groups())):
            return True
    return False


def _is_around(element: str, attributes: str) -> bool:
    for name, *values in ATTRIBUTE.findall(attributes):
        for of in (element.lower(), ""):
            wanted = MARKUP.get((of, name.lower()))
            if wanted and wanted.search("".join(values)):
                return True
    return False


def _addresses(page: SavedPage) -> Iterable[str]:
    """Yield the addresses that the saving program and the page itself give the page."""
    yield page.url or ""
    for found in DECLARED.finditer(page.html):
        if CANONICAL.search(found[0]) and (value := VALUE.search(found[0])):
            yield unescape(value[1])


def _is_private(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = str(parts.hostname)
    except ValueError:
        return False
    path = f"{parts.path or '/'}?{parts.query}"
    if ANYWHERE.search(path):
        return True
    names = host.split(".")
    sites = (".".join(names[n:]) for n in range(len(names)))
    return host not in PUBLIC and any(site in ADDRESSES and re.match(ADDRESSES[site], path) for site in sites)
