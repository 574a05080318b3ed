"""Whatever text there is of a debate, and whoever adds another, is published without what is hidden."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from msgspec import Struct
from msgspec.structs import replace

from rostra.config.cards import Decision
from rostra.config.redaction_rules import RedactionRule
from rostra.config.secret_keys import load_key
from rostra.config.site import Settings, Site
from rostra.editorial.edition import edit
from rostra.errors import UsageError
from rostra.i18n.text_folding import WORD
from rostra.markup import render
from rostra.markup.blackout import bare_tag, blackout
from rostra.markup.weave import weave
from rostra.model import Author, Block, Body, History, Mark, Note, Post, RawPost, Revision, Source, Thread
from rostra.privacy.email_addresses import EmailAddresses
from rostra.privacy.hidden_posts import HiddenPosts
from rostra.privacy.masking import Mask
from rostra.privacy.own_words import Unclaimed, is_attribution, outside, own, places
from rostra.privacy.pseudonyms import Pseudonyms
from rostra.privacy.redactor import BAR, Redactor

NAME = "Zénobie Marchbanks"
UNPUBLISHED = {("RawPost", "key"), ("RawPost", "id"), ("History", "readings"), ("Attachment", "at"), ("Attachment", "cid"), ("RawPost", "body"), ("RawPost", "parent"), ("Revision", "body"), ("Restoration", "words"), ("Restoration", "label"), ("Restoration", "text"), ("Post", "parent"), ("Source", "published"), ("Source", "sha256"), ("Source", "format"), ("Source", "captured"), ("Source", "archived"), ("Thread", "id"), ("RawPost", "created"), ("RawPost", "edited"), ("Problem", "code")}  # fmt: skip
"""Texts that are made otherwise or published in another form: ids, digests, times, places in a dump, and bodies, which stand in ``Body``."""


def filled(kind: Any, where: tuple[str, str] = ("", "")) -> Any:
    """A value of a type in which every text holds the name."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return filled(next(each for each in get_args(kind) if each is not type(None)), where)
    if origin is Literal:
        return get_args(kind)[0]
    if origin is tuple:
        return (filled(get_args(kind)[0], where),)
    if isinstance(kind, type) and issubclass(kind, Struct):
        hints = get_type_hints(kind)
        return kind(
            **{each.name: filled(hints[each.name], (kind.__name__, each.name)) for each in msgspec.structs.fields(kind)}
        )
    if kind is str:
        return (
            "2024-03-01T09:00:00Z"
            if where[1] in ("created", "edited")
            else ""
            if where in UNPUBLISHED
            else f"x {NAME} y"
        )
    return kind()


def texts(value: Any, where: tuple[str, str] = ("", "")) -> list[tuple[tuple[str, str], str]]:
    if isinstance(value, Struct):
        return [each for field in msgspec.structs.fields(type(value)) for each in texts(getattr(value, field.name), (type(value).__name__, field.name))]  # fmt: skip
    if isinstance(value, tuple):
        return [found for each in value for found in texts(each, where)]
    return [(where, value)] if isinstance(value, str) and where not in UNPUBLISHED else []


def thread_of(*posts: Post, **more: Any) -> Thread:
    source = Source(path="gate.jsonl", format="posts", sha256="")
    return replace(Thread(id="gate", title="Gate", native_id=None, url=None, source=source, posts=posts), **more)


def post_of(n: int, author: str | None, body: str, revisions: tuple[Revision, ...] = (), **more: Any) -> Post:
    raw = RawPost(key=str(n), parent=str(n - 1) if n > 1 else None, native_id=f"n{n}", author=Author(name=author) if author else None, created=f"2024-03-{n:02}T09:00:00Z", body=body, dialect="markdown", **more)  # fmt: skip
    return Post(
        id=f"p-n{n}",
        parent=f"p-n{n - 1}" if n > 1 else None,
        depth=n - 1,
        raw=raw,
        history=History(revisions=revisions),
    )


def redactor(*rules: RedactionRule) -> Redactor:
    return Redactor(rules or (RedactionRule(person=NAME),), b"k")


def hiding_pseudonyms() -> Pseudonyms:
    made = Pseudonyms(b"k")
    made.people = {NAME}
    return made


@pytest.mark.parametrize("made", [redactor, hiding_pseudonyms])
def test_no_text_of_a_debate_is_forgotten(made: Any) -> None:
    mask: Mask = made()
    # Of an author who is hidden nothing is told at all; here it is the id and the URL of another.
    thread = filled(Thread)
    (post,) = thread.posts
    raw = replace(
        post.raw,
        author=replace(post.raw.author, name="Cy", id=f"id {NAME}"),
        kind="post",
        parent=None,
        dialect="text",
    )
    thread = replace(
        thread,
        id="gate",
        posts=(replace(post, parent=None, raw=raw, corrections=replace(post.corrections, restore=())),),
    )
    masked, _ = mask.masked(thread, (Body(text="Hm."),))
    left = [(where, text) for where, text in texts(masked) if mask.tells(text)]
    assert not left
    assert len(texts(masked)) > 20


def test_so_is_none_of_a_body() -> None:
    for mask in (redactor(), hiding_pseudonyms()):
        body = Body(
            text=f"A {NAME}\n\nb",
            tags=((0, f'<a href="https://x.example/{NAME}">'), (2, "</a>"), (3, "<call 1>"), (4, "<call 2>")),
            blocks=(Block(start=0, end=20, kind="paragraph", depth=1, mark=Mark(author=NAME, post=NAME, thread=NAME, url=NAME), first=0, last=1),),
            notes=(Note(label=NAME, text=f"By {NAME}", html="By <b>Zéno</b>bie <i>Marchbanks</i>", marker=3), Note(label="1", text="b", html="b", marker=4)),
        )  # fmt: skip
        made = mask.body(body)
        said = repr(made)
        assert "Marchbanks" not in said
        assert "nobie" not in said
        assert made.tags[0][1] == "<a>"
        # The note is still called where it was, and its label is a number that no other note has.
        assert made.tags[2][1] == "<call 1>"
        assert made.notes[0].label == "2"
        assert replace(made.notes[1], marker=4) == body.notes[1]


def test_of_a_note_only_the_name_goes() -> None:
    body = render(f"x[^1]\n\n[^1]: By *{NAME}* & [others](https://x.example).", "markdown")
    (note,) = redactor().body(body).notes
    assert note.text == f"By {BAR} & others."
    assert note.html.startswith(f"By <em>{BAR}</em> &amp; <a")
    linked = render("x[^1]\n\n[^1]: By [others](https://x.example/zenobie-marchbanks).", "markdown")
    (note,) = redactor().body(linked).notes
    assert note.html == "By <a>others</a>."


def test_a_mask_that_hides_nothing_of_a_debate_changes_nothing_of_it() -> None:
    thread = thread_of(post_of(1, "Ada", "The *gate* is [shut](https://x.example).[^1]\n\n[^1]: So."), post_of(2, "Cy", "> The gate is shut.\n\nIs it?", revisions=(Revision(body="Was *it*?", dialect="markdown", source="2024"),), title="Gate", note="Hm."), tags=("a",), url="https://x.example")  # fmt: skip
    bodies = tuple(render(post.raw.body, post.raw.dialect) for post in thread.posts)
    for mask in (
        redactor(RedactionRule(person="Nobody"), RedactionRule(post="p-n9")),
        hiding_pseudonyms(),
        EmailAddresses(),
    ):
        assert mask.masked(thread, bodies) == (thread, bodies)


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        (f"Ask {NAME} now", f"Ask {NAME} now", f"Ask {BAR} now"),
        # What is cut is made again of what is left, and not only put otherwise.
        ("Ask Zénobie…", f"Ask {NAME} now", f"Ask {BAR} now"),
        ("Ask Zénobie", f"Ask {NAME} now", "Ask Zénobie"),
        ("Ask Zénobie…", f"Ask no {NAME} now", "Ask Zénobie…"),
        ("Ask…", "Ask nobody", "Ask…"),
        (f"{NAME}", "Ask nobody", BAR),
        ("", f"{NAME}", ""),
    ],
)
def test_a_title_that_is_how_a_post_begins_is_made_again(title: str, text: str, expected: str) -> None:
    thread = thread_of(post_of(1, "Ada", text), title=title)
    masked, _ = redactor().masked(thread, (render(text, "text"),))
    assert masked.title == expected


def test_a_title_of_a_post_that_is_hidden_is_blank() -> None:
    thread = thread_of(post_of(1, NAME, "Ask me now"), title="Ask me now")
    masked, (body,) = redactor().masked(thread, (render("Ask me now", "text"),))
    assert (masked.title, body, masked.posts[0].raw.kind, masked.posts[0].raw.author) == (
        BAR,
        Body(),
        "redacted",
        None,
    )


def test_an_earlier_wording_is_put_otherwise_only_where_it_tells() -> None:
    thread = thread_of(post_of(1, "Ada", "x", revisions=(Revision(body="*a*", dialect="markdown", source="2024"), Revision(body=f"*b* {NAME}", dialect="markdown", source=NAME))))  # fmt: skip
    masked, _ = redactor().masked(thread, (render("x", "text"),))
    assert masked.posts[0].history.revisions == (Revision(body="*a*", dialect="markdown", source="2024"), Revision(body=f"b {BAR}", dialect="text", source=BAR))  # fmt: skip


def test_problems_that_an_edition_adds_name_nobody() -> None:
    thread = thread_of(post_of(1, "Ada", "x"))
    edition = edit(thread, masks=(redactor(),), decisions=(Decision(post="p-n1", text=f"By {NAME}"),))
    (problem,) = edition.problems
    assert problem.code == "unused-decision"
    assert f"By {BAR}" in problem.message
    assert problem.post == "p-n1"


def test_rules_name_posts_by_either_id() -> None:
    rules = {
        1: RedactionRule(post="p-n2", thread="gate"),
        2: RedactionRule(person=NAME, also=("Z",)),
        3: RedactionRule(post="p-n1", passage="x"),
        4: RedactionRule(address="q"),
    }
    hidden = HiddenPosts(rules, b"k")
    thread = thread_of(post_of(1, "z", "x"), post_of(2, "Ada", "y"), post_of(3, None, "z"))
    assert hidden.of(thread) == {"p-n1": (2, 3), "p-n2": (1,)}
    assert hidden.of(replace(thread, id="other")) == {"p-n1": (2, 3)}
    assert hidden.met == {
        1: {("gate", "p-n2")},
        2: {("gate", "p-n1"), ("other", "p-n1")},
        3: {("gate", "p-n1"), ("other", "p-n1")},
        4: set(),
    }
    assert (hidden.whole((3,)), hidden.whole((2, 3)), hidden.whole(())) == (False, True, False)
    assert (hidden.person("Z"), hidden.person(NAME.upper()), hidden.person("q"), hidden.person(None)) == (
        2,
        2,
        None,
        None,
    )
    aliased = replace(thread.posts[1], id="p-q")
    by_alias = HiddenPosts({1: RedactionRule(post=hidden.alias("p-q"), thread=hidden.alias("gate"))}, b"k")
    assert by_alias.of(thread_of(aliased)) == {"p-q": (1,)}
    assert by_alias.of(thread_of(aliased, id=hidden.alias("gate"))) == {"p-q": (1,)}
    assert HiddenPosts({1: RedactionRule(post="p-q", thread="gate")}, b"k").of(
        thread_of(aliased, id=hidden.alias("gate"))
    ) == {"p-q": (1,)}
    assert by_alias.of(thread_of(aliased, id="other")) == {}
    author = replace(post_of(5, "Eve", "x"), raw=replace(post_of(5, "Eve", "x").raw, author=Author(name="Eve", id="z")))
    assert hidden.of(thread_of(author)) == {"p-n5": (2,)}


def test_an_alias_can_be_made_with_the_key_alone() -> None:
    one, other = HiddenPosts({}, b"a"), HiddenPosts({}, b"b")
    assert one.alias("p-x") != other.alias("p-x")
    assert one.alias("p-x").startswith("p-")
    assert not one.alias("x").startswith("p-")
    assert len(one.alias("x")) == 10


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("a Mill  Lane b mill lane.", "Mill Lane", ["Mill  Lane", "mill lane"]),
        ("a “Mill\nLane” b", "Mill Lane", ["Mill\nLane"]),
        ("a Mill-Lane. b", "Mill Lane.", ["Mill-Lane"]),
        ("a Mill Lane. b", "Mill Lane.", ["Mill Lane", "Mill Lane."]),
        ("a Mi\u00adll Lane b", "Mill Lane", ["Mi\u00adll Lane"]),
        ("Mill Lanes, Mill, Lane Mill", "Mill Lane", ["Mill Lane", "Mill, Lane"]),
        ("a b", " ", []),
        ("★★ b", "★★", ["★★"]),
    ],
)
def test_words_are_found_wherever_they_stand(text: str, words: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in places(text, words)] == found


def test_what_lies_outside_of_stretches() -> None:
    assert list(outside("abcdef", [])) == ["abcdef"]
    assert list(outside("abcdef", [(3, 5), (0, 2), (1, 2)])) == ["c", "f"]
    assert list(outside("abcdef", [(4, 6), (0, 4)])) == [""]


def test_own_words_are_those_that_no_quotation_claims() -> None:
    text = "> The gate of the old mill is shut.\n\nAda wrote:\n\n> Whoever said this?\n\nSo I say.[^1]\n\n[^1]: A note."
    thread = thread_of(post_of(1, "Ada", "The gate of the old mill is shut."), post_of(2, "Bede", text))
    edition = edit(thread)
    made = own(edition.posts[1].body, edition.posts[1].quotes, {"p-n1"})
    assert [each.strip() for each in made.texts if each.strip()] == ["So I say.", "A note."]
    assert made.open == ("Whoever said this?",)
    # Of a post that is hidden too, they are the hidden person's.
    made = own(edition.posts[1].body, edition.posts[1].quotes, set())
    assert any("old mill" in each for each in made.texts)


def test_what_repeats_another_with_changes_is_the_poster_s_own_unless_it_is_set_apart() -> None:
    said = "The upper gate of the old mill is never opened before the end of April."
    other = "The upper gate of the old mill is never opened before the end of March."
    for text, mine in ((other, True), (said, False), (f"> {other}", False)):
        thread = thread_of(post_of(1, "Ada", said), post_of(2, "Bede", text))
        edition = edit(thread)
        assert edition.posts[1].quotes
        assert any(each.strip() for each in own(edition.posts[1].body, edition.posts[1].quotes, {"p-n1"}).texts) == mine


@pytest.mark.parametrize(
    ("said", "line"), [("Ada wrote:", True), ("On Monday, Ada Quill wrote:", True), ("Ada wrote a letter.", False)]
)
def test_a_line_that_says_who_is_quoted_next(said: str, line: bool) -> None:
    body = render(said, "text")
    assert is_attribution(body, body.blocks[0]) == line
    assert not is_attribution(body, replace(body.blocks[0], kind="code"))
    assert is_attribution(body, replace(body.blocks[0], kind="attribution"))


QUOTED = "one willow two gates three bells"


@pytest.mark.parametrize(
    ("said", "day", "left"),
    [
        (QUOTED, 1, []),
        (QUOTED, 3, []),
        (QUOTED, 4, [QUOTED]),
        ("> " + QUOTED, 1, [QUOTED]),
        ("one willow two gates three", 1, [QUOTED]),
        ("x willow two gates three bells four towers y", 1, ["one"]),
    ],
)
def test_whoever_said_it_before_claims_what_a_hidden_post_quotes(said: str, day: int, left: list[str]) -> None:
    unclaimed = Unclaimed()
    assert not unclaimed
    assert unclaimed.add(QUOTED + (" four towers" if "towers" in said else ""), "2024-03-03T09:00:00Z", 7)
    assert not unclaimed.add(QUOTED + (" four towers" if "towers" in said else ""), None, 8)
    assert not unclaimed.add("…", None, 8)
    assert unclaimed
    unclaimed.hold(post_of(day, "Ada", said), render(said, "markdown"))
    assert list(unclaimed.left()) == [(each, 7) for each in left]


def test_short_quotations_are_claimed_whole_and_each_by_its_own() -> None:
    unclaimed = Unclaimed()
    for number, text in enumerate(("alpha beta gamma delta", "epsilon zeta eta theta"), 1):
        unclaimed.add(text, None, number)
    unclaimed.hold(post_of(1, "Ada", "x"), render("epsilon zeta eta theta", "text"))
    assert list(unclaimed.left()) == [("alpha beta gamma delta", 1)]
    unclaimed.hold(post_of(1, "Ada", "x"), render("alpha beta gamma", "text"))
    assert list(unclaimed.left()) == [("alpha beta gamma delta", 1)]


def test_a_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    site = Site(root=tmp_path, settings=Settings(title="Mill"))
    key = load_key(site, "a.key", "all is lost")
    assert len(key) == 32
    assert (tmp_path / "a.key").stat().st_mode & 0o077 == 0
    assert load_key(site, "a.key", "all is lost") == key
    assert load_key(site, "b.key", "all is lost") != key
    for wrong in ("what?", "", "\n"):
        (tmp_path / "a.key").write_text(wrong)
        with pytest.raises(UsageError, match=r"this key is empty|this is not a key") as raised:
            load_key(site, "a.key", "all is lost")
        assert str(raised.value.hint) == "restore it; without it all is lost"


def body_of(text: str, *blocks: tuple[int, int], tags: tuple[tuple[int, str], ...] = ()) -> Body:
    made = tuple(Block(start=a, end=b, kind="paragraph", depth=0, mark=None, first=0, last=0) for a, b in blocks)
    return Body(
        text=text,
        tags=tags,
        blocks=made,
        notes=(Note(label="1", text="", html="", marker=len(text)), Note(label="2", text="", html="", marker=None)),
    )


def test_stretches_are_replaced_and_all_else_moves_along() -> None:
    body = body_of(
        "ab cd\n\nef gh",
        (0, 5),
        (7, 12),
        tags=((0, "<p>"), (3, "<b>"), (4, "</b>"), (5, "</p>"), (7, "<p>"), (12, "</p>")),
    )
    made = blackout(body, [(3, 5, "XYZ"), (7, 8, "")])
    assert made.text == "ab XYZ\n\nf gh"
    assert [at for at, _ in made.tags] == [0, 3, 3, 6, 8, 12]
    assert [(block.start, block.end) for block in made.blocks] == [(0, 6), (8, 12)]
    assert [note.marker for note in made.notes] == [12, None]
    assert blackout(body, []) is body
    assert blackout(body, [(3, 3, "X")]) == body


def test_tags_around_replacements_nest_within_all_others() -> None:
    """What begins or ends inside a cut moves to its start, so tags around its replacement come last there and first at its end."""
    given = ((0, "<p>"), (0, "<b>"), (2, "</b>"), (2, "<i>"), (4, "</i>"), (5, "</p>"), (7, "<p>"), (12, "</p>"))
    body = body_of("ab cd\n\nef gh", (0, 5), (7, 12), tags=given)
    body = replace(body, blocks=(replace(body.blocks[0], last=5), replace(body.blocks[1], first=6, last=7)))
    made = blackout(body, [(0, 1, "X"), (1, 2, "Y"), (3, 9, "Z"), (10, 11, "")], ("<u>", "</u>"))
    assert weave(made) == "<p><b><u>X</u><u>Y</u></b><i> </i><u>Z</u></p>\n\n<p><u>Z</u> h</p>"
    assert [(made.tags[block.first][1], made.tags[block.last][1]) for block in made.blocks] == [("<p>", "</p>")] * 2


@pytest.mark.parametrize(
    ("cuts", "text"),
    [
        ([(0, 1, "X"), (1, 2, "Y")], "XY cd\n\nef gh"),
        ([(0, 2, "X"), (1, 4, "Y")], "Xd\n\nef gh"),
        ([(0, 4, "X"), (1, 2, "Y")], "Xd\n\nef gh"),
        # Each block keeps a text of its own, and what lies between is no text.
        ([(3, 9, "X")], "ab X\n\nX gh"),
        ([(5, 7, "X")], "ab cd\n\nef gh"),
        ([(3, 5, "X")], "ab X\n\nef gh"),
        ([(10, 12, "X"), (0, 2, "Y")], "Y cd\n\nef X"),
    ],
)  # fmt: skip
def test_stretches_may_touch_overlap_and_go_across_blocks(cuts: list[tuple[int, int, str]], text: str) -> None:
    assert blackout(body_of("ab cd\n\nef gh", (0, 5), (7, 12)), cuts).text == text


def test_what_stands_in_no_block_is_replaced_too() -> None:
    body = body_of("ab cd\n\nef gh", (7, 12))
    assert blackout(body, [(0, 12, "X")]).text == "XX"
    assert blackout(body, [(0, 2, "X")]).text == "X cd\n\nef gh"


LINKED = "ab [cd ef](https://x.example/p/7) gh"


@pytest.mark.parametrize(
    ("cuts", "bare"),
    [([(0, 3)], False), ([(0, 4)], True), ([(7, 8)], True), ([(8, 11)], False), ([(0, 2), (9, 11)], False), ([(0, 2), (4, 5), (9, 11)], True)],
)  # fmt: skip
def test_a_link_of_which_any_word_is_hidden_has_no_address(cuts: list[tuple[int, int]], bare: bool) -> None:
    given = [(start, end, "X") for start, end in cuts]
    for said in (LINKED, LINKED.replace("cd", "**cd**"), LINKED.replace("ef", "**ef**")):
        body = render(said, "markdown")
        assert body.text == "ab cd ef gh"
        assert ("x.example" not in weave(blackout(body, given))) == bare
        assert "x.example" in weave(blackout(body, given, unlink=False))


def test_links_around_hidden_words_have_no_address_in_notes_either() -> None:
    said = f"Ask[^1]\n\n[^1]: [a](https://x.example/1) [the {NAME} page](https://x.example/2) [b](https://x.example/3) {NAME}"
    made = redactor().body(render(said, "markdown")).notes[0].html
    assert [f"x.example/{n}" in made for n in (1, 2, 3)] == [True, False, True]
    said = "[write to a@b.example](https://x.example/2)[^1]\n\n[^1]: [to a@b.example](https://x.example/3)"
    mail = EmailAddresses().body(render(said, "markdown"))
    assert "x.example/2" in weave(mail)
    assert "x.example/3" in mail.notes[0].html
    assert "@b" not in weave(mail) + mail.notes[0].html


def test_a_bare_tag_keeps_its_name() -> None:
    assert [bare_tag(tag) for tag in ('<a href="x">', "</a>", "<br>")] == ["<a>", "</a>", "<br>"]


@pytest.mark.parametrize("dialect", ["markdown", "html", "text", "mail", "bbcode"])
def test_all_that_a_body_says_stands_in_a_block_or_is_hidden_all_the_same(dialect: Any) -> None:
    said = "<details><summary>Zénobie Marchbanks</summary>x</details>\n\n> Zénobie Marchbanks\n\n* Zénobie Marchbanks\n\n    Zénobie Marchbanks\n\n[quote]Zénobie Marchbanks[/quote]"
    made = redactor().body(render(said, dialect))
    assert BAR in made.text
    assert not WORD.findall(made.text.replace(BAR, "")).count("Marchbanks")
    assert "Marchbanks" not in weave(made)
