"""A locked build notes nothing: it makes what any build makes where the ledger says it all, and nothing where it does not."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rostra.build.pipeline import build
from rostra.build.rebuild import rebuild
from rostra.cli import command
from rostra.config.site import LEDGER, load_site
from rostra.errors import NotInLedger, RostraError
from rostra.identity.locked_ledger import SHOWN
from support.called_command import rostra
from support.changing_site import files

GATE = """# The upper gate

## [1] ada, 2024-03-04 09:00 UTC

Who opened the upper gate in the night, when nobody was to be there?

## [2] bede, 2024-03-04 10:30 UTC, answers 1

I did, since the water stood higher than the bridge that night.
"""
WEIR = GATE.replace("gate", "weir").replace("ada", "cy")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site that was built where its sources are kept, on a machine that has only what was committed."""
    root = tmp_path / "site"
    (root / "content").mkdir(parents=True)
    (root / "rostra.toml").write_text('title = "Mill"\n')
    (root / "content/gate.md").write_text(GATE)
    (root / "content/weir.md").write_text(WEIR)
    (root / "content/weir.toml").write_text('title = "The weir"\n')
    build(load_site(root))
    fresh(root)
    return root


def fresh(root: Path) -> None:
    for name in (".rostra", "public"):
        shutil.rmtree(root / name, ignore_errors=True)


def locked(root: Path) -> Result:
    return CliRunner().invoke(command, ["build", "--locked", "--site", str(root)])


def refused(root: Path) -> RostraError:
    """Why a locked build refuses, which then leaves all as it was."""
    before = files(root)
    ledger = (root / LEDGER).stat().st_mtime_ns if (root / LEDGER).exists() else None
    result = locked(root)
    assert isinstance(result.exception, RostraError), result.output
    assert {p: said for p, said in files(root).items() if not p.startswith(".rostra")} == {
        p: said for p, said in before.items() if not p.startswith(".rostra")
    }
    assert ledger == ((root / LEDGER).stat().st_mtime_ns if (root / LEDGER).exists() else None)
    return result.exception


def test_where_the_ledger_holds_all_a_locked_build_is_any_build(site: Path) -> None:
    ledger, written = (site / LEDGER).read_bytes(), (site / LEDGER).stat().st_mtime_ns
    assert locked(site).exit_code == 0
    made = files(site / "public")
    assert ((site / LEDGER).read_bytes(), (site / LEDGER).stat().st_mtime_ns) == (ledger, written)
    fresh(site)
    build(load_site(site))
    assert files(site / "public") == made
    # With what was kept of the last build, and with nothing to do, likewise.
    time.sleep(0.02)
    for _ in range(2):
        assert locked(site).exit_code == 0
    assert files(site / "public") == made


def add(root: Path) -> None:
    (root / "content/mill.md").write_text(GATE.replace("gate", "mill").replace("ada", "dot"))


def answer(root: Path) -> None:
    with (root / "content/gate.md").open("a") as dump:
        dump.write("\n## [3] ada, 2024-03-05 10:30 UTC, answers 2\n\nThen it was well done.\n")


def correct(root: Path) -> None:
    (root / "content/gate.md").write_text(GATE.replace("higher than", "as high as"))


def shorten(root: Path) -> None:
    (root / "content/gate.md").write_text(GATE.partition("## [2]")[0])


def remove(root: Path) -> None:
    (root / "content/gate.md").unlink()


def rename(root: Path) -> None:
    (root / "content/gate.md").rename(root / "content/upper.md")


def readdress(root: Path) -> None:
    (root / "content/gate.toml").write_text('id = "upper"\n')


def withdraw(root: Path) -> None:
    (root / "content/gate.toml").write_text('withdrawn = "It was private."\n')


@pytest.mark.parametrize("change", [add, answer, correct, shorten, remove, rename, readdress, withdraw])
def test_what_a_build_would_note_is_refused_until_the_ledger_holds_it(
    site: Path, change: Callable[[Path], None]
) -> None:
    change(site)
    error = refused(site)
    assert isinstance(error, NotInLedger)
    assert (error.path, error.failures) == (LEDGER, ())
    assert f"would change the ledger entries of {'mill' if change is add else 'gate'}" in error.message
    assert "commit rostra.ledger" in (error.hint or "")
    assert not (site / "public").exists()
    build(load_site(site))
    fresh(site)
    assert locked(site).exit_code == 0


def test_what_was_kept_of_the_last_build_does_not_hide_what_is_new(site: Path) -> None:
    assert locked(site).exit_code == 0
    correct(site)
    for _ in range(2):
        assert isinstance(refused(site), NotInLedger)
    build(load_site(site))
    assert locked(site).exit_code == 0
    answer(site)
    assert isinstance(refused(site), NotInLedger)


def test_a_debate_that_is_withdrawn_no_more_is_noted_too(site: Path) -> None:
    withdraw(site)
    build(load_site(site))
    (site / "content/gate.toml").unlink()
    assert "of gate" in refused(site).message


def test_what_is_no_debate_is_not_noted(site: Path) -> None:
    (site / "content/about.md").write_text("# About\n\nWords.\n")
    (site / "content/weir.toml").write_text('title = "Another title"\n')
    assert locked(site).exit_code == 0
    assert "Another title" in (site / "public/debates/weir/index.html").read_text()


def test_a_missing_ledger_holds_nothing_and_is_not_made(site: Path) -> None:
    (site / LEDGER).unlink()
    assert "of gate, weir" in refused(site).message
    for path in (site / "content").iterdir():
        path.unlink()
    assert locked(site).exit_code == 0
    assert not (site / LEDGER).exists()
    assert (site / "public/index.html").is_file()


def shuffled(lines: list[str]) -> list[str]:
    random.Random(1).shuffle(lines)
    return lines


@pytest.mark.parametrize(
    "merged",
    [
        shuffled,
        lambda lines: lines * 2,
        lambda lines: lines[1:],
        lambda lines: ["<<<<<<< ours\n", *lines, "=======\n", *lines[:2], ">>>>>>> theirs\n"],
        lambda lines: [*lines, "# A remark.\n", "\n"],
        lambda lines: [line.replace("\n", "\r\n") for line in lines],
        lambda lines: [*lines[:-1], lines[-1].rstrip("\n")],
    ],
    ids=["unsorted", "doubled", "without heading", "conflict", "remarks", "carriage returns", "cut"],
)
def test_lines_as_a_merge_leaves_them_hold_what_they_say(site: Path, merged: Callable[[list[str]], list[str]]) -> None:
    said = "".join(merged((site / LEDGER).read_text().splitlines(keepends=True))).encode()
    (site / LEDGER).write_bytes(said)
    assert locked(site).exit_code == 0
    assert (site / LEDGER).read_bytes() == said
    (site / LEDGER).write_bytes(said.replace(b"weir @ content/weir.md", b"# lost"))
    assert "of weir" in refused(site).message


def test_of_two_lines_for_one_post_the_one_that_is_read_counts(site: Path) -> None:
    old = (site / LEDGER).read_text()
    correct(site)
    build(load_site(site))
    new = (site / LEDGER).read_text()
    (site / LEDGER).write_text(new + old)
    assert "of gate" in refused(site).message
    (site / LEDGER).write_text(old + new)
    assert locked(site).exit_code == 0


@pytest.mark.parametrize("first", ["first", "unchanged"])
def test_a_line_that_cannot_be_read_is_refused_at_once(site: Path, monkeypatch: pytest.MonkeyPatch, first: str) -> None:
    with (site / LEDGER).open("a") as ledger:
        ledger.write("gate p-1 abc\n")
    if first == "unchanged":
        root = load_site(site)
        time.sleep(0.02)
        rebuild(root, lambda standing: build(root, standing=standing))
    number = (site / LEDGER).read_text().splitlines().index("gate p-1 abc") + 1
    with monkeypatch.context() as patched:
        patched.setattr("rostra.build.pipeline.build", None)
        error = refused(site)
    assert (error.path, error.line) == (LEDGER, number)
    assert "'gate p-1 abc' is not a valid line" in error.message
    assert "version control" in (error.hint or "")
    said = (site / LEDGER).read_text()
    (site / LEDGER).write_text(said.replace("gate p-1 abc\n", ""))
    assert locked(site).exit_code == 0


@pytest.mark.parametrize("extra", [-1, 0, 1, 2])
def test_as_many_debates_are_named_as_a_reader_reads(site: Path, extra: int) -> None:
    for number in range(SHOWN + extra):
        (site / f"content/a{number}.md").write_text(GATE.replace("ada", f"person {number}").replace("gate", f"gate{number}"))  # fmt: skip
    named = ", ".join(f"a{number}" for number in range(min(SHOWN, SHOWN + extra)))
    assert refused(site).message.endswith(f"of {named}{f' and {extra} more' if extra > 0 else ''}")


def test_what_failed_is_told_too_since_it_may_be_why(site: Path) -> None:
    (site / "content/gate.toml").write_text("oops = = 1\n")
    add(site)
    result = locked(site)
    assert isinstance(result.exception, NotInLedger)
    assert len(result.exception.failures) == 1
    assert "gate.toml" in result.output
    assert not (site / "public").exists()


def test_nothing_is_sent_where_the_output_is_elsewhere(site: Path, tmp_path: Path) -> None:
    import fsspec

    (site / "rostra.toml").write_text(f'title = "Mill"\noutput = "memory://{tmp_path.name}"\n')
    add(site)
    refused(site)
    assert not fsspec.filesystem("memory").exists(f"/{tmp_path.name}")
    build(load_site(site))
    assert locked(site).exit_code == 0
    assert fsspec.filesystem("memory").exists(f"/{tmp_path.name}/debates/mill/index.html")


def test_a_key_that_is_not_there_is_not_made(site: Path) -> None:
    (site / "rostra.toml").write_text('title = "Mill"\npseudonyms = true\n')
    build(load_site(site))
    key = (site / "pseudonyms.key").read_text()
    (site / "pseudonyms.key").unlink()
    assert "every pseudonym changes" in refused(site).message
    assert not (site / "pseudonyms.key").exists()
    (site / "pseudonyms.key").write_text(key)
    assert locked(site).exit_code == 0


def test_the_command_says_it_with_its_exit_status(site: Path) -> None:
    add(site)
    done = rostra("build", "--locked", cwd=site)
    assert done.returncode == 1
    assert done.stderr.startswith("rostra.ledger:1: this build would change the ledger entries of mill\nhint: ")


def test_a_gone_debate_is_kept_though_the_line_that_names_its_dump_is_lost(site: Path) -> None:
    remove(site)
    build(load_site(site))
    said = (site / LEDGER).read_text()
    lost = said.replace("gate @ content/gate.md\n", "")
    (site / LEDGER).write_text(lost)
    fresh(site)
    build(load_site(site))
    assert (site / LEDGER).read_text() == lost
    assert (site / "public/debates/gate/index.html").is_file()
