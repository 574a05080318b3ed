"""A year of pushes to hosts whose machines keep nothing: every address stays, and what would be forgotten is refused."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from rostra.config.site import LEDGER
from rostra.hosts import find_host, hosts
from rostra.publish.mark import MARK
from support.archive_year import Year
from support.changing_site import files
from support.ci_machines import machines, way
from support.site_repository import git

BUILDING = [host.name for host in hosts().values() if "requirements.txt" in host.files_of_site]
"""The hosts that build."""


class Archive:
    """A year of changes in a repository, with a remote for each host, and what each of them serves."""

    def __init__(self, place: Path, seed: int) -> None:
        self.place, self.root = place, place / "archive"
        self.year = Year(self.root, seed, debates=4)
        (self.root / ".gitignore").write_text("/.rostra/\n/public/\n")
        self.git("init", "-q", "-b", "main")
        for name, value in (("name", "Ada"), ("email", "ada@example.org")):
            self.git("config", f"user.{name}", value)
        for host in BUILDING:
            git("init", "-q", "--bare", "-b", "main", str(self.remote(host)), at=place)

    def git(self, *arguments: str) -> str:
        return git(*arguments, at=self.root)

    def remote(self, host: str) -> Path:
        return self.place / f"{host}.git"

    def online(self, host: str) -> Path:
        return self.place / f"online-{host}"

    def push(self, host: str, *paths: str) -> None:
        """Commit and push what there is, with what `rostra new --host` writes, and the setting that it asks for."""
        for path, said in find_host(host).files_of_site.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(said)
        (self.root / "rostra.toml").write_text(f'title = "Mill"\nextras = true\nhost = "{host}"\n')
        self.git("add", "-A", *paths)
        self.git("commit", "-q", "--allow-empty", "-m", "More")
        self.git("push", "-q", str(self.remote(host)), "main")

    def serve(self, host: str, machine: Path) -> None:
        """Serve what a machine made, as its host does."""
        online = self.online(host)
        shutil.rmtree(online, ignore_errors=True)
        if branch := find_host(host).branch:
            git("clone", "-q", "-b", branch, str(self.remote(host)), str(online), at=self.place)
            shutil.rmtree(online / ".git")
            (online / MARK).unlink()
        else:
            shutil.copytree(machine / "public", online)


def test_in_a_year_of_pushes_no_address_is_lost_at_any_host(tmp_path: Path) -> None:
    """Each host is pushed to every third month, in turn."""
    archive, machine = Archive(tmp_path, 3), tmp_path / "machine"
    year, pushed, refused = archive.year, Counter[str](), Counter[str]()
    with machines(tmp_path) as there:
        for month in range(12):
            year.round()
            for host in (BUILDING[month % 3], BUILDING[month % 3 + 3]):
                if month % 4 == 3 and archive.git("status", "--porcelain", LEDGER):
                    # Somebody forgets the ledger.
                    refused[host] += 1
                    before = files(archive.online(host))
                    archive.push(host, "--", ".", f":(exclude){LEDGER}")
                    status, said = there.run(host, archive.remote(host), machine)
                    assert status == 1, said
                    assert "would change the ledger entries" in said
                    assert not (machine / "public").exists()
                    if find_host(host).branch:
                        archive.serve(host, machine)
                    assert files(archive.online(host)) == before
            archive.git("add", LEDGER)
            for host in (BUILDING[month % 3], BUILDING[month % 3 + 3]):
                archive.push(host)
                status, said = there.run(host, archive.remote(host), machine)
                assert status == 0, said
                archive.serve(host, machine)
                pushed[host] += 1
                year.public = archive.online(host)
                assert not year.lost(), (month, host)
            year.note()
    assert pushed == dict.fromkeys(BUILDING, 4)
    assert refused == dict.fromkeys(BUILDING, 1)


def test_a_machine_that_keeps_nothing_and_may_note_what_it_likes_loses_addresses(tmp_path: Path) -> None:
    year = Year(tmp_path, 3, debates=4)
    for _ in range(12):
        year.round()
        if year.lost():
            return
        year.note()
        (tmp_path / LEDGER).unlink()
        shutil.rmtree(tmp_path / ".rostra")
    pytest.fail("nothing is lost without a ledger, so this year proves nothing")


def test_the_hosts_that_build_are_known_and_each_builds_what_the_ledger_holds() -> None:
    assert BUILDING == ["cloudflare", "codeberg", "github", "github-branch", "gitlab", "netlify"]
    for host in BUILDING:
        steps = "\n".join(step.commands for step in way(host).steps)
        assert "rostra build --locked" in steps
        assert steps.count("rostra build") == 1
        assert way(host).whole is bool(find_host(host).branch)


@pytest.mark.parametrize("host", BUILDING)
def test_what_is_to_be_done_by_hand_names_the_ledger(host: str) -> None:
    assert "commit rostra.ledger" in find_host(host).then
