"""A site that changes at random, as sites do: dumps come, grow, shrink, are renamed and come again."""

from __future__ import annotations

import json
import random
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

WORDS = ["the", "upper", "gate", "stays", "shut", "from", "dusk", "until", "miller", "rings", "bell", "and", "weir", "keeper", "says", "nothing", "of", "water", "that", "runs", "under", "bridge", "by", "night"]  # fmt: skip


def sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(12, 25))).capitalize() + "."


class Archive:
    """A site that changes, and what its debates say."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        self.root, self.chance = root, chance
        self.said = [sentence(chance) for _ in range(6)]
        self.day = 0
        self.messages: list[str] = []
        (root / "content").mkdir(parents=True)
        (root / "rostra.toml").write_text('title = "Mill"\n')
        for _ in range(4):
            self.add()
        for _ in range(8):
            self.mail()

    def dumps(self) -> list[Path]:
        return sorted((self.root / "content").glob("*.jsonl"))

    def post(self, number: int) -> dict[str, Any]:
        self.day += 1
        chance = self.chance
        body = chance.choice(self.said) if chance.random() < 0.4 else sentence(chance)
        if number > 1 and chance.random() < 0.7:
            body = f"> {chance.choice(self.said)}\n\n{body} See https://mill.example/{chance.randint(1, 40)}."
        url = f"https://mill.example/{self.day}"
        created = f"2024-{1 + self.day // 28 % 12:02}-{1 + self.day % 28:02}T09:00:00Z"
        return {"id": number, "parent": 1 if number > 1 else None, "author": chance.choice(["ada", "bede", "cy"]),
                "created": created, "body": body, "url": url, "title": f"Debate {self.day}" if number == 1 else None}  # fmt: skip

    def posts(self, path: Path) -> list[dict[str, Any]]:
        """The posts of a dump, but for those that were cut short."""
        posts = []
        for line in path.read_text().splitlines():
            with suppress(json.JSONDecodeError):
                posts.append(json.loads(line))
        return posts

    def write(self, path: Path, posts: list[dict[str, Any]]) -> None:
        path.write_text("".join(json.dumps(post) + "\n" for post in posts))

    def add(self) -> None:
        path = self.root / f"content/d{self.chance.randrange(10**6)}.jsonl"
        self.write(path, [self.post(n) for n in range(1, self.chance.randint(2, 6))])

    def mail(self) -> None:
        """A message more, which answers any that was there, one that is missing, or none."""
        self.day += 1
        chance = self.chance
        number = chance.randrange(10**6)
        known = [*self.messages, "<lost@mill.example>"]
        answered = chance.choice(known) if chance.random() < 0.7 else None
        fields = [f"Message-ID: <{number}@mill.example>"]
        if answered and chance.random() < 0.8:
            fields.append(f"References: {chance.choice(known)} {answered}")
        fields.append(f"Subject: {'Re: ' if answered else ''}{chance.choice(['Gate', 'Weir', 'Bell'])}")
        fields.append(f"Date: {1 + self.day % 28} Mar 2024 09:00:00 +0000")
        chance.shuffle(fields)
        self.messages.append(f"<{number}@mill.example>")
        body = sentence(chance) if chance.random() < 0.5 else f"> {chance.choice(self.said)}\n\n{sentence(chance)}"
        with (self.root / "content/box.mbox").open("a") as box:
            box.write(
                f"From ada Mon Mar  4 09:00:00 2024\nFrom: Ada <ada@mill.example>\n{chr(10).join(fields)}\n\n{body}\n\n"
            )

    def change(self) -> str:
        what = self.chance.choice(
            [
                "add",
                "edit",
                "append",
                "delete",
                "rename",
                "card",
                "style",
                "settings",
                "break",
                "page",
                "touch",
                "clash",
                "many",
                "redump",
                "draft",
                "same size",
                "front",
                "mail",
                "mail",
                "many",
                "cut",
                "unfinished",
            ]
        )
        dumps = self.dumps()
        chosen = self.chance.choice(dumps) if dumps else None
        match what:
            case "edit" | "append" if chosen:
                posts = self.posts(chosen)
                if posts and what == "edit":
                    posts[self.chance.randrange(len(posts))]["body"] = self.chance.choice(self.said)
                else:
                    posts.append(self.post(len(posts) + 1))
                self.write(chosen, posts)
            case "delete" if len(dumps) > 2:
                dumps[0].unlink()
                dumps[0].with_suffix(".toml").unlink(missing_ok=True)
            case "rename" if chosen:
                chosen.rename(chosen.with_name(f"r{self.chance.randrange(10**6)}.jsonl"))
                chosen.with_suffix(".toml").unlink(missing_ok=True)
            case "card" if chosen:
                chosen.with_suffix(".toml").write_text(f'title = "Named {self.chance.randrange(99)}"\n')
            case "draft" if chosen:
                chosen.with_suffix(".toml").write_text("draft = true\n")
            case "same size" if chosen:
                said = chosen.read_text()
                chosen.write_text(said.replace("upper", "lower") if "upper" in said else said.replace("lower", "upper"))
            case "front":
                (self.root / "content/news.md").write_text(
                    f"+++\ndraft = {self.chance.choice(['true', 'false'])}\n+++\n# News\n"
                )
            case "style":
                (self.root / "layouts").mkdir(exist_ok=True)
                (self.root / "layouts/404.html").write_text(
                    f'{{% extends "base.html" %}}{{# {self.chance.random()} #}}'
                )
            case "settings":
                (self.root / "rostra.toml").write_text(f'title = "Mill {self.chance.randrange(99)}"\n')
            case "break":
                (self.root / "content/broken.jsonl").write_text('{"id": 1, "parent": null, "body": "x"\n')
            case "clash" if chosen:
                posts = [self.post(n) | {"thread": chosen.stem} for n in (1, 2)]
                self.write(self.root / f"content/{self.chance.choice('az')}{self.chance.randrange(99)}.jsonl", posts)
            case "many":
                path = self.root / "content/many.jsonl"
                new = [
                    self.post(n) | {"thread": f"t{self.chance.randrange(1 + self.day // 4)}"}
                    for n in (self.day, self.day + 1)
                ]
                with path.open("a") as lines:
                    lines.write("".join(json.dumps(post) + "\n" for post in new))
            case "mail":
                self.mail()
            case "cut" | "unfinished":
                path = self.chance.choice([self.root / "content/box.mbox", self.root / "content/many.jsonl"])
                said = path.read_bytes() if path.exists() else b""
                if said and what == "cut":
                    path.write_bytes(said[: -self.chance.randrange(1, 1 + min(300, len(said) - 1))])
                elif said:
                    path.write_bytes(
                        said + self.chance.choice([b'{"id": ', b"nothing\n", b"From ", b"\n\n", b"> words\n"])
                    )
            case "redump" if chosen:
                posts = self.posts(chosen)
                if len(posts) > 2 and self.chance.random() < 0.5:
                    del posts[self.chance.randrange(1, len(posts))]
                if posts and self.chance.random() < 0.5:
                    posts[self.chance.randrange(len(posts))]["body"] += " And so on."
                posts += [self.post(100 + len(posts))] if self.chance.random() < 0.5 else []
                self.write(chosen.with_name(f"{self.chance.choice('az')}-{chosen.name}"), posts)
            case "page":
                (self.root / "content/about.md").write_text(f"# About {self.chance.randrange(9)}\n\nWords.\n")
            case "touch":
                for page in sorted((self.root / "public").rglob("index.html"))[:1]:
                    page.write_text("not ours")
            case _:
                self.add()
        return what


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def copied(root: Path, target: Path) -> Path:
    """The site with nothing that a build made."""
    shutil.copytree(root, target, ignore=shutil.ignore_patterns(".rostra", "public"))
    return target


def override(root: Path) -> None:
    """The site's own template, block, style, script and words."""
    for name, text in {
        "layouts/problems.html": "<p>{{ _('Search') }}</p>\n",
        "layouts/map.html": '{% extends "built-in/map.html" %}\n',
        "layouts/provenance.html": "<p>Found by the weir. {{ ngettext('%(num)s post', '%(num)s posts', 1234) }}</p>\n",
        "layouts/styles/95-weir.css": ".weir { color: teal; }\r\n",
        "layouts/styles/80-print.css": "@page { margin: 1cm; }\n",
        "layouts/scripts/90-weir.js": 'console.log(_("Keyboard shortcuts"));\n',
        "layouts/words/de-x-mill.po": 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Keyboard shortcuts"\nmsgstr "Schlüssel"\n',
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, newline="")
    (root / "rostra.toml").write_text('title = "Mill"\nlanguage = "de-x-mill"\n')
