"""A source that says how many pages it has is held by it: each page that no dump has is a problem."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.ingest.inspection import inspections
from rostra.readers.guards.page_numbers import ABSENT, LONGEST, MOST, NAMED, PageNumbers, stated_in_lines
from rostra.threads.merge import merge_dumps

FORUM = Path(__file__).parent / "forum"
SEEDS = Path(__file__).parents[2] / "seeds/forum"
PHPBB = '<div class="pagination">35 posts &bull; <a href="#">Page <strong>{n}</strong> of <strong>{last}</strong></a> <a href="./viewtopic.php?t=7">9</a></div>'
NAVIGATIONS = {
    "phpbb.html": PHPBB,
    "smf2.html": '<div class="pagelinks">Pages: <a href="#">1</a> ... [<strong>{n}</strong>] <a href="#">{last}</a> <a href="#">Go Down</a></div>',
    "vbulletin3.html": '<div class="pagenav"><table><tr><td class="vbmenu_control">Page {n} of {last}</td><td><a href="#">&gt;</a></td></tr></table></div>',
    "vbulletin4.html": '<form class="pagination"><a href="#">Page {n} of {last}</a><span class="selected"><a href="#">{n}</a></span></form>',
    "xenforo.html": '<div class="pageNav"><ul class="pageNav-main"><li class="pageNav-page pageNav-page--current"><a href="#">{n}</a></li><li class="pageNav-page"><a href="#">{last}</a></li></ul></div>',
}
COPIED = """{above}
Ada
4 March 2024, 09:00

Who opened the upper gate on Tuesday night?

Bede
4 March 2024, 10:00

I did.

Ada
4 March 2024, 11:00

Page 2 of 7 of the book says otherwise.
{below}
"""


def absent(dump: Path) -> list[str]:
    return [each.message.split(" of the source")[0] for found in inspections(dump) for each in found.problems if each.code == ABSENT]  # fmt: skip


def sample(name: str) -> Path:
    return SEEDS / name if name == "phpbb.html" else FORUM / name


def saved(folder: Path, name: str, n: int, last: int, file: str = "page.html") -> Path:
    html = sample(name).read_text(encoding="utf-8")
    assert "</body>" in html
    path = folder / file
    path.write_text(html.replace("</body>", NAVIGATIONS[name].format(n=n, last=last) + "</body>"), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", NAVIGATIONS)
def test_a_saved_page_says_which_pages_are_absent(name: str, tmp_path: Path) -> None:
    assert absent(saved(tmp_path, name, 1, 3)) == ["page 2", "page 3"]
    assert absent(saved(tmp_path, name, 2, 3)) == ["page 1", "page 3"]
    assert absent(saved(tmp_path, name, 1, 1)) == []
    assert absent(sample(name)) == []


def test_the_pages_of_a_folder_complete_each_other(tmp_path: Path) -> None:
    folder = tmp_path / "topic"
    folder.mkdir()
    for n in (1, 3):
        saved(folder, "phpbb.html", n, 4, f"{n}.html")
    assert absent(folder) == ["page 2", "page 4"]
    saved(folder, "phpbb.html", 2, 4, "2.html")
    saved(folder, "phpbb.html", 4, 4, "4.html")
    assert absent(folder) == []


@pytest.mark.parametrize("line", ["Page 2 of 4", "35 posts • Page 2 of 4", "Page 2 of 4 « First < 1 2 3 > Last »", "[Seite 2 von 4]"])  # fmt: skip
@pytest.mark.parametrize("place", ["above", "below"])
def test_a_line_of_a_copied_page_says_which_pages_are_absent(line: str, place: str, tmp_path: Path) -> None:
    dump = tmp_path / "gate.txt"
    dump.write_text(COPIED.format(**({"above": "", "below": ""} | {place: line})), encoding="utf-8")
    assert absent(dump) == ["page 1", "page 3", "page 4"]


def test_a_sentence_about_pages_says_nothing(tmp_path: Path) -> None:
    dump = tmp_path / "gate.txt"
    dump.write_text(COPIED.format(above="", below=""), encoding="utf-8")
    assert absent(dump) == []


def test_numbers_that_cannot_be_right_say_nothing() -> None:
    for number, last in ((0, 3), (4, 3), (1, MOST + 1)):
        assert PageNumbers().with_page(number, last) == PageNumbers()
    assert PageNumbers().with_page(3, 3).last == 3
    assert PageNumbers().with_page(1, MOST).last == MOST


def test_a_line_may_be_long_but_no_paragraph() -> None:
    line = "Page 2 of 4 "
    assert stated_in_lines([line + "•" * (LONGEST - len(line))]).last == 4
    assert stated_in_lines([line + "•" * (LONGEST - len(line) + 1)]).last == 0


@pytest.mark.parametrize(("last", "more"), [(NAMED + 1, 0), (NAMED + 2, 1)])
def test_the_first_absent_pages_are_named_and_the_others_counted(last: int, more: int) -> None:
    said = [each.message for each in PageNumbers().with_page(1, last).problems()]
    assert len(said) == NAMED + more
    assert said[0] == "page 2 of the source is not in the dump"
    assert (said[-1] == "1 more pages of the source are not in the dump") is bool(more)


def test_a_page_that_another_dump_of_the_debate_has_is_not_absent(tmp_path: Path) -> None:
    threads = [next(iter(inspections(saved(tmp_path, "phpbb.html", n, 3, f"{n}.html")))).thread for n in (1, 2)]
    one, other = (replace(each, id="gate", source=replace(each.source, path=str(n))) for n, each in enumerate(threads))
    for both in ([one, other], [other, one]):
        said = [each.message for each in merge_dumps(both).problems if each.code == ABSENT]
        assert said == ["page 3 of the source is not in the dump"]


def test_a_build_reports_it(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "T"\n')
    saved(tmp_path / "content", "phpbb.html", 1, 2)
    report = build(load_site(tmp_path))
    assert [(path, each.code) for path, each in report.problems if each.code == ABSENT] == [("content/page.html", ABSENT)]  # fmt: skip
