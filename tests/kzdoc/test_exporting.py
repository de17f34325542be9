"""Tables that leave and come back: for ourselves everything returns, for others nothing leaves that may not."""

from __future__ import annotations

import csv
import io
import json
import random
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from kzdoc import casework, exporting
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Sensitivity, Type, read_value
from kzdoc.domain.vocabulary import vocabulary
from kzdoc.errors import InputError, PublicationError
from kzdoc.importing import take_file
from kzdoc.ledger.revision import NewEntry, NewStatement

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.domain.field import Field, Kind
    from kzdoc.session import Session
    from tests.offices import Office

READER = {"recipient": "Мысалов Ғалым", "purpose": "сынақ"}


def export(
    session: Session, kind: str, out: Path, *, audience: Audience = Audience.INTERNAL, lang: str | None = None
) -> bytes:
    """Export a kind and return the file."""
    told = {"recipient": "", "purpose": ""} if audience is Audience.INTERNAL else READER
    exporting.export_table(session, kind, out, audience=audience, lang=lang, **told)
    return out.read_bytes()


def take(session: Session, kind: str, out: Path) -> dict[str, Any]:
    """Import a file that was exported."""
    return take_file(session, out.read_bytes(), name=out.suffix, kind_id=kind, columns={}, preview=False)


TEXTS = ("=1+1", "+7; -2", "@x\\", "'='", "Тестов; Данияр", '{"a": 1}', "text=x", "Үлгі_x0041_ \ufffe😀", "plain")
SAMPLES: dict[Type, tuple[Any, ...]] = {
    Type.TEXT: TEXTS,
    Type.LONG_TEXT: tuple(f'{one}\n\n{one},;\t"' for one in TEXTS),
    Type.YESNO: ("yes", "no"),
    Type.DATE: ("2019", "2019-03", "2019-03-05?", "2019-03-03/2019-03-05"),
    Type.TIME: ("2019-03-05", "2019-03-05T14:30+06:00/2019-03-05T15:30+06:00"),
    Type.NUMBER: (0, 7, 10**14),
    Type.MONEY: ({"amount": 5, "currency": "KZT"}, {"amount": 14_500_000, "currency": "EUR"}),
    Type.FIGURE: ({"value": 22}, {"value": 6000, "qualifier": "more_than", "unit": "events", "from": "2018"}),
    Type.ADDRESS: ({"text": "=Абай 5"}, {"text": "a;b", "region": "KZ-75"}, {"text": "text=x"}),
    Type.FILE: ({"sha256": "ab" * 32, "size": 3, "media": "image/png"},),
    Type.URL: ("https://example.kz/;=1", "https://example.kz/?a=+1"),
}
NUMBERS = {"iin": ("001231500012",), "phone": ("+77010000001",), "email": ("=a@b.kz",)}


def drawn(field: Field, chance: random.Random) -> list[Any]:
    """Return one to three hard values of a field, as they are stored."""
    if field.type is Type.CHOICE:
        given: tuple[Any, ...] = tuple(term.code for term in vocabulary(field.vocabulary or "").terms)
    elif field.type is Type.IDENTIFIER:
        given = NUMBERS.get(field.number_kind or "", TEXTS)
    else:
        given = SAMPLES[field.type]
    return [read_value(field, one) for one in chance.sample(given, min(len(given), 3 if field.many else 1))]


def filled(session: Session, of: Kind, chance: random.Random, targets: dict[str, list[bytes]]) -> bytes:
    """Write a record of a kind with every field filled, and return its id."""
    changes = []
    for field in of.fields:
        if field.type is Type.LINK:
            known = targets[field.to] if field.to in targets else [one for ids in targets.values() for one in ids]
            said = [one.hex() for one in known[: 2 if field.many else 1]]
        else:
            said = [casework.plain_value(field, value) for value in drawn(field, chance)]
        changes.append(Change(field.id, "set", said if field.many else said[0]))
    return casework.add(session, of.id, changes)


@pytest.fixture
def everything(office: Office) -> Session:
    """Return a vault with a record of every kind with every field filled."""
    session, chance = office.open(), random.Random(7)
    ids = {name: session.randomness(casework.ID_BYTES) for name in KINDS}
    session.write([casework.new_entry(session, one, KINDS[name], None, []) for name, one in ids.items()])
    bare = {name: [one] for name, one in ids.items()}  # only to be linked to: nobody can write a record that is empty
    for of in KINDS.values():
        filled(session, of, chance, bare)
    return session


def said(session: Session) -> dict[str, Any]:
    """Return all that is said in a vault and may leave it: internal notes never do."""
    return {
        record.id.hex(): {
            field.id: sorted(record.values(field.id), key=repr)
            for field in KINDS[name].fields
            if record.values(field.id) and field.sensitivity is not Sensitivity.WORK
        }
        for name in KINDS
        for record in session.records.records(name)
    }


@pytest.mark.parametrize("form", [".csv", ".xlsx", ".json"])
def test_for_ourselves_every_kind_returns(everything: Session, tmp_path: Path, form: str) -> None:
    session, before = everything, said(everything)
    assert sum(map(len, before.values())) > 200
    for kind in KINDS:
        export(session, kind, tmp_path / f"{kind}{form}")
        assert take(session, kind, tmp_path / f"{kind}{form}")["changed"] == 0, kind
    for kind, of in KINDS.items():
        for record in list(session.records.records(kind)):
            if record.fields:
                casework.change(session, record.id, [Change(field.id, "clear") for field in of.fields])
    assert not any(said(session).values())
    for kind in KINDS:
        take(session, kind, tmp_path / f"{kind}{form}")
    after = said(session)
    assert [one for one in before if after[one] != before[one]] == []


@pytest.mark.parametrize("form", [".csv", ".xlsx"])
def test_into_another_vault_they_come_without_their_ids(office: Office, tmp_path: Path, form: str) -> None:
    one, two = office.open("Мысалов"), office.open("Үлгіқызы")
    casework.add(
        one,
        "person",
        [
            Change("name_kk", "set", "=Тестов"),
            Change("sex", "set", "male"),
            Change("iin", "set", "001231500012"),
            Change("aliases", "set", ["+Дан; әкесі", "Дәке"]),
        ],
    )
    out = tmp_path / f"people{form}"
    export(one, "person", out)
    with pytest.raises(InputError) as caught:
        take(two, "person", out)
    assert (caught.value.code, caught.value.params["reason"]) == ("import.row", "record.unknown")
    bare = tmp_path / f"bare{form}"
    if form == ".csv":
        rows = [row[1:] for row in csv.reader(io.StringIO(out.read_bytes().decode("utf-8-sig"), newline=""))]
        with bare.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    else:
        book = openpyxl.load_workbook(out)
        book.active.delete_cols(1)
        book.save(bare)
    assert take(two, "person", bare)["new"] == 1
    assert list(said(two).values()) == list(said(one).values())


def test_fields_in_conflict_are_named_and_left_alone(office: Office, tmp_path: Path) -> None:
    session = office.open()
    record = casework.add(session, "person", [Change("name_kk", "set", "Тестов"), Change("born", "set", "1980")])
    (live,) = casework.state(session, record).fields["born"]
    for born in ("1981", "1982"):
        session.write([NewEntry(record, "person", (NewStatement("born", born, live.refs),))])
    assert casework.state(session, record).values("born") == ["1981", "1982"]
    for form in (".csv", ".xlsx", ".json"):
        text = export(session, "person", tmp_path / f"x{form}")
        if form != ".xlsx":
            assert b"conflicts" in text
            assert b"1982" in text
        assert take(session, "person", tmp_path / f"x{form}")["changed"] == 0
    assert casework.state(session, record).values("born") == ["1981", "1982"]


def test_others_get_codes_without_ids(office: Office, tmp_path: Path) -> None:
    session = office.open()
    record = casework.add(
        session,
        "person",
        [
            Change("name_kk", "set", "Тестов Данияр"),
            Change("sex", "set", "male"),
            Change("naming_basis", "set", "own_consent"),
        ],
    )
    event = casework.add(
        session,
        "event",
        [
            Change("title", "set", "=Митинг"),
            Change("date", "set", "2019-03-05"),
            Change("region", "set", "KZ-75"),
            Change("persons", "set", [record.hex()]),
        ],
    )
    assert b"\xd0\xa2\xd0\xb5\xd1\x81\xd1\x82" not in export(
        session, "person", tmp_path / "p.csv", audience=Audience.PUBLIC
    )
    items = json.loads(export(session, "event", tmp_path / "e.json", audience=Audience.PARTNER))
    assert set(items[0]) == {"kind", "fields"}
    assert items[0]["fields"]["title"] == "=Митинг"
    text = export(session, "event", tmp_path / "e.csv", audience=Audience.PARTNER).decode("utf-8-sig")
    assert "'=Митинг" in text
    assert event.hex() not in text
    assert record.hex() not in text
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert "id" not in row
    assert row["date"] in ("2019-03-05", "March 2019", "2019-03")


def test_in_a_language_it_is_for_reading(office: Office, tmp_path: Path) -> None:
    session = office.open()
    casework.add(session, "person", [Change("name_kk", "set", "Тестов"), Change("sex", "set", "male")])
    text = export(session, "person", tmp_path / "p.csv", lang="ru").decode("utf-8-sig")
    assert KINDS["person"].field("name_kk").label.ru in text
    assert "male" not in text


def test_refusals_leave_no_file(office: Office, tmp_path: Path) -> None:
    session = office.open()
    casework.add(session, "event", [Change("title", "set", "Митинг"), Change("description", "set", "х" * 40_000)])
    for out, audience, code in (
        (tmp_path / "x.ods", Audience.INTERNAL, "export.format"),
        (tmp_path / "x.xlsx", Audience.INTERNAL, "export.cell-too-long"),
    ):
        with pytest.raises(InputError) as caught:
            export(session, "event", out, audience=audience)
        assert caught.value.code == code
    with pytest.raises(PublicationError):
        exporting.export_table(
            session, "event", tmp_path / "y.csv", audience=Audience.UN, recipient="", purpose="", lang=None
        )
    (tmp_path / "z.csv").write_bytes(b"mine")
    with pytest.raises(InputError):
        export(session, "event", tmp_path / "z.csv")
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".csv", ".xlsx", ".ods")] == ["z.csv"]
    assert (tmp_path / "z.csv").read_bytes() == b"mine"


def test_a_kind_without_records_is_a_table_to_fill_in(office: Office, tmp_path: Path) -> None:
    session = office.open()
    for form in (".csv", ".xlsx"):
        export(session, "source", tmp_path / f"s{form}")
        assert take(session, "source", tmp_path / f"s{form}")["new"] == 0
    heading = (tmp_path / "s.csv").read_bytes().decode("utf-8-sig").splitlines()[0]
    assert [cell.strip('"') for cell in heading.split(",")] == ["id", *(field.id for field in KINDS["source"].fields)]
