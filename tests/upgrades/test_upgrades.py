"""What an earlier version of Rostra published is where it was, whatever this one reads otherwise. See README.md: never loosened."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.site import LEDGER, load_site
from support.recorded_sites import UPGRADES, addresses, lay, ledger, lost, stages, strayed

RECORDS = sorted((path.parent.name, path.stem) for path in (UPGRADES / "records").glob("*/*.jsonl"))
LEDGERS = sorted((path.parent.name, *path.stem.rsplit("-", 1)) for path in (UPGRADES / "records").glob("*/*.ledger"))


@pytest.mark.parametrize(("record", "site", "stage"), LEDGERS)
def test_every_address_leads_to_its_post_after_an_upgrade_and_whatever_follows(
    tmp_path: Path, record: str, site: str, stage: str
) -> None:
    known = addresses(record, site)
    for each in range(1, int(stage) + 1):
        lay(site, each, tmp_path)
    shutil.copyfile(ledger(record, site, int(stage)), tmp_path / LEDGER)
    for now in range(int(stage), stages(site) + 1):
        if now > int(stage):
            lay(site, now, tmp_path)
        build(load_site(tmp_path))
        published = [each for each in known if each.stage <= int(stage)]
        assert lost(tmp_path, published, now) == []


@pytest.mark.parametrize(("record", "site"), RECORDS)
def test_without_its_ledger_an_address_that_a_source_gives_leads_to_its_post(
    tmp_path: Path, record: str, site: str
) -> None:
    for stage in range(1, stages(site) + 1):
        lay(site, stage, tmp_path)
    build(load_site(tmp_path))
    natural = [each for each in addresses(record, site) if each.natural]
    assert natural
    assert strayed(tmp_path, natural) == []
