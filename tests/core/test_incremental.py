"""What was kept changes nothing: a rebuild gives byte for byte what a clean build gives, and does less."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import time
from pathlib import Path

import pytest

from rostra.build import Report
from rostra.build import build as whole_build
from rostra.disk import Look
from rostra.rebuild import rebuild
from rostra.site import Site, load_site

WORDS = ["the", "upper", "gate", "stays", "shut", "from", "dusk", "until", "miller", "rings", "bell", "and", "weir", "keeper", "says", "nothing", "of", "water", "that", "runs", "under", "bridge", "by", "night"]  # fmt: skip


def build(site: Site) -> Report:
    return rebuild(site, lambda outputs: whole_build(site, outputs=outputs))


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

    def post(self, number: int) -> dict[str, object]:
        self.day += 1
        chance = self.chance
        body = chance.choice(self.said) if chance.random() < 0.4 else sentence(chance)
        if number > 1 and chance.random() < 0.7:
            body = f"> {chance.choice(self.said)}\n\n{body} See https://mill.example/{chance.randint(1, 40)}."
        url = f"https://mill.example/{self.day}"
        created = f"2024-{1 + self.day // 28 % 12:02}-{1 + self.day % 28:02}T09:00:00Z"
        return {"id": number, "parent": 1 if number > 1 else None, "author": chance.choice(["ada", "bede", "cy"]),
                "created": created, "body": body, "url": url, "title": f"Debate {self.day}" if number == 1 else None}  # fmt: skip

    def write(self, path: Path, posts: list[dict[str, object]]) -> None:
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
                posts = [json.loads(line) for line in chosen.read_text().splitlines() if line.endswith("}")]
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
                posts = [json.loads(line) for line in chosen.read_text().splitlines() if line.endswith("}")]
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


def clean(root: Path, target: Path) -> Report:
    shutil.copytree(root, target, ignore=shutil.ignore_patterns(".rostra", "public"))
    return build(load_site(target))


# The last three play dumps of one debate, and of others, that clash by their names.
@pytest.mark.parametrize("seed", [0, 1, 2, 30, 40, 201])
def test_whatever_changes_a_rebuild_gives_what_a_clean_build_gives(tmp_path: Path, seed: int) -> None:
    archive = Archive(tmp_path / "site", random.Random(seed))
    build(load_site(archive.root))
    for step in range(8):
        what = [archive.change() for _ in range(archive.chance.randint(1, 3))]
        again = build(load_site(archive.root))
        fresh = clean(archive.root, tmp_path / f"clean-{step}")
        assert files(archive.root / "public") == files(tmp_path / f"clean-{step}/public"), (seed, step, what)
        assert again.problems == fresh.problems
        assert [str(failure) for failure in again.failures] == [str(failure) for failure in fresh.failures]


def test_there_are_quotations_across_debates_in_what_is_compared(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(1))
    for _ in range(6):
        archive.add()
    build(load_site(archive.root))
    pages = (archive.root / "public").rglob("thread.json")
    threads = [json.loads(page.read_text()) for page in pages]
    sources = [
        (t["id"], q["source"]["thread"]) for t in threads for p in t["posts"] for q in p["quotes"] if q["source"]
    ]
    assert any(here != there for here, there in sources)
    assert any(reference for t in threads for p in t["posts"] for reference in p["references"])


def test_what_did_not_change_is_not_touched(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(2))
    build(load_site(archive.root))
    before = {path: path.stat().st_mtime_ns for path in (archive.root / "public").rglob("*") if path.is_file()}
    report = build(load_site(archive.root))
    assert report.written.touched == ()
    assert before == {path: path.stat().st_mtime_ns for path in before}


@pytest.mark.parametrize("damage", ["cut", "garbage", "another version", "a folder's worth of nothing"])
def test_a_cache_that_is_damaged_or_another_version_s_is_thrown_away(tmp_path: Path, damage: str) -> None:
    archive = Archive(tmp_path / "site", random.Random(3))
    build(load_site(archive.root))
    cache = archive.root / ".rostra/editions.sqlite"
    match damage:
        case "cut":
            cache.write_bytes(cache.read_bytes()[:5000])
        case "garbage":
            cache.write_bytes(b"no database" * 999)
        case "another version":
            with sqlite3.connect(cache) as base:
                base.execute("UPDATE stamp SET stamp = 'old'")
        case _:
            cache.write_bytes(b"")
    archive.change()
    build(load_site(archive.root))
    clean(archive.root, tmp_path / "clean")
    assert files(archive.root / "public") == files(tmp_path / "clean/public")


def test_a_build_that_breaks_off_leaves_what_was_kept_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(tmp_path / "site", random.Random(4))
    build(load_site(archive.root))
    archive.add()
    with monkeypatch.context() as patch:
        patch.setattr("rostra.pages.archive_units", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build(load_site(archive.root))
    build(load_site(archive.root))
    clean(archive.root, tmp_path / "clean")
    assert files(archive.root / "public") == files(tmp_path / "clean/public")


def test_where_nothing_changed_nothing_is_built(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(5))
    first = build(load_site(archive.root))
    # What was saved right before it was read is read once more.
    time.sleep(0.06)
    build(load_site(archive.root))
    site = load_site(archive.root)
    again = rebuild(site, lambda _: pytest.fail("it was built"))
    assert (again.threads, again.posts, again.problems) == (first.threads, first.posts, first.problems)
    assert again.written.touched == ()
    for path in sorted(archive.root.rglob("*")):
        if path.is_file() and ".rostra" not in path.parts:
            about = path.stat()
            words = path.read_bytes()
            path.write_bytes(words[::-1])
            os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
            built = []
            rebuild(site, lambda _: built.append(path) or again)  # noqa: B023  # called at once
            assert built, f"{path} was changed, of the same size and time"
            path.write_bytes(words)


def test_what_changes_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(6))
    site = load_site(archive.root)
    dump = archive.dumps()[0]

    def disturbed(_: Look) -> Report:
        report = whole_build(site)
        dump.write_text(dump.read_text().replace("the", "teh"))
        return report

    rebuild(site, disturbed)
    build(site)
    clean(archive.root, tmp_path / "clean")
    assert files(archive.root / "public") == files(tmp_path / "clean/public")


def test_drafts_are_previewed_and_never_built(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(7))
    dump = archive.dumps()[0]
    dump.with_suffix(".toml").write_text("draft = true\n")
    (archive.root / "content/news.md").write_text("+++\ndraft = true\ntitle = 'News'\n+++\nWords.\n")
    build(load_site(archive.root, previewed=True))
    report = build(load_site(archive.root))
    built, previewed = files(archive.root / "public"), files(archive.root / ".rostra/preview")
    assert not report.failures
    assert {"news.html", f"debates/{dump.stem}/index.html"} <= previewed.keys()
    assert not [path for path in built if "news" in path or dump.stem in path]
    assert not [path for path, words in built.items() if b"News" in words or dump.stem.encode() in words]
    assert dump.stem not in (archive.root / "rostra.ledger").read_text()


def test_what_is_wrong_in_a_page_s_front_is_told_with_its_line(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "site", random.Random(8))
    (archive.root / "content/news.md").write_text("+++\ntitle = 'News'\ndarft = true\n+++\nWords.\n")
    (failure,) = build(load_site(archive.root)).failures
    assert str(failure).startswith("content/news.md:3: there is no setting 'darft'")
