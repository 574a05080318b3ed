"""The command as a person runs it: what it prints, where, and its exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rostra.cli.terminal import format_problems
from rostra.model import Problem
from rostra.readers import readers
from support.called_command import rostra

DUMP = "Shall we?\n\n    1 year ago\n\n    Yes.\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    assert rostra("new", "site", cwd=tmp_path).returncode == 0
    return tmp_path / "site"


def test_new_then_build_in_processes_of_their_own(tmp_path: Path) -> None:
    def started(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "rostra", *arguments]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)

    assert started("new", "site", cwd=tmp_path).returncode == 0
    site = tmp_path / "site"
    ran = started("build", cwd=site)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert "4 posts in 1 debate" in ran.stderr
    assert (site / "public/index.html").is_file()
    assert not (site / "public/about.html").exists(), "nobody has written it yet"
    assert "0 written, 0 removed" in rostra("build", cwd=site).stderr
    (site / "content/empty.txt").touch()
    assert started("build", "--strict", cwd=site).returncode == 1
    assert started("biuld", cwd=site).returncode == 2


@pytest.mark.parametrize(
    ("setting", "warned"),
    [("", True), ('address = "https://mill.example/"\n', False), ('authority = "mill.example,2024"\n', False)],
)
def test_a_build_whose_ids_would_change_says_so(site: Path, setting: str, warned: bool) -> None:
    settings = site / "rostra.toml"
    settings.write_text(settings.read_text() + setting)
    said = "the ids in feeds will change"
    first = rostra("build", cwd=site)
    assert first.returncode == 0
    assert first.stderr.count(said) == warned
    assert first.stderr.count("hint: set one") == warned
    assert said not in rostra("build", cwd=site).stderr, "nothing was written"
    settings.write_text(settings.read_text().replace("title = ", "title = 'The ' # "))
    assert said not in rostra("build", "--quiet", cwd=site).stderr


def test_new_writes_over_nothing(site: Path) -> None:
    before = (site / "rostra.toml").read_text()
    ran = rostra("new", ".", "--title", "Other", cwd=site)
    assert ran.returncode == 2
    assert "already there" in ran.stderr
    assert (site / "rostra.toml").read_text() == before


def test_inspect_prints_a_tree_for_people_and_one_document_a_line_for_machines(site: Path) -> None:
    (site / "b.txt").write_text(DUMP)
    tree = rostra("inspect", "b.txt", cwd=site)
    assert tree.returncode == 0
    assert "unnamed, 1 year ago: Yes." in tree.stdout
    documents = rostra("inspect", "b.txt", "content/well.txt", "--format", "json", cwd=site).stdout.splitlines()
    assert [json.loads(line)["title"] for line in documents] == ["Shall we?", "The old well"]


def test_inspect_holds_a_dump_to_the_limits_of_the_site_that_it_lies_in(site: Path) -> None:
    settings = (site / "rostra.toml").read_text()
    (site / "content/deep").mkdir()
    path = site / "content/deep/long.txt"
    path.write_text(("Who opened the gate? " * 500 + "\n") * 120)
    assert rostra("inspect", str(path), cwd=site.parent).returncode == 0
    (site / "rostra.toml").write_text(settings + "\n[limits]\ntext = 1\n")
    ran = rostra("inspect", str(path), cwd=site.parent)
    assert ran.returncode == 1
    assert "raise `text` below `[limits]`" in ran.stderr
    # Outside of it, its settings say nothing.
    path.rename(site.parent / "long.txt")
    assert rostra("inspect", "long.txt", cwd=site.parent).returncode == 0


def test_inspect_shows_every_dump_of_a_folder_that_is_none_itself(site: Path) -> None:
    folder = site / "mixed"
    (folder / "deep").mkdir(parents=True)
    (folder / "b.txt").write_text(DUMP)
    (folder / "deep/a.jsonl").write_text('{"id": 1, "parent": null, "body": "The gate stuck."}\n')
    (folder / "deep/broken.json").write_text("{}")
    (folder / "README.md").write_text("# About these dumps\n")
    (folder / "b.toml").write_text('title = "Below"\n')
    (folder / "deep/above").symlink_to(folder)
    ran = rostra("inspect", "mixed", cwd=site)
    assert ran.returncode == 1
    assert "The gate stuck." in ran.stdout
    assert "Below" in ran.stdout
    assert ran.stderr.count("hint: ") == 1
    assert "mixed/deep/broken.json:1: " in ran.stderr
    # A folder without a dump is refused itself, and so is one for which a format is forced.
    (folder / "deep/none").mkdir()
    assert "mixed/deep/none:1: no reader" in rostra("inspect", "mixed/deep/none", cwd=site).stderr
    assert rostra("inspect", "mixed", "--reader", "posts", cwd=site).returncode == 1


def test_a_dump_that_cannot_be_read_is_status_1_and_the_others_are_shown(site: Path) -> None:
    (site / "empty.txt").touch()
    (site / "b.txt").write_text(DUMP)
    ran = rostra("inspect", "empty.txt", "gone.txt", "b.txt", cwd=site)
    assert ran.returncode == 1
    assert "empty.txt:1: the dump is empty\nhint: " in ran.stderr
    assert "gone.txt:1: there is no such file\nhint: " in ran.stderr
    assert "Yes." in ran.stdout


def test_build_exits_with_1_where_a_dump_failed_and_where_strict_finds_a_problem(site: Path) -> None:
    (site / "content/jump.txt").write_text(
        "Shall we?\n\n  1 year ago\n\n  Yes.\n\n      1 year ago\n\n      No.\n\n    2 years ago\n\n    Perhaps.\n"
    )
    ran = rostra("build", cwd=site)
    assert ran.returncode == 0
    strict = rostra("build", "--strict", cwd=site)
    assert strict.returncode == 1
    assert "content/jump.txt:7: " in strict.stderr
    (site / "content/empty.txt").touch()
    assert rostra("build", cwd=site).returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "--site", "nowhere"],
        ["biuld"],
        ["build", "--nonsense"],
        ["inspect"],
        ["inspect", "x", "--reader", "nonsense"],
    ],
)
def test_usage_is_status_2(site: Path, arguments: list[str]) -> None:
    (site / "x").write_text(DUMP)
    ran = rostra(*arguments, cwd=site)
    assert ran.returncode == 2
    assert ran.stderr
    assert "Traceback" not in ran.stderr


def test_problems_are_told_by_kind_and_what_failed_comes_last(site: Path) -> None:
    jump = "Shall we?\n\n  1 year ago\n\n  Yes.\n\n      1 year ago\n\n      No.\n\n    2 years ago\n\n    Perhaps.\n"
    for name in ("a", "b", "c"):
        (site / f"content/{name}.txt").write_text(jump)
    (site / "content/README").write_text("These are dumps.\n")
    (site / "content/empty.txt").touch()
    (site / "content/wrong.toml").write_text("oops = = 1\n")
    said = rostra("build", cwd=site).stderr.splitlines()
    assert said[0].startswith("content/README:1: ")
    assert said[1].startswith("hint: ")
    assert said[2].startswith("content/a.txt:7: ")
    assert "  and 2 more of this kind in 3 files; `--verbose` lists them" in said
    assert [line for line in said[-6:] if not line.startswith(("hint: ", "left out: "))] == [
        "content/wrong.toml:1: not TOML: Invalid value (at line 1, column 8)",
        "content/empty.txt:1: the dump is empty",
        said[-1],
    ]
    assert said[-1].endswith("; 4 problems; 2 failed")
    every = rostra("build", "--verbose", cwd=site).stderr
    assert all(f"content/{name}.txt:7: " in every for name in ("a", "b", "c"))
    assert "more of this kind" not in every
    quiet = rostra("build", "--quiet", cwd=site).stderr
    assert "content/a.txt" not in quiet
    assert "content/empty.txt:1: the dump is empty\nhint: " in quiet
    assert "content/b.txt:7: " in rostra("build", "--quiet", "--verbose", cwd=site).stderr


def test_each_kind_of_problem_has_its_hints() -> None:
    def problem(code: str, line: int, hint: str | None) -> tuple[str, Problem]:
        return "x", Problem(code=code, message=f"m{line}", line=line, hint=hint)

    found = [
        problem("a", 1, "h"),
        problem("b", 2, None),
        problem("a", 3, "h"),
        problem("a", 4, "i"),
        problem("c", 5, "j"),
    ]
    assert list(format_problems(found)) == [
        "x:1: m1 [a]", "hint: h", "  and 2 more of this kind; `--verbose` lists them", "x:2: m2 [b]", "x:5: m5 [c]", "hint: j",
    ]  # fmt: skip
    assert list(format_problems(found, every=True)) == [
        "x:1: m1 [a]", "x:3: m3 [a]", "hint: h", "x:4: m4 [a]", "hint: i", "x:2: m2 [b]", "x:5: m5 [c]", "hint: j",
    ]  # fmt: skip
    assert list(format_problems([])) == []


def test_settings_that_are_wrong_are_status_2_with_place_and_hint(site: Path) -> None:
    (site / "rostra.toml").write_text('title = "T"\nlanguge = "en"\n')
    ran = rostra("build", cwd=site)
    assert ran.returncode == 2
    assert ran.stderr == "rostra.toml:2: there is no setting 'languge'\nhint: did you mean 'language'?\n"


def test_formats_lists_every_reader(site: Path) -> None:
    listed = rostra("formats", cwd=site).stdout
    for name, reader in readers().items():
        assert f"\n{name} " in f"\n{listed}"
        assert reader.ABOUT in listed


def test_a_reader_of_the_pipe_that_leaves_early_is_no_error(site: Path) -> None:
    ran = subprocess.run(
        f"{sys.executable} -m rostra inspect content/well.txt --format json | head -c 1",
        shell=True,
        cwd=site,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in ran.stderr


def test_redact_notes_a_rule_that_the_next_build_carries_out(site: Path) -> None:
    rostra("build", cwd=site)
    ran = rostra("redact", "--person", "Bede", "--reason", 'at his "own" request', cwd=site)
    assert ran.returncode == 0
    assert "redactions.toml" in ran.stderr
    assert "keep them out of public repositories" in ran.stderr
    assert rostra("build", cwd=site).returncode == 0
    said = (site / "public/debates/well/thread.json").read_text()
    assert "Bede" not in said
    assert "forty years" not in said
    assert "own" in said
    assert not (site / "public/debates/well/well.txt").exists()


@pytest.mark.parametrize(
    "arguments", [(), ("--person", "A", "--address", "b"), ("--post", "well#p-none"), ("--passage", "x")]
)
def test_redact_refuses_what_names_nothing_and_writes_nothing(site: Path, arguments: tuple[str, ...]) -> None:
    rostra("build", cwd=site)
    ran = rostra("redact", *arguments, cwd=site)
    assert ran.returncode == 2
    assert "hint: " in ran.stderr
    assert not (site / "redactions.toml").exists()


def test_what_the_system_refuses_is_no_bug(site: Path) -> None:
    (site / "rostra.ledger").mkdir()
    ran = rostra("build", cwd=site)
    assert ran.returncode == 1
    assert "Is a directory" in ran.stderr
    assert "/site/rostra.ledger" in ran.stderr
    assert "\nhint: " in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (site / "public").exists()


def test_where_the_disk_is_full_the_last_site_stands_and_the_next_build_is_whole(site: Path) -> None:
    assert rostra("build", cwd=site).returncode == 0
    before = {path: path.read_bytes() for path in (site / "public").rglob("*") if path.is_file()}
    dump = site / "content/well.txt"
    dump.write_text(dump.read_text() + "\n\n    And one more of many words.\n" * 300)
    small = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000,) * 2); from rostra.cli import main; main()"
    )
    ran = subprocess.run([sys.executable, "-c", small, "build"], cwd=site, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "File too large" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert {path: path.read_bytes() for path in before} == before
    assert rostra("build", cwd=site).returncode == 0
    assert "And one more" in (site / "public/debates/well/index.html").read_text()
