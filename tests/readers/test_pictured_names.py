"""Names with emoji are kept as the page writes them; accounts, events and brief texts beside names are told from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.readers.copied.layout import TemplateLine, prepared
from rostra.readers.copied.learning.word_tokens import DIFFERENT, constant_words, line_tokens
from support.copied_threads import read

WHO = ("Ada Weir", "☂️rain☂️", "bede", "👩‍🌾 Flo", "Cy Noor", "☂️rain☂️", "bede", "Ada Weir", "می‌خانه", "hob7")
TEXTS = ("The weir leaks.", "It squeaks at night.", "Oil it then.", "Who has oil?", "The race is dry.", "Nobody knows.",
         "Ask the brook.", "It said no.", "The dam holds.", "For now, it does.")  # fmt: skip


def said(tmp_path: Path, page: str) -> list[tuple[str | None, str]]:
    path = tmp_path / "dump.txt"
    path.write_text(page)
    return [(post.author.name if post.author else None, post.body) for post in read(path).posts if post.created_text]


@pytest.mark.parametrize(
    "post",
    [
        "{who}\n{n} days ago\n{text}\nAnswer it\n\n",
        "{who} added a comment - {n:02}/Mar/24 9:10 AM\n{text}\n\n",
        "Profile Image for {who}.\n{who}\n{n} reviews\nFollow\nMarch {n}, 2023\n{text}\n\nLike\nComment\n\n",
    ],
)
def test_a_name_with_pictures_is_kept_whole(tmp_path: Path, post: str) -> None:
    page = "".join(
        post.format(who=who, n=n + 2, text=text) for n, (who, text) in enumerate(zip(WHO, TEXTS, strict=True))
    )
    assert said(tmp_path, page) == list(zip(WHO, TEXTS, strict=True))


@pytest.mark.parametrize("line", ["❤ 2", "❤️ 2", "👍🏽 2"])
def test_a_picture_of_a_layout_matches_with_its_colours(line: str) -> None:
    assert (TemplateLine("❤ {number}").match(prepared([line])[0]) is not None) is line.startswith("❤")


@pytest.mark.parametrize(("names", "found"), [(DIFFERENT, True), (DIFFERENT - 1, False)])
def test_a_picture_of_the_page_is_beside_different_names(names: int, found: bool) -> None:
    tokens = [line_tokens(f"{'abcdef'[n % names]}{'x' * 3} ★").tokens for n in range(6)]
    others = [line_tokens(f"{letter}yy").tokens for letter in "ghijklmnop"]
    assert ("★" in {token.text for token in constant_words([*tokens, *others], 2)}) is found


def test_an_event_among_accounts_names_nobody(tmp_path: Path) -> None:
    posts = [
        f"{who}\n@{who[:2].lower()}x · {n + 2} days ago\n{text}\n\n"
        for n, (who, text) in enumerate(zip(("Ada Weir", "Bede", "Cy Noor") * 5, TEXTS + TEXTS[:5], strict=True))
    ]
    posts.insert(4, "Ada Weir added the mill label 2 weeks ago\n\n")
    found = said(tmp_path, "".join(posts))
    assert [who for who, _ in found] == ["Ada Weir", "Bede", "Cy Noor"] * 5


def test_a_text_as_short_as_a_name_is_no_author_who_answers(tmp_path: Path) -> None:
    who = ("Ada Weir", "Bede", "Cy Noor", "Dora", "Bede", "Ada Weir", "Dora", "Cy Noor", "Bede", "Dora")
    texts = [*TEXTS[:4], "lol", *TEXTS[5:]]
    page = "".join(
        f"{a}\n@{a[:2].lower()}x · {n + 2} days ago\n{text}\n\n"
        for n, (a, text) in enumerate(zip(who, texts, strict=True))
    )
    assert said(tmp_path, page) == list(zip(who, texts, strict=True))
