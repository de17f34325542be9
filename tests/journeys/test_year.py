"""A simulated year: what may be shared has come to every desk that may have it, and sending grows with what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import casework
from kzdoc.exchange import folder_writing, outgoing
from kzdoc.exchange.outgoing import load_for
from kzdoc.vault.check import check
from tests.journeys.year_office import WEEK, Year, close, make_year, shown, words_of
from tests.readers_nearby import read_nearby

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from tests.conftest import HandClock
    from tests.vaults import Template

LAW = 1.5
"""Bytes sent for a revision in the last quarter may be so many times those of the first."""


@pytest.fixture
def years(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Year]]:
    read_nearby(monkeypatch)
    made: list[Year] = []
    yield made
    for year in made:
        close(year)


def live_through(year: Year, weeks: int, clock: HandClock) -> None:
    """Let the weeks pass: work, visits, carriers, and what happens once in a while."""
    for week in range(weeks):
        clock.advance(WEEK)
        year.work()
        if week % 3 == 2:
            year.withdraw()
        if week % 5 == 3:
            year.forget()
        if week == weeks // 2:
            year.seize()
        year.week(visiting=0.8)


def _say(figures: str) -> None:
    print(figures)  # noqa: T201 - the figures of a run, shown with -s or when it fails


def ratio(year: Year, weeks: int) -> float:
    """Return how much more was sent for a revision in the last quarter than in the first, and print the figures."""
    quarter = max(1, weeks // 4)
    first = sum(year.sent[:quarter]) / sum(year.written[:quarter])
    last = sum(year.sent[weeks - quarter : weeks]) / sum(year.written[weeks - quarter : weeks])
    _say(f"bytes sent for a revision: {first:.0f} in the first quarter, {last:.0f} in the last: x {last / first:.2f}")
    return last / first


def check_end(year: Year) -> None:
    """Look at what everybody holds when the carriers have brought everything."""
    turns = year.calm(60)
    _say(f"revisions {sum(year.written)}, bytes {sum(year.sent)}, turns to the end {turns}, refused {year.refused}")
    desks = [desk for desk in year.desks if not desk.seized]
    gone = {event for _, event in year.forgotten}
    same = shown(desks[0].session, gone)
    assert all(shown(desk.session, gone) == same for desk in desks), "one state on every desk of the office"
    one = desks[0].session
    missing = [record for record in (*year.people, *year.events) if not one.records.known([record]) | gone & {record}]
    assert missing == []
    for desk in [*desks, year.partner]:
        assert not desk.session.records.known(year.planted), "what was written after the seizure is nowhere"
    for desk, event in year.forgotten:
        assert not casework.state(desk.session, event).values("title"), "what was forgotten came back"
    for desk in desks[:2]:
        assert check(desk.session.vault) == []
    outside = words_of(year.partner.session)
    assert not [token for token in year.tokens if token in outside], "written of somebody who had withdrawn"
    titles = {event: state.value("title") for event in year.events if (state := one.records.record(event))}
    plain = {event for event, title in titles.items() if title and "айтқан" not in str(title)}
    there = {event for event in plain if year.partner.session.records.known([event])}
    assert there == plain, "what may be shared with the partner is with the partner"


def test_six_weeks_of_a_small_office(
    template_vault: Template, tmp_path: Path, clock: HandClock, years: list[Year]
) -> None:
    year = make_year(template_vault, tmp_path, laptops=3, coordinators=2, seed=7, clock=clock)
    years.append(year)
    live_through(year, 6, clock)
    assert year.planted, "somebody writes in the seized laptop"
    check_end(year)


@pytest.mark.long
@pytest.mark.parametrize("seed", [1])
def test_a_year_of_twenty_laptops_around_ten_coordinators(
    template_vault: Template, tmp_path: Path, clock: HandClock, years: list[Year], seed: int
) -> None:
    _say(f"seed {seed}")
    year = make_year(template_vault, tmp_path, laptops=20, coordinators=10, seed=seed, clock=clock)
    years.append(year)
    live_through(year, 52, clock)
    assert ratio(year, 52) <= LAW
    check_end(year)


@pytest.mark.long
def test_a_year_in_which_everything_is_sent_each_time_would_break_the_law(
    template_vault: Template, tmp_path: Path, clock: HandClock, years: list[Year], monkeypatch: pytest.MonkeyPatch
) -> None:
    def everything(*given: Any, **more: Any) -> Any:
        load = load_for(*given, **more)
        return load if not load.parts else _all_of(load, *given, **more)

    monkeypatch.setattr(folder_writing, "load_for", everything)
    year = make_year(template_vault, tmp_path, laptops=3, coordinators=2, seed=3, clock=clock)
    years.append(year)
    live_through(year, 16, clock)
    assert ratio(year, 16) > LAW


def _all_of(load: Any, session: Any, partners: Any, **more: Any) -> Any:
    choice = outgoing.choice_of(session, more["audience"], None)
    choice.again = True
    return outgoing._loaded(session, choice, partners, more["progress"])
