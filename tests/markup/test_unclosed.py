"""Wikitext whose unclosed signs are held: each sign that begins what never ends, and no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.markup.unclosed import HELD, as_typed, close_unclosed, restore_signs


def told(text: str) -> str:
    """The text with a backslash before each sign that is held."""
    text = close_unclosed(text)
    for sign, held in HELD.items():
        text = text.replace(held, f"\\{sign}")
    return text


@pytest.mark.parametrize(
    "text",
    [
        "a { b [ c < d > e ] f } g",
        "{{a}} [[b]] [http://c d] [//e f] <b>g</b>",
        "a}} b]] c] d</b> |}",
        "<br> <BR/> <hr /> <b/> <img> <wbr> <meta> <link>",
        "<nowiki>{{a [[b <c</nowiki>",
        "<NoWiki>{{a</nowiki ><pre>[[b</PRE>",
        '<syntaxhighlight lang="c">{{a</nowiki></syntaxhighlight>',
        "<nowiki/>",
        "<!-- {{a -->",
        "{|\n|a\n|}",
        ":  {|\n|a\n : |}",
        "[[a [http://b c]]]",
        "[[a]]]",
        "{{a|{{b}}|[[c]]}}",
        "{{a|}}}}",
        "[[a {{b}}]]",
        "[[a {{b}} }} c]]",
        "[[a }} b]]",
        "<b><i>a</i></b>",
        "a < b <1 <é",
    ],
)
def test_what_ends_stays(text: str) -> None:
    assert told(text) == text


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("{{a", r"\{\{a"),
        ("[[a", r"\[\[a"),
        ("[[a]", r"\[\[a]"),
        ("[http://a", r"\[http://a"),
        ("<b>a", r"\<b>a"),
        ("<b>a</b", r"\<b>a</b"),
        ("<b", r"\<b"),
        ("<b a=", r"\<b a="),
        ("<li>a</li>", r"\<li>a\</li>"),
        ("<nowiki>{{a", r"\<nowiki>\{\{a"),
        ("<nowiki/>{{a", r"<nowiki/>\{\{a"),
        ("<nowiki>{{a</nowiki>{{b", r"<nowiki>{{a</nowiki>\{\{b"),
        ("<pre>{{a</nowiki>", r"\<pre>\{\{a</nowiki>"),
        ("<!-- {{a", r"\<!-- \{\{a"),
        ("<!-- a --><!-- b", r"<!-- a -->\<!-- b"),
        ("{|\na", "\\{|\na"),
        ("{|\n{{a\n|}", "{|\n\\{\\{a\n|}"),
        ("{|\n|}}", "\\{|\n|}}"),
        ("{{a <b", r"\{\{a \<b"),
        ("{{a [[b}} c", r"{{a \[\[b}} c"),
        ("<b>{{a</b>", r"<b>\{\{a</b>"),
        ("<i>a</b>", r"\<i>a</b>"),
        ("[[a [http://b]]", r"\[\[a [http://b]]"),
        ("[http://a {{b]]", r"[http://a \{\{b]]"),
        ("[[c [http://a {{b]]", r"[[c \[http://a \{\{b]]"),
        ("[http://a [[b]] c", r"\[http://a [[b]] c"),
        ("{{a ]] {{b}}", r"\{\{a ]] {{b}}"),
        ("{{a}} }} {{b", r"{{a}} }} \{\{b"),
        ("{{a {{b}}", r"\{\{a {{b}}"),
        ("[[a]] ]] [[b", r"[[a]] ]] \[\[b"),
        ("{{a [[b}} ]] [[c", r"{{a \[\[b}} ]] \[\[c"),
    ],
)
def test_what_never_ends_is_held(text: str, held: str) -> None:
    assert told(text) == held


@given(st.text(alphabet="{[<]}>|/!-ab:h \n" + "".join(HELD.values()), max_size=40))
def test_what_is_held_is_shown_as_it_was_typed(text: str) -> None:
    plain = "".join(char for char in text if char not in HELD.values())
    assert as_typed(close_unclosed(text)) == plain
    assert close_unclosed(plain) == close_unclosed(text)
    assert restore_signs(close_unclosed("<b {{")) == "&lt;b {{"
