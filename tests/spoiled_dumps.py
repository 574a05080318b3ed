"""Dumps that are spoiled by chance, and what must hold of them all the same.

    python tests/spoiled_dumps.py 2000 [FORMAT…]

tries that many mutations of each case of a format and prints what does not hold; the suite tries a few.
"""

from __future__ import annotations

import copy
import json
import random
import re
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rostra.config.cards import Card
from rostra.editorial.edition import edit
from rostra.errors import RostraError
from rostra.ingest.dump_threads import read_threads
from rostra.readers import Dump
from rostra.render.thread_json import encode_document

CASES = Path(__file__).parent / "readers"
JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 10**20, -(10**30), 10**5000 - 1, 1.5, 1e300, float("nan"),
    float("inf"), "", " ", "\0", "a\0b", "\ud83d", "x\udc00\ud83d", "\ud83d\ude00", "\x1b[31m\x0c\x08", "\ufffe\uffff", "￿", "y" * 30_000,
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2024-01-01T00:00:00+00:00:30", "2024-02-30T00:00:00Z",
    "2024-03-04T09:00:00", 253402300800, -62135596801, 1e18, [], {}, [None], [[]], {"": ""}, ["a list of words"], {"x": "an object of words"},
    [{"id": {}}], "<b>bold words of html", "[quote", "http://[", "javascript:alert(1)", "../../x", "-" * 5, "١٢", "null",
)  # fmt: skip
"""What takes the place of a value."""
KEYS = ("", "id", "\ud83d", "\0", "title", "parent")
BYTES = (
    b"",
    b"\0",
    b"\xff",
    b"\xed\xa0\xbd",
    b"\xef\xbb\xbf",
    b"\r",
    b"\n",
    b"\n\nFrom x Mon Mar  4 09:00:00 2024\n",
    b'"',
    b"<",
    b"]",
    b"}",
    b"{",
    b"\x1f\x8b",
    b"&#xD83D;",
    b"\\ud83d",
    b"9" * 5000,
)


def samples() -> list[tuple[str, Path]]:
    """The dump of every case of a format, with the format's name; those below ``seeds/`` are among them."""
    heads = ((case, case.read_text(encoding="utf-8").partition("\n")[0]) for case in sorted(CASES.glob("*/*.tree")))
    return [(case.parent.name, (case.parent / head.removeprefix("dump: ")).resolve()) for case, head in heads]


def spoiled(text: bytes, chance: random.Random) -> bytes:
    """The content of a file with one value of its JSON replaced, or with bytes changed."""
    if chance.random() < 0.7 and (value := _lines(text)) is not None:
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            value = _replaced(value, chance)
        with _digits_unlimited():
            lines = [json.dumps(each, ensure_ascii=chance.random() < 0.7) for each in value]
        return "\n".join(lines).encode("utf-8", "surrogatepass")
    data = bytearray(text)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(6):
            case 0:
                del data[at:]
            case 1:
                data[at:at] = chance.choice(BYTES)
            case 2:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 3:
                del data[at : at + chance.randrange(1, 60)]
            case 4:
                data[at:at] = data[at : at + chance.randrange(1, 200)] * 2
            case _:
                return (
                    bytes(data)
                    .decode("utf-8", "replace")
                    .encode(chance.choice(("utf-16", "utf-32", "utf-16-le", "latin-1", "utf-8-sig")), "replace")
                )
    return bytes(data)


@contextmanager
def _digits_unlimited() -> Iterator[None]:
    """Let Python write integers that it would not read; what reads them afterwards has the usual limit."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(limit)


def _lines(text: bytes) -> list[Any] | None:
    try:
        return [json.loads(text)]
    except ValueError:
        pass
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        return None


def _replaced(value: Any, chance: random.Random) -> Any:
    """A value in which one place holds something else."""
    places = [(None, None), *_places(value)]
    holder, key = chance.choice(places[1:] or places)
    if holder is None:
        return value
    match chance.randrange(8):
        case 0:
            if isinstance(holder, dict):
                del holder[key]
            else:
                holder.pop(key)
        case 1 if isinstance(holder, dict):
            holder[chance.choice(KEYS)] = holder.pop(key)
        case 2:
            holder[key] = [holder[key]]
        case 3:
            holder[key] = {"x": holder[key]}
        case 4:
            other, name = chance.choice(places[1:])
            holder[key] = copy.deepcopy(other[name])
        case _:
            holder[key] = chance.choice(JUNK)
    return value


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    stack = [value]
    while stack:
        here = stack.pop()
        inner = (
            list(here.items()) if isinstance(here, dict) else list(enumerate(here)) if isinstance(here, list) else []
        )
        found += ((here, key) for key, _ in inner)
        stack += (each for _, each in inner)
    return found


class Seen:
    """What was read of a dump: all that it shows, as letters, and its problems."""

    def __init__(self, dump: Path, format: str | None = None) -> None:
        self.failure: RostraError | None = None
        self.problems: Counter[str] = Counter()
        shown: list[str] = []
        try:
            for thread in read_threads(Dump(dump), Card(format=format)):
                edition = edit(thread)
                encode_document(edition)
                self.problems.update(problem.code for problem in edition.problems)
                shown += (thread.title, *thread.tags)
                for each in edition.posts:
                    raw = each.post.raw
                    files = [part for file in raw.attachments for part in (file.name, file.url or "")]
                    notes = [note.text for note in each.body.notes]
                    shown += (
                        each.body.text,
                        raw.title or "",
                        raw.note or "",
                        raw.author.name if raw.author else "",
                        raw.created_text or "",
                        *files,
                        *notes,
                    )
        except RostraError as error:
            self.failure = error
        self.letters = letters(" ".join(shown))


def letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", re.sub(r"<[^<>]*>|&\w+;", " ", text)).casefold()


def content(path: Path) -> tuple[Counter[str], list[str]]:
    """The names in the JSON of a file or folder, and the runs of words in its texts that say something."""
    names, runs = Counter[str](), []
    for file in [path] if path.is_file() else sorted(path.rglob("*.json*")):
        for holder, key in _places(_lines(file.read_bytes()) or []):
            names[str(key)] += isinstance(holder, dict)
            if isinstance(holder[key], str):
                runs += (
                    run for run in re.split(r"<[^<>]*>|&\w+;|[*_`>\[\]#|{}\n]", holder[key]) if len(run.split()) >= 3
                )
    return names, runs


def wrong(format: str, sample: Path, before: Seen, seed: int, folder: Path) -> str | None:
    """What does not hold of a sample that was spoiled with a seed; None where all does."""
    chance = random.Random(f"{sample.name} {seed}")
    copy = folder / sample.name
    if sample.is_dir():
        shutil.copytree(sample, copy)
    else:
        shutil.copy(sample, copy)
    files = sorted(path for path in ([copy] if copy.is_file() else copy.rglob("*")) if path.is_file())
    file = chance.choice(files)
    file.write_bytes(spoiled(file.read_bytes(), chance))
    try:
        after = Seen(copy, format if chance.random() < 0.5 else None)
    except Exception:  # noqa: BLE001  # it is what is looked for
        return traceback.format_exc()
    if after.failure is not None:
        return None if after.failure.hint else f"no hint: {after.failure}"
    if after.problems - before.problems:
        return None
    (names, _), (after_names, runs) = content(sample), content(copy)
    if after_names - names - Counter({"x": 9}):
        return None  # what stands in a field of another name is no longer known to be said
    lost = [run for run in runs if letters(run) in before.letters and letters(run) not in after.letters]
    return f"lost in silence: {lost[0][:80]!r}" if lost else None


def main() -> None:
    count, only = int(sys.argv[1]), sys.argv[2:]
    for format, sample in samples():
        if only and format not in only:
            continue
        before, found = Seen(sample), Counter[str]()
        for seed in range(count):
            with tempfile.TemporaryDirectory() as folder:
                said = wrong(format, sample, before, seed, Path(folder))
            if said and not found[key := said if said.startswith("lost") else said.strip().splitlines()[-1][:60]]:
                print(f"{format}/{sample.name} {seed}: {said}", flush=True)
            if said:
                found[key] += 1
        print(f"{format}/{sample.name}: {count} mutations, {sum(found.values())} wrong", flush=True)


if __name__ == "__main__":
    main()
