"""TeX becomes MathML where a dialect has it; what is not understood stays as typed, and nothing in it runs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from rostra.markup import render
from rostra.markup.mathematics import ATTRIBUTES, DEEPEST, ELEMENTS, LONGEST, mathml
from rostra.render.math_html import formulas


def shown(tex: str, *, display: bool = False) -> str:
    found = mathml(tex, display=display)
    assert found is not None
    return found


def test_a_formula_is_mathml() -> None:
    assert shown(r"\frac{a}{b^2}").startswith('<math display="inline">')
    assert "<mfrac>" in shown(r"\frac{a}{b^2}")
    assert shown("x", display=True).startswith('<math display="block">')
    assert "<mo>&lt;</mo>" in shown("x<y")


@pytest.mark.parametrize(
    "tex", [r"\unknowncommand{x}", r"\includegraphics{x}", "{", "}" * 3 + r"\frac", r"\begin{nothing}x\end{nothing}"]
)
def test_what_is_not_understood_stays_as_typed(tex: str) -> None:
    assert mathml(tex, display=False) is None


@pytest.mark.parametrize(
    "tex",
    [r"\text{<script>alert(1)</script>}", r"\href{javascript:alert(1)}{x}", r"\class{evil}{x}", r"\style{background:url(x)}{x}", r"\mathrm{<img src=x onerror=alert(1)>}",
     r"\color{red;background:url(//x)}{x}", r"\cssId{top}{x}", r"\text{&lt;script&gt;}", r"\operatorname{<b>}", r"\begin{array}{c\" onload=\"x}a\end{array}"],
)  # fmt: skip
def test_nothing_in_a_formula_runs_or_leads_anywhere(tex: str) -> None:
    found = mathml(tex, display=False) or ""
    assert re.findall(r"</?([a-zA-Z]+)", found) == [
        name for name in re.findall(r"</?([a-zA-Z]+)", found) if name in ELEMENTS
    ]
    assert not re.search(r"<[^>]*\s(?:href|class|style|id|on\w+|mathcolor|src)=", found)


@given(st.text(alphabet=r"\{}^_&$%#~[]()<>\"' ab1frac sqrt text href left right begin end", max_size=60))
def test_whatever_is_typed_is_well_formed_and_of_listed_parts(tex: str) -> None:
    found = mathml(tex, display=False)
    if found is not None:
        for element in etree.fromstring(found).iter():
            assert element.tag in ELEMENTS
            assert all(ATTRIBUTES[key].fullmatch(value) for key, value in element.attrib.items())


def test_formulas_that_are_too_long_or_too_deep_are_not_converted() -> None:
    assert mathml("x" * LONGEST, display=False)
    assert mathml("x" * (LONGEST + 1), display=False) is None
    assert mathml("{" * DEEPEST + "x" + "}" * DEEPEST, display=False)
    assert mathml("{" * (DEEPEST + 1) + "x" + "}" * (DEEPEST + 1), display=False) is None


def maths(body: str, dialect: str) -> list[tuple[str, str]]:
    """The formulas in a rendered body: their tags and their TeX."""
    made = render(body, dialect)  # type: ignore[arg-type]  # a name
    tags = list(made.tags)
    return [
        (tag, made.text[at : tags[n + 1][0]]) for n, (at, tag) in enumerate(tags) if tag.startswith('<code class="math')
    ]


INLINE, DISPLAY = '<code class="math">', '<code class="math display">'


@pytest.mark.parametrize(
    ("dialect", "body", "found"),
    [
        ("zulip", "so $$a_1 * b_1 * c$$ is", [(INLINE, "a_1 * b_1 * c")]),
        ("zulip", "```math\n\\frac{a}{b}\n```", [(DISPLAY, "\\frac{a}{b}")]),
        ("zulip", "a `$$x$$` and\n```\n$$y$$\n```", []),
        ("zulip", "it costs $5 and $6", []),
        ("github", "so $a_1 * b_1$ is", [(INLINE, "a_1 * b_1")]),
        ("github", "$$\na < b\n$$", [(DISPLAY, "a < b")]),
        ("github", "it costs $5 and $6, or $ x $", []),
        ("github", "echo $HOME and $PATH", []),
        ("github", "`$x$` and\n\n```sh\n$a$\n```", []),
        ("github", "```math\nx^2\n```", [(DISPLAY, "x^2")]),
        ("github", "[x](https://x.example/$a$)", []),
        ("discourse", '<p>so <span class="math">a_1</span> is</p><div class="math">\nb\n</div>', [(INLINE, "a_1"), (DISPLAY, "b")]),
        ("markdown", "so $a$ is", []),
        ("html", "<p>so $a$ is</p>", []),
    ],
)  # fmt: skip
def test_a_dialect_that_has_tex_marks_it(dialect: str, body: str, found: list[tuple[str, str]]) -> None:
    assert maths(body, dialect) == found


def test_a_link_with_signs_of_money_stays_a_link() -> None:
    made = render("[x](https://x.example/$a$)", "github")
    assert any("$a$" in tag or "%24a%24" in tag for _, tag in made.tags)


def test_the_text_stays_as_typed_and_is_searched() -> None:
    made = render("so $$a_1 + b$$ is", "zulip")
    assert made.text == "so a_1 + b is"
    tags, before, after = formulas(made)
    (at,) = after
    assert "<math" in after[at]
    assert tags[at] == '<span class="formula">'
    assert len(before) == 1


def test_a_formula_that_is_not_understood_is_code() -> None:
    assert formulas(render(r"so $$\unknowncommand$$ is", "zulip")) == ({}, {}, {})


@pytest.mark.parametrize(
    "body", ["$$" * 50_000, "$" * 100_000, "$a" * 50_000, "`$" * 50_000, "$$a\n" * 20_000, "```$" * 20_000]
)
@pytest.mark.parametrize("dialect", ["zulip", "github"])
def test_signs_without_end_take_linear_time(body: str, dialect: str) -> None:
    render(body[:20_000], dialect)  # type: ignore[arg-type]  # a name
