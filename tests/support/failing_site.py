"""A small site whose dumps, cards and code can be made to fail."""

from __future__ import annotations

import json
import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path
from typing import Any

from rostra.build.pipeline import build as whole_build
from rostra.build.rebuild import rebuild
from rostra.config.site import load_site
from rostra.editorial import edition
from rostra.output.report import BuildReport
from rostra.system.workers import Workers
from support.changing_site import copied, files

BREAK = "breaks the mill"
"""What a body says on which what is broken fails."""
WORDS = {
    "first": "Here the first word of the {} is about water that comes down from the hills in spring.",
    "second": "Whoever heard this second word of the {} knows how wheels turn when nobody looks after them.",
    "third": "Lastly a third word of the {} was spoken by candle light, and written down by the clerk.",
}


def lines(name: str, *, more: str = "", **fields: Any) -> str:
    """A debate as lines of JSON; its second post says ``more``."""
    posts = []
    for n, (word, said) in enumerate(WORDS.items(), 1):
        body = f"{said.format(name)}{f' {more}' if more and n == 2 else ''}"
        posts.append({"id": f"{name}-{n}", "parent": f"{name}-1" if n > 1 else None, "author": f"{word} of {name}",
                      "created": f"2024-03-0{n}T09:00:00Z", "title": f"Of the {name}" if n == 1 else None, "body": body} | fields)  # fmt: skip
    return "".join(json.dumps(post) + "\n" for post in posts)


def message(name: str, more: str = "") -> str:
    """A message of a mailbox that begins a debate."""
    head = f"From ada Mon Mar  4 09:00:00 2024\nFrom: Ada <ada@mill.example>\nMessage-ID: <{name}@mill.example>\n"
    return (
        f"{head}Subject: {name}\nDate: 4 Mar 2024 09:00:00 +0000\n\nOf the {name} there is much to be said. {more}\n\n"
    )


class Mill:
    """The site: ``well`` and ``gate`` are debates of a file each, ``weir``, ``sluice`` and ``race`` of one mailbox."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "content").mkdir(parents=True)
        (root / "rostra.toml").write_text('title = "Mill"\n')
        for name in ("well", "gate"):
            self.put(f"{name}.jsonl", lines(name))
        self.put("box.mbox", "".join(map(message, ("weir", "sluice", "race"))))

    def put(self, name: str, text: str | bytes) -> None:
        path = self.root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def remove(self, name: str) -> None:
        (self.root / "content" / name).unlink()

    def build(self, workers: Workers | None = None, *, previewed: bool = False) -> BuildReport:
        site = load_site(self.root, previewed=previewed)
        return rebuild(site, lambda standing: whole_build(site, standing=standing, workers=workers))

    @property
    def public(self) -> dict[str, bytes]:
        return files(self.root / "public")

    @property
    def ledger(self) -> str:
        return (self.root / "rostra.ledger").read_text()

    def page(self, debate: str) -> str:
        return (self.root / "public/debates" / debate / "index.html").read_text()

    def shows(self, debate: str) -> bool:
        """Whether a debate is published, and not only its address."""
        return 'class="post' in self.page(debate) if f"debates/{debate}/index.html" in self.public else False

    def assert_clean(self, target: Path) -> None:
        """Nothing is left of any failure."""
        assert self.build().failures == ()
        fresh = copied(self.root, target)
        site = load_site(fresh)
        assert whole_build(site).failures == ()
        assert self.public == files(fresh / "public")
        assert self.ledger == (fresh / "rostra.ledger").read_text()


_render = edition.render


def breaking(body: str, dialect: Any) -> Any:
    """A renderer that fails on some bodies."""
    if BREAK in body:
        raise ZeroDivisionError("the wheel stands\nstill")
    return _render(body, dialect)


def break_renderer() -> None:
    edition.render = breaking


def mend_renderer() -> None:
    edition.render = _render


def broken_processes(number: int) -> Executor:
    """Processes in which the renderer fails."""
    return ProcessPoolExecutor(number, multiprocessing.get_context("forkserver"), initializer=break_renderer)
