"""Mail of several dumps: one debate wherever its messages lie, the same in any order, and no address lost."""

from __future__ import annotations

import json
import random
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.config.cards import Card
from rostra.config.site import Settings, load_site
from rostra.errors import UsageError
from rostra.ingest.inspection import inspections, joined_inspections, tree
from rostra.ingest.joining import join_alone, join_dumps
from rostra.readers import Dump
from rostra.readers.records.resume import no_tails
from rostra.system.workers import Workers

GATE = "Who opened the upper gate of the mill last night without asking anybody of us?"
BELL = "The bell of the mill rang at dusk, so that somebody must have been there before."
WEIR = "Nobody counts the sluices of the weir, and the keeper sleeps until late in spring."


def message(number: int, day: int, body: str, *, month: int = 3, who: str = "Ada Weir", more: str = "", subject: str = "The upper gate stays shut") -> str:  # fmt: skip
    return f"From {who.split(maxsplit=1)[0].lower()}@mill.example  Mon Mar  4 09:00:00 2024\nFrom: {who} <{who.split(maxsplit=1)[0].lower()}@mill.example>\nDate: {day} {('Jan', 'Feb', 'Mar', 'Apr', 'May')[month - 1]} 2024 09:{number:02}:00 +0000\nSubject: {subject}\nMessage-ID: <{number}@mill.example>\n{more}\n{body}\n\n"


def quoting(body: str) -> str:
    return "\n".join(f"> {line}" for line in body.split("\n"))


ONE = message(1, 30, GATE)
TWO = message(
    2, 1, f"On 30 March 2024, Ada Weir wrote:\n{quoting(GATE)}\n\n{BELL}", month=4, who="Bede Hill", subject="Bells"
)
THREE = message(
    3, 2, "No, it was me.", month=4, who="Cy Brook", more="In-Reply-To: <2@mill.example>\n", subject="Bells"
)
FOUR = message(
    4, 3, WEIR, month=5, who="Dot Fen", more="In-Reply-To: <3@mill.example>\n", subject="Sluices of the weir"
)
MONTHS = {"2024-March.txt": ONE, "2024-April.txt": TWO + THREE, "2024-May.txt": FOUR}


def site(folder: Path, dumps: dict[str, str], settings: str = "", cards: dict[str, str] | None = None) -> Path:
    (folder / "content").mkdir(parents=True, exist_ok=True)
    (folder / "rostra.toml").write_text(f'title = "Mill"\n{settings}', encoding="utf-8")
    for name, text in {**dumps, **(cards or {})}.items():
        (folder / "content" / name).write_text(text, encoding="utf-8")
    return folder


def built(folder: Path) -> list[dict[str, Any]]:
    assert not build(load_site(folder)).failures
    found = (json.loads(path.read_bytes()) for path in sorted((folder / "public/debates").glob("*/thread.json")))
    # A debate that joined another leaves a document that leads there.
    return sorted((each for each in found if each["source"]), key=lambda thread: str(thread["native_id"]))


def shape(thread: dict[str, Any]) -> list[tuple[str, int, str, str]]:
    return [(post["native_id"], post["depth"], post["kind"], post["parent_by"]) for post in thread["posts"]]


WHOLE = [
    ("<1@mill.example>", 0, "post", "source"),
    ("<2@mill.example>", 1, "post", "quotation"),
    ("<3@mill.example>", 2, "post", "source"),
    ("<4@mill.example>", 3, "post", "source"),
]


def test_a_thread_in_several_files_is_one_debate(tmp_path: Path) -> None:
    (thread,) = built(site(tmp_path, MONTHS))
    assert shape(thread) == WHOLE
    assert thread["title"] == "The upper gate stays shut"
    assert not [problem for problem in thread["problems"] if problem["code"] == "missing-post"]
    page = next((tmp_path / "public/debates").glob("*/index.html")).read_text(encoding="utf-8")
    assert page.count("reply, inferred from its quotation") == 2  # in the header and in the menu


def test_the_page_says_it_in_german(tmp_path: Path) -> None:
    built(site(tmp_path, MONTHS, 'language = "de"\n'))
    page = next((tmp_path / "public/debates").glob("*/index.html")).read_text(encoding="utf-8")
    assert page.count("Antwort, erschlossen aus ihrem Zitat") == 2


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 0, 1), (2, 1, 0)])
def test_a_file_that_is_added_later_joins_and_no_address_is_lost(tmp_path: Path, order: tuple[int, ...]) -> None:
    names = list(MONTHS)
    addresses: set[tuple[str, str]] = set()
    threads: list[dict[str, Any]] = []
    for n in order:
        threads = built(site(tmp_path, {names[n]: MONTHS[names[n]]}))
        addresses |= {(thread["id"], post["id"]) for thread in threads for post in thread["posts"]}
    (thread,) = threads
    assert shape(thread) == WHOLE
    for debate, post in addresses:
        page = (tmp_path / "public/debates" / debate / "index.html").read_text(encoding="utf-8")
        here = f'id="{post}"' in page
        assert here or f'{thread["id"]}/index.html#{post}"' in page or f'{thread["id"]}/#{post}"' in page, (
            debate,
            post,
        )


def test_the_files_in_any_order_give_the_same_bytes(tmp_path: Path) -> None:
    pages = []
    for name, order in (("a", list(MONTHS)), ("b", list(MONTHS)[::-1])):
        folder = site(tmp_path / name, {each: MONTHS[each] for each in order})
        built(folder)
        pages.append({path.relative_to(folder): path.read_bytes() for path in (folder / "public").rglob("*.html")})
    assert pages[0] == pages[1]


LONE = message(9, 3, "Something else entirely.", subject="Pears", who="Eve Moor")
OTHER = message(8, 4, "And yet another thing.", subject="Plums", who="Flo Moor")


@pytest.mark.parametrize(("before", "after"), [(ONE + LONE + TWO, THREE + FOUR), (LONE + OTHER, TWO + ONE)])
def test_a_rebuild_after_an_append_equals_a_clean_build(tmp_path: Path, before: str, after: str) -> None:
    built(site(tmp_path / "a", {"all.mbox": before}))
    threads = built(site(tmp_path / "a", {"all.mbox": before + after}))
    (tmp_path / "b").mkdir()
    assert threads == built(site(tmp_path / "b", {"all.mbox": before + after}))
    assert any(len(thread["posts"]) > 1 for thread in threads)


def test_a_message_that_was_read_is_joined_to_one_that_is_appended(tmp_path: Path) -> None:
    assert len(built(site(tmp_path, {"all.mbox": LONE + TWO + OTHER}))) == 3
    threads = built(site(tmp_path, {"all.mbox": LONE + TWO + OTHER + ONE}))
    assert sorted(len(thread["posts"]) for thread in threads) == [1, 1, 2]


def test_a_file_that_was_removed_joins_again_when_it_is_back(tmp_path: Path) -> None:
    (once,) = built(site(tmp_path, MONTHS))
    (tmp_path / "content/2024-April.txt").unlink()
    built(tmp_path)
    (again,) = built(site(tmp_path, MONTHS))
    assert shape(again) == shape(once)


def test_settings_and_cards_keep_archives_apart(tmp_path: Path) -> None:
    threads = built(site(tmp_path / "a", MONTHS, "join_dumps = false\n"))
    assert len(threads) == 3
    apart = {"2024-March.toml": "apart = true\n"}
    threads = built(site(tmp_path / "b", MONTHS, cards=apart))
    assert [len(thread["posts"]) for thread in threads] == [1, 3]


@pytest.mark.parametrize(
    ("settings", "cards", "posts"),
    [("", {}, [2]), ("join_dumps = false\n", {}, [1, 2]), ("", {"a.toml": "apart = true\n"}, [1, 2]), ("", {"b.toml": "apart = true\n"}, [1, 2])],
)  # fmt: skip
def test_archives_that_are_apart_share_no_debate_by_references_either(
    tmp_path: Path, settings: str, cards: dict[str, str], posts: list[int]
) -> None:
    answer = message(2, 1, BELL, month=4, who="Bede Hill", more="In-Reply-To: <1@mill.example>\n")
    threads = built(site(tmp_path, {"a.txt": ONE, "b.txt": answer}, settings, cards))
    assert sorted(len(thread["posts"]) for thread in threads) == posts


def test_a_decision_that_does_not_apply_is_told(tmp_path: Path) -> None:
    card = "".join(f'[[reply]]\npost = "{post}"\n{more}' for post, more in (("<9@x>", ""), ("<3@mill.example>", ""), ("<2@mill.example>", 'answers = "<8@x>"\n')))  # fmt: skip
    report = build(load_site(site(tmp_path, MONTHS, cards={"2024-April.toml": card})))
    found = [(problem.line, problem.message) for _, problem in report.problems if problem.code == "unused-decision"]
    assert found == [
        (1, "<9@x> is not a message of content/2024-April.txt"),
        (3, "<3@mill.example> says itself that it answers <2@mill.example>"),
        (5, "<8@x> is not a message of this site"),
    ]


def test_a_setting_turns_inference_off(tmp_path: Path) -> None:
    threads = built(site(tmp_path, MONTHS, "infer_replies = false\n"))
    assert [shape(thread)[0] for thread in threads] == [
        ("<1@mill.example>", 0, "post", "source"),
        ("<2@mill.example>", 0, "post", "source"),
    ]


def test_a_card_forbids_sets_and_confirms(tmp_path: Path) -> None:
    card = '[[reply]]\npost = "<2@mill.example>"\n'
    threads = built(site(tmp_path / "a", MONTHS, cards={"2024-April.toml": card}))
    assert [len(thread["posts"]) for thread in threads] == [1, 3]
    card = '[[reply]]\npost = "<2@mill.example>"\nanswers = "<1@mill.example>"\n'
    (thread,) = built(site(tmp_path / "b", MONTHS, "infer_replies = false\n", {"2024-April.toml": card}))
    assert shape(thread)[1] == ("<2@mill.example>", 1, "post", "card")
    ids = {post["native_id"]: post["id"] for post in thread["posts"]}
    card = f'[[reply]]\npost = "{ids["<2@mill.example>"]}"\n'
    threads = built(site(tmp_path / "a", MONTHS, cards={"2024-April.toml": card}))
    assert [len(thread["posts"]) for thread in threads] == [1, 3]


def test_inspect_says_how_a_parent_is_known(tmp_path: Path) -> None:
    path = tmp_path / "all.mbox"
    path.write_text(ONE + TWO + THREE, encoding="utf-8")
    (edition,) = inspections(path)
    lines = list(tree(edition))
    assert [line.partition("reply by ")[2][:9] for line in lines if "Hill" in line or "Brook" in line] == [
        "quotation",
        "",
    ]


def inspected(folder: Path, *names: str) -> list[list[tuple[str, int, str]]]:
    """The debates that are shown of some files of a site: id, depth and how the parent is known of each post."""
    found = joined_inspections([folder / "content" / name for name in names])
    return sorted(
        [(str(each.post.raw.native_id), each.post.depth, each.post.raw.parent_by) for each in edition.posts]
        for edition in found
    )


@pytest.mark.parametrize("names", [list(MONTHS), list(MONTHS)[::-1], [*MONTHS, *MONTHS]])
def test_inspect_joins_several_files_as_a_build_does(tmp_path: Path, names: list[str]) -> None:
    (thread,) = built(site(tmp_path, MONTHS))
    whole = [(id, depth, by) for id, depth, _, by in shape(thread)]
    assert inspected(tmp_path, *names) == [whole]
    (edition,) = joined_inspections([tmp_path / "content" / name for name in names])
    said = next(line for line in tree(edition) if "joined from" in line)
    assert all(name in said for name in MONTHS)


@pytest.mark.parametrize(
    ("settings", "cards", "posts"),
    [("join_dumps = false\n", {}, [1, 2, 2]), ("infer_replies = false\n", {}, [1, 3]), ("", {"2024-March.toml": "apart = true\n"}, [1, 3])],
)  # fmt: skip
def test_inspect_keeps_apart_what_a_build_keeps_apart(
    tmp_path: Path, settings: str, cards: dict[str, str], posts: list[int]
) -> None:
    threads = built(site(tmp_path, MONTHS, settings, cards))
    assert sorted(map(len, inspected(tmp_path, *MONTHS))) == sorted(len(thread["posts"]) for thread in threads) == posts


def test_inspect_tells_of_each_file_that_cannot_be_read_and_of_other_sites(tmp_path: Path) -> None:
    site(tmp_path / "a", MONTHS)
    site(tmp_path / "b", MONTHS, "infer_replies = false\n")
    paths = [folder / "content/2024-March.txt" for folder in (tmp_path / "a", tmp_path / "b")]
    with pytest.raises(UsageError, match="another site"):
        list(joined_inspections(paths))
    (tmp_path / "a/content/empty.mbox").write_text("", encoding="utf-8")
    told: list[str] = []
    found = list(
        joined_inspections(
            [paths[0], paths[0].parent / "empty.mbox"], failed=lambda error: told.append(str(error.path))
        )
    )
    assert len(found) == 1
    assert [Path(path).name for path in told] == ["empty.mbox"]


def test_what_was_joined_is_kept_and_only_the_periods_around_a_change_are_joined_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rostra.ingest import letter_table

    early = [message(20 + n, 1 + n, GATE, month=1, subject=f"Question {n}", who=f"Who{n} Moor") for n in range(5)]
    (tmp_path / "a.mbox").write_text("".join(early), encoding="utf-8")
    (tmp_path / "b.mbox").write_text(ONE, encoding="utf-8")
    base, calls = sqlite3.connect(""), list[int]()
    tails = no_tails(base)
    whole = letter_table.inferred

    def counted(letters: Any, open: Any) -> Any:
        calls.append(len(open))
        return whole(letters, open)

    monkeypatch.setattr(letter_table, "inferred", counted)

    def run() -> list[Dump]:
        dumps = [Dump(tmp_path / name, name) for name in ("a.mbox", "b.mbox")]
        join_dumps([(dump, Card()) for dump in dumps], Settings(title=""), base, tails)
        tails.settle()
        return dumps

    run()
    first = len(calls)
    assert first
    assert run()[1].joins == {}
    assert len(calls) == first
    (tmp_path / "b.mbox").write_text(ONE + TWO.replace("Apr", "May"), encoding="utf-8")
    assert run()[1].joins["<2@mill.example>"].parent == "<1@mill.example>"
    assert sum(calls[first:]) < sum(calls[:first])


@pytest.mark.parametrize("less", [0, 1])
def test_many_letters_are_searched_one_period_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, less: int
) -> None:
    from rostra.ingest import letter_table

    (tmp_path / "b.mbox").write_text(ONE, encoding="utf-8")
    given = list[Any]()

    class Watched(Workers):
        def map(self, function: Any, jobs: Any) -> Any:
            if function is letter_table._inferred:
                given.append(jobs := list(jobs))
            return super().map(function, jobs)

    def run() -> list[Any]:
        base = sqlite3.connect("")
        join_dumps([(Dump(tmp_path / "b.mbox", "b.mbox"), Card())], Settings(title=""), base, no_tails(base), Watched())
        return list(given[-1])

    (job,) = run()
    monkeypatch.setattr(letter_table, "MANY", job.size - less)
    assert run() == [None] * less + [job]


def test_joins_do_not_depend_on_how_messages_are_spread_over_dumps(tmp_path: Path) -> None:
    chance = random.Random(29)
    bodies = [GATE, BELL, WEIR]
    found = []
    for n in range(40):
        body = " ".join(chance.sample(f"{GATE} {BELL} {WEIR}".split(), 14))
        above = quoting(chance.choice(bodies)) + "\n\n" if n > 2 else ""
        bodies.append(f"{above}{body}")
        found.append(
            message(
                n,
                1 + n // 2,
                bodies[-1],
                who=f"{chance.choice(['Ada', 'Bede', 'Cy'])} Weir",
                subject=f"Matter {n} of mill",
            )
        )
    results = []
    for name in "abc":
        chance.shuffle(found)
        parts = [found[at::3] for at in range(3)] if name != "a" else [found]
        dumps = []
        for n, part in enumerate(parts):
            path = tmp_path / f"{name}{n}.mbox"
            path.write_text("".join(part), encoding="utf-8")
            dumps.append(Dump(path, path.name))
        base = sqlite3.connect("")
        join_dumps([(dump, Card()) for dump in dumps], Settings(title=""), base, no_tails(base))
        results.append({key: join for dump in dumps for key, join in dump.joins.items() if join.by != "source"})
    assert results[0]
    assert results[0] == results[1] == results[2]


def test_a_message_without_an_id_is_joined_within_its_dump(tmp_path: Path) -> None:
    path = tmp_path / "all.mbox"
    path.write_text(re.sub("Message-ID: .*\n", "", ONE + TWO), encoding="utf-8")
    dump = Dump(path, "all.mbox")
    join_alone(dump, Card(), Settings(title=""))
    assert {key: join.parent for key, join in dump.joins.items()} == {"message-2": "message-1"}
    (edition,) = inspections(path)
    assert [each.post.depth for each in edition.posts] == [0, 1]


@pytest.mark.parametrize("how", ["emptied", "card"])
def test_while_a_file_fails_the_others_stay_joined_by_its_messages(tmp_path: Path, how: str) -> None:
    (before,) = built(site(tmp_path, MONTHS))
    if how == "emptied":
        site(tmp_path, {"2024-April.txt": ""})
    else:
        # What the file says now is not shown, nor does it join anything.
        site(tmp_path, {"2024-April.txt": LONE}, cards={"2024-April.toml": "oops = = 1\n"})
    site(tmp_path, {"2024-May.txt": FOUR.replace("late in spring", "early in summer")})
    report = build(load_site(tmp_path))
    assert [Path(str(failure.path)).stem for failure in report.failures] == ["2024-April"]
    now = json.loads((tmp_path / "public/debates" / before["id"] / "thread.json").read_bytes())
    assert shape(now) == WHOLE
    assert [post["id"] for post in now["posts"]] == [post["id"] for post in before["posts"]]
    assert "early in summer" in now["posts"][3]["text"]
