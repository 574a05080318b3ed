"""A post shows its own title where that is another than the debate's; the map then shows it instead of first words."""

from __future__ import annotations

from pathlib import Path

from lxml import html

from rostra.build.pipeline import build
from rostra.config.site import load_site


def mail(n: int, subject: str, words: str, parent: int = 1) -> str:
    answer = f"In-Reply-To: <{parent}@mill.example>\n" if n > 1 else ""
    return (
        f"From a@mill.example Mon Mar  4 09:0{n}:00 2024\nFrom: Person {n} <p{n}@mill.example>\n"
        f"Date: Mon, 4 Mar 2024 09:0{n}:00 +0000\nMessage-ID: <{n}@mill.example>\n{answer}Subject: {subject}\n\n{words}\n\n"
    )


def test_the_map_shows_first_words_except_where_the_subject_changes(tmp_path: Path) -> None:
    subjects = [
        "[Mill] [weir] The gate",
        "Re: [Mill] [weir] The gate",
        "Re: [weir] The gate (PR#7)",
        "The rope (was: The gate)",
    ]
    opening = "The upper gate of the old mill opens at dawn on every day of the year."
    words = [opening, "It never does.", "It sticks.", "Who has it?"]
    messages = [mail(n, subjects[min(n, 4) - 1], words[min(n, 4) - 1]) for n in range(1, 8)]
    messages += [mail(8, "Re: The rope", f"{opening}\n\nI have it.", 7), mail(9, "The gate", "It opened.", 8)]
    (tmp_path / "content").mkdir()
    (tmp_path / "content/month.mbox").write_text("".join(messages))
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    assert build(load_site(tmp_path)).failures == ()
    (path,) = (tmp_path / "public/debates").glob("*/index.html")
    page = html.fromstring(path.read_text(encoding="utf-8"))
    hints = page.xpath("//div[@id='map-list']/ol/li//*[@class='words']/text()")
    assert hints[:4] == [
        "The upper gate of the old mill opens at dawn on every day…",
        "It never does.",
        "It sticks.",
        "The rope (was: The gate)",
    ]
    assert page.xpath("//p[contains(@class, 'title')]/text()") == ["The rope (was: The gate)"] * 4 + ["The gate"]
    assert hints[7] == "I have it.", "what is quoted without a mark is not the post's own"
    assert hints[8] == "The gate", "the debate's own subject may return"
