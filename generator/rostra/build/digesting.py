"""Words in files exchanged for others of as many bytes: what digest each would have. A program beside a build.

It needs nothing but Python, so that it begins at once.  It reads lines of JSON, each a file's path and of every
word at which byte it stands and what is to stand there, and answers each by a line: the digest, and at which
bytes the words stood indeed.  It ends with the process that started it, whose number is its argument.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from hashlib import sha256


def main() -> None:
    """Answer what is asked."""
    for line in sys.stdin:
        # Where a parent was killed, another one takes its place; on Windows none does, and a launcher may stand between.
        if os.name == "posix" and os.getppid() != int(sys.argv[1]):
            return
        sys.stdout.write(answer(*json.loads(line)))


def answer(path: str, words: Sequence[tuple[int, str, str]]) -> str:
    """What is said of one file; its words are ASCII, and in order."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123  # a program that begins at once has no Path
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
