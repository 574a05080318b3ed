"""A dump that something else was written over fails, and its debates stay; what is still the same debate is read."""

from __future__ import annotations

import json
import shutil
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from rostra.build import overwritten
from rostra.build.overwritten import recogniser, unless_overwritten, with_former_dumps
from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.errors import UnreadableDump
from rostra.identity.ledger import HASHES, READING, Traits, digests_of, hashes, traits
from rostra.identity.post_matching import ALIKE
from rostra.ingest.sources import gather
from rostra.model import Author, RawPost, RawThread, Source, Thread
from rostra.output.report import BuildReport
from rostra.readers import Dump
from rostra.threads.assemble import assemble

LONG = "the miller of the upper gate has never asked anybody who lives below it before he opens it in spring"
OTHER = "checking whether the site connection is secure this can take some seconds so please wait and reload the page"


def thread(body: str, *, id: str = "gate", native_id: str | None = None, **more: Any) -> Thread:
    raw = RawThread(posts=(RawPost(key="1", body=body, **more),), title="", native_id=native_id)
    return assemble(raw, id=id, title="Gate", source=Source(path="x.txt", format="text", sha256=""))


def of(body: str, **more: Any) -> Traits:
    return traits(thread(body, **more).posts[0])


LACKS = Traits("", "", "", "", "")


@pytest.mark.parametrize(
    ("known", "read", "same"),
    [
        (of(LONG), thread(LONG), True),
        (of(LONG), thread(OTHER), False),
        (of(LONG), thread(""), False),
        # Edited, but by the same author, or with the id that it had.
        (of(LONG, author=Author(name="ada")), thread(OTHER, author=Author(name="ada")), True),
        (of(LONG, author=Author(name="ada")), thread(OTHER, author=Author(name="bede")), False),
        (of(LONG, native_id="7"), thread(OTHER, native_id=None), False),
        # Under another name, as with pseudonyms.
        (of(LONG, author=Author(name="ada")), thread(LONG, author=Author(name="bede")), True),
        (of("who did it", author=Author(name="ada")), thread("who did it", author=Author(name="bede")), True),
    ],
)
def test_a_thread_is_recognised_by_any_trait_of_a_post(known: Traits, read: Thread, same: bool) -> None:
    is_same = recogniser([known, LACKS], [])
    assert is_same is not None
    assert is_same(read) == same


def test_one_post_of_several_is_enough() -> None:
    raw = RawThread(posts=tuple(RawPost(key=body, body=body) for body in (OTHER, LONG)), title="", native_id=None)
    is_same = recogniser([of(LONG)], [])
    assert is_same is not None
    assert is_same(assemble(raw, id="gate", title="", source=Source(path="x", format="text", sha256="")))


def test_a_post_is_recognised_by_its_id_in_the_source() -> None:
    raw = RawThread(posts=(RawPost(key="1", native_id="7", body=OTHER),), title="", native_id=None)
    read = assemble(raw, id="gate", title="", source=Source(path="x", format="posts", sha256=""))
    for native, same in (("7", True), ("8", False)):
        is_same = recogniser([replace(LACKS, native=digests_of(RawPost(key="", native_id=native, body=""))[0])], [])
        assert is_same is not None
        assert is_same(read) == same


def test_a_corrected_post_is_recognised_by_half_of_its_sketch() -> None:
    ours, theirs = of(LONG).sketch, of(OTHER).sketch
    assert len(hashes(ours)) == HASHES
    for kept, same in ((ALIKE, True), (ALIKE - 1, False)):
        is_same = recogniser([replace(LACKS, sketch=ours[: kept * 3] + theirs[kept * 3 :])], [])
        assert is_same is not None
        assert is_same(thread(LONG)) == same


@pytest.mark.parametrize(
    ("native_id", "names", "same"), [("7", ["gate"], True), ("7", ["weir"], False), (None, ["gate"], False)]
)
def test_a_debate_that_its_source_names_is_recognised_by_its_name(
    native_id: str | None, names: list[str], same: bool
) -> None:
    """As the second page of a topic that is saved over the first; the id of other debates is the dump's name."""
    is_same = recogniser([of(LONG)], names)
    assert is_same is not None
    assert is_same(thread(OTHER, native_id=native_id)) == same


@pytest.mark.parametrize(
    ("known", "judged"),
    [
        ([], False),
        ([of("who opened it")], False),
        ([of("who opened it"), of("nobody did that")], True),
        ([of(LONG)], True),
        ([replace(LACKS, native="abcdefghij")], True),
    ],
)
def test_one_brief_post_may_be_corrected_as_a_whole(known: list[Traits], judged: bool) -> None:
    assert (recogniser(known, []) is not None) == judged


@pytest.mark.parametrize(("ids", "taken"), [("", 0), ("k", 1), ("kab", 1), ("aka", 2), ("abk", 3)])
def test_nothing_is_given_before_something_is_recognised(monkeypatch: pytest.MonkeyPatch, ids: str, taken: int) -> None:
    asked = list[str]()
    monkeypatch.setattr(overwritten, "_comparison", lambda of, *_: asked.append(of) or (lambda each: each.id == "k"))
    read = list[str]()
    threads = (read.append(id) or thread(LONG, id=id) for id in ids)  # type: ignore[func-returns-value]  # it notes what is read
    given = unless_overwritten(threads, SimpleNamespace(), (), SimpleNamespace())  # type: ignore[arg-type]  # not asked
    first = next(given, None)
    assert (first and first.id) == (ids[0] if ids else None)
    assert len(read) == taken
    assert "".join(each.id for each in given) == ids[1:]
    assert asked == ["text"] * bool(ids)


@pytest.mark.parametrize("renamed", [False, True])
def test_what_nobody_recognises_is_given_if_the_dump_has_another_name(
    monkeypatch: pytest.MonkeyPatch, renamed: bool
) -> None:
    monkeypatch.setattr(overwritten, "_comparison", lambda *_: lambda _: False)
    monkeypatch.setattr(overwritten, "_is_renamed", lambda *_: renamed)
    entry: Any = SimpleNamespace(dump=Dump(Path("x.txt"), "content/x.txt"))
    found = list[str]()
    with nullcontext() if renamed else pytest.raises(UnreadableDump, match="read as 'text'") as raised:
        found += (each.id for each in unless_overwritten([thread(LONG, id=id) for id in "ab"], entry, (), entry))
    assert found == (["a", "b"] if renamed else [])
    assert renamed or raised.value.path == "content/x.txt"


def stored(digest: str | None, version: int, reason: str | None = None) -> Any:
    """A store that knows a published debate of each dump, and by which version of the readers it was read."""
    last = SimpleNamespace(digest=digest) if digest else None
    debates = SimpleNamespace(of_dump=lambda _: ["gate"], reason=lambda _: reason, names_of=lambda _: {"gate"})
    return SimpleNamespace(
        last=SimpleNamespace(reading=lambda _: last),
        lend=lambda _: version,
        known=lambda _: {},
        published=SimpleNamespace(debates=debates, posts=SimpleNamespace(last=lambda _: [of(LONG)])),
    )


def dump(digest: str = "now", *, broken: bool = False) -> Any:
    """A dump of a site, as far as it is asked."""
    return SimpleNamespace(dump=SimpleNamespace(name="content/x.txt", sha256=digest, path=Path("x.txt")), broken=broken)


@pytest.mark.parametrize(
    ("digest", "version", "compared"),
    [
        ("then", READING, True),
        (None, READING, True),
        ("now", READING, False),
        # What an earlier version read is searched in the dump otherwise.
        ("then", READING - 1, False),
    ],
)
def test_a_dump_is_compared_if_it_changed_and_these_readers_read_it_before(
    digest: str | None, version: int, compared: bool
) -> None:
    given = unless_overwritten([thread(OTHER)], dump(), (), stored(digest, version))
    with pytest.raises(UnreadableDump) if compared else nullcontext():
        assert [each.id for each in given] == ["gate"]


@pytest.mark.parametrize(
    ("format", "before", "compared"),
    [
        ("mail", None, False),
        ("mail", "mail", False),
        ("mail", "text", True),
        ("a format of a lost plug-in", None, True),
    ],
)
def test_a_dump_of_many_debates_is_compared_if_it_had_another_format(
    format: str, before: str | None, compared: bool
) -> None:
    store = stored("then", READING)
    store.known = lambda _: {"gate": 1} if before else {}
    store.thread = lambda _: SimpleNamespace(source=SimpleNamespace(format=before))
    read = thread(OTHER)
    given = unless_overwritten([replace(read, source=replace(read.source, format=format))], dump(), (), store)
    with pytest.raises(UnreadableDump) if compared else nullcontext():
        assert [each.id for each in given] == ["gate"]


def test_a_withdrawn_debate_is_not_compared() -> None:
    given = unless_overwritten([thread(OTHER)], dump(), (), stored("then", READING, "at the request of all"))
    assert [each.id for each in given] == ["gate"]


@pytest.mark.parametrize(
    ("last", "digest", "broken", "renamed"),
    [
        ("then", "then", False, True),
        ("then", "then", True, False),
        ("then", "now", False, False),
        (None, "", False, False),
    ],
)
def test_a_dump_has_another_name_if_a_sound_one_is_what_it_was(
    last: str | None, digest: str, broken: bool, renamed: bool
) -> None:
    others = [dump(digest, broken=broken)]
    given = unless_overwritten([thread(OTHER)], dump(), others, stored(last, READING))
    with nullcontext() if renamed else pytest.raises(UnreadableDump):
        assert [each.id for each in given] == ["gate"]


def test_a_page_that_was_a_dump_keeps_to_the_settings_of_dumps(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/b.md").write_text("Words.")
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n[limits]\npost = 1\n[[leave_out]]\nsender = "a@*"\n')
    site = load_site(tmp_path)
    sources = with_former_dumps(gather(site), site, stored(None, READING))
    (dump,) = (entry.dump for entry in sources.entries)
    assert (dump.name, dump.limits, dump.rules) == ("content/b.md", site.settings.limits, site.settings.leave_out)
    assert sources.prose == ()


GATE = "Who opened the upper gate last night?\n\n    • bede\n    2 years ago\n\n    The miller did, as he does every spring.\n"
PAGE = "<!DOCTYPE html><html><head><title>502</title></head><body><h1>502 Bad Gateway</h1><p>nginx</p></body></html>"
HAND = (
    "# Gate\n\n## [1] ada, 2024-03-04 09:00 UTC\n\nWho opened the upper gate?\n\n## [2] bede\n\nThe miller opened it.\n"
)
LINES = "".join(
    json.dumps({"id": n, "author": f"a{n}", "body": f"What number {n} says of the gate."}) + "\n" for n in "12"
)


def mail(*numbers: int) -> str:
    return "".join(
        f"From a@x.example Mon Mar  4 09:00:00 2024\nFrom: Ada <a@x.example>\nDate: Mon, 4 Mar 2024 09:00:0{n} +0000\nSubject: S{n}\nMessage-ID: <{n}@x.example>\n\nWhat letter {n} says.\n\n"
        for n in numbers
    )


def put(root: Path, **files: str) -> BuildReport:
    (root / "content").mkdir(exist_ok=True)
    (root / "rostra.toml").write_text('title = "Mill"\n')
    for name, text in files.items():
        (root / "content" / name.replace("__", ".")).write_text(text)
    return build(load_site(root))


def failed(report: BuildReport) -> list[str | None]:
    return [failure.path for failure in report.failures]


def test_what_was_written_over_fails_and_stays_as_it_was(tmp_path: Path) -> None:
    """Whatever reads it now; also on a machine that has only the ledger, and where another dump has the debate too."""
    assert put(tmp_path, a__txt=GATE, b__md=HAND, c__jsonl=LINES, d__mbox=mail(1, 2)).failures == ()
    debates = sorted(path.parent for path in (tmp_path / "public/debates").glob("*/thread.json"))
    before = {path: (path / "thread.json").read_bytes() for path in debates}
    names = [f"content/{name}" for name in ("a.txt", "b.md", "c.jsonl", "d.mbox")]
    for error in (PAGE, '{"error": "not found", "message": "no such thing"}', "Too many requests, try again later.\n"):
        report = put(tmp_path, a__txt=error, b__md=error, c__jsonl=error, d__mbox=error)
        assert failed(report) == names
        assert report.kept == tuple(f"debates/{path.name}" for path in debates)
        assert {path: (path / "thread.json").read_bytes() for path in debates} == before
    assert not (tmp_path / "public/b.html").exists()
    assert {failure.message for failure in report.failures} == {
        "nothing that was published from it is in it, read as 'text'"
    }
    assert all("rename the dump" in (failure.hint or "") for failure in report.failures)
    assert "begin it with two lines of +++" in (report.failures[1].hint or "")
    assert "two lines" not in (report.failures[0].hint or "")
    shutil.rmtree(tmp_path / ".rostra")
    again = put(tmp_path)
    assert failed(again) == names
    assert put(tmp_path, a__txt=GATE, b__md=HAND, c__jsonl=LINES, d__mbox=mail(1, 2)).failures == ()
    assert {path: (path / "thread.json").read_bytes() for path in debates} == before


def test_what_is_meant_is_built(tmp_path: Path) -> None:
    assert put(tmp_path, a__txt=GATE, b__md=HAND, c__jsonl=LINES, d__mbox=mail(1, 2)).failures == ()
    # The mail of the next month, the debate in another format, a page of the publisher.
    moved = "# Gate\n\n## [1] ada, 2024-03-04 09:00 UTC\n\nWhat number 2 says of the gate.\n"
    assert put(tmp_path, d__mbox=mail(3, 4), c__jsonl=moved, b__md=f"+++\n+++\n{PAGE}", e__md="Words.").failures == ()
    assert (tmp_path / "public/b.html").is_file()
    assert (tmp_path / "public/e.html").is_file()
    # The dump has another name, and its own name another debate.
    (tmp_path / "content/a.txt").rename(tmp_path / "content/z.txt")
    assert put(tmp_path, a__txt=OTHER).failures == ()


def test_a_withdrawn_debate_and_one_that_was_removed_are_not_missed(tmp_path: Path) -> None:
    assert put(tmp_path, a__txt=GATE, b__md=HAND).failures == ()
    (tmp_path / "content/b.md").unlink()
    assert put(tmp_path, a__toml='withdrawn = "at the request of all"\n').failures == ()
    assert put(tmp_path, a__txt=OTHER, b__md=PAGE).failures == ()
