"""The clock of the first hours: limits run, pass, and cannot be judged, as the facts tell and never beyond them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzdoc.analysis.custody import FIRST_HOURS, STANDINGS, clocks, gravity, is_minor

NOON = "2026-11-17T12:00+05:00"
CRIMINAL, ADMINISTRATIVE = "criminal_suspicion", "administrative"


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text if "+" in text else f"{text}:00+05:00")


def told(times, kind=CRIMINAL, *, now, recorded=False, minor=False):
    shown = clocks(times, kind, recorded=recorded, minor=minor, now=at(now))
    return [(one.standing, one.rule.id if one.rule else "", one.seconds, one.why) for one in shown]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-17T13:00", [("later", "criminal-protocol", 7200, "")]),
        ("2026-11-17T14:30", [("soon", "criminal-protocol", 1800, "")]),
        ("2026-11-17T15:00", [("passed", "criminal-protocol", 0, ""), ("later", "criminal-judge", 162_000, "")]),
        ("2026-11-19T11:30", [("passed", "criminal-protocol", 160_200, ""), ("soon", "criminal-judge", 1800, "")]),
        ("2026-11-20T12:00", [("passed", "criminal-judge", 86_400, "")]),
    ],
)
def test_the_limit_passed_last_and_the_next_one(now: str, expected: list) -> None:
    assert told([NOON], now=now) == expected


def test_a_record_that_was_made_stops_its_own_clock_only() -> None:
    assert told([NOON], now="2026-11-17T16:00", recorded=True) == [("later", "criminal-judge", 158_400, "")]


def test_a_minor_stands_before_a_judge_within_a_day() -> None:
    shown = told([NOON], now="2026-11-18T11:30", minor=True)
    assert shown[-1] == ("soon", "criminal-judge-minor", 1800, "")


def test_the_48_hours_did_not_hold_before_2018() -> None:
    shown = clocks(["2017-03-01T12:00+05:00"], CRIMINAL, recorded=True, minor=False, now=at("2017-03-04T12:00"))
    assert "criminal-judge" not in [one.rule.id for one in shown if one.rule]


def test_an_administrative_detention_has_its_own_limit_unverified() -> None:
    (clock,) = clocks([NOON], ADMINISTRATIVE, recorded=False, minor=False, now=at("2026-11-17T13:30"))
    assert (clock.standing, clock.rule.hours, clock.rule.verified) == ("later", 3, False)


@pytest.mark.parametrize(
    ("times", "kind", "why"),
    [
        ([], CRIMINAL, "time"),
        (["2026-11-17/.."], CRIMINAL, "time"),
        ([NOON], "", "type"),
        ([NOON], "preventive", "type"),
        (["2026-11-19"], CRIMINAL, "future"),
    ],
)
def test_what_is_not_known_is_not_judged(times: list, kind: str, why: str) -> None:
    assert told(times, kind, now="2026-11-18T12:00") == [("unknown", "", 0, why)]


def test_a_rough_time_is_judged_only_outside_its_doubt() -> None:
    rough = ["2026-11-17T11:00+05:00/2026-11-17T13:00+05:00"]
    assert told(rough, now="2026-11-17T13:30")[0] == ("soon", "criminal-protocol", 1800, "")
    assert told(rough, now="2026-11-17T15:00")[0] == ("unknown", "criminal-protocol", 0, "between")
    assert told(rough, now="2026-11-17T16:05")[0] == ("passed", "criminal-protocol", 300, "")


def test_two_accounts_of_the_time_are_one_doubt() -> None:
    assert told(["2026-11-17T11:00+05:00", "2026-11-17T13:00+05:00"], now="2026-11-17T15:00")[0][3] == "between"


@given(st.integers(0, 200), st.sampled_from(sorted(FIRST_HOURS)), st.booleans(), st.booleans())
def test_at_most_one_passed_and_one_ahead_and_never_both_ways(hours, kind, recorded, minor) -> None:
    now = at(NOON) + dt.timedelta(hours=hours)
    shown = clocks([NOON], kind, recorded=recorded, minor=minor, now=now)
    standings = [one.standing for one in shown]
    assert standings.count("passed") <= 1
    assert len(standings) - standings.count("passed") <= 1
    assert all(one in STANDINGS for one in standings)
    assert all(one.seconds >= 0 for one in shown)
    assert bool(kind in (CRIMINAL, ADMINISTRATIVE)) == all(one.why != "type" for one in shown)


def test_the_gravest_stands_first() -> None:
    def of(since: str, kind: str = CRIMINAL):
        return clocks([since] if since else [], kind, recorded=False, minor=False, now=at("2026-11-17T15:30"))

    long_ago, passed, soon, later, unknown = (
        of("2026-11-14T12:00+05:00"),
        of(NOON),
        of("2026-11-17T13:00+05:00"),
        of("2026-11-17T15:00"),
        of(""),
    )
    mixed = [unknown, later, soon, passed, long_ago]
    assert sorted(mixed, key=gravity) == [long_ago, passed, soon, later, unknown]


@pytest.mark.parametrize(
    ("born", "age", "minor"),
    [
        (["2008-11-18"], [], True),
        (["2008-11-17"], [], False),
        (["2008"], [], True),
        ([], [17], True),
        ([], [18], False),
        ([], [], False),
    ],
)
def test_who_is_a_minor(born: list, age: list, minor: bool) -> None:
    assert is_minor(born, age, "2026-11-17") is minor
