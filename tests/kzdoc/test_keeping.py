"""Who can open a vault: passphrases, a headquarters' key, and what is told of recovery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import keeping
from kzdoc.errors import InputError, KzdocError, VaultError
from kzdoc.exchange import trust
from kzdoc.session import unlock
from tests.offices import NAMES, PASSPHRASE

if TYPE_CHECKING:
    from tests.offices import Office

NEW = "жаңа тау өзені мөлдір аққан"


def test_a_passphrase_is_replaced_or_added(office: Office) -> None:
    session = office.open()
    for old, wanted, code in (
        (PASSPHRASE, "қысқа", "passphrase.weak-short"),
        ("басқа бір сөз тіркесі", NEW, "vault.wrong-passphrase"),
    ):
        with pytest.raises(KzdocError) as caught:
            keeping.set_passphrase(session, old, wanted, keep=False)
        assert caught.value.code == code
    assert keeping.set_passphrase(session, PASSPHRASE, NEW, keep=False) == 0
    with pytest.raises(KzdocError, match=r"vault\.wrong-passphrase"):
        keeping.set_passphrase(session, PASSPHRASE, NEW, keep=True)
    assert keeping.set_passphrase(session, NEW, PASSPHRASE, keep=True, label="екінші") == 1
    assert [one["slot"] for one in keeping.slots(session)] == [0, 1]
    folder = session.vault.folder
    assert keeping.remove_slot(session, 0) == {"removed": 0, "rekeyed": True, "lost": []}
    with pytest.raises(VaultError, match=r"vault\.wrong-passphrase"):
        unlock(folder, NEW)


def test_a_slot_of_an_older_program_is_kept_by_its_passphrase_or_named(office: Office) -> None:
    session = office.open()
    keeping.set_passphrase(session, PASSPHRASE, NEW, keep=True)
    session.vault.database.change("DELETE FROM meta WHERE name IN ('way:0', 'way:1')")
    with pytest.raises(VaultError, match=r"vault\.last-slot"):
        keeping.remove_slot(session, 0)
    keeping.add_headquarters(session, NAMES[2], passphrase=PASSPHRASE)
    folder = session.vault.folder
    assert keeping.remove_slot(session, 2, passphrase=NEW)["lost"] == [0]
    assert unlock(folder, NEW)
    with pytest.raises(VaultError, match=r"vault\.wrong-passphrase"):
        unlock(folder, PASSPHRASE)


def test_a_headquarters_opens_with_its_own_key_and_nobody_else(office: Office) -> None:
    field, stranger, headquarters = office.all()
    key = unlock(field.vault.folder, PASSPHRASE)
    with pytest.raises(InputError, match=r"slot\.not-for-this-key"):
        keeping.open_by_headquarters(headquarters, field.vault.folder)
    number = keeping.add_headquarters(field, NAMES[2], passphrase=PASSPHRASE)
    assert keeping.slots(field)[number] == {"slot": 1, "kind": "headquarters", "label": NAMES[2]}
    assert keeping.open_by_headquarters(headquarters, field.vault.folder) == key
    with pytest.raises(InputError, match=r"slot\.not-for-this-key"):
        keeping.open_by_headquarters(stranger, field.vault.folder)


def test_only_a_verified_partner_is_let_in(office: Office) -> None:
    field = office.open()
    trust.revoke_contact(field, NAMES[2], lang="en")
    for name, code in ((NAMES[2], "slot.not-verified"), ("ешкім", "contact.unknown")):
        with pytest.raises(InputError) as caught:
            keeping.add_headquarters(field, name, passphrase=PASSPHRASE)
        assert caught.value.code == code
    assert len(keeping.slots(field)) == 1


def test_how_far_recovery_is(office: Office) -> None:
    session = office.open()
    assert keeping.recovery(session) == {"state": keeping.NONE, "day": ""}
    shares = keeping.split_recovery(session, passphrase=PASSPHRASE, needed=2, total=2, lang="en")
    assert keeping.recovery(session)["state"] == keeping.MADE
    done = keeping.rehearse(session, [" ".join(words) for words in shares.words])
    assert keeping.recovery(session) == {"state": keeping.REHEARSED, "day": done["rehearsed"]}
    keeping.split_recovery(session, passphrase=PASSPHRASE, needed=2, total=3, lang="kk")
    assert keeping.recovery(session)["state"] == keeping.MADE
    assert shares.words[0][0] not in repr(shares)
