"""What a desk shows of records: rows, counts, names, one record with all its sides, files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import browsing, casework, filling, listing, session, withholding
from kzdoc.casework import Change
from kzdoc.errors import InputError, KzdocError, VaultError
from kzdoc.filling import Draft, Newborn
from kzdoc.listing import Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kzdoc.session import Session

PASSPHRASE = "сынақ түбі сары алтын тұнық бұлақ суы"


@dataclass(frozen=True)
class _Made:
    folder: Path
    key: bytes


_MADE: list[_Made] = []


@pytest.fixture
def at(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, clock) -> Iterator[Session]:
    """Return an open session on a copy of a vault with its owner's keys."""
    if not _MADE:
        folder = tmp_path_factory.mktemp("browsing") / "vault"
        session.create_vault(folder, PASSPHRASE, author="Тестілеуші", clock=clock).close()
        _MADE.append(_Made(folder, bytes(session.unlock(folder, PASSPHRASE))))
    shutil.copytree(_MADE[0].folder, tmp_path / "vault")
    opened = session.open_session_with_key(tmp_path / "vault", bytearray(_MADE[0].key), clock=clock)
    yield opened
    opened.close()


def said(**values: Any) -> list[Change]:
    return [Change(name, "set", value) for name, value in values.items()]


# -- lists --------------------------------------------------------------------------------------------------------


def test_what_is_only_here_is_counted_and_the_newest_come_first(at: Session) -> None:
    made = [casework.add(at, "person", said(name_kk=f"Тестов {number}")) for number in range(4)]
    event = casework.add(at, "event", said(title="Жиын"))
    casework.remove(at, made[1], "қате")
    with at.vault.transaction():
        at.vault.database.run("UPDATE record SET origin = 1 WHERE id = ?", (made[3],))
    casework.change(at, made[0], said(occupation="мұғалім"))
    found = listing.only_here(at, lang="kk", limit=2)
    assert [row.id for row in found.rows] == [event, made[2]]
    every = listing.list_records(at, Wanted(place="only_here", lang="kk"))
    whole = listing.only_here(at, lang="kk", limit=50)
    assert (whole.total, whole.places) == (every.total, every.places)
    assert {row.id: row for row in whole.rows} == {row.id: row for row in every.rows}


def test_a_list_is_sorted_by_the_kazakh_alphabet_and_counted(at: Session) -> None:
    for name in ("Қалыпов", "Калиев", "Әуезов", "Болатов"):
        casework.add(at, "person", said(name_kk=name, sex="male"))
    found = listing.list_records(at, Wanted(kind="person", lang="kk"))
    assert [row.name for row in found.rows] == ["Әуезов", "Болатов", "Калиев", "Қалыпов"]
    assert found.total == 4
    assert found.kinds == {"person": 4}
    assert found.places == {"only_here": 4, "sent": 0, "receipted": 0}
    assert ("sex", "male", 4) in found.facets


def test_a_list_is_narrowed_by_facet_place_conflict_and_limit(at: Session) -> None:
    for number in range(6):
        casework.add(at, "person", said(name_kk=f"Тестов {number}", sex=("male", "female")[number % 2]))
    women = listing.list_records(at, Wanted("person", facets=frozenset([("sex", "female")]), limit=2))
    assert (len(women.rows), women.total) == (2, 3)
    assert listing.list_records(at, Wanted("person", place="sent")).total == 0
    assert listing.list_records(at, Wanted("person", in_conflict=True)).total == 0


def test_a_detention_is_called_by_its_person_and_search_takes_any_spelling(at: Session) -> None:
    person = casework.add(at, "person", said(name_kk="Жұмағұлова Тест"))
    casework.add(at, "detention", said(person=person, actual_time="2026-03-01T11:20+05:00", facility=["ІУҚ"]))
    rows = listing.list_records(at, Wanted(kind="detention", lang="ru")).rows
    assert rows[0].name == "Жұмағұлова Тест"
    assert rows[0].line.startswith("Задержание · 01.03.2026, 11:20 · ")
    assert "UTC" not in rows[0].line
    assert [row.name for row in listing.suggestions(at, "zhumagul", kind_id="person", lang="en")] == ["Жұмағұлова Тест"]
    assert listing.suggestions(at, "zhumagul", kind_id="event", lang="en") == []


def test_a_circle_of_links_has_a_name_all_the_same(at: Session) -> None:
    first = casework.add(at, "testimony", said(summary="Бірінші"))
    second = casework.add(at, "testimony", said(about=[first]))
    casework.change(at, first, said(about=[second]))
    assert {row.name for row in listing.list_records(at, Wanted()).rows} == {"Бірінші", ""}


# -- one record ---------------------------------------------------------------------------------------------------


def test_a_sheet_has_all_sides(at: Session, tmp_path: Path) -> None:
    person = casework.add(at, "person", said(name_kk="Тестов Данияр", occupation="ұстаз"))
    record = casework.add(at, "detention", said(person=person, place_of_detention="алаң"))
    file = tmp_path / "сурет.png"
    file.write_bytes(b"not a picture")
    filling.attach(at, record, [file])
    withholding.withhold(at, record, ["place_of_detention"], "not_shared")
    sheet = browsing.sheet(at, record)
    assert sheet.name == "Тестов Данияр"
    assert sheet.names == {person: "Тестов Данияр"}
    assert sheet.today == "2026-03-02"
    assert [reason for _, reason in sheet.withheld] == ["not_shared"]
    assert [(item.title, item.media, item.graphic, item.here) for item in sheet.items] == [
        ("сурет.png", "image/png", None, True)
    ]
    assert browsing.file_bytes(at, sheet.items[0].sha256) == b"not a picture"
    assert sheet.fields["person"][0].own


def test_what_is_not_there_is_refused(at: Session) -> None:
    with pytest.raises(InputError, match=r"record\.unknown"):
        browsing.sheet(at, bytes(16))
    with pytest.raises(InputError, match=r"kind\.unknown"):
        browsing.blank(at, "nothing")
    with pytest.raises(VaultError, match=r"vault\.blob-missing"):
        browsing.file_bytes(at, bytes(32))


def test_a_file_too_large_to_show_is_not_read(at: Session, tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "a.bin"
    file.write_bytes(bytes(2_000))
    record = casework.add(at, "person", said(name_kk="Тестов"))
    filling.attach(at, record, [file])
    monkeypatch.setattr(browsing, "LARGEST_SHOWN", 1_000)
    with pytest.raises(InputError, match=r"file\.too-large-to-show"):
        browsing.file_bytes(at, browsing.sheet(at, record).items[0].sha256)


# -- filling ------------------------------------------------------------------------------------------------------


def test_a_save_is_one_revision_with_the_person_it_names_and_drops_the_draft(at: Session) -> None:
    draft, person = bytes(15) + b"\1", bytes(15) + b"\2"
    filling.keep_draft(at, Draft(draft, "detention", b"", "", {"person": {"text": "Тест"}}))
    assert [one.typed for one in filling.drafts(at)] == [{"person": {"text": "Тест"}}]
    born = [Newborn(person, "person", "Testov Daniyar"), Newborn(bytes(16), "person", "Nobody")]
    saved = filling.save(at, "detention", b"", said(person=person, facility=["ІУҚ"]), born=born, draft=draft)
    assert len(saved.revisions) == 1
    assert saved.records == {saved.record, person}
    assert at.records.record(person).value("name_latin") == "Testov Daniyar"  # type: ignore[union-attr]
    assert filling.drafts(at) == []


def test_a_save_that_fails_keeps_the_draft_and_writes_nothing(at: Session) -> None:
    draft = bytes(15) + b"\1"
    filling.keep_draft(at, Draft(draft, "person", b"", "", {"born": "35"}))
    with pytest.raises(KzdocError):
        filling.save(at, "person", b"", said(name_kk="Тестов", born="35.90.2019"), draft=draft)
    assert at.records.counts() == {}
    assert [one.id for one in filling.drafts(at)] == [draft]


def test_a_file_that_cannot_be_read_is_refused(at: Session, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"file\.not-read"):
        filling.save(at, "evidence_item", b"", said(title="Сурет", file=tmp_path / "gone"))
    (tmp_path / "a.txt").write_bytes(b"here")
    saved = filling.save(at, "evidence_item", b"", said(title="Мәтін", file=tmp_path / "a.txt"))
    assert browsing.sheet(at, saved.record).items[0].size == 4


@pytest.mark.parametrize(
    ("name", "field"),
    [("Testov Daniyar", "name_latin"), ("Тестов Данияр", "name_ru"), ("Тестұлы Әли", "name_kk"), ("…", "name_kk")],
)
def test_a_bare_name_goes_to_the_field_of_its_alphabet(name: str, field: str) -> None:
    assert filling.name_field("person", name) == field


def test_undoing_and_bringing_back_are_revisions_of_their_own(at: Session) -> None:
    saved = filling.save(at, "person", b"", said(name_kk="Тестов"))
    changed = filling.save(at, "person", saved.record, said(occupation="ұстаз"))
    filling.undo(at, saved.record, changed.revisions[-1])
    steps = filling.history(at, saved.record, "kk")
    assert [(step.aside, step.own) for step in steps] == [(False, True), (True, True)]
    assert steps[-1].said == (("occupation", "ұстаз"),)
    filling.bring_back(at, saved.record, changed.revisions[-1])
    assert not any(step.aside for step in filling.history(at, saved.record, "kk"))
    with pytest.raises(InputError, match=r"record\.not-aside"):
        filling.bring_back(at, saved.record, changed.revisions[-1])


def test_nothing_changed_writes_nothing(at: Session) -> None:
    saved = filling.save(at, "person", b"", said(name_kk="Тестов"))
    assert filling.save(at, "person", saved.record, said(name_kk="Тестов")).revisions == ()


def test_a_draft_of_a_newer_program_is_left_alone(at: Session) -> None:
    at.vault.drafts.keep(bytes(16), filling.encode({"version": 2, "new": True}))
    assert filling.drafts(at) == []
    assert len(at.vault.drafts.all()) == 1


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-11-17", "17.11.2026"),
        ("2026-11-17T11:05+05:00", "17.11.2026, 11:05"),
        ("2026-11-17T11:05+05:00/2026-11-17T11:35+05:00", "17.11.2026, 11:05–11:35"),
        ("2026-11-17T23:05+05:00/2026-11-18T01:35+05:00", "17 "),
        ("2026-11", "November 2026"),
    ],
)
def test_a_row_says_a_certain_day_in_figures_and_anything_else_in_words(at, value, said) -> None:
    casework.add(at, "detention", [Change("actual_time", "set", value)])
    (row,) = listing.list_records(at, Wanted(lang="en")).rows
    assert said in row.line
