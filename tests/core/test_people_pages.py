"""What pages of people say of time: the days of their posts, and a timeline where there is something to see."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import html

from rostra.build.pipeline import build
from rostra.config.site import load_site


def facts(folder: Path, page: str) -> list[str]:
    found = html.fromstring((folder / "public" / page).read_text(encoding="utf-8")).xpath(
        "//*[contains(@class, 'facts')]"
    )
    return [" ".join(each.text_content().replace("\N{WORD JOINER}", "").split()) for each in found]


def written(folder: Path, times: list[str]) -> None:
    (folder / "content").mkdir()
    (folder / "rostra.toml").write_text('title = "Mill"\n')
    lines = ({"id": n, "author": "Ada", "title": "Gate", "created": time, "body": f"Number {n}."} for n, time in enumerate(times))  # fmt: skip
    (folder / "content/gate.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert build(load_site(folder)).failures == ()


@pytest.mark.parametrize(
    ("times", "days"),
    [
        # In UTC, the day before.
        (["2024-03-10T01:00:00+02:00"], "10 March 2024"),
        # The later post is on the earlier day.
        (["2024-03-10T01:00:00+02:00", "2024-03-09T23:00:00-07:00"], "9–10 March 2024"),
    ],
)
def test_days_are_those_that_the_posts_show(tmp_path: Path, times: list[str], days: str) -> None:
    written(tmp_path, times)
    for page in ("people/index.html", "people/few_0.html", "debates/index.html"):
        assert any(each.endswith(f"· {days}") for each in facts(tmp_path, page)), page


@pytest.mark.parametrize(("months", "shown"), [(3, False), (4, True)])
def test_a_timeline_has_four_months_or_more(tmp_path: Path, months: int, shown: bool) -> None:
    written(tmp_path, [f"2024-0{1 + n % months}-10T09:00:00Z" for n in range(40)])
    page = (tmp_path / "public/people/ada.html").read_text(encoding="utf-8")
    assert ('class="timeline"' in page) == shown
