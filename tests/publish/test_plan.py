"""What publishing would change, and the mark of who published last."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from rostra.errors import RostraError
from rostra.output.manifest import MANIFEST
from rostra.publish import mark
from rostra.publish.difference import SHOWN, Difference, compare, listing, terminal_text
from rostra.publish.mark import MARK, PublishMark, decode_mark, encode_mark, refuse_older
from rostra.publish.plan import Plan, format_plan, make_plan, manifest_paths, plan_remarks, wanted_files

NONE = Plan(files=0, added=(), changed=(), removed=(), size=0)


def test_a_plan_says_what_is_new_differs_and_goes(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for path, size in (("b/new.html", 3), ("same.html", 5), ("else.css", 7)):
        (tmp_path / path).write_bytes(b"x" * size)
    old = {"same.html": "1", "else.css": "2", "b": "3", "a": "4"}
    new = {"same.html": "1", "else.css": "5", "b/new.html": "6", "CNAME": "7"}
    plan = make_plan(tmp_path, old, new, {"CNAME": b"mill.example"})
    assert plan == Plan(
        files=4, added=("CNAME", "b/new.html"), changed=("else.css",), removed=("a", "b"), size=3 + 7 + 12
    )
    assert plan.sent == ("CNAME", "b/new.html", "else.css")
    assert plan.in_the_way == ("b",)
    assert plan.pages(plan.sent) == ["b/new.html"]
    assert list(format_plan(plan)) == ["+ CNAME", "+ b/new.html", "~ else.css", "- a", "- b"]
    assert make_plan(tmp_path, new, new).nothing
    assert make_plan(tmp_path, {}, {"else.css": "5"}).size == 7


def test_what_is_sent_is_sorted_and_any_change_is_one() -> None:
    assert Plan(files=2, added=("z",), changed=("a",), removed=(), size=0).sent == ("a", "z")
    assert NONE.nothing
    for change in ({"added": ("a",)}, {"changed": ("a",)}, {"removed": ("a",)}):
        assert not Plan(**{"files": 0, "added": (), "changed": (), "removed": (), "size": 0, **change}).nothing  # type: ignore[arg-type]


def test_what_is_to_be_published_is_what_the_manifest_lists_and_itself(tmp_path: Path) -> None:
    said = f"{'0' * 64}  index.html\n".encode()
    (tmp_path / MANIFEST).write_bytes(said)
    assert wanted_files(tmp_path) == {"index.html": "0" * 64, MANIFEST: sha256(said).hexdigest()}
    assert manifest_paths(b"") == manifest_paths(b"\xff") == {}


def test_what_was_found_at_the_target_is_told_only_where_there_is_any() -> None:
    assert list(plan_remarks(NONE)) == []
    both = Plan(files=0, added=(), changed=(), removed=(), size=0, repaired=("a",), strange=("b",))
    sent, left = plan_remarks(both)
    assert sent.startswith("sent again")
    assert sent.endswith(": a")
    assert left.startswith("left alone")
    assert left.endswith(": b")


@pytest.mark.parametrize(
    ("published", "refused"),
    [
        ("1.2.3", False),
        ("1.2.2", False),
        ("0.9.9", False),
        ("1.2", False),
        ("1.2.3.9", False),
        ("1.2.3.dev4", False),
        ("", False),
        ("1.2.4", True),
        ("1.10.0", True),
        ("2", True),
    ],
)
def test_a_site_of_a_later_version_is_not_replaced(
    monkeypatch: pytest.MonkeyPatch, published: str, refused: bool
) -> None:
    monkeypatch.setattr(mark, "__version__", "1.2.3")
    if not refused:
        refuse_older(PublishMark(version=published))
        return
    with pytest.raises(RostraError, match=f"Rostra {published} published last, and this is 1.2.3") as raised:
        refuse_older(PublishMark(version=published))
    assert f"install Rostra {published} or later" in (raised.value.hint or "")


@pytest.mark.parametrize("content", [b"{}", b"", b'{"version": 1}', b"\xff\xfe", b'{"version": "\xff"}'])
def test_what_is_no_mark_is_refused(content: bytes) -> None:
    with pytest.raises(RostraError, match=f"{MARK} there is not as Rostra writes it") as raised:
        decode_mark(content)
    assert raised.value.hint


def test_a_mark_is_read_as_it_was_written_and_by_people() -> None:
    made = PublishMark(version="1.2.3", source="abc", unsure=("a", "b"))
    assert decode_mark(encode_mark(made)) == made
    assert encode_mark(PublishMark(version="1")) == b'{\n "version": "1",\n "source": null,\n "unsure": []\n}\n'


def test_a_difference_names_a_few_of_each_kind() -> None:
    names = [str(n) for n in range(SHOWN + 2)]
    assert listing(names[:SHOWN]) == "0, 1, 2, 3, 4"
    assert listing(names[: SHOWN + 1]) == "0, 1, 2, 3, 4 and 1 more"
    assert listing([*names, *names * 200]).endswith(" and 1,402 more")
    assert terminal_text("a Ünal") == "a Ünal"
    assert compare(dict.fromkeys(names, "1"), dict.fromkeys(reversed(names), "2")).changed == tuple(names)
    assert terminal_text("a\x1b[0m") == "a\\x1b[0m"
    found = compare({"c": "1", "b": "1", "a": "1", "x": "1"}, {"c": "2", "b": "2", "a": "1", "z": "1", "y": "1"})
    assert found == Difference(added=("y", "z"), changed=("b", "c"), removed=("x",))
    many = tuple(f"{n:02}" for n in range(40))
    old, new = dict.fromkeys(many, "1"), dict.fromkeys(many, "2")
    assert compare({}, new).added == compare(old, new).changed == compare(old, {}).removed == many
    assert str(found) == "2 added (y, z), 2 changed (b, c), 1 removed (x)"
    assert not Difference()
    for change in (Difference(added=("a",)), Difference(changed=("a",)), Difference(removed=("a",))):
        assert change
    assert str(Difference(removed=("x",))) == "1 removed (x)"
