"""The words of a language: its catalogues, its numbers and times, and from which side it is read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from babel import Locale
from babel.localedata import locale_identifiers
from playwright.sync_api import Browser

from rostra.errors import UsageError
from rostra.i18n.catalogue import Catalogue, catalogue
from rostra.i18n.dates import day, format_number, period, readable, short_day
from rostra.i18n.direction import direction
from rostra.render.pages.rows import span
from rostra.render.templates import built_in

FOLDERS = [built_in() / "words"]
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'


@pytest.mark.parametrize(
    ("language", "time", "date", "short", "count"),
    [
        ("en", "12 March 2021, 10:15 UTC", "12 March 2021", "12 Mar 2021", "1,234,567"),
        (
            "en-US",
            "March 12, 2021, 10:15\N{NARROW NO-BREAK SPACE}AM UTC",
            "March 12, 2021",
            "Mar 12, 2021",
            "1,234,567",
        ),
        ("de", "12. März 2021, 10:15 UTC", "12. März 2021", "12. März 2021", "1.234.567"),
        ("de-AT-1996", "12. März 2021, 10:15 UTC", "12. März 2021", "12. März 2021", "1.234.567"),
        ("ja", "2021年3月12日 10:15 UTC", "2021年3月12日", "2021年3月12日", "1,234,567"),
        ("tlh", "12 March 2021, 10:15 UTC", "12 March 2021", "12 Mar 2021", "1,234,567"),
        ("not a tag", "12 March 2021, 10:15 UTC", "12 March 2021", "12 Mar 2021", "1,234,567"),
    ],
)
def test_times_and_numbers_are_written_as_the_language_writes_them(
    language: str, time: str, date: str, short: str, count: str
) -> None:
    assert short_day("2021-03-12T10:15:00Z", language) == short
    assert readable("2021-03-12T10:15:00Z", language) == time
    assert day("2021-03-12T10:15:00Z", language) == date
    assert format_number(1234567, language).replace("\N{NO-BREAK SPACE}", " ") == count


@pytest.mark.parametrize(
    ("first", "last", "english", "german"),
    [
        ("2021-03-03", "2021-03-03T10:15:00Z", "3 March 2021", "3. März 2021"),
        ("2021-03-03", "2021-03-07", "3–7 March 2021", "3.–7. März 2021"),
        ("2021-03-31", "2021-04-01", "31 March – 1 April 2021", "31. März – 1. Apr. 2021"),
        ("2021-03-03", "2022-03-07", "3 March 2021 – 7 March 2022", "3. März 2021 – 7. März 2022"),
        ("2021-12-31", "2022-01-01", "31 December 2021 – 1 January 2022", "31. Dez. 2021 – 1. Jan. 2022"),
        ("spring", "autumn", "spring – autumn", "spring – autumn"),
    ],
)
def test_days_in_a_row_share_their_month_and_year(first: str, last: str, english: str, german: str) -> None:
    assert period(first, last).replace("\N{THIN SPACE}", " ") == english
    assert period(first, last, "de").replace("\N{THIN SPACE}", " ") == german


def test_a_short_day_has_a_short_month() -> None:
    assert (short_day("2021-12-31T10:15:00Z"), short_day("2021-12-31", "de")) == ("31 Dec 2021", "31. Dez. 2021")


@pytest.mark.parametrize(("last", "ends"), [("2021-03-07", 0), ("2021-04-01", 1), ("2022-04-01", 1)])
def test_a_line_ends_between_two_dates_and_nowhere_else(last: str, ends: int) -> None:
    said = span("2021-03-31" if ends else "2021-03-03", last, Catalogue())
    assert len(re.findall(r"–(?!\N{WORD JOINER})", said)) == ends
    assert " " not in said


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_what_is_no_time_is_left_as_it_is(language: str) -> None:
    assert readable("1 year ago", language) == short_day("1 year ago", language) == "1 year ago"
    assert readable("2021-03-12T22:15:00+05:30", language).endswith(" +05:30")


def test_a_language_is_read_from_the_side_that_cldr_says() -> None:
    known = {identifier: Locale.parse(identifier).text_direction for identifier in locale_identifiers()}
    assert {name for name, side in known.items() if side == "rtl"} == {n for n in known if direction(n) == "rtl"}
    assert direction("he-Latn") == "ltr"
    assert direction("en-Hebr") == "rtl"


def test_a_kind_of_a_language_says_what_the_language_says() -> None:
    austrian = Catalogue("de-AT", FOLDERS)
    assert austrian.say("All debates") == "Alle Debatten"
    assert austrian.count("%(num)s post", "%(num)s posts", 1234) == "1.234 Beiträge"


def test_what_no_catalogue_has_is_said_in_english() -> None:
    assert Catalogue("fr", FOLDERS).say("All debates") == "All debates"
    assert Catalogue("de", FOLDERS).say("never said") == "never said"


def test_a_sites_own_catalogue_goes_before_the_built_in_one_message_by_message(tmp_path: Path) -> None:
    (tmp_path / "de.po").write_text(HEAD + 'msgid "All debates"\nmsgstr "Sämtliche Debatten"\n')
    words = Catalogue("de", [tmp_path, *FOLDERS])
    assert words.say("All debates") == "Sämtliche Debatten"
    assert words.say("Posts") == "Beiträge"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD + 'msgid "a %(who)s"\nmsgstr "b %(whom)s"\n', 4),
        (HEAD + 'msgid "a"\nmsgstr "b"\nnonsense\n', 6),
        ("no catalogue", None),
        ("\ufeff" + HEAD + 'msgid "a"\nmsgstr b\n', 5),
        (HEAD + 'msgid "a"\nmsgstr "b\n', 5),
        (HEAD + 'msgid "a"\nmsgstr "b\\q"\n', 5),
        (HEAD + 'msgid "a"\nmsgstr "b\0"\n', 5),
        (HEAD + 'msgid "a" b\nmsgstr "b"\n', 4),
        (HEAD + 'msgstr "b"\n', 4),
        (HEAD + 'msgctxt "x"\n', 4),
        (HEAD + 'msgid "a"\nmsgid "b"\nmsgstr "c"\n', 5),
        (HEAD + 'msgid "a"\nmsgid_plural "as"\nmsgstr[1] "b"\n', 6),
        (HEAD + 'msgid "a"\nmsgid_plural "as"\nmsgstr[0] "b"\n', 4),
        (HEAD + 'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', 7),
        (HEAD + 'msgid "a"\nmsgstr "100% b"\n', 5),
        ('"a"\n' + HEAD, 1),
    ],
)
def test_a_catalogue_that_is_wrong_says_where(tmp_path: Path, text: str, line: int | None) -> None:
    path = tmp_path / "de.po"
    path.write_text(text)
    with pytest.raises(UsageError) as raised:
        catalogue(path, path.read_bytes())
    assert raised.value.path == str(path)
    assert raised.value.hint
    assert line is None or raised.value.line == line


def test_a_catalogue_may_be_written_in_every_way_that_gettext_writes(tmp_path: Path) -> None:
    said = (
        HEAD
        + '#. note\n#~ msgid "old"\n#~ msgstr "x"\n\nmsgctxt "x"\nmsgid "a"\nmsgstr "c"\n\nmsgid ""\n"a"\nmsgstr "100%% "\n  "b\\n\\"\\\\"\n'
    )
    found = catalogue(tmp_path / "de.po", ("\ufeff" + said.replace("\n", "\r\n")).encode())
    assert found.gettext("a") == '100%% b\n"\\'


FORMS = [
    ("de", "nplurals=2; plural=(n != 1);", 2),
    ("fr", "nplurals=2; plural=(n > 1);", 2),
    ("ja", "nplurals=1; plural=0;", 1),
    ("pl", "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);", 3),
    ("ar", "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);", 6),
]


@pytest.mark.parametrize(("language", "rule", "forms"), FORMS)
def test_scripts_count_as_pages_do(browser: Browser, tmp_path: Path, language: str, rule: str, forms: int) -> None:
    said = "".join(f'msgstr[{n}] "%(num)s f{n}"\n' for n in range(forms))
    head = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {rule}\\n"\n'
    (tmp_path / f"{language}.po").write_text(head + f'msgid "%(num)s way"\nmsgid_plural "%(num)s ways"\n{said}')
    words = Catalogue(language, [tmp_path])
    script = (built_in() / "scripts/10-base.js").read_text()
    counts = [*range(130), 1000, 1234567]
    asked = f'{script}\n{json.dumps(counts)}.map((n) => ngettext("%(num)s way", "%(num)s ways", n).split(" ")[1])'
    page = browser.new_page()
    page.set_content(f'<html lang="{language}">')
    found = page.evaluate(words.for_script(asked) + asked)
    page.close()
    assert found == [words.count("%(num)s way", "%(num)s ways", n).split(" ")[1] for n in counts]


def test_a_script_carries_only_the_words_that_it_says() -> None:
    assert "Beiträge" not in Catalogue("de", FOLDERS).for_script('say(_("Keyboard shortcuts"))')
    assert Catalogue("en", FOLDERS).for_script('say(_("Keyboard shortcuts"))').startswith("const WORDS = {}, ")
