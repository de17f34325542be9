"""The preview of a bundle counts the possible doubles that the merge desk will propose, not those written alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import proposing
from kzdoc.exchange import incoming
from tests.kzdoc.test_exchange import put, send
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.offices import Office

A, _, C = NAMES

pytestmark = pytest.mark.usefixtures("nearby")


@pytest.mark.parametrize("looked", [True, False])
def test_the_count_is_that_of_the_desk(office: Office, tmp_path: Path, looked: bool) -> None:
    a, _, c = office.all()
    put(c, name_ru="Тестова Айгерим", born="1988")
    put(c, name_ru="Тестов Данияр", born="1961")
    while looked and proposing.look(c).records:
        pass
    put(a, name_kk="Тестова Айгерім", born="1988-03-01")
    put(a, name_ru="Тестов Данияр", born="1999")
    bundle = send(a, tmp_path / "1", C)
    told = incoming.inspect(c, bundle)
    assert told["doubles"] == 1, "another spelling of one name and year; not a namesake born elsewhen"
    assert len(c.store.near.waiting(9)) == (0 if looked else 2), "the preview filed nothing"
    incoming.take(c, bundle)
    while proposing.look(c).records:
        pass
    assert proposing.waiting(c)[1] == told["doubles"]
