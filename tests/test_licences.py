"""What Rostra needs to run may be used under licences that go with its own."""

from __future__ import annotations

from email.message import Message

import pytest

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
        "font-source-serif-pro",
    } <= needed().keys()
    assert {"pytest", "ruff", "rostra"}.isdisjoint(needed())


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
