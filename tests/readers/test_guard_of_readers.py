"""Every reader is held to the guard, or has a reason not to be: what is cut out of a dump, or added to it, is told.

``test_guard`` does this to each case of a format of JSON; here are the other formats, and what a dump names or counts in
each.  A new reader fails here until it is in each of the tables.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rostra.readers import Dump, readers
from spoiled_dumps import Seen, letters, samples

Written = tuple[str, str]
"""A dump as the name of its file and its text."""

WORDS = "Very many words, more than the label of a button has, that no reader knows of"
OF_JSON = {format for format, dump in samples() if dump.suffix.startswith((".json", ".ndjson")) and not Dump(dump).is_folder}  # fmt: skip
PAGE = """<!DOCTYPE html><html><head><title>The gate</title></head><body id="phpbb" class="section-viewtopic"><h2 class="topic-title">
<a href="./viewtopic.php?t=9">The gate</a></h2>{pages}<div id="p1" class="post bg2"><div class="postbody"><div id="post_content1">
<p class="author">by <strong><a class="username" href="./u1">ada</a></strong> &raquo; <time datetime="2024-03-04T09:00:00+00:00">then</time></p>
<div class="content">Who opened the upper gate?</div></div></div></div><div id="p2" class="post bg1"><div class="postbody"><div id="post_content2">
<p class="author">by <strong><a class="username" href="./u2">bede</a></strong> &raquo; <time datetime="2024-03-04T10:00:00+00:00">then</time></p>
<div class="content">{text}</div></div></div></div></body></html>"""
MESSAGE = "From: Ada Weir <ada@mill.example>\nSubject: The gate\nMessage-ID: <1@mill.example>\nDate: Mon, 4 Mar 2024 09:00:00 +0000\n{more}\n{text}\n"
XML = '<?xml version="1.0"?>\n<posts>\n<row Id="1" PostTypeId="1" CreationDate="2024-03-04T09:00:00.000" Title="The gate" OwnerDisplayName="ada" {more}/>\n</posts>\n'
DISQUS = '<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">\n<thread dsq:id="7"><title>The gate</title></thread>\n<post dsq:id="1"><createdAt>2024-03-04T09:00:00Z</createdAt><author><name>ada</name></author><thread dsq:id="7"/>{more}</post></disqus>\n'
WORDPRESS = '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>The gate</title><wp:status>publish</wp:status><wp:post_type>post</wp:post_type><wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>ada</wp:comment_author><wp:comment_approved>1</wp:comment_approved>{more}</wp:comment></item></channel></rss>\n'
CHAT = "3/14/24, 9:00 AM - Ada Weir: Who opened the upper gate?\n3/14/24, 9:10 AM - Bede: {text}\n"
COPIED = "The upper gate\n\nAda Weir\n2 years ago\n\nWho opened the upper gate last night?\n\nBede Miller\n1 year ago\n\n{text}\n\nCy Pond\n1 year ago\n\nNobody did so, as far as I know.\n"

EMPTY: dict[str, Written] = {
    "disqus": ("a.xml", DISQUS.format(more="<message> </message>")),
    "wordpress": ("a.xml", WORDPRESS.format(more="<wp:comment_content> </wp:comment_content>")),
    "forum": ("a.html", PAGE.format(pages="", text="")),
    "handwritten": ("a.md", "# The gate\n\n## [1] ada\n\n## [2] bede\n\nI did.\n"),
    "html": ("a.html", "<html><body><p> </p></body></html>"),
    "kialo": ("a.txt", "Discussion Title: The gate\n\n1. It should stay shut.\n1.1. Pro:\n1.2. Con: It is needed at dawn.\n"),
    "mail": ("a.eml", MESSAGE.format(more="", text="")),
    "signal": ("chat.md", "[2024-03-04 10:00:05] Ada Weir: \n[2024-03-04 10:05:00] Me: I did.\n"),
    "stackexchange": ("Posts.xml", XML.format(more="")),
    "text": ("a.txt", COPIED.format(text="")),
    "whatsapp": ("chat.txt", CHAT.format(text="")),
    "wikitext": ("a.wiki", "== The gate ==\n[[User:Ada|Ada]] 09:00, 4 March 2024 (UTC)\n:I did. [[User:Bede|Bede]] 10:00, 4 March 2024 (UTC)\n"),
}  # fmt: skip
"""(a) A dump of which one post has no text, for formats without JSON."""

UNKNOWN: dict[str, Written] = {
    "disqus": ("a.xml", DISQUS.format(more=f"<message>I did.</message><unheard>{WORDS}</unheard>")),
    "wordpress": ("a.xml", WORDPRESS.format(more=f"<wp:comment_content>I did.</wp:comment_content><wp:unheard>{WORDS}</wp:unheard>")),
    "forum": ("a.html", PAGE.format(pages="", text=f'I did.<div class="bbCodeBlock-expandLink">{WORDS}</div>')),
    "handwritten": ("a.md", f"# The gate\n{WORDS}\n\n## [1] ada\n\nI did.\n"),
    "html": ("a.html", f"<html><body><article><p>Who opened the gate?</p></article><aside><p>{WORDS}</p></aside></body></html>"),
    "kialo": ("a.txt", f"Discussion Title: The gate\n{WORDS}\n\n1. It should stay shut.\n1.1. Pro: Yes.\n"),
    "mail": ("a.eml", MESSAGE.format(more='Content-Type: multipart/mixed; boundary="b"\n', text=f"--b\n\nI did.\n--b\nContent-Type: text/x-unheard\n\n{WORDS}\n--b--")),
    "signal": ("chat.md", f"{WORDS}\n[2024-03-04 10:00:05] Ada Weir: I did.\n"),
    "stackexchange": ("Posts.xml", XML.format(more=f'Body="I did." Unheard="{WORDS}"')),
    "text": ("a.txt", COPIED.format(text=f"{WORDS}")),
    "whatsapp": ("chat.txt", f"{WORDS}\n{CHAT.format(text='I did.')}"),
    "wikitext": ("a.wiki", f"{WORDS}\n== The gate ==\nI did. [[User:Ada|Ada]] 09:00, 4 March 2024 (UTC)\n"),
}  # fmt: skip
"""(d) Words where no reader looks for any: they are shown or told."""

CUT: dict[str, Written] = {
    "disqus": ("a.xml", DISQUS.format(more='<message>I did.</message><parent dsq:id="0"/>')),
    "wordpress": ("a.xml", WORDPRESS.format(more="<wp:comment_content>I did.</wp:comment_content><wp:comment_parent>9</wp:comment_parent>")),
    "convokit": ("a.jsonl", json.dumps({"id": "u2", "conversation_id": "u1", "text": "I did.", "speaker": "bede", "reply-to": "u1"})),
    "discord": ("a.json", json.dumps({"guild": {"id": "1", "name": "Mill"}, "channel": {"id": "2", "name": "gate"}, "messages": [{"id": "3", "type": "Default", "timestamp": "2024-03-04T09:00:00Z", "content": "I did.", "author": {"id": "5", "name": "ada"}}], "messageCount": 2})),
    "forum": ("a.html", PAGE.format(pages='<div class="pagination">Page <strong>2</strong> of <strong>7</strong></div>', text="I did.")),
    "handwritten": ("a.md", "# The gate\n\n## [1] ada\n\nWho?\n\n## [3] bede, answers 2\n\nI did.\n"),
    "kialo": ("a.txt", "Discussion Title: The gate\n\n1. It should stay shut.\n1.1.1. Pro: Yes.\n"),
    "mail": ("a.eml", MESSAGE.format(more="In-Reply-To: <0@mill.example>\n", text="I did.")),
    "posts": ("a.jsonl", '{"id": "b", "parent": "a", "body": "I did."}'),
    "rostra": ("a.json", '{"rostra": 1, "id": "gate", "posts": [{"id": "p-b2", "parent": "p-a1", "body": "I did."}]}'),
    "stackexchange": ("Posts.xml", XML.format(more='Body="Who did?" AnswerCount="2"')),
    "telegram": ("a.json", json.dumps({"name": "Gate", "type": "public_supergroup", "id": 5, "messages": [{"id": 2, "type": "message", "date": "2024-03-04T09:00:00", "date_unixtime": "1709542800", "from": "Ada", "from_id": "user1", "text": "I did.", "reply_to_message_id": 1}]})),
}  # fmt: skip
"""(c) A dump that lacks a post which it counts or names; ``test_guard`` has those of the formats in ``COUNTED``."""
COUNTED = {"activitypub", "discourse", "github", "hackernews", "lemmy", "reddit", "slack"}

UNCOUNTED = {
    "forum-dl": "a line names its topic and its own place, no other post and no count",
    "forum-export": "a table of posts names no other post but in a quotation, whose source may be another topic",
    "html": "a page is one post",
    "iac": "a post without the one that it answers is an answer to the opening, as in the corpus",
    "signal": "a message quotes words, and names no other message",
    "text": "copied text that names or counts nothing; what it does name is told by its layout",
    "whatsapp": "a message names no other message",
    "wikitext": "a comment's indentation says how deep it is, not what it answers",
    "zulip": "a quotation's link may lead to another topic",
}
"""Why a dump of a format says nothing about posts that it lacks."""
WITHOUT_CONTAINERS = {
    "forum": "the elements of a page belong to the page",
    "handwritten": "it has headings only, and a heading that is none is told",
    "html": "the elements of a page belong to the page",
    "kialo": "it has numbered lines only",
    "mail": "parts of unknown kinds are attachments",
    "signal": "it has lines only",
    "text": "it has lines only",
    "whatsapp": "it has lines only",
    "wikitext": "it has lines only; markup that is not known is shown as it is",
}
"""(b) Why no container of a format can have another name."""
RENAMED: dict[str, Written] = {
    "disqus": ("a.xml", DISQUS.format(more="<message>Who?</message>").replace("</disqus>", "<reply><message>I did, and gladly so.</message></reply></disqus>")),
    "wordpress": ("a.xml", WORDPRESS.format(more="<wp:comment_content>Who?</wp:comment_content>").replace("</item>", "</item><entry><title>Weir</title></entry>")),
    "stackexchange": ("Posts.xml", XML.format(more='Body="Who did?"').replace("</posts>", '<line Id="2" PostTypeId="2" Body="I did, and gladly so."/>\n</posts>')),
}  # fmt: skip
"""(b) Records under a name that is not known, for formats without JSON."""


def told(dump: Written, format: str, folder: Path) -> Seen:
    name, text = dump
    place = folder / ("Gate" if format == "signal" else "") / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return Seen(place, format)


def each(table: dict[str, Written]) -> Any:
    return pytest.mark.parametrize(("format", "dump"), table.items(), ids=table.keys())


@each(EMPTY)
def test_a_post_without_text_is_a_problem(format: str, dump: Written, tmp_path: Path) -> None:
    seen = told(dump, format, tmp_path)
    assert seen.failure or seen.problems


@each(UNKNOWN)
def test_words_are_shown_or_told_wherever_they_are(format: str, dump: Written, tmp_path: Path) -> None:
    seen = told(dump, format, tmp_path)
    assert letters(WORDS) in seen.letters or seen.failure or seen.problems


@each(CUT)
def test_a_post_that_a_dump_counts_or_names_is_missed(format: str, dump: Written, tmp_path: Path) -> None:
    seen = told(dump, format, tmp_path)
    assert seen.problems.keys() & {"missing-post", "missing-opening", "missing-page", "fewer-posts"}


@each(RENAMED)
def test_records_under_another_name_are_told(format: str, dump: Written, tmp_path: Path) -> None:
    seen = told(dump, format, tmp_path)
    assert seen.failure or seen.problems


def test_every_reader_is_held_to_each_part_of_the_guard_or_has_a_reason() -> None:
    every = set(readers())
    assert OF_JSON | EMPTY.keys() == every
    assert OF_JSON | UNKNOWN.keys() == every
    assert OF_JSON | RENAMED.keys() | WITHOUT_CONTAINERS.keys() == every
    assert COUNTED | CUT.keys() | UNCOUNTED.keys() == every
    assert not (COUNTED | CUT.keys()) & UNCOUNTED.keys()
    assert not RENAMED.keys() & WITHOUT_CONTAINERS.keys()
