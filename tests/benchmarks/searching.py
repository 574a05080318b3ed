"""What search costs to make and to use, beside Pagefind: python tests/benchmarks/searching.py FOLDER [LATENCY [ENGINE …]]

FOLDER has a file of JSON lines for each debate (``author``, ``created``, ``title``, ``body``).  Each engine indexes the
own words of its posts in a process of its own: Rostra's shards; and, if ``pagefind-bin`` is installed, Pagefind with a
debate a page and its posts as sub-results.  Then a browser asks each, with an empty cache, the same questions; every
answer of the host takes LATENCY milliseconds more.  Told are CPU time and bytes a post, the memory of the process, how
many requests and bytes the first ten results take, and after how long they are shown.

    python tests/benchmarks/searching.py --relevance

asks Pagefind the questions of ``tests/browser/questions.toml``, which ``tests/browser/test_searching.py`` asks the
shards, and tells how many of the expected posts are among the first ten passages, and how often a word that nobody wrote finds some.
"""

from __future__ import annotations

import html
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Browser, sync_playwright

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.model import Author
from rostra.output.staging import OutputFile
from rostra.people.appearances import address
from rostra.search.bundles import bundle_count, bundle_files, column_count
from rostra.search.documents import Searched, SearchedThread
from rostra.search.lists import Labels
from rostra.search.shards import Shard, make_shard, shard_count, shard_of
from rostra.search.tokens import code_words, joined_words

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.asked_archive import ASKED, write_archive

PAUSE = 0.25
"""Seconds from the last keystroke to the question."""
LABELS = Labels(lambda author: author.name, str, str, address)
ASKING = """<!doctype html><meta charset="utf-8"><title>Pagefind</title><input id="ask"><p class="found"></p>
<script type="module">
const asked = new URLSearchParams(location.search).get("q"), told = document.querySelector(".found");
const { createInstance } = await import("./pagefind/pagefind.js");
const engine = createInstance({});
document.getElementById("ask").addEventListener("input", async (event) => {
  const { results } = await engine.search(event.target.value);
  await Promise.all(results.slice(0, 10).map((result) => result.data()));
  told.textContent = `${results.length} debates`;
});
</script>"""


def threads(folder: Path) -> Iterator[SearchedThread]:
    """The search documents of the debates, as a build has them."""
    for path in sorted(folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        posts = []
        for n, row in enumerate(rows, 1):
            lines = row["body"].splitlines()
            own = " ".join(" ".join(line for line in lines if not line.startswith(">")).split())
            quoted = " ".join(" ".join(line.lstrip("> ") for line in lines if line.startswith(">")).split())
            title = row.get("title") or "" if n == 1 else ""
            who, when = Author(name=row["author"]), row["created"]
            code = f"{code_words(own)} {joined_words(own)}".strip()
            posts.append(Searched(f"p-{n}", n, own, quoted, title, who, when, None, code))
        yield SearchedThread(path.stem, rows[0].get("title") or path.stem, "example.org", "posts", tuple(posts))


def make_shards(folder: Path, public: Path) -> dict[str, Any]:
    """Write the shards, and return what they took; then one debate changes."""
    every = list(threads(folder))
    posts = sum(len(thread.posts) for thread in every)
    count = shard_count(posts)
    many = bundle_count(count)
    shards: list[list[SearchedThread]] = [[] for _ in range(count)]
    for thread in every:
        shards[shard_of(thread.id, count)].append(thread)
    documents = [sum(len(msgspec.msgpack.encode(thread)) for thread in some) for some in shards]
    columns = [column_count(sum(documents[number::many])) for number in range(many)]
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun, size, files, made = time.process_time(), 0, 0, list[Shard[bytes]]()

    def write(some: list[OutputFile]) -> None:
        nonlocal size, files
        for file in some:
            path = public / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
            size, files = size + len(file.content), files + 1

    for number, some in enumerate(shards):
        shard, texts = make_shard(f"search/{number % many}/", some, columns[number % many], LABELS)
        made.append(shard)
        write(texts.files())
    for number in range(many):
        write(bundle_files(f"search/{number}/", made[number::many]))
    took = time.process_time() - begun
    begun = time.process_time()
    make_shard("search/0/", shards[0], columns[0], LABELS)
    bundle_files("search/0/", made[::many])
    changed = time.process_time() - begun
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held) / 1024
    return {"posts": posts, "bundles": many, "shards": count, "cpu ms/post": took / posts * 1e3, "bytes/post": size / posts, "files": files, "memory MiB": memory, "one debate changed, cpu s": changed}  # fmt: skip


def make_pagefind(folder: Path, public: Path) -> dict[str, Any]:
    """Write a page for each debate, index them, and return what that took."""
    posts = 0
    for thread in threads(folder):
        posts += len(thread.posts)
        said = "".join(
            f'<article><h3 id="{each.post}">{each.at}. {html.escape(each.author.name if each.author else "")}</h3>'
            f"<p>{html.escape(each.text)}</p></article>"
            for each in thread.posts
        )
        path = public / f"debates/{thread.id}/index.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(thread.title)}</title>'
        path.write_text(f"{head}<main data-pagefind-body><h1>{html.escape(thread.title)}</h1>{said}</main>")
    (public / "search.html").write_text(ASKING)
    run_pagefind(public)
    took = resource.getrusage(resource.RUSAGE_CHILDREN)
    made = [path.stat().st_size for path in (public / "pagefind").rglob("*") if path.is_file()]
    return {"posts": posts, "cpu ms/post": (took.ru_utime + took.ru_stime) / posts * 1e3, "bytes/post": sum(made) / posts, "files": len(made), "memory MiB": took.ru_maxrss / 1024}  # fmt: skip


def run_pagefind(public: Path) -> None:
    """Index a folder of pages."""
    spec = find_spec("pagefind_bin") or find_spec("pagefind_bin_extended")
    assert spec is not None
    (place,) = spec.submodule_search_locations or ()
    program = next(path for path in Path(place).iterdir() if path.name in ("pagefind", "pagefind_extended"))
    subprocess.run([program, "--site", public], check=True, stdout=subprocess.DEVNULL)


def search_page(folder: Path, public: Path, bundles: int) -> None:
    """Put the search page of a small site beside bundles of shards."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        (root / "content").mkdir()
        (root / "rostra.toml").write_text('title = "Measured"\n')
        shutil.copy(min(folder.glob("*.jsonl"), key=lambda path: path.stat().st_size), root / "content/a.jsonl")
        build(load_site(root))
        shutil.copytree(root / "public/assets", public / "assets")
        page = (root / "public/search.html").read_text()
        (public / "search.html").write_text(page.replace('data-bundles="1"', f'data-bundles="{bundles}"'))


@contextmanager
def slow(folder: Path, latency: float) -> Iterator[tuple[str, list[int]]]:
    """Serve a folder, each answer late by so many seconds; collect the sizes of what is sent."""
    sent = list[int]()

    class Host(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            time.sleep(latency)
            path = Path(self.translate_path(self.path))
            sent.append(path.stat().st_size if path.is_file() else 0)
            super().do_GET()

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", sent
    finally:
        server.shutdown()
        server.server_close()


def questions(folder: Path) -> dict[str, str]:
    """A common, a usual and a rare word of the debates, two words, a phrase, a beginning, a mistyped and an absent word."""
    counts: dict[str, int] = {}
    texts = [each.text for thread in threads(folder) for each in thread.posts]
    for text in texts[:5000]:
        for word in set(text.lower().split()):
            if word.isalpha() and len(word) > 5:
                counts[word] = counts.get(word, 0) + 1
    order = sorted(counts, key=lambda word: (-counts[word], word))
    rare = order[-1]
    usual = order[len(order) // 10]
    words = next(text for text in texts if len(text.split()) > 20).split()
    return {
        "common": order[0],
        "usual": usual,
        "rare": rare,
        "two words": f"{order[0]} {usual}",
        "phrase": f'"{" ".join(words[4:7])}"',
        "beginning": usual[:4],
        "mistyped": f"{usual[:2]}{usual[3]}{usual[2]}{usual[4:]}",
        "absent": "zzqqxxjj",
    }


def ask(browser: Browser, address: str, sent: list[int], words: str) -> tuple[float, int, int]:
    """After how many seconds the results are shown, and how many requests and bytes they took."""
    page = browser.new_context(bypass_csp=True).new_page()
    sent.clear()
    page.goto(address + "search.html", wait_until="domcontentloaded")
    # The page itself with its style and its script are no part of the search.
    own, begun = len(sent), time.perf_counter()
    page.locator("#ask").fill(words)
    page.wait_for_function(
        "() => !['', 'Searching …'].includes(document.querySelector('.found').textContent)", polling=10
    )
    took = time.perf_counter() - begun - PAUSE
    page.wait_for_load_state("networkidle")
    page.context.close()
    return took, len(sent) - own, sum(sent[own:])


FIRST_TEN = """async (words) => {
  const { createInstance } = await import("./pagefind/pagefind.js");
  const { results } = await createInstance({}).search(words);
  const debates = await Promise.all(results.slice(0, 10).map((result) => result.data()));
  const passages = debates.flatMap((debate) => debate.sub_results.map((passage) => new URL(passage.url, location)));
  return passages.filter((url) => url.hash).slice(0, 10).map((url) => [url.pathname.split("/").at(-2), Number(url.hash.slice(3))]);
}"""


def relevance() -> None:
    """Ask Pagefind the questions of the set, with a debate a page, and print what it finds."""
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        root, public = Path(place, "site"), Path(place, "pages")
        root.mkdir()
        write_archive(root)
        build(load_site(root))
        for path in (root / "public/debates").glob("*/thread.json"):
            thread = json.loads(path.read_bytes())
            said = "".join(
                f'<h3 id="p-{number}">{number}. {html.escape((post["author"] or {}).get("name") or "")}</h3>'
                f"<p>{html.escape(post['text'])}</p>"
                for number, post in enumerate(thread["posts"], 1)
                if post["kind"] == "post"
            )
            page_path = public / "debates" / path.parent.name / "index.html"
            page_path.parent.mkdir(parents=True)
            head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{html.escape(thread["title"])}</title>'
            page_path.write_text(f"{head}<main data-pagefind-body><h1>{html.escape(thread['title'])}</h1>{said}</main>")
        (public / "search.html").write_text(ASKING)
        run_pagefind(public)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        recalls, invented, absent = list[float](), 0, 0
        with slow(public, 0) as (address, _):
            page.goto(address + "search.html")
            for question in ASKED["question"]:
                found = [tuple(each) for each in page.evaluate(FIRST_TEN, question["q"])]
                wanted = {(debate, number) for debate, numbers in question["finds"].items() for number in numbers}
                if wanted:
                    recalls.append(len(wanted & set(found)) / len(wanted))
                    if recalls[-1] < 1:
                        print(f"  {question['q']}: {len(wanted & set(found))} of {len(wanted)}")
                else:
                    absent, invented = absent + 1, invented + bool(found)
        browser.close()
        print(f"recall among ten {sum(recalls) / len(recalls):.3f}; posts for words that nobody wrote: {invented} of {absent}")  # fmt: skip


def main(folder: Path, latency: float, engines: list[str]) -> None:
    """Make the indexes, ask each, and print what that took."""
    asked = questions(folder)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for engine in engines:
            public = Path(place, engine)
            public.mkdir()
            command = [sys.executable, __file__, "--make", engine, str(folder), str(public)]
            made = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            print(engine, ", ".join(f"{key} {value:.4g}" for key, value in made.items()), flush=True)
            if engine == "shards":
                search_page(folder, public, made["bundles"])
            with slow(public, latency) as (address, sent):
                for kind, words in asked.items():
                    took, requests, size = ask(browser, address, sent, words)
                    print(f"  {kind:10} {took:6.2f} s {requests:4} requests {size / 1e6:6.2f} MB", flush=True)
        browser.close()


if __name__ == "__main__":
    if sys.argv[1] == "--make":
        makers = {"shards": make_shards, "pagefind": make_pagefind}
        print(json.dumps(makers[sys.argv[2]](Path(sys.argv[3]), Path(sys.argv[4]))))
    elif sys.argv[1] == "--relevance":
        relevance()
    else:
        installed = find_spec("pagefind_bin") or find_spec("pagefind_bin_extended")
        engines = sys.argv[3:] or (["shards", "pagefind"] if installed else ["shards"])
        main(Path(sys.argv[1]), float(sys.argv[2]) / 1e3 if len(sys.argv) > 2 else 0, engines)
