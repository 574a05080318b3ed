"""What settings and cards may say, and what not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.config.setting_values import (
    domain_of,
    moment_of,
    wrong_address,
    wrong_authority,
    wrong_domain,
    wrong_language,
    wrong_moment,
    wrong_old_address,
)
from rostra.config.site import load_site
from rostra.errors import UsageError
from rostra.i18n.language_tags import is_known


@pytest.mark.parametrize(
    "address",
    ["https://example.org", "http://example.org/debates/", "https://exämple.org/ü/", "https://[::1]:8080/a", "http://localhost:1/", "https://a_b.example/%20", f"https://{'a' * 250}.eu/"],
)  # fmt: skip
def test_addresses_of_sites(address: str) -> None:
    assert wrong_address(address) is None


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("example.org", "not an absolute address"), ("//example.org/", "not an absolute address"), ("ftp://a/", "not an absolute address"),
        ("javascript:alert(1)", "not an absolute address"), ("https://", "no host"), ("https:///a", "no host"), ("https://a..b/", "no host"),
        ("https://-a/", "no host"), ("https://a-/", "no host"), ("https://a:0/", "no host"), (f"https://{'a' * 251}.eu/", "no host"),
        ("https://a:65536/", "is not an address"), ("https://[::1/", "is not an address"), ("https://u@a/", "a user name"), ("https://:p@a/", "a user name"),
        ("https://a/?b", "a query"), ("https://a/?", "a query"), ("https://a/#b", "a query"), ("https://a/#", "a query"),
        ("https://a/b c", "' '"), ("https://a/%", "'%'"), ("https://a/%2", "'%2"[:2]), ("https://a/{b}", "'{'"), ("https://a/\u00a0", "\\xa0"), ("https://a/\\b", "\\\\"),
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_site(address: str, said: str) -> None:
    assert said in (wrong_address(address) or "")


def test_the_address_of_a_debate_may_have_a_query_and_be_a_message() -> None:
    for address in ("https://a/b?c=d#e", "mid:a@b", "news:a@b", "https://a/b|c", "https://a/100%"):
        assert wrong_address(address, whole=True) is None
    for address in ("mid:", "news", "mailto:a@b", "https://a/b c", "/a", "data:text/html,x"):
        assert wrong_address(address, whole=True)


def test_domains() -> None:
    for domain in ("forum.example", "https://forum.example", "http://www.forum.example/", "forum.example:8080"):
        assert wrong_domain(domain) is None
        assert domain_of(domain) == "forum.example"
    for domain in ("", "https://forum.example/a", "forum.example/a", "https://forum.example/?a", "a b", "https://"):
        assert wrong_domain(domain)
    assert domain_of("https://[x") == domain_of("") == ""


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("https://a.example/{thread}/{post}/{slug}", None), ("https://a.example/t/42", None), ("https://a.example/?t={thread}#p{post}", None),
        ("https://a.example/{thred}", "other than {thread}, {post}, {slug}"), ("https://a.example/{}", "a placeholder other than"), ("https://a.example/{thread", "a brace"), ("https://a.example/thread}", "a brace"),
        ("https://{thread}.example/", "in its host"), ("/{thread}", "not an absolute address"), ("https://a.example/{thread} x", "' '"), ("https://a.example/{thread:>3}", "a placeholder other than"),
        ("https://a.example/{thread!r}", "a placeholder other than"),
    ],
)  # fmt: skip
def test_patterns_of_old_addresses(pattern: str, said: str | None) -> None:
    wrong = wrong_old_address(pattern)
    assert (wrong is None) if said is None else said in (wrong or "")


@pytest.mark.parametrize(
    "authority", ["example.org,2026", "example.org,2026-02", "a@example.org,2024-02-29:x/y", "example.org,1971"]
)
def test_authorities(authority: str) -> None:
    assert wrong_authority(authority) is None


@pytest.mark.parametrize(
    "authority",
    ["example.org", "example.org,", "example.org,26", "example.org,2026-13", "example.org,2023-02-29", "example.org,1970", "example.org,9999",
     "a..b,2020", "localhost,2020", ".,2020", "@example.org,2020", "example.org,2020:", "example.org,2020-01-01-01", "exa mple.org,2020"],
)  # fmt: skip
def test_what_is_no_authority(authority: str) -> None:
    assert wrong_authority(authority)


def test_an_authority_begins_no_later_than_it_may_be_tomorrow_somewhere() -> None:
    now = datetime(2026, 5, 1, 12, tzinfo=UTC)
    assert wrong_authority("example.org,2026-05-02", now) is None
    assert wrong_authority("example.org,2026-05-03", now)
    assert wrong_authority("example.org,2026-05-02", datetime(2026, 5, 1, tzinfo=UTC)) is None
    assert wrong_authority("example.org,2026-05-02", datetime(2026, 5, 1, tzinfo=UTC) - timedelta(seconds=1))


@pytest.mark.parametrize(
    "tag", ["en", "EN", "pt-BR", "de-AT-1996", "zh-Hant", "sr-Latn-RS", "es-419", "nds", "tlh", "und", "de-x-own"]
)
def test_languages_that_are_registered(tag: str) -> None:
    assert is_known(tag)
    assert wrong_language(tag) is None


@pytest.mark.parametrize(
    "tag", ["", "xx", "german", "deu", "qaa", "en-UK", "de-Xxxx", "en_GB", "x-own", "e", "en-", "en-GB\n"]
)
def test_what_is_no_language(tag: str) -> None:
    assert not is_known(tag)
    assert wrong_language(tag)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-02-29", "2024-02-29"), (" 2024-03-01 ", "2024-03-01"), ("2024-03-01T09:00", "2024-03-01T09:00:00"), ("2024-03-01 09:00:01.5", "2024-03-01T09:00:01.5"),
        ("2024-03-01T09:00Z", "2024-03-01T09:00:00Z"), ("2024-03-01 09:00:00 +02:00", "2024-03-01T09:00:00+02:00"), ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ],
)  # fmt: skip
def test_days_and_times(text: str, moment: str) -> None:
    assert moment_of(text) == moment
    assert wrong_moment(text) is None


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2023-02-29", "2024-3-1", "20240301", "2024-W01-1", "2024-03-01T24:00", "2024-03-01T09", "2024-03-01T09:60Z", "2024-03-01Z",
     "2024-03-01T09:00+24:00", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "0000-01-01", "2024-03-01T09:00:00.1234567Z", "2024-03-01 and more"],
)  # fmt: skip
def test_what_is_no_day_or_time(text: str) -> None:
    assert moment_of(text) is None
    assert wrong_moment(text)


@given(st.text() | st.from_regex(r"https?://[^/]{0,9}/?.{0,9}", fullmatch=True))
def test_nothing_that_is_said_raises(text: str) -> None:
    for wrong in (wrong_address, wrong_authority, wrong_domain, wrong_language, wrong_moment, wrong_old_address):
        assert wrong(text) is None or isinstance(wrong(text), str)


def test_an_archive_has_content(tmp_path: Path) -> None:
    (tmp_path / "rostra.toml").write_text('title = "Mill"\ncontent = []\n')
    with pytest.raises(UsageError, match="no content folder is named") as raised:
        load_site(tmp_path)
    assert (raised.value.path, raised.value.line) == ("rostra.toml", 2)


@pytest.mark.parametrize(("title", "line"), [("", 1), (" \\t", 1), ("\\n", 1)])
def test_an_archive_has_a_title(tmp_path: Path, title: str, line: int) -> None:
    (tmp_path / "rostra.toml").write_text(f'title = "{title}"\n')
    with pytest.raises(UsageError, match="the title is empty") as raised:
        load_site(tmp_path)
    assert (raised.value.path, raised.value.line) == ("rostra.toml", line)
