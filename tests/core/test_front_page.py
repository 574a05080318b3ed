"""The front page leads into the archive: the publisher's words, the only debate's beginning, what is worth reading."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement

from rostra.build.pipeline import BuildReport, build
from rostra.config.site import load_site
from rostra.quotations.shared import FEWEST_WORDS, PLAIN
from rostra.render.pages.front import FEW, LATEST, SHOWN, TELLING

PASSAGE = "the gate opens at dawn and never before"


def built(root: Path, **debates: list[dict[str, object]]) -> BuildReport:
    (root / "content").mkdir(exist_ok=True)
    (root / "rostra.toml").write_text('title = "Mill"\n')
    for name, posts in debates.items():
        (root / f"content/{name}.jsonl").write_text("".join(json.dumps(post) + "\n" for post in posts))
    return build(load_site(root))


def front(root: Path) -> HtmlElement:
    return html.fromstring((root / "public/index.html").read_text(encoding="utf-8"))


def posts(*bodies: str) -> list[dict[str, object]]:
    return [
        {
            "id": n,
            "parent": n - 1 or None,
            "author": f"Person {n}",
            "created": f"2024-03-{n:02}T09:00:00Z",
            "body": body,
        }
        for n, body in enumerate(bodies, 1)
    ]


def test_an_archive_of_one_debate_begins_with_its_first_posts(tmp_path: Path) -> None:
    built(tmp_path, gate=posts("First.", "Second.", "Third.", "Fourth.", "Fifth.", "Sixth."))
    shown = front(tmp_path).xpath("//ol[@class='brief']/li//p[@class='excerpt']/a")
    assert [each.text for each in shown] == ["First.", "Second.", "Third.", "Fourth.", "Fifth."]
    assert shown[1].get("href") == "debates/gate/index.html#p-2"
    assert not front(tmp_path).xpath("//*[@id='latest']")


def test_an_archive_of_two_lists_them_the_later_first(tmp_path: Path) -> None:
    built(tmp_path, gate=posts("First."), weir=[{"id": 1, "created": "2024-05-01T09:00:00Z", "body": "Later."}], undated=[{"id": 1, "body": "Never."}])  # fmt: skip
    assert not front(tmp_path).xpath("//ol[@class='brief']")
    titles = front(tmp_path).xpath("//ul[@class='debates']//h2/a/@href")
    assert [title.split("/")[1] for title in titles] == ["weir", "gate", "undated"]


def test_the_title_of_a_debate_is_shown_once_with_a_latest_post(tmp_path: Path) -> None:
    built(
        tmp_path,
        same=[{**posts("The gate is open")[0], "title": "The gate is open"}],
        other=[{**posts("Nobody knows why.")[0], "title": "The weir"}],
    )
    entries = front(tmp_path).xpath("//section[@aria-labelledby='latest']//li")
    said = sorted([" ".join(each.text_content().split()) for each in entries])
    assert said == [
        "Person 1, 1 March 2024 Nobody knows why. The weir",
        "Person 1, 1 March 2024 The gate is open",
    ]


@pytest.mark.parametrize("dated", [0, 1])
def test_only_a_debate_with_a_date_is_among_the_newest(tmp_path: Path, dated: int) -> None:
    undated = {f"debate-{n}": [{"id": 1, "body": "Never."}] for n in range(FEW)}
    built(tmp_path, **undated, last=posts("First.") if dated else [{"id": 1, "body": "Never."}])
    newest = front(tmp_path).xpath("//section[@aria-labelledby='newest']//li/a/@href")
    assert newest == ["debates/last/index.html"] * dated
    assert len(front(tmp_path).xpath("//section[@aria-labelledby='largest']//li")) == SHOWN


def alone(day: int, *bodies: str) -> list[dict[str, object]]:
    """What one person says, a post a day, and nobody answers."""
    return [
        {"id": n, "author": "Mail Delivery", "created": f"2024-04-{day + n:02}T09:00:00Z", "body": body, "parent": n - 1 or None}
        for n, body in enumerate(bodies, 1)
    ]  # fmt: skip


def shown_in(root: Path, section: str) -> list[str]:
    """The debates that a section of the front page leads to."""
    return [href.split("/")[1] for href in front(root).xpath(f"//section[@aria-labelledby='{section}']//li//a/@href") if "debates/" in href]  # fmt: skip


def test_what_nobody_answers_comes_after_debates(tmp_path: Path) -> None:
    bounces = {f"bounce-{n:02}": alone(n, *[f"Mail {n} has come back."] * 9) for n in range(FEW)}
    debates = {f"gate-{n}": posts(f"Who opened gate {n}?", f"I opened gate {n}.") for n in range(SHOWN - 1)}
    built(tmp_path, **bounces, **debates)
    for section in ("newest", "largest"):
        assert set(shown_in(tmp_path, section)[:-1]) == debates.keys()
        assert shown_in(tmp_path, section)[-1].startswith("bounce")
    assert debates.keys() <= set(shown_in(tmp_path, "latest"))
    assert len(shown_in(tmp_path, "latest")) == len(set(shown_in(tmp_path, "latest"))) == LATEST


@pytest.mark.parametrize(("size", "last"), [(TELLING - 1, "2"), (TELLING, "3")])
def test_of_the_last_posts_of_a_debate_one_that_says_something_is_shown(tmp_path: Path, size: int, last: str) -> None:
    built(tmp_path, gate=posts("Who was it?", "x" * TELLING, "y" * size, "Yes."), weir=posts("Why?", "Why not?"))
    hrefs = front(tmp_path).xpath("//section[@aria-labelledby='latest']//p[@class='excerpt']/a/@href")
    assert sorted(hrefs) == [f"debates/gate/index.html#p-{last}", "debates/weir/index.html#p-2"]


def most_quoted(root: Path, said: str, quoted: str) -> list[str]:
    """The passages on the front page, where two people quote some of what one said."""
    answers = [f"{quoted}\n\nNo.", f"{quoted}\n\nYes."]
    thread = posts(said, *answers)
    for post in thread[1:]:
        post["parent"] = 1
    built(root, gate=thread, weir=posts("Nothing."))
    shown = front(root).xpath("//section[@aria-labelledby='quoted']//p[@class='excerpt']/a")
    assert all("gate/index.html#p-1-s" in each.get("href") for each in shown)
    return [each.text for each in shown]


@pytest.mark.parametrize(("least", "shown"), [(FEWEST_WORDS, 1), (FEWEST_WORDS - 1, 0)])
def test_what_two_people_quote_is_shown_if_it_says_something(tmp_path: Path, least: int, shown: int) -> None:
    passage = " ".join(PASSAGE.split()[:least])
    found = most_quoted(tmp_path, f"Everybody knows: {passage}.", f"> {passage}")
    assert [passage in text for text in found] == [True] * shown


@pytest.mark.parametrize(("plain", "shown"), [(PLAIN, 1), (PLAIN - 0.1, 0)])
def test_a_passage_is_prose_if_enough_of_its_words_are_plain(tmp_path: Path, plain: float, shown: int) -> None:
    few = round(plain * 10)
    passage = " ".join(
        ["(gate),", "weir", "dawn", "mill", "rope"][:few] + ["Bede", "7", "x1", "Ash", "5"] + ["Wye"] * (5 - few)
    )
    assert len(most_quoted(tmp_path, f"Everybody knows: {passage}.", f"> {passage}")) == shown


@pytest.mark.parametrize(("paragraphs", "shown"), [(1, 1), (2, 0)])
def test_what_is_quoted_past_its_paragraph_was_chosen_by_nobody(tmp_path: Path, paragraphs: int, shown: int) -> None:
    said = [PASSAGE, "nobody has ever asked why it does not open later"]
    quoted = "\n>\n".join(f"> {text}" for text in said[:paragraphs])
    assert len(most_quoted(tmp_path, "\n\n".join(said), quoted)) == shown


def test_index_md_is_the_introduction_and_no_page_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/index.md").write_text(
        "# Not shown\n\nCome in, to [the gate](debates/gate/index.html).[^1]\n\n[^1]: Mind the step.\n"
    )
    assert built(tmp_path, gate=posts("First.")).failures == ()
    page = front(tmp_path)
    assert page.xpath("//div[contains(@class, 'introduction')]//a/@href")[0] == "debates/gate/index.html"
    assert "Mind the step." in page.text_content()
    assert "Not shown" not in page.text_content()
    assert page.xpath("//header//nav//a/@href").count("index.html") <= 1
    (tmp_path / "content/index.md").write_text("Go away.\n")
    built(tmp_path)
    assert "Go away." in front(tmp_path).text_content()
    (tmp_path / "content/index.md").unlink()
    built(tmp_path)
    assert not front(tmp_path).xpath("//div[contains(@class, 'introduction')]")


def test_index_md_of_a_folder_has_no_address(tmp_path: Path) -> None:
    (tmp_path / "content/manual").mkdir(parents=True)
    (tmp_path / "content/manual/index.md").write_text("# The manual\n\nText.\n")
    (failure,) = built(tmp_path, gate=posts("First.")).failures
    assert "index.html belongs to a built-in page" in failure.message


def test_debates_of_one_title_are_told_apart_by_who_opened_them_and_how(tmp_path: Path) -> None:
    """Case makes no other title; what has a title of its own does not say who opened it, nor what else is alone how it began."""
    opened = {
        "gate": ("Ada", "Water", "g" * 60),
        "weir": ("Ada", "water", "w" * 61),
        "race": ("Bede", "WATER", "So it is."),
        "mill": ("Ada", "Grain", "So it is."),
    }
    debates = {
        name: [{"id": 1, "author": who, "title": title, "created": "2024-03-01T09:00:00Z", "body": body}]
        for name, (who, title, body) in opened.items()
    }
    built(tmp_path, **debates)
    for page in ("index.html", "debates/index.html"):
        rows = html.fromstring((tmp_path / "public" / page).read_text(encoding="utf-8")).xpath(
            "//li[.//a[contains(@href, 'debates/')]]"
        )
        said = {row.xpath("string(.//a)"): row.xpath("string(.//*[contains(@class, 'facts')])") for row in rows}
        assert said["Water"].startswith(f"opened by Ada · “{'g' * 60}” · 1 post")
        assert said["water"].startswith(f"opened by Ada · “{'w' * 59}…” · 1 post")
        assert said["WATER"].startswith("opened by Bede · 1 post")
        assert said["Grain"].startswith("1 post")
    for name in ("weir", "race"):
        (tmp_path / f"content/{name}.jsonl").unlink()
    assert build(load_site(tmp_path)).failures == ()
    assert "opened by" not in (tmp_path / "public/debates/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("first", [[], [{"id": 1, "author": "Ada", "kind": "deleted"}]])
def test_whoever_answers_a_post_that_is_not_there_did_not_open_the_debate(
    tmp_path: Path, first: list[dict[str, object]]
) -> None:
    said = {"title": "Water", "created": "2024-03-01T09:00:00Z", "body": "So it is."}
    reply = said | {"id": 2, "parent": 1, "author": "Bede"}
    built(tmp_path, gate=[*(said | each for each in first), reply], weir=[said | {"id": 1, "author": "Cyra"}])
    page = (tmp_path / "public/debates/index.html").read_text(encoding="utf-8")
    assert "opened by Cyra" in page
    assert "opened by Bede" not in page
