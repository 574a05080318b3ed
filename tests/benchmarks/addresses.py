"""What the ledger is for: how many addresses change where it is deleted half-way through a year.

    python tests/benchmarks/addresses.py [SEED…]

Each year is the one that ``tests/core/test_ledger.py`` plays: 40 debates, 12 months, half of the
debates changed each month.  It is played with the ledger, with the ledger deleted before the seventh
month, and without either a ledger or a reader that calls posts otherwise; of each, how many of the
addresses that were ever published lead to their post at the end.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from rostra.config.site import LEDGER
from rostra.identity import permalinks
from support.archive_year import Year

OWN = permalinks._own


def played(root: Path, seed: int, *, deleted: bool, upgraded: bool) -> Year:
    """A year; posts' ids are made by another recipe from the fifth month, and read otherwise from the ninth."""
    permalinks._own = OWN
    year = Year(root, seed, debates=40)
    for month in range(12):
        if month == 4 and upgraded:
            permalinks._own = lambda *about: OWN(*about)[::-1]
        if month == 8 and upgraded:
            year.prefix = "post-"
        if month == 6 and deleted:
            (root / LEDGER).unlink()
        year.round()
        year.note()
    return year


def told(name: str, years: list[Year]) -> None:
    """The figures of some years."""
    ever: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    among: Counter[str] = Counter()
    for year in years:
        wrong = set(year.lost())
        for (debate, id), marker in year.posts.items():
            kind = f"posts, {year.kinds[marker]}"
            is_lost = ("post", f"/debates/{debate}/index.html#{id}") in wrong
            ever[kind] += 1
            lost[kind] += is_lost
            for change in year.changes.get(marker, {"nothing"}) - {"more"}:
                changed[change] += is_lost
                among[change] += 1
        debates = {debate for debate, _ in year.posts}
        ever["debates"] += len(debates)
        lost["debates"] += sum(("thread", f"/debates/{debate}/") in wrong for debate in debates)
        ever["dumps"] += len(year.dumps)
        lost["dumps"] += len({address for kind, address in wrong if kind == "dump"})
    print(f"\n{name}")
    for kind in sorted(ever):
        print(f"  {kind:38}{lost[kind]:6} of {ever[kind]:6} lost, {100 * lost[kind] / ever[kind]:5.1f} %")
    print("  of posts, by what was done to them: " + ", ".join(f"{c} {n}/{among[c]}" for c, n in changed.most_common() if n))  # fmt: skip


if __name__ == "__main__":
    seeds = [int(seed) for seed in sys.argv[1:]] or [1, 2, 3]
    for name, deleted, upgraded in (
        ("with the ledger", False, True),
        ("the ledger deleted half-way, Rostra as it was", True, False),
        ("the ledger deleted half-way, Rostra's recipes changed before and after", True, True),
    ):
        with tempfile.TemporaryDirectory() as folder:
            told(name, [played(Path(folder) / str(s), s, deleted=deleted, upgraded=upgraded) for s in seeds])
