"""Files of programs in formats that nobody reads are refused by name; prose that speaks of them is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.errors import UnreadableDump
from rostra.readers import Dump, choose
from rostra.readers.guards.unread_formats import unread_format

MESSAGE = "I told the miller about it.\n"
UNREAD = {
    "SQL": [
        "-- MySQL dump 10.13\n/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `posts`;\nCREATE TABLE `posts` (\n",
        "INSERT INTO posts VALUES (1, 'a');\n",
        "\ufeff\n\nPRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE posts (id INTEGER);\n",
        "--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\nCOPY public.posts (id, text) FROM stdin;\n",
    ],
    "script": [
        "window.YTD.direct_messages.part0 = [ {\n",
        "var data = {\n",
        'const posts = ["a"];\n',
        "let posts = [ ]\n",
    ],
    "Signal": [
        "Conversation: Bede (+49)\n\nFrom: Bede (+49)\nType: incoming\nSent: Tue, 05 Jan 2021 10:00:00 +0100\n\n"
        + MESSAGE
    ],
    "LINE": ["[LINE] Chat history with Bede\nSaved on: 2021/03/28 20:29\n\n", "\ufeff[LINE]Bedeとのトーク履歴\n"],
    "KakaoTalk": [
        "Bede KakaoTalk Chats\nDate Saved : Mar 28, 2021 8:29 PM\n",
        "Bede 님과 카카오톡 대화\n저장한 날짜 : 2021-03-28 20:29:00\n",
    ],
    "Zoom": [
        "09:01:12\t From Ada Weir to Everyone:\n\tIs it shut?\n",
        "9:01:12 From Ada to Bede(Direct Message):\nNo.\n",
    ],
    "Discord": ["=" * 62 + "\nGuild: Direct Messages\nChannel: Private / Bede\n" + "=" * 62 + "\n"],
    "XML": [
        "Warning: it is late\n" * 60 + "<rss version='2.0'\n xmlns:wp='http://wordpress.org/export/1.2/'>\n",
        "Late\n<?xml version='1.0'?>\n<disqus xmlns:dsq='http://disqus.com/disqus-internals'>\n",
    ],
    "CSV": [
        "id,author,body\n1,ada,A word\n",
        'ID;"Author Name";Date\r\n1;ada;today\r\n',
        "AuthorID\tUsername\tContent\n1\tada\tA\tb\n",
    ],
}
PROSE = [
    "",
    "I wrote INSERT INTO posts VALUES (1);\nand nothing happened.\n",
    "-- a dash begins this line\nAnd nothing follows.\n",
    "SET the table; then CREATE a meal.\n",
    "Drop it; Create Table manners.\n",
    "window.open is what I use = [",
    "let us say that x = 7\n",
    "let x = 7;\n",
    "Conversation: a play in one act\n\nFrom: the first scene\nADA: Hello.\n",
    "[LINEAR] algebra\n",
    "Warning: it is late\n" * 61 + "<rss xmlns:wp='http://wordpress.org/export/1.2/'>\n",
    "My export has\n  <rss xmlns:wp='http://wordpress.org/export/1.2/'>\nand no items.\n",
    "The news\n<rss version='2.0'>\n",
    "Why KakaoTalk Chats are slow\nAda\n1 year ago\nThey are.\n",
    "09:01 From Ada to Everyone:\nIs it shut?\n",
    "09:01:12 From Ada\nIs it shut?\n",
    "=" * 19 + "\nGuild: a\nChannel: b\n",
    "=" * 20 + "\nGuild of millers\nChannel: b\n",
    "id,author\n1,ada\n",  # two columns
    "id,author,body\nNo row of a table.\n",
    "id,author,body\n1,ada\n",  # fewer than the names
    "id,sugar,milk\n1,2,3\n",  # one column of posts
    "Ada, author, date\n\nShe wrote this.\n",
    "Ada; body, text\na; b, c\n",
]


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in UNREAD.items() for text in texts])
def test_a_format_that_no_reader_reads_is_refused_by_name_unless_a_card_says_that_it_is_text(
    name: str, text: str, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8", newline="")
    with pytest.raises(UnreadableDump, match=name) as raised:
        choose(Dump(tmp_path / "a.txt"))
    assert raised.value.hint
    assert choose(Dump(tmp_path / "a.txt"), "text").NAME == "text"


@pytest.mark.parametrize("text", PROSE)
def test_prose_that_speaks_of_such_formats_is_read(text: str) -> None:
    assert unread_format(text) is None


def test_a_long_beginning_takes_linear_time() -> None:
    for piece in ("/*", "-- \n", "SET x;", " ", "\n", "<rss x", "a,", '"a",id,author', "SET x"):
        assert unread_format(piece * 20_000) is None


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("<!-- a tracker wrote this -->\n<!-- and this --><rss version='0.92'><channel></channel></rss>\n", False),
        ("<!-- a tracker wrote this -->\n<?xml version='1.0'?><bugs></bugs>\n", False),
        ("<!-- I write this\nin my letter -->\nThe gate is open.\n", True),
        ("<ada> Who opened the gate?\n", True),
    ],
)
def test_xml_is_no_text_and_comments_may_precede_it(text: str, is_read: bool, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    if is_read:
        assert choose(Dump(tmp_path / "a.txt")).NAME == "text"
    else:
        with pytest.raises(UnreadableDump, match="no reader"):
            choose(Dump(tmp_path / "a.txt"))
