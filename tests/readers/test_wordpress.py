"""WordPress: the text of articles and comments as its pages show it."""

from __future__ import annotations

import pytest

from rostra.readers.wordpress import paragraphs


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
