"""Dates of mail: the zone that is written and no other; what cannot be known stays as it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.readers.mail.dates import ZONES, when


@pytest.mark.parametrize(
    ("date", "created"),
    [
        ("Mon, 4 Mar 2024 09:05:07 +0100", "2024-03-04T09:05:07+01:00"),
        ("Mon, 4 Mar 2024 09:05:07 -0330 (NST)", "2024-03-04T09:05:07-03:30"),
        ("4 Mar 2024 09:05:07 +0000", "2024-03-04T09:05:07Z"),
        ("Mon, 4 Mar 2024 09:05 UT", "2024-03-04T09:05:00Z"),
        ("Thu, 4 Jul 96 22:15:00 EDT", "1996-07-04T22:15:00-04:00"),
        ("Thu, 4 Jul 1996 22:15:00 JST", "1996-07-04T22:15:00+09:00"),
        ("Thu, 4 Jul 1996 22:15:00 CEST", "1996-07-04T22:15:00+02:00"),
        ("Thu, 4 Jul 1996 22:15:00 MET DST", "1996-07-04T22:15:00+02:00"),
        ("Thu, 4 Jul 1996 22:15:00 met dst", "1996-07-04T22:15:00+02:00"),
        ("Thu, 4 Jul 1996 22:15:00 +0200 (MET DST)", "1996-07-04T22:15:00+02:00"),
        ("Thu, 4 Jul 1996 22:15:00 (CEST)", "1996-07-04T22:15:00+02:00"),
        ("Thu, 4 Jul 1996 22:15:00 GMT+0200", "1996-07-04T22:15:00+02:00"),
        ("Thu, 4 Jul 1996 22:15:00 UTC-3", "1996-07-04T22:15:00-03:00"),
        ("Thu, 4 Jul 1996 22:15:00 +02:00", "1996-07-04T22:15:00+02:00"),
        ("Thu Jul  4 22:15:00 MET 1996", "1996-07-04T22:15:00+01:00"),
        ("Thu Jul  4 22:15:00 1996 -0700", "1996-07-04T22:15:00-07:00"),
        ("Thursday, 04-Jul-96 22:15:00 PDT", "1996-07-04T22:15:00-07:00"),
        ("Jul 4, 1996 10:15:00 pm PST", "1996-07-04T22:15:00-08:00"),
        ("4 Jul 1996 12:15:00 AM GMT", "1996-07-04T00:15:00Z"),
        ("4 Jul 1996 12:15 p.m. GMT", "1996-07-04T12:15:00Z"),
        ("1996-07-04T22:15:00.25+02:00", "1996-07-04T22:15:00+02:00"),
        ("1 Jan 49 00:00:00 GMT", "2049-01-01T00:00:00Z"),
        ("Sat, 1 Jan 100 00:00:00 GMT", "2000-01-01T00:00:00Z"),
        ("1 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00Z"),
        ("31 Dec 2099 23:59:59 GMT", "2099-12-31T23:59:59Z"),
        ("Mon, 4 Mar 2024 09:00:00 +2359", "2024-03-04T09:00:00+23:59"),
    ],
)
def test_a_zone_that_is_written_is_known(date: str, created: str) -> None:
    assert when(date) == (created, None, None)


@pytest.mark.parametrize(
    ("date", "local"),
    [
        ("Tue Mar  1 12:27:43 2005", "2005-03-01T12:27:43"),
        ("Tue, 1 Mar 2005 12:27", "2005-03-01T12:27:00"),
        ("1 Mar 2005 12:27:43 PM", "2005-03-01T12:27:43"),
        ("2005-03-01 12:27:43", "2005-03-01T12:27:43"),
    ],
)
def test_without_a_zone_a_time_is_local(date: str, local: str) -> None:
    assert when(date) == (None, local, None)


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 4 Mar 1996 10:00:00 IST",
        "Mon, 4 Mar 1996 10:00:00 Mitteleuropäische Zeit",
        "Mon, 4 Mar 1996 10:00:00 CET CEST",
        "31 Dec 1969 23:59:59 GMT",
        "1 Jan 2100 00:00:00 GMT",
        "1 Jan 50 00:00:00 GMT",
        "Mon, 4 Mar 19100 10:00:00 GMT",
        "Mon, 4 Mar 2024 09:00:00 +2400",
        "Mon, 4 Mar 2024 09:00:00 +0160",
        "4 Mar 2024 13:00:00 PM GMT",
        "4 Mar 2024 0:30 AM GMT",
        "30 Feb 2024 09:00:00 GMT",
        "4 Mar 2024 24:00:00 GMT",
        "Mar Apr 4 2024 09:00 GMT",
        "yesterday",
    ],
)
def test_an_unknown_zone_or_year_is_a_problem_and_no_time(date: str) -> None:
    time = when(date)
    assert (time.created, time.local) == (None, None)
    assert time.problem is not None
    assert time.problem.code == "bad-date"


def test_a_day_alone_is_no_time_and_nothing_is_wrong_with_it() -> None:
    assert when("Mon, 4 Mar 2024") == when("") == (None, None, None)


@given(st.text(max_size=60) | st.from_regex(r"[A-Za-z]{3}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+(:\d+)? \S+", fullmatch=True))
def test_whatever_stands_there_is_a_time_that_it_gives_or_none(date: str) -> None:
    created, local, problem = when(date)
    assert [created, local, problem].count(None) >= 2
    for year in (time[:4] for time in (created, local) if time):
        assert year[2:] in date


OFFSETS = {
    "+00:00": "z ut utc gmt wet",
    "+01:00": "west bst cet met mez mewt",
    "+02:00": "cest mest mesz eet sast",
    "+03:00": "eest msk",
    "+04:00": "msd",
    "+05:00": "pkt",
    "+07:00": "wib",
    "+08:00": "hkt sgt awst",
    "+09:00": "jst kst",
    "+09:30": "acst",
    "+10:00": "aest",
    "+10:30": "acdt",
    "+11:00": "aedt",
    "+12:00": "nzst",
    "+13:00": "nzdt",
    "-02:00": "brst",
    "-02:30": "ndt",
    "-03:00": "adt brt",
    "-03:30": "nst",
    "-04:00": "ast edt",
    "-05:00": "est cdt",
    "-06:00": "cst mdt",
    "-07:00": "mst pdt",
    "-08:00": "pst akdt",
    "-09:00": "akst",
    "-10:00": "hst",
}


def test_every_zone_that_has_a_name_is_where_it_is() -> None:
    named = {name: offset for offset, names in OFFSETS.items() for name in names.split()}
    assert named.keys() == ZONES.keys()
    for name, offset in named.items():
        shown = "Z" if offset == "+00:00" else offset
        assert when(f"4 Mar 2024 09:00:00 {name.upper()}").created == f"2024-03-04T09:00:00{shown}"
