"""Who was found to be one goes to every desk of the office, and to nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import joining
from kzdoc.domain.audience import Audience
from kzdoc.exchange import incoming
from tests.kzdoc.test_exchange import put, send
from tests.offices import NAMES
from ui.screens.doubles_joined import read_groups

if TYPE_CHECKING:
    from pathlib import Path

    from tests.offices import Office

A, _, C = NAMES

pytestmark = pytest.mark.usefixtures("nearby")


def test_a_join_and_a_parting_reach_the_other_desk(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one, other = put(a, name_ru="Тестов Данияр"), put(a, name_ru="Тестов Д.")
    joining.same_person(a, one, other)
    incoming.take(c, send(a, tmp_path / "1", C))
    assert joining.group(c, one) == sorted([one, other])
    joining.part(a, one)
    joining.part(a, one, other)
    incoming.take(c, send(a, tmp_path / "2", C))
    assert joining.group(c, one) == [one]
    mine, theirs = (session.records.states([one])[one].values("not_same_as") for session in (a, c))
    assert mine == theirs == [other]


def test_a_partner_outside_learns_of_no_join(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one, other = put(a, name_ru="Тестов Данияр"), put(a, name_ru="Тестов Д.")
    joining.same_person(a, one, other)
    incoming.take(c, send(a, tmp_path / "1", C, audience=Audience.PARTNER, purpose="Сынақ"))
    assert all(not state.values("same_as") for state in c.records.states([one, other]).values())


def test_what_is_joined_with_a_record_that_is_not_here_is_shown_and_parted(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one, other = put(a, name_ru="Тестов Данияр"), put(a, name_ru="Тестов Д.")
    joining.same_person(a, one, other)
    incoming.take(c, send(a, tmp_path / "1", C, records=[one]))
    assert c.records.record(other) is None
    [group], _ = read_groups(c, "kk")
    assert [(member.here, member.name) for member in sorted(group.members, key=lambda each: each.here)] == [
        (False, "Мұнда жоқ жазба"),
        (True, "Тестов Данияр"),
    ]
    joining.part(c, one)
    assert joining.groups(c) == []
