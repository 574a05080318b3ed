"""The mark of the redaction rules in a ledger, and what is refused without the rules; without a build."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from rostra.config.site import LEDGER, Site, load_site
from rostra.errors import NotInLedger, UsageError
from rostra.identity import ledger_file
from rostra.identity.registry import Registry
from rostra.ingest.noted_redactions import note_rules
from rostra.output.journal import PART

RULE, OTHER = '[[redact]]\nperson = "zeus"\n', '[[redact]]\nperson = "bede"\n'
KEY = "ab" * 32


def opened(site: Site) -> Registry:
    base = sqlite3.connect(":memory:")
    base.executescript(ledger_file.TABLES)
    made = Registry(base, site.ledger)
    made.load()
    made.touched = False
    return made


def place(root: Path, rules: str | None, key: str | None = KEY, *, locked: bool = False) -> Site:
    """A site with these rules, and whatever its ledger says."""
    (root / "rostra.toml").write_text('title = "Mill"\n')
    for name, content in (("redactions.toml", rules), ("redactions.key", key)):
        (root / name).unlink(missing_ok=True)
        if content is not None:
            (root / name).write_text(content)
    return load_site(root, locked=locked)


def noted(site: Site) -> list[str]:
    """Note the rules and write the ledger if it changes: its marks."""
    made = opened(site)
    note_rules(site, made)
    if made.write():
        site.ledger.with_name(site.ledger.name + PART).replace(site.ledger)
    return [line for line in site.ledger.read_text().splitlines() if line.startswith("# redactions ")]


def test_the_mark_is_one_line_that_changes_with_the_rules_and_the_key(tmp_path: Path) -> None:
    assert noted(place(tmp_path, None)) == []
    (first,) = noted(place(tmp_path, RULE))
    assert len(first) == len("# redactions ") + 10
    assert noted(place(tmp_path, RULE)) == [first]
    (second,) = noted(place(tmp_path, RULE + OTHER))
    (third,) = noted(place(tmp_path, RULE, "cd" * 32))
    assert len({first, second, third}) == 3
    assert noted(place(tmp_path, None)) == []
    assert not {"zeus", "bede"} & set(f"{first} {second} {third}".split())


def test_marks_are_written_in_order(tmp_path: Path) -> None:
    made = opened(place(tmp_path, None))
    lines = [f"# redactions {letter * 10}" for letter in "hgfedcba"]
    for line in lines:
        made.rules.load(line)
    assert list(made.rules.lines()) == [f"{line}\n" for line in reversed(lines)]


def test_only_other_rules_touch_the_ledger(tmp_path: Path) -> None:
    noted(place(tmp_path, RULE))
    for rules, touched in ((RULE, False), (OTHER, True), ("", True)):
        site = place(tmp_path, rules)
        made = opened(site)
        note_rules(site, made)
        assert made.touched == touched
        assert len(made.rules.marks()) == bool(rules)


@pytest.mark.parametrize("locked", [False, True])
def test_a_machine_with_neither_rules_nor_key_is_refused(tmp_path: Path, locked: bool) -> None:
    noted(place(tmp_path, RULE))
    with pytest.raises(UsageError, match=r"rostra\.ledger was written with redaction rules") as raised:
        noted(place(tmp_path, None, None, locked=locked))
    assert raised.value.path == "redactions.toml"
    assert "copy redactions.toml and redactions.key" in (raised.value.hint or "")


def test_a_machine_with_either_decides_what_the_rules_are(tmp_path: Path) -> None:
    noted(place(tmp_path, RULE))
    assert noted(place(tmp_path, None)) == []
    noted(place(tmp_path, RULE))
    assert noted(place(tmp_path, "", None)) == []
    assert noted(place(tmp_path, None, None)) == []


@pytest.mark.parametrize(
    ("before", "rules", "passes"),
    [
        (RULE, RULE, True),
        (None, None, True),
        (None, "", True),
        (RULE, OTHER, False),
        (RULE, "", False),
        (RULE, None, False),
        (None, RULE, False),
    ],
)
def test_a_locked_build_has_the_rules_of_the_ledger(
    tmp_path: Path, before: str | None, rules: str | None, passes: bool
) -> None:
    noted(place(tmp_path, before))
    ledger = (tmp_path / LEDGER).read_bytes()
    site = place(tmp_path, rules, locked=True)
    made = opened(site)
    if passes:
        note_rules(site, made)
    else:
        with pytest.raises(NotInLedger, match="not the redaction rules") as raised:
            note_rules(site, made)
        assert (raised.value.path, raised.value.failures) == ("redactions.toml", ())
        assert "commit rostra.ledger" in (raised.value.hint or "")
    assert not made.touched
    assert (tmp_path / LEDGER).read_bytes() == ledger


def test_of_marks_that_a_merge_left_one_is_enough_and_the_next_build_leaves_one(tmp_path: Path) -> None:
    (mark,) = noted(place(tmp_path, RULE))
    ledger = tmp_path / LEDGER
    ledger.write_text(
        f"# redactions {'a' * 10}\n# redactions short\n# redactions {'a' * 11}\n{ledger.read_text()}{mark}\n"
    )
    site = place(tmp_path, RULE, locked=True)
    made = opened(site)
    note_rules(site, made)
    assert (len(made.rules.marks()), made.touched) == (2, False)
    assert noted(place(tmp_path, RULE)) == [mark]
