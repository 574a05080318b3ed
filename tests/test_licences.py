"""What Rostra needs to run may be used under licences that go with its own."""

from __future__ import annotations

import re
from email.message import Message
from importlib.metadata import packages_distributions

import pytest

import rooms
from licences import COMPATIBLE, licences, lines, needed


def test_every_dependency_may_be_used_by_a_package_that_is_mit() -> None:
    assert {line for line, wrong in lines() if wrong} == set()


def test_dependencies_of_dependencies_and_of_extras_are_looked_at() -> None:
    assert {
        "jinja2",
        "markupsafe",
        "s3fs",
        "botocore",
        "distributed",
    } <= needed().keys()
    assert {"pytest", "ruff", "rostra"}.isdisjoint(needed())


def declared() -> dict[str, str]:
    """What the package depends on, each with the reason beside it."""
    text = (rooms.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text.partition("\ndependencies = [\n")[2].partition("\n]")[0]
    return {line[1]: line[2] or "" for line in re.finditer(r'(?m)^  "([\w.-]+)[^"]*",(?: *# (.+))?$', block)}


def test_every_dependency_has_its_reason_and_is_imported() -> None:
    assert len(declared()) > 15
    assert [name for name, reason in declared().items() if not reason] == []
    source = "\n".join(path.read_text(encoding="utf-8") for path in rooms.modules())
    brought = {
        name: {re.sub(r"[-_.]+", "-", each).lower() for each in by} for name, by in packages_distributions().items()
    }
    for name in declared():
        modules = [module for module, by in brought.items() if re.sub(r"[-_.]+", "-", name).lower() in by]
        assert any(re.search(rf'(?:from|import) {module}\b|files\("{module}"\)', source) for module in modules), name


def metadata(**fields: str | list[str]) -> Message:
    message = Message()
    for name, said in fields.items():
        for each in [said] if isinstance(said, str) else said:
            message[name.replace("_", "-")] = each
    return message


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"License_Expression": "Apache-2.0 AND (MIT OR GPL-3.0-only)"}, {"Apache-2.0", "MIT", "GPL-3.0-only"}),
        ({"License_Expression": "MIT", "License": "GPL"}, {"MIT"}),
        ({"License": "BSD"}, {"BSD-3-Clause"}),
        ({"License": "Dual", "Classifier": ["Topic :: X", "License :: OSI Approved :: MIT License"]}, {"MIT"}),
        (
            {"License": "MIT", "Classifier": "License :: OSI Approved :: GNU General Public License (GPL)"},
            {"MIT", "GNU General Public License (GPL)"},
        ),
        (
            {"Classifier": "License :: OSI Approved :: GNU General Public License (GPL)"},
            {"GNU General Public License (GPL)"},
        ),
        ({"License": "My own words\nand more"}, {"My own words"}),
        ({}, {"none is named"}),
    ],
)
def test_a_licence_is_what_metadata_says(fields: dict[str, str | list[str]], found: set[str]) -> None:
    assert licences(metadata(**fields)) == found


def test_what_may_not_be_used_is_not_taken_for_compatible() -> None:
    for fields in (
        {"License_Expression": "GPL-3.0-only"},
        {"License": "AGPL"},
        {},
        {"License_Expression": "MIT AND LGPL-3.0-only"},
    ):
        assert licences(metadata(**fields)) - COMPATIBLE
