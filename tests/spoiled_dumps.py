"""Dumps that are spoiled by chance, and what must hold of them all the same.

    python tests/spoiled_dumps.py 2000 [FORMAT…]
    python tests/spoiled_dumps.py 120s [FORMAT…]
    python tests/spoiled_dumps.py 120s@5000 [FORMAT…]

tries that many mutations of each case of a format, or for that many seconds a format, with seeds from 5000 on, and prints what does not hold:
whatever is no error of ours, takes longer than HANGS seconds, or loses words without a problem.  The suite tries a few.
Mutations are of bytes, of single values, and of the structure: containers get other names, lists are cut, records are
doubled, wrapped or moved.
"""

from __future__ import annotations

import copy
import json
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, islice, takewhile
from pathlib import Path
from typing import Any

from rostra.config.cards import Card
from rostra.crossrefs.incoming import Around
from rostra.editorial.edition import edit
from rostra.errors import RostraError
from rostra.ingest.dump_threads import read_threads
from rostra.readers import Dump
from rostra.render.thread_json import encode_document

CASES = Path(__file__).parent / "readers"
HANGS = 20
"""Seconds after which a small dump is taken for one that hangs."""
JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 10**20, -(10**30), 10**5000 - 1, 1.5, 1e300, float("nan"),
    float("inf"), "", " ", "\0", "a\0b", "\ud83d", "x\udc00\ud83d", "\ud83d\ude00", "\x1b[31m\x0c\x08", "\ufffe\uffff", "￿", "y" * 30_000,
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2024-01-01T00:00:00+00:00:30", "2024-02-30T00:00:00Z",
    "2024-03-04T09:00:00", 253402300800, -62135596801, 1e18, [], {}, [None], [[]], {"": ""}, ["a list of words"], {"x": "an object of words"},
    [{"id": {}}], "<b>bold words of html", "[quote", "http://[", "javascript:alert(1)", "../../x", "-" * 5, "١٢", "null",
)  # fmt: skip
"""What takes the place of a value."""
TAG = r"<(?=[A-Za-z/!])[^>]*>"
"""What a browser takes for a tag, also with a ``<`` in it."""
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


def copied(folder: Path) -> list[tuple[str, Path]]:
    """The dumps of the cases of copied text, each with a file of its own in a folder."""
    found = []
    for case in sorted(CASES.glob("*/*.case")):
        path = folder / f"{case.parent.name}-{case.stem}.txt"
        path.write_text(case.read_text(encoding="utf-8").partition("\n=====")[0] + "\n", encoding="utf-8")
        found.append(("text", path))
    return found


def spoiled(text: bytes, chance: random.Random) -> bytes:
    """The content of a file with one value of its JSON replaced, or with bytes changed."""
    if chance.random() < 0.7 and (value := _lines(text)) is not None:
        for _ in range(chance.choice((1, 1, 1, 2, 4))):
            value = _restructured(value, chance) if chance.random() < 0.3 else _replaced(value, chance)
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
            holder[key] = copy.deepcopy(chance.choice(JUNK))
    return value


def _restructured(value: Any, chance: random.Random) -> Any:
    """A value in which a container has another name, or holds less, more or something else around it."""
    containers = [
        (holder, key) for holder, key in _places(value) if isinstance(holder[key], list | dict) and holder[key]
    ]
    if not containers:
        return value
    holder, key = chance.choice(containers)
    held = holder[key]
    match chance.randrange(6):
        case 0 if isinstance(holder, dict):
            holder[f"{key}_of_old"] = holder.pop(key)
        case 1 if isinstance(held, list):
            del held[chance.randrange(len(held)) :]
        case 2 if isinstance(held, list):
            held.insert(chance.randrange(len(held) + 1), copy.deepcopy(chance.choice(held)))
        case 3 if isinstance(held, list):
            chance.shuffle(held)
        case 4:
            holder[key] = {"data": held}
        case _:
            other, name = chance.choice(containers)
            if isinstance(other[name], list):
                other[name].append(copy.deepcopy(held))
            elif isinstance(other[name], dict):
                other[name]["of_old"] = copy.deepcopy(held)
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


class HangsError(BaseException):
    """A dump takes too long; nothing that makes other exceptions a failure of one thread catches it."""


class Seen:
    """What was read of a dump: all that it shows, as letters, and its problems."""

    def __init__(self, dump: Path, format: str | None = None) -> None:
        self.failure: RostraError | None = None
        self.crashes: list[RostraError] = []
        self.gone = self.timed = 0
        self.problems: Counter[str] = Counter()
        self.told: Counter[tuple[str, str]] = Counter()
        shown: list[str] = []
        given = Dump(dump)
        try:
            for thread in read_threads(given, Card(format=format, publish_private=True)):
                edition = edit(thread)
                encode_document(Around().complete(edition))
                self.problems.update(problem.code for problem in edition.problems)
                self.told.update((problem.code, problem.message) for problem in edition.problems)
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
                self.timed += sum(bool(each.post.raw.created or each.post.raw.created_local) for each in edition.posts)
                self.gone += sum(each.post.raw.kind in ("deleted", "removed") for each in edition.posts)
            self.crashes = given.failures
            if not shown:
                self.problems.update(problem.code for problem in given.withheld)
                self.told.update((problem.code, problem.message) for problem in given.withheld)
        except RostraError as error:
            self.failure = error
        self.letters = "".join(map(letters, shown))


def letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", re.sub(rf"{TAG}|&\w+;", " ", text)).casefold()


def texts(path: Path) -> list[str]:
    """The texts in the JSON of a file or folder, without ids, which are no words, and without the "Re:" of a title."""
    return [
        holder[key].removeprefix("Re: ")
        for file in ([path] if path.is_file() else sorted(path.rglob("*.*json*")))
        for holder, key in _places(_lines(file.read_bytes()) or [])
        if isinstance(holder[key], str) and key not in ("id", "parent")
    ]


def lost(sample: Path, before: Seen, copy: Path, after: Seen) -> Iterator[str]:
    """Yield the runs of three words or more of a spoiled copy that were shown and no longer are.

    A run of which the mutation removed a copy is none of them: the copies that are left may never have been shown,
    such as the same words in another form, or in a post that is left out.  What the copy shows without the columns
    of moderators is left out because of them, which is told.
    """
    had, left = (Counter(map(letters, texts(path))) for path in (sample, copy))
    unmoderated = _unmoderated(copy) if after.problems.keys() & {"not-approved", "taken-out"} else ""
    for text in texts(copy):
        for run in re.split(rf"{TAG}|&\w+;|[*_`>\[\]#|{{}}\n<]", text):
            said = letters(run)
            if (
                sum(bool(letters(each)) for each in run.split()) < 3
                or said not in before.letters
                or said in after.letters
            ):
                continue
            if _copies(said, left) >= _copies(said, had) and said not in unmoderated:
                yield run


def _unmoderated(file: Path) -> str:
    """The letters that a file shows if no column says what moderators did."""
    values = _lines(file.read_bytes()) or []
    for holder, key in _places(values):
        if isinstance(key, str) and re.search("approved|visib|state|delete", key):
            holder[key] = None
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / file.name
        bare.write_text("\n".join(map(json.dumps, values)), encoding="utf-8")
        return Seen(bare).letters


def _copies(said: str, texts: Counter[str]) -> int:
    return sum(many for text, many in texts.items() if said in text)


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
    except (Exception, HangsError):  # noqa: BLE001  # it is what is looked for
        return traceback.format_exc()
    if after.crashes:
        return f"a thread fails: {after.crashes[0]}"
    if after.failure is not None:
        return None if after.failure.hint else f"no hint: {after.failure}"
    # A post that is now marked as deleted has no words; of two versions, the one that was shown may be the earlier now.
    if after.told - before.told or after.gone > before.gone or "earlier-version" in after.problems:
        return None
    run = next(lost(sample, before, copy, after), None)
    return f"lost in silence: {run[:80]!r}" if run else None


def _hung(signal: int, frame: object) -> None:
    raise HangsError(f"it takes longer than {HANGS} seconds")


def _seeds(said: str, many: int) -> Iterator[int]:
    """The seeds of one of so many cases: as many as are said, or those for which there is time."""
    most, _, first = said.partition("@")
    seeds = count(int(first or 0))
    if not most.endswith("s"):
        yield from islice(seeds, int(most))
        return
    end = time.monotonic() + float(most[:-1]) / many
    yield from takewhile(lambda _: time.monotonic() < end, seeds)


def main() -> None:
    signal.signal(signal.SIGPROF, _hung)
    only = sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        _try([*samples(), *copied(Path(folder))], only)


def _try(tried: list[tuple[str, Path]], only: list[str]) -> None:
    cases = Counter(format for format, _ in tried)
    for format, sample in tried:
        if only and format not in only:
            continue
        before, found = Seen(sample), Counter[str]()
        tries = 0
        for seed in _seeds(sys.argv[1], cases[format]):
            tries += 1
            # Seconds of the processor: on a busy machine others pass too.
            signal.setitimer(signal.ITIMER_PROF, HANGS)
            with tempfile.TemporaryDirectory() as folder:
                said = wrong(format, sample, before, seed, Path(folder))
            signal.setitimer(signal.ITIMER_PROF, 0)
            if said and not found[key := said if said.startswith("lost") else said.strip().splitlines()[-1][:60]]:
                print(f"{format}/{sample.name} {seed}: {said}", flush=True)
            if said:
                found[key] += 1
        print(f"{format}/{sample.name}: {tries} mutations, {sum(found.values())} wrong", flush=True)


if __name__ == "__main__":
    main()
