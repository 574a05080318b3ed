"""The file of redaction rules: what it may say, and how rules are added to it and removed."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from rostra.config.redaction_rules import (
    RULES,
    RedactionRule,
    append_rule,
    file_at,
    post_at,
    read_rules,
    remove_rule,
    rule_lines,
    validate_rule,
)
from rostra.config.site import Site, load_site
from rostra.errors import UsageError


def site(root: Path, rules: str | None = None) -> Site:
    (root / "content").mkdir(exist_ok=True)
    (root / "rostra.toml").write_text('title = "Mill"\n')
    if rules is not None:
        (root / RULES).write_text(rules)
    return load_site(root)


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        (RedactionRule(person="Bede"), None),
        (RedactionRule(person="Bede", also=("Beda",)), None),
        (RedactionRule(address="12 Mill Lane"), None),
        (RedactionRule(post="p-1"), None),
        (RedactionRule(post="p-1", passage="the gate"), None),
        (RedactionRule(file="0123456789abcdef" * 4), None),
        (RedactionRule(file="a" * 63), "is no digest of a file"),
        (RedactionRule(file="a" * 65), "is no digest of a file"),
        (RedactionRule(file="A" * 64), "is no digest of a file"),
        (RedactionRule(file=f"media/aa/{'a' * 64}.jpg"), "is no digest of a file"),
        (RedactionRule(file=""), "names no person"),
        (RedactionRule(file="a" * 64, person="Bede"), "names no person"),
        (RedactionRule(), "names no person"),
        (RedactionRule(person=""), "names no person"),
        (RedactionRule(address=" \t"), "names no person"),
        (RedactionRule(person="Bede", address="12 Mill Lane"), "names no person"),
        (RedactionRule(person="Bede", post="p-1"), "names no person"),
        (RedactionRule(person="Bede", address=""), "names no person"),
        (RedactionRule(address="12 Mill Lane", post="p-1"), "names no person"),
        (RedactionRule(person="Bede", passage="the gate"), "needs its `post`"),
        (RedactionRule(person="Bede", passage=""), "needs its `post`"),
        (RedactionRule(post="p-1", passage=""), "is empty"),
        (RedactionRule(post="p-1", passage=" "), "is empty"),
        (RedactionRule(person="Bede", also=("Beda", " ")), "is empty"),
    ],
)
def test_a_rule_names_one_thing(tmp_path: Path, rule: RedactionRule, wrong: str | None) -> None:
    if wrong is None:
        validate_rule(rule)
        append_rule(site(tmp_path).root, rule)
        assert read_rules(load_site(tmp_path)) == (rule,)
        return
    with pytest.raises(UsageError, match=wrong) as raised:
        validate_rule(rule)
    assert (raised.value.path, bool(raised.value.hint)) == (RULES, True)
    with pytest.raises(UsageError, match=wrong):
        append_rule(tmp_path, rule)
    assert not (tmp_path / RULES).exists()


@pytest.mark.parametrize(
    "text",
    [
        '[[redact]]\nperson = "Bede"\nresaon = "asked"\n',
        'redacted = 1\n[[redact]]\nperson = "Bede"\n',
        "[[redact]\n",
    ],
)
def test_nothing_is_read_or_added_where_the_file_is_wrong(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        read_rules(site(tmp_path, text))
    with pytest.raises(UsageError):
        append_rule(tmp_path, RedactionRule(person="Cy"))
    assert (tmp_path / RULES).read_text() == text


def test_a_rule_of_the_file_that_names_nothing_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="names no person"):
        read_rules(site(tmp_path, '[[redact]]\nperson = " "\n'))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (RedactionRule(person="Bede"), "the person Bede"),
        (RedactionRule(person="Bede", also=("Beda", "B")), "the person Bede, Beda, B"),
        (RedactionRule(address="12 Mill Lane"), "the address 12 Mill Lane"),
        (RedactionRule(post="p-1"), "the post p-1"),
        (RedactionRule(post="p-1", thread="gate"), "the post gate#p-1"),
        (RedactionRule(post="p-1", thread="gate", passage="shut"), "“shut” in gate#p-1"),
        (RedactionRule(post="p-1", passage="shut"), "“shut” in p-1"),
    ],
)
def test_a_rule_says_what_it_hides(rule: RedactionRule, said: str) -> None:
    assert str(rule) == said


def test_rules_are_told_apart_by_what_they_name() -> None:
    one = RedactionRule(person="Bede")
    assert one.stamp == RedactionRule(person="Bede", also=("Beda",), reason="asked").stamp
    others = [
        RedactionRule(person="Beda"),
        RedactionRule(address="Bede"),
        RedactionRule(post="Bede"),
        RedactionRule(post="Bede", thread="gate"),
        RedactionRule(post="Bede", passage="gate"),
    ]
    assert len({each.stamp for each in (one, *others)}) == 6


def test_rules_are_added_below_what_the_file_says(tmp_path: Path) -> None:
    root = site(tmp_path).root
    assert read_rules(load_site(tmp_path)) == ()
    first = RedactionRule(person="B “\\\ne", also=("Beda", "B"), reason="as\tasked")
    second = RedactionRule(post="p-1", thread="gate", passage="the gate")
    assert append_rule(root, first) == root / RULES
    assert (root / RULES).read_text().startswith("[[redact]]\nperson = ")
    assert "“" in (root / RULES).read_text()
    (root / RULES).write_text((root / RULES).read_text() + "# The end.\n\n\n")
    append_rule(root, second)
    assert read_rules(load_site(tmp_path)) == (first, second)
    assert (
        '\n# The end.\n\n[[redact]]\npost = "p-1"\nthread = "gate"\npassage = "the gate"\n'
        in (root / RULES).read_text()
    )
    assert rule_lines(load_site(tmp_path), 2) == (1, 7)


def test_each_rule_has_its_line_unless_that_is_ambiguous(tmp_path: Path) -> None:
    two = site(tmp_path, '\n [[ redact ]] # one\nperson = "Bede"\n[[redact]]\nperson = "Cy"\n[[redact]] x\n')
    assert rule_lines(two, 2) == (2, 4)
    assert rule_lines(two, 1) == (None,)
    assert rule_lines(two, 3) == (None, None, None)


FILE = """\
# Of all.

[[redact]]
person = "Bede"
# In the rule.
reason = "asked"

# Of the second.
[[redact]]
person = "Cy"

# Of the third.
  [[redact]]
person = "Dot"
# The end.
"""


@pytest.mark.parametrize(
    ("number", "gone"),
    [
        (1, '[[redact]]\nperson = "Bede"\n# In the rule.\nreason = "asked"\n\n'),
        (2, '[[redact]]\nperson = "Cy"\n'),
        (3, '  [[redact]]\nperson = "Dot"\n'),
    ],
)
def test_a_rule_is_removed_and_remarks_stay(tmp_path: Path, number: int, gone: str) -> None:
    here = site(tmp_path, FILE)
    rules = read_rules(here)
    assert remove_rule(here, number) == rules[number - 1]
    # One empty line is left.
    assert (tmp_path / RULES).read_text() == FILE.replace(gone, "\n" if number == 3 else "")
    assert read_rules(here) == rules[: number - 1] + rules[number:]


@pytest.mark.parametrize("number", [0, 4, -1])
def test_a_number_of_no_rule_removes_nothing(tmp_path: Path, number: int) -> None:
    here = site(tmp_path, FILE)
    with pytest.raises(UsageError, match=f"no rule {number}") as raised:
        remove_rule(here, number)
    assert (raised.value.path, bool(raised.value.hint)) == (RULES, True)
    assert (tmp_path / RULES).read_text() == FILE


def test_the_file_goes_with_its_last_rule_unless_it_says_more(tmp_path: Path) -> None:
    here = site(tmp_path, '\n[[redact]]\nperson = "Bede"\n\n')
    remove_rule(here, 1)
    assert not (tmp_path / RULES).exists()
    here = site(tmp_path, '[[redact]]\nperson = "Bede"\n# More.')
    remove_rule(here, 1)
    assert (tmp_path / RULES).read_text() == "# More.\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('redact = [{ person = "Bede" }]\n', None),
        # The first line is within a text of the rule.
        ('redact = [{ person = """\n[[redact]]\nBede""" }]\n', 2),
    ],
)
def test_a_rule_whose_lines_are_not_known_is_left(tmp_path: Path, text: str, line: int | None) -> None:
    with pytest.raises(UsageError, match="cannot be identified") as raised:
        remove_rule(site(tmp_path, text), 1)
    assert (raised.value.path, raised.value.line, raised.value.hint) == (RULES, line, "delete it by hand")
    assert (tmp_path / RULES).read_text() == text


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("gate#p-1", ("gate", "p-1")),
        ("debates/gate/#p-1", ("gate", "p-1")),
        ("https://mill.example/x/debates/gate/#p-1", ("gate", "p-1")),
        ("https://mill.example/debates/gate/index.html#p-1", ("gate", "p-1")),
        ("https://mill.example/debates/gate#p-1", ("gate", "p-1")),
        ("gate#p-12", "there is no post p-12 in 'gate'"),
        ("gate#p-", "is not a post"),
        ("gate#p-1x y", "is not a post"),
        ("weir#p-1", "there is no post p-1"),
        ("gate", "is not a post"),
        ("x/gate#p-1", "is not a post"),
        ("Gate#p-1", "is not a post"),
        ("gate/more#p-1", "is not a post"),
    ],
)
def test_a_post_is_named_by_its_address(tmp_path: Path, where: str, found: object) -> None:
    here = site(tmp_path)
    page = here.output / "debates/gate/index.html"
    page.parent.mkdir(parents=True)
    page.write_text('<article id="p-1">é</article>', encoding="utf-8")
    if isinstance(found, tuple):
        assert post_at(here, where) == found
        return
    with pytest.raises(UsageError, match=str(found)) as raised:
        post_at(here, where)
    assert raised.value.hint


PICTURE = "0123456789abcdef" * 4


def test_a_file_is_named_by_the_beginning_of_its_digest() -> None:
    assert str(RedactionRule(file=PICTURE)) == "the file 0123456789ab…"
    assert str(RedactionRule(person="Bede")) == "the person Bede"
    # What is no digest may be as long as anything.
    with pytest.raises(UsageError) as raised:
        validate_rule(RedactionRule(file="x" * 81))
    assert raised.value.message == f"{'x' * 80!r} is no digest of a file"
    assert "64 digits" in (raised.value.hint or "")


@pytest.mark.parametrize(
    "where",
    [f"media/01/{PICTURE}.jpg", f"https://mill.example/archive/media/01/{PICTURE}.jpg", f"/media/01/{PICTURE}-640.jpg", f"../media/01/{PICTURE}.avif"],
)  # fmt: skip
def test_a_file_of_the_site_is_found_by_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    built = site(tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "public/media/01").mkdir(parents=True)
    for other in ("f" * 64, PICTURE[:-1] + "0"):
        (tmp_path / f"public/media/01/{other}.jpg").write_bytes(b"x")
    # An address is one of this site, though a file of that name is here.
    if "://" not in where and ".." not in where and not where.startswith("/"):
        (tmp_path / where).parent.mkdir(parents=True)
        (tmp_path / where).write_bytes(b"x")
    with pytest.raises(UsageError, match="there is no file") as raised:
        file_at(built, where)
    assert "build the site first" in (raised.value.hint or "")
    (tmp_path / f"public/media/01/{PICTURE}.jpg").write_bytes(b"x")
    assert file_at(built, where) == PICTURE


def test_an_original_is_found_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = site(tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gate.jpg").write_bytes(b"gate")
    assert file_at(built, "gate.jpg") == file_at(built, str(tmp_path / "gate.jpg")) == sha256(b"gate").hexdigest()
    (tmp_path / f"media/01/{PICTURE}.jpg").mkdir(parents=True)
    for where in ("weir.jpg", str(tmp_path), f"media/02/{PICTURE}", "media/01", f"media/01/{PICTURE}.jpg"):
        with pytest.raises(UsageError, match="there is no file"):
            file_at(built, where)
