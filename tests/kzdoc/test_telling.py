"""Numbers for readers outside: small groups left out, and what two answers tell together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kzdoc import casework, joining, oversight, telling, together
from kzdoc.analysis.counting import key_text
from kzdoc.analysis.handed import group_key
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import kind
from kzdoc.errors import InputError, PublicationError
from kzdoc.redaction import cells
from kzdoc.session import Session
from kzdoc.together import TogetherError
from tests.offices import Office

AT = "2020-02-22"


def put(session: Session, kind: str, times: int = 1, **fields: Any) -> list[bytes]:
    return [
        casework.add(session, kind, [Change(name, "set", value) for name, value in fields.items()])
        for _ in range(times)
    ]


def told(session: Session, measure: str, **asked: Any) -> dict[str, Any]:
    given = {
        "by": None, "since": None, "until": None, "unit": "records", "lang": "en",
        "audience": Audience.PUBLIC, "recipient": "Газета «Пример»", "purpose": "Мақала",
    }  # fmt: skip
    return telling.count_for(session, measure, **{**given, **asked})


def rows(said: Mapping[str, Any]) -> dict[str, int]:
    return {row["key"]: row["value"] for row in said["rows"]}


def test_small_groups_are_left_out_and_one_that_guards_them(office: Office) -> None:
    session = office.open()
    for region, times in (("Алматы", 7), ("Астана", 6), ("Шымкент", 2)):
        put(session, "event", times, date=AT, region=region)
    said = told(session, "event", by="region")
    assert list(rows(said).values()) == [7]
    assert (said["qualifier"], said["not_judged"], said["smallest"], said["together"]) == ("at_least", None, 5, [])
    assert "fewer than 5" in said["note"]
    assert rows(told(session, "event")) == {"": 15}


def test_few_altogether_are_not_told(office: Office) -> None:
    session = office.open()
    put(session, "event", 4, date=AT, region="Алматы")
    assert told(session, "event")["rows"] == told(session, "event", by="region")["rows"] == []


def test_what_is_left_out_says_nothing_of_how_many_there_were(office: Office) -> None:
    session = office.open()
    put(session, "event", 7, date=AT, region="Алматы")
    put(session, "event", 5, date=AT, region="Астана")
    put(session, "event", 1, date=AT, region="Шымкент")
    first = told(session, "event", by="region")
    put(session, "event", 2, date=AT, region="Шымкент")
    again = told(session, "event", by="region", although="Сынақ")
    assert {**again, "together": []} == first


def test_records_of_one_person_are_one_person_in_numbers(office: Office) -> None:
    session = office.open()
    people = sorted(put(session, "person", 5, name_kk="Тестов"))
    for one in people:
        put(session, "detention", person=one.hex(), region="Алматы")
    assert rows(told(session, "detention")) == {"": 5}
    for double in people[1:3]:
        joining.same_person(session, people[0], double)
    for measure in ("detention", "person"):
        assert told(session, measure, although="Сынақ")["rows"] == []
    put(session, "detention", 2, person=put(session, "person", name_kk="Үлгі")[0].hex(), region="Алматы")
    put(session, "detention", person=put(session, "person", name_kk="Мысал")[0].hex(), region="Алматы")
    assert rows(told(session, "detention", unit="persons", although="Сынақ")) == {"": 5}
    assert rows(told(session, "person", although="Сынақ")) == {"": 7}
    inside = oversight.count(session, "detention", by=None, since=None, until=None, unit="persons", lang="en")
    assert rows(inside) == {"": 5}


def test_a_group_counts_by_its_people(office: Office) -> None:
    session = office.open()
    one = put(session, "person", name_kk="Тестов")[0].hex()
    put(session, "detention", 6, person=one, region="Алматы")
    for _ in range(6):
        put(session, "detention", person=put(session, "person", name_kk="Үлгі")[0].hex(), region="Астана")
        put(session, "detention", person=put(session, "person", name_kk="Үлгі")[0].hex(), region="Шымкент")
    put(session, "detention", 1, person=one, region="Астана")
    said = told(session, "detention", by="region")
    assert list(rows(said).values()) == [7]  # six detentions of one person are a group of one person


def test_dates_of_people_are_as_coarse_as_in_papers(office: Office) -> None:
    session = office.open()
    put(session, "person", 3, born="1990-05-05")
    put(session, "person", 3, born="1990-07-01")
    assert rows(told(session, "person", by="born")) == {"1990": 6}
    assert rows(told(session, "person", by="born", audience=Audience.LAWYER)) == {}


def test_groups_that_could_name_somebody_are_refused(office: Office) -> None:
    session = office.open()
    for measure, by in (("person", "name_kk"), ("detention", "person"), ("person", "occupation"), ("event", "place")):
        with pytest.raises(InputError, match=r"count\.by-outside"):
            told(session, measure, by=by)
    with pytest.raises(InputError, match=r"count\.figures-inside"):
        told(session, "detained_at_assemblies")
    with pytest.raises(PublicationError, match=r"publication\.no-reader"):
        told(session, "event", recipient=" ")


def test_two_answers_that_tell_more_together_are_noticed(office: Office) -> None:
    session = office.open()
    put(session, "event", 6, date="2020-02-22", region="Алматы")
    put(session, "event", 9, date="2020-02-22", region="Астана")
    put(session, "event", 2, date="2020-06-01", region="Алматы")
    put(session, "event", 6, date="2020-06-01", region="Астана")
    reader = {"audience": Audience.PARTNER, "recipient": "Екінші ұйым"}
    assert told(session, "event", by="region", since="2020", until="2020", **reader)["together"] == []
    spring = {"by": "region", "since": "2020-02", "until": "2020-03"}
    other = {"audience": Audience.PARTNER, "recipient": "Үшінші ұйым"}
    assert told(session, "event", **spring, **other)["together"] == []
    warned = told(session, "event", **spring, **reader | {"recipient": "екінші  ұйым"})["together"]
    assert [(one["recipient"], one["n"]) for one in warned] == [("Екінші ұйым", 1)]
    with pytest.raises(TogetherError) as held:  # the public hears it from everybody
        told(session, "event", **spring)
    assert [one.why for one in held.value.found] == ["numbers"]
    assert len(told(session, "event", **spring, although="Бұрын жарияланған")["together"]) == 1
    noted = session.vault.exports.all()
    assert [one.form for one in noted] == ["count"] * 4
    assert (noted[0].recipient, noted[0].detail["by"]) == ("Газета «Пример»", "region")
    assert (noted[0].detail["together"], noted[0].detail["although"]) == (1, "Бұрын жарияланған")


def test_a_union_check_that_forgets_other_answers_is_caught(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "told_by_both", lambda *_: ())
    with pytest.raises(AssertionError):
        test_two_answers_that_tell_more_together_are_noticed(office)


def test_a_list_without_guards_is_caught(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def alone(lists: list[list[int]]) -> frozenset[int]:
        return frozenset(place for counts in lists for place, one in enumerate(counts) if cells.small(one))

    monkeypatch.setattr(telling, "hide_in_lists", alone)
    with pytest.raises(AssertionError):
        test_small_groups_are_left_out_and_one_that_guards_them(office)


def test_a_file_of_numbers_is_called_like_nobody_withheld(office: Office, tmp_path: Path) -> None:
    session = office.open()
    put(session, "person", name_kk="Сынақова Айгүл")
    put(session, "event", 6, date=AT, region="Алматы")
    asked = {"by": None, "since": None, "until": None, "unit": "records", "audience": Audience.PUBLIC}
    numbers = telling.told_of(session, "event", **asked, recipient="Газета")
    how = {"recipient": "Газета", "purpose": "Мақала", "lang": "kk"}
    with pytest.raises(PublicationError) as caught:
        telling.write_numbers(session, numbers, tmp_path / "сан_Сынақова.csv", **how)
    assert caught.value.code == "publication.leak-name"
    assert [*tmp_path.glob("*.csv")] == [*session.vault.exports.all()] == []
    assert telling.write_numbers(session, numbers, tmp_path / "сан.csv", **how)["rows"] == 1


def test_a_code_nobody_knows_is_no_group_of_its_own() -> None:
    region = kind("event").field("region")
    assert group_key(region, "Сынақов үйі", coarse=False) == "…"
    place = kind("person").field("address")
    assert group_key(place, {"text": "", "region": "Сынақов үйі"}, coarse=False) == "…"
    assert group_key(place, {"text": "Абай 5", "region": "KZ-75"}, coarse=False) == "KZ-75"
    assert key_text(b"\x01") == "01"
