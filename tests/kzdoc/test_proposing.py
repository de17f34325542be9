"""What is proposed as one: looking costs what came, the filing follows what changed, lists are settled in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework, joining, lists, oversight, proposing, withholding
from kzdoc.analysis.words import companion_key
from kzdoc.casework import Change
from kzdoc.errors import InputError
from kzdoc.ledger.revision import NewEntry, NewStatement
from kzdoc.vault.near import SECRET

if TYPE_CHECKING:
    from kzdoc.session import Session
    from tests.offices import Office

GIVEN = ("Данияр", "Ғалым", "Марат", "Айгүл", "Әсем", "Жұлдыз", "Ержан", "Сәуле", "Болат", "Гүлнар")
ROOTS = ("Тест", "Мысал", "Үлгі", "Сынақ", "Өңір", "Байқау", "Жаттығу", "Нұсқа", "Дала", "Көшір")


@pytest.fixture
def session(office: Office) -> Session:
    return office.open()


def put(session: Session, kind: str = "person", **fields: Any) -> bytes:
    return casework.add(session, kind, [Change(name, "set", value) for name, value in fields.items()])


def crowd(session: Session, size: int) -> list[bytes]:
    """Write invented people, all different, in one go."""
    entries = []
    for number in range(size):
        name = f"{ROOTS[number % 10]}{'абвгд'[number // 100 % 5]}ұлов {GIVEN[number // 10 % 10]}"
        said = (NewStatement("name_kk", name), NewStatement("born", f"{1950 + number % 50}"))
        entries.append(NewEntry(session.randomness(16), "person", said))
    session.write(entries)
    return [entry.record for entry in entries]


def looked(session: Session) -> int:
    """Look until nothing waits; return how many pairs were compared."""
    compared = 0
    while (one := proposing.look(session)).records:
        compared += one.compared
    return compared


def test_looking_compares_what_came_with_what_is_near_not_with_what_is_there(session: Session) -> None:
    crowd(session, 300)
    first = looked(session)
    assert looked(session) == 0, "what was looked at is not looked at again"
    put(session, name_kk="Үлгіаұлов Ғалым", born="1962")
    some = looked(session)
    assert 0 < some < 60
    put(session, name_latin="Zzyzx Qwert")
    assert looked(session) == 0, "nobody is near"
    assert first > some * 10


def test_a_filing_that_is_forgotten_compares_everybody_again(session: Session) -> None:
    """The twin: without the filing that the vault keeps, one more person would cost as much as all."""
    crowd(session, 60)
    first = looked(session)
    session.vault.rebuild()
    assert looked(session) == first > 0


def test_pairs_follow_what_changes_and_what_is_decided(session: Session) -> None:
    one = put(session, name_ru="Тестов Данияр", born="1990")
    other = put(session, name_latin="Daniyar Testov", born="1990-05-01")
    looked(session)
    assert proposing.waiting(session) == (0, 1)
    (pair,) = proposing.pairs(session)
    assert {pair.one, pair.other} == {one, other}
    assert {reason.code for reason in pair.reasons} == {"name-same", "year-same"}
    changes = joining.same_person(session, one, other)
    looked(session)
    assert proposing.waiting(session) == (0, 0)
    casework.undo(session, changes.revisions[0])
    looked(session)
    assert proposing.waiting(session) == (0, 1)
    joining.part(session, one, other)
    assert proposing.waiting(session) == (0, 0)
    casework.change(session, other, [Change("name_latin", "set", "Galym Mysalov")])
    looked(session)
    assert proposing.waiting(session) == (0, 0)


def test_nothing_of_what_is_withheld_stays_in_the_filing(session: Session) -> None:
    """The twin is in it: before, its keys are there and the same question finds them."""
    person = put(session, name_ru="Тестов Данияр", born="1990", occupation="x")
    looked(session)
    rows = "SELECT count(*) FROM near_key k JOIN record r ON r.number = k.record WHERE r.id = ?"
    assert session.vault.database.row(rows, (person,))[0] > 0
    withholding.withhold(session, person, ["name_ru"], "келісім қайтарылды")
    assert session.vault.database.row(rows, (person,)) == (0,)


def test_a_forgotten_name_goes_out_of_what_companions_are_filed_under(session: Session) -> None:
    person, companion = put(session, name_ru="Тестов Данияр", born="1990"), put(session, name_ru="Мысалов Ғалым")
    event = put(session, "event", title="Жиын", date="2024-06-01", persons=[person, companion])
    looked(session)
    name = companion_key(("Мысалов Ғалым",))
    keys = [("with", "t", name), ("with", "d", name), ("event", "2024-06-01", name)]
    near = session.store.near
    before = [near.count(key) for key in keys]
    assert sum(before) > 1
    assert before[-1] == 1
    withholding.withhold(session, companion, ["name_ru"], "келісім қайтарылды")
    assert [near.count(key) for key in keys] == [0, 0, 0]
    assert {person, event} <= {record for record, _ in near.waiting(10)}
    looked(session)
    assert [near.count(key) for key in keys] == [0, 0, 0]
    assert near.count(("alone", "tst")) == 1, "and what is one's own stays"


def test_what_records_are_filed_under_is_of_this_vault_alone(session: Session) -> None:
    """The twin is a vault with the same records: without the secret its numbers would be the same."""
    put(session, name_ru="Тестов Данияр", born="1990")
    looked(session)
    rows = "SELECT key FROM near_key"
    first = set(session.vault.database.rows(rows))
    session.vault.database.change("DELETE FROM meta WHERE name = ?", (SECRET,))
    session.vault.rebuild()
    looked(session)
    second = set(session.vault.database.rows(rows))
    assert len(first) == len(second) > 0
    assert not first & second


def test_what_a_detention_says_of_a_person_is_looked_at(session: Session) -> None:
    """Companions: who was held with whom counts also where the names alone are not enough."""
    lone = [put(session, name_ru="Тестов Данияр"), put(session, name_ru="Тестова Данияр")]
    looked(session)
    before = {pair.score for pair in proposing.pairs(session)}
    for person, title in zip(lone, ("Митинг", "Жиын"), strict=True):
        beside = [put(session, name_ru=name) for name in ("Мысалов Ғалым", "Үлгіқызы Әсем")]
        event = put(session, "event", title=title, date="2024-06-01", persons=[person, *beside])
        put(session, "detention", person=person, event=event)
    looked(session)
    (pair,) = [pair for pair in proposing.pairs(session) if {pair.one, pair.other} == set(lone)]
    assert "companions" in {reason.code for reason in pair.reasons}
    assert before == set() or max(before) < pair.score


@pytest.fixture
def three(session: Session) -> list[bytes]:
    """Return one event as three monitors wrote it, each with a list of people."""
    names = (
        ("Тестов Данияр", "Мысалов Ғалым", "Сынақова Айгүл"),
        ("Testov Daniyar", "Мысалов Г.", "Өңірова Жұлдыз"),
        ("Тестов Д.", "Сынакова Айгуль"),
    )
    events = []
    for title, people in zip(("Алаңдағы митинг", "Митинг на площади", "Rally"), names, strict=True):
        listed = [put(session, name_ru=name) for name in people]
        events.append(put(session, "event", title=title, date="2024-06-01", region="almaty", persons=listed))
    looked(session)
    return events


def names_of(session: Session, line: lists.Line) -> tuple[str, ...]:
    shown = [casework.state(session, one).value("name_ru") if one else "" for one in line.people]
    return tuple(shown)


def test_lists_of_one_event_are_laid_row_beside_row_and_settled_in_one_act(
    session: Session, three: list[bytes]
) -> None:
    assert proposing.waiting(session)[0] == 1
    (laid,) = lists.lists(session)
    assert {event.id for event in laid.events} == set(three)
    order = [three.index(event.id) for event in laid.events]
    rows = {frozenset(filter(None, names_of(session, line))): line for line in laid.lines}
    assert frozenset({"Тестов Данияр", "Testov Daniyar", "Тестов Д."}) in rows
    assert frozenset({"Мысалов Ғалым", "Мысалов Г."}) in rows
    assert frozenset({"Сынақова Айгүл", "Сынакова Айгуль"}) in rows
    assert frozenset({"Өңірова Жұлдыз"}) in rows
    assert sorted(order) == [0, 1, 2]
    several = [line for line in laid.lines if line.several]
    same = [[one for one in line.people if one] for line in several[1:]]
    apart = [one for one in several[0].people if one]
    changes = lists.settle_lists(session, three, same, [(apart[0], apart[1])])
    assert set(joining.group(session, three[0])) == set(three)
    assert all(set(joining.group(session, row[0])) == set(row) for row in same)
    looked(session)
    assert proposing.waiting(session)[0] == 0
    oversight.unsettle_group(session, changes.revisions)
    assert joining.group(session, three[0]) == [three[0]]
    assert all(joining.group(session, row[0]) == [row[0]] for row in same)
    looked(session)
    assert proposing.waiting(session)[0] == 1


def test_what_cannot_be_settled_is_refused(session: Session, three: list[bytes]) -> None:
    person = put(session, name_ru="Нұсқаев Болат")
    for events, same, code in ((three[:1], [], "match.nothing"), ([three[0], person], [], "match.not-two")):
        with pytest.raises(InputError) as caught:
            lists.settle_lists(session, events, same)
        assert caught.value.code == code


def test_a_row_of_nobody_says_nothing(session: Session, three: list[bytes]) -> None:
    with pytest.raises(InputError) as caught:
        lists.settle_lists(session, [], [[]])
    assert caught.value.code == "match.nothing"
    lists.settle_lists(session, three[:2], [[]])
    assert set(joining.group(session, three[0])) == set(three[:2])


def test_what_is_joined_in_one_pass_is_not_said_to_differ_any_more(session: Session, three: list[bytes]) -> None:
    joining.part(session, three[1], three[2])
    lists.settle_lists(session, three, [])
    assert [casework.state(session, one).values("not_same_as") for one in three] == [[], [], []]
    assert set(joining.group(session, three[0])) == set(three)


def test_who_is_joined_is_not_said_to_differ(session: Session, three: list[bytes]) -> None:
    """Neither what was joined before, nor what the same pass joins, be it through a third."""
    for first, other in ((three[0], three[1]), (three[1], three[2])):
        with pytest.raises(InputError) as caught:
            lists.settle_lists(session, three, [], [(first, other)])
        assert caught.value.code == "match.joined"
    lists.settle_lists(session, three[:2], [])
    with pytest.raises(InputError, match=r"match\.joined"):
        lists.settle_lists(session, [], [], [(three[0], three[1])])
    lists.settle_lists(session, [], [], [(three[0], three[2])])
    assert casework.state(session, three[0]).values("not_same_as") == [three[2]]


def test_more_lists_than_lie_beside_each_other_are_reached_all_the_same(session: Session) -> None:
    people = ("Тестов Данияр", "Мысалов Ғалым", "Сынақова Айгүл")
    events = []
    for number in range(proposing.LISTS_AT_ONCE + 3):
        listed = [put(session, name_ru=name) for name in people]
        events.append(
            put(session, "event", title=f"Митинг {number}", date="2024-06-01", region="almaty", persons=listed)
        )
    looked(session)
    sets = proposing.event_groups(session)
    assert {one for each in sets for one in each} == set(events)
    assert all(1 < len(each) <= proposing.LISTS_AT_ONCE for each in sets)
    lists.settle_lists(session, sorted(events)[: proposing.LISTS_AT_ONCE], [])
    looked(session)
    heads = {min(joining.group(session, one)) for one in events}
    assert heads == set(proposing.event_groups(session)[0][: len(heads)]), (
        "one of what is joined before the others of it"
    )
    lists.settle_lists(session, sorted(heads), [])
    looked(session)
    assert proposing.event_groups(session) == []


def test_only_a_settling_is_taken_back_as_one(session: Session, three: list[bytes]) -> None:
    person = put(session, name_ru="Нұсқаев Болат")
    said = casework.change(session, person, [Change("name_ru", "set", "Нұсқаев Болатбек")])
    joined = lists.settle_lists(session, three, [])
    for revisions in (said.revisions, (*joined.revisions, *said.revisions)):
        with pytest.raises(InputError) as caught:
            oversight.unsettle_group(session, revisions)
        assert caught.value.code == "conflict.not-a-settling"
    oversight.unsettle_group(session, joined.revisions)
    undone = casework.undo(session, said.revisions[0])
    with pytest.raises(InputError, match=r"conflict\.not-a-settling"):
        oversight.unsettle_group(session, undone.revisions)
    assert casework.state(session, person).values("name_ru") == ["Нұсқаев Болат"]


def test_companions_who_come_and_go_are_followed(session: Session) -> None:
    """Whoever was removed is nobody's companion any more, and is one again when that is undone."""

    def filed() -> list[tuple[Any, ...]]:
        looked(session)
        return sorted(
            session.vault.database.rows("SELECT k.key, r.id FROM near_key k JOIN record r ON r.number = k.record")
        )

    one, two = put(session, name_ru="Тестов Данияр"), put(session, name_ru="Мысалова Айгүл")
    event = put(session, "event", title="Сход", date="2024-03-03", persons=[two])
    put(session, "detention", person=one.hex(), event=event.hex())
    whole = filed()
    (removing,) = casework.remove(session, two, "entered_twice").revisions
    alone = filed()
    session.vault.rebuild()
    assert alone == filed()
    assert alone != whole
    casework.undo(session, removing)
    assert filed() == whole
    casework.change(session, event, [Change("persons", "take", two)])
    assert filed() != whole
    session.vault.rebuild()
    parted = filed()
    casework.change(session, event, [Change("persons", "add", two)])
    assert filed() == whole
    casework.change(session, event, [Change("persons", "take", two)])
    assert filed() == parted
