"""Tables laid beside what their reader has: numbers, other tables, papers; said before there is a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kzdoc import casework, exporting, publishing, tabling, telling, together
from kzdoc.analysis import handed
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.session import Session
from kzdoc.together import Together, TogetherError
from tests.kzdoc.test_telling import put
from tests.kzdoc.test_telling import told as counted
from tests.offices import Office

PUBLIC = "Газета «Пример»"
PARTNER: dict[str, Any] = {"audience": Audience.PARTNER, "recipient": "Екінші ұйым"}


@pytest.fixture
def session(office: Office) -> Session:
    return office.open()


def table(session: Session, kind: str, out: Path, **asked: Any) -> list[dict[str, Any]]:
    given = {"audience": Audience.PUBLIC, "recipient": PUBLIC, "purpose": "Мақала", "lang": None}
    done = exporting.export_table(session, kind, out, **{**given, **asked})
    return list(done["together"])


def why(found: Sequence[Together]) -> list[tuple[str, int]]:
    return [(one.why, one.n) for one in found]


def held(session: Session, kind: str, out: Path, **asked: Any) -> list[tuple[str, int]]:
    """Return what a table that was held back tells; there is no file and nothing in the ledger."""
    before = len(session.vault.exports.all())
    said: list[Together] = []
    with pytest.raises(TogetherError) as caught:
        table(session, kind, out, warn=said.extend, **asked)
    assert not out.exists()
    assert len(session.vault.exports.all()) == before
    assert list(caught.value.found) == said
    return why(said)


def detentions(session: Session, region: str, *, named: int, unnamed: int) -> None:
    """Write detentions of a region: strangers are shown only those of people who may be named."""
    for place in range(named + unnamed):
        basis = {"naming_basis": "already_public"} if place < named else {}
        who = put(session, "person", name_ru="Тестов Данияр", **basis)[0].hex()
        put(session, "detention", person=who, actual_time="2020-02-22", region=region)


def test_a_number_and_a_table_tell_how_many_are_withheld(session: Session, tmp_path: Path) -> None:
    detentions(session, "Алматы", named=6, unnamed=2)
    detentions(session, "Астана", named=6, unnamed=6)
    counted(session, "detention", by="region")
    assert held(session, "detention", tmp_path / "a.csv") == [("numbers", 1)]
    assert held(session, "detention", tmp_path / "a.csv", although=" ") == [("numbers", 1)]
    told = table(session, "detention", tmp_path / "a.csv", although="Редакция решила")
    assert [one["n"] for one in told] == [1]
    noted = session.vault.exports.all()[0]
    assert (noted.form, noted.detail["although"], noted.detail["together"]) == ("table", "Редакция решила", 1)


def test_the_other_way_round_and_in_a_window(session: Session, tmp_path: Path) -> None:
    detentions(session, "Алматы", named=6, unnamed=2)
    assert table(session, "detention", tmp_path / "a.csv") == []
    for asked in ({"by": "region"}, {"by": "region", "since": "2020-02", "until": "2020-02"}, {}):
        with pytest.raises(TogetherError) as caught:
            counted(session, "detention", **asked)
        assert why(caught.value.found) == [("numbers", 1)]
    assert counted(session, "detention", by="region", since="2021")["together"] == []


def test_many_withheld_ones_point_at_nobody(session: Session, tmp_path: Path) -> None:
    detentions(session, "Алматы", named=6, unnamed=6)
    counted(session, "detention", by="region")
    assert table(session, "detention", tmp_path / "a.csv") == []


def test_a_reader_who_had_more_is_told_of_and_others_are_not(session: Session, tmp_path: Path) -> None:
    detentions(session, "Алматы", named=6, unnamed=0)
    assert table(session, "detention", tmp_path / "a.csv", **PARTNER) == []
    assert table(session, "detention", tmp_path / "b.csv") == []
    assert table(session, "detention", tmp_path / "c.csv", **PARTNER) == []
    person = casework.add(session, "person", [Change("name_ru", "set", "Мысалов Ғалым"), Change("sex", "set", "male")])
    put(session, "event", 2, title="Жиын", date="2020-02-22", persons=[person.hex()], region="Алматы")
    assert table(session, "event", tmp_path / "d.csv", **PARTNER) == []
    reader = {"audience": Audience.EMBASSY, "recipient": "ЕКІНШІ  ҰЙЫМ"}
    assert held(session, "event", tmp_path / "e.csv", **reader) == [("lines", 2)]
    assert table(session, "event", tmp_path / "e.csv", audience=Audience.EMBASSY) == []


def test_what_was_public_and_is_withheld_now(session: Session, tmp_path: Path) -> None:
    """Who was named in a table of before has a line less, or a token, in the next: the difference points at them."""
    people = [
        put(session, "person", name_ru=f"Тестов {name}", naming_basis="already_public")[0]
        for name in ("Данияр", "Марат", "Кайрат", "Үлгі", "Әсет", "Ғалым")
    ]
    put(session, "event", title="Жиын", date="2020-02-22", persons=[people[0].hex(), people[1].hex()])
    assert table(session, "person", tmp_path / "a.csv") == []
    assert table(session, "event", tmp_path / "b.csv") == []
    casework.change(session, people[0], [Change("naming_basis", "clear")])
    assert held(session, "person", tmp_path / "c.csv") == [("gone", 1)]
    assert held(session, "event", tmp_path / "c.csv") == [("lines", 1)]
    casework.remove(session, people[1], "Қайталанған")
    assert held(session, "person", tmp_path / "c.csv") == [("gone", 1)]  # a record that was removed is not withheld


def test_a_paper_of_a_fuller_profile_counts_too(session: Session, tmp_path: Path) -> None:
    hero = put(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")[0]
    publishing.make_report(session, hero, tmp_path / "a.pdf", template="case-file", audience=Audience.LAWYER, lang="ru",
                           recipient="Адвокат", purpose="Защита", pack=False)  # fmt: skip
    assert held(session, "person", tmp_path / "a.csv", recipient="адвокат") == [("classes", 0)]
    assert table(session, "person", tmp_path / "a.csv") == []
    told = telling.shown_before(session, hero, audience=Audience.PUBLIC, recipient="Адвокат")
    assert [one["audience"] for one in told] == ["lawyer"]


def test_known_readers_are_warned_before_there_is_a_file(session: Session, tmp_path: Path) -> None:
    source = put(session, "source", title="Газет", published="yes")[0].hex()
    put(session, "testimony", 6, summary="Көрдім", source=source)
    put(session, "testimony", 2, summary="Естідім")
    counted(session, "testimony", **PARTNER)
    out, seen = tmp_path / "a.csv", []

    def warn(found: Sequence[Together]) -> None:
        seen.append((why(found), out.exists()))

    assert [one["why"] for one in table(session, "testimony", out, **PARTNER, warn=warn)] == ["numbers"]
    assert seen == [([("numbers", 1)], False)]
    assert out.exists()


def test_our_own_tables_are_nobodys(session: Session, tmp_path: Path) -> None:
    detentions(session, "Алматы", named=6, unnamed=2)
    table(session, "detention", tmp_path / "a.csv", audience=Audience.INTERNAL, recipient="")
    assert "lines" not in session.vault.exports.all()[0].detail
    assert table(session, "detention", tmp_path / "b.csv") == []


def test_the_ledger_keeps_nothing_that_was_withheld(session: Session, tmp_path: Path) -> None:
    who = put(session, "person", name_ru="Мысалова Үлгісұлу", sex="female")[0].hex()
    put(
        session,
        "event",
        title="Жиын",
        date="2020-02-22",
        persons=[who],
        place="Абай 5, Мысалова үйі",
        participants="40",
    )
    table(session, "event", tmp_path / "a.csv")
    noted = session.vault.exports.all()[0]
    lines = handed.read_lines(bytes(noted.detail["lines"]))  # type: ignore[call-overload]  # our own word
    assert "Мысалова" not in repr(lines)
    assert "Абай" not in repr(lines)  # nor what was written freely
    assert "2020-02-22" not in repr(lines)  # of few people, all unnamed, no reader was told the day
    assert lines.keys["date"] == [["2020-02"]]
    assert lines.ways["persons"] == "p"


def test_a_table_says_when_it_would_be_said_otherwise(session: Session) -> None:
    put(session, "event", title="Жиын", date="2020-02-22")
    who = [put(session, "person", name_ru=f"Тестов {one}")[0].hex() for one in ("Марат", "Әсет", "Кайрат")]
    put(session, "event", 3, title="Тестов", date="2020-02-22", persons=who, participants="40")
    now = tabling.table_of(session, "event", audience=Audience.PUBLIC, lang=None)
    assert now.said() == tabling.table_of(session, "event", audience=Audience.PUBLIC, lang=None).said()
    casework.change(session, now.records[0], [Change("date", "set", "2020-03-23")])
    assert now.said() != tabling.table_of(session, "event", audience=Audience.PUBLIC, lang=None).said()


def joined_by_place(session: Session, folder: Path) -> int:
    """Return how many alike lines of two tables are joined rightly by taking the same place for the same."""
    for reader, audience in (("Адвокат", Audience.LAWYER), ("Комитет", Audience.UN)):
        table(session, "event", folder / f"{audience.value}.csv", audience=audience, recipient=reader)
    one, other = (export.records for export in session.vault.exports.all()[:2])
    assert set(one) == set(other)
    return sum(here == there for here, there in zip(one, other, strict=True))


@pytest.fixture
def alike(session: Session) -> Session:
    ids = [casework.new_entry(session, session.randomness(16), KINDS["event"], None, []) for _ in range(400)]
    session.write(ids)
    return session


def test_places_of_lines_join_two_tables_no_better_than_chance(alike: Session, tmp_path: Path) -> None:
    assert joined_by_place(alike, tmp_path) <= 9  # of 400; by chance one, and ten once in nine million times


def test_the_twin_that_keeps_the_order_of_records_is_caught(
    alike: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabling, "_shuffled", lambda records, _chance: list(records))
    assert joined_by_place(alike, tmp_path) == 400


@pytest.mark.parametrize("blind", ["told_beside", "shown_more"])
def test_a_twin_that_does_not_look_is_caught(
    blind: str, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, blind, lambda *_, **__: () if blind == "told_beside" else (0, ()))
    test = {
        "told_beside": test_a_number_and_a_table_tell_how_many_are_withheld,
        "shown_more": test_a_reader_who_had_more_is_told_of_and_others_are_not,
    }[blind]
    with pytest.raises(pytest.fail.Exception):
        test(session, tmp_path)
