"""What must be seen in a vault when a fixture was taken in, and that nothing moved when it was refused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from kzdoc.bundle.items import BlobPiece, Introduction
from kzdoc.domain.text import visible
from kzdoc.errors import KzdocError
from kzdoc.exchange.held import held_roster
from kzdoc.ledger.merge import RecordState
from kzdoc.progress import silent
from kzdoc.redaction.numbers import Numbers, find_numbers
from kzdoc.session import Session
from kzdoc.vault.check import check as check_vault
from tests.kzdoc.bundle.fixture import Fixture, chance
from tests.kzdoc.bundle.fixtures_contents import IIN, TURNED, backwards, first_person
from tests.kzdoc.bundle.fixtures_signed import LOST_CHAIN
from tests.kzdoc.bundle.parties import STRANGER

QUARANTINED = "F19"
GAPS = ("F40", "F41")
"""Those after which a revision is missing, which checking the vault says."""


def check(one: Fixture, session: Session, told: dict[str, Any]) -> None:
    """Look at the vault after a fixture was taken in."""
    assert {found.code for found in check_vault(session.vault)} == ({"vault.chain-gap"} if one.id in GAPS else set())
    if one.layer == "history" and one.kind == "bundle":
        assert told["standing"] == one.after
        assert session.vault.taken_in.bundle(bytes.fromhex(told["bundle"]))
    AFTER.get(one.id, _nothing)(session)
    if one.after == "kept as it came":
        _kept(session)


def check_refused(
    one: Fixture, session: Session, told: dict[str, Any], before: dict[str, str], after: dict[str, str]
) -> None:
    """See that nothing moved, and that the one who may wait waits as it came."""
    changed = {name for name in before if before[name] != after[name]}
    assert changed == ({"quarantine", "meta"} if one.id == QUARANTINED else set())  # meta: the tally of what waits
    if one.limits and "limit" in told:
        assert told["limit"] in one.limits.values() or one.id == "F13"


def _nothing(session: Session) -> None:
    del session


def _state(session: Session, label: str) -> RecordState | None:
    record = chance(f"person {label}")(16)
    return session.records.states([record]).get(record)


def _known_alone(session: Session) -> None:
    assert _state(session, "known") is not None
    assert _state(session, "later") is None
    assert LOST_CHAIN[1].id in session.vault.chains.known([LOST_CHAIN[1].id])


def _first_stands(session: Session) -> None:
    record = first_person()
    state = session.records.states([record]).get(record)
    assert state is not None
    assert state.kind == "person"
    assert "Тестов Данияр" in state.values("name_ru")
    assert not state.removed


def _roster_stays(session: Session) -> None:
    held = held_roster(session)
    assert held is not None
    assert held.version == 2


def _backwards(session: Session) -> None:
    ids = [one.id for one in backwards()]
    assert set(session.vault.chains.known(ids)) == set(ids)
    record = chance("circle person")(16)
    assert session.records.states([record])[record].values("name_ru") == ["Тестов Серік"]


def _orphan(session: Session) -> None:
    record = chance("orphan person")(16)
    assert session.records.states([record])[record].values("name_ru") == ["Тестов Жұмабек"]


def _turned(session: Session) -> None:
    state = _state(session, "turned")
    assert state is not None
    assert state.values("name_ru") == [TURNED]  # as it was signed
    shown = visible(TURNED)
    assert shown.isprintable()
    assert session.author_name(STRANGER.signer.public.ed25519).isprintable()


def _number(session: Session) -> None:
    record = chance("number")(16)
    title = session.records.states([record])[record].value("title")
    found = find_numbers(title, Numbers(frozenset()))
    assert [title[start:end] for start, end, _ in found] == [IIN]


def _kept(session: Session) -> None:
    from kzdoc import browsing
    from ui.screens.record_picture import decode_picture

    [(sha256,)] = session.vault.database.rows("SELECT sha256 FROM blob")
    data = browsing.file_bytes(session, sha256)
    assert hashlib.sha256(data).digest() == sha256
    with pytest.raises(KzdocError, match=r"picture\.unreadable"):
        decode_picture(data, 256, silent)


AFTER: dict[str, Callable[[Session], None]] = {
    "F18b": _known_alone,
    "F33c": _roster_stays,
    "F40": _backwards,
    "F41": _orphan,
    "F42": _first_stands,
    "F43b": _first_stands,
    "F44": _turned,
    "F48": _number,
    "F49": _first_stands,
    "F49b": _first_stands,
}


def loose_piece(payload: bytes) -> BlobPiece:
    """Read a piece of a file as a reader without its check would."""
    size = int.from_bytes(payload[32:40], "big")
    return BlobPiece(bytes(payload[:32]), size, int.from_bytes(payload[40:48], "big"), bytes(payload[48 : 48 + size]))


def any_introduction(value: Any) -> Introduction:
    """Take any introduction."""
    return Introduction(list(value))
