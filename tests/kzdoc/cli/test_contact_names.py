"""`contact rename`: what one calls a partner is one's own, and nothing but the name changes with it."""

from __future__ import annotations

from tests.kzdoc.cli.conftest import call
from tests.offices import NAMES, Office

A, B, C = NAMES


def test_a_partner_is_renamed_and_stays_verified_and_the_old_name_is_free(office: Office) -> None:
    session = office.open(A)
    done = call(session, "contact", "rename", "VAULT", B, " Екінші топ ", "--json")
    assert (done.document["name"], done.document["claims"], done.document["state"]) == ("Екінші топ", B, "verified")
    assert {one.name for one in session.vault.contacts.all()} == {"Екінші топ", C}
    assert session.author_name(session.vault.contacts.named("Екінші топ").author) == "Екінші топ"
    assert call(session, "contact", "rename", "VAULT", C, B, "--json").document["name"] == B


def test_what_cannot_be_a_name_is_refused_and_nothing_changes(office: Office) -> None:
    session = office.open(A)
    before = session.vault.contacts.all()
    for name, new, code in (
        (B, C, "vault.contact-exists"),
        ("жоқ", "бар", "contact.unknown"),
        (B, "\u202e", "contact.name"),
    ):
        assert call(session, "contact", "rename", "VAULT", name, new).code == code
    assert session.vault.contacts.all() == before
