"""Windows and what lies in them: judged, not judged, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzdoc.analysis.counting import Window, count, key_text, read_window
from kzdoc.domain.catalogue import kind
from kzdoc.errors import InputError
from kzdoc.ledger.merge import LiveValue, RecordState
from kzdoc.moment import Moment

DAYS = st.dates().map(lambda day: day.isoformat())
EVENT = kind("event")


def event(number: int, **values: object) -> RecordState:
    """Return an event with these live values; a tuple is a conflict."""
    fields = {}
    for name, value in values.items():
        several = value if isinstance(value, tuple) else (value,)
        fields[name] = tuple(LiveValue(one, ((bytes(32), 0),), bytes(32), Moment(0, 0)) for one in several)
    conflicts = frozenset(name for name, value in values.items() if isinstance(value, tuple))
    return RecordState(number.to_bytes(16, "big"), "event", fields, conflicts, (), removed=False)


@given(st.tuples(DAYS, DAYS).map(sorted), st.tuples(DAYS, DAYS).map(sorted))
def test_what_is_judged_inside_or_outside_is_so_for_every_day(window: list[str], span: list[str]) -> None:
    judged = Window(*window).judges(*span)
    inside = [window[0] <= day <= window[1] for day in span]
    covers = span[0] < window[0] and span[1] > window[1]
    if judged is True:
        assert all(inside)
    elif judged is False:
        assert not any(inside)
        assert not covers
    else:
        assert not all(inside)
        assert any(inside) or covers
    assert Window(*window).touches(*span) is (judged is not False)


def test_open_ends_are_open() -> None:
    assert Window().judges("2020-01-01", "2020-12-31") is True
    assert Window("2020-06-01").judges("2020-01-01", "2020-12-31") is None
    assert Window("2020-06-01").judges("2020-06-01", "2031-01-01") is True
    assert Window(until="2019").judges("2020-01-01", "2020-12-31") is False


@pytest.mark.parametrize(
    ("since", "until", "window"),
    [
        ("2020", "2020", ("2020-01-01", "2020-12-31")),
        ("2020-02", None, ("2020-02-01", "")),
        (None, "2020-02", ("", "2020-02-29")),
        ("5 March 2019", "наурыз 2020", ("2019-03-05", "2020-03-31")),
    ],
)
def test_windows_are_read_as_people_write_them(since: str, until: str, window: tuple[str, str]) -> None:
    assert read_window(since, until, "2026-03-02") == Window(*window)


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InputError, match=r"count\.window"):
        read_window("2021", "2020", "2026-03-02")


def test_disputed_dates_and_groups_are_not_judged() -> None:
    records = [
        event(1, date="2020-02-22", region="KZ-75"),
        event(2, date=("2020-02-22", "2021-02-22"), region="KZ-75"),
        event(3, date="2020-02-23", region=("KZ-71", "KZ-75")),
        event(4, date="2020-02-24"),
    ]
    done = count(records, EVENT, by="region", window=read_window("2020", "2020", ""), unit="records")
    assert (done.rows, done.not_judged) == ((("", 1, 1), ("KZ-75", 1, 1)), 2)


def test_keys_are_without_language() -> None:
    assert key_text(bytes(16)) == "0" * 32
    assert key_text({"text": "Абай көшесі", "region": "KZ-75"}) == "KZ-75"
    assert key_text("yes") == "yes"
