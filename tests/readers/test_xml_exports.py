"""Exports of comments as XML: whose words are shown, and the text of WordPress as its pages show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.config.cards import Card
from rostra.errors import UnreadableDump
from rostra.ingest.dump_threads import read_threads
from rostra.readers import Dump
from rostra.readers.sites.wordpress import paragraphs

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
DISQUS = """<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals"><thread dsq:id="7">
<title>Gate</title></thread><post dsq:id="1"><message>I did.</message><isSpam>{spam}</isSpam><isDeleted>{gone}</isDeleted><author>
<name>Ada</name></author><thread dsq:id="7"/></post></disqus>"""
WORDPRESS = """<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>Gate</title><wp:status>{status}</wp:status>
<wp:post_type>post</wp:post_type><wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_content>I did.</wp:comment_content>
<wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>{type}</wp:comment_type></wp:comment></item></channel></rss>"""


def shown(text: str, folder: Path, format: str | None = None) -> bool:
    """Whether the comment of an export is shown."""
    (folder / "a.xml").write_text(text, encoding="utf-8")
    try:
        threads = list(read_threads(Dump(folder / "a.xml"), Card(format=format)))
    except UnreadableDump:
        return False
    return any(post.raw.body for thread in threads for post in thread.posts)


@pytest.mark.parametrize(
    ("spam", "gone", "is_shown"),
    [
        *(("false", "false", True), ("0", "0", True), ("true", "false", False), ("1", "0", False)),
        *(("false", "true", False), ("0", "1", False)),
    ],
)
def test_spam_and_deleted_comments_of_disqus_stay_out(spam: str, gone: str, is_shown: bool, tmp_path: Path) -> None:
    assert shown(DISQUS.format(spam=spam, gone=gone), tmp_path) is is_shown


@pytest.mark.parametrize(
    ("status", "approved", "type", "is_shown"),
    [
        ("publish", "1", "", True),
        ("publish", "1", "comment", True),
        ("", "1", "", True),
        ("publish", "0", "", False),
        ("publish", "spam", "", False),
        ("publish", "trash", "", False),
        ("publish", "", "", False),
        ("publish", "1", "pingback", False),
        ("publish", "1", "order_note", False),
        *((status, "1", "", False) for status in ("private", "draft", "pending", "future", "trash", "auto-draft")),
    ],
)
def test_only_approved_comments_of_published_articles_are_shown(
    status: str, approved: str, type: str, is_shown: bool, tmp_path: Path
) -> None:
    assert shown(WORDPRESS.format(status=status, approved=approved, type=type), tmp_path) is is_shown


@pytest.mark.parametrize(
    ("approved", "is_shown"), [("true", True), ("1", True), ("", True), ("false", False), ("0", False)]
)
def test_comments_of_disqus_that_wait_for_approval_stay_out(approved: str, is_shown: bool, tmp_path: Path) -> None:
    text = DISQUS.format(spam="false", gone="false").replace("<author>", f"<isApproved>{approved}</isApproved><author>")
    assert shown(text, tmp_path) is is_shown


@pytest.mark.parametrize(
    ("state", "password", "parent", "is_shown"),
    [
        ("publish", "", "1", True),
        ("publish", "", "0", True),
        ("draft", "", "1", False),
        ("trash", "", "1", False),
        ("publish", "x", "1", False),
        ("publish", "", "2", False),
    ],
)
def test_a_file_of_wordpress_is_as_public_as_its_article(
    state: str, password: str, parent: str, is_shown: bool, tmp_path: Path
) -> None:
    text = WORDPRESS.format(status="inherit", approved="1", type="").replace(
        "<item>",
        f"<item><wp:status>{state}</wp:status><wp:post_id>1</wp:post_id><wp:post_password>{password}</wp:post_password></item>"
        f"<item><wp:post_id>3</wp:post_id><wp:post_parent>{parent}</wp:post_parent>",
    )
    assert shown(text, tmp_path) is is_shown


def test_what_is_left_out_of_wordpress_is_named_by_its_type_or_state(tmp_path: Path) -> None:
    text = WORDPRESS.format(status="publish", approved="1", type="").replace(
        "<item>",
        "<item><wp:status>publish</wp:status><wp:post_type>topic</wp:post_type></item>"
        "<item><wp:status>auto-draft</wp:status><wp:post_type>post</wp:post_type></item><item>",
        1,
    )
    (tmp_path / "a.xml").write_text(text, encoding="utf-8")
    (thread,) = read_threads(Dump(tmp_path / "a.xml"), Card())
    said = {problem.code: problem.message for problem in thread.problems}
    assert "`topic` (1)" in said["other-rows"]
    assert "`auto-draft` (1)" in said["left-out"]


@pytest.mark.parametrize("format", ["disqus", "wordpress"])
def test_an_export_with_a_document_type_is_refused(format: str, tmp_path: Path) -> None:
    text = {"disqus": DISQUS.format(spam="false", gone="false"), "wordpress": WORDPRESS.format(status="publish", approved="1", type="")}[format]  # fmt: skip
    assert shown(text, tmp_path, format)
    assert not shown(BOMB + text, tmp_path, format)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n\nTwo.\r\nThree.", "<p>One.</p><p>Two.<br>Three.</p>"),
        ("One.\n \n\n<ul><li>Two</li></ul>", "<p>One.</p><ul><li>Two</li></ul>"),
        ("<em>One</em>", "<p><em>One</em></p>"),
        ("<pre>a\n\nb</pre>\nc", "<pre>a\n\nb</pre><p>c</p>"),
        ("<PRE class='x'>a\n\nb", "<PRE class='x'>a\n\nb"),
        ("<present>a", "<p><present>a</p>"),
        ("<!-- wp:paragraph -->\n<p>One\ntwo.</p>\n\n", "<!-- wp:paragraph -->\n<p>One\ntwo.</p>\n\n"),
        ("", ""),
    ],
)
def test_blank_lines_divide_paragraphs(text: str, html: str) -> None:
    assert paragraphs(text) == html
