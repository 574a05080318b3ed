"""Which dumps changed, what else is read because of them, and what is read of one that grew."""

from __future__ import annotations

import sqlite3
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from rostra.config.cards import Card
from rostra.config.site import Site, load_site
from rostra.errors import RostraError
from rostra.ingest import changes
from rostra.ingest.sources import DumpEntry
from rostra.model import Join
from rostra.readers import Dump

OLD = 10**18
"""A time long before now, in nanoseconds."""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    return load_site(tmp_path)


def hiding(**more: Any) -> Any:
    none = SimpleNamespace(dumps={}, near={})
    return SimpleNamespace(**{"stamp": "", "redactor": None, "withdrawals": none, **more})


def entry(site: Site, name: str = "a", text: str | None = "The gate.", **more: Any) -> DumpEntry:
    path = site.root / "content" / name
    if text is not None:
        path.write_text(text)
    return DumpEntry(Dump(path, name), **{"card": Card(), **more})


class Tails:
    """What is known of dumps' digests, and how they are read."""

    def __init__(self, *readings: Any) -> None:
        self.known = dict[tuple[str, str], str]()
        self.readings = iter(readings)
        self.taken = list[Any]()
        self.asked = list[tuple[str, str | None, bool]]()

    def digest(self, dump: str, described: str) -> str | None:
        return self.known.get((dump, described))

    def note_digest(self, dump: str, described: str, digest: str) -> None:
        self.known[dump, described] = digest

    def reading(self, dump: Dump, format: str | None, *, grown: bool = False) -> Any:
        self.asked.append((dump.name, format, grown))
        answer = next(self.readings)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def take(self, reading: Any) -> None:
        self.taken.append(reading)


class Reading:
    """How a dump is read; ``context`` is what it was read with."""

    def __init__(self, context: str = "", stale: set[str] = frozenset(), *, is_growth: bool = True) -> None:  # type: ignore[assignment]  # empty
        self.context, self.is_growth = context, is_growth
        self._stale, self.all = stale, False

    def stale(self) -> set[str]:
        return set(self._stale)

    def read_all(self) -> None:
        self.all = True


def joined(site: Site, *entries: DumpEntry, tails: Tails, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the joining of dumps is asked."""
    asked = list[Any]()
    monkeypatch.setattr(changes, "join_dumps", lambda *of: asked.append(of))
    store: Any = SimpleNamespace(tails=tails, lend=lambda use: use("base"))
    changes.join(site, entries, store, "workers")  # type: ignore[arg-type]  # nobody looks at them
    return asked


def test_all_dumps_are_joined_but_those_that_are_broken(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = entry(site), entry(site, "b", None, card=Card(title="B"), broken=True)
    tails = Tails()
    ((dumps, given, base, by, workers, broken),) = joined(site, one, two, tails=tails, monkeypatch=monkeypatch)
    assert dumps == [(one.dump, one.card), (two.dump, two.card)]
    assert (given, base, by, workers, broken) == (site.settings, "base", tails, "workers", {"b"})


def test_a_digest_is_noted_once_a_dump_has_settled_and_used_while_it_stays(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0]
    monkeypatch.setattr(changes, "disk_clock", lambda folder: clock[0] if folder == site.cache else None)
    it, tails = entry(site), Tails()
    joined(site, it, tails=tails, monkeypatch=monkeypatch)
    assert not tails.known
    clock[0] = OLD * 9
    joined(site, it, tails=tails, monkeypatch=monkeypatch)
    assert list(tails.known.values()) == [sha256(b"The gate.").hexdigest()]
    # It is used as it is known.
    tails.known = dict.fromkeys(tails.known, "known")
    again = entry(site, text=None)
    joined(site, again, tails=tails, monkeypatch=monkeypatch)
    assert again.dump.sha256 == "known"
    changed = entry(site, text="The weir was opened.")
    joined(site, changed, tails=tails, monkeypatch=monkeypatch)
    assert changed.dump.sha256 == sha256(b"The weir was opened.").hexdigest()


def test_every_file_of_a_folder_counts_and_the_archive_as_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "disk_clock", lambda _: OLD * 9)
    looked = list[list[str]]()
    look = changes.Look
    monkeypatch.setattr(changes, "Look", lambda paths: looked.append(list(paths)) or look(looked[-1]))
    folder = site.root / "content/folder"
    folder.mkdir()
    for name in ("x.json", "y.json"):
        (folder / name).write_text("{}")
    joined(site, DumpEntry(Dump(folder, "folder"), Card()), tails=Tails(), monkeypatch=monkeypatch)
    assert looked == [[str(folder), str(folder / "x.json"), str(folder / "y.json")]]
    archived = entry(site)
    archived.dump.archive = SimpleNamespace(within=lambda: pytest.fail("unpacked"))  # type: ignore[assignment]  # not read
    joined(site, archived, tails=Tails(), monkeypatch=monkeypatch)
    assert looked[1:] == [[str(archived.dump.path)]]


def test_a_dump_that_cannot_be_opened_or_is_broken_has_no_digest_and_the_others_have(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "disk_clock", lambda _: OLD * 9)
    gone, broken, sound = entry(site, "gone", None), entry(site, "b", broken=True), entry(site, "c")
    tails = Tails()
    joined(site, gone, broken, sound, tails=tails, monkeypatch=monkeypatch)
    assert {name for name, _ in tails.known} == {"c"}
    keys = changes.dump_keys(site, (gone, broken, sound), hiding())
    assert keys["gone"] == keys["b"] == ""
    assert keys["c"]
    # So it is where the disk fails after all.
    sound.dump.is_known("x")
    monkeypatch.setattr(changes, "context", lambda *_: (_ for _ in ()).throw(OSError))
    assert changes.dump_keys(site, (sound,), hiding()) == {"c": ""}


def key(site: Site, it: DumpEntry, **given: Any) -> str:
    return changes.dump_keys(site, (it,), hiding(**given))["a"]


def test_a_key_is_another_where_the_dump_its_joins_or_what_it_is_read_with_are(site: Site) -> None:
    it = entry(site)
    same = key(site, it)
    assert key(site, entry(site, text=None)) == same
    keys = [same, key(site, entry(site, text="Another gate."))]
    entry(site)
    for joins in ({"1": Join(parent="2", by="x")}, {"1": Join(parent="3", by="x")}):
        it = entry(site)
        it.dump.joins = joins
        keys.append(key(site, it))
    it = entry(site)
    assert key(site, it) == same
    keys.append(key(site, entry(site, card=Card(title="B"))))
    keys.append(key(site, entry(site, card_path=site.root / "content/a.toml")))
    keys.append(key(site, entry(site, card_path=site.root / "content/b.toml")))
    keys.append(key(site, entry(site, distinct=True)))
    keys.append(key(site, it, stamp="x"))
    keys.append(key(site, it, redactor=SimpleNamespace(withheld=set())))
    keys.append(key(site, it, redactor=SimpleNamespace(withheld={"p"})))
    keys.append(key(site, it, withdrawals=SimpleNamespace(dumps={"a": 1}, near={})))
    keys.append(key(site, it, withdrawals=SimpleNamespace(dumps={}, near={"a": 1})))
    settings = site.settings
    others = [
        replace(settings, publish_addresses=not settings.publish_addresses),
        replace(settings, limits=replace(settings.limits, text=1)),
        replace(settings, leave_out=("a rule",)),  # type: ignore[arg-type]  # only that it differs counts
        replace(settings, infer_replies=not settings.infer_replies),
        replace(settings, join_dumps=not settings.join_dumps),
    ]
    keys += (key(replace(site, settings=other), it) for other in others)
    assert len({*keys}) == len(keys)
    # What is withdrawn of another dump, and in which order something is withheld, changes nothing.
    assert key(site, it, withdrawals=SimpleNamespace(dumps={"b": 1}, near={"b": 2})) == same
    assert key(site, it, redactor=SimpleNamespace(withheld=["q", "p"])) == key(
        site, it, redactor=SimpleNamespace(withheld=["p", "q"])
    )


def test_a_card_is_named_as_in_messages_wherever_the_build_runs(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = changes.context(site, entry(site), hiding())
    monkeypatch.chdir(tmp_path)
    assert changes.context(site, entry(site), hiding()) == without
    said = changes.context(site, entry(site, card_path=site.root / "content/a.toml"), hiding())
    assert "'content/a.toml'" in said
    assert str(site.root) not in said


def test_a_name_that_is_no_text_has_a_key(site: Site) -> None:
    assert key(site, entry(site, card=Card(title="\ud800")))


class Store:
    """The dumps in a store, each with its key, and the debates that dumps share."""

    def __init__(self, keys: dict[str, str], shared: dict[str, set[str]], beside: dict[str, set[str]]) -> None:
        self.keys, self._shared = keys, shared
        self.parts: Any = SimpleNamespace(dumps=lambda: list(keys), shared=self.shared, forget=self.forget)
        self.published = SimpleNamespace(dumps_beside=lambda dump: beside.get(dump, set()))
        self.unheld, self.dropped = list[str](), list[str]()

    def holds(self, dump: str, key: str) -> bool:
        return self.keys.get(dump) == key

    def dumps(self) -> list[str]:
        return list(self.keys)

    def unhold(self, dump: str) -> None:
        self.unheld.append(dump)

    def drop(self, debate: str) -> None:
        self.dropped.append(debate)

    def shared(self, dump: str) -> list[str]:
        return sorted(debate for debate, of in self._shared.items() if dump in of)

    def forget(self, debate: str) -> list[str]:
        return sorted(self._shared.pop(debate))


def test_what_shares_a_debate_with_a_changed_dump_is_read_and_what_that_shares(site: Site) -> None:
    shared = {"x": {"a", "b"}, "y": {"b", "c"}, "z": {"d", "e"}}
    store: Any = Store({name: name for name in "abcde"}, shared, {"b": {"e"}})
    keys = {name: name for name in "abcde"}
    assert changes.unhold_connected(store, keys) == set()
    assert changes.unhold_connected(store, keys | {"a": "other"}) == {"a", "b", "c"}
    assert sorted(set(store.unheld)) == ["a", "b", "c"]
    assert store.dropped == ["x", "y"]
    assert shared == {"z": {"d", "e"}}


def test_dumps_beside_one_that_is_gone_are_read_in_the_order_of_their_names(site: Site) -> None:
    names = [f"dump {n:02}" for n in range(40)]
    store: Any = Store({"gone": ""}, {}, {"gone": {*names}})
    changes.unhold_connected(store, dict.fromkeys(names, ""))
    assert [dump for dump in store.unheld if dump != "gone"] == names


def test_where_a_dump_is_gone_those_with_a_post_of_its_debates_are_read(site: Site) -> None:
    store: Any = Store({name: name for name in "abc"}, {"x": {"c", "d"}}, {"a": {"c"}, "b": {"b"}})
    assert changes.unhold_connected(store, {"b": "b", "c": "c"}) == {"a", "c", "d"}
    assert store.dropped == ["x"]
    # One that only the parts name is gone too; one that has no key for a failure is not.
    store = Store({}, {}, {"a": {"c"}, "b": {"d"}})
    store.parts.dumps = lambda: ["a", "b"]
    assert changes.unhold_connected(store, {"b": ""}) == {"a", "b", "c"}


def test_a_dump_that_only_the_store_has_is_gone(site: Site) -> None:
    store: Any = Store({"a": "a"}, {}, {"a": {"c"}})
    store.parts.dumps = list
    assert changes.unhold_connected(store, {"c": "c"}) == {"c"}
    assert changes.unhold_connected(store, {"a": "other"}) == set()


def grown(site: Site, it: DumpEntry, *readings: Any, held: bool = False, known: str = "xyz") -> dict[str, Any]:
    """What is read of a dump, as it is found for all of them."""
    store: Any = SimpleNamespace(
        tails=Tails(*readings),
        holds=lambda dump, key: (dump, key) == ("a", "key") and held,
        known=lambda dump: dict.fromkeys(known if dump == "a" else ""),
    )
    found = dict(changes.growths_of(site, (it,), store, hiding(), {"a": "key"}))
    assert store.tails.asked in ([], [("a", it.card.format, True)])
    return found


def test_of_a_dump_that_grew_the_debates_that_are_not_stale_are_kept(site: Site) -> None:
    it = entry(site, card=Card(format="mail"))
    reading = Reading(changes.context(site, it, hiding()), {"y"})
    assert grown(site, it, reading) == {"a": (reading, {"x", "z"})}
    assert grown(site, it, reading, held=True) == {}


def test_a_dump_is_read_whole_where_it_did_not_grow_or_is_read_in_another_way(site: Site) -> None:
    it = entry(site)
    same = changes.context(site, it, hiding())
    assert grown(site, it, None) == {}
    assert grown(site, it, Reading(same, is_growth=False)) == {}
    assert grown(site, it, Reading("other")) == {}
    assert grown(site, it, RostraError("It cannot be read.")) == {}
    assert grown(site, it, OSError()) == {}
    assert grown(site, it, ValueError()) == {}


def test_of_a_dump_that_is_not_read_or_whose_posts_are_counted_no_part_is_read(site: Site) -> None:
    for more in ({"broken": True}, {"card": Card(withdrawn="It was private.")}):
        it = entry(site, **more)
        assert grown(site, it, Reading(changes.context(site, it, hiding()))) == {}
    it = entry(site)
    it.dump.rules = ("a rule",)  # type: ignore[assignment]  # only whether there is one counts
    assert grown(site, it, Reading(changes.context(site, it, hiding()))) == {}


def test_one_dump_that_cannot_be_read_does_not_end_the_search(site: Site) -> None:
    names = "abcd"
    entries = [entry(site, name) for name in names]
    entries[0] = replace(entries[0], broken=True)
    same = changes.context(site, entries[3], hiding())
    store: Any = SimpleNamespace(
        tails=Tails(OSError(), None, Reading(same)), holds=lambda *_: False, known=lambda _: {"x": None}
    )
    found = changes.growths_of(site, tuple(entries), store, hiding(), dict.fromkeys(names, ""))
    assert [name for name, _ in found] == ["d"]


def read(it: DumpEntry, reading: Any, kept: set[str] | None, *taken: str) -> tuple[Any, set[str], Tails]:
    tails = Tails(reading)
    store: Any = SimpleNamespace(tails=tails)
    growths = {"a": (reading, kept)} if kept is not None else {}
    found, left = changes.reading_of(it, store, growths, dict.fromkeys(taken, ""))
    assert tails.asked == [("a", it.card.format, False)]
    return found, left, tails


def test_a_dump_without_records_is_read_by_its_reader(site: Site) -> None:
    assert read(entry(site), None, {"x", "y"})[:2] == (None, set())


def test_what_is_unchanged_is_kept_if_no_other_dump_has_it_and_there_are_several(site: Site) -> None:
    it = entry(site, card=Card(format="mail"))
    for kept, taken, expected in (
        ({"x", "y"}, (), {"x", "y"}),
        ({"x", "y"}, ("z",), {"x", "y"}),
        ({"x", "y"}, ("y",), set[str]()),
        ({"x"}, (), set[str]()),
        (set[str](), (), set[str]()),
        (None, (), set[str]()),
    ):
        reading = Reading()
        found, left, tails = read(it, reading, kept, *taken)
        assert found is reading
        assert left == expected
        assert left is not kept
        assert reading.all is not bool(expected)
        assert tails.taken == [reading]


def test_what_fails_while_records_are_found_is_the_failure_of_the_dump(site: Site) -> None:
    it = entry(site)
    for error in (RostraError("It cannot be read."), sqlite3.OperationalError("disk")):
        with pytest.raises(type(error)) as raised:
            read(it, error, None)
        assert raised.value is error
    with pytest.raises(RostraError, match="it breaks") as failed:
        read(it, ValueError("it breaks"), None)
    assert failed.value.path == "a"
    assert "finding the records in it" in str(failed.value)
