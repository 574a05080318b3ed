"""What the redactor hides of a debate that is made by hand: each of its decisions, and nothing beside."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from rostra.config.cards import Card, Correction, Decision
from rostra.config.redaction_rules import Learnt, RedactionRule
from rostra.markup import render
from rostra.model import Author, Corrected, Former, History, Post, RawPost, Revision, Source, Thread
from rostra.privacy.redactor import BAR, Redactor, _within

SECRET = "The miller hid seven golden rings beneath the willow."
REST = "It was dusk, and nobody else was about, and the weir was as high as it ever is in spring."
BEDE = RedactionRule(person="Bede", reason="as asked")


def post(n: int, author: str | None, body: str, parent: int | None = 1, *, native: bool = True, **more: Any) -> Post:
    above = f"p-{parent}" if parent and n > 1 else None
    more["parent"] = more.pop("parent_key", None)
    history = History(revisions=more.pop("revisions", ()), holds=more.pop("holds", ()))
    raw = RawPost(key=str(n), native_id=str(n) if native else None, author=Author(name=author) if author else None, body=body, dialect="markdown", **more)  # fmt: skip
    return Post(id=f"p-{n}", parent=above, depth=1 if above else 0, raw=raw, history=history)


def thread(*posts: Post, **more: Any) -> Thread:
    source = Source(path="gate.jsonl", format="posts", sha256="")
    return replace(Thread(id="gate", title="Gate", native_id=None, url=None, source=source, posts=posts), **more)


def learnt(*threads: Thread, rules: tuple[RedactionRule, ...] = (BEDE,)) -> Redactor:
    """A redactor that knows all of some debates, each from a dump of its own."""
    made = Redactor(rules, b"key")
    for n, each in enumerate(threads):
        made.learn(each, [f"dump{n}"])
    for each in threads if made.asks else ():
        made.claim(each)
    made.settle()
    return made


def shown(made: Redactor, of: Thread) -> list[str]:
    """The texts of a debate's posts as they are published."""
    _, bodies = made.masked(of, tuple(render(each.raw.body, each.raw.dialect) for each in of.posts))
    return [body.text for body in bodies]


def masked(made: Redactor, of: Thread) -> Thread:
    return made.masked(of, tuple(render(each.raw.body, each.raw.dialect) for each in of.posts))[0]


def test_only_dumps_with_something_hidden_are_withheld_and_only_news_are_new() -> None:
    made = Redactor((BEDE,), b"key")
    assert not made.learn(thread(post(1, "Ada", "Who?")), ["ada"])
    assert made.withheld == set()
    assert made.learn(thread(post(1, "Bede", SECRET)), ["bede", "copy"])
    assert made.withheld == {"bede", "copy"}
    assert not made.learn(thread(post(1, "Bede", SECRET)), ["again"])
    assert made.withheld == {"bede", "copy", "again"}
    assert made.learnt == {
        name: {Learnt(BEDE.stamp, "text", SECRET, ""), Learnt(BEDE.stamp, "title", "", "")}
        for name in ("bede", "copy", "again")
    }
    assert made.learn(thread(post(1, "Bede", "Nothing else to see.", title="Of the weir")), ["bede"])
    assert {each.kind for each in made.learnt["bede"]} == {"text", "title"}


def test_all_that_a_hidden_post_ever_said_is_hidden_wherever_it_is_repeated() -> None:
    said = [f"alpha{n} beta{n} gamma{n} delta{n} epsilon{n} zeta{n} eta{n} theta{n}" for n in range(4)]
    bede = post(1, "Bede", f"{said[0]}[^1]\n\n[^1]: {said[1]}", title=said[2], revisions=(Revision(body=said[3], dialect="markdown", source="2024"),))  # fmt: skip
    made = learnt(thread(bede))
    assert (
        shown(made, thread(*(post(n, "Ada", f"So: {text}") for n, text in enumerate(said, 1)), id="weir"))
        == [f"So: {BAR}"] * 4
    )
    assert made.tells(said[2])
    assert not made.tells("alpha0 beta0")


def test_what_a_hidden_post_quotes_of_another_stays_and_what_nobody_said_goes() -> None:
    ada = "The upper gate of the old mill is shut at dusk in winter."
    open = "Whoever opens the sluice at night must answer to the reeve himself."
    debate = thread(
        post(1, "Ada", ada), post(2, "Bede", f"> {ada}\n\nNo.\n\n> {open}\n\n{SECRET}", created="2024-01-02T00:00:00Z")
    )
    made = Redactor((BEDE,), b"key")
    made.learn(debate, ["dump"])
    assert made.asks
    assert {(each.kind, each.moment) for each in made.learnt["dump"]} == {
        ("title", ""),
        ("text", ""),
        ("open", "2024-01-02T00:00:00Z"),
    }
    # Nobody is known to have said it, until somebody is.
    other = thread(post(1, "Cy", open, created="2024-01-01T00:00:00Z"), id="weir")
    for claimed in (False, True):
        again = Redactor((BEDE,), b"key")
        again.learn(debate, ["dump"])
        if claimed:
            again.claim(other)
        again.settle()
        assert shown(again, other) == [open if claimed else f"{BAR}."]
        assert shown(again, debate) == [ada, ""]
    assert not learnt(thread(post(1, "Bede", SECRET))).asks


def test_hidden_words_are_learnt_again_of_a_dump_that_fails_if_the_rule_is_still_there() -> None:
    made = Redactor((BEDE,), b"key")
    other = RedactionRule(person="Cy").stamp
    made.relearn(
        "dump",
        [Learnt(BEDE.stamp, "text", SECRET, ""), Learnt(other, "text", "one two three four five six seven eight", "")],
    )
    made.relearn("dump", [Learnt(BEDE.stamp, "open", "nine ten eleven twelve thirteen fourteen fifteen sixteen", "")])
    made.settle()
    assert made.tells(SECRET)
    assert made.tells("nine ten eleven twelve thirteen fourteen fifteen sixteen")
    assert not made.tells("one two three four five six seven eight")
    assert {each.text for each in made.learnt["dump"]} == {
        SECRET,
        "nine ten eleven twelve thirteen fourteen fifteen sixteen",
    }


def test_of_a_hidden_post_its_place_and_time_are_left() -> None:
    rules = (RedactionRule(post="p-2", thread="gate", passage="rings", reason="of the words"), BEDE)
    hidden = post(
        2,
        "Bede",
        SECRET,
        parent_key="1",
        created="2024-01-02T00:00:00Z",
        created_local="2024-01-02T01:00:00+01:00",
        created_text="when Bede came",
        line=7,
        title="Rings",
        note="x",
    )
    debate = thread(post(1, "Ada", "Who?"), hidden)
    made = learnt(debate, rules=rules)
    raw = masked(made, debate).posts[1].raw
    assert raw == RawPost(
        key="2", parent="1", kind="redacted", created="2024-01-02T00:00:00Z", created_local="2024-01-02T01:00:00+01:00",
        created_text=f"when {BAR} came", line=7, dialect="markdown", note="as asked",
    )  # fmt: skip
    assert masked(learnt(debate, rules=(RedactionRule(person="Bede"),)), debate).posts[1].raw.note is None


@pytest.mark.parametrize(
    ("field", "found"),
    [("body", True), ("note", True), ("title", True), ("revision", True), ("footnote", True), ("nowhere", False)],
)
def test_a_passage_may_be_in_any_text_of_its_post(field: str, found: bool) -> None:
    passage = "seven golden rings"
    where: dict[str, Post] = {
        "body": post(1, "Bede", f"He hid {passage}."),
        "note": post(1, "Bede", "x", note=f"He hid {passage}."),
        "title": post(1, "Bede", "x", title=f"He hid {passage}."),
        "revision": post(
            1, "Bede", "x", revisions=(Revision(body=f"He hid {passage}.", dialect="markdown", source="2024"),)
        ),
        "footnote": post(1, "Bede", f"x[^1]\n\n[^1]: He hid {passage}."),
        "nowhere": post(1, "Bede", "x"),
    }
    debate = thread(where[field], post(2, "Ada", f"You said “{passage}”."))
    made = learnt(debate, rules=(RedactionRule(post="p-1", thread="gate", passage=passage),))
    assert made.hidden.said == ({1} if found else set())
    # Whether or not: the words are hidden where somebody quotes them.
    assert passage not in repr(shown(made, debate))
    assert passage not in repr([replace(each.raw, body="") for each in masked(made, debate).posts])
    assert made.withheld == {"dump0"}


def test_a_short_quotation_of_a_hidden_post_goes_and_one_of_another_stays() -> None:
    debate = thread(
        post(1, "Ada", "Not at dusk, no."),
        post(2, "Bede", "Certainly not Tuesday, never."),
        post(3, "Cy", "> Certainly not Tuesday, never.\n\nHm.", 2),
        post(4, "Dot", "> Not at dusk, no.\n\nHm.", 1),
    )
    made = learnt(debate)
    assert shown(made, debate) == ["Not at dusk, no.", "", f"{BAR}\nHm.", "Not at dusk, no.\nHm."] or shown(
        made, debate
    ) == ["Not at dusk, no.", "", f"{BAR}\n\nHm.", "Not at dusk, no.\n\nHm."]
    assert made.places == {1: {("gate", "p-3")}}


def test_of_a_quoted_passage_only_its_words_go_or_all_where_they_were_changed() -> None:
    said = f"The gate was open. My daughter saw him from the school in Mill Lane. {REST}"
    rule = RedactionRule(post="p-1", thread="gate", passage="My daughter saw him from the school in Mill Lane.")
    debate = thread(
        post(1, "Ada", said),
        post(2, "Cy", f"> {said}\n\nHm."),
        post(3, "Dot", f"> {said.replace('saw', 'watched').replace('school', 'scool')}\n\nHm."),
        post(4, "Eve", "> The gate was open.\n\nHm."),
    )
    made = learnt(debate, rules=(rule,))
    first, second, third, fourth = (" ".join(each.split()) for each in shown(made, debate))
    assert first == f"The gate was open. {BAR} {REST}"
    assert second == f"The gate was open. {BAR} {REST} Hm."
    assert "watched" not in third
    assert "daughter" not in third
    assert fourth == "The gate was open. Hm."


def test_what_a_line_says_is_a_hidden_person_s_goes_and_no_more() -> None:
    debate = thread(
        post(1, "Ada", "Hello there, all of you."),
        post(2, "Cy", "Bede wrote:\n\n> Perhaps.\n>\n> > Never mind.\n\nAda wrote:\n\n> Surely.\n\nMine."),
    )
    made = learnt(debate, thread(post(1, "Bede", "x"), id="weir"))
    text = " ".join(shown(made, debate)[1].split())
    assert "Perhaps" not in text
    assert "Surely." in text
    assert text.endswith("Mine.")
    assert f"{BAR} wrote:" in text


def test_an_id_that_is_made_of_hidden_words_is_replaced_and_so_are_those_made_of_it() -> None:
    debate = thread(
        post(1, "Ada", "Who?", native=False),
        post(2, "Bede", SECRET, native=False),
        post(3, "Cy", "So?", 2, native=False),
        post(4, "Dot", "Ah.", 3, native=False),
        post(5, "Eve", "Oh.", 2),
    )
    made = learnt(debate)
    ids = [each.id for each in masked(made, debate).posts]
    assert ids == ["p-1", made.alias("p-2"), made.alias("p-3"), "p-4", "p-5"]
    assert masked(made, debate).posts[3].parent == made.alias("p-3")
    # The id of a missing post is made of its first answer's.
    lost = replace(post(2, None, "", native=False), raw=RawPost(key="2", kind="missing"))
    debate = thread(post(1, "Ada", "Who?", native=False), lost, post(3, "Bede", SECRET, 2), post(4, "Dot", "Ah.", 2))
    assert masked(made, debate).posts[1].id == made.alias("p-2")
    debate = thread(post(1, "Ada", "Who?", native=False), lost, post(3, "Dot", "Ah.", 2), post(4, "Bede", SECRET, 2))
    assert masked(made, debate).posts[1].id == "p-2"


def test_a_title_of_a_hidden_opening_that_was_read_otherwise_is_blank_unless_a_card_gives_it() -> None:
    former = Former("gate", "p-9", "")
    rule = RedactionRule(post="p-9", thread="gate")
    opening = post(1, "Ada", "So it was.", holds=(former,))
    made = learnt(thread(opening), rules=(rule,))
    assert masked(made, thread(opening)).title == BAR
    named = thread(opening, corrected=(Corrected(what="title", was="x"),))
    assert masked(made, named).title == "Gate"
    assert masked(made, thread(post(1, "Ada", "So it was."))).title == "Gate"
    second = thread(post(1, "Ada", "Who?"), post(2, "Ada", "So it was.", holds=(former,)))
    assert masked(made, second).title == "Gate"


def test_a_title_of_hidden_words_is_replaced_whole() -> None:
    made = learnt(thread(post(1, "Bede", SECRET)))
    assert made.text("The miller hid seven golden rings beneath the willow") == BAR
    assert made.text("The miller hid…") == BAR
    assert made.text("The miller hid") == "The miller hid"
    assert made.text("By Bede, at dusk") == f"By {BAR}, at dusk"


def test_names_of_others_that_hold_a_hidden_one_are_known_from_their_posts() -> None:
    rule = RedactionRule(person="Anna", also=("Annie",))
    author = replace(post(1, "anna99", "x").raw, author=Author(name="Anna Smith", id="anna99"))
    debate = thread(replace(post(1, "x", "x"), raw=author), post(2, "Anna", "Hm."))
    made = learnt(debate, rules=(rule,))
    made.meet([None, "", "Anna Quill", "Anna"])
    assert set(made.names.kept) == {"Anna Smith", "Anna Quill", "anna99"}
    assert made.text("Anna Smith and Anna and Annie and Anna Quill") == f"Anna Smith and {BAR} and {BAR} and Anna Quill"


def test_a_dump_is_withheld_where_it_or_what_is_read_of_it_tells() -> None:
    made = learnt(thread(post(1, "Bede", SECRET)))
    made.withheld.clear()
    plain = thread(post(1, "Ada", "Who?"))
    made.learn_dump("plain", [plain], "nothing")
    made.learn_dump("folder", [plain], None)
    assert made.withheld == set()
    made.learn_dump("content", [plain], "by Bede")
    made.learn_dump("read", [plain, thread(post(1, "Ada", "Ask Bede."))], "nothing")
    assert made.withheld == {"content", "read"}


def test_the_stamp_changes_with_rules_key_words_and_names() -> None:
    def stamp(*threads: Thread, rules: tuple[RedactionRule, ...] = (BEDE,), key: bytes = b"key", met: str = "") -> str:
        made = Redactor(rules, key)
        for each in threads:
            made.learn(each, ["dump"])
        made.meet([met])
        return made.stamp

    one = thread(post(1, "Bede", SECRET))
    stamps = {
        stamp(),
        stamp(one),
        stamp(key=b"other"),
        stamp(rules=(replace(BEDE, reason="x"),)),
        stamp(met="Bede Smith"),
    }
    assert len(stamps) == 5
    assert stamp(one) == stamp(one, one)
    assert stamp(one, met="Cy") == stamp(one)


def test_a_decision_of_a_card_that_quotes_hidden_words_is_left_out() -> None:
    made = learnt(thread(post(1, "Bede", SECRET)))
    secret, plain = Decision(post="p-1", text=SECRET), Decision(post="p-2", text="Ask Bede.")
    card = made.card(
        Card(quotation=(secret, plain), withdrawn="for Bede", correction=(Correction(post="p-3", withdrawn="x"),))
    )
    assert [each.text for each in card.quotation] == [f"Ask {BAR}."]
    both = Decision(post="p-1", text="The miller hid seven golden", words="rings beneath the willow")
    assert made.card(Card(quotation=(both,))).quotation == ()
    named = made.card(Card(quotation=(Decision(post="p-1", text="x", words="by Bede"),))).quotation
    assert [each.words for each in named] == [f"by {BAR}"]


def test_only_a_person_is_found_in_other_forms_of_the_name() -> None:
    assert learnt(rules=(RedactionRule(person="Theodora Quill"),)).text("by Quill, Theodora") == f"by {BAR}"
    assert learnt(rules=(RedactionRule(address="Mill Lane"),)).text("in Lane, Mill") == "in Lane, Mill"


LINES = {
    "Bede: The miller hid sev…": f"{BAR}: {BAR}",
    "Read Bede | “The miller hid...” here": f"Read {BAR} | “{BAR}” here",
    "Bede > The miller hid seven golden rings ben…": f"{BAR} > {BAR}",
    "Bede — The miller hid… and so on…": f"{BAR} — {BAR} and so on…",
    # Two words, other words, another's, or a line that was not cut.
    "Bede: The miller…": f"{BAR}: The miller…",
    "Bede: The miller his…": f"{BAR}: The miller his…",
    "Bede: miller hid seven…": f"{BAR}: miller hid seven…",
    "Ada: The miller hid sev…": "Ada: The miller hid sev…",
    "Bede: The miller hid sev": f"{BAR}: The miller hid sev",
    "Bede says The miller hid sev…": f"{BAR} says The miller hid sev…",
}


@pytest.mark.parametrize("line", LINES)
def test_the_cut_beginning_of_a_hidden_post_goes_with_the_name_before_it(line: str) -> None:
    of = thread(post(1, "Ada", "Who?"), post(2, "Bede", SECRET), post(3, "Cy", line))
    made = learnt(of)
    assert shown(made, of)[2] == LINES[line]
    assert made.text(line) == LINES[line]


def test_what_two_hidden_people_are_called_is_hidden_by_the_first_rule_of_a_person() -> None:
    rules = (RedactionRule(post="p-1"), RedactionRule(person="Ada Weir"), RedactionRule(person="Anna Weir"))
    of = thread(post(1, "Cy", "I agree."), post(2, "Cy", "So says A. Weir."))
    made = learnt(of, rules=rules)
    assert shown(made, of)[1] == f"So says {BAR}."
    assert made.places[2] == {("gate", "p-2")}
    assert [made.number(each) for each in made.names.spans("A. Weir; Anna Weir")] == [2, 3]


def test_unsigned_posts_beside_a_hidden_one_stay() -> None:
    debate = thread(post(1, None, "Who?"), post(2, "Bede", SECRET))
    assert shown(learnt(debate), debate) == ["Who?", ""]


def test_words_are_hidden_by_the_rule_that_hides_all_of_their_post() -> None:
    rules = (RedactionRule(post="p-2", thread="gate", passage="rings"), BEDE)
    made = learnt(thread(post(1, "Ada", "Who?"), post(2, "Bede", SECRET)), rules=rules)
    assert shown(made, thread(post(1, "Cy", f"So: {SECRET}"), id="weir")) == [f"So: {BAR}."]
    assert made.places == {1: set(), 2: {("weir", "p-1")}, 3: set()}


def test_what_an_earlier_wording_quotes_of_a_later_place_stays() -> None:
    cy = "Whoever opens the sluice at night must answer to the reeve himself."
    debate = thread(
        post(1, "Ada", "Who?", created="2024-01-01T00:00:00Z"),
        post(2, "Bede", SECRET, created="2024-01-03T00:00:00Z", revisions=(Revision(body=f"> {cy}\n\nHm.", dialect="markdown", source="2024"),)),
        post(3, "Cy", cy, created="2024-01-02T00:00:00Z"),
        post(4, "Dot", "Oh.", created="2024-01-04T00:00:00Z"),
    )  # fmt: skip
    made = learnt(debate)
    assert not made.asks
    assert shown(made, debate) == ["Who?", "", cy, "Oh."]


def test_one_new_text_among_known_ones_is_news() -> None:
    made = learnt(thread(post(1, "Bede", SECRET)))
    more = f"{SECRET}[^1]\n\n[^1]: The weir is as high as it ever is in spring."
    assert made.learn(thread(post(1, "Bede", more)), ["more"])
    assert not made.learn(thread(post(1, "Bede", more)), ["more"])


def test_few_words_of_a_hidden_title_may_be_many_titles() -> None:
    made = learnt(thread(post(1, "Bede", SECRET, title="Golden rings found")))
    assert made.text("Golden rings found") == "Golden rings found"


@pytest.mark.parametrize(("moment", "day", "hidden"), [("2024-01-02T00:00:00Z", 3, True), ("2024-01-02T00:00:00Z", 1, False), ("", 3, False)])  # fmt: skip
def test_who_said_it_later_claims_nothing_of_a_dump_that_fails_either(moment: str, day: int, *, hidden: bool) -> None:
    words = "nine ten eleven twelve thirteen fourteen fifteen sixteen"
    made = Redactor((BEDE,), b"key")
    made.relearn("dump", [Learnt(BEDE.stamp, "open", words, moment)])
    made.claim(thread(post(1, "Ada", words, created=f"2024-01-0{day}T00:00:00Z")))
    made.settle()
    assert made.tells(words) == hidden
    assert made.learnt == {"dump": {Learnt(BEDE.stamp, "open", words, moment)}}


def test_a_quotation_of_a_hidden_post_goes_with_its_slips_and_nothing_around_it() -> None:
    said = "alpha beta gamma delta epsilon zeta eta theta iota kappa"
    slips = "alpha beta gamma deltas epsilon zetas eta thetas iota kappas"
    debate = thread(
        post(1, "Ada", "Who?"),
        post(2, "Bede", said),
        post(3, "Cy", f"Ah.\n\n> {slips}\n\nHm.", 2),
        post(4, "Dot", "Oh.\n\n> Nobody said anything like it.\n\nSo.", 2),
    )
    made = learnt(debate)
    assert shown(made, debate)[2].split("\n\n") == ["Ah.", BAR, "Hm."]
    assert shown(made, debate)[3].split("\n\n") == ["Oh.", "Nobody said anything like it.", "So."]


def test_a_quotation_of_somebody_else_stays_though_half_of_it_is_hidden_words() -> None:
    made = learnt(thread(post(1, "Bede", SECRET), id="weir"))
    debate = thread(post(1, "Ada", "seven golden rings or so"), post(2, "Cy", "> seven golden rings or so"))
    assert shown(made, debate) == ["seven golden rings or so"] * 2
    assert shown(made, thread(post(1, "Cy", "> seven golden rings or so"))) == [BAR]


def test_the_id_of_a_post_of_which_a_name_was_cut_is_replaced_too() -> None:
    debate = thread(post(1, "Ada", "Who?", native=False), post(2, "Cy", "Ask Bede.", native=False), post(3, "Dot", "So?", 2, native=False))  # fmt: skip
    made = learnt(debate)
    assert [each.id for each in masked(made, debate).posts] == ["p-1", made.alias("p-2"), made.alias("p-3")]


def test_the_title_of_an_opening_that_was_always_read_so_stays() -> None:
    former = Former("gate", "p-9", "")
    opening = post(1, "Bede", "So it was.")
    assert masked(learnt(thread(opening)), thread(opening)).title == "Gate"
    held = thread(post(1, "Ada", "So it was.", holds=(former,)))
    assert masked(learnt(held), held).title == "Gate"


@pytest.mark.parametrize(
    ("said", "passage", "quoted"),
    [
        # Beside the passage, up to its first and its last sign.
        ("The gate was shut,then opened again by the reeve and all his men.", "gate was shut,", "then opened again by the reeve and all his men."),
        ("Whoever opened the gate of the old mill,shut it again at dusk.", "shut it again", "Whoever opened the gate of the old mill,"),
    ],
)  # fmt: skip
def test_what_stands_beside_a_passage_may_be_quoted(said: str, passage: str, quoted: str) -> None:
    debate = thread(post(1, "Ada", said), post(2, "Cy", f"> {quoted}"))
    made = learnt(debate, rules=(RedactionRule(post="p-1", thread="gate", passage=passage),))
    assert shown(made, debate)[1] == quoted


def test_a_passage_that_is_said_twice_is_hidden_where_one_of_them_is_quoted_with_slips() -> None:
    passage = "alpha beta gamma delta epsilon zeta eta theta iota kappa"
    slips = "alpha beta gamma deltas epsilon zetas eta thetas iota kappas"
    debate = thread(
        post(1, "Ada", f"{passage}. Between them a good deal is said. {passage}."), post(2, "Cy", f"> {slips}\n\nHm.")
    )
    made = learnt(debate, rules=(RedactionRule(post="p-1", thread="gate", passage=passage),))
    assert "epsilon" not in shown(made, debate)[1]


ADA = "The upper gate of the old mill is shut at dusk in winter."


@pytest.mark.parametrize(
    ("said", "gone", "left"),
    [
        ("Bede wrote:\n\n> Perhaps.\n>\n> Or never.\n\nMine.", ["Perhaps", "never"], ["Mine."]),
        ("Bede wrote:\n\n> Perhaps.\n\nMine.\n\n> Surely not.", ["Perhaps"], ["Mine.", "Surely not."]),
        ("I met Bede.\n\n> Surely not.", [], ["Surely not."]),
        (f"Bede wrote:\n\n> {ADA}", [], [ADA]),
        ("Mill Lane wrote:\n\n> Surely not.", [], ["Surely not."]),
        ("Bede wrote:\n\n> > Perhaps.\n>\n> Surely not.", ["Surely"], []),
    ],
)
def test_a_quotation_is_a_hidden_person_s_only_where_a_line_right_above_says_so(
    said: str, gone: list[str], left: list[str]
) -> None:
    debate = thread(post(1, "Ada", ADA), post(2, "Cy", said), post(3, "Bede", SECRET))
    text = shown(learnt(debate, rules=(BEDE, RedactionRule(address="Mill Lane"))), debate)[1]
    assert [each for each in gone if each in text] == []
    assert [each for each in left if each not in text] == []


def test_a_quotation_is_a_hidden_person_s_where_the_markup_says_so() -> None:
    quote = replace(post(2, "Cy", "[quote=Bede]Perhaps.[/quote]\n[quote=Ada]Surely not.[/quote]").raw, dialect="bbcode")
    debate = thread(post(1, "Ada", "Who?"), replace(post(2, "Cy", "x"), raw=quote))
    text = shown(learnt(debate), debate)[1]
    assert "Perhaps" not in text
    assert "Surely not." in text


@pytest.mark.parametrize(
    ("span", "within"),
    [((2, 6), True), ((1, 6), False), ((2, 7), False), ((3, 5), True), ((12, 14), True), ((9, 14), False), ((5, 12), False)],
)  # fmt: skip
def test_a_stretch_is_within_another_up_to_both_ends(span: tuple[int, int], *, within: bool) -> None:
    assert _within(span, [(2, 6), (10, 14)]) == within
    assert not _within(span, [])


def test_a_quotation_goes_whole_of_which_half_is_a_hidden_passage() -> None:
    said = "The gate was open. My daughter saw him from the school in Mill Lane. It was dusk."
    passage = "My daughter saw him from the school in Mill Lane."
    debate = thread(post(1, "Ada", said), post(2, "Cy", f"> {said}\n\nHm."))
    made = learnt(debate, rules=(RedactionRule(post="p-1", thread="gate", passage=passage),))
    assert " ".join(shown(made, debate)[0].split()) == f"The gate was open. {BAR} It was dusk."
    assert " ".join(shown(made, debate)[1].split()) == f"{BAR}. Hm."
