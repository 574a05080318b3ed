"""What a publisher redacts is in no file that is published, whatever it was and however it was said."""

from __future__ import annotations

import gzip
import html
import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.build.pipeline import BuildReport, build
from rostra.config.redaction_rules import RedactionRule, append_rule, post_at
from rostra.config.site import load_site
from rostra.errors import UsageError
from rostra.markup import render, weave
from rostra.markup.blackout import blackout
from support.published_files import unpacked

WORDS = ["upper", "gate", "shut", "dusk", "miller", "rings", "bell", "weir", "keeper", "water", "bridge", "night", "sluice", "mill", "paid", "toll", "stone", "river", "spring", "autumn", "meadow", "orchard", "wagon", "barley"]  # fmt: skip
NAME = "Marguerite Oldcastle"


def sentence(chance: random.Random, size: int = 14) -> str:
    return " ".join(chance.choices(WORDS, k=size)).capitalize() + "."


class Archive:
    """2,000 posts, of which some are by one person whom others quote, name and answer."""

    def __init__(self, root: Path, debates: int = 40, posts: int = 50) -> None:
        chance = random.Random(5)
        self.root, self.secrets = root, list[str]()
        (root / "content").mkdir(parents=True)
        (root / "rostra.toml").write_text('title = "Mill"\n')
        day = 0
        for debate in range(debates):
            lines = []
            for n in range(1, posts + 1):
                day += 1
                who = NAME if chance.random() < 0.05 else chance.choice(["ada", "bede", "cy"])
                said = sentence(chance)
                body = said
                if who == NAME:
                    self.secrets.append(said)
                elif self.secrets and chance.random() < 0.2:
                    quoted = chance.choice(self.secrets[-6:])
                    body = chance.choice([
                        f"> {quoted}\n\n{said}",
                        f"{NAME} wrote:\n\n> {quoted}\n\n{said}",
                        f"> {' '.join(quoted.split()[2:11])}\n\n{said}",
                        f"{quoted}\n\n{said}",
                        f"You said “{quoted[:-1]}”, @marguerite_oldcastle, and [here](https://mill.example/u/marguerite-oldcastle).",
                        f"As {NAME.upper()} says: *{quoted[:-1]}*, and marguerite.oldcastle@mill.example agrees.",
                    ])  # fmt: skip
                lines.append({"id": n, "parent": chance.randint(1, n - 1) if n > 1 else None, "author": who, "body": body,
                              "created": f"{2000 + day // 336}-{1 + day // 28 % 12:02}-{1 + day % 28:02}T09:00:00Z",
                              "url": f"https://mill.example/{'marguerite-oldcastle/' if who == NAME else ''}{day}",
                              "title": f"Debate {debate}" + (f" with {NAME}" if debate == 3 else "") if n == 1 else None})  # fmt: skip
            name = "marguerite-oldcastle" if debate == 5 else f"d{debate}"
            (root / f"content/{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))

    def build(self) -> BuildReport:
        return build(load_site(self.root))

    def published(self) -> dict[str, str]:
        found = {}
        for path in sorted((self.root / "public").rglob("*")):
            if path.is_file():
                data = unpacked(path)
                data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
                found[path.relative_to(self.root / "public").as_posix()] = data.decode("utf-8", "replace")
        return found


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", html.unescape(re.sub(r"<[^>]*>", " ", text)).casefold()))


@pytest.mark.parametrize("before", [True, False])
def test_of_a_person_not_a_byte_is_left_in_two_thousand_posts(tmp_path: Path, before: bool) -> None:
    archive = Archive(tmp_path)
    if before:
        archive.build()
    append_rule(tmp_path, RedactionRule(person=NAME, reason="at her request"))
    report = archive.build()
    assert report.posts + sum(text.count('"kind":"redacted"') for text in archive.published().values()) == 2000
    assert len(archive.secrets) > 50
    files = archive.published()
    assert not [path for path in files if "oldcastle" in path.casefold()]
    for path, text in files.items():
        assert not re.search("marguerite.{0,3}oldcastle", text, re.IGNORECASE | re.DOTALL), path
    whole = {path: plain(text) for path, text in files.items()}
    for secret in archive.secrets:
        words = plain(secret).split()
        runs = {" ".join(words[n : n + 6]) for n in range(len(words) - 5)}
        assert not [path for path, text in whole.items() if any(run in text for run in runs)], secret
    assert any("█████" in text for text in files.values())
    assert any("at her request" in text for text in files.values())


def test_a_post_and_its_quotations_go_and_the_rest_stays(tmp_path: Path) -> None:
    archive = Archive(tmp_path, debates=6, posts=20)
    archive.build()
    thread = next(t for t in documents(archive) for p in t["posts"] if any(b for b in p["quoted_by"]))
    post = next(p for p in thread["posts"] if p["quoted_by"])
    append_rule(tmp_path, RedactionRule(thread=thread["id"], post=post["id"]))
    archive.build()
    files = archive.published()
    run = " ".join(plain(post["text"]).split()[2:11])
    assert not [path for path, text in files.items() if run in plain(text)]
    there = next(t for t in documents(archive) if t["id"] == thread["id"])
    assert [p["id"] for p in there["posts"]] == [p["id"] for p in thread["posts"]]
    assert sum(p["kind"] == "redacted" for t in documents(archive) for p in t["posts"]) == 1


def documents(archive: Archive) -> list[dict[str, object]]:
    return [json.loads(path.read_bytes()) for path in sorted((archive.root / "public/debates").glob("*/thread.json"))]


def small(root: Path, body: str, rule: RedactionRule) -> str:
    (root / "content").mkdir(parents=True)
    (root / "rostra.toml").write_text('title = "Mill"\n')
    lines = [
        {"id": 1, "parent": None, "author": "Ada", "body": body},
        {"id": 2, "parent": 1, "author": "Canada", "body": "> " + body},
    ]
    (root / "content/gate.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    append_rule(root, rule)
    build(load_site(root))
    return (root / "public/debates/gate/thread.json").read_text()


def test_a_passage_goes_and_what_stands_around_it_stays(tmp_path: Path) -> None:
    said = small(tmp_path, "The gate is shut. My daughter goes to the school in Mill Lane. It opens at dawn.",
                 RedactionRule(post="p-1", thread="gate", passage="My daughter goes to the school in Mill Lane."))  # fmt: skip
    assert "daughter" not in said
    assert "█████ It opens at dawn." in said
    assert "The gate is shut." in said
    assert not (tmp_path / "public/debates/gate/gate.jsonl").exists()


def test_what_is_around_a_passage_stays_in_every_later_build(tmp_path: Path) -> None:
    said = {"id": 1, "author": "Ada", "created": "2024-03-04T09:00:00Z", "body": "The gate is shut. Ring me on 01632 960112, at any hour."}  # fmt: skip
    small(tmp_path, "", RedactionRule(post="p-1", thread="gate", passage="01632 960112"))
    (tmp_path / "content/gate.jsonl").write_text(json.dumps(said) + "\n")
    for body in ("The weir runs dry.", "The weir is full."):
        (tmp_path / "content/weir.jsonl").write_text(json.dumps({"id": 1, "author": "cy", "body": body}) + "\n")
        build(load_site(tmp_path))
        (post,) = json.loads((tmp_path / "public/debates/gate/thread.json").read_text())["posts"]
        assert post["text"] == "The gate is shut. Ring me on █████, at any hour."


def test_an_address_goes_wherever_it_stands(tmp_path: Path) -> None:
    said = small(
        tmp_path,
        "Write to ada@mill.example, or [here](mailto:ada@mill.example).",
        RedactionRule(address="ada@mill.example"),
    )
    assert "ada@mill.example" not in said
    assert "Write to █████" in said


def test_a_short_name_is_not_cut_out_of_other_words(tmp_path: Path) -> None:
    said = small(tmp_path, "Ada says that Canada is cold, @ada.", RedactionRule(person="Ada"))
    assert '"name":"Canada"' in said
    assert "Ada says" not in said
    assert "@ada" not in said


def test_what_the_publisher_wrote_himself_is_not_cut_but_refused(tmp_path: Path) -> None:
    archive = Archive(tmp_path, debates=2, posts=5)
    (tmp_path / "content/about.md").write_text(f"# About\n\nWith thanks to {NAME}.\n")
    append_rule(tmp_path, RedactionRule(person=NAME))
    with pytest.raises(UsageError, match=r"about\.html would contain"):
        archive.build()
    assert not (tmp_path / "public/about.html").exists()


@pytest.mark.parametrize(
    "rule",
    [RedactionRule(), RedactionRule(person="a", address="b"), RedactionRule(passage="x"), RedactionRule(person=" ")],
)
def test_a_rule_that_names_nothing_or_two_things_is_refused(tmp_path: Path, rule: RedactionRule) -> None:
    with pytest.raises(UsageError):
        append_rule(tmp_path, rule)
    assert not (tmp_path / "redactions.toml").exists()


def test_a_post_is_named_by_its_address(tmp_path: Path) -> None:
    archive = Archive(tmp_path, debates=1, posts=3)
    archive.build()
    site = load_site(tmp_path)
    assert post_at(site, "https://mill.example/x/debates/d0/#p-2") == ("d0", "p-2")
    assert post_at(site, "d0#p-2") == ("d0", "p-2")
    for wrong in ("d0", "d0#p-9", "d1#p-1", "../d0#p-1"):
        with pytest.raises(UsageError):
            post_at(site, wrong)


@given(
    st.text(st.sampled_from("ab c\n>*_`-1.[]()<&é😀"), max_size=120),
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), max_size=5),
)
@settings(max_examples=300, deadline=None)
def test_a_body_stays_well_formed_whatever_is_cut_out_of_it(text: str, spans: list[tuple[int, int]]) -> None:
    body = render(text, "markdown")
    cut = blackout(body, [(min(span), max(span), "x") for span in spans])
    assert weave(cut).count("<") == weave(body).count("<")
    assert [tag for _, tag in cut.tags] == [tag for _, tag in body.tags]
    assert [at for at, _ in cut.tags] == sorted(at for at, _ in cut.tags)
    ends = [at for block in cut.blocks for at in (block.start, block.end)]
    assert ends == sorted(ends)
    assert all(at <= len(cut.text) for at in ends)
