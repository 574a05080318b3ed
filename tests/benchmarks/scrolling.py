"""How long the tasks of a browser are while a long debate scrolls: python tests/benchmarks/scrolling.py [RUNS [KIND …]]

Each kind is a debate of 1,100 posts of 40 to 400 words, with quotations and footnotes: in ``chains`` of forty replies, in a
``tree`` where each post answers one of the twenty before it, and ``flat`` where most posts answer nothing.  Chromium, with its
processor slowed four times (CDP, ``Emulation.setCPUThrottlingRate``), scrolls through three parts of each page at 1280 and 360 px.
For each kind, width and run a line tells what loading took of the processor (not slowed), how many tasks of the page's main
thread took more than 50 ms of it while the page scrolled, and the longest of them with what they did.  The collection of
garbage with which a browser saves memory half a minute after loading, whether a page scrolls or not, is told apart.
Times are of the processor, and ``chrt -r 5`` before the command keeps other programs from emptying its caches.  On a busy machine
the slowing itself may fail, or be more than was asked: a piece of work before and after each part tells how much it was,
times are scaled to what was asked, and parts that were slowed much less or more are scrolled again.

``--site FOLDER`` uses a site that is there, or keeps the one that is built; ``--rate 1`` slows nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from rostra.build.pipeline import build
from rostra.config.site import load_site

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.folder_server import served

POSTS = 1100
KINDS = ("chains", "tree", "flat")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PARTS = ["UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "Commit", "FunctionCall", "HitTest", "MajorGC"]
LONG = 50
"""Milliseconds: a task of more is one that a reader may notice (W3C, Long Tasks)."""


def vocabulary(size: int = 6000) -> list[str]:
    """Words that nobody wrote, the short ones first."""
    chance = random.Random(size)
    made = {
        "".join(chance.choice("bdfglmnprstvw") + chance.choice("aeiou") for _ in range(chance.choice((1, 2, 2, 3, 4))))
        for _ in range(size)
    }
    return sorted(made, key=lambda word: (len(word), word))


def words(chance: random.Random, known: list[str], count: int) -> str:
    """Prose of so many words, in paragraphs; as in any language, few words are most of it."""
    made = [known[int(len(known) * chance.random() ** 4)] for _ in range(count)]
    paragraphs = []
    while made:
        size = chance.randint(25, 90)
        paragraph, made = made[:size], made[size:]
        for at in range(12, len(paragraph), 14):
            paragraph[at] += "."
        paragraphs.append(" ".join(paragraph).capitalize() + ".")
    return "\n\n".join(paragraphs)


def posts(kind: str, count: int = POSTS) -> Iterator[dict[str, object]]:
    """Posts lines (content/manual): most quote a sentence of what they answer, every eighth has a note."""
    chance = random.Random(kind)
    known = vocabulary()
    said: list[str] = []
    for n in range(1, count + 1):
        if kind == "chains":
            parent = n - 1 if n % 40 != 1 else 1
        elif kind == "tree":
            parent = chance.randint(max(1, n - 20), n - 1) if n > 1 else 0
        else:
            parent = chance.randint(1, n - 1) if n > 1 and n % 5 == 0 else 0
        own = words(chance, known, chance.randint(40, 400))
        quoted = ""
        if n > 1 and n % 3:
            sentences = said[parent - 1 if n > 2 and parent > 1 else 0].split(". ")
            quoted = f"> {chance.choice(sentences).strip()}\n\n"
        note = f"\n\n[^{n}]: {words(chance, known, 20)}" if n % 8 == 0 else ""
        body = f"{quoted}{own}{f'[^{n}]' if note else ''}{note}"
        said.append(own.replace("\n\n", " "))
        yield {
            "id": f"{kind}-{n}",
            "parent_id": f"{kind}-{parent}" if n > 1 and parent else None,
            "author": f"Speaker {n % 37}",
            "title": f"A debate of {kind}",
            "created": f"2024-{1 + n // 100:02}-{1 + n % 28:02}T{n % 24:02}:{n % 60:02}:00Z",
            "body": body,
            "format": "markdown",
        }


def write(folder: Path) -> None:
    (folder / "content").mkdir(parents=True)
    (folder / "rostra.toml").write_text('title = "Long debates"\nposts_a_page = 2000\n', encoding="utf-8")
    for kind in KINDS:
        lines = [json.dumps(post) for post in posts(kind)]
        (folder / f"content/{kind}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    report = build(load_site(folder))
    assert report.failures == (), report.failures


WORK = """() => {
  const numbers = new Int32Array(1 << 20), begun = performance.now();
  for (let n = 0, at = 0; n < 2e6; n++) { at = (at * 1103515245 + 12345) | 0; numbers[at >>> 12] += n; }
  return performance.now() - begun;
}"""
"""Milliseconds of a piece of work, most of it memory."""
TOLERANCE = 1.3
"""How many times more or less than asked a part may be slowed."""
TRIES = 4


class Clock:
    """How many times a page is slowed, compared with the fastest that the same work was in any page that was not."""

    def __init__(self) -> None:
        self._best = float("inf")

    def begin(self, page: Page) -> None:
        """Measure the work in a page that is not slowed."""
        self._best = min(self._best, *(page.evaluate(WORK) for _ in range(3)))

    def slowed(self, page: Page) -> float:
        return float(page.evaluate(WORK)) / self._best


class Tasks:
    """Tasks of the main thread of a page between ``begin`` and ``end``, in milliseconds, with what they did."""

    def __init__(self, cdp: CDPSession) -> None:
        self._cdp = cdp
        self._events: list[dict[str, Any]] = []
        self._done = False
        cdp.on("Tracing.dataCollected", lambda data: self._events.extend(data["value"]))
        cdp.on("Tracing.tracingComplete", lambda _: setattr(self, "_done", True))

    def begin(self, categories: str = "devtools.timeline,disabled-by-default-devtools.timeline") -> None:
        self._events.clear()
        self._done = False
        self._cdp.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": [*categories.split(","), "__metadata"], "excludedCategories": ["*"]}})  # fmt: skip

    def end(self, page: Page) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The tasks, longest first, and all events."""
        self._cdp.send("Tracing.end")
        while not self._done:
            page.wait_for_timeout(50)
        main = [(e["pid"], e["tid"]) for e in self._events if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"]  # fmt: skip
        spans = [e for e in self._events if e.get("ph") == "X" and (e["pid"], e["tid"]) in main]
        # The page's process is the one that did most.
        busiest = Counter[int]()
        for e in spans:
            if e["name"] == "RunTask":
                busiest[e["pid"]] += e["dur"]
        pid = busiest.most_common(1)[0][0] if busiest else 0
        spans = [e for e in spans if e["pid"] == pid]
        tasks = sorted((e for e in spans if e["name"] == "RunTask"), key=took, reverse=True)
        return tasks, spans


def took(event: dict[str, Any]) -> float:
    """Milliseconds of the processor."""
    return float(event.get("tdur", event["dur"])) / 1000


def parts(task: dict[str, Any], spans: list[dict[str, Any]]) -> Counter[str]:
    """What a task did, in milliseconds, and how many elements it styled."""
    found = Counter[str]()
    for e in spans:
        if e["name"] in PARTS and task["ts"] <= e["ts"] and e["ts"] + e["dur"] <= task["ts"] + task["dur"]:
            found[e["name"]] += round(took(e))
            if e["name"] == "UpdateLayoutTree":
                found["elements"] += e["args"].get("elementCount", 0)
    return found


def scroll(cdp: CDPSession, far: int) -> None:
    """With the wheel, as a reader who looks for something."""
    for _ in range(far // 250):
        cdp.send("Input.dispatchMouseEvent", {"type": "mouseWheel", "x": 200, "y": 300, "deltaX": 0, "deltaY": 250})
        time.sleep(0.08)


def measured(browser: Browser, address: str, width: int, rate: float, clock: Clock) -> str:
    """What a page took to load and to scroll."""
    context = browser.new_context(viewport={"width": width, "height": 740})
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    watcher = Tasks(cdp)
    watcher.begin()
    page.goto(address)
    page.wait_for_timeout(4000)
    loading = sum(map(took, watcher.end(page)[0]))
    tall = page.evaluate("document.documentElement.scrollHeight")
    clock.begin(page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    found: list[tuple[float, Counter[str]]] = []
    rates: list[float] = []
    for part in (0.01, 0.4, 0.8):
        for _ in range(TRIES):
            page.evaluate(f"scrollTo({{ top: {int(tall * part)}, behavior: 'instant' }})")
            page.wait_for_timeout(2000)
            slowed = clock.slowed(page)
            watcher.begin()
            before = page.evaluate("scrollY")
            scroll(cdp, 8_000)
            assert page.evaluate("scrollY") - before > 7_000, "it scrolled"
            tasks, spans = watcher.end(page)
            around = (slowed, clock.slowed(page))
            if rate / TOLERANCE <= min(around) and max(around) <= rate * TOLERANCE:
                scale = rate / (sum(around) / 2)
                found.extend((took(task) * scale, parts(task, spans)) for task in tasks[:20])
                rates.extend(around)
                break
    context.close()
    if not found:
        return "was never slowed as asked"
    saving = [time for time, did in found if did["MajorGC"] > time / 2]
    own = sorted((each for each in found if each[1]["MajorGC"] <= each[0] / 2), key=lambda each: -each[0])
    over = sum(time > LONG for time, _ in own)
    longest = ", ".join(f"{time:.0f}" for time, _ in own[:6])
    did = " ".join(f"{name} {much}" for name, much in own[0][1].most_common(5) if much)
    return f"loads in {loading:.0f} ms; {over} tasks over {LONG} ms; longest {longest} ({did}); garbage {max(saving, default=0):.0f}; {len(rates) // 2} of 3 parts, slowed {min(rates):.1f} to {max(rates):.1f} times"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", nargs="?", type=int, default=1)
    parser.add_argument("kinds", nargs="*", default=KINDS)
    parser.add_argument("--site", type=Path)
    parser.add_argument("--rate", type=float, default=4)
    parser.add_argument("--widths", default="1280,360")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        folder = options.site or Path(spare) / "site"
        if not folder.exists():
            write(folder)
        with served(folder / "public") as address, sync_playwright() as playwright:
            clock = Clock()
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for kind in options.kinds:
                for width in map(int, options.widths.split(",")):
                    for _ in range(options.runs):
                        told = measured(browser, f"{address}debates/{kind}/index.html", width, options.rate, clock)
                        print(f"{kind} {width}: {told}", flush=True)
            browser.close()


if __name__ == "__main__":
    main()
