"""What a session keeps of what it read."""

from __future__ import annotations

import contextlib

from kzdoc.session import Session
from tests.offices import Office


def kept(session: Session) -> bytes | None:
    """Return a setting as it is read once."""
    return session.once("probe", lambda: session.vault.settings.get("probe"))


def test_it_is_read_anew_only_when_something_changed(office: Office) -> None:
    session = office.open("Мысалов")
    reads: list[int] = []
    for _ in range(3):
        session.once("count", lambda: reads.append(1))
    assert len(reads) == 1
    session.vault.settings.put("probe", b"1")
    session.once("count", lambda: reads.append(1))
    assert len(reads) == 2


def test_what_was_read_in_a_transaction_that_was_taken_back_is_not_kept(office: Office) -> None:
    session = office.open("Мысалов")
    with contextlib.suppress(RuntimeError), session.vault.transaction():
        session.vault.settings.put("probe", b"taken back")
        assert kept(session) == b"taken back"
        raise RuntimeError
    assert kept(session) is None
