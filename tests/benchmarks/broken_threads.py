"""How many replies are found that lost their references: ``python tests/benchmarks/broken_threads.py MAILBOX…``, which are one site.

``In-Reply-To`` and ``References`` are taken from a third of the messages that answer one in these mailboxes, chosen by the
digests of their ids, and given back by what they quote and by their subjects.  ``--list N`` prints N joins of messages
that have no references in the mailboxes themselves, for reading by hand, and ``--wrong`` those that differ.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from itertools import chain
from pathlib import Path

from msgspec.structs import replace

from rostra.model import Join, RawPost
from rostra.readers import Dump, choose
from rostra.threads.infer_parents import inferred
from rostra.threads.letters import Letter, letters
from rostra.threads.reply_forest import (
    AFTER,
    BEFORE,
    linked_forest,
    linked_inferred,
    open_posts,
    period_of,
    present_posts,
    trace,
)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mailboxes", nargs="+", type=Path)
    parser.add_argument("--list", type=int, default=0)
    parser.add_argument("--wrong", action="store_true")
    given = parser.parse_args()
    threads = [
        thread for path in given.mailboxes for dump in [Dump(path, str(path))] for thread in choose(dump).read(dump)
    ]
    posts = {post.key: post for thread in threads for post in thread.posts if post.kind == "post"}
    begun = time.process_time()
    found = list(chain.from_iterable(map(letters, threads)))
    read = time.process_time()
    truth = {each.key: each.parent for each in found if each.parent in posts and not each.missing and stripped(each)}
    joins, _ = joined([replace(each, parent=None) if each.key in truth else each for each in found])
    named = {key: join for key, join in joins.items() if key in truth}
    right = sum(join.parent == truth[key] for key, join in named.items())
    print(f"{len(posts)} messages, {len(truth)} parents stripped: {right / len(truth):.3f} found; of {len(named)} given {right / len(named):.3f} right")  # fmt: skip
    for key in truth if given.wrong else ():
        if key not in named or named[key].parent != truth[key]:
            print(f"\n{told(posts[key])}\n  is {told(posts[truth[key] or ''])}\n  not {told(posts[named[key].parent]) if key in named else 'found'}")  # fmt: skip
    middle = time.process_time()
    joins, roots = joined(found)
    ended = time.process_time()
    print(f"as they are: {len(threads)} threads in the files, {roots[0]} debates by references, {roots[1]} joined, {dict(Counter(join.by for join in joins.values()))}")  # fmt: skip
    print(
        f"{(read - begun) / len(found) * 1000:.2f} ms a message for its keys, {(ended - middle) / len(found) * 1000:.2f} to join it"
    )
    some = [key for key in sorted(joins, key=lambda key: sha256(key.encode()).digest()) if key in posts]
    for key in some[: given.list]:
        print(f"\n{joins[key].by}: {told(posts[key])}\n  {shown(posts[key])}\n  answers {told(posts[joins[key].parent])}\n  {shown(posts[joins[key].parent])}")  # fmt: skip


def stripped(letter: Letter) -> bool:
    """Whether a message loses its references: a third do."""
    return sha256(letter.key.encode()).digest()[0] % 3 == 0


def joined(found: Sequence[Letter]) -> tuple[dict[str, Join], tuple[int, int]]:
    """Return the parents that are inferred, and the numbers of debates before and after."""
    traces = [trace(each) for each in found]
    forest, present = linked_forest(traces), present_posts(traces)
    before = len({forest.root(each.key) for each in found})
    periods: dict[int, list[Letter]] = {}
    for each in found:
        periods.setdefault(period_of(each.time), []).append(each)
    joins: dict[str, Join] = {}
    for period, open in open_posts(present, forest, {}).items():
        near = chain.from_iterable(periods.get(each, ()) for each in range(period - BEFORE, period + AFTER + 1))
        joins |= inferred(near, open)
    joins = linked_inferred(forest, present, joins)
    return joins, (before, len({forest.root(each.key) for each in found}))


def told(post: RawPost) -> str:
    """Return who wrote a message when about what."""
    return f"{post.author.name if post.author else 'unnamed'}, {post.time}, {post.title} {post.key}"


def shown(post: RawPost) -> str:
    """Return the beginning of a message."""
    return " / ".join(line.strip() for line in post.body.split("\n") if line.strip())[:300]


if __name__ == "__main__":
    main()
