"""Digests of files in which words are replaced by others of the same length: a program that runs beside a build.

It imports the standard library only, so it starts at once.  It reads lines of JSON, each with the path of a file and,
for every word, the byte offset, the word and its replacement.  It answers each with a line: the digest, and the offsets
at which the words were found.  It ends with its parent process, whose process id is its argument.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from hashlib import sha256


def main() -> None:
    """Answer every request."""
    for line in sys.stdin:
        # If the parent is killed, its process id changes; on Windows it does not, and a launcher may be the direct parent.
        if os.name == "posix" and os.getppid() != int(sys.argv[1]):
            return
        sys.stdout.write(answer(*json.loads(line)))


def answer(path: str, words: Sequence[tuple[int, str, str]]) -> str:
    """Return the answer for one file; its words are ASCII and sorted by offset."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123  # importing pathlib would slow the start
        content = memoryview(file.read())
    total, done, stood = sha256(), 0, list[int]()
    for at, old, new in words:
        if content[at : at + len(old)] == old.encode():
            total.update(content[done:at])
            total.update(new.encode())
            done = at + len(new)
            stood.append(at)
    total.update(content[done:])
    return f"{total.hexdigest()} {' '.join(map(str, stood))}\n"


if __name__ == "__main__":
    main()
