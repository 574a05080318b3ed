"""How the time of joining grows with a list that has no references: ``python tests/benchmarks/growth_joining.py [MESSAGES…]``.

Each message of the generated mailbox quotes an earlier one of its debate, by its words or only by its subject; debates
overlap, and some subjects return.  The time is of the CPU, and should double when the messages do.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from broken_threads import joined

from rostra.readers import Dump, choose
from rostra.threads.letters import letters

SIZES = (2_500, 5_000, 10_000, 20_000)
WORDS = [
    f"{a}{b}{c}" for a in ("mil", "wei", "gat", "slu", "kee") for b in "aeiou" for c in ("ler", "ning", "ved", "st")
]
PEOPLE = [
    f"{first} {last}" for first in ("Ada", "Bede", "Cy", "Dot", "Eve") for last in ("Weir", "Hill", "Brook", "Fen")
]
STEP = 1_800
"""The seconds between two messages."""
OPEN = 12
"""The debates that go on at one time."""
FLOW = "%a, %d %b %Y %H:%M:%S +0000"


def mailbox(count: int) -> Iterator[str]:
    """Yield the messages of a mailbox."""
    chance = random.Random(count)
    debates: list[list[tuple[str, str, str]]] = []
    for n in range(count):
        if len(debates) < OPEN or chance.random() < 0.2:
            debates = [*debates[-OPEN:], []]
        debate = chance.choice(debates)
        about = debate[0][0] if debate else " ".join(chance.sample(WORDS, 4))
        who = chance.choice(PEOPLE)
        said = [" ".join(chance.choices(WORDS, k=12)) for _ in range(6)]
        quoted = ""
        if debate and chance.random() < 0.8:
            _, author, words = chance.choice(debate)
            quoted = f"{author} wrote:\n" + "".join(f"> {line}\n" for line in words.split("\n")) + "\n"
        when = time.strftime(FLOW, time.gmtime(1_000_000_000 + n * STEP))
        title = f"Re: {about}" if debate else about
        debate.append((about, who, "\n".join(said)))
        yield (
            f"From list@mill.example  {when}\nFrom: {who} <list@mill.example>\nDate: {when}\nSubject: {title}\n"
            f"Message-ID: <{n}@mill.example>\n\n{quoted}{chr(10).join(said)}\n\n"
        )


def main() -> None:
    """Print the CPU time of each size."""
    before = 0.0
    for size in map(int, sys.argv[1:]) if sys.argv[1:] else SIZES:
        with TemporaryDirectory() as folder:
            path = Path(folder, "list.mbox")
            path.write_text("".join(mailbox(size)))
            dump = Dump(path, "list.mbox")
            threads = list(choose(dump).read(dump))
        begun = time.process_time()
        found = [each for thread in threads for each in letters(thread)]
        middle = time.process_time()
        joins, (_, after) = joined(found)
        took = time.process_time() - middle
        ratio = f", {took / before:.2f} times" if before else ""
        print(f"{size} messages: {middle - begun:.2f} s for their keys, {took:.2f} s to join{ratio}; {len(joins)} joined to {after} debates", flush=True)  # fmt: skip
        before = took


if __name__ == "__main__":
    main()
