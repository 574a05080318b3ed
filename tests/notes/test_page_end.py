"""Notes at the end of a copied or saved page: why they stay there, and what a card does with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.config.cards import card_beside
from rostra.editorial.corrections import corrected
from rostra.editorial.edition import edit
from rostra.ingest.dump_threads import read_threads
from rostra.ingest.inspection import inspections, tree
from rostra.markup import render
from rostra.markup.gathered_notes import gathered, why_not_gathered
from rostra.readers import Dump

PAGE = """\
Ada, 3 hours ago

The weir[1] is old, and nobody has mended it since.

Bede, 2 hours ago

So is the gate[2] below it, which leaks.

Cy, 1 hour ago

Yes, both are.

References:
[1] Built in 1803 by the monks.
[2] Built in 1804 by their heirs.
"""


@pytest.mark.parametrize(
    ("posts", "reason"),
    [
        (("The weir[1].", "[1] Since the flood."), "the last post has no text above them"),
        (("The weir[1].", "So.\n\n[1] Since the flood.\n[2] Nobody calls me."), "not each of them has a call of its own above"),
        (("The weir[1].", "The gate[1].", "So.\n\n[1] Since the flood."), "several posts call one of them"),
        (("The weir[2].", "The gate[1].", "So.\n\n[1] The flood.\n[2] The frost."), "they are not in the order of their calls"),
        (("The weir.", "So.\n\n[1] Since the flood."), None),
        (("The weir[1].", "So.\n\n[1] Since the flood."), None),
        (("The weir[1].\n\n[1] Since the flood.",), None),
    ],
)  # fmt: skip
def test_why_they_stay(posts: tuple[str, ...], reason: str | None) -> None:
    bodies = [render(post, "text") for post in posts]
    assert why_not_gathered(bodies) == reason
    if reason:
        assert gathered(bodies) == tuple(bodies)


def test_a_heading_that_is_all_the_text_of_the_last_post_stays() -> None:
    *_, last = gathered([render(post, "text") for post in ("The weir[1].", "Notes:\n[1] Since the flood.")])
    assert last.text == "Notes:"


def shown(path: Path) -> str:
    return "\n".join(line for edition in inspections(path) for line in tree(edition, notes=True))


def test_inspect_explains_them(tmp_path: Path) -> None:
    (tmp_path / "weir.txt").write_text(PAGE)
    told = shown(tmp_path / "weir.txt")
    assert "note [1] “Built in 1803 by the monks.”: reference at 8" in told
    assert "not a note" not in told
    (tmp_path / "weir.txt").write_text(PAGE.replace("[2] below", "[1] below"))
    assert "notes of other posts at the end stays there: not each of them has a call of its own above" in shown(
        tmp_path / "weir.txt"
    )


def test_a_saved_page_that_nothing_knows_has_them_too(tmp_path: Path) -> None:
    posts = "".join(
        f"<div><h4>{who}</h4><span>{hours} hours ago</span><p>{words}</p><a>Reply</a></div>"
        for who, hours, words in (
            ("Ada Weir", 5, "The weir<sup>1</sup> is old, and nobody has mended it."),
            ("Bede Hill", 4, "So is the gate<sup>2</sup> below it, which leaks."),
            ("Cy Marsh", 3, "We should mend both of them this summer."),
            ("Dee Ford", 2, "With what money, may I ask the village."),
        )
    )
    last = "<div><h4>Eve Brook</h4><span>1 hour ago</span><p>Yes, both are old.</p><p>[1] Built in 1803 by the monks.</p><p>[2] Built in 1804 by their heirs.</p><a>Reply</a></div>"
    page = f"<!doctype html><html><body><h1>The weir</h1>{posts}{last}</body></html>"
    (tmp_path / "weir.html").write_text(page.replace("<sup>1</sup>", "[1]").replace("<sup>2</sup>", "[2]"))
    (edition,) = inspections(tmp_path / "weir.html")
    assert edition.thread.source.format == "html"
    assert [[note.label for note in each.body.notes] for each in edition.posts if each.body.notes] == [["1"], ["2"]]
    assert edition.posts[-1].body.text == "Yes, both are old."


@pytest.mark.parametrize("label", ["1", "2"])
def test_a_card_that_unmakes_one_loses_no_word(label: str, tmp_path: Path) -> None:
    path = tmp_path / "weir.txt"
    path.write_text(PAGE)
    (edition,) = inspections(path)
    post = next(each.post.id for each in edition.posts if any(note.label == label for note in each.body.notes))
    (tmp_path / "weir.toml").write_text(f'[[correction]]\npost = "{post}"\nfootnote = "{label}"\n')
    read = card_beside(path)
    (thread,) = read_threads(Dump(path), read)
    made = edit(corrected(thread, read.correction))
    said = " ".join(" ".join([each.body.text, *(note.text for note in each.body.notes)]) for each in made.posts)
    assert "Built in 1803 by the monks." in said
    assert "Built in 1804 by their heirs." in said
    changed = next(each for each in made.posts if each.post.id == post)
    assert f"[{label}]" in changed.body.text
    assert [note.marker for note in changed.body.notes] == [None]
