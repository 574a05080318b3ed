"""What is hidden of the dumps, and what that needs to know of them: each step by itself, without a build."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from rostra.config.cards import Card, Correction, Decision
from rostra.config.redaction_rules import Learnt, RedactionRule, append_rule
from rostra.config.site import Site, load_site
from rostra.errors import UsageError
from rostra.ingest.failures import Failing
from rostra.ingest.privacy_policy import Hiding, all_threads, learned_hiding, note_learnt, with_pseudonyms, withhold
from rostra.ingest.sources import DumpEntry, gather
from rostra.ingest.withdrawals import Withdrawals
from rostra.markup import render
from rostra.model import Former, Gone, Kept, Thread
from rostra.privacy.pseudonyms import Pseudonyms
from rostra.privacy.redactor import BAR, Redactor
from rostra.readers import Dump
from rostra.store.store import Store

SECRET = "The miller hid seven golden rings beneath the old willow, and nobody but me has seen them."
POSTS = [
    {"id": "1", "author": "Ada Weir", "created": "2024-03-01T09:00:00Z", "body": "Who opened the upper gate?"},
    {"id": "2", "parent": "1", "author": "Zénobie Marchbanks", "created": "2024-03-02T09:00:00Z", "body": SECRET},
]
NOTHING = Withdrawals({}, {}, {}, set(), {})
BEDE = RedactionRule(person="Zénobie Marchbanks")


class Place:
    """A site, of which nothing is built, and its store."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "content").mkdir(parents=True)
        self.settings()
        self.put("gate.jsonl", POSTS)
        self.store = Store(root / "store", root / "rostra.ledger", root / "none").__enter__()
        self.failing = Failing()

    def settings(self, *lines: str) -> None:
        (self.root / "rostra.toml").write_text("\n".join(['title = "Mill"', *lines, ""]))

    def put(self, name: str, said: list[dict[str, Any]] | str) -> None:
        text = said if isinstance(said, str) else "".join(json.dumps(post) + "\n" for post in said)
        (self.root / "content" / name).write_text(text)

    @property
    def site(self) -> Site:
        return load_site(self.root)

    @property
    def entries(self) -> tuple[DumpEntry, ...]:
        return gather(self.site).entries

    def hiding(self, *rules: RedactionRule, entries: tuple[DumpEntry, ...] | None = None) -> Hiding:
        for rule in rules:
            append_rule(self.root, rule)
        entries = self.entries if entries is None else entries
        made = learned_hiding(self.site, entries, self.store, self.failing)
        withhold(entries, self.store, made)
        return made

    def shown(self, made: Hiding) -> str:
        """All bodies as they are published."""
        said = list[str]()
        for thread, _ in all_threads(self.entries, self.store, made.pseudonyms):
            bodies = tuple(render(post.raw.body, post.raw.dialect) for post in thread.posts)
            for mask in made.masks:
                thread, bodies = mask.masked(thread, bodies)
            said += (
                f"{post.raw.author and post.raw.author.name}: {body.text}"
                for post, body in zip(thread.posts, bodies, strict=True)
            )
        return "\n".join(said)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path / "site")
    yield made
    made.store.__exit__(None, None, None)


def test_without_rules_nothing_is_hidden(place: Place) -> None:
    made = place.hiding()
    assert (made.redactor, made.pseudonyms, made.masks, made.stamp) == (None, None, (), ())
    assert not made.withholds("content/gate.jsonl")
    assert made.guards("") == ()
    assert [*made.problems()] == []
    assert "golden rings" in place.shown(made)
    assert made.card(card := Card(title="T")) is card
    assert made.kept("gate", kept := (Kept(post="p-1", thread="weir", to="p-2"),), place.store) is kept


def test_addresses_are_part_of_what_editions_depend_on(place: Place) -> None:
    assert Hiding(None, None, NOTHING).stamp == ()
    place.settings("publish_addresses = true")
    assert place.hiding().stamp == ("addresses",)
    place.settings("publish_addresses = false")
    made = place.hiding(BEDE)
    assert made.redactor
    assert made.stamp == (made.redactor.stamp,)


def test_a_dump_with_something_hidden_is_withheld(place: Place) -> None:
    place.put("weir.jsonl", [{**POSTS[0], "id": "7"}])
    made = place.hiding(BEDE)
    assert made.withholds("content/gate.jsonl")
    assert not made.withholds("content/weir.jsonl")
    assert "golden rings" not in place.shown(made)
    withdrawn = Withdrawals({}, {}, {"content/weir.jsonl": []}, set(), {})
    assert made._replace(withdrawals=withdrawn).withholds("content/weir.jsonl")
    assert Hiding(None, Pseudonyms(b"k", ()), NOTHING).withholds("content/weir.jsonl")


def test_a_dump_that_cannot_be_read_to_its_end_is_withheld(place: Place) -> None:
    place.put("weir.jsonl", "{\n")
    made = place.hiding(BEDE)
    assert made.withholds("content/weir.jsonl")
    assert "content/weir.jsonl" in place.failing.doubted


@pytest.mark.parametrize("fails", ["nothing", "in part", "whole"])
def test_a_dump_that_fails_when_it_is_searched_is_withheld(
    place: Place, fails: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(dump: Dump, *_: object, **__: object) -> Iterator[Thread]:
        if fails == "whole":
            raise UsageError("x")
        dump.failures += [UsageError("x")] if fails == "in part" else []
        yield from ()

    monkeypatch.setattr("rostra.ingest.privacy_policy.read_threads", read)
    made = Hiding(Redactor((RedactionRule(person="Nobody Here"),), b"key"), None, NOTHING)
    withhold(place.entries, place.store, made)
    assert made.withholds("content/gate.jsonl") == (fails != "nothing")


def test_what_no_reader_shows_of_a_file_is_searched_and_a_folder_is_no_failure(place: Place) -> None:
    place.put("gate.jsonl", [{**POSTS[0], "seen_by": "Zénobie Marchbanks"}])
    (place.root / "content/mail/cur").mkdir(parents=True)
    place.put("mail/cur/1", "From: A <a@b.example>\nSubject: s\nMessage-ID: <1@x>\n\nAn innocent word.\n")
    entries = place.entries
    assert [entry.dump.is_folder for entry in entries] == [False, True]
    made = Hiding(Redactor((BEDE,), b"key"), None, NOTHING)
    withhold(entries, place.store, made)
    assert made.withholds("content/gate.jsonl")
    assert not made.withholds("content/mail")


def test_the_words_of_a_person_are_hidden_in_other_dumps_too(place: Place) -> None:
    place.put("weir.jsonl", [{**POSTS[0], "id": "7", "body": f"As she said: {SECRET}"}])
    made = place.hiding(BEDE)
    assert made.withholds("content/weir.jsonl")
    assert "golden rings" not in place.shown(made)
    assert "As she said" in place.shown(made)


def test_what_a_card_says_of_an_author_counts(place: Place) -> None:
    # The dump has lost the name, which the card restores.
    place.put("gate.jsonl", [POSTS[0], {**POSTS[1], "author": None}])
    place.put("gate.toml", '[[correction]]\npost = "p-2"\nauthor = "Zénobie Marchbanks"\n')
    assert "golden rings" not in place.shown(place.hiding(BEDE))


def test_a_thread_that_cannot_be_rendered_still_tells_what_is_hidden(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rostra.privacy import redactor

    def breaking(body: str, dialect: Any) -> Any:
        if dialect != "text":
            raise ZeroDivisionError
        return render(body, dialect)

    place.put("gate.jsonl", [{**post, "dialect": "markdown"} for post in POSTS])
    monkeypatch.setattr(redactor, "render", breaking)
    made = place.hiding(BEDE)
    assert made.redactor
    assert made.redactor.echoes.within(SECRET)
    assert made.withholds("content/gate.jsonl")
    assert place.failing.doubted == {"content/gate.jsonl"}


def test_addresses_that_tell_a_name_are_replaced_by_every_mask(place: Place) -> None:
    made = place.hiding(BEDE)
    (thread, _) = next(iter(all_threads(place.entries, place.store, None)))
    assert made.address(thread) == "gate"
    named = replace(thread, id="zenobie-marchbanks")
    assert "zenobie" not in made.address(named)
    # So is an id that is made of the name of the dump, or of the source's id.
    short = replace(thread, id="weir", source=replace(thread.source, path="content/Ada Weir.jsonl"))
    assert made.address(short) == "weir"
    native = replace(thread, id="zenobie-marchbanks-2", native_id="Zénobie Marchbanks 2")
    assert "zenobie" not in made.address(native)


def test_decisions_of_cards_that_quote_what_is_hidden_are_left_out(place: Place) -> None:
    made = place.hiding(BEDE)
    card = Card(quotation=(Decision(post="p-1", text=SECRET), Decision(post="p-1", text="Who opened")))
    assert [each.text for each in made.card(card).quotation] == ["Who opened"]


def test_former_addresses_tell_nothing(place: Place) -> None:
    made = place.hiding(BEDE)
    gone = Gone(id="gate", kept=(), reason="Zénobie Marchbanks asked")
    shown = made.gone(gone, place.store)
    assert shown
    assert shown.reason == f"{BAR} asked"
    assert made.gone(replace(gone, id="zenobie-marchbanks"), place.store) is None
    assert made.gone(None, place.store) is None
    assert made.kept("gate", (), place.store) == ()
    assert made.kept("gate", (Kept(post="p-zenobie-marchbanks", thread=None, to=None),), place.store) == ()


def test_of_what_moved_only_what_tells_nothing_is_left(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    made = place.hiding(BEDE)
    assert made.redactor
    given: list[Any] = []
    first, second = Kept(post="p-1", thread="weir", to="p-9"), Kept(post="p-2", thread=None, to=None)
    monkeypatch.setattr(made.redactor.hidden, "kept", lambda *of: given.append(of) or iter(of[1][:1]))
    there = SimpleNamespace(thread=SimpleNamespace(posts=[SimpleNamespace(id="p-9")]))
    store: Any = SimpleNamespace(edition=lambda _: there, published=SimpleNamespace(way="way"))
    assert made.kept("gate", (first, second), store) == (first,)
    assert given.pop() == ("gate", (first, second), "way", {"weir": {"p-9"}})
    assert made.kept("gate", (), store) == ()
    assert given == []
    gone = made.gone(Gone(id="gate", kept=(first, second), reason=None), store)
    assert gone
    assert gone.kept == (first,)


@pytest.mark.parametrize(("number", "name"), [(1, "Ada Weir"), (2, "Zénobie Marchbanks")])
def test_a_guard_names_the_line_of_the_rule(place: Place, number: int, name: str) -> None:
    made = place.hiding(RedactionRule(person="Ada Weir"), BEDE)
    (guard,) = made.guards("")
    guard("index.html", b"nobody")
    with pytest.raises(UsageError, match=rf"which rule {number} hides") as caught:
        guard("index.html", name.encode())
    assert made.lines[0] is not None
    assert made.lines[1] is not None
    assert made.lines[0] < made.lines[1]
    assert (caught.value.path, caught.value.line) == ("redactions.toml", made.lines[number - 1])


def test_a_guard_of_pseudonyms_names_the_setting(place: Place) -> None:
    place.settings("pseudonyms = true")
    made = place.hiding()
    assert made.pseudonyms
    assert made.authors == {"content/gate.jsonl": {"Ada Weir", "Zénobie Marchbanks"}}
    (guard,) = made.guards("")
    with pytest.raises(UsageError, match="which is an author's name") as caught:
        guard("index.html", b"Marchbanks")
    assert (caught.value.path, caught.value.line) == ("rostra.toml", None)
    assert "pseudonyms_keep" in (caught.value.hint or "")
    said = place.shown(made)
    assert "Marchbanks" not in said
    assert "Weir" not in said
    assert len(place.hiding(BEDE).guards("")) == 2


def test_names_that_have_pseudonyms_are_known_to_rules(place: Place) -> None:
    place.settings("pseudonyms = true")
    made = place.hiding(RedactionRule(person="Ada"))
    assert made.redactor
    assert set(made.redactor.names.kept) == {"Ada Weir"}
    threads = all_threads(place.entries, place.store, made.pseudonyms)
    names = {post.raw.author.name for thread, _ in threads for post in thread.posts if post.raw.author}
    assert len(names) == 2
    assert names.isdisjoint({"Ada Weir", "Zénobie Marchbanks"})


def test_a_rule_hides_a_person_by_the_pseudonym_too(place: Place) -> None:
    place.settings("pseudonyms = true")
    made = place.hiding(BEDE, RedactionRule(post="p-1"))
    assert made.redactor
    assert made.pseudonyms
    assert made.redactor.rules[1].also == tuple(made.pseudonyms.called("Zénobie Marchbanks"))
    assert made.redactor.rules[1].also
    assert made.redactor.rules[2].also == ()
    assert "golden rings" not in place.shown(made)


def test_cards_lead_to_nobody_where_there_are_pseudonyms(place: Place) -> None:
    place.put("gate.toml", 'url = "https://mill.example/zenobie-marchbanks"\n')
    entries = place.entries
    assert with_pseudonyms(entries, None) is entries
    place.settings("pseudonyms = true")
    made = place.hiding()
    assert with_pseudonyms(entries, made.pseudonyms)[0].card.url is None


def test_an_author_that_a_card_gives_has_a_pseudonym(place: Place) -> None:
    place.settings("pseudonyms = true")
    place.put("gate.toml", '[[correction]]\npost = "p-1"\nauthor = "Wilhelmina Brook"\n')
    made = place.hiding()
    assert made.pseudonyms
    assert "Wilhelmina Brook" in made.pseudonyms.people


@pytest.mark.parametrize("rules", [(), (BEDE,)])
def test_what_earlier_versions_read_is_searched_with_and_without_rules(
    place: Place, rules: tuple[RedactionRule, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    monkeypatch.setattr("rostra.ingest.privacy_policy.look", lambda *of: given.append(of))
    made = place.hiding(*rules)
    ((entries, store, pseudonyms, hidden),) = given
    assert [entry.dump.name for entry in entries] == ["content/gate.jsonl"]
    assert (store, pseudonyms) == (place.store, None)
    assert hidden is (made.redactor.hidden if made.redactor else None)


def test_what_rules_name_is_followed_by_their_numbers(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    monkeypatch.setattr("rostra.ingest.privacy_policy.followed", lambda *of: given.append(of) or ())
    post = RedactionRule(post="p-1")
    place.hiding(BEDE, post)
    assert given == [({1: BEDE, 2: post}, place.store)]


@pytest.mark.parametrize("fails", ["nothing", "before", "in part", "whole"])
def test_a_dump_of_which_anything_fails_is_withheld_before_it_is_read_again(
    place: Place, fails: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    append_rule(place.root, RedactionRule(person="Nobody Here"))
    entries = place.entries
    if fails == "before":
        place.failing.today["content/gate.jsonl", "gate"] = UsageError("before")
    elif fails == "in part":
        monkeypatch.setattr(
            "rostra.ingest.privacy_policy.read_threads",
            lambda dump, *_, **__: dump.failures.append(UsageError("x")) or (),
        )
    elif fails == "whole":
        place.put("gate.jsonl", "{\n")
    apart: list[str] = []
    monkeypatch.setattr(place.store.last, "set_apart", apart.append)
    made = learned_hiding(place.site, entries, place.store, place.failing)
    assert made.withholds("content/gate.jsonl") == (fails != "nothing")
    assert place.failing.doubted == set(apart) == ({"content/gate.jsonl"} if fails != "nothing" else set())
    # What was set apart before the build is not set apart again.
    learned_hiding(place.site, entries, place.store, place.failing)
    assert len(apart) == len(place.failing.doubted)


def test_an_earlier_failure_of_a_dump_is_forgotten(place: Place) -> None:
    place.settings("pseudonyms = true")
    entries = place.entries
    entries[0].dump.failures.append(UsageError("before"))
    place.hiding(entries=entries)
    assert place.failing.doubted == set()


def test_what_is_named_is_hidden_and_so_is_what_earlier_versions_read_of_it(place: Place) -> None:
    made = place.hiding(RedactionRule(post="p-2", thread="gate"))
    assert made.redactor
    two, one, other = Former("gate", "p-2", ""), Former("gate", "p-1", ""), Former("mill", "p-2", "")
    assert [made.names(each) for each in (two, one, other)] == [True, False, False]
    assert [made.hides(each) for each in (two, one, other)] == [True, False, False]
    made.redactor.hidden.formers.add(other)
    assert made.hides(other)
    assert not made.names(other)
    by_card = Hiding(None, None, replace(NOTHING, places={("gate", "p-1"): Correction()}))
    assert [by_card.names(each) for each in (two, one)] == [False, True]
    assert [by_card.hides(each) for each in (two, one)] == [False, True]


def test_a_rule_that_hides_nothing_is_a_problem(place: Place) -> None:
    assert [*place.hiding(RedactionRule(post="p-2", thread="gate")).problems()] == []
    (problem,) = place.hiding(RedactionRule(post="p-9", thread="gate")).problems()
    assert problem.code == "unused-rule"


def test_what_is_hidden_of_a_dump_is_noted_while_it_can_be_read(place: Place) -> None:
    made = place.hiding(BEDE)
    note_learnt(made, place.entries, place.store, place.failing)
    noted = place.store.last.learnt("content/gate.jsonl")
    assert SECRET in {each.text for each in noted}
    # One that fails keeps what is known of it.
    place.failing.dumps.add("content/gate.jsonl")
    nothing = Hiding(Redactor([], b"k"), None, NOTHING)
    note_learnt(nothing, place.entries, place.store, place.failing)
    assert place.store.last.learnt("content/gate.jsonl") == noted
    # So does every one where nothing is hidden now.
    place.failing.dumps.clear()
    note_learnt(Hiding(None, None, NOTHING), place.entries, place.store, place.failing)
    assert place.store.last.learnt("content/gate.jsonl") == noted
    note_learnt(nothing, place.entries, place.store, place.failing)
    assert place.store.last.learnt("content/gate.jsonl") == []
    assert place.store.last.pseudonyms == ""


def test_the_authors_of_a_dump_are_noted_with_the_key(place: Place) -> None:
    place.settings("pseudonyms = true")
    made = place.hiding(BEDE)
    assert made.pseudonyms
    note_learnt(made, place.entries, place.store, place.failing)
    names = {Learnt("", "name", name, "") for name in ("Ada Weir", "Zénobie Marchbanks")}
    noted = set(place.store.last.learnt("content/gate.jsonl"))
    assert names < noted
    assert all(each.kind != "name" for each in noted - names)
    assert place.store.last.pseudonyms == made.pseudonyms.key_digest
    # A dump that fails has the authors that it had.
    place.put("gate.jsonl", "{\n")
    assert place.hiding().authors == {"content/gate.jsonl": {"Ada Weir", "Zénobie Marchbanks"}}


def test_the_words_that_a_dump_had_are_hidden_while_it_fails(place: Place) -> None:
    place.put("weir.jsonl", [{**POSTS[0], "id": "7", "body": f"As she said: {SECRET}"}])
    note_learnt(place.hiding(BEDE), place.entries, place.store, place.failing)
    place.put("gate.jsonl", "{\n")
    made = place.hiding()
    assert made.withholds("content/gate.jsonl")
    assert "golden rings" not in place.shown(made)


def test_a_broken_dump_is_not_read_and_is_withheld(place: Place) -> None:
    broken = tuple(replace(entry, broken=True) for entry in place.entries)
    assert [*all_threads(broken, place.store, None)] == []
    made = place.hiding(BEDE, entries=broken)
    assert made.withholds("content/gate.jsonl")
    assert made.redactor
    assert not made.redactor.echoes.within(SECRET)


def test_words_that_another_says_outside_quotations_are_that_one_s(place: Place) -> None:
    own = "Whoever opens the upper gate at night shall pay for all the eels that are lost."
    place.put("gate.jsonl", [POSTS[0], {**POSTS[1], "body": f"> {own}\n\n{SECRET}", "dialect": "markdown"}])
    claimed = [{**POSTS[0], "id": "7", "body": own}]
    later = [{**POSTS[0], "id": "8", "author": "Cy", "created": "2025-01-01T09:00:00Z", "body": f"He said: {own}"}]
    place.put("weir.jsonl", later)
    made = place.hiding(BEDE)
    assert "shall pay" not in place.shown(made)
    place.put("mill.jsonl", claimed)
    assert "shall pay" in place.shown(place.hiding())


def test_a_card_withdraws_with_rules_and_without(place: Place) -> None:
    place.put("gate.toml", '[[correction]]\npost = "p-2"\nwithdrawn = "asked"\n')
    assert list(place.hiding().withdrawals.dumps) == ["content/gate.jsonl"]
    assert list(place.hiding(BEDE).withdrawals.dumps) == ["content/gate.jsonl"]
    lacked = (replace(place.entries[0], card=Card(correction=(Correction(post="p-1", withdrawn="asked"),))),)
    for rules in (True, False):
        if not rules:
            (place.root / "redactions.toml").unlink()
        plain = tuple(replace(entry, card=Card()) for entry in place.entries)
        made = learned_hiding(place.site, plain, place.store, place.failing, lacked)
        assert list(made.withdrawals.dumps) == ["content/gate.jsonl"]


def test_authors_are_read_by_the_layout_of_the_card(place: Place) -> None:
    place.settings("pseudonyms = true")
    place.put("odd.txt", "Ada Weir %%\nThe wheel turns.\nBede %%\nIt squeaks.\nCy %%\nWho pays?\n")
    place.put("odd.txt.toml", '[layout]\ntemplate = """\n{author} %%\n{body}\n"""\n')
    assert place.hiding().authors["content/odd.txt"] == {"Ada Weir", "Bede", "Cy"}
    assert place.failing.doubted == set()


def test_the_last_good_version_of_a_dump_that_fails_is_searched_by_new_rules(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.put("weir.jsonl", [{**POSTS[0], "id": "7", "body": f"As she said: {SECRET}"}])
    last = {dump: [("", "", thread)] for thread, dump in all_threads(place.entries, place.store, None)}
    monkeypatch.setattr(place.store.last, "threads", last.__getitem__)
    place.put("gate.jsonl", "{\n")
    assert "golden rings" in place.shown(place.hiding())
    assert "golden rings" not in place.shown(place.hiding(BEDE))


@pytest.mark.parametrize(
    ("card", "threads", "chosen"), [("mill", 1, True), ("mill", 2, False), (None, 1, False), (None, 2, False)]
)
def test_a_card_chooses_the_id_of_the_only_thread_of_a_dump(
    place: Place, card: str | None, threads: int, chosen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.put("gate.jsonl", [{**POSTS[0], "id": str(n), "thread": f"t{n}"} for n in range(threads)])
    entries = tuple(replace(entry, card=Card(id=card)) for entry in place.entries)
    given: list[bool] = []
    monkeypatch.setattr(place.store.published, "settle", lambda of, **how: given.append(how["chosen"]) or of)
    assert len([*all_threads(entries, place.store, None)]) == threads
    assert given == [chosen] * threads
