"""Each catalogue says everything, and says it well."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.interface_messages import ROOT, catalogue, key, said, strings

CATALOGUES = sorted((ROOT / "layouts/words").glob("*.po"))
TAG = re.compile(r"<[^>]*>")
PLACE = re.compile(r"%\((\w+)\)s")
FOUND_IN = re.search(r'method = "python", pattern = \[(.*?)\]', (ROOT / "pyproject.toml").read_text(), re.DOTALL)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_catalogue_has_every_message_and_no_other(path: Path) -> None:
    found = {key(message): message for message in catalogue(path) if message.id}
    assert not [id for id, message in found.items() if message.fuzzy]
    assert {key(message): "is said, and not in the catalogue" for message in said() if key(message) not in found} == {}
    assert dict.fromkeys(found.keys() - {key(m) for m in said()}, "is in the catalogue, and said nowhere") == {}
    assert [id for id, message in found.items() if not all(strings(message))] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_has_its_message_s_places_and_markup(path: Path) -> None:
    read = catalogue(path)
    assert [error for message in read for error in message.check(read)] == []
    for message in read:
        for string in strings(message) if message.id else []:
            assert TAG.findall(string) == TAG.findall(key(message)), key(message)
            # One may be said as a word.
            lost = set(PLACE.findall(message.id[-1] if isinstance(message.id, tuple) else key(message)))
            assert lost - set(PLACE.findall(string)) <= {"num"}, key(message)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_catalogue_has_the_order_of_the_command_that_updates_it(path: Path) -> None:
    """An entry that stands elsewhere would move with the next update, among the changes that somebody has to read."""
    found = [key(message) for message in catalogue(path)]
    assert found == sorted(found)


def test_german_is_set_as_printers_set_it() -> None:
    for message in catalogue(ROOT / "layouts/words/de.po"):
        for string in strings(message) if message.id else []:
            text = TAG.sub("", PLACE.sub("x", string))
            assert not re.search(r"""["'`”]|\.\.\.|--|  | [-.,;:!?]|„[^“]*$""", text), text
            assert text.endswith(".") == key(message).endswith("."), text


def test_whatever_says_something_is_looked_through() -> None:
    assert FOUND_IN
    patterns = [pattern.strip(' "\n') for pattern in FOUND_IN[1].split(",") if pattern.strip()]
    saying = {
        path.relative_to(ROOT)
        for path in (ROOT / "generator/rostra").rglob("*.py")
        if re.search(r"\bwords\.(say|count)\(|\blater\(", path.read_text()) and path.stem != "catalogue"
    }
    assert {path for path in saying if not any(path.match(pattern.replace("**", "*")) for pattern in patterns)} == set()
