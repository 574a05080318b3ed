"""A year in the life of an archive: dumped again, edited, renamed, split, merged, corrected; and what became of its addresses."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import html

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.people.appearances import address as plain
from support.host_server import HOSTS, Arrival, Reader
from support.published_files import as_text

WORDS = ["the", "upper", "gate", "stays", "shut", "from", "dusk", "until", "miller", "rings", "bell", "and", "weir", "keeper", "says", "nothing", "of", "water", "that", "runs", "under", "bridge", "by", "night", "while", "nobody", "counts", "sluices", "or", "asks", "who", "paid", "for", "them"]  # fmt: skip
CHANGES = ["more", "more", "edit", "rewrite", "name", "age", "rename", "title", "id", "less", "delete", "split", "merge", "shuffle", "correct", "correct", "again", "tool", "parts", "forget", "withdraw", "hide"]  # fmt: skip
Address = tuple[str, str]


class Post:
    """What a test knows of a post: its marker stands in its text, whatever else is changed."""

    def __init__(self, number: int, parent: int | None, chance: random.Random) -> None:
        self.marker, self.parent = f"mark{number}", parent
        self.author: str | None = chance.choice(["Ada", "Bede", "Cy", "Dot"])
        self.words = [self.marker, *chance.choices(WORDS, k=chance.randint(12, 30))]
        self.native = self.day = number


class Debate:
    """A debate with its dumps: copied text without ids, or lines of JSON with them; earlier ones may be kept beside."""

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.kind, self.title, self.age = name, kind, f"Debate {name}", 1
        self.posts: dict[int, Post] = {}
        self.id: str | None = None
        self.corrections: list[str] = []
        self.withdrawn: set[str] = set()
        self.earlier: dict[str, tuple[list[dict[str, Any]] | str, set[str]]] = {}
        self.cut = self.hidden = False

    def below(self, number: int | None) -> list[int]:
        return [n for n, post in self.posts.items() if post.parent == number]

    def branch(self, number: int) -> list[int]:
        found = [number]
        for each in found:
            found += self.below(each)
        return found

    def markers(self) -> set[str]:
        """What stands in its dumps."""
        return {post.marker for post in self.posts.values()}.union(*(markers for _, markers in self.earlier.values()))

    def write(self, folder: Path, prefix: str) -> None:
        path = folder / f"{self.name}.{self.kind}"
        lines = self.lines()
        third = len(lines) // 3
        if self.cut and third and self.kind == "jsonl":
            path.write_text(written(lines[: len(lines) - third], prefix))
            path.with_name(f"{self.name}-part.jsonl").write_text(written(lines[third:], prefix))
        else:
            path.write_text(self.text() if self.kind == "txt" else written(lines, prefix))
        for name, (dump, _) in self.earlier.items():
            (folder / name).write_text(dump if isinstance(dump, str) else written(dump, prefix))
        card = [f"title = {json.dumps(self.title)}\n", *([f'id = "{self.id}"\n'] if self.id else [])]
        card += ['withdrawn = "It was private."\n'] if self.hidden else []
        path.with_suffix(".toml").write_text("".join(card + self.corrections))

    def lines(self) -> list[dict[str, Any]]:
        return [
            {
                "id": post.native,
                "parent": self.posts[post.parent].native if post.parent in self.posts else None,
                "author": post.author,
                "created": f"2024-{1 + post.day // 28 % 12:02}-{1 + post.day % 28:02}T09:00:00Z",
                "body": " ".join(post.words),
            }
            for post in self.posts.values()
        ]

    def text(self) -> str:
        out: list[str] = []
        stack = [(n, 0) for n in reversed(self.below(None))]
        while stack:
            n, depth = stack.pop()
            post, space = self.posts[n], "  " * (depth + 1) if depth else ""
            if depth:
                out += [f"{space}• {post.author}"] if post.author else []
                out += [f"{space}{self.age} years ago", ""]
            out += [space + " ".join(post.words), ""]
            stack += [(child, depth + 1) for child in reversed(self.below(n))]
        return "\n".join(out)


class Growing:
    """Two dumps of many debates to which each month only appends: a mailbox, and posts as lines."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.roots: dict[int, int] = {}
        self.mail = self.lines = ""

    def grow(self) -> None:
        for _ in range(self.chance.randint(2, 4)):
            number = 100_000 + len(self.roots)
            parent = self.chance.choice([None, *self.roots])
            root = self.roots[number] = self.roots[parent] if parent else number
            words = " ".join([f"mark{number}", *self.chance.choices(WORDS, k=12)])
            day = number % 28 + 1
            if root % 2:
                answers = f"In-Reply-To: <{parent}@mill.example>\n" if parent else ""
                self.mail += f"From ada Fri Mar {day:2} 09:00:00 2024\nFrom: Ada <ada@mill.example>\nMessage-ID: <{number}@mill.example>\n{answers}Subject: Gate {root}\nDate: {day} Mar 2024 09:00:00 +0000\n\n{words}\n\n"
            else:
                post = {
                    "id": number,
                    "parent": parent,
                    "thread": f"g{root}",
                    "author": "Bede",
                    "created": f"2024-03-{day:02}T09:00:00Z",
                    "body": words,
                }
                self.lines += json.dumps(post) + "\n"

    def markers(self) -> set[str]:
        return {f"mark{number}" for number in self.roots}

    def write(self, folder: Path) -> None:
        for name, said in (("box.mbox", self.mail), ("growing.jsonl", self.lines)):
            if said:
                (folder / name).write_text(said)


def written(lines: list[dict[str, Any]], prefix: str) -> str:
    """A dump of lines; a reader of another version may call the same posts otherwise."""
    named = [
        line | {"id": f"{prefix}{line['id']}", "parent": line["parent"] and f"{prefix}{line['parent']}"}
        for line in lines
    ]
    return "".join(json.dumps(line) + "\n" for line in named)


class Year:
    """An archive, its changes round by round, and every address that it ever published."""

    def __init__(self, root: Path, seed: int, debates: int, page: int = 1000) -> None:
        self.root, self.chance, self.count, self.prefix = root, random.Random(seed), 0, ""
        self.public = root / "public"
        self.debates: list[Debate] = []
        # Of its own, so that the rest is what it would be without.
        self.growing = Growing(random.Random(seed))
        self.posts: dict[Address, str] = {}
        self.dumps: dict[str, tuple[str, str]] = {}
        self.people: set[str] = set()
        self.kinds: dict[str, str] = {}
        self.changes: dict[str, set[str]] = {}
        self.withdrawn: set[str] = set()
        self.done: Counter[str] = Counter()
        (root / "content").mkdir(parents=True)
        (root / "rostra.toml").write_text(f'title = "Mill"\nextras = true\nposts_a_page = {page}\n')
        for n in range(debates):
            self.add("txt" if n % 2 else "jsonl")

    def post(self, debate: Debate, parent: int | None) -> None:
        self.count += 1
        post = debate.posts[self.count] = Post(self.count, parent, self.chance)
        self.kinds[post.marker] = "with ids of the source" if debate.kind == "jsonl" else "copied text"

    def add(self, kind: str) -> None:
        self.count += 1
        debate = Debate(f"d{self.count}", kind)
        self.post(debate, None)
        for _ in range(self.chance.randint(3, 9)):
            self.post(debate, self.chance.choice(list(debate.posts)))
        self.debates.append(debate)

    def change(self, debate: Debate) -> str:
        """Change one thing of a debate; what it was, and to which posts it was done, is noted."""
        before = debate.markers()
        what, posts = self._change(debate)
        self.done[what] += 1
        for marker in {post.marker for post in posts} if posts else before:
            self.changes.setdefault(marker, set()).add(what)
        return what

    def _change(self, debate: Debate) -> tuple[str, list[Post]]:
        chance = self.chance
        answers = [n for n, post in debate.posts.items() if post.parent is not None]
        post = debate.posts[chance.choice(list(debate.posts))]
        what = chance.choice(CHANGES)
        match what:
            case "more":
                for _ in range(chance.randint(1, 3)):
                    self.post(debate, chance.choice(list(debate.posts)))
                return what, [list(debate.posts.values())[-1]]
            case "edit":
                post.words[chance.randrange(2, len(post.words))] = "corrected"
                return what, [post]
            # A copy without ids has nothing in common with a text that was written anew.
            case "rewrite" if debate.kind == "jsonl" and not any(name.endswith(".txt") for name in debate.earlier):
                post.words = [post.marker, *chance.choices(WORDS, k=9)]
                return what, [post]
            case "name" if post.parent is not None:
                post.author = "Found" if post.author is None else None
                return what, [post]
            case "age":
                debate.age += 1
            case "rename":
                debate.name += "r"
            case "title":
                debate.title += " again"
            case "id":
                self.count += 1
                debate.id = f"moved-{self.count}"
            case "less" if len(answers) > 2:
                gone = debate.posts.pop(chance.choice([n for n in answers if not debate.below(n)]))
                return what, [gone]
            case "delete" if chance.random() < 0.3 and len(self.debates) > 5:
                self.debates.remove(debate)
            case "split" if debate.kind == "jsonl" and len(answers) > 4 and not debate.hidden:
                return what, self._split(debate, chance.choice(answers))
            case "merge" if debate.kind == "jsonl" and not debate.hidden:
                self._merge(debate)
            case "again":
                # An edited copy has lost its likeness to what it was copied from, if it has no ids.
                debate.earlier[f"{debate.name}-{len(debate.earlier):02}.{debate.kind}"] = (
                    debate.lines() if debate.kind == "jsonl" else debate.text(),
                    debate.markers(),
                )
            case "tool" if debate.kind == "jsonl":
                debate.earlier[f"{debate.name}-{len(debate.earlier):02}.txt"] = (debate.text(), debate.markers())
            case "parts" if debate.kind == "jsonl":
                debate.cut = not debate.cut
            case "forget" if debate.earlier:
                debate.earlier.clear()
            case "correct" if permalink := self._permalink(debate):
                fact = chance.choice(['author = "Zeus"', 'created = "2020-01-01T00:00:00Z"', 'note = "A note."', 'title = "So"'])  # fmt: skip
                debate.corrections.append(f'[[correction]]\npost = "{permalink[1]}"\n{fact}\n')
                return what, [p for p in debate.posts.values() if p.marker == self.posts[permalink]]
            case "withdraw" if chance.random() < 0.3 and (permalink := self._permalink(debate)):
                debate.corrections.append(f'[[correction]]\npost = "{permalink[1]}"\nwithdrawn = "as asked"\n')
                self.withdrawn.add(self.posts[permalink])
                debate.withdrawn.add(self.posts[permalink])
                return what, [p for p in debate.posts.values() if p.marker == self.posts[permalink]]
            case "hide" if chance.random() < 0.2 or debate.hidden:
                debate.hidden = not debate.hidden
            case "shuffle" if debate.kind == "jsonl":
                first, *rest = debate.posts.items()
                chance.shuffle(rest)
                debate.posts = dict([first, *rest])
            case _:
                return "nothing", [post]
        return what, []

    def _split(self, debate: Debate, top: int) -> list[Post]:
        self.count += 1
        other = Debate(f"s{self.count}", "jsonl")
        for n in debate.branch(top):
            other.posts[n] = debate.posts.pop(n)
        other.posts[top].parent = None
        debate.earlier.clear()
        self.debates.append(other)
        return list(other.posts.values())

    def _merge(self, debate: Debate) -> None:
        others = [each for each in self.debates if each is not debate and each.kind == "jsonl" and not each.hidden]
        target = self.chance.choice(others)
        top = min(debate.posts)
        # Forums number the posts that they take over anew.
        for post in debate.posts.values():
            self.count += 1
            post.native = self.count
        target.posts |= debate.posts
        target.posts[top].parent = min(target.posts.keys() - debate.posts.keys())
        self.debates.remove(debate)

    def _permalink(self, debate: Debate) -> Address | None:
        """A post's address, as a publisher finds it on the page."""
        markers = debate.markers()
        here = sorted(address for address, marker in self.posts.items() if marker in markers)
        return self.chance.choice(here) if here else None

    def round(self) -> None:
        """A month: half of the debates change, all is dumped and built."""
        for debate in list(self.debates):
            if debate in self.debates and self.chance.random() < 0.5:
                self.change(debate)
        for path in (self.root / "content").iterdir():
            path.unlink()
        for debate in self.debates:
            debate.write(self.root / "content", self.prefix)
        self.growing.grow()
        self.growing.write(self.root / "content")
        self.kinds |= dict.fromkeys(self.growing.markers(), "in dumps that grow")
        report = build(load_site(self.root))
        assert not report.failures, [str(failure) for failure in report.failures]

    def note(self) -> None:
        """Remember every address that is published now, with the marker of what stands there."""
        for path in sorted((self.public / "debates").glob("*/*.html")):
            debate = path.parent.name
            for element in html.fromstring(path.read_bytes()).iter("article"):
                if marker := said(element):
                    self.posts.setdefault((debate, element.get("id")), marker)
        self.people |= {path.name for path in (self.public / "people").glob("*.*ml")}
        content = {path.name for path in (self.root / "content").iterdir()}
        for path in sorted((self.public).rglob("*")):
            if path.name in content:
                address = "/" + path.relative_to(self.public).as_posix()
                self.dumps[address] = (path.name, path.parent.name)

    def present(self) -> set[str]:
        """The markers of what the archive holds and shows."""
        shown = [debate.markers() for debate in self.debates if not debate.hidden]
        return self.growing.markers().union(*shown) - self.withdrawn

    def lost(self) -> list[tuple[str, str]]:
        """The addresses that lead nowhere, or to something else: the kind of address, and it."""
        return [wrong for host in HOSTS for wrong in self._lost(Reader(host(self.public)))]

    def _lost(self, reader: Reader) -> Iterator[tuple[str, str]]:
        present = self.present()
        debates: dict[str, set[str]] = {}
        for (debate, id), marker in self.posts.items():
            debates.setdefault(debate, set()).add(marker)
            for page in ("", "index.html"):
                if not arrived(reader.follow(f"/debates/{debate}/{page}#{id}"), marker, present):
                    yield "post", f"/debates/{debate}/{page}#{id}"
            if not in_document(reader, debate, id, marker, present):
                yield "thread.json", f"/debates/{debate}/thread.json {id}"
        documents = [json.loads(path.read_bytes()) for path in self.public.glob("debates/*/thread.json")]
        speaking = {plain(post["author"]["name"]) for each in documents for post in each["posts"] if post["author"]}
        for name in self.people:
            if name.partition(".")[0] in speaking and not reader.follow(f"/people/{name}"):
                yield "person", name
        for name in ("feed.xml", "feed.json", *(f"debates/{debate}/feed.xml" for debate in debates)):
            if not reader.follow(f"/{name}"):
                yield "feed", name
        for debate, markers in debates.items():
            arrival = reader.follow(f"/debates/{debate}/")
            # A debate that was merged into a longer one may be on a later page of it.
            pages = sorted((reader.host.folder / arrival.path).parent.glob("*.html")) if arrival else ()
            here = "".join(page.read_text() for page in pages)
            shown = any(f"{marker} " in here for marker in markers & present)
            # Where only what was withdrawn stayed behind, the page leads on to the others.
            ways = any(f'{there}/index.html#{id}"' in here for (there, id), m in self.posts.items() if m in markers & present)  # fmt: skip
            if arrival is None or (markers & present and not shown and not ways):
                yield "thread", f"/debates/{debate}/"
        hidden = set().union(*(debate.markers() for debate in self.debates if debate.hidden)) - present
        # As long as the card is there, wherever the post now stands.
        hidden = hidden.union(*(debate.withdrawn for debate in self.debates))
        for path in sorted(reader.host.folder.rglob("*")):
            if path.is_file() and hidden & set(re.findall(r"mark\d+", as_text(path))):
                yield "withdrawn, and still there", str(path)
        for address, (name, folder) in self.dumps.items():
            dump, page = self.root / "content" / name, reader.host.folder / "debates" / folder / "index.html"
            stands = dump.is_file() and page.is_file() and f'href="{name}"' in page.read_text()
            led = reader.follow(address)
            if stands and (led is None or (reader.host.folder / led.path).read_bytes() != dump.read_bytes()):
                yield "dump", address


def arrived(arrival: Arrival | None, marker: str, present: set[str]) -> bool:
    """Whether a reader is at the post, or is told that it is gone where it is."""
    if arrival is None or arrival.element is None:
        return False
    here = said(arrival.element) if arrival.element.tag == "article" else None
    return here == marker if here else marker not in present


def in_document(reader: Reader, debate: str, id: str, marker: str, present: set[str]) -> bool:
    """Whether a program that has the address of a thread document finds the post, or that it is gone."""
    for _ in range(3):
        document = reader.document(f"/debates/{debate}/thread.json")
        if document is None:
            return False
        if post := next((each for each in document["posts"] if each["id"] == id), None):
            found = re.search(r"mark\d+", post["text"])
            return found[0] == marker if found else marker not in present
        kept = next((each for each in document["kept"] if each["post"] == id), None)
        if kept is None or kept["thread"] is None:
            return kept is not None and marker not in present
        debate, id = kept["thread"], kept["to"]
    return False


def said(article: html.HtmlElement) -> str | None:
    """The marker in a post's own text."""
    body = article.find("./div[@class='body e-content']")
    found = re.search(r"mark\d+", body.text_content()) if body is not None else None
    return found[0] if found else None
