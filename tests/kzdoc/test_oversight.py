"""What people look at over everything: heads and what was rolled back, backups, ways of unlocking, numbers."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework, oversight
from kzdoc.casework import Change
from kzdoc.domain.vocabulary import vocabulary
from kzdoc.errors import InputError, KzdocError
from kzdoc.vault.check import state_hash
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office


def put(session: Session, kind: str = "person", **fields: Any) -> bytes:
    """Write a record."""
    return casework.add(session, kind, [Change(name, "set", value) for name, value in fields.items()])


def count(session: Session, measure: str, **asked: Any) -> dict[str, Any]:
    """Count with the defaults of the command line."""
    return oversight.count(
        session, measure, **{"by": None, "since": None, "until": None, "unit": "records", "lang": "en", **asked}
    )


def test_heads_tell_when_a_vault_went_back(office: Office, tmp_path: Path) -> None:
    session = office.open()
    put(session, name_kk="Бір")
    old = oversight.head(session)
    session.close()
    shutil.copy(office.folder / NAMES[0] / "vault.db", tmp_path / "older.db")
    session = office.open()
    put(session, name_kk="Екі")
    new = oversight.head(session)
    for head in (old, new):
        assert oversight.check(session, head=head) == {"result": "good", "head": "extends", "findings": []}
    session.close()
    shutil.copy(tmp_path / "older.db", office.folder / NAMES[0] / "vault.db")
    session = office.open()
    behind = oversight.check(session, head=new)
    assert (behind["result"], behind["head"]) == ("bad", "behind")
    assert [one["code"] for one in behind["findings"]] == ["head.missing"]
    assert oversight.check(session, head=old)["head"] == "extends"
    assert oversight.check(session, head=None)["head"] == "not checked"
    other = office.open(NAMES[1])
    for head, code in ((b"", "head.malformed"), (oversight.head(other), "head.other-signer")):
        with pytest.raises(KzdocError) as caught:
            oversight.check(session, head=head)
        assert caught.value.code == code


def test_a_backup_is_a_whole_vault(office: Office, tmp_path: Path) -> None:
    session = office.open()
    event = put(session, "event", title="Митинг")
    (tmp_path / "видео.mp4").write_bytes(b"0" * 100_000)
    casework.attach(session, event, [tmp_path / "видео.mp4"])
    oversight.backup(session, tmp_path / "backup")
    before = state_hash(session.vault)
    session.close()
    shutil.rmtree(office.folder / NAMES[0])
    oversight.restore_backup(tmp_path / "backup", office.folder / NAMES[0])
    again = office.open()
    assert state_hash(again.vault) == before
    assert oversight.check(again, head=None)["result"] == "good"
    assert oversight.rebuild(again) == 2
    assert state_hash(again.vault) == before
    with pytest.raises(KzdocError, match=r"vault\.exists"):
        oversight.restore_backup(tmp_path / "backup", office.folder / NAMES[0])
    (tmp_path / "backup").write_bytes((tmp_path / "backup").read_bytes()[:-1])
    with pytest.raises(KzdocError, match=r"vault\.backup-damaged"):
        oversight.restore_backup(tmp_path / "backup", tmp_path / "W")
    assert not (tmp_path / "W").exists()


# --- numbers


def test_what_cannot_be_judged_is_counted_apart(office: Office) -> None:
    session = office.open()
    whole = put(session, "event", title="А", date="2020-02-22", region="KZ-75")
    put(session, "event", title="Ә", date="2020-02")
    put(session, "event", title="Б", date="2020-02-28/2020-03-02")
    put(session, "event", title="В")
    told = count(session, "event", since="2020-02", until="2020-02")
    assert (told["rows"][0]["value"], told["not_judged"], told["qualifier"]) == (2, 2, "at_least")
    assert told["window"] == "2020-02-01/2020-02-29"
    assert "2" in told["note"]
    casework.remove(session, whole, "екі рет")
    assert count(session, "event", since="2020-02", until="2020-02")["rows"][0]["value"] == 1
    assert count(session, "event")["not_judged"] == 0


def test_a_field_of_many_counts_a_record_in_each_of_its_groups(office: Office) -> None:
    session = office.open()
    put(session, activity=["journalist", "lawyer"])
    put(session, activity=["journalist"])
    put(session, name_kk="Тестов")
    rows = {row["key"]: row["value"] for row in count(session, "person", by="activity")["rows"]}
    assert rows == {"journalist": 2, "lawyer": 1, "": 1}


def test_units_are_not_mixed(office: Office) -> None:
    session = office.open()
    person, event = put(session, name_kk="Тестов"), put(session, "event", title="Митинг")
    for _ in range(3):
        put(session, "detention", person=person.hex(), event=event.hex())
    put(session, "detention", event=event.hex())
    values = {
        unit: (told["rows"][0]["value"], told["rows"][0]["records"], told["not_judged"])
        for unit in ("records", "detentions", "persons", "events")
        for told in (count(session, "detention", unit=unit),)
    }
    assert values == {"records": (4, 4, 0), "detentions": (4, 4, 0), "persons": (1, 3, 1), "events": (1, 4, 0)}
    with pytest.raises(InputError, match=r"count\.unit"):
        count(session, "person", unit="detentions")


def test_published_figures_stand_side_by_side(office: Office) -> None:
    session = office.open()
    measure = next(term.code for term in vocabulary("measure").terms)
    for value, qualifier, since, until in ((6000, "more_than", "2019", "2019"), (5000, "more_than", "2019-06", "2020")):
        figure = {"value": value, "qualifier": qualifier, "unit": "persons", "from": since, "to": until}
        put(session, "figure", measure=measure, figure=figure)
    told = count(session, measure)
    assert [row["value"] for row in told["rows"]] == [6000, 5000]
    assert told["qualifier"] == "as_stated"
    assert "overlap" in told["note"]
    assert [row["value"] for row in count(session, measure, since="2020", until="2020")["rows"]] == [5000]
    assert count(session, measure, unit="events")["rows"] == []
    assert len(count(session, measure, unit="persons")["rows"]) == 2
    with pytest.raises(InputError, match=r"count\.figures-by"):
        count(session, measure, by="source")
    with pytest.raises(InputError, match=r"count\.measure") as unknown:
        count(session, "nothing")
    assert measure in str(unknown.value.params["list"])
