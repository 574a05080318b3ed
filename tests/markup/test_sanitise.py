"""The allow-list that every body passes: what is not named does not come out, with its content where that could run."""

from __future__ import annotations

import pytest

from rostra.markup.sanitise import ATTRIBUTES, TAGS, clean, embedded
from rostra.system.web_address import SCHEMES

REL = ' rel="nofollow ugc noopener noreferrer"'


@pytest.mark.parametrize(
    ("typed", "published"),
    [
        ("<map>a</map><center>b</center><ruby>c</ruby>", "a<center>b</center>c"),
        ("a<!-- b -->c<!-->d<!--->e", "acde"),
        ("a<![CDATA[b]]>c<?d?>e", "ace"),
        ('<p onclick="a" style="b" id="c" class="d">e</p>', "<p>e</p>"),
        ('<p lang="de" dir="rtl" data-kind="x">e</p>', '<p lang="de" dir="rtl" data-kind="x">e</p>'),
        ('<em lang="de" dir="rtl">e</em>', '<em lang="de">e</em>'),
        ('<img src="https://a.example/b" srcset="c" alt="d">', '<img src="https://a.example/b" alt="d">'),
        ('<a href="x" target="_blank" ping="y">a</a>', f'<a href="x"{REL}>a</a>'),
        ('<code class="language-c">x</code>', '<code class="language-c">x</code>'),
        ('<td class="x" colspan="2">', ""),
    ],
)
def test_only_what_is_named_comes_out(typed: str, published: str) -> None:
    assert sorted(clean(typed).replace("<", "\n<").split()) == sorted(published.replace("<", "\n<").split())


@pytest.mark.parametrize("name", ["script", "style", "template", "iframe", "object", "noscript"])
def test_elements_that_run_or_show_no_text_go_with_their_content(name: str) -> None:
    assert clean(f"a<{name}>b</{name}>c") == "ac"


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
def test_links_have_schemes_that_are_allowed(scheme: str) -> None:
    assert clean(f'<a href="{scheme}:x">a</a>') == f'<a href="{scheme}:x"{REL}>a</a>'


@pytest.mark.parametrize("scheme", ["javascript", "data", "tel", "sms", "geo", "bitcoin", "ssh", "file", "JaVaScRiPt", " vbscript", "\x01data"])  # fmt: skip
def test_links_of_other_schemes_lead_nowhere(scheme: str) -> None:
    assert clean(f'<a href="{scheme}:x">a</a>') == f"<a{REL}>a</a>"


@pytest.mark.parametrize("address", ["cid:mill@a.example", "CID:mill"])
def test_pictures_may_be_parts_of_the_message(address: str) -> None:
    assert clean(f'<img src="{address}">') == f'<img src="{address}">'
    assert clean(f'<img src="{address}"><img src="c\tid:gate">') == f'<img src="{address}"><img src="cid:gate">'
    assert clean(f'<a href="{address}">a</a>') == f"<a{REL}>a</a>"


@pytest.mark.parametrize("address", ["data:image/gif;base64,R0lG", "DATA:,a"])
def test_a_picture_in_a_body_is_named_by_its_digest(address: str) -> None:
    assert clean(f'<img src="{address}">') == f'<img src="{embedded(address)}">'
    assert clean(f'<img src="{address}"><img src="https://a.example/b">').endswith('<img src="https://a.example/b">')
    assert clean(f'<a href="{address}">a</a>') == f"<a{REL}>a</a>"


def test_what_may_carry_a_language_may_carry_a_direction() -> None:
    assert {name for name, given in ATTRIBUTES.items() if "lang" in given} == {
        "p", "blockquote", "li", "span", "div", "h1", "h2", "h3", "h4", "h5", "h6",
    }  # fmt: skip
    assert all("lang" not in given or "dir" in given for given in ATTRIBUTES.values())
    assert set(ATTRIBUTES) <= TAGS
