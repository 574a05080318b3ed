"""Bodies of forums: boxes are what they are, and what is taken out of them holds nobody's words."""

from __future__ import annotations

import pytest

from rostra.markup import bbcode, forum
from rostra.markup.sanitise import clean


def made(body: str) -> str:
    return clean(forum.to_html(body)).removeprefix("<div>").removesuffix("</div>")


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ('Run<div class="codebox"><p>Code: <a>Select all</a></p><pre><code>ls\nx</code></pre></div>now', "Run<div><pre><code>ls\nx</code></pre></div>now"),
        ('Run<dl class="codebox"><dt>Code: <a>Alles auswählen</a></dt><dd><code>ls</code></dd></dl>now', "Run<dl><dd><pre><code>ls</code></pre></dd></dl>now"),
        ('Run<div class="codeheader">Code: <a class="codeoperation">[Select]</a></div><code class="bbc_code">ls</code>now', "Run<pre><code>ls</code></pre>now"),
    ],
)  # fmt: skip
def test_code_stands_without_the_line_that_lets_it_be_copied(body: str, html: str) -> None:
    assert made(body).replace('class="bbc_code"', "").replace("<code >", "<code>") == html


def test_a_long_line_in_a_box_of_code_is_somebodys() -> None:
    box = '<div class="codebox"><p>{}</p><pre><code>ls</code></pre></div>'
    assert "aaa" not in made(box.format("a" * forum.LABEL))
    assert "aaa" in made(box.format("a" * (forum.LABEL + 1)))


def test_what_is_watched_for_its_size_is_a_quotation_all_the_same() -> None:
    body = '<blockquote class="bbCodeBlock--quote js-expandWatch" data-quote="ada" data-source="post: 12">The gate.<div class="bbCodeBlock-expandLink"><a>Click to expand...</a></div></blockquote>No.'
    assert made(body) == '<blockquote data-author="ada" data-post="12">The gate.</blockquote>No.'


@pytest.mark.parametrize("css", sorted(forum.BARE | forum.BUTTONS))
def test_no_class_alone_takes_words_away(css: str) -> None:
    words = "The gate shuts at six in winter, and at nine in summer, said the miller."
    assert words in made(f'<blockquote>x</blockquote><div class="{css}">{words}</div>')
    assert "said" in made(f'<div class="{css}"><blockquote>Ada said</blockquote></div>')


def test_a_spoiler_is_opened_by_its_button() -> None:
    body = '<div class="bbCodeSpoiler"><button><span>Spoiler: the end</span></button><div class="bbCodeSpoiler-content">He did it.</div></div>'
    assert made(body).startswith("<details><summary><span>Spoiler: the end</span></summary><div>He did it.")


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("[USER=6]@bede[/USER] said [POST=9]that[/POST]", "@bede said that"),
        ("[HEADING=1]On gates[/HEADING]", "<strong>On gates</strong>"),
        ("[ISPOILER]he did it[/ISPOILER]", '<span class="spoiler">he did it</span>'),
        ("[nobbc][b]so[/b][/nobbc]", "[b]so[/b]"),
        ("[VIDEO=tube;1]the film[/VIDEO]", "the film"),
        ("the [user] of this [post]", "the [user] of this [post]"),
        ("a [video] of it [/video]", "a [video] of it [/video]"),
    ],
)
def test_tags_of_programs_show_their_words_and_words_in_brackets_stay(body: str, html: str) -> None:
    assert bbcode.to_html(body) == f"<p>{html}</p>"
