"""A site is published only as it was built last, from what is there now, with nothing wrong; else the remedy is told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rostra.check import CheckReport
from rostra.check.findings import RULES, Finding
from rostra.config.build_record import note
from rostra.config.site import LEDGER, Site, load_site
from rostra.errors import RostraError
from rostra.output.journal import JOURNAL
from rostra.output.manifest import MANIFEST
from rostra.publish import ready
from rostra.publish.ready import NAMED, refuse_unready
from support.plain_site import fill

BUILT = 1_000_000_000_000_000_000
"""When the site was built, in nanoseconds."""


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """What a check finds."""
    findings: list[Finding] = []

    def check(_: Site, **how: bool) -> CheckReport:
        # Failures of the build are told before, and what was not touched since needs no reading.
        assert how == {"trust": True, "despite_failures": True}
        return CheckReport(files=0, pages=0, size=0, findings=tuple(findings), outside=())

    monkeypatch.setattr(ready, "check", check)
    return findings


@pytest.fixture
def site(tmp_path: Path, found: list[Finding]) -> Site:
    """A site whose sources are as old as its output."""
    folder = tmp_path / "site"
    fill(folder, {"rostra.toml": b'title = "Mill"\n', "content/a/b.txt": b"x", "content/a.toml": b"", "layouts/page.html": b"x",
                  ".rostra/built": b"", f"public/{MANIFEST}": b"x", LEDGER: b"x", "README": b"x", "keys/a.key": b"x"})  # fmt: skip
    for path in folder.rglob("*"):
        os.utime(path, ns=(BUILT, BUILT))
    return load_site(folder)


def touch(site: Site, path: str, later: int = 1) -> None:
    """Have a file be changed so many nanoseconds after the build."""
    fill(site.root, {path: b"changed"})
    os.utime(site.root / path, ns=(BUILT + later, BUILT + later))


def refusal(site: Site, *, despite: bool = False) -> RostraError:
    with pytest.raises(RostraError) as raised:
        refuse_unready(site, despite_failures=despite)
    assert raised.value.hint
    return raised.value


def test_what_is_as_it_was_built_is_ready(site: Site) -> None:
    refuse_unready(site)
    touch(site, LEDGER)
    touch(site, "README")
    touch(site, "keys/a.key")
    touch(site, "content/.git/index")
    touch(site, "public/index.html")
    (site.root / "notes.toml").mkdir()
    refuse_unready(site)


def test_what_is_not_built_is_refused(site: Site) -> None:
    (site.output / MANIFEST).unlink()
    refused = refusal(site)
    assert (refused.message, refused.path, refused.hint) == ("the site is not built", "public", "run `rostra build`")
    (site.output / MANIFEST).mkdir()
    assert refusal(site).message == "the site is not built"


def test_what_is_being_placed_is_refused(site: Site) -> None:
    (site.cache / JOURNAL).touch()
    assert refusal(site).message == "a build did not finish placing files"


@pytest.mark.parametrize("path", ["rostra.toml", "redactions.toml", "pseudonyms.key", "content/a/b.txt", "content/new.md", "layouts/styles/x.css", "content/a/z/deep.txt"])  # fmt: skip
def test_what_was_changed_after_the_build_is_named(site: Site, path: str) -> None:
    touch(site, path, 0)
    if path == "rostra.toml":
        (site.root / path).write_text('title = "Mill"\n')
    os.utime(site.root / path, ns=(BUILT, BUILT))
    refuse_unready(site)
    os.utime(site.root / path, ns=(BUILT + 1, BUILT + 1))
    refused = refusal(site)
    assert (refused.message, refused.path) == ("this was changed after the site was built", path)
    assert refused.hint == "run `rostra build`"


def test_of_several_changes_the_first_is_named(site: Site) -> None:
    def named() -> str | None:
        return refusal(site).path

    for path in ("layouts/page.html", "content/b/z.txt", "content/b/y.txt", "content/a/b.txt", "content/y.txt", "content/x.txt", "z.toml", "b.toml"):  # fmt: skip
        touch(site, path)
        assert named() == path


def test_a_source_elsewhere_is_named_by_its_place(site: Site, tmp_path: Path) -> None:
    fill(tmp_path / "dumps", {"a.txt": b"x"})
    os.utime(tmp_path / "dumps/a.txt", ns=(BUILT + 1, BUILT + 1))
    (site.root / "rostra.toml").write_text(f'title = "Mill"\ncontent = ["{tmp_path}/dumps"]\n')
    os.utime(site.root / "rostra.toml", ns=(BUILT, BUILT))
    assert refusal(load_site(site.root)).path == f"{tmp_path}/dumps/a.txt"


def test_a_link_that_leads_nowhere_is_no_change(site: Site) -> None:
    """As an editor leaves one beside each file that is open."""
    (site.root / "content/.#b.txt").symlink_to("ada@mill.1234")
    refuse_unready(site)


def test_when_it_was_built_is_noted_or_told_by_the_list(site: Site) -> None:
    touch(site, "content/a/b.txt", 5)
    os.utime(site.output / MANIFEST, ns=(BUILT + 5, BUILT + 5))
    # What is placed at the end says nothing of when the build began.
    assert refusal(site).path == "content/a/b.txt"
    (site.cache / "built").unlink()
    refuse_unready(site)
    (site.cache / "built").mkdir()
    os.utime(site.cache / "built", ns=(BUILT, BUILT))
    refuse_unready(site)


def failures(*paths: str | None) -> tuple[RostraError, ...]:
    return tuple(RostraError(f"wrong {n}", path=path, line=n or None, hint="mend") for n, path in enumerate(paths))


def test_a_build_that_failed_is_published_on_request_only(site: Site) -> None:
    note(site, failures("content/a", "content/b"), BUILT + 3)
    refused = refusal(site)
    assert refused.message == "the last build failed on this: wrong 0; and on content/b"
    assert (refused.path, refused.line) == ("content/a", None)
    assert "`--despite-failures`" in (refused.hint or "")
    with pytest.raises(RostraError, match="the last build failed"):
        refuse_unready(site)
    refuse_unready(site, despite_failures=True)
    # It began later than the last that was good.
    touch(site, "content/a/b.txt", 3)
    refuse_unready(site, despite_failures=True)
    touch(site, "content/a/b.txt", 4)
    assert refusal(site, despite=True).path == "content/a/b.txt"


@pytest.mark.parametrize(
    ("paths", "also"),
    [
        (("a",), ""), (("a", "a", "a"), ""), (("a", "b", "b", "a"), "; and on b"), ((None, None), "; and on wrong 1"),
        (("a", None, "c"), "; and on wrong 1, c"), ((None, "b"), "; and on b"),
        (("a", *map(str, range(NAMED))), "; and on 0, 1, 2, 3, 4"), (("a", *map(str, range(NAMED + 1))), "; and on 0, 1, 2, 3, 4 and 1 more"),
        (("a", *map(str, range(NAMED + 2))), "; and on 0, 1, 2, 3, 4 and 2 more"),
    ],
)  # fmt: skip
def test_other_failures_are_named_as_far_as_a_reader_reads(
    site: Site, paths: tuple[str | None, ...], also: str
) -> None:
    note(site, failures(*paths), BUILT)
    assert refusal(site).message == f"the last build failed on this: wrong 0{also}"
    note(site, tuple(reversed(failures("a", "b"))), BUILT)
    assert (refusal(site).path, refusal(site).line) == ("b", 1)


def test_what_a_check_finds_wrong_is_told_with_how_much_more_there_is(site: Site, found: list[Finding]) -> None:
    assert RULES["folder-link"].level == "warning"
    found.append(Finding("a.html", 1, "folder-link", "to a folder"))
    refuse_unready(site)
    found.append(Finding("b.html", 3, "broken-link", "to nowhere"))
    refused = refusal(site)
    assert (refused.message, refused.path, refused.line) == ("to nowhere [broken-link]", "public/b.html", 3)
    assert "`rostra check`" in (refused.hint or "")
    found.append(Finding("c.html", 0, "broken-link", "to somewhere"))
    assert refusal(site).message == "to nowhere [broken-link], and 1 more"
    found.append(Finding("c.html", 0, "broken-link", "to somewhere"))
    assert refusal(site).message == "to nowhere [broken-link], and 2 more"
    del found[1]
    assert (refusal(site).message, refusal(site).line) == ("to somewhere [broken-link], and 1 more", None)


def test_a_limit_of_the_host_comes_first_with_its_own_remedy(site: Site, found: list[Finding]) -> None:
    errors = sorted(code for code, rule in RULES.items() if code.startswith("host-") and rule.level == "error")
    warnings = sorted(code for code, rule in RULES.items() if code.startswith("host-") and rule.level != "error")
    found += [Finding("", 0, code, "it is much; mind it") for code in warnings]
    refuse_unready(site)
    found += [Finding("b.html", 3, "broken-link", "to nowhere")]
    assert refusal(site).path == "public/b.html"
    found += [Finding("", 0, errors[0], "it is too much; publish less; or elsewhere")]
    refused = refusal(site)
    assert (refused.message, refused.path, refused.hint) == ("it is too much", "public", "publish less; or elsewhere")
    assert warnings
