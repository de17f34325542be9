"""Only papers that may say something else are compared again, and none that does is missed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from kzdoc import casework, correcting, naming
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.publishing import make_report
from kzdoc.redaction.unknown import NAME
from kzdoc.session import Session
from kzdoc.vault.check_projections import misfits
from tests.kzdoc.redaction.test_papers import add
from tests.offices import Office

STORY = "Рядом стояли Мысаловы и Үлгіқызы Әсем; Әсемге Мысалов көмектесті."


@pytest.fixture
def session(office: Office) -> Session:
    return office.open()


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return the cases that are compared from now on."""
    found: list[bytes] = []
    really = correcting._said_now

    def said(session: Session, root: bytes, audience: Audience, lang: str) -> correcting._Looked:
        found.append(root)
        return really(session, root, audience, lang)

    monkeypatch.setattr(correcting, "_said_now", said)
    return found


def paper(session: Session, out: Path, n: int, story: str = "") -> bytes:
    """Return an event of which a paper left."""
    more = {"description": story} if story else {}
    event = add(session, "event", title=f"Собрание {n}", date="2019-03-03", **more)
    make_report(session, event, out / f"{n}.pdf", template="case-file", audience=Audience.LAWYER, lang="ru", pack=False,
                recipient="Адвокат Сынақова", purpose="Жалоба")  # fmt: skip
    return event


def compared(session: Session, looked: list[bytes]) -> list[bytes]:
    looked.clear()
    correcting.catch_up(session)
    return sorted(looked)


def test_only_what_a_change_is_about_is_compared_again(session: Session, tmp_path: Path, looked: list[bytes]) -> None:
    first, second, third = (paper(session, tmp_path, n) for n in range(3))
    assert compared(session, looked) == sorted([first, second, third]), "all of them once"
    assert compared(session, looked) == []
    assert not correcting.waits(session)
    casework.change(session, second, [Change("date", "set", "2019-03-04")])
    assert correcting.waits(session)
    assert compared(session, looked) == [second]
    assert [one.root for one in correcting.known(session)] == [second]
    add(session, "event", title="Другое собрание", date="2019-04-04")
    assert compared(session, looked) == [], "nothing leads from it to any paper"
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="own_consent")
    add(session, "detention", person=hero.hex(), event=third.hex(), actual_time="2019-03-03T10:00+05:00")
    assert compared(session, looked) == [third], "what leads to a case may belong to it"
    (_, one) = correcting.known(session)[::-1]
    assert one.root == third
    assert one.other.added > 0


def test_a_name_that_became_known_is_met_in_the_papers_that_speak_of_it(
    session: Session, tmp_path: Path, looked: list[bytes]
) -> None:
    plain, speaking = paper(session, tmp_path, 1), paper(session, tmp_path, 2, STORY)
    assert compared(session, looked) == sorted([plain, speaking])
    add(session, "person", name_ru="Тестов Данияр")
    assert compared(session, looked) == []
    hero = add(session, "person", name_ru="Мысалов Ғалым")
    assert compared(session, looked) == [speaking]
    assert [one.root for one in correcting.known(session)] == [speaking]
    assert correcting.known(session)[0].other.classes == ("narrative",)
    add(session, "consent", person=hero.hex(), classes=["identity"], audiences=["lawyer"])
    assert compared(session, looked) == [speaking]
    assert correcting.known(session) == [], "he may be named: it says what it said"


def test_a_consent_that_ends_with_a_day_and_a_decision_are_changes(
    session: Session, tmp_path: Path, looked: list[bytes]
) -> None:
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="own_consent")
    now = session.clock()
    last = type(now)(now.seconds + 2 * 86_400, now.offset).day()
    add(session, "consent", person=hero.hex(), classes=["identity"], audiences=["lawyer"], expires=last)
    event = add(session, "event", title="Собрание", date="2019-03-03", persons=[hero.hex()])
    make_report(session, event, tmp_path / "a.pdf", template="case-file", audience=Audience.LAWYER, lang="ru",
                pack=False, recipient="Адвокат Сынақова", purpose="Жалоба")  # fmt: skip
    speaking = paper(session, tmp_path, 2, STORY)
    assert compared(session, looked) == sorted([event, speaking])
    naming.decide(session, ["Үлгіқызы Әсем"], NAME)
    assert compared(session, looked) == [speaking]
    session.clock = lambda: type(now)(now.seconds + 4 * 86_400, now.offset)
    assert correcting.waits(session)
    assert compared(session, looked) == [event]
    assert {one.root for one in correcting.known(session)} == {event, speaking}


def test_a_consent_that_came_before_anything_left_is_known_to_end(session: Session, tmp_path: Path) -> None:
    """Looking while nothing had left kept no note of the day on which later consents end."""
    correcting.catch_up(session)
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="own_consent")
    now = session.clock()
    days = [type(now)(now.seconds + more * 86_400, now.offset).day() for more in (1, 2)]
    consent = add(session, "consent", person=hero.hex(), classes=["identity"], audiences=["lawyer"], expires=days[0])
    correcting.catch_up(session)
    casework.change(session, consent, [Change("expires", "set", days[1])])
    correcting.catch_up(session)
    event = add(session, "event", title="Собрание", date="2019-03-03", persons=[hero.hex()])
    make_report(session, event, tmp_path / "a.pdf", template="case-file", audience=Audience.LAWYER, lang="ru",
                pack=False, recipient="Адвокат Сынақова", purpose="Жалоба")  # fmt: skip
    assert correcting.overtaken(session) == []
    session.clock = lambda: type(now)(now.seconds + 2 * 86_400, now.offset)
    assert correcting.overtaken(session) == [], "it holds through the day"
    session.clock = lambda: type(now)(now.seconds + 3 * 86_400, now.offset)
    assert [one.root for one in correcting.overtaken(session)] == [event]


def test_whatever_happens_looking_at_what_changed_says_what_looking_at_everything_says(
    session: Session, tmp_path: Path
) -> None:
    rng = random.Random(7)
    people = [
        add(session, "person", name_ru=name, naming_basis="own_consent") for name in ("Мысалов Ғалым", "Тестов Д.")
    ]
    for n in range(2):
        paper(session, tmp_path, n, STORY if n % 2 else "")
    events = [one.id for one in session.records.records("event")]
    consents: list[bytes] = []
    for step in range(10):
        match rng.randrange(6):
            case 0:
                casework.change(
                    session, rng.choice(events), [Change("date", "set", f"2019-03-{rng.randint(1, 28):02}")]
                )
            case 1:
                person = rng.choice(people).hex()
                consents.append(add(session, "consent", person=person, classes=["identity"], audiences=["lawyer"]))
            case 2 if consents:
                casework.remove(session, consents.pop(), reason="ошибка")
            case 3:
                casework.change(session, rng.choice(events), [Change("persons", "add", rng.choice(people).hex())])
            case 4:
                people.append(add(session, "person", name_kk=rng.choice(("Үлгіқызы Әсем", "Сынақ Ерлан"))))
            case _:
                casework.change(session, people[0], [Change("name_ru", "set", f"Мысалов{'ский' * (step % 2)} Ғалым")])
        quick = [one.plain() for one in correcting.overtaken(session)]
        assert quick == [one.plain() for one in correcting.overtaken(session, again=True)], step
    assert misfits(session.vault) == []
    session.vault.rebuild()
    assert [one.plain() for one in correcting.overtaken(session)] == quick


def test_stopped_between_two_it_goes_on_where_it_was(session: Session, tmp_path: Path, looked: list[bytes]) -> None:
    cases = {paper(session, tmp_path, n) for n in range(3)}
    assert correcting.catch_up(session, most=2) == 2
    assert len(looked) == 2
    assert correcting.catch_up(session) == 1
    assert set(looked) == cases


def test_readers_of_a_case_and_who_has_had_a_notice(session: Session, tmp_path: Path) -> None:
    event = paper(session, tmp_path, 1)
    make_report(session, event, tmp_path / "b.pdf", template="case-file", audience=Audience.COURT, lang="kk",
                pack=False, recipient="Сот", purpose="Шағым")  # fmt: skip
    correcting.catch_up(session)
    assert [(one.paper.recipient, one.holds, one.notices) for one in correcting.readers(session, event)] == [
        ("Сот", True, ()), ("Адвокат Сынақова", True, ()),
    ]  # fmt: skip
    casework.change(session, event, [Change("date", "set", "2020-05-05")])
    first, second = correcting.overtaken(session)
    correcting.correct(session, first, tmp_path / "n.pdf")
    assert [one.export for one in correcting.known(session)] == [second.export], "before anything is compared again"
    correcting.catch_up(session)
    today = session.clock().day()
    assert [(one.paper.recipient, one.holds, one.notices) for one in correcting.readers(session, event)] == [
        ("Сот", True, (today,)), ("Адвокат Сынақова", False, ()),
    ]  # fmt: skip


def test_the_twin_that_notes_nothing_that_changed_is_caught(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = paper(session, tmp_path, 1)
    correcting.catch_up(session)
    with monkeypatch.context() as patched:
        patched.setattr("kzdoc.vault.holding.Holding.gather", lambda _: None)
        patched.setattr("kzdoc.vault.holding.Holding.look", lambda *_: 0)
        casework.change(session, event, [Change("date", "set", "2020-05-05")])
        assert correcting.overtaken(session) == [], "stale, as the twin must be"
    assert len(correcting.overtaken(session)) == 1
