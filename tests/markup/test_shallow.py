"""HTML of many tags, written again: nested properly, with formatting that ends with its block, and no text lost."""

from __future__ import annotations

import pytest

from rostra.markup.shallow import FEW, shallow

MANY = "<br>" * (FEW + 1)
"""Tags that have whatever follows written again."""


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("</p>a", "<div></div>a"),
        ("<div>a<p>b</div>c", "<div>a<p>b</p></div>c"),
        ("<h1>a<h2>b</h1>c", "<h1>a</h1><h2>bc</h2>"),
        ("<ul><li>a<li>b<ul><li>c</ul>d<li>e</ul>f", "<ul><li>a</li><li>b<ul><li>c</li></ul>d</li><li>e</li></ul>f"),
        ("<li>a", "<li>a</li>"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
        ("<table><tr><td>a<td>b<tr><td>c</table>d", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>d"),
        ("<table>a<tr>b<td>c</table>", "<table><tr><td>a</td></tr><tr><td>b</td><td>c</td></tr></table>"),
        ("<table><caption>a<tr><td>b</table>", "<table><caption>a</caption><tr><td>b</td></tr></table>"),
        (
            "<table><tbody><tr><td>a<tbody><tr><td>b</table>",
            "<table><tbody><tr><td>a</td></tr></tbody><tbody><tr><td>b</td></tr></tbody></table>",
        ),
        ("<td>a", "<div></div>a"),
        ("<tr>a", "<div></div>a"),
        (
            "<table><tr><td><table><tr><td>a</table>b</table>",
            "<table><tr><td><table><tr><td>a</td></tr></table>b</td></tr></table>",
        ),
        ("<b>a<p>b</b>c", "<b>a</b><p><b>b</b>c</p>"),
        ("<b><i>a</b>b</i>c", "<b><i>a</i></b><i>b</i>c"),
        ("<a href=x>a<a href=y>b", '<a href="x">a</a><a href="y">b</a>'),
        ("<b>a</div>b", "<b>ab</b>"),
        ("<script>a<b></script>b", "b"),
        ("<style>a", ""),
        ("<textarea>a<b></textarea>b", "a&lt;b>b"),
        ("<template>a<template>b</template>c</template>d", "d"),
        ("<template>a<script></template></script>b</template>c", "c"),
        ("<noscript>a</noscript>b", "b"),
        ("<object>a<b></object>c", "c"),
        ("<title>a<i>&lt;</title>b", "a&lt;i>&lt;b"),
        ("<xmp>a", "a"),
        ("<section>a</section>b", "<div></div>a<div></div>b"),
        ("<p>a<section>b", "<p>a</p><div></div>b"),
        ("<p>a<hr>b", "<p>a</p><hr>b"),
        ("<table><hr>a", "<table><tr><td><hr>a</td></tr></table>"),
        ("<img src=x alt='y\"z'>", '<img src="x" alt="y&quot;z">'),
        ("<b a=1 a=2 B=3 c>", '<b a="1" b="3" c=""></b>'),
        ("<b a = 'x' b>", '<b a="x" b=""></b>'),
        ("a<!-- b -->c", "ac"),
        ("a<!-->b", "ab"),
        ("a<!--->b", "ab"),
        ("a<!-- b", "a&lt;!-- b"),
        ("a<!b>c", "ac"),
        ("a<!b", "a&lt;!b"),
        ("a</>b", "ab"),
        ("a<?b>c", "ac"),
        ("a< b", "a&lt; b"),
        ("a<", "a&lt;"),
        ("a<b", "a&lt;b"),
        ("a<b c='", "a&lt;b c='"),
        ("<B>x</B>", "<b>x</b>"),
        ("</br>", "<br>"),
        ("</b>", ""),
        ("<foo>a</foo>", "a"),
        ("</center>a", "<div></div>a"),
        ("<img/>", "<img>"),
        ("<blockquote><p>a</blockquote>b</p>", "<blockquote><p>a</p></blockquote>b<div></div>"),
        ("<details><summary>a</details>b", "<details><summary>a</summary></details>b"),
        ("<td><li>", "<div></div><li></li>"),
        ("<table><tr><td></tr>a</table>", "<table><tr><td></td></tr><tr><td>a</td></tr></table>"),
        ("<table><tr></td><td>a</table>", "<table><tr><td>a</td></tr></table>"),
        ("<li>a</ul>", "<li>a</li>"),
        ("<ul>a</ol>b</ul>", "<ul>ab</ul>"),
        ("<ul><li><div></li>a", "<ul><li><div></div></li>a</ul>"),
        ("<table><caption>a</table>", "<table><caption>a</caption></table>"),
        ("<b><table><tr><td>a</table>b", "<b></b><table><tr><td><b>a</b></td></tr></table><b>b</b>"),
        ("<table><b>a</table>", "<table><tr><td><b>a</b></td></tr></table>"),
        ("<table><p>a", "<table><tr><td><p>a</p></td></tr></table>"),
        ("<table><table>a", "<table><tr><td><table><tr><td>a</td></tr></table></td></tr></table>"),
        ("<b>a<td>b", "<b>a</b><div></div><b>b</b>"),
        ("<i a='é' 1b=2>x", '<i a="é">x</i>'),
        ("<p><b>a<hr>b", "<p><b>a</b></p><hr><b>b</b>"),
        ("<b><hr>", "<b></b><hr>"),
        ("<p><p><p>a", "<p></p><p></p><p>a</p>"),
        ("<h1><p>a<h2>b", "<h1><p>a</p></h1><h2>b</h2>"),
        ("<ul><p>a<li>b", "<ul><p>a</p><li>b</li></ul>"),
        ("<dl><dd>a<dd>b", "<dl><dd>a</dd><dd>b</dd></dl>"),
        ("<blockquote><li>a<li>b", "<blockquote><li>a</li><li>b</li></blockquote>"),
        (
            "<table><thead><tr><th>a<tbody><tr><td>b",
            "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
        ),
        ("<table><tfoot>a", "<table><tfoot><tr><td>a</td></tr></tfoot></table>"),
    ],
)
def test_tags_are_written_so_that_they_nest(typed: str, written: str) -> None:
    assert shallow(MANY + typed) == MANY + written
    # What is written is as it should be.
    assert shallow(MANY + written) == MANY + written
