"""The messages of the interface, found where they are said by the rules that translators use."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
EXTRACT = re.search(r"`(pybabel extract .*?)`", (ROOT / "pyproject.toml").read_text())


@cache
def said() -> tuple[Message, ...]:
    """Every message, each once."""
    assert EXTRACT
    command = EXTRACT[1].replace("pyproject.toml", str(ROOT / "pyproject.toml")).split()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "messages.pot"
        CommandLineInterface().run(["pybabel", "-q", *command[1:], "-o", str(file), str(ROOT)])
        with file.open("rb") as opened:
            return tuple(message for message in read_po(opened) if message.id)


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as opened:
        return read_po(opened, abort_invalid=True)


def key(message: Message) -> str:
    """What a catalogue knows a message by: of one in numbers, the singular."""
    return message.id[0] if isinstance(message.id, tuple) else message.id


def strings(message: Message) -> list[str]:
    """What a catalogue says for a message, in each of its numbers."""
    return list(message.string) if isinstance(message.string, tuple) else [message.string]  # type: ignore[list-item]  # text, says Babel's own documentation
