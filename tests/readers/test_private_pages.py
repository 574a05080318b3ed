"""Saved pages of private conversations are not published unless a card says so; pages that only speak of them are."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.config.cards import Card
from rostra.ingest.dump_threads import read_threads
from rostra.model import RawPost
from rostra.readers import Dump
from rostra.readers.dumps.saved_pages import SavedPage
from rostra.readers.guards import private_pages
from rostra.readers.guards.private_pages import ACCOUNT, MESSAGES, REACH, SIGNS, marked, private_kind

FORUM = Path(__file__).parent / "forum"
QUOTE_CLASS = '" class="'
WORDS = "Nobody else shall ever read of the key."
DIRECT, CHANNEL = (
    f'<a href="https://mill.slack.com/archives/{kind}0123ABC/p1709542800000100">9:00</a>' for kind in "DC"
)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.facebook.com/messages/t/1",
        "https://www.messenger.com/t/1",
        "https://www.instagram.com/direct/t/1/",
        "https://www.linkedin.com/messaging/thread/2-a/",
        "https://chat.reddit.com/room/!a%3Areddit.com",
        "https://old.reddit.com/message/messages/a1",
        "https://www.reddit.com/chat/r/1",
        "https://x.com/messages/1-2",
        "https://twitter.com/i/chat/1-2",
        "https://mill.slack.com/archives/D0123ABC",
        "https://app.slack.com/client/T01/D0123ABC",
        "https://discord.com/channels/@me/1",
        "https://web.whatsapp.com/",
        "https://web.whatsapp.com",
        "https://web.telegram.org/k/#-1",
        "https://mail.google.com/mail/u/0/",
        "https://mill.example/u/ada/messages",
        "https://mill.example/forum/private.php?do=showpm&pmid=1",
        "https://mill.example/ucp.php?i=pm&mode=view&p=1",
        "https://mill.example/ucp.php?mode=view&i=pm",
        "https://mill.example/index.php?action=pm;sa=show",
        "https://mill.example/conversations/the-key.7/",
        "https://mill.example/direct-messages/the-key.7/",
        "https://mill.example/messenger/7/",
    ],
)
def test_an_address_of_a_private_conversation_is_enough(address: str) -> None:
    assert private_kind(SavedPage("<p>a</p>", address, ())) == MESSAGES
    link, written = f'<link href="{address}" rel="canonical">', address.replace("&", "&amp;")
    for declared in (link, f"<META property='og:url' content='{written}'>", f"<link rel=canonical href={written}>"):
        assert private_kind(SavedPage(f"<head>{declared}</head>", None, ())) == MESSAGES
    spoken = f'<link rel="alternate" href="{address}"><a href="{address}">see</a> {address}'
    assert private_kind(SavedPage(spoken, "https://mill.example/t/1", ())) is None


@pytest.mark.parametrize(
    "address",
    [
        None,
        "https://mill.example/t/messages/7",
        "https://www.facebook.com/groups/mill/posts/1",
        "https://notfacebook.com/messages/t/1",
        "https://facebook.com.mill.example/messages/t/1",
        "https://www.reddit.com/r/mill/comments/a1/message/",
        "https://www.linkedin.com/posts/messaging-of-the-mill",
        "https://mill.slack.com/archives/C0123ABC",
        "https://app.slack.com/client/T01/C0123ABC",
        "https://discord.com/channels/1/2",
        "https://faq.whatsapp.com/1180414079177245",
        "https://core.telegram.org/bots",
        "https://mill.example/viewtopic.php?t=7&i=pmx",
        "https://mill.example/threads/conversations.7/",
        "https://mill.example/index.php?action=pmx",
        "https://[mill/messages",
    ],
)
def test_other_addresses_are_public(address: str | None) -> None:
    assert private_kind(SavedPage("<p>a</p>", address, ())) is None


PRIVATE = [
    '<body class="archetype-private_message category-x">',
    "<body id=phpbb class='nojs section-ucp ltr'>",
    "<body class=messages-page>",
    '<html lang="en" data-template="conversation_view">',
    '<html lang="en" data-template="direct_message_view">',
    "<body data-pageApp='core' data-pageModule='messaging'>",
    '<section class="topic-map__private-message-map">',
    '<div class="private-message-glyph-wrapper">',
    '<ul class="list msg-s-message-list">',
    '<div data-testid="DmActivityContainer">',
    '<div class="preamble__entry">Direct Messages / bede</div>',
    '<div data-tid="message-pane-list-viewport">',
    '<div class="a" data-tid="chat-pane-message">',
    '<div aria-label="Messages in conversation with Bede">',
    '<div data-pre-plain-text="[20:29, 3/28/2021] Bede: " class="copyable-text">',
    '<div class="adn ads" data-message-id="#msg-f:17">',
    '<font size="-1" class="recipient">',
    '<a href="https://mill.example/private.php?action=send&amp;pmid=7&amp;do=reply">',
    '<a href="private.php?do=newpm&pmid=7">',
    '<div id="personal_messages">',
    '<body id="chrome" class="action_pm">',
    '<div class="hChatLog hfeed">',
    '<div class="mx_Export_EventWrapper" id="$a">',
    "<div class='msg me'>",
    "<div class='msg s12'>",
    '<a title="Reveal" href="sms://open?message-guid=7">',
    "<BODY title='class=x>' hidden CLASS = 'messages-page'>",
    "<body data-x=messaging class=messages-page>",
]


@pytest.mark.parametrize("markup", PRIVATE)
def test_markup_around_a_private_conversation_is_enough(markup: str) -> None:
    assert private_kind(SavedPage(f"{markup}<p>a</p>", None, ())) == MESSAGES
    assert any(sign in markup for sign in SIGNS)
    spoken = markup.replace("<", "&lt;").replace(">", "&gt;")
    assert private_kind(SavedPage(f"<pre>{spoken}</pre>", None, ())) is None


def test_a_page_of_the_data_of_an_account_is_private() -> None:
    entry = '<div class="pam _3-95 _2ph- _a6-g uiBoxWhite noborder">'
    assert private_kind(SavedPage(f"{entry}<p>a</p>", None, ())) == ACCOUNT
    for other in ("uiBoxWhite noborder", entry.replace("<", "&lt;"), entry.replace("pam", "pal")):
        assert private_kind(SavedPage(f"<p>{other}</p>", None, ())) is None


@pytest.mark.parametrize("more", [0, 1])
def test_an_element_begins_near_its_sign(more: int) -> None:
    begun = '<body title="'
    page = f'{begun}{"a" * (REACH - len(begun) - len(rest := QUOTE_CLASS) + more)}{rest}messages-page">'
    assert private_kind(SavedPage(page, None, ())) == (None if more else MESSAGES)


def test_each_element_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that is full of signs, so that twice the page takes twice as long."""
    looked = list[int]()

    class Counted:
        def match(self, _html: str, begun: int, _end: int) -> None:
            looked.append(begun)

    monkeypatch.setattr(private_pages, "TAG", Counted())
    element = f"<a {'messaging ' * 100}>"
    assert private_kind(SavedPage(element * 3, None, ())) is None
    assert looked == [0, len(element), 2 * len(element)]


def test_each_sign_is_needed() -> None:
    assert [sign for sign in SIGNS if not any(sign in markup for markup in PRIVATE)] == []


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="my-msg-s-message-list">',
        '<div class="msg-s-message-list__event">',
        '<style>.archetype-private_message{color:red}</style><body class="archetype-regular">',
        '<html data-template="thread_view">',
        '<div class="preamble__entry">Mill / Direct Messages</div>',
        '<div class="hfeed hChatLog">',
        '<div data-tid="channel-pane-message">',
        '<div aria-label="Messages in this topic">',
        '<div data-pre-plain-text="none">',
        '<div data-message-id="17">',
        '<td class="recipient">',
        '<a href="private.php?action=send&amp;uid=7">',  # to write to a member
        '<a href="index.php?action=pm" id="personal_messages_link">',
        '<body class="action_messageindex">',
        '<a href="sms://open?number=7">',
        # Words of a page in an attribute are no attribute.
        '<body title=" class=messages-page">',
        '<p class="messages-page" data-template="conversation_view">',
    ],
)
def test_other_markup_is_public(markup: str) -> None:
    assert private_kind(SavedPage(markup, None, ())) is None


def test_direct_messages_of_slack_are_private_unless_a_channel_is_shown_too() -> None:
    assert private_kind(SavedPage(DIRECT, None, ())) == MESSAGES
    assert private_kind(SavedPage(CHANNEL, None, ())) is None
    assert private_kind(SavedPage(DIRECT + CHANNEL, None, ())) is None


def read(dump: Path, card: Card) -> tuple[str, list[str]]:
    """The words of a dump that are published, and the codes of what is said of it."""
    given = Dump(dump)
    threads = list(read_threads(given, card))
    words = "\n".join(post.raw.body for thread in threads for post in thread.posts)
    told = [problem.code for thread in threads for problem in thread.problems]
    return words, told + [problem.code for problem in given.withheld]


def test_a_private_page_is_published_only_with_consent(tmp_path: Path) -> None:
    dump = tmp_path / "page.html"
    dump.write_text(f"<html><head><title>Key</title></head>{PRIVATE[0]}<p>{WORDS}</p></body></html>", encoding="utf-8")
    words, told = read(dump, Card())
    assert WORDS not in words
    assert "not-public" in told
    assert WORDS in read(dump, Card(publish_private=True))[0]


def test_a_private_page_of_a_forum_is_published_only_with_consent(tmp_path: Path) -> None:
    dump = tmp_path / "page.html"
    html = (FORUM / "xenforo.html").read_text(encoding="utf-8")
    public = read(FORUM / "xenforo.html", Card())[0]
    dump.write_text(html.replace("<html", '<html data-template="conversation_view"', 1), encoding="utf-8")
    words, told = read(dump, Card())
    assert "not-public" in told
    assert not words.strip()
    assert read(dump, Card(publish_private=True))[0] == public != ""


def test_a_page_that_is_not_private_leaves_what_its_reader_says_of_a_post() -> None:
    posts = RawPost(key="1", body="Shut.", private="a whisper"), RawPost(key="2", body="Open.")
    assert marked(posts, None) == posts
    assert [post.private for post in marked(posts, MESSAGES)] == [MESSAGES, MESSAGES]
