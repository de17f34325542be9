"""Travelling without a passphrase: nothing that is said or lies here opens the vault until what is elsewhere does."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from kzdoc import keeping, travelling
from kzdoc.errors import InputError, KzdocError, VaultError
from kzdoc.exchange import incoming
from kzdoc.session import open_session_with_key, unlock, unlock_with_identity
from kzdoc.vault.check import check
from tests.kzdoc.test_exchange import put, send, shown
from tests.kzdoc.test_travelling import receipted
from tests.offices import NAMES, PASSPHRASE

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES
NEW = "жаңа тау өзені мөлдір аққан"


def shared(session: Session, *, rehearsed: bool) -> list[str]:
    """Make two shares that open the vault together; return their words."""
    made = keeping.split_recovery(session, passphrase=PASSPHRASE, needed=2, total=2, lang="kk")
    texts = [" ".join(words) for words in made.words]
    if rehearsed:
        keeping.rehearse(session, texts)
    return texts


def refused(session: Session) -> str:
    """Return why a passphrase may not go."""
    with pytest.raises(InputError) as caught:
        keeping.leave_without_passphrase(session)
    return caught.value.code


def opens(folder: Path, passphrase: str) -> bool:
    """Tell whether somebody who was made to say the passphrase opened the vault with it."""
    with contextlib.suppress(VaultError):
        return bool(unlock(folder, passphrase))
    return False


def test_no_passphrase_and_no_old_key_opens_it_and_the_shares_and_a_bundle_bring_all_back(
    office: Office, tmp_path: Path
) -> None:
    a, c = office.open(A), office.open(C)
    folder, event = a.vault.folder, put(a, "event", title="Митинг")
    receipted(a, c, tmp_path / "1")
    texts = shared(a, rehearsed=True)
    keeping.set_passphrase(a, PASSPHRASE, NEW, keep=True)
    old = unlock(folder, PASSPHRASE)
    assert opens(folder, NEW), "the twin: before, whoever says it opens it"
    travelling.travel(a, [C])
    assert keeping.leave_without_passphrase(a) == {"passphrases": 2, "opens_by": ["recovery"]}
    assert not opens(folder, PASSPHRASE)
    assert not opens(folder, NEW)
    with pytest.raises(KzdocError, match=r"vault\.damaged"):
        open_session_with_key(folder, old)
    back = open_session_with_key(folder, keeping.recover(folder, texts, PASSPHRASE))
    try:
        assert opens(folder, PASSPHRASE)
        assert shown(back, event)["fields"] == {}
        incoming.take(back, send(c, tmp_path / "back", A))
        assert shown(back, event)["fields"] == {"title": "Митинг"}
        assert check(back.vault) == []
    finally:
        back.close()


def test_where_nothing_else_would_open_it_the_passphrase_stays(office: Office) -> None:
    session = office.open(A)
    assert refused(session) == "travel.no-way-back"
    shared(session, rehearsed=False)
    assert refused(session) == "travel.no-way-back"
    assert opens(session.vault.folder, PASSPHRASE)


def test_the_key_of_headquarters_is_a_way_back(office: Office) -> None:
    session, headquarters = office.open(A), office.open(C)
    keeping.add_headquarters(session, C, passphrase=PASSPHRASE)
    assert keeping.leave_without_passphrase(session)["opens_by"] == ["headquarters"]
    assert not opens(session.vault.folder, PASSPHRASE)
    assert unlock_with_identity(session.vault.folder, headquarters.identity())
