"""After a build with failures nothing is checked as right or published, unless that is asked for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from rostra.check import check
from rostra.cli import command
from rostra.cli.terminal import shorten_list
from rostra.errors import RostraError, UsageError
from rostra.publish.branch import PublishedBranch, Wish, publish
from rostra.publish.storage import StorageTarget, upload
from support.failing_site import BREAK, Mill, breaking, lines
from support.site_repository import Home, git


def put(home: Home, **wish: object) -> PublishedBranch:
    return publish(home.site, Wish(**wish))  # type: ignore[arg-type]


def codes(home: Home, *, despite: bool = False) -> list[str]:
    return [finding.code for finding in check(home.site, despite_failures=despite).findings]


def test_a_build_with_failures_is_published_on_request_only(home: Home, tmp_path: Path) -> None:
    assert codes(home) == []
    assert put(home).commit
    good, thread = home.tip(), (home.site.output / "debates/well/thread.json").read_text()
    home.write("content/well.toml", "oops = = 1\n")
    home.write("content/also.txt", "")
    assert codes(home) == ["failed-build", "failed-build"]
    assert codes(home, despite=True) == []
    with pytest.raises(RostraError) as refused:
        put(home)
    assert (refused.value.path, refused.value.line) == ("content/well.toml", 1)
    assert "the last build failed on this: not TOML" in refused.value.message
    assert refused.value.message.endswith("; and on content/also.txt")
    assert "--despite-failures" in (refused.value.hint or "")
    with pytest.raises(RostraError, match="the last build failed"):
        upload(home.site, f"memory://{tmp_path.name}")
    assert home.tip() == good
    home.write("content/new.md", "# New\n")
    assert put(home, despite_failures=True).commit
    assert home.there("show", "gh-pages:debates/well/thread.json") == thread.strip()
    upload(home.site, f"memory://{tmp_path.name}", despite_failures=True)
    assert StorageTarget(f"memory://{tmp_path.name}", None).read("index.html")
    # Mended, and not built: the record is of the last build.
    (home.folder / "content/well.toml").unlink()
    with pytest.raises(RostraError, match="the last build failed"):
        put(home, dirty=True)
    (home.folder / "content/also.txt").unlink()
    home.settle()
    assert codes(home) == []
    assert put(home).commit


def test_many_failures_are_counted(home: Home) -> None:
    for n in range(8):
        (home.folder / f"content/empty-{n}.txt").write_text("")
    home.settle()
    with pytest.raises(RostraError) as refused:
        put(home)
    assert refused.value.message.count("content/empty-") == 5
    assert refused.value.message.endswith(" and 2 more")
    (home.folder / "content/empty-7.txt").unlink()
    (home.folder / "content/empty-6.txt").unlink()
    home.settle()
    with pytest.raises(RostraError) as refused:
        put(home)
    assert refused.value.message.endswith("content/empty-5.txt")


def test_a_build_that_failed_as_a_whole_is_a_failure_until_one_is_good(home: Home) -> None:
    (home.folder / "layouts").mkdir()
    (home.folder / "layouts/404.html").write_text("{{ nothing }}")
    with pytest.raises(UsageError):
        home.build()
    assert codes(home) == ["failed-build"]
    with pytest.raises(RostraError, match="'nothing' is undefined"):
        put(home, dirty=True)
    (home.folder / "layouts/404.html").unlink()
    home.settle()
    assert put(home).commit


def test_what_is_changed_after_a_build_with_failures_is_not_published_by_force(home: Home) -> None:
    home.write("content/also.txt", "")
    (home.folder / "content/later.md").write_text("# Later\n")
    home.git("add", "-A")
    home.git("commit", "-q", "-m", "Later")
    with pytest.raises(RostraError, match="changed after the site was built"):
        put(home, despite_failures=True)


def test_what_another_machine_built_is_published_and_a_damaged_record_is_not_passed_over(home: Home) -> None:
    (home.folder / "content/also.txt").write_text("")
    home.write("content/new.md", "# New\n")
    record = home.folder / ".rostra/failed"
    assert json.loads(record.read_bytes())["failures"]
    record.write_text("{")
    with pytest.raises(RostraError, match="cannot be read"):
        put(home)
    record.unlink()
    # Whoever built it was told by the exit status.
    assert put(home).commit


def test_where_the_host_builds_from_nothing_the_exit_status_says_so(home: Home, tmp_path: Path) -> None:
    home.write("content/well.txt", "")
    git("clone", "-q", str(home.folder), "there", at=tmp_path)
    built = CliRunner().invoke(command, ["build", "--site", str(tmp_path / "there")])
    assert built.exit_code == 1
    assert "left out: debates/well (no earlier build of it can be shown)" in built.output


def test_the_commands_say_what_failed_and_what_was_kept(tmp_path: Path) -> None:
    mill = Mill(tmp_path / "site")
    run = CliRunner()
    site = ["--site", str(mill.root)]
    assert run.invoke(command, ["build", *site]).exit_code == 0
    assert "nothing is wrong" in run.invoke(command, ["check", *site]).output
    mill.put("well.toml", "oops = = 1\n")
    built = run.invoke(command, ["build", *site])
    assert built.exit_code == 1
    assert "content/well.toml:1: not TOML" in built.output
    assert "kept as last built: debates/well\n" in built.output
    assert "left out" not in built.output
    checked = run.invoke(command, ["check", *site])
    assert checked.exit_code == 1
    assert "content/well.toml:1: not TOML" in checked.output
    assert "[failed-build]" in checked.output
    assert run.invoke(command, ["check", *site, "--despite-failures"]).exit_code == 0
    said = json.loads(run.invoke(command, ["check", *site, "--format", "json"], catch_exceptions=False).stdout)
    assert [finding["code"] for finding in said["findings"]] == ["failed-build"]
    (mill.root / "content/well.toml").unlink()
    assert run.invoke(command, ["build", *site]).exit_code == 0
    assert run.invoke(command, ["check", *site]).exit_code == 0


def test_a_bug_is_told_without_a_traceback_unless_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mill = Mill(tmp_path / "site")
    mill.put("well.jsonl", lines("well", more=BREAK) + lines("pond", thread="pond"))
    monkeypatch.setattr("rostra.editorial.edition.render", breaking)
    run = CliRunner()
    build, inspect = ["build", "--site", str(mill.root)], ["inspect", str(mill.root / "content/well.jsonl")]
    for words, name in ((build, "content/well.jsonl"), (inspect, str(mill.root / "content/well.jsonl"))):
        plain, traced = run.invoke(command, words), run.invoke(command, [*words, "--traceback"])
        assert plain.exit_code == traced.exit_code == 1
        assert f"{name}:2: rendering a thread of it failed: ZeroDivisionError: the wheel stands" in plain.output
        assert "hint: this is a bug in Rostra: please report it" in plain.output
        assert "Traceback" not in plain.output
        assert "Traceback" in traced.output
        assert "in breaking" in traced.output
    # The other thread is shown, and built.
    assert "Of the pond" in run.invoke(command, inspect).output
    assert mill.shows("pond")
    assert "left out: content/well.jsonl (no earlier build of it can be shown)" in run.invoke(command, build).output


def test_a_list_of_names_says_how_many_more_there_are() -> None:
    names = [f"debates/{n}" for n in range(12)]
    assert shorten_list(names[:10]) == ", ".join(names[:10])
    assert shorten_list(names[:11]) == ", ".join(names[:10]) + " and 1 other"
    assert shorten_list(names) == ", ".join(names[:10]) + " and 2 others"


def test_an_output_elsewhere_is_sent_after_failures_on_request_only(tmp_path: Path) -> None:
    mill = Mill(tmp_path / "site")
    output = f"memory://{tmp_path.name}"
    (mill.root / "rostra.toml").write_text(f'title = "Mill"\noutput = "{output}"\n')
    run = CliRunner()
    build = ["build", "--site", str(mill.root)]
    assert run.invoke(command, build).exit_code == 0
    mill.put("well.toml", "oops = = 1\n")
    mill.put("about.md", "# About\n")
    built = run.invoke(command, build)
    assert built.exit_code == 1
    assert "kept as last built: debates/well" in built.output
    assert "nothing was sent" in str(built.exception)
    assert StorageTarget(output, None).read("about.html") is None
    publish = ["publish", output, "--site", str(mill.root), "--dirty"]
    assert "the last build failed" in str(run.invoke(command, publish).exception)
    assert run.invoke(command, [*publish, "--despite-failures"], catch_exceptions=False).exit_code == 0
    assert StorageTarget(output, None).read("about.html")


def test_content_elsewhere_that_cannot_be_listed_takes_nothing_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mill = Mill(tmp_path / "site")
    dumps = f"memory://{tmp_path.name}-dumps"
    place = StorageTarget(dumps, None)
    for path in (mill.root / "content").iterdir():
        place.write(path.name, path.read_bytes())
    (mill.root / "rostra.toml").write_text(f'title = "Mill"\ncontent = ["{dumps}"]\n')
    run = CliRunner()
    build = ["build", "--site", str(mill.root)]
    assert run.invoke(command, build).exit_code == 0
    before, ledger = mill.public, mill.ledger

    def unlisted(of: object) -> None:
        raise RostraError(f"{dumps} cannot be listed", hint="check the address and the credentials")

    monkeypatch.setattr("rostra.system.remote_files.Elsewhere.listing", unlisted)
    for _ in range(2):
        built = run.invoke(command, build)
        assert built.exit_code == 1
        assert built.output.count("cannot be listed") == 1
        assert mill.public == before
        assert run.invoke(command, ["check", "--site", str(mill.root)]).exit_code == 1
    # The copy here is lost; what was made of it is not.
    shutil.rmtree(mill.root / ".rostra/remote")
    built = run.invoke(command, build)
    assert built.exit_code == 1
    assert "does not exist" not in built.output
    assert "kept as last built: debates/gate, " in built.output
    assert mill.public == before
    shutil.rmtree(mill.root / ".rostra")
    assert "left out: debates/gate (no earlier build" in run.invoke(command, build).output
    assert mill.ledger == ledger
    monkeypatch.undo()
    assert run.invoke(command, build).exit_code == 0
    assert mill.public == before
