"""What stands of the last build is the same, whoever found it out, and nothing that was touched stands."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from rostra.output.manifest import MANIFEST, Standing
from rostra.output.staging import OutputFile
from rostra.output.writer import Writer

PATHS = ["a.html", "b/c.html", "b/d.html", "e/f/g.html"]


def site(folder: Path) -> Path:
    with Writer(folder / "public", folder / "kept") as writer:
        for path in PATHS:
            writer.put(OutputFile(path, path.encode()))
    return folder / "public"


@given(st.sets(st.sampled_from(PATHS)), st.sets(st.sampled_from(PATHS)), st.integers(0, 2))
def test_what_was_touched_or_taken_away_does_not_stand_however_much_another_process_told(
    touched: set[str], gone: set[str], pieces: int
) -> None:
    with TemporaryDirectory() as folder:
        output, kept = site(Path(folder)), Path(folder, "kept")
        ledger = Path(folder, "rostra.ledger")
        ledger.write_text("said\n")
        built = (output / MANIFEST).stat().st_mtime_ns
        for path in touched:
            os.utime(output / path, ns=(built + 1, built + 1))
        for path in gone:
            (output / path).unlink()
        alone = Standing(output, kept, ledger)
        told = Standing(output, kept, ledger, islice(Standing(output, kept, ledger).tell(), pieces))
        assert told.touched == alone.touched == touched | gone
        assert told.listed == alone.listed
        assert set(alone.listed) == set(PATHS)
        assert told.digest == alone.digest == alone.look.digest == told.look.digest
        ledger.write_text("said something else\n")
        assert Standing(output, kept, ledger).digest != alone.digest


def test_a_folder_without_a_manifest_holds_nothing_of_ours(tmp_path: Path) -> None:
    (tmp_path / "precious.html").write_text("mine")
    for folder in (tmp_path, tmp_path / "not there"):
        standing = Standing(folder, tmp_path / "kept")
        assert not standing.listed
        assert not standing.touched
