"""What is written down of mutants fits the modules and tests that there are."""

from __future__ import annotations

import tomllib
from collections import Counter

import pytest

from mutants import EXPLAINED, PACKAGE, ROOT, explained
from support.program_mutations import keys

TESTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutants"]


@pytest.mark.parametrize("module", sorted(explained()))
def test_each_explanation_is_of_one_mutant(module: str) -> None:
    fits = Counter(keys((PACKAGE / f"{module}.py").read_text(encoding="utf-8")))
    known = [(each["where"], each["was"], each["now"]) for each in explained()[module]]
    assert [key for key in known if fits[key] != 1] == []
    assert len(set(known)) == len(known)
    assert all(each["why"] for each in explained()[module]), EXPLAINED


@pytest.mark.parametrize("module", sorted(TESTS))
def test_each_module_and_its_tests_exist(module: str) -> None:
    assert (PACKAGE / f"{module}.py").is_file()
    assert TESTS[module]
    assert [path for path in TESTS[module] if not (ROOT / path).is_file()] == []


def test_what_is_explained_is_examined() -> None:
    assert explained().keys() <= TESTS.keys()
