"""What a card says is checked, told at its line, and where it does not apply everything else of it holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rostra.build.pipeline import BuildReport, build
from rostra.config.site import load_site

POST = {"parent": None, "author": "ada", "created": "2024-03-04T09:00:00Z"}


def lines(*said: tuple[str, str, str]) -> str:
    """Posts by id, thread and words."""
    return "".join(
        json.dumps({**POST, "id": id, "thread": thread, "title": f"Debate {thread}", "body": words}) + "\n"
        for id, thread, words in said
    )


TWO = lines(("1", "gate", "The gate is shut."), ("2", "weir", "The weir is open."))
ONE = lines(("1", "gate", "The gate is shut."))


def built(folder: Path, files: dict[str, str], settings: str = "") -> BuildReport:
    (folder / "content").mkdir(parents=True, exist_ok=True)
    (folder / "rostra.toml").write_text(f'title = "T"\n{settings}')
    for name, said in files.items():
        (folder / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "content" / name).write_text(said)
    return build(load_site(folder))


def debates(folder: Path) -> dict[str, dict[str, object]]:
    return {
        path.parent.name: json.loads(path.read_bytes()) for path in (folder / "public/debates").glob("*/thread.json")
    }


def told(report: BuildReport) -> list[tuple[str, int | None, str]]:
    return [(name, problem.line, problem.code) for name, problem in report.problems]


@pytest.mark.parametrize(
    ("card", "line", "message"),
    [
        ('title = "x"\nid = "A"', 2, "id 'A' cannot be part of an address"),
        ('id = "aux"', 1, "id 'aux' is a name reserved for a system"),
        ('id = "by-date"', 1, "id 'by-date' is a name reserved for a system or a list"),
        ('prefix = "a/b"', 1, "prefix 'a/b' cannot be part of an address"),
        ('id = "' + "x" * 81 + '"', 1, "cannot be part of an address"),
        ('\n\nurl = "forum/42"', 3, "url 'forum/42' is not an absolute address"),
        ('captured = "2023-02-29"', 1, "captured '2023-02-29' is not an ISO date"),
        ('title = "x"\narchived = "now"', 2, "archived 'now' is not an ISO date"),
        ('language = "xx"', 1, "language 'xx' is not a registered language"),
        ('old_addresses = [\n  "https://a.example/{thread}",\n  "https://a.example/{pots}",\n]', 3, "has a placeholder other than"),
        ('[[correction]]\npost = "p-1"\n[[correction]]\npost = "p-1"\ncreated = "later"', 5, "created 'later' is not an ISO date"),
        ('[[correction]]\npost = "p-1"\nlanguage = "english"', 3, "language 'english' is not a registered language"),
        ('[[correction]]\npost = "p-1"\n[[correction]]\nauthor = "x"', 3, "a correction names no post"),
        ('format = "maill"', 1, "there is no format 'maill'"),
        ('dump = "nowhere.txt"', 1, "the card names 'nowhere.txt', which does not exist"),
        ('tags = []\ndump = "' + "x" * 5000 + '"', 2, "which does not exist"),
        ('dump = "\\u0000"', 1, "dump contains the control character U+0000"),
    ],
)  # fmt: skip
def test_a_value_that_is_none_is_told_at_its_line_and_the_rest_is_built(
    tmp_path: Path, card: str, line: int, message: str
) -> None:
    report = built(tmp_path, {"all.jsonl": ONE, "all.toml": card, "other.txt": "Shall we?\n\n  1 year ago\n\n  Yes.\n"})
    (failure,) = report.failures
    assert (failure.path, failure.line) == ("content/all.toml", line)
    assert message in failure.message
    assert failure.hint
    assert set(debates(tmp_path)) == {"other"}


def test_an_id_may_be_80_long(tmp_path: Path) -> None:
    report = built(tmp_path, {"all.jsonl": ONE, "all.toml": f'id = "{"x" * 80}"\nurl = "mid:a@b.example"\n'})
    assert not report.failures
    assert set(debates(tmp_path)) == {"x" * 80}


def test_what_is_for_one_debate_is_not_used_for_several_and_all_of_them_are_built(tmp_path: Path) -> None:
    card = 'captured = "2024-05-01"\nid = "one"\ntitle = "All"\ntags = ["mill"]\n[[quotation]]\npost = "p-1"\ntext = "x"\n[[correction]]\nthread = "gate"\npost = "p-1"\nauthor = "Bede"\n'
    for _ in range(2):
        report = built(tmp_path, {"all.jsonl": TWO, "all.toml": card})
        assert not report.failures
        assert told(report) == [
            ("content/all.toml", 2, "unused-setting"),
            ("content/all.toml", 3, "unused-setting"),
            ("content/all.toml", 5, "unused-decision"),
        ]
    found = debates(tmp_path)
    assert {id: (said["title"], said["tags"]) for id, said in found.items()} == {
        "gate": ("Debate gate", ["mill"]),
        "weir": ("Debate weir", ["mill"]),
    }
    assert found["gate"]["source"]["captured"] == "2024-05-01"  # type: ignore[index]
    assert found["gate"]["posts"][0]["author"]["name"] == "Bede"  # type: ignore[index]


@pytest.mark.parametrize(
    ("dump", "layout", "expected"),
    [
        ("a.jsonl", 'template = "{author}"', [2]),
        ("a.jsonl", 'template = "{author}"\nexample = "Ada"', [2, 4]),
        ("a.txt", 'template = """\n{author} · {time}\n{body}"""', []),
        ("a.txt", 'template = """\n{author} · {time}\n{body}"""\nexample = "Ada"', [6]),
    ],
)
def test_a_layout_that_is_not_used_is_told(tmp_path: Path, dump: str, layout: str, expected: list[int]) -> None:
    said = "Ada · 2 Mar 2024\nWho opened it?\n\nBede · 3 Mar 2024\nI did.\n"
    card = f'title = "A"\n[layout]\n{layout}\n'
    report = built(tmp_path, {dump: ONE if dump == "a.jsonl" else said, "a.toml": card})
    found = [(name, line) for name, line, code in told(report) if code == "unused-setting"]
    assert sorted(found) == [("content/a.toml", line) for line in expected]


def test_a_dump_that_grows_to_several_debates_loses_the_title_of_its_card_and_no_debate(tmp_path: Path) -> None:
    card = 'id = "mine"\ntitle = "Mine"\n'
    assert told(built(tmp_path, {"all.jsonl": ONE, "all.toml": card})) == []
    assert {id: said["title"] for id, said in debates(tmp_path).items()} == {"mine": "Mine"}
    report = built(tmp_path, {"all.jsonl": TWO})
    assert not report.failures
    assert [code for _, _, code in told(report)] == ["unused-setting"] * 2
    titles = {id: said["title"] for id, said in debates(tmp_path).items() if said["posts"]}
    assert sorted(titles.values()) == ["Debate gate", "Debate weir"]


def test_what_is_withdrawn_without_a_debate_is_withdrawn_from_whichever_holds_it(tmp_path: Path) -> None:
    card = '[[correction]]\npost = "p-2"\nwithdrawn = "at her request"\n'
    for _ in range(2):
        report = built(tmp_path, {"all.jsonl": TWO, "all.toml": card})
        assert not report.failures
        assert told(report) == [("content/all.toml", 1, "unused-correction")]
        assert "withdrawn from every debate that has it" in report.problems[0][1].message
        files = [path.read_bytes() for path in (tmp_path / "public").rglob("*") if path.is_file()]
        assert not [said for said in files if b"The weir is open" in said]
        assert [said for said in files if b"The gate is shut" in said]


def test_a_correction_that_does_not_apply_is_told_at_its_line(tmp_path: Path) -> None:
    card = 'tags = []\n[[correction]]\npost = "p-1"\nauthor = "Bede"\n\n[[correction]]\npost = "p-9"\nauthor = "x"\n\n[[quotation]]\npost = "p-1"\ntext = "no such words"\n'
    report = built(tmp_path, {"all.jsonl": ONE, "all.toml": card})
    assert told(report) == [
        ("content/all.toml", 6, "unused-correction"),
        ("content/all.toml", 10, "unused-decision"),
    ]


def test_what_is_said_of_a_dump_that_cannot_be_read_is_no_problem_too(tmp_path: Path) -> None:
    report = built(
        tmp_path, {"all.json": "[", "all.toml": '[[correction]]\nthread = "gate"\npost = "p-1"\nauthor = "x"\n'}
    )
    assert len(report.failures) == 1
    assert told(report) == []


def test_old_addresses_that_lead_nowhere_are_told(tmp_path: Path) -> None:
    card = 'old_addresses = [\n  "https://a.example/{thread}",\n  "https://b.example/{thread}/{post}",\n  "https://www.a.example/x/{thread}",\n]\n'
    for settings, expected in (
        ("", [4]),
        ('takes_over = ["https://a.example"]\n', [3, 4]),
        ('takes_over = ["a.example", "b.example"]\n', [4]),
    ):
        report = built(tmp_path, {"all.jsonl": ONE, "all.toml": card}, settings)
        assert not report.failures
        assert told(report) == [("content/all.toml", line, "unused-setting") for line in expected]


@pytest.mark.parametrize(
    ("said", "created", "text"),
    [
        ("2024-03-01T09:00:00+02:00", "2024-03-01T09:00:00+02:00", None),
        ("2024-03-01 09:00Z", "2024-03-01T09:00:00Z", None),
        ("2024-03-01T09:00", None, "2024-03-01T09:00"),
        ("2024-03-01", "2024-03-01", None),
    ],
)
def test_a_time_without_a_zone_gets_none(tmp_path: Path, said: str, created: str | None, text: str | None) -> None:
    card = f'captured = "2024-03-02T10:00"\n[[correction]]\npost = "p-1"\ncreated = "{said}"\n'
    assert not built(tmp_path, {"all.jsonl": ONE, "all.toml": card}).failures
    (post,) = debates(tmp_path)["gate"]["posts"]  # type: ignore[misc]
    assert (post["created"], post["created_text"]) == (created, text)  # type: ignore[index]
    assert "10:00" not in (tmp_path / "public/feed.xml").read_text()


def test_pages_that_would_have_one_address_are_told_and_the_first_is_built(tmp_path: Path) -> None:
    report = built(
        tmp_path,
        {"about.md": "# First\n", "b/About.md": "# Second\n", "search.md": "# Mine\n", "nul.md": "# N\n"},
    )
    assert [(failure.path, failure.message) for failure in report.failures] == [
        ("content/search.md", "its address search.html belongs to a built-in page"),
        ("content/b/About.md", "its address about.html belongs to content/about.md"),
    ]
    assert "First" in (tmp_path / "public/about.html").read_text()
    assert not (tmp_path / "public/nul.html").exists()
    assert list((tmp_path / "public").glob("nul-*.html"))


def test_a_folder_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    report = built(
        tmp_path,
        {"well.jsonl": ONE, "well.toml": 'title = "Well"\n', "about.md": "# About\n"},
        'content = ["content", "./content", "content/../content"]\n',
    )
    assert not report.failures
    assert not report.problems
    assert set(debates(tmp_path)) == {"gate"}


@pytest.mark.parametrize("second", ["more/well.txt", "Well.txt", "WELL.txt"])
def test_dumps_of_one_name_are_told_apart(tmp_path: Path, second: str) -> None:
    text = "Shall we {}?\n\n  • ada\n  1 year ago\n\n  Yes, we shall {}.\n"
    files = {"well.txt": text.format("dig", "dig"), second: text.format("fill", "fill")}
    assert not built(tmp_path, files).failures
    published = [path for path in (tmp_path / "public").rglob("*.txt") if path.parent.parent.name == "debates"]
    assert sorted(path.read_text() for path in published) == sorted(files.values())
    assert len({path.as_posix().casefold() for path in published}) == 2


def test_a_person_of_whom_a_dump_has_no_post_is_told_at_its_line_in_every_build(tmp_path: Path) -> None:
    card = '[[person]]\nname = "Ada of the Mill"\nnames = ["ada"]\n\n[[person]]\nname = "Bede"\nnames = ["Ada", "bade"]\nids = ["7"]\n'
    for _ in range(2):
        report = built(tmp_path, {"all.jsonl": TWO, "all.toml": card})
        assert told(report) == [("content/all.toml", 5, "unused-setting")] * 2
        assert [each.message for _, each in report.problems] == [
            "nobody with the id '7' wrote a post of content/all.jsonl that is read",
            "nobody with the name 'bade' wrote a post of content/all.jsonl that is read",
        ]
    assert told(built(tmp_path, {"all.toml": card.replace("bade", "ADA").replace('ids = ["7"]\n', "")})) == []
    # Only what was added is read.
    three = TWO + lines(("3", "mill", "The mill stands."))
    assert told(built(tmp_path, {"all.jsonl": three})) == []
