"""Record what this version of Rostra publishes of a site: its ledgers and every address.

    python tests/upgrades/record.py SITE NAME

``SITE`` is a folder of ``tests/upgrades/sites``.  The record is written once, as ``records/NAME/SITE…``, and never changed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import msgspec
from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parent.parent))

from rostra.build.pipeline import build
from rostra.config.site import LEDGER, load_site
from support.recorded_sites import UPGRADES, Address, lay, lost, published, stages

KEPT = (1, 3)
"""The stages of which the ledger is kept, besides the last: those at which a site is upgraded and then goes on."""


def main(site: str, record: str) -> None:
    """Build the site stage by stage, and write what was published."""
    target = UPGRADES / "records" / record
    if (target / f"{site}.jsonl").exists():
        sys.exit(f"{target} has a record of {site}, and a record is never changed: give another name")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        root, last = Path(folder), stages(site)
        known: dict[tuple[str, bool], Address] = {}
        for stage in range(1, last + 1):
            lay(site, stage, root)
            report = build(load_site(root))
            if report.failures:
                sys.exit("\n".join(map(str, report.failures)))
            if stage in (*KEPT, last):
                shutil.copyfile(root / LEDGER, target / f"{site}-{stage}.ledger")
            for each in published(site, root, stage):
                # A post that was missing and came is two; one that was edited is known by its earlier words too.
                key = each.address, bool(each.words)
                first = known.setdefault(key, each)
                known[key] = replace(first, words=tuple(dict.fromkeys((*first.words, *each.words))))
            for each in lost(root, list(known.values()), stage):
                known[each.address, bool(each.words)] = replace(each, gone=stage)
                print(f"gone at {stage}: {each.address} {each.words}")
            if wrong := lost(root, list(known.values()), stage):
                sys.exit("\n".join(f"{each.address} leads nowhere: {each.words}" for each in wrong))
        (root / LEDGER).unlink()
        shutil.rmtree(root / ".rostra")
        build(load_site(root))
        held = set(known.values()).difference(lost(root, list(known.values()), last))
    broken = UPGRADES / "sites" / site / "broken.txt"
    parts = broken.read_text().split() if broken.is_file() else []
    with (target / f"{site}.jsonl").open("wb") as lines:
        for _, each in sorted(known.items()):
            # A missing post, which nobody wrote, is no promise.
            if each.native is not None and each.author is not None and each in held and each.gone is None:
                each = replace(each, natural="post" if each.address.split("/")[2] in parts else "address")
            lines.write(msgspec.json.encode(each) + b"\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
