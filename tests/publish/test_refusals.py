"""Whether what a branch holds may be replaced: every combination of who made it, when, and what was changed since."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from rostra.errors import RostraError
from rostra.publish import mark, trust
from rostra.publish.contents import Contents
from rostra.publish.difference import Difference
from rostra.publish.mark import PublishMark
from rostra.publish.remote import Tip
from rostra.publish.trust import contents, refuse_strange, replaces

COMMIT = "abcdef0123456789"
CHANGED = Difference(changed=("index.html",))
SAME = Difference()
KNOWN = {("old", "HEAD"), ("new", "HEAD"), ("old", "new"), ("old", "old"), ("new", "new")}
"""Which source commit precedes which: old, then new, then what is here."""


def refused(
    tip: Tip, *, since: Difference | None = None, published: str | None = "made", before: str | None = "old",
    here: bool = True, replace: str | None = None,
) -> str | None:  # fmt: skip
    """The refusal of a branch that differs by ``since`` from what was ``published`` from here, of the commit ``before``."""
    remote: Any = SimpleNamespace(
        branch="pages",
        source=object() if here else None,
        published=lambda _: published,
        changes=lambda _made, _tip: since,
        mark=lambda _: PublishMark(version="0", source=before) if before != "no mark" else None,
    )
    try:
        refuse_strange(None, remote, tip, replace)  # type: ignore[arg-type]  # asked of follows alone
    except RostraError as error:
        return str(error)
    return None


def tip(source: str | None = "old", *, signed: bool = True, ours: bool = True, version: str = "0") -> Tip:
    made = PublishMark(version=version, source=source) if ours else None
    return Tip(commit=COMMIT, subject="A commit", signed=signed, mark=made)


@pytest.fixture(autouse=True)
def _history(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mark, "__version__", "1.0")

    def follows(_site: object, commit: str, later: str = "HEAD") -> bool:
        assert isinstance(commit, str)
        assert isinstance(later, str)
        return (commit, later) in KNOWN

    monkeypatch.setattr(trust, "follows", follows)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"tip": tip(), "since": SAME}, None),
        ({"tip": tip(), "published": None}, None),
        ({"tip": tip(version="1.1"), "since": SAME}, "published last, and this is 1.0"),
        ({"tip": tip(version="1.1"), "since": SAME, "replace": COMMIT}, "published last, and this is 1.0"),
        # Not ours.
        ({"tip": tip(ours=False), "published": None}, "Rostra did not make the branch 'pages': its last commit is 'A commit'"),
        ({"tip": tip(ours=False), "since": None}, "Rostra did not make the branch"),
        ({"tip": tip(ours=False), "since": CHANGED}, "somebody else committed 'A commit' to 'pages' .*: 1 changed"),
        ({"tip": tip(ours=False), "since": SAME}, "somebody else committed 'A commit' to 'pages' after it was published\n"),
        ({"tip": tip(ours=False), "published": None, "replace": COMMIT[:7]}, None),
        # Ours, and not signed: that is enough only if nothing changed.
        ({"tip": tip(signed=False), "since": SAME}, None),
        ({"tip": tip(signed=False), "since": CHANGED}, "somebody else committed"),
        ({"tip": tip(signed=False), "published": None}, "somebody else committed"),
        # From a source that is not known here.
        ({"tip": tip(ours=False), "published": None, "since": CHANGED}, "Rostra did not make the branch"),
        ({"tip": tip(COMMIT), "since": SAME}, "built from abcdef012345, which is not among the commits here"),
        ({"tip": tip("other"), "since": SAME, "here": False}, None),
        ({"tip": tip(None), "since": SAME}, None),
        # Changed since it was published from here: only a later source explains that.
        ({"tip": tip("new"), "since": CHANGED}, None),
        ({"tip": tip("old"), "since": CHANGED}, "'pages' is not as it was published from here: 1 changed"),
        ({"tip": tip("old"), "since": CHANGED, "before": "new"}, "is not as it was published from here"),
        ({"tip": tip("new"), "since": CHANGED, "before": None}, "is not as it was published from here"),
        ({"tip": tip("new"), "since": CHANGED, "before": "no mark"}, "is not as it was published from here"),
        ({"tip": tip(None), "since": CHANGED}, "is not as it was published from here"),
        ({"tip": tip("old"), "since": CHANGED, "replace": COMMIT}, None),
    ],
)  # fmt: skip
def test_what_is_not_known_to_be_ours_is_refused(given: dict[str, Any], said: str | None) -> None:
    found = refused(given.pop("tip"), **given)
    assert (found is None) == (said is None), found
    if said and found:
        assert re.search(said, found)
        assert f"--replace {COMMIT[:12]}`" in found or "install Rostra 1.1" in found


@pytest.mark.parametrize(
    ("replace", "same"),
    [(None, False), ("abcdef", False), ("abcdef0", True), (COMMIT, True), ("bcdef01", False), (f"{COMMIT}0", False)],
)
def test_a_commit_is_named_by_seven_digits_or_more(replace: str | None, same: bool) -> None:
    assert replaces(tip(), replace) == same


@pytest.mark.parametrize(
    ("published", "since", "differs", "replace", "way"),
    [
        ("made", SAME, CHANGED, None, "trusted"),
        ("made", CHANGED, SAME, None, "verified"),
        ("made", CHANGED, CHANGED, None, None),
        (None, None, SAME, None, "verified"),
        (None, None, CHANGED, None, None),
        (None, None, CHANGED, COMMIT, "verified"),
    ],
)
def test_without_a_record_every_file_is_compared_with_the_list(
    monkeypatch: pytest.MonkeyPatch,
    published: str | None,
    since: Difference | None,
    differs: Difference,
    replace: str | None,
    way: str | None,
) -> None:
    remote: Any = SimpleNamespace(branch="pages", git=None, published=lambda _: published, changes=lambda *_: since)
    site: Any = SimpleNamespace(output=None)
    monkeypatch.setattr(trust, "trusted", lambda *_: Contents(files={"trusted": ""}))
    monkeypatch.setattr(trust, "verified", lambda *_: Contents(files={"verified": ""}, differs=differs))
    if way:
        assert list(contents(site, remote, tip(), {}, replace).files) == [way]
        return
    with pytest.raises(
        RostraError, match=r"'pages' does not hold what its SHA256SUMS lists: 1 changed \(index"
    ) as raised:
        contents(site, remote, tip(), {}, replace)
    assert f"--replace {COMMIT[:12]}`" in (raised.value.hint or "")
