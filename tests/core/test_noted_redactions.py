"""A machine that lacks the redaction rules, such as a clone that they were kept out of, publishes nothing that they hide."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.redaction_rules import remove_rule
from rostra.config.site import LEDGER, load_site
from rostra.errors import NotInLedger, UsageError
from support.changing_site import files

GATE = """# The gate

## [1] zeus, 2024-03-04 09:00 UTC

Who opened the gate?

## [2] bede, 2024-03-04 10:30 UTC, answers 1

I did, as zeus said.
"""
RULE, OTHER = '[[redact]]\nperson = "zeus"\n', '[[redact]]\nperson = "bede"\n'


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site that was built with a rule."""
    root = tmp_path / "site"
    (root / "content").mkdir(parents=True)
    (root / "rostra.toml").write_text('title = "Mill"\n')
    (root / "content/gate.md").write_text(GATE)
    (root / "redactions.toml").write_text(RULE)
    build(load_site(root))
    return root


def marks(root: Path) -> list[str]:
    return [line for line in (root / LEDGER).read_text().splitlines() if line.startswith("# redactions ")]


def clone(root: Path, *without: str) -> Path:
    """What a repository has of a site, on another machine."""
    there = root.with_name("clone")
    shutil.rmtree(there, ignore_errors=True)
    shutil.copytree(root, there, ignore=lambda *_: {".rostra", "public", *without})
    return there


def shows(root: Path) -> bool:
    return any(b"zeus" in content for content in files(root / "public").values())


def test_a_clone_without_the_rules_is_not_built(site: Path) -> None:
    there = clone(site, "redactions.toml", "redactions.key")
    for locked in (False, True):
        with pytest.raises(UsageError, match=r"what they hide would be published") as raised:
            build(load_site(there, locked=locked))
        assert raised.value.path == "redactions.toml"
        assert "copy redactions.toml and redactions.key" in (raised.value.hint or "")
        assert not (there / "public").exists()
    with pytest.raises(UsageError, match="would be published"):
        build(load_site(there, previewed=True))
    (there / "redactions.toml").write_text("")
    build(load_site(there))
    assert shows(there)
    assert marks(there) == []


def test_the_mark_tells_nothing_and_changes_with_the_rules(site: Path) -> None:
    (mark,) = marks(site)
    assert "zeus" not in mark
    build(load_site(site))
    assert marks(site) == [mark]
    (site / "redactions.toml").write_text(RULE + OTHER)
    build(load_site(site))
    (other,) = marks(site)
    assert other != mark
    (site / "redactions.toml").write_text(RULE)
    build(load_site(site))
    assert marks(site) == [mark]
    # Also where nothing else changes.
    (site / "redactions.toml").write_text(f'{RULE}[[redact]]\nperson = "nobody"\n')
    build(load_site(site))
    assert marks(site) not in ([mark], [other], [])
    (site / "redactions.key").write_text("ab" * 32)
    build(load_site(site))
    assert marks(site) != [mark]


def test_a_locked_build_has_the_rules_of_the_ledger(site: Path) -> None:
    there = clone(site)
    build(load_site(there, locked=True))
    assert not shows(there)
    for rules in (RULE + OTHER, OTHER, ""):
        there = clone(site)
        (there / "redactions.toml").write_text(rules)
        with pytest.raises(NotInLedger, match="not the redaction rules") as raised:
            build(load_site(there, locked=True))
        assert raised.value.path == "redactions.toml"
        assert not (there / "public").exists()


def test_a_locked_build_with_the_first_rule_needs_the_ledger_to_say_so(site: Path) -> None:
    ledger = (site / LEDGER).read_text()
    (mark,) = marks(site)
    (site / LEDGER).write_text(ledger.replace(mark + "\n", ""))
    with pytest.raises(NotInLedger):
        build(load_site(clone(site), locked=True))
    # Two branches with rules of their own were merged.
    (site / LEDGER).write_text(f"# redactions aaaaaaaaaa\n{ledger}")
    build(load_site(clone(site), locked=True))
    build(load_site(site, locked=True))
    assert len(marks(site)) == 2
    build(load_site(site))
    assert marks(site) == [mark]


def test_the_machine_that_has_the_key_may_remove_all_rules(site: Path) -> None:
    remove_rule(load_site(site), 1)
    assert not (site / "redactions.toml").exists()
    build(load_site(site))
    assert shows(site)
    assert marks(site) == []
    build(load_site(clone(site, "redactions.key"), locked=True))


def test_a_preview_does_not_change_what_is_noted(site: Path) -> None:
    ledger = (site / LEDGER).read_bytes()
    (site / "redactions.toml").write_text(RULE + OTHER)
    build(load_site(site, previewed=True))
    assert (site / LEDGER).read_bytes() == ledger
    build(load_site(site))
    assert (site / LEDGER).read_bytes() != ledger
