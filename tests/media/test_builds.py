"""Media and the rest of a build: workers change no byte of them, and a build that dies leaves none behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from rostra.build.pipeline import build
from rostra.build.rebuild import rebuild
from rostra.config.site import load_site
from rostra.media.prepare import finished
from rostra.system.workers import Workers
from support.changing_site import copied, files
from support.disk_faults import dies
from support.sample_pictures import picture


def post(id: int, body: str) -> str:
    said = {"id": id, "parent": None if id == 1 else 1, "author": "ada", "body": body}
    return json.encode(said).decode() + "\n"


def made_site(folder: Path, number: int) -> Path:
    """A site of a debate with ``number`` pictures beside it, and of a letter with one."""
    content = folder / "content"
    content.mkdir(parents=True, exist_ok=True)
    (folder / "rostra.toml").write_text('title = "Mill"\n')
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "Ada <ada@mill.example>", "The gate"
    letter["Date"], letter["Message-ID"] = "Mon, 4 Mar 2024 09:00:00 +0000", "<1@mill.example>"
    letter.set_content("The gate is here.")
    letter.add_attachment(picture("PNG", (300, 200)), "image", "png", filename="gate.png")
    letter.set_boundary("gate")  # else it is another one each time
    (content / "list.mbox").write_bytes(b"From ada Mon Mar  4 09:00:00 2024\n" + letter.as_bytes() + b"\n")
    said = ""
    for n in range(1, number + 1):
        (content / f"{n}.png").write_bytes(picture("PNG", (900 + n, 600)))
        said += post(n, f"![Gate {n}]({n}.png)")
    (content / "well.jsonl").write_text(said)
    return folder


class Unreached(ThreadPoolExecutor):
    """Workers of which none reaches a picture."""

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Any:
        if any(each is finished for each in (function, *arguments)):
            return super().submit(function, *(f"{each}/not" if each == arguments[-2] else each for each in arguments))
        return super().submit(function, *arguments, **named)


@pytest.mark.parametrize("start", [None, Unreached])
def test_workers_change_no_byte_of_media(tmp_path: Path, start: type[ThreadPoolExecutor] | None) -> None:
    root = made_site(tmp_path / "site", 3)
    with Workers(2, patience=0, start=start) as workers:
        for number in (3, 6, 2):
            made_site(root, number)
            shared = build(load_site(root), workers=workers)
            alone = build(load_site(copied(root, tmp_path / f"alone-{number}")))
            found = files(root / "public")
            assert found == files(tmp_path / f"alone-{number}/public")
            assert sum(path.startswith("media/") and path.endswith(".png") for path in found) == number + 1
            # The copy begins with a ledger that knows what is gone.
            told = tuple(each for each in shared.problems if each[1].code != "lost-media")
            assert told == alone.problems
            assert shared.failures == alone.failures == ()
    assert not (root / ".rostra/media-made").exists()


def again(root: Path) -> None:
    """Build a site as the command does, which first ends what a build that died began."""
    loaded = load_site(root)
    rebuild(loaded, lambda standing: build(loaded, None, standing))


def deaths(top: Path) -> list[tuple[bool, bool, list[str]]]:
    """Of a build that dies at every few steps: whether it died, the next one is right, and what is left over."""
    clean = made_site(top / "clean", 2)
    again(clean)
    before = made_site(top / "before", 1)
    again(before)
    found, number, died = [], 0, True
    while died:
        root = top / str(number)
        shutil.copytree(before, root)
        made_site(root, 2)
        # A build does not take for settled what was written in the instant in which it began.
        time.sleep(0.05)
        died = dies(number, "MediaFiles.publish", again, root)
        again(root)
        kept = sorted(each.name for each in (root / ".rostra").iterdir())
        found.append((died, files(root / "public") == files(clean / "public"), kept))
        number += 61
    return found


def test_a_build_that_dies_leaves_no_stray_media(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, __file__, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    found = json.decode(done.stdout, type=list[tuple[bool, bool, list[str]]])
    assert len(found) > 5
    assert [died for died, _, _ in found] == [True] * (len(found) - 1) + [False]
    for _, right, kept in found:
        assert right
        assert kept == found[-1][2]
    assert "media-made" not in found[-1][2]


if __name__ == "__main__":
    sys.stdout.buffer.write(json.encode(deaths(Path(sys.argv[1]))))


@pytest.mark.parametrize("kept", [0, 4, 300], ids=["emptied", "beginning", "cut"])
def test_the_pictures_of_an_archive_that_breaks_stay(tmp_path: Path, kept: int) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    chat, dump = "[01/03/2024, 09:00:00] Ada: The gate\n[01/03/2024, 09:01:00] Bede: ", tmp_path / "content/chat.zip"
    with zipfile.ZipFile(dump, "w") as archive:
        archive.writestr("_chat.txt", f"{chat}\u200e<attached: gate.png>\n")
        archive.writestr("gate.png", picture("PNG", (300, 200)))
    build(load_site(tmp_path))
    before = files(tmp_path / "public")
    assert any(path.startswith("media/") for path in before)
    dump.write_bytes(dump.read_bytes()[:kept])
    report = build(load_site(tmp_path))
    assert [failure.path for failure in report.failures] == ["content/chat.zip"]
    assert files(tmp_path / "public") == before
