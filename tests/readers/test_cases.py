"""Cases of every format: a dump, and the tree that it becomes.

``FORMAT/NAME.tree`` begins with ``dump: PATH`` (from the folder of the tree); the other lines are what
``thread_lines.shown`` returns for each thread.
"""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest

from rostra.config.cards import Card
from rostra.editorial.edition import edit
from rostra.errors import RostraError
from rostra.ingest.dump_threads import read_threads
from rostra.ingest.inspection import inspections
from rostra.readers import SURE, Dump, choose, readers
from support.thread_lines import shown

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("*/*.tree"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.stem}")
def test_a_dump_becomes_its_tree(case: Path) -> None:
    head, _, expected = case.read_text(encoding="utf-8").partition("\n")
    dump = case.parent / head.removeprefix("dump: ")
    assert case.parent.name == choose(Dump(dump)).NAME
    lines = [line for edition in inspections(dump) for line in shown(edition)]
    assert lines == expected.strip("\n").split("\n")


def test_every_format_has_cases() -> None:
    assert {name for name in readers() if not any((HERE / name).glob("*.*"))} == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.stem}")
def test_no_other_format_is_as_sure_of_it(case: Path) -> None:
    dump = Dump(case.parent / case.read_text(encoding="utf-8").partition("\n")[0].removeprefix("dump: "))
    others = {name: reader.recognise(dump) for name, reader in readers().items() if name != case.parent.name}
    assert {name for name, value in others.items() if value >= SURE} == set()


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.stem}")
def test_wherever_it_is_damaged_only_our_own_error_comes_out(case: Path, seed: int, tmp_path: Path) -> None:
    dump = case.parent / case.read_text(encoding="utf-8").partition("\n")[0].removeprefix("dump: ")
    copy = tmp_path / dump.name
    if dump.is_dir():
        shutil.copytree(dump, copy)
    else:
        shutil.copy(dump, copy)
    chance = random.Random(f"{case.stem} {seed}")
    for path in sorted(copy.rglob("*")) if dump.is_dir() else [copy]:
        if path.is_file():
            path.write_bytes(damaged(path.read_bytes(), chance))
    try:
        for edition in (edit(thread) for thread in read_threads(Dump(copy), Card(format=case.parent.name))):
            assert edition.posts
    except RostraError as error:
        assert error.hint  # noqa: PT017  # either outcome is right, a third is not


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, a piece repeated, swapped for another type of value, or the end cut off."""
    spoiled = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(spoiled) or 1)
        match chance.randrange(5):
            case 0:
                spoiled[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                spoiled[at : at + 20] = b""
            case 2:
                spoiled[at:at] = spoiled[at : at + 40] * 2
            case 3:
                found = [m.span() for m in re.finditer(rb'"[^"\\\n]*"(?!:)|\d+|null', bytes(spoiled))]
                if found:
                    start, end = chance.choice(found)
                    spoiled[start:end] = chance.choice([b"null", b"7", b"[]", b"{}", b'""', b'"x"', b"-1e400", b"true"])
            case _:
                spoiled = spoiled[: len(spoiled) - chance.randrange(len(spoiled) // 3 or 1)]
    return bytes(spoiled)
