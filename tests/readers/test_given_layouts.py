"""Layouts that a card gives, what ``rostra inspect --layout`` shows, whom posts answer, and pages of HTML."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from rostra.cli.inspect import command
from rostra.config.cards import CopiedLayout
from rostra.errors import UnreadableDump
from rostra.readers import Dump, page
from rostra.readers.copied.page import around
from rostra.readers.text import text as reader
from support.copied_threads import assembled, tree

ODD = """Ada Weir ~~ 12:30
The wheel turns.
Bede ~~ 12:41
It squeaks.

Oil it.
Cy ~~ 12:55
Who pays?
"""


def of(path: Path, layout: CopiedLayout | None) -> list[str]:
    dump = Dump(path)
    dump.layout = layout
    (thread,) = reader.read(dump)
    return [line for line in tree(assembled(thread)) if " post " in line]


@pytest.mark.parametrize(
    "layout",
    [
        CopiedLayout(template="{author} ~~ {time}\n{body}"),
        CopiedLayout(example="{author:Bede} ~~ {time:12:41}\n{body:It squeaks.\n\nOil it.}"),
    ],
)
def test_a_card_gives_the_template_or_one_post_as_an_example(layout: CopiedLayout, tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_text(ODD, encoding="utf-8")
    assert of(path, layout) == [
        "1 post Ada Weir | 12:30 | - | The wheel turns.",
        "1 post Bede | 12:41 | - | It squeaks. Oil it.",
        "1 post Cy | 12:55 | - | Who pays?",
    ]


@pytest.mark.parametrize(
    ("said", "named"),
    [("antwortet auf", "Bede"), ("replied to", "Bede"), ("回复", "Bede"), (">", "Bede > Hob"), ("and", "Bede and Hob")],
)
def test_words_between_two_names_say_who_answers_whom(said: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_text(ODD.replace("Bede", f"Bede {said} Hob"), encoding="utf-8")
    found = of(path, CopiedLayout(template="{author} ~~ {time}\n{body}"))
    assert [each.split(" | ")[0].removeprefix("1 post ") for each in found] == ["Ada Weir", named, "Cy"]


@pytest.mark.parametrize(
    ("layout", "wrong"),
    [
        (CopiedLayout(), "is empty"),
        (CopiedLayout(template="{author}\n{time}"), "{body}"),
        (CopiedLayout(template="<<{author}>> {time}\n{body}"), "finds no post"),
    ],
)
def test_a_layout_that_reads_nothing_is_refused_with_its_reason(
    layout: CopiedLayout, wrong: str, tmp_path: Path
) -> None:
    path = tmp_path / "odd.txt"
    path.write_text(ODD, encoding="utf-8")
    with pytest.raises(UnreadableDump) as error:
        of(path, layout)
    assert wrong in str(error.value)
    assert error.value.hint


def test_inspect_shows_the_layout_with_an_example_of_each_field(tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_text(ODD, encoding="utf-8")
    (tmp_path / "odd.txt.toml").write_text(
        '[layout]\ntemplate = """\n{author} ~~ {time}\n{body}\n"""\n', encoding="utf-8"
    )
    said = CliRunner().invoke(command, [str(path), "--layout"]).output
    assert "the card; 3 posts" in said
    assert "{author} ~~ {time}" in said
    assert "3 different, for example Ada Weir" in said


def test_inspect_shows_no_layout_if_indentation_is_used_instead(tmp_path: Path) -> None:
    path = tmp_path / "deep.txt"
    heads = "".join(
        f"{'    ' * (n % 3)}{name}\n{'    ' * (n % 3)}3 days ago\n\n{'    ' * (n % 3)}So it is.\n\n"
        for n, name in enumerate(("Ada", "Bede", "Cy", "Dora"))
    )
    path.write_text(f"The mill\n\n{heads}", encoding="utf-8")
    assert "no layout matches" in CliRunner().invoke(command, [str(path), "--layout"]).output


LINKED = """ada 3 hours ago | next [–]
One.
bede 2 hours ago | parent | next [–]
Two.
cy 2 hours ago | root | parent | next [–]
Three.
dee 1 hour ago | root | parent | prev | next [–]
Four.
esk 1 hour ago | parent | prev [–]
Five.
ivo 9 minutes ago | prev [–]
Six.
"""


def test_links_to_the_root_the_parent_and_the_posts_beside_give_the_tree(tmp_path: Path) -> None:
    path = tmp_path / "hn.txt"
    path.write_text(LINKED, encoding="utf-8")
    assert [line.split(" | ")[0] for line in of(path, None)] == [
        "1 post ada", "2 post bede", "3 post cy", "3 post dee", "2 post esk", "1 post ivo",
    ]  # fmt: skip


def test_a_name_that_a_post_begins_with_is_its_parent_only_where_one_post_can_be_meant(tmp_path: Path) -> None:
    said = [
        ("ada", "One."),
        ("bede", "@ada Two."),
        ("cy", "@bede Three."),
        ("ada", "Four."),
        ("dee", "@ada Five."),
        ("esk", "@cy Six."),
    ]
    path = tmp_path / "named.txt"
    path.write_text(
        "6 comments\n\n" + "".join(f"{name}\n{n + 2} hours ago\n{words}\nLike\nAnswer\n\n" for n, (name, words) in enumerate(said)),
        encoding="utf-8",
    )  # fmt: skip
    dump = Dump(path)
    (thread,) = reader.read(dump)
    parents = {post.body: (post.parent, post.parent_by) for post in thread.posts}
    keys = {post.body: post.key for post in thread.posts}
    assert parents["@ada Two."] == (keys["One."], "page")
    assert parents["@cy Six."] == (keys["@bede Three."], "page")
    assert parents["@ada Five."] == (None, "source")


HTML = """<!doctype html><html lang="en"><head><title>The mill</title></head><body><nav><a href="/">Home</a></nav><ul>{}</ul>
<footer><p>© The board</p></footer></body></html>"""
ITEM = '<li><div class="x"><b>{}</b> <time datetime="2024-03-0{}T09:00:00Z">long ago</time></div><p>{}</p><button>Reply</button></li>'
SAID = (
    "The wheel turns.",
    "It squeaks.",
    "Oil it, then.",
    "Who pays for it?",
    "Nobody asked the brook.",
    "The deed</p><p>says so.",
)


def test_a_page_that_nothing_knows_is_read_by_its_own_layout(tmp_path: Path) -> None:
    names = ["ada", "bede", "cy", "dee", "esk", "fenn"]
    path = tmp_path / "page.html"
    items = "".join(ITEM.format(name, n + 1, SAID[n]) for n, name in enumerate(names))
    path.write_text(HTML.format(items), encoding="utf-8")
    (thread,) = page.read(Dump(path))
    assert thread.title == "The mill"
    assert [(post.author and post.author.name, post.created) for post in thread.posts] == [
        (name, f"2024-03-0{n}T09:00:00Z") for n, name in enumerate(names, 1)
    ]
    assert thread.posts[-1].body.split() == ["The", "deed", "says", "so."]


def test_the_page_below_the_last_post_goes_and_what_somebody_says_stays() -> None:
    lines = ["It is oiled.", "", "Related topics", "", "© The board"]
    assert around.end(lines, 0, 5) == 2
    assert around.end(["It is oiled.", "", "We have no contact, and no privacy, in the mill; that is all."], 0, 3) == 3
    assert around.end(["Contact"], 0, 1) == 1
