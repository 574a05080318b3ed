"""What is published can be built again: from a commit, with nothing beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.config.site import Site, load_site
from rostra.errors import RostraError
from rostra.publish.source import follows, head, refuse_uncommitted
from support.site_repository import git


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A committed site in a folder of its repository, with an output and a cache that nobody commits."""
    folder = tmp_path / "repository/site"
    (folder / "content").mkdir(parents=True)
    (folder / "rostra.toml").write_text('title = "Mill"\n')
    (folder / "content/a.txt").write_text("Who did it?\n")
    git("init", "-q", str(tmp_path / "repository"), at=tmp_path)
    git("add", "-A", at=folder)
    git("commit", "-q", "-m", "Begin", at=folder)
    for path in ("public/index.html", ".rostra/kept"):
        (folder / path).parent.mkdir()
        (folder / path).write_text("made")
    return load_site(folder)


def said(site: Site) -> str:
    with pytest.raises(RostraError) as raised:
        refuse_uncommitted(site)
    assert "`--dirty`" in (raised.value.hint or "")
    return raised.value.message


def test_what_is_built_or_lies_elsewhere_need_not_be_committed(site: Site) -> None:
    (site.root.parent / "beside.txt").write_text("of another project")
    refuse_uncommitted(site)


def test_what_is_not_committed_is_named_and_counted(site: Site) -> None:
    (site.root / "content/a.txt").write_text("What?\n")
    assert said(site) == "site/content/a.txt is not committed"
    (site.root / "content/b.txt").write_text("new\n")
    assert said(site) == "site/content/a.txt is not committed, and 1 more"
    (site.root / "content/c.txt").write_text("new\n")
    assert said(site) == "site/content/a.txt is not committed, and 2 more"


@pytest.mark.parametrize("output", ["../elsewhere", "../../elsewhere", "made/./deep", "made/x/../deep", "/elsewhere"])
def test_an_output_may_be_anywhere_and_excludes_nothing_but_itself(site: Site, output: str, tmp_path: Path) -> None:
    if output.startswith("/"):
        output = f"{tmp_path}{output}"
    (site.root / "rostra.toml").write_text(f'title = "Mill"\noutput = "{output}"\n')
    git("add", "rostra.toml", at=site.root)
    git("rm", "-q", "--cached", "content/a.txt", at=site.root)
    git("commit", "-q", "-m", "More", at=site.root)
    place = load_site(site.root).output
    place.mkdir(parents=True)
    (place / "index.html").write_text("made")
    assert said(load_site(site.root)) == "site/content/ is not committed, and 1 more"
    git("add", "content", "public", at=site.root)
    git("commit", "-q", "-m", "More", at=site.root)
    refuse_uncommitted(load_site(site.root))


def test_the_name_of_an_output_is_no_pattern(site: Site) -> None:
    (site.root / "rostra.toml").write_text('title = "Mill"\noutput = "*"\n')
    assert said(load_site(site.root)).startswith("site/rostra.toml is not committed")


def test_a_site_in_no_repository_has_nothing_to_commit(tmp_path: Path) -> None:
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    alone = load_site(tmp_path)
    refuse_uncommitted(alone)
    assert head(alone) is None
    assert not follows(alone, "0" * 40)


def test_a_commit_follows_itself_and_what_came_before_and_nothing_else_does(site: Site) -> None:
    first = head(site)
    assert first == git("rev-parse", "HEAD", at=site.root)
    git("commit", "-q", "--allow-empty", "-m", "More", at=site.root)
    second = head(site)
    git("checkout", "-q", "--detach", first or "", at=site.root)
    git("commit", "-q", "--allow-empty", "-m", "Aside", at=site.root)
    assert first
    assert second
    assert follows(site, first)
    assert not follows(site, second)
    assert follows(site, first, second)
    assert follows(site, second, second)
    assert not follows(site, second, first)
    assert not follows(site, "0" * 40)
    git("checkout", "-q", second, at=site.root)
    assert follows(site, first)


@pytest.mark.parametrize(
    "strange", ["HEAD", "main", "--all", "", "0" * 39, "0" * 41, "g" * 40, "A" * 40, " " + "0" * 39]
)
def test_only_whole_commit_ids_are_passed_to_git(site: Site, strange: str) -> None:
    here = head(site) or ""
    assert follows(site, here, here)
    assert not follows(site, strange)
    assert not follows(site, strange, here)
    assert not follows(site, here, strange)
