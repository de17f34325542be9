"""The office on the command line: rosters, who was detained, successions, askings, exposure, practice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kzdoc import withholding
from kzdoc.exchange import incoming, rosters
from tests.kzdoc.cli.conftest import call
from tests.kzdoc.test_exchange import change, put, shown
from tests.kzdoc.test_exchange import send as sent
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from kzdoc.session import Session
    from tests.kzdoc.cli.conftest import Answer
    from tests.offices import Office

A, B, C = NAMES


def at(session: Session, *words: str) -> Answer:
    return call(session, *words, "--json", "--ui-lang", "en")


def send(session: Session, target: Session, out: str) -> Answer:
    made = at(session, "bundle", "make", "VAULT", "--to", target.name, "--profile", "internal", "-o", out)
    assert made.document["safe_to_pull"], made.err
    assert "can be pulled" in made.err
    return at(target, "bundle", "take", "VAULT", out, "--yes")


def test_a_roster_is_made_signed_taken_and_shown(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    a, b, c = office.all()
    words = ("--coordinator", A, "--member", f"{B}=replace,revoke")
    assert at(c, "contact", "roster", "new", "VAULT", *words, "-o", "draft").document["roster"] == "draft"
    assert at(c, "contact", "roster", "take", "VAULT", "draft").code == "roster.too-few"
    assert at(a, "contact", "roster", "sign", "VAULT", "draft", "-o", "signed").document["roster"] == "signed"
    assert at(a, "contact", "roster", "sign", "VAULT", "draft", "-o", "signed").code == "file.exists"
    assert at(b, "contact", "roster", "sign", "VAULT", "draft", "-o", "no").code == "roster.other-signers"
    assert at(c, "contact", "roster", "take", "VAULT").code == "roster.none-offered"
    taken = at(c, "contact", "roster", "take", "VAULT", "signed")
    joined = {"joins": sorted([A, B, C]), "goes": [], "changes": [], "revokes": []}
    counted = {"uncounted": 0, "counted": 0, "conflicts": 0}
    assert taken.document == {"version": 1, "coordinators": 2, "members": 3, **joined, **counted}
    later = at(c, "contact", "roster", "new", "VAULT", "--coordinator", A, "-o", "later").document
    assert later == {"roster": "later", "joins": [], "goes": [B], "changes": [], "revokes": []}
    assert at(c, "contact", "roster", "take", "VAULT", "signed").code == "roster.in-force"
    shown_now = at(c, "contact", "roster", "show", "VAULT").document
    assert shown_now["coordinators"] == sorted((A, C))
    assert shown_now["members"] == [{"name": B, "rights": ["replace", "revoke"]}]
    came = send(c, b, "1")
    assert came.document["roster"] == {"version": 1, "state": "offered"}
    assert "contact roster take" in came.err
    beside = at(b, "contact", "roster", "show", "VAULT").document
    assert (beside["version"], beside["offered"], beside["left"]) == (None, 1, [])
    assert (beside["waits"]["version"], beside["waits"]["joins"]) == (1, sorted([A, B, C]))
    assert at(b, "contact", "roster", "take", "VAULT").document["version"] == 1


def test_detained_alert_and_follow(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    a, b, c = office.all()
    person = put(b, name_kk="Тестов Данияр", born="1980")
    send(b, a, "1")
    send(b, c, "2")
    assert at(c, "contact", "detained", "VAULT", B, "--since", "march").code == "alert.since"
    done = at(c, "contact", "detained", "VAULT", B, "--since", "2026-03-01")
    assert (done.document["state"], done.document["heads"]) == ("revoked", 1)
    assert "vault exposure" in done.err
    change(b, person, born="1999")
    send(b, a, "3")
    came = send(c, a, "4")
    assert came.document["alerts"][0]["name"] == B
    assert "contact alerts" in came.err
    rows = at(a, "contact", "alerts", "VAULT").rows
    assert [(one["name"], one["by"], one["beyond"]) for one in rows] == [(B, C, 1)]
    plain = call(a, "contact", "alerts", "VAULT", "--ui-lang", "ru")
    assert B in plain.out
    assert "2026-03-01" in plain.out
    assert at(a, "contact", "alert", "VAULT", rows[0]["alert"]).status == 2
    assert at(a, "contact", "alert", "VAULT", rows[0]["alert"], "--follow").document["state"] == "followed"
    assert shown(a, person)["fields"]["born"] == "1980"
    assert at(a, "contact", "alerts", "VAULT").rows == []


def test_succession_and_asking(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    a, b, c = office.all()
    person = put(a, name_kk="Тестов Данияр", occupation="мұғалім")
    assert at(b, "contact", "succeed", "VAULT", A, "--by", C).code == "succession.not-yours"
    done = at(a, "contact", "succeed", "VAULT", A, "--by", B, "-o", "handed").document
    assert done == {"author": A, "successor": B, "signatures": 1, "in_force": True, "file": "handed"}
    assert at(c, "contact", "succession", "take", "VAULT", "handed").document["in_force"]
    assert at(c, "contact", "succession", "list", "VAULT").rows[0]["successor"] == B
    signed = at(c, "contact", "succession", "sign", "VAULT", "handed", "-o", "more").document
    assert signed["signatures"] == 2
    send(a, c, "1")
    withholding.forget(c, person, ["occupation"], leave_texts=True)
    assert send(c, a, "2").document["asked_to_forget"] == 1
    rows = at(a, "contact", "asked", "VAULT").rows
    assert rows == [{"id": person.hex(), "by": C, "fields": ["occupation"], "statements": 1}]
    assert at(a, "contact", "asked", "VAULT", "--record", person.hex(), "--forget").document == {
        "forgotten": 1,
        "clean_up_due": False,
    }
    assert at(a, "contact", "asked", "VAULT", "--put-away").document == {"put_away": 0}
    assert at(a, "contact", "asked", "VAULT", "--forget").code == "record.nothing-there"


def test_exposure_in_json_text_and_paper(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    a, _, c = office.all()
    put(c, name_ru="Тестов Данияр")
    send(c, a, "1")
    told = at(c, "vault", "exposure", "VAULT", A).document
    assert told["counts"]["names"] == 1
    assert at(c, "vault", "exposure", "VAULT", "--author", A).document == told
    text = call(c, "vault", "exposure", "VAULT", A, "--ui-lang", "ru").out
    assert "Тестов Данияр" in text
    assert at(c, "vault", "exposure", "VAULT", A, "-o", "out.pdf", "--lang", "kk").document == told
    assert (tmp_path / "out.pdf").read_bytes()[:5] == b"%PDF-"
    assert at(c, "vault", "exposure", "VAULT", A, "-o", "out.pdf").code == "file.exists"
    assert at(c, "vault", "exposure", "VAULT", "Жоқ").code == "contact.unknown"


def test_two_claimed_kinds_are_listed_and_settled(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kzdoc.ledger.revision import NewEntry, NewStatement

    monkeypatch.chdir(tmp_path)
    a, b, _ = office.all()
    record = put(a, name_kk="Тестов Данияр")
    b.write([NewEntry(record, "event", (NewStatement("title", "Жиналыс"),))])
    send(b, a, "1")
    rows = at(a, "conflict", "list", "VAULT").rows
    assert [(one["field"], [value["value"] for value in one["values"]]) for one in rows] == [
        ("_kind", ["event", "person"])
    ]
    assert at(a, "conflict", "settle", "VAULT", record.hex(), "_kind", "--value", "medal").code == (
        "conflict.no-such-statement"
    )
    done = at(a, "conflict", "settle", "VAULT", record.hex(), "_kind", "--value", "person").document
    assert (done["kind"], done["conflicts"]) == ("person", [])
    send(a, b, "2")
    assert at(b, "conflict", "list", "VAULT").rows == []
    assert shown(b, record)["kind"] == "person"


def test_an_office_is_left_with_a_reason(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _, b, c = office.all()
    assert at(c, "contact", "roster", "new", "VAULT", "--member", B, "-o", "wrong").status == 0
    assert at(b, "contact", "roster", "leave", "VAULT", "қате", "--yes").code == "roster.none-held"
    assert at(b, "contact", "roster", "take", "VAULT", "wrong").status == 0
    done = at(b, "contact", "roster", "leave", "VAULT", "қате", "--yes").document
    assert (done["version"], done["people"], done["reason"]) == (1, sorted([B, C]), "қате")
    shown_now = at(b, "contact", "roster", "show", "VAULT").document
    assert (shown_now["version"], shown_now["waits"]) == (None, None)
    assert [(one["version"], one["reason"]) for one in shown_now["left"]] == [(1, "қате")]


def test_a_removal_that_does_not_hold_says_so(office: Office, tmp_path: Path) -> None:
    _, b, c = office.all()
    event = put(c, "event", title="Митинг").hex()
    incoming.take(b, sent(c, tmp_path / "1", B))
    own = at(c, "record", "remove", "VAULT", put(c, "event", title="Екі рет").hex(), "--reason", "double")
    assert (own.document["in_force"], own.err) == (True, "")
    rosters.take_roster(b, rosters.new_roster(c, {A: frozenset(), B: frozenset()}, []))
    beside = at(b, "record", "remove", "VAULT", event, "--reason", "double")
    assert (beside.document["removed"], beside.document["in_force"]) == (event, False)
    assert "stands beside" in beside.err
