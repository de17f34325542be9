"""Tables and numbers that left are corrected too: lines are named by their places, numbers by their question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kzdoc import casework, comparing, correcting, exporting, gathering, handing, telling
from kzdoc.casework import Change
from kzdoc.cli.__main__ import main
from kzdoc.correcting import Overtaken
from kzdoc.domain.audience import Audience
from kzdoc.session import Session
from tests.kzdoc.redaction.test_papers import add
from tests.kzdoc.test_correcting import sent, text_of
from tests.offices import PASSPHRASE, Office

READER: dict[str, Any] = {"recipient": "Коллегия адвокатов", "purpose": "Жалоба"}
NAMES = ("Тестов Данияр", "Сынақова Айгүл", "Үлгіқызы Әсем", "Мысалов Ғалым")


@pytest.fixture
def session(office: Office) -> Session:
    return office.open()


def named(session: Session, name: str) -> tuple[bytes, bytes]:
    """Return somebody who agreed to be named to lawyers, and the consent."""
    person = add(session, "person", name_ru=name, naming_basis="own_consent")
    return person, add(session, "consent", person=person.hex(), classes=["identity"], audiences=["lawyer"])


def table(session: Session, out: Path, kind: str = "person", **asked: Any) -> tuple[bytes, ...]:
    """Let a table leave and return its records, line by line."""
    given = {"audience": Audience.LAWYER, "lang": "ru", **READER, **asked}
    exporting.export_table(session, kind, out, **given)
    return session.vault.exports.all()[0].records


def counted(session: Session, **asked: Any) -> dict[str, Any]:
    given = {"by": None, "since": None, "until": None, "unit": "records", "lang": "ru", **READER, **asked}
    return telling.count_for(session, "detention", audience=Audience.LAWYER, **given)


def held(session: Session, day: int, **more: str) -> bytes:
    """Return a detention of somebody: groups are counted by their people as well."""
    who = add(session, "person", name_ru="Сынақ Ерлан")
    return add(session, "detention", person=who.hex(), actual_time=f"2020-02-{day:02}", **more)


def one_of(session: Session) -> Overtaken:
    (one,) = correcting.overtaken(session)
    return one


@pytest.mark.parametrize("lang", ["en", "ru", "kk", None])
def test_a_withdrawn_consent_is_told_by_the_line_and_never_by_the_name(
    lang: str | None, session: Session, tmp_path: Path
) -> None:
    people = [named(session, name) for name in NAMES]
    lines = table(session, tmp_path / "a.csv", lang=lang)
    assert correcting.overtaken(session) == []
    hero, agreed = people[1]
    casework.change(session, agreed, [Change("withdrawn_on", "set", "2026-01-01")])
    one = one_of(session)
    place = lines.index(hero)
    assert (one.form, one.of, one.withdrawn, one.other.consents) == ("table", ("person",), False, True)
    assert (one.other.lost, one.other.otherwise) in (((place,), ()), ((), (place,)))
    assert one.plain()["consent_withdrawn"] is True
    told = correcting.correct(session, one, tmp_path / "n.pdf")
    said = text_of(tmp_path / "n.pdf")
    assert one.paper.hex()[:12] in said
    assert f": {place + 1}." in said
    assert not any(name.split()[0] in said for name in NAMES)
    assert told["corrects"]["recipient"] == READER["recipient"]
    assert (tmp_path / "n.pdf.sig").is_file()
    assert correcting.overtaken(session) == [], "its reader has been told"


def test_only_the_lines_it_had_are_compared(session: Session, tmp_path: Path) -> None:
    event = add(session, "event", title="Собрание у школы", date="2019-03-03")
    kept = add(session, "event", title="Собрание у парка", date="2019-03-03")
    lines = table(session, tmp_path / "a.csv", "event")
    add(session, "event", title="Собрание у рынка", date="2019-04-04")
    assert correcting.overtaken(session) == []
    casework.change(session, event, [Change("date", "set", "2019-03-05")])
    one = one_of(session)
    assert one.other.otherwise == (lines.index(event),)
    assert (one.other.lost, one.other.classes, one.other.consents) == ((), ("open",), False)
    casework.remove(session, event, reason="Не было такого")
    assert one_of(session).other.lost == (lines.index(event),)
    casework.remove(session, kept, reason="Не было такого")
    one = one_of(session)
    assert one.withdrawn
    correcting.correct(session, one, tmp_path / "n.pdf")
    assert "школы" not in text_of(tmp_path / "n.pdf")
    assert correcting.overtaken(session) == []


def test_lines_that_are_of_one_person_are_told(session: Session, tmp_path: Path) -> None:
    people = [named(session, name)[0] for name in NAMES]
    lines = table(session, tmp_path / "a.csv")
    casework.change(session, people[0], [Change("same_as", "add", people[2].hex())])
    one = one_of(session)
    assert set(one.other.joined) == {lines.index(people[0]), lines.index(people[2])}
    correcting.correct(session, one, tmp_path / "n.pdf")
    assert correcting.overtaken(session) == []


def test_what_holds_again_after_a_notice_is_told_again(session: Session, tmp_path: Path) -> None:
    event = add(session, "event", title="Собрание у школы", date="2019-03-03")
    table(session, tmp_path / "a.csv", "event")
    casework.change(session, event, [Change("date", "set", "2019-03-05")])
    correcting.correct(session, one_of(session), tmp_path / "n.pdf")
    casework.change(session, event, [Change("date", "set", "2019-03-03")])
    one = one_of(session)
    assert (one.other.lost, one.other.otherwise) == ((), ())
    correcting.correct(session, one, tmp_path / "m.pdf")
    assert "снова верно" in text_of(tmp_path / "m.pdf")


def test_numbers_are_asked_for_again_and_none_is_told(session: Session, tmp_path: Path) -> None:
    made = [held(session, day, region="Алматы") for day in range(1, 8)]
    counted(session, by="region", since="2020-02-01", until="2020-02-28")
    counted(session, since="2021-01-01", until="2021-12-31")
    assert correcting.overtaken(session) == []
    casework.change(session, made[0], [Change("work_notes", "set", "Ещё слова")])
    assert correcting.overtaken(session) == [], "the number is the same"
    casework.remove(session, made[0], reason="Запись дважды")
    one = one_of(session)
    assert (one.form, one.other.numbers) == ("count", 1)
    assert one.of == ("detention", "region", "records", "2020-02-01", "2020-02-28")
    correcting.correct(session, one, tmp_path / "n.pdf")
    said = text_of(tmp_path / "n.pdf")
    assert one.paper.hex()[:12] in said
    assert "Алматы" not in said
    assert correcting.overtaken(session) == []
    held(session, 20, region="Алматы")
    assert one_of(session).other.numbers == 0, "as it was said, and the notice is void"


def test_two_readers_of_the_same_numbers_each_have_their_own_notice(session: Session, tmp_path: Path) -> None:
    made = [held(session, day) for day in range(1, 9)]
    counted(session)
    counted(session, recipient="Другой адвокат")
    casework.remove(session, made[0], reason="Запись дважды")
    both = correcting.overtaken(session)
    assert [one.recipient for one in both] == ["Другой адвокат", READER["recipient"]]
    correcting.correct(session, both[0], tmp_path / "n.pdf")
    assert [one.recipient for one in correcting.overtaken(session)] == [READER["recipient"]]
    assert [(one.paper.recipient, len(one.notices)) for one in correcting.readers(session, b"")] == [
        ("Другой адвокат", 1), (READER["recipient"], 0),
    ]  # fmt: skip


def test_looking_at_what_changed_says_what_looking_at_everything_says(session: Session, tmp_path: Path) -> None:
    people = [named(session, name) for name in NAMES]
    table(session, tmp_path / "a.csv")
    counted(session)
    steps = (
        lambda: casework.change(session, people[0][0], [Change("name_ru", "set", "Тестовский Данияр")]),
        lambda: add(session, "detention", person=people[0][0].hex(), actual_time="2020-02-22"),
        lambda: casework.change(session, people[1][1], [Change("withdrawn_on", "set", "2026-01-01")]),
        lambda: casework.remove(session, people[2][0], reason="ошибка"),
        lambda: [held(session, day) for day in range(1, 7)],
        lambda: casework.change(session, people[0][0], [Change("same_as", "add", people[3][0].hex())]),
    )
    correcting.catch_up(session)
    for step in steps:
        step()
        quick = [one.plain() for one in correcting.overtaken(session)]
        assert quick == [one.plain() for one in correcting.overtaken(session, again=True)]
    assert {one["form"] for one in quick} == {"table", "count"}


def test_notices_to_everybody_in_one_act_and_their_handing_over(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = office.open()
    event = add(session, "event", title="Собрание у школы", date="2019-03-03")
    table(session, tmp_path / "a.csv", "event")
    table(session, tmp_path / "b.xlsx", "event", recipient="Другой адвокат")
    sent(session, event, tmp_path / "c.pdf")
    casework.change(session, event, [Change("date", "set", "2019-03-05")])
    (tmp_path / "out").mkdir()
    vault = session.vault.folder
    session.close()
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    given = [str(vault), "--passphrase-file", str(secret), "--json"]

    def lines(*words: str) -> list[dict[str, Any]]:
        assert main([*words[:2], given[0], *words[2:], *given[1:]]) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert [one["form"] for one in lines("report", "corrections")] == ["paper", "table", "table"]
    assert not any(one["consent_withdrawn"] for one in lines("report", "corrections"))
    (told,) = lines("report", "correct", "--all", "-o", str(tmp_path / "new"))
    assert (len(told["made"]), told["refused"]) == (3, [])
    assert len(list((tmp_path / "new").glob("*.pdf"))) == len(list((tmp_path / "new").glob("*.sig"))) == 3
    assert lines("report", "corrections") == []
    notices = lines("report", "notices")
    assert [one["handed"] for one in notices] == [[], [], []]
    assert {one["recipient"] for one in notices} == {READER["recipient"], "Другой адвокат", "Адвокат Мысалова"}
    (handed,) = lines("report", "handed", notices[1]["notice"])
    assert len(handed["handed"]) == 1
    assert [len(one["handed"]) for one in lines("report", "notices")] == [0, 1, 0]
    assert main(["report", "handed", given[0], "0000000000", *given[1:]]) == 1
    assert "correction.no-notice" in capsys.readouterr().err
    assert main(["report", "correct", given[0], "-o", "x.pdf", *given[1:]]) == 2


def test_one_that_is_refused_stops_no_other(session: Session, tmp_path: Path) -> None:
    event = add(session, "event", title="Собрание у школы", date="2019-03-03")
    table(session, tmp_path / "a.csv", "event")
    table(session, tmp_path / "b.csv", "event", recipient="Другой адвокат")
    casework.change(session, event, [Change("date", "set", "2019-03-05")])
    first, second = correcting.overtaken(session)
    (tmp_path / f"correction-{first.plain()['paper']}-{first.export}.pdf").write_bytes(b"mine")
    told = handing.correct_all(session, tmp_path)
    assert [one["code"] for one in told["refused"]] == ["file.exists"]
    assert [one["corrects"]["paper"] for one in told["made"]] == [second.plain()["paper"]]
    assert [one.export for one in correcting.overtaken(session)] == [first.export]


def test_a_paper_says_by_a_key_of_its_own_that_a_consent_was_withdrawn(session: Session, tmp_path: Path) -> None:
    person, agreed = named(session, NAMES[0])
    sent(session, person, tmp_path / "a.pdf")
    casework.change(session, agreed, [Change("withdrawn_on", "set", "2026-01-01")])
    row = one_of(session).plain()
    assert (row["withdrawn"], row["consent_withdrawn"]) == (False, True)
    correcting.correct(session, one_of(session), tmp_path / "n.pdf")
    sent(session, person, tmp_path / "b.pdf", recipient="Другой адвокат")
    casework.change(session, person, [Change("born", "set", "1990")])
    rows = {one.recipient: one.plain()["consent_withdrawn"] for one in correcting.overtaken(session)}
    assert rows == {"Адвокат Мысалова": False, "Другой адвокат": False}, "each knew of it, or never had the name"


def test_a_line_hangs_on_whose_it_is_however_far_away(session: Session) -> None:
    witness, _ = named(session, NAMES[0])
    first = add(session, "testimony", witness=witness.hex(), summary="Сынақ сөзі")
    later = add(session, "testimony", earlier=first.hex(), summary="Сынақ сөзі")
    item = add(session, "evidence_item", title="Запись", about=[later.hex()])
    assert {later, first, witness} <= gathering.hangs_on(session, [casework.state(session, item)])


def of_a_double(session: Session, form: str, out: Path) -> None:
    """Let something about somebody leave, then withdraw the consent that was said of their double."""
    person, _ = named(session, NAMES[0])
    double, agreed = named(session, NAMES[0])
    casework.change(session, double, [Change("same_as", "add", person.hex())])
    event = add(session, "event", title="Собрание у школы", date="2019-03-03", persons=[person.hex()])
    add(session, "detention", person=person.hex(), actual_time="2020-02-02", facility="Пример")
    if form == "paper":
        sent(session, event, out.with_suffix(".pdf"))
    else:
        table(session, out.with_suffix(".csv"), "detention")
    assert correcting.overtaken(session) == []
    casework.change(session, agreed, [Change("withdrawn_on", "set", "2026-01-01")])
    casework.change(session, event, [Change("date", "set", "2019-03-05")])


@pytest.mark.parametrize("form", ["paper", "table"])
def test_a_consent_said_of_a_double_is_theirs_too(form: str, session: Session, tmp_path: Path) -> None:
    of_a_double(session, form, tmp_path / "a")
    assert one_of(session).plain()["consent_withdrawn"] is True


def test_the_twin_that_compares_no_tables_is_caught(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = add(session, "event", title="Собрание у школы", date="2019-03-03")
    table(session, tmp_path / "a.csv", "event")
    casework.change(session, event, [Change("date", "set", "2019-03-05")])
    with monkeypatch.context() as twin:
        said = comparing.first_said
        twin.setattr(comparing, "compared", lambda _session, export: comparing.Compared(
            bytes.fromhex(said(export)), frozenset(), {}))  # fmt: skip
        assert correcting.overtaken(session) == []
    assert len(correcting.overtaken(session, again=True)) == 1
