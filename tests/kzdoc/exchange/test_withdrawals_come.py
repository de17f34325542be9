"""That consent is withdrawn by what comes is said when it comes, before and after, and once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kzdoc.exchange import incoming
from tests.kzdoc.exchange.test_folder_withdrawing import CONSENT
from tests.kzdoc.test_exchange import change, put, send

if TYPE_CHECKING:
    from pathlib import Path

    from tests.offices import Office


def test_that_consent_is_withdrawn_is_said_when_it_comes_and_once(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    person = put(a, "person", name_kk="Тестов Данияр")
    consents = [put(a, "consent", person=person.hex(), **CONSENT) for _ in range(2)]
    assert incoming.take(c, send(a, tmp_path / "1"))["withdrawn"] == 0
    change(a, consents[0], withdrawn_on="2026-03-04")
    files = send(a, tmp_path / "2")
    assert incoming.inspect(c, files)["withdrawn"] == 1
    assert incoming.take(c, files)["withdrawn"] == 1
    again = send(a, tmp_path / "3", again=True)
    assert incoming.take(c, again)["withdrawn"] == 0, "it is known here"
