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
        ("Hi [member=Ada], see [post=5]", "Hi [member=Ada], see [post=5]"),
        ("[member=Ada] and [member=Bede]Bede[/member]", "[member=Ada] and Bede"),
        ("[b]Hi [user=6]Ada[/b][/user]", "<strong>Hi [user=6]Ada</strong>[/user]"),
        ("[heading=1]On [i]gates", "[heading=1]On <em>gates</em>"),
        ("the [user] of this [post]", "the [user] of this [post]"),
        ("a [video] of it [/video]", "a [video] of it [/video]"),
    ],
)
def test_tags_of_programs_show_their_words_and_words_in_brackets_stay(body: str, html: str) -> None:
    assert bbcode.to_html(body) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("head", "author"),
    [
        ("On Tuesday, 5 March 2020, Ada wrote:", "Ada"),
        ("On 5 March 2020, Ada wrote:", "Ada"),
        ("On Tue, Mar 5, 2020 at 10:00, Ada wrote:", "Ada"),
        ("(5 March 2020) Ada wrote:", "Ada"),
        ("On the bridge, Ada wrote:", "On the bridge, Ada"),
        ("(Ada) Bede wrote:", "(Ada) Bede"),
    ],
)
def test_a_time_before_a_name_is_no_part_of_it(head: str, author: str) -> None:
    body = f'<blockquote><div class="attribution">{head}</div>The gate.</blockquote>'
    assert made(body) == f'<blockquote data-author="{author}">The gate.</blockquote>'


@pytest.mark.parametrize("css", ["title", "title quote-title"])
def test_a_quotation_of_discourse_says_of_which_topic_it_is(css: str) -> None:
    aside = f'<aside class="quote" data-username="ada" {{}}><div class="{css}">ada said there:</div><blockquote>The gate.</blockquote></aside>'
    quoted = "<aside><blockquote {}>The gate.</blockquote></aside>"
    assert made(aside.format('data-post="2" data-topic="9"')) == quoted.format(
        'data-thread="9" data-author="ada" data-post="2"'
    )
    assert made(aside.format("")) == quoted.format('data-author="ada"')
