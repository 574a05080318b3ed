"""Codes of emoji are emoji, and tasks are ticked, where the source shows them as such, and nowhere else."""

from __future__ import annotations

import pytest

from rostra.i18n.emoji import emoji, with_emoji
from rostra.markup import render
from rostra.model import Dialect


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (":tada:", "🎉"),
        ("well:tada:", "well:tada:"),
        (":tada:s", ":tada:s"),
        (":tada::fish:", "🎉🐟"),
        (":wave::skin-tone-2:", "👋🏻"),
        (":our-own: and :tada:", ":our-own: and 🎉"),
        ("at 12:30:45, std::vec::Vec", "at 12:30:45, std::vec::Vec"),
        (":+1:", "👍"),
        (":wave:t2: :v:t6:", "👋🏻 ✌🏿"),
        (":wave:t1: :wave:t7: :wave:t2:x :our-own:t2:", ":wave:t1: :wave:t7: :wave:t2:x :our-own:t2:"),
        (":hash:", "#️⃣"),
        ("::", "::"),
    ],
)
def test_a_code_is_a_word_between_colons(said: str, shown: str) -> None:
    assert with_emoji(said) == shown


@pytest.mark.parametrize("code", ["slight_smile", "slightly_smiling_face"])
def test_sites_have_names_of_their_own(code: str) -> None:
    assert emoji(code) == "🙂"


@pytest.mark.parametrize(("code", "sign"), [("crazy_face", "🤪"), ("zany_face", "🤪"), ("grinning_face_with_sweat", "😅"), ("woman_s_hat", "👒"), ("family_men_boys", "👨‍👨‍👦‍👦"), ("peru", "🇵🇪"), ("cote_d_ivoire", "🇨🇮")])  # fmt: skip
def test_discourse_names_emoji_itself_and_as_unicode_does(code: str, sign: str) -> None:
    assert emoji(code) == sign


def test_what_no_emoji_has_is_none() -> None:
    assert emoji("our-own") is None


@pytest.mark.parametrize("dialect", ["slack", "github", "zulip"])
def test_code_and_addresses_keep_their_colons(dialect: Dialect) -> None:
    assert render("Done :tada: `a:tada: b`", dialect).text == "Done 🎉 a:tada: b"
    assert render("```\n:tada:\n```", dialect).text.strip() == ":tada:"


@pytest.mark.parametrize("dialect", ["text", "markdown", "mail", "reddit"])
def test_elsewhere_they_stay_as_typed(dialect: Dialect) -> None:
    assert render("Done :tada:", dialect).text == "Done :tada:"


@pytest.mark.parametrize(("typed", "shown"), [("- [ ] a", "☐ a"), ("- [x] a", "☑ a"), ("- [X] a", "☑ a"), ("- [y] a", "[y] a"), ("[x] a", "[x] a"), ("- [x]a", "[x]a")])  # fmt: skip
def test_a_task_of_github_is_done_or_not(typed: str, shown: str) -> None:
    assert render(typed, "github").text == shown
