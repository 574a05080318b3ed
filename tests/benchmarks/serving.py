"""What somebody at work waits for: from a save to the page, and to the style, in a browser; a burst; memory.

    python tests/benchmarks/serving.py 10000

A browser (Chromium) has a debate open in `rostra serve`.  Of each kind of save the median of five is told;
then as many files are saved as a large checkout writes, and builds are counted; then the same
dump is saved 200 times, and the memory of the server is told after the tenth and the last.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from rebuilding import RUNS, debates, site

BURST, REBUILDS = 10_000, 200


class Server:
    """`rostra serve` of a site, and the lines that it printed."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "rostra", "serve", "--port", "0", "--site", str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()
        until(lambda: any("Serving" in line for line in self.lines))
        (self.address,) = (found[0] for line in self.lines if (found := re.search(r"http://\S+", line)))

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)

    @property
    def builds(self) -> int:
        return sum("changed in" in line for line in self.lines)

    @property
    def memory(self) -> float:
        """Mebibytes that the server holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def until(holds: Callable[[], bool], most: float = 600) -> float:
    """Seconds until something holds."""
    begun = time.perf_counter()
    while not holds():
        assert time.perf_counter() - begun < most
        time.sleep(0.002)
    return time.perf_counter() - begun


def said(page: Page, words: str) -> bool:
    try:
        return bool(page.evaluate("words => document.body.textContent.includes(words)", words))
    except Exception:  # noqa: BLE001  # the page is being loaded
        return False


def colour(page: Page) -> str:
    return str(page.evaluate("() => getComputedStyle(document.body).outlineColor"))


def edit(dump: Path, word: str) -> None:
    """Another word at the beginning of a debate's first post."""
    first, _, rest = dump.read_text().partition("\n")
    post = json.loads(first)
    post["body"] = (
        f"{word} " + post["body"].partition("|")[2].strip() if "|" in post["body"] else f"{word} | {post['body']}"
    )
    dump.write_text(json.dumps(post) + "\n" + rest)


def measure(folder: Path, dumps: list[Path]) -> None:
    style = folder / "layouts/styles/95-own.css"
    style.parent.mkdir(parents=True)
    style.write_text("body { outline-color: rgb(0, 0, 0); }\n")
    server = Server(folder)
    dump = dumps[len(dumps) // 2]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_context(bypass_csp=True).new_page()
        page.goto(f"{server.address}debates/{dump.stem}/index.html")
        pages, styles = [], []
        for n in range(RUNS):
            time.sleep(2)
            edit(dump, f"edited{n}")
            pages.append(until(lambda n=n: said(page, f"edited{n}")))  # type: ignore[misc]
        for n in range(1, RUNS + 1):
            time.sleep(2)
            style.write_text(f"body {{ outline-color: rgb({n}, 0, 0); }}\n")
            styles.append(until(lambda n=n: colour(page) == f"rgb({n}, 0, 0)"))  # type: ignore[misc]
        print(f"{'save to reloaded page':44}{statistics.median(pages):8.2f} s")
        print(f"{'save to reloaded style':44}{statistics.median(styles):8.2f} s")
        time.sleep(3)
        before = server.builds
        for n in range(BURST):
            edit(dumps[n % len(dumps)], f"burst{n}")
        last = {each: f"burst{n}" for n in range(BURST) for each in [dumps[n % len(dumps)]]}
        took = until(lambda: all(word in (folder / f".rostra/preview/debates/{each.stem}/index.html").read_text() for each, word in last.items()))  # fmt: skip
        # A build is told of when its index is made too.
        until(lambda: server.builds > before)
        time.sleep(5)
        print(
            f"{f'{BURST:,} edits in a burst':44}{server.builds - before:8} builds, {took:.1f} s after the last, none missed"
        )
        browser.close()
    held = {}
    for n in range(1, REBUILDS + 1):
        before = server.builds
        edit(dump, f"again{n}")
        until(lambda before=before: server.builds > before)  # type: ignore[misc]
        if n in (10, REBUILDS):
            held[n] = server.memory
    print(f"{f'memory after 10 and {REBUILDS} rebuilds':44}{held[10]:8.0f} and {held[REBUILDS]:.0f} MiB")
    server.process.terminate()


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        (top / "hugo/content").mkdir(parents=True)
        folder = site(top / "rostra")
        measure(folder, debates(top, count))
