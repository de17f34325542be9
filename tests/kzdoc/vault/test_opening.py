"""Opening a vault whose lists are older than the program: they are made anew, that is told, and it can be stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework, session
from kzdoc.casework import Change
from kzdoc.errors import Cancelled
from kzdoc.vault.check import check
from tests.offices import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from kzdoc.session import Session
    from tests.offices import Office

OLD = b"made by an older program"


@pytest.fixture
def reopen(office: Office) -> Callable[..., Session]:
    """Return a function that opens the copy of a vault again, with what tells how far it is."""

    def again(**more: Any) -> Session:
        key = bytearray(office.template.keys[NAMES[0]])
        opened = session.open_session_with_key(office.folder / NAMES[0], key, clock=office.clock, **more)
        office.opened.append(opened)
        return opened

    return again


def aged(office: Office) -> bytes:
    """Make a vault with a person in it whose lists are older; return the person."""
    one = office.open()
    person = casework.add(one, "person", [Change("name_kk", "set", "Тестов Данияр")])
    with one.vault.transaction():
        one.vault.database.run("UPDATE meta SET value = ? WHERE name = 'projection'", (OLD,))
        one.vault.database.run("UPDATE record SET title = 'ескі'")
    one.close()
    return person


def made_by(one: Session) -> bytes:
    return bytes(one.vault.database.rows("SELECT value FROM meta WHERE name = 'projection'")[0][0])


def test_it_is_told_how_far_it_is(office: Office, reopen: Callable[..., Session]) -> None:
    aged(office)
    told: list[tuple[str, int, int]] = []
    one = reopen(progress=lambda *step: told.append(step))
    assert told == [("vault.rebuild", 0, 1)]
    assert made_by(one) != OLD
    assert [brief.title for brief in one.records.briefs("person")] == ["Тестов Данияр"]
    one.close()
    told.clear()
    reopen(progress=lambda *step: told.append(step))
    assert told == [], "once"


def test_stopped_it_is_as_it_was_and_opens_again(office: Office, reopen: Callable[..., Session]) -> None:
    person = aged(office)

    def stop(step: str, done: int, total: int) -> None:
        raise Cancelled

    for _ in range(2):
        with pytest.raises(Cancelled):
            reopen(progress=stop)
    one = reopen()
    assert made_by(one) != OLD
    assert casework.state(one, person).value("name_kk") == "Тестов Данияр"
    assert check(one.vault) == []
