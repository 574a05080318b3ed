"""A mask that hides one word, in each text of a debate that it may be in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rostra.markup.blackout import Cut
from rostra.model import Author, Body, Gone, History, Kept, Mark, Note, Post, Problem, RawPost, Source, Thread
from rostra.privacy.masking import Mask

WORD, LEFT = "Zéno", "…"


class OneWord(Mask):
    """Hides a word as it is written."""

    blank = "(hidden)"

    def text(self, text: str) -> str:
        return text.replace(WORD, LEFT)

    def tells(self, text: str) -> bool:
        return WORD in text

    def cuts(self, body: Body) -> Iterator[Cut]:
        at = body.text.find(WORD)
        if at >= 0:
            yield at, at + len(WORD), LEFT

    def alias(self, id: str) -> str:
        return f"alias-{len(id)}"


MASK = OneWord()


@pytest.mark.parametrize(
    ("id", "made_of", "hidden"),
    [
        ("gate", (), False),
        (f"gate-{WORD}", (), True),
        ("zeno", (WORD,), True),
        ("2024-zeno", ("other", None, WORD), True),
        ("gate", (WORD,), False),
        ("gate", ("gate", None), False),
        ("zeno", ("zeno", "", None), False),
    ],
)
def test_an_id_that_is_made_of_a_hidden_name_is_another(id: str, made_of: tuple[str | None, ...], hidden: bool) -> None:
    assert MASK.address(id, *made_of) == (f"alias-{len(id)}" if hidden else id)


def test_the_page_at_a_former_address_tells_nothing() -> None:
    kept = (Kept(post="p-1"), Kept(post=f"p-{WORD}"), Kept(post="p-2", thread=WORD, to="p-3"), Kept(post="p-4", thread="gate", to=WORD))  # fmt: skip
    assert MASK.gone(Gone(id=WORD, kept=(), reason=None)) is None
    assert MASK.gone(Gone(id="gate", kept=kept, reason=f"{WORD} asked")) == Gone(
        id="gate", kept=kept[:1], reason="… asked"
    )
    assert MASK.gone(Gone(id="gate", kept=(), reason=None)) == Gone(id="gate", kept=(), reason=None)


def post(n: int, parent: str | None, native: str, author: Author | None = None) -> Post:
    raw = RawPost(key=str(n), native_id=native, author=author, body="x")
    return Post(id=f"p-{n}", parent=parent, depth=0, raw=raw, history=History())


def thread(*posts: Post, title: str = "Gate") -> Thread:
    source = Source(path="gate.jsonl", format="posts", sha256="")
    return Thread(id="gate", title=title, native_id=None, url=None, source=source, posts=posts)


def test_only_the_posts_whose_ids_tell_have_others_and_their_answers_follow() -> None:
    masked, _ = MASK.masked(
        thread(post(1, None, WORD), post(2, "p-1", "b"), post(3, "p-2", "c")), (Body(text="x"),) * 3
    )
    first = MASK.alias("p-1")
    assert [(each.id, each.parent) for each in masked.posts] == [(first, None), ("p-2", first), ("p-3", "p-2")]


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        # A body without words but with a tag that tells.
        ("", Body(text="", tags=((0, f'<img alt="{WORD}">'),)), ""),
        # The title begins otherwise, in its last letter.
        ("Ab…", Body(text=f"Ac {WORD}"), "Ab…"),
        ("Ab…", Body(text=f"Ab {WORD}"), "Ab …"),
        (WORD, Body(text=WORD), LEFT),
    ],
)
def test_a_title_is_made_again_only_of_the_post_that_it_begins(title: str, body: Body, expected: str) -> None:
    masked, _ = MASK.masked(thread(post(1, None, "a"), title=title), (body,))
    assert masked.title == expected


def test_an_author_s_name_is_masked_and_nobody_stays_nobody() -> None:
    both = thread(post(1, None, "a", Author(name=f"Dr {WORD}", given=WORD)), post(2, "p-1", "b"))
    masked, _ = MASK.masked(both, (Body(text="x"),) * 2)
    assert [each.raw.author for each in masked.posts] == [Author(name="Dr …", given=LEFT), None]


def test_a_problem_names_the_published_post() -> None:
    said = (Problem(code="c", message=f"of {WORD}", hint=WORD, post="p-1"), Problem(code="c", message="x"))
    assert MASK.problems(said, {"p-1": "p-9"}) == (
        Problem(code="c", message="of …", hint=LEFT, post="p-9"),
        Problem(code="c", message="x"),
    )


@pytest.mark.parametrize("field", ["author", "post", "thread", "url"])
def test_an_attribution_stays_unless_it_tells(field: str) -> None:
    assert MASK.mark(Mark(**{field: "x"})) == Mark(**{field: "x"})
    assert MASK.mark(Mark(**{field: WORD})) is None


def note(html: str, **more: str) -> Note:
    """What is left of a note."""
    plain = html.replace("<b>", "").replace("</b>", "")
    said = {"label": "1", "text": plain, "heading": None} | more
    (made,) = MASK.body(Body(text="x", notes=(Note(html=html, marker=0, **said),))).notes  # type: ignore[arg-type]
    return made


def test_a_label_that_tells_is_the_first_free_number() -> None:
    notes = tuple(Note(label=label, text="x", html="x", marker=0) for label in (WORD, "1", f"{WORD} b", "3"))
    made = MASK.body(Body(text="x", notes=notes))
    assert [each.label for each in made.notes] == ["2", "1", "4", "3"]
    assert note("x", label=WORD).label == "1"


def test_a_note_s_heading_is_masked() -> None:
    assert note("x", heading=f"By {WORD}").heading == "By …"


@pytest.mark.parametrize(
    ("html", "left"),
    [
        (f'He said "so", {WORD}.', 'He said "so", ….'),
        # A name across tags leaves the words alone.
        ('He said "so", Z<b>éno</b>.', 'He said "so", ….'),
        (f'<b class="k">{WORD}</b> x', '<b class="k">…</b> x'),
        (f'{WORD} <a href="x">y</a> z', '… <a href="x">y</a> z'),
        (f'<a href="x">{WORD}</a> <a href="y">y</a>', '<a>…</a> <a href="y">y</a>'),
        (f'<a href="x"><i>so</i> {WORD}</a> z', "<a><i>so</i> …</a> z"),
        (f'<a href="x">y</a> {WORD} <a href="z">z</a>', '<a href="x">y</a> … <a href="z">z</a>'),
        (f'<a href="{WORD}">y</a> & z', "<a>y</a> & z"),
    ],
)  # fmt: skip
def test_of_a_note_only_what_tells_is_masked(html: str, left: str) -> None:
    assert note(html).html == left


def test_a_note_whose_tags_tell_when_they_are_bare_is_its_text() -> None:
    assert note(f"<{WORD}>x & y</{WORD}>", text="x & y").html == "x &amp; y"
