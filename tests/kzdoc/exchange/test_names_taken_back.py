"""Whoever was named stays known to redaction when what named them was taken back, undone or revoked here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework, withholding
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError
from kzdoc.exchange import alerts, incoming, taking_back
from kzdoc.vault.check import check
from kzdoc.vault.names import Names
from kzdoc.vault.unheard import Unheard
from tests.kzdoc.exchange.test_taking_back import take
from tests.kzdoc.test_exchange import put, send
from tests.kzdoc.test_names_filed import agrees, keys_in, leaves_alike
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES
SAID = "Пришёл Мысалов Галым, тел. 87010001122."
OUTSIDE: dict[str, Any] = {"audience": Audience.PUBLIC, "purpose": "x", "recipient": "x"}


def reaches(source: Session, reader: Session, record: bytes, path: Path) -> Any:
    """Return what a partner reads as the title of an event sent for the public."""
    incoming.take(reader, send(source, path, B, **OUTSIDE))
    found = reader.records.record(record)
    return found.value("title") if found is not None else None


def filed_alike(session: Session, event: bytes | None = None) -> None:
    """Check that the filing says what reading everybody says, as it stands and made anew."""
    for rebuilt in (False, True):
        if rebuilt:
            session.vault.rebuild()
        agrees(session, SAID)
        for audience in (Audience.PUBLIC, Audience.LAWYER, Audience.INTERNAL):
            leaves_alike(session, audience, event)
        assert check(session.vault) == []


def of_one_taken_back(office: Office, tmp_path: Path) -> tuple[Session, Session, bytes, bytes]:
    a, b, c = office.all()
    put(a, name_kk="Мысалов Ғалым", name_ru="Мысалов Галым", phone="+77010001122")
    root = take(c, send(a, tmp_path / "1.kzb"))
    event = put(c, "event", title=SAID)
    filed_alike(c, event)
    taking_back.take_back(c, root)
    return c, b, root, event


def test_whoever_was_taken_back_is_still_taken_out_of_texts(office: Office, tmp_path: Path) -> None:
    c, b, root, event = of_one_taken_back(office, tmp_path)
    filed_alike(c, event)
    assert "misalov" in keys_in(c)
    assert not reaches(c, b, event, tmp_path / "2.kzb"), "in no text that goes to the public"
    taking_back.bring_back(c, root)
    filed_alike(c, event)
    assert not reaches(c, b, event, tmp_path / "3.kzb")
    taking_back.take_back(c, root)
    filed_alike(c, event)


@pytest.mark.parametrize(
    "blind", [(Names, "unheard", lambda *_: None), (Unheard, "among", lambda *_: [])], ids=["filing", "reading"]
)
def test_the_twin_that_forgets_whom_it_took_back_is_caught(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blind: tuple[type, str, Any]
) -> None:
    monkeypatch.setattr(*blind)
    c, *_, event = of_one_taken_back(office, tmp_path)
    with pytest.raises(AssertionError):
        filed_alike(c, event)


def test_one_present_who_is_called_so_is_meant_then(office: Office, tmp_path: Path) -> None:
    c, *_, event = of_one_taken_back(office, tmp_path)
    agrees(c, SAID)
    present = put(c, name_ru="Мысалов Галым", name_kk="Мысалов Ғалым", naming_basis="already_public")
    filed_alike(c, event)
    casework.remove(c, present, "entered_twice")
    filed_alike(c, event)


def test_names_that_events_only_write_and_those_undone_or_revoked_stay_known(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    put(a, "event", title="Сход", organiser="Сынақ Әсем")
    root = take(c, send(a, tmp_path / "1.kzb"))
    taking_back.take_back(c, root)
    filed_alike(c)
    assert "sinak" in keys_in(c)
    before = {one.id for one in c.vault.chains.since()}
    put(c, name_ru="Щукарёв Лев")
    casework.undo(c, next(one.id for one in c.vault.chains.since() if one.id not in before))
    filed_alike(c)
    assert any("shukar" in one for one in keys_in(c))
    alerts.detained(c, A, since="", lang="en")
    put(a, name_ru="Тестов Данияр")
    incoming.take(b, send(a, tmp_path / "2.kzb", B))
    take(c, send(b, tmp_path / "3.kzb"))
    assert not c.records.counts().get("person"), "beyond his last good heads"
    filed_alike(c)
    assert "testov" in keys_in(c)


def test_what_was_taken_back_is_forgotten_and_withheld_like_anything_else(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    person, other = put(a, name_ru="Мысалов Галым", phone="+77010001122"), put(a, name_ru="Щукарёв Лев")
    (tmp_path / "x.txt").write_bytes(office.randomness(500))
    item = casework.attach(a, put(a, "event", title="Сход"), [tmp_path / "x.txt"])[0]
    files = send(a, tmp_path / "1.kzb")
    root = take(c, files)
    put(c, "event", title=SAID)
    held = c.records.record(item)
    assert held is not None
    digest = held.value("file")["sha256"]
    taking_back.take_back(c, root)
    filed_alike(c)
    with pytest.raises(InputError, match=r"record\.still-named"):
        withholding.forget(c, person, [], leave_texts=False)
    told = withholding.foresee_forgetting(c, person)
    assert (told["statements"], len(told["still_named"]), told["from"]) == (2, 1, [A])
    assert withholding.forget(c, person, [], leave_texts=True) == told["statements"]
    assert not [key for key in keys_in(c) if "misal" in key], "in the same act"
    assert withholding.withhold(c, other, [], "asked_by_person") == 1
    assert withholding.forget(c, item, [], leave_texts=True)
    assert not c.blobs.has(digest)
    filed_alike(c)
    assert "shukarev" in keys_in(c), "withheld, and met all the same"
    taking_back.bring_back(c, root)
    take(c, files)
    back, withheld = c.records.record(person), c.records.record(other)
    assert back is not None
    assert withheld is not None
    assert not {**back.fields, **withheld.fields}, "forgotten for ever, and withheld until it is restored"
    assert withholding.restore(c, other) == 1
    filed_alike(c)


def test_what_nobody_ever_told_here_is_unknown(office: Office) -> None:
    with pytest.raises(InputError, match=r"record\.unknown"):
        withholding.forget(office.open(), bytes(16), [], leave_texts=True)
