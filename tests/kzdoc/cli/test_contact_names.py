"""`contact rename`: what one calls a partner is one's own, and nothing but the name changes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc.errors import InputError
from kzdoc.exchange import trust
from tests.kzdoc.cli.conftest import call
from tests.offices import NAMES, Office

if TYPE_CHECKING:
    from pathlib import Path

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
        (B, "ұ" * 201, "contact.name-long"),
        (B, A, "contact.own-name"),
    ):
        assert call(session, "contact", "rename", "VAULT", name, new).code == code
    assert session.vault.contacts.all() == before


def test_a_name_nobody_has_is_said_and_a_long_one_is_refused(office: Office) -> None:
    session = office.open(A)
    for lang in ("en", "ru", "kk"):
        for words in (("revoke", "VAULT", "Жоқ Адам"), ("rename", "VAULT", "Жоқ Адам", "бар")):
            assert "Жоқ Адам" in call(session, "contact", *words, "--ui-lang", lang).err
    with pytest.raises(InputError, match=r"contact\.name-long"):
        trust.add_contact(session, trust.card(office.open(C)), name="ұ" * 201, lang="en")
    assert call(session, "contact", "rename", "VAULT", B, "ұ" * 200, "--json").document["name"] == "ұ" * 200


def test_a_roster_says_which_name_and_which_right_is_off(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    session = office.open(A)
    new = ("contact", "roster", "new", "VAULT", "-o", "r")
    for who in ("--coordinator", "--member"):
        own = call(session, *new, who, A)
        assert (own.code, A in own.err) == ("roster.self", True)
    off = call(session, *new, "--member", f"{B}=fly,settle")
    assert off.code == "roster.right"
    assert all(word in off.err for word in ("fly", "erase", "replace", "revoke", "settle"))
    assert call(session, *new, "--member", "Жоқ").code == "contact.unknown"
    assert not (tmp_path / "r").exists()
    assert call(session, *new, "--member", B).status == 0
    assert call(session, "contact", "roster", "take", "VAULT", "r").status == 0
    assert call(session, "contact", "roster", "take", "VAULT", "r").code == "roster.in-force"
