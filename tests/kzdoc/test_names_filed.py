"""The filing of names in the vault says of any text what reading everybody anew says, whatever happened before."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework, joining, naming, withholding
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Sensitivity
from kzdoc.domain.kinds.recurring import SAME_AS
from kzdoc.errors import KzdocError
from kzdoc.guard import guard_of
from kzdoc.ledger.revision import NewEntry, NewStatement
from kzdoc.redaction import people as people_read
from kzdoc.redaction.joined import joined
from kzdoc.redaction.sharing import disclosable, travelling_judge
from kzdoc.redaction.text import NameBook, Numbering, redact_text
from kzdoc.redaction.unknown import NAME, SHOWN, WORD, shown_texts, unknown_names
from kzdoc.redaction.view import make_case, make_table
from kzdoc.vault import people as looked_up
from kzdoc.vault.check_projections import misfits
from kzdoc.vault.filing import Filing
from kzdoc.vault.known import KnownWords
from kzdoc.vault.lookups import Lookups
from kzdoc.vault.names import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kzdoc.ledger.merge import RecordState
    from kzdoc.redaction.people import Known
    from kzdoc.session import Session
    from tests.offices import Office

SURNAMES = ("Тестов", "Мысалова", "Үлгіқызы", "Сынақ", "Щукарёв", "Ли")
GIVEN = ("Данияр", "Айгүл", "Әсем", "Ерлан", "Лев", "дана")
FATHERS = ("", "Серікұлы", "Ериковна", "Маратқызы")
PHONES = ("+77010001122", "8 702 333 44 55", "870 555 11 22")
HOMES = ("Мысал көшесі, 17", "ул. Сынақова 5", "г. Астана, пр. Ақжол, д. 17, кв. 3")
TEXT = (
    "Тестова Данияра видели у Мысаловой. Айгүлге Үлгіқызы айтты: Е. Сынақ кетті. Щукареву Льву, Ли Әсемнің, "
    "тел. 87010001122, 8(702)3334455; жил на Мысал көшесі 17, потом на Сынақова, 5. Дана Серікұлы мен Данаға. "
    "Daniyar Testov's lawyer, Ye. Synak. Ерлаша и Айгүлжан, Т.Д.С. пришли; СинаЌ, testov daniyar. Ақжол, 17."
)
ELSEWHERE = [bytes([number]) * 16 for number in (7, 8)]
"""Records that are not here, at first."""
BASIS = Change("naming_basis", "set", "already_public")
AUDIENCES = (Audience.PUBLIC, Audience.LAWYER, Audience.INTERNAL)


@pytest.fixture
def session(office: Office) -> Session:
    return office.open()


def told(book: NameBook, text: str) -> tuple[Any, ...]:
    done = redact_text(text, book=book, lang="ru", numbering=Numbering())
    return done.text, done.spans, done.candidates


def agrees(session: Session, text: str = TEXT) -> None:
    for audience in AUDIENCES:
        assert told(naming.people(session).book(audience), text) == told(
            naming.read_everybody(session).book(audience), text
        )


def leaves(session: Session, known: Known, audience: Audience, root: bytes | None = None) -> list[object]:
    """Return what would leave: a paper of a root with what its leak check is given, the tables, and what may travel."""
    records = list(session.records.records())
    by_id = {one.id: one for one in records}
    allowed, book, numbering = known.allowed, known.book(audience), Numbering()
    reader: dict[str, Any] = {"audience": audience, "lang": "ru", "allowed": allowed, "book": book}
    judge = travelling_judge(audience=audience, allowed=allowed, book=book, find=by_id.get)
    found: list[object] = [
        (one.id, field.id, value)
        for one in records
        for field in KINDS[one.kind].fields
        for value in one.values(field.id)
        if disclosable(judge, one, field, value)
    ]
    people = [one.id for one in (*session.records.records("person"), *session.records.removed("person"))]
    people += ELSEWHERE
    found += [
        (one, record, what)
        for one in people
        for record in (None, *people)
        for what in (Sensitivity.IDENTITY, Sensitivity.NARRATIVE)
        if allowed.covers(one, what, audience, record)
    ]
    kinds = ("person", "event", "consent")
    for of in kinds:
        rows = make_table([one for one in records if one.kind == of], records, **reader, numbering=numbering)
        found += [rows, unknown_names(shown_texts(rows), known.index(), known.decided)]
    if root in by_id:
        paper = {"recipient": "x", "purpose": "y", "date": "2026-11-22", "organisation": ""}
        view, *rest = make_case(records, root=root, **reader, **paper, numbering=numbering)
        found += [view, *rest]
        texts = list(view.texts())
        guard = guard_of(known, records, texts, audience=audience, met=numbering.numbers)
        found += [set(guard.forbidden), guard.lists(), len(guard.forbidden)]
    return found


def leaves_alike(session: Session, audience: Audience, root: bytes | None = None) -> None:
    looked_up, read = naming.people(session), naming.read_everybody(session)
    assert looked_up is not read
    assert leaves(session, looked_up, audience, root) == leaves(session, read, audience, root)


def name(rng: random.Random) -> str:
    words = [rng.choice(SURNAMES), rng.choice(GIVEN), rng.choice(FATHERS)]
    return " ".join(word for word in words[: rng.randint(1, 3)] if word)


def somebody(session: Session, rng: random.Random) -> bytes:
    said: dict[str, Any] = {"name_ru": name(rng)}
    said |= {"name_kk": name(rng)} if rng.random() < 0.3 else {}
    said |= {"phone": rng.choice(PHONES)} if rng.random() < 0.4 else {}
    said |= {"address": {"text": rng.choice(HOMES)}} if rng.random() < 0.4 else {}
    said |= {"naming_basis": rng.choice(["official", "already_public", "own_consent"])} if rng.random() < 0.5 else {}
    many = {"phone", "address"}
    changes = [Change(field, "add" if field in many else "set", value) for field, value in said.items()]
    return casework.add(session, "person", changes)


def consent(session: Session, rng: random.Random, person: bytes, people: list[bytes]) -> bytes:
    year = rng.choice(["2020", "2024", "2030"])
    said: list[Change] = [Change("person", "set", person.hex()), Change("given_on", "set", f"{year}-01-01")]
    said += [Change("classes", "add", one) for one in ("identity", "narrative")]
    said += [Change("audiences", "add", rng.choice(["public", "lawyer"]))]
    said += [Change("voluntary", "set", "yes"), Change("risks_explained", "set", "yes")]
    said += [Change("expires", "set", rng.choice(["2025", "2031-05", "2040"]))] if rng.random() < 0.6 else []
    said += [Change("withdrawn_on", "set", rng.choice(["2022-01-01", "2025-05"]))] if rng.random() < 0.3 else []
    said += [Change("about", "add", rng.choice(people).hex())] if rng.random() < 0.2 else []
    return casework.add(session, "consent", said)


def organised(session: Session, rng: random.Random) -> bytes:
    return casework.add(session, "event", [Change("title", "set", "x"), Change("organiser", "set", name(rng))])


def told_of(session: Session, rng: random.Random, people: list[bytes]) -> bytes:
    """Add an event that speaks of some: in its links, in its text, declined or not."""
    said = [
        Change("title", "set", name(rng)),
        Change("response", "set", f"{name(rng)}. {rng.choice(TEXT.split('. '))}"),
    ]
    said += [Change("persons", "add", one.hex()) for one in {rng.choice(people), rng.choice(people)}]
    return casework.add(session, "event", said)


def acts(session: Session, rng: random.Random, people: list[bytes], others: list[bytes]) -> list[Callable[[], object]]:
    one, other = rng.choice(people), rng.choice(people)
    any_of = [*people, *others]
    return [
        lambda: people.append(somebody(session, rng)),
        lambda: others.append(consent(session, rng, one, people)),
        lambda: others.append(organised(session, rng)),
        lambda: others.append(told_of(session, rng, people)),
        lambda: casework.change(session, one, [Change("name_ru", "set", name(rng))]),
        lambda: casework.change(session, one, [Change("naming_basis", "set", rng.choice(["official", "none"]))]),
        lambda: casework.change(session, one, [Change("name_kk", "set", name(rng))]),
        lambda: casework.remove(session, rng.choice(any_of), "entered_twice"),
        lambda: withholding.withhold(session, one, ["name_ru"], "asked_by_person"),
        lambda: withholding.restore(session, one),
        lambda: withholding.forget(session, one, ["name_ru"], leave_texts=True),
        lambda: joining.same_person(session, one, other),
        lambda: joining.part(session, one),
        lambda: naming.decide(session, [name(rng)], rng.choice([NAME, SHOWN, WORD])),
        lambda: session.write([NewEntry(one, "person", (NewStatement(SAME_AS, rng.choice(ELSEWHERE)),))]),
        lambda: consent_elsewhere(session, rng.choice(ELSEWHERE), rng.choice(["", "2025-05"])),
        lambda: session.write([NewEntry(rng.choice(ELSEWHERE), "person", (NewStatement("name_ru", name(rng)),))]),
        session.vault.rebuild,
        lambda: later(session, rng),
    ]


def consent_elsewhere(session: Session, person: bytes, withdrawn: str) -> None:
    """Write a consent of somebody whose record is not here, as a bundle may bring it."""
    said: dict[str, Any] = {"person": person, "given_on": "2024-01-01", "classes": "identity", "audiences": "public"}
    said |= {"voluntary": "yes", "risks_explained": "yes"} | ({"withdrawn_on": withdrawn} if withdrawn else {})
    words = tuple([NewStatement(field, value) for field, value in said.items()])
    session.write([NewEntry(session.randomness(16), "consent", words)])


def later(session: Session, rng: random.Random) -> None:
    now, days = session.clock(), rng.choice([-800, -1, 1, 400, 2000])
    session.clock = lambda: type(now)(now.seconds + days * 86_400, now.offset)


@pytest.mark.parametrize("seed", [1, pytest.param(range(2, 12), marks=pytest.mark.long)], ids=["one", "many"])
def test_any_text_is_read_as_if_everybody_were_read_anew(office: Office, seed: int | range) -> None:
    for one in [seed] if isinstance(seed, int) else seed:
        rng, session = random.Random(one), office.open()
        people, others = [somebody(session, rng) for _ in range(4)], [organised(session, rng)]
        done: Counter[int] = Counter()
        for _ in range(25 if isinstance(seed, int) else 60):
            number, act = rng.choice(list(enumerate(acts(session, rng, people, others))))
            try:
                act()
            except KzdocError:
                continue
            done[number] += 1
            agrees(session)
            leaves_alike(session, rng.choice([*AUDIENCES, Audience.COURT]), rng.choice([*people, *others]))
        assert len(done) > 8, done
        session.close()


def freed_by_removing_a_double(session: Session) -> set[bool]:
    """Return who may be named, looked up and read, when the record is removed on which the person took it back."""
    one, double = (casework.add(session, "person", [Change("name_ru", "set", "Тестов Данияр")]) for _ in range(2))
    said = [Change("given_on", "set", "2020-01-01"), Change("voluntary", "set", "yes")]
    said += [Change("classes", "add", "identity"), Change("audiences", "add", "public")]
    casework.add(session, "consent", [Change("person", "set", one.hex()), *said])
    taken_back = [Change("person", "set", double.hex()), Change("withdrawn_on", "set", "2021-01-01")]
    joining.same_person(session, one, double)
    casework.remove(session, double, "entered_twice")
    naming.catch_up(session)
    casework.add(session, "consent", [*said, *taken_back])
    known = (naming.people(session), naming.read_everybody(session))
    return {each.allowed.may_name(one, Audience.PUBLIC) for each in known} | {
        one in each.book(Audience.PUBLIC).may_name for each in known
    }


def test_a_withdrawal_outlives_the_double_it_was_said_on(session: Session) -> None:
    assert freed_by_removing_a_double(session) == {False}


def test_the_twin_that_forgets_removed_doubles_is_caught(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def present(states: Iterable[RecordState], **_: bool) -> list[frozenset[bytes]]:
        return joined([one for one in states if not one.removed], elsewhere=False)

    monkeypatch.setattr(people_read, "joined", present)
    assert True in freed_by_removing_a_double(session)


def freed_where_the_double_is_elsewhere(session: Session) -> list[bool]:
    """Return who may be named, looked up and read, step by step, of two joined over a record that is not here."""
    named = ("Тестов Данияр", "Мысалов Ғалым")
    one, two = (casework.add(session, "person", [Change("name_ru", "set", each), BASIS]) for each in named)
    double, found, text = ELSEWHERE[0], list[bool](), "Видели Мысалова Ғалыма."

    def look() -> None:
        known = (naming.people(session), naming.read_everybody(session))
        (free,) = {each.allowed.may_name(two, Audience.PUBLIC) for each in known}
        (_,) = {told(each.book(Audience.PUBLIC), text) for each in known}
        found.append(free)

    for person in (one, two):
        session.write([NewEntry(person, "person", (NewStatement(SAME_AS, double),))])
    look()
    consent_elsewhere(session, double, "2025-05")
    look()
    session.write([NewEntry(double, "person", (NewStatement("naming_basis", "official"),))])
    look()
    joining.part(session, double)
    look()
    return found


def test_what_was_said_on_a_double_that_is_not_here_counts(session: Session) -> None:
    assert freed_where_the_double_is_elsewhere(session) == [True, False, False, True]


@pytest.mark.parametrize("broken", ["read", "waked"])
def test_the_twin_that_counts_only_whose_records_are_here_is_caught(
    session: Session, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    if broken == "read":
        monkeypatch.setattr(people_read, "joined", lambda states, **_: joined(states, elsewhere=False))
    else:
        really = Names.due_together
        monkeypatch.setattr(Names, "due_together", lambda names, people: really(names, set(people) - {*ELSEWHERE}))
    with pytest.raises(ValueError, match="too many values"):
        freed_where_the_double_is_elsewhere(session)


def keys_in(session: Session) -> set[str]:
    return {row[0] for row in session.vault.database.rows("SELECT key FROM name_key UNION SELECT form FROM name_form")}


def test_a_forgotten_name_is_in_no_table_once_it_is_forgotten(session: Session) -> None:
    """Of two who bear a word one may go; the twin is in it: before, the word is there."""
    one = casework.add(session, "person", [Change("name_ru", "set", "Тестов Данияр")])
    other = casework.add(session, "person", [Change("name_ru", "set", "Мысалов Данияр")])
    casework.change(session, one, [Change("name_ru", "set", "Сынақов Данияр")])
    naming.catch_up(session)
    assert {"testov", "test", "sinakov", "misalov", "daniar"} <= keys_in(session), "the name of before is met too"
    withholding.forget(session, one, ["name_ru"], leave_texts=True)
    left = keys_in(session)
    assert not {key for key in left if "test" in key or "sinak" in key}
    assert {"misalov", "daniar"} <= left
    withholding.forget(session, other, [], leave_texts=True)
    assert keys_in(session) == set()
    naming.catch_up(session)
    assert keys_in(session) == set()


def test_what_is_withheld_is_met_and_goes_with_what_is_kept_aside(session: Session) -> None:
    one = casework.add(session, "person", [Change("name_ru", "set", "Тестов Данияр")])
    withholding.withhold(session, one, ["name_ru"], "asked_by_person")
    assert keys_in(session) == set()
    agrees(session)
    assert "testov" in keys_in(session)
    session.vault.quarantine.drop(one)
    assert keys_in(session) == set(), "in the same act"
    agrees(session)


def test_a_number_that_was_anothers_is_filed_too(session: Session) -> None:
    casework.add(session, "person", [Change("name_ru", "set", "Тестов Данияр")])
    naming.catch_up(session)
    database = session.vault.database
    database.change("UPDATE name_upto SET upto = upto + 5")
    casework.add(session, "person", [Change("name_ru", "set", "Мысалов Ғалым")])
    agrees(session, "Мысалову и Тестову.")
    assert "misalov" in keys_in(session)


def test_of_records_that_are_joined_each_needs_a_consent(session: Session) -> None:
    text, named = "Тестова и Мысалову видели.", ("Тестов Лев", "Мысалов Лев")
    people = [casework.add(session, "person", [Change("name_ru", "set", one)]) for one in named]
    joining.same_person(session, *people)
    agrees(session, text)
    said = [Change("given_on", "set", "2024-01-01"), Change("audiences", "add", "lawyer")]
    said += [Change("classes", "add", one) for one in ("identity", "narrative")]
    said += [Change("voluntary", "set", "yes"), Change("risks_explained", "set", "yes")]
    for person in people:
        assert len(told(naming.people(session).book(Audience.LAWYER), text)[1]) == len(people)
        given = casework.add(session, "consent", [Change("person", "set", person.hex()), *said])
        agrees(session, text)
    assert told(naming.people(session).book(Audience.LAWYER), text)[1] == ()
    casework.remove(session, given, "entered_twice")
    agrees(session, text)
    assert len(told(naming.people(session).book(Audience.LAWYER), text)[1]) == len(people)


def test_catching_up_costs_what_changed(session: Session) -> None:
    people = [casework.add(session, "person", [Change("name_ru", "set", f"Тестов{n} Данияр")]) for n in range(8)]
    assert naming.catch_up(session) == len(people)
    assert naming.catch_up(session) == 0
    casework.change(session, people[0], [Change("name_ru", "set", "Мысалов Данияр")])
    casework.add(session, "detention", [Change("person", "set", people[1].hex())])
    assert naming.catch_up(session) == 1


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        ("UPDATE name_key SET flags = flags | 127 WHERE key = 'testov'", False),
        ("DELETE FROM name_key WHERE key = 'testov'", False),
        ("INSERT INTO name_key VALUES ('misalov', x'00', 0)", False),
        ("DELETE FROM name_form WHERE form = 'testov'", True),
        ("INSERT INTO name_form VALUES ('misal', 'misalov')", True),
    ],
)
def test_a_filing_that_is_not_true_is_found(session: Session, spoil: str, names: bool) -> None:
    rng = random.Random(5)
    people = [somebody(session, rng) for _ in range(3)]
    people.append(casework.add(session, "person", [Change("name_ru", "set", "Тестов Данияр")]))
    casework.change(session, people[0], [Change("name_ru", "set", "Үлгіқызы Әсем")])
    consent(session, rng, people[0], people)
    casework.remove(session, people[1], "entered_twice")
    organised(session, rng)
    naming.catch_up(session)
    assert misfits(session.vault) == []
    session.vault.database.change(spoil)
    found = misfits(session.vault)
    assert found
    assert "names" in found or not names


def test_what_waits_to_be_filed_is_no_finding(session: Session) -> None:
    """A consent that came a moment ago, a namesake, somebody joined: judged as they will be filed."""
    one, other = (casework.add(session, "person", [Change("name_ru", "set", "Тестов Данияр")]) for _ in range(2))
    casework.add(session, "event", [Change("title", "set", "x"), Change("organiser", "set", "Мысалов Ғалым")])
    naming.catch_up(session)
    said = [Change("person", "set", one.hex()), Change("given_on", "set", "2024-01-01")]
    said += [Change("classes", "add", "identity"), Change("audiences", "add", "public")]
    casework.add(
        session, "consent", [*said, Change("voluntary", "set", "yes"), Change("risks_explained", "set", "yes")]
    )
    casework.add(session, "person", [Change("name_ru", "set", "Мысалов Ғалым")])
    joining.same_person(session, one, other)
    assert misfits(session.vault) == []
    assert session.vault.names.waits(), "judging files nothing"


def test_the_twin_that_does_not_wake_namesakes_is_caught(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Names, "_wake", lambda *_: None)
    casework.add(session, "event", [Change("title", "set", "x"), Change("organiser", "set", "Тестов Данияр")])
    person = casework.add(session, "person", [Change("name_ru", "set", "Тестов Данияр"), BASIS])
    agrees(session)
    casework.remove(session, person, "entered_twice")
    with pytest.raises(AssertionError):
        agrees(session, "Организатором был Тестов Данияр.")


def test_the_twin_that_never_files_is_caught(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Filing, "behind", lambda _: False)
    casework.add(session, "person", [Change("name_ru", "set", "Тестов Данияр")])
    with pytest.raises(AssertionError):
        agrees(session)


def everybody_is_met(session: Session) -> tuple[bytes, bytes, bytes]:
    one = casework.add(session, "person", [Change("name_ru", "set", "Тестов Данияр"), BASIS])
    other = casework.add(session, "person", [Change("name_ru", "set", "Мысалова Айгүл")])
    said = [Change("title", "set", "Сход"), Change("response", "set", "Тестов видел Мысалову.")]
    return one, other, casework.add(session, "event", [*said, Change("persons", "add", one.hex())])


@pytest.mark.parametrize("read_at_once", [False, True])
def test_papers_and_bundles_are_what_reading_everybody_makes_them(
    session: Session, monkeypatch: pytest.MonkeyPatch, read_at_once: bool
) -> None:
    monkeypatch.setattr(looked_up, "ONE_BY_ONE", 0 if read_at_once else 1_000)
    *_, event = everybody_is_met(session)
    for audience in (*AUDIENCES, Audience.COURT):
        leaves_alike(session, audience, event)


@pytest.mark.parametrize(
    ("broken", "answer"),
    [
        ((KnownWords, "forms"), lambda *_: ()),
        ((Lookups, "bearers"), lambda *_: []),
        ((Filing, "consents"), lambda *_: []),
        ((Filing, "once_said"), lambda *_: []),
    ],
    ids=["forms", "bearers", "consents", "history"],
)
def test_the_twin_that_looks_up_badly_is_caught(
    session: Session, monkeypatch: pytest.MonkeyPatch, broken: tuple[type, str], answer: Callable[..., object]
) -> None:
    """A look-up that finds nothing, forgets consents or what was said before makes another paper than everybody."""
    one, person, event = everybody_is_met(session)
    casework.change(session, person, [Change("name_ru", "set", "Сынақ Әсем")])
    withheld = casework.add(session, "person", [Change("name_ru", "set", "Жорамалов Ғалым")])
    casework.change(session, withheld, [Change("name_ru", "set", "Щукарёв Лев")])
    given = [Change("person", "set", person.hex()), Change("given_on", "set", "2024-01-01")]
    given += [Change("classes", "add", "identity"), Change("audiences", "add", "court")]
    given += [Change("voluntary", "set", "yes"), Change("risks_explained", "set", "yes")]
    casework.add(session, "consent", given)
    told = [Change("title", "set", "Суд"), Change("response", "set", "Данияра іздеді. Искали и Жорамалова.")]
    casework.add(session, "event", [*told, Change("persons", "add", person.hex())])
    leaves_alike(session, Audience.COURT, event)
    for each in (one, person, withheld):
        casework.change(session, each, [Change("sex", "set", "female")])
    monkeypatch.setattr(*broken, answer)
    with pytest.raises(AssertionError):
        leaves_alike(session, Audience.COURT, event)
