"""Pairs of secrets and one case around each: the same records, the same words, another withheld person in them.

A secret is somebody who may not be named: names in three spellings, numbers, a home, a birthday. Both of a pair are
declined by the same grammar into the same places of the same texts, so that nothing but the person differs. Ids of
records come from outside, as chance does.
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from kzdoc import casework
from kzdoc.casework import Change
from kzdoc.domain.catalogue import kind
from kzdoc.ledger.revision import NewEntry
from kzdoc.names.index import NameIndex
from kzdoc.names.reading import mentions
from kzdoc.session import Session
from tests.corpus import kazakh, latin, russian
from tests.corpus.sentences import Names, Person, people

HERO, WITNESS, OTHER, OFFICIAL, STRANGER = (bytes([10 + number]) * 16 for number in range(5))
"""Named to everybody; the secret; somebody else unnamed; an official; somebody named who is not of the case."""
_TAKEN = frozenset(("Тестов", "Данияр", "Мысалов", "Ғалым", "Примеров", "Кайрат", "Сынақова", "Әсем"))


@dataclass(frozen=True)
class Secret:
    """Somebody who may not be named, and what else of them must not be told."""

    person: Person
    patronymic: bool = True
    iin: str = "870101400121"
    phone: str = "+77010001122"
    street: str = "Мысал көшесі, 17"
    second_street: str = "Үлгі, 2"
    born: str = "1987-01-15"
    day: str = "2019-03-07"
    told: str = "Я стояла у окна и видела."
    more_phones: int = 0

    def whole(self, names: Names) -> str:
        """Return surname, name and, where there is one, patronymic."""
        father = names.patronymic if self.patronymic else ""
        return " ".join(word for word in (names.surname, names.name, father) if word)

    def is_a_word(self) -> bool:
        """Return whether a word of the name stands in the texts as a word."""
        return bool(_spoken(self.whole(self.person.ru)) & _spoken(" ".join(TEXTS.values())))

    def is_a_namesake(self) -> bool:
        """Return whether somebody who may be named has the very same name: whose it is waits for a decision."""
        return {"Мысалов", "Ғалым"} <= set(self.whole(self.person.names).split())

    def forms(self) -> dict[str, str]:
        """Return the ways this person stands in the texts, by the place they stand in."""
        ru, kk = self.person.ru, self.person.names
        said = {case: self._russian(case) for case in russian.CASES}
        given = kazakh.inflect(kk.name, "gen"), kazakh.inflect(kk.name, "abl")
        return {
            **said,
            "loud": said["nom"].upper(),
            "family": russian.surname(ru.surname, self.person.gender, "gen"),
            "initial": f"{ru.name[0]}. {ru.surname}",
            "by_initial": f"{russian.surname(ru.surname, self.person.gender, 'ins')} {ru.name[0]}.",
            "kk_of": f"{kk.surname} {given[0]}",
            "kk_from": f"{kk.surname} {given[1]}",
            "latin": latin.spell(f"{ru.name} {ru.surname}", "passport"),
            "phone": f"8 {self.phone[2:5]} {self.phone[5:8]} {self.phone[8:10]} {self.phone[10:]}",
            "iin": self.iin,
            "street": self.street,
        }

    def _russian(self, case: str) -> str:
        ru, gender = self.person.ru, self.person.gender
        words = [russian.surname(ru.surname, gender, case), russian.given(ru.name, gender, case)]
        if self.patronymic and ru.patronymic:
            words.append(russian.patronymic(ru.patronymic, gender, case))
        return " ".join(words)


def _spoken(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.casefold()))


TEXTS = {
    "title": "Собрание у школы: что известно о деле {gen}",
    "description": "Увезли троих. {nom} всё видела. Потом позвонили {dat} по номеру {phone}, ИИН {iin}, адрес: "
    "{street}."
    " Люди ждали мира и не теряли веры: надежда остаётся, любовь тоже.",
    "narrative": "Его взяли у входа, а {acc} посадили в другую машину. С {ins} больше не говорили. О {pre} не спросили."
    " Позже {family} не было в списке; {by_initial} занимался другой отдел.\n\n{kk_of} шағымы қаралған жоқ; "
    "{kk_from} түсініктеме алынды. {latin} was not on the list. Тестов ждал до утра.",
    "loud": "{loud} В СПИСКЕ НЕТ",
    "initial": "{initial}",
    "nom": "{nom}",
    "court": "Суд города, по жалобе {gen}",
}

SAID_AGAIN = "Полиция увезла {acc}, затем нашли дома."


def case_of(session: Session, secret: Secret) -> bytes:
    """Write the case around a secret and return its root; every id is given, everything is one act."""
    said = {name: text.format(**secret.forms()) for name, text in TEXTS.items()}
    entries = [*_people(session, secret), *_happenings(session, secret, said)]
    session.write(entries)
    said_again = SAID_AGAIN.format(**secret.forms())
    home_again = {"text": secret.second_street, "region": "KZ-75"}
    again = (b"\x41", "detention", {"stated_reason": said_again}), (WITNESS, "person", {"address": home_again})
    session.write([_entry(session, *one) for one in again])
    return HERO


def _entry(
    session: Session, number: bytes, of: str, fields: dict[str, object], also: dict[bytes, str] | None = None
) -> NewEntry:
    """Return an entry with plain values; without knowing what is there, so that a second one contradicts the first."""
    record = number * 16 if len(number) == 1 else number
    changes = [
        Change(name, "add" if isinstance(value, list) else "set", one.hex() if isinstance(one, bytes) else one)
        for name, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    return casework.new_entry(session, record, kind(of), None, changes, also=_KNOWN)


def _people(session: Session, secret: Secret) -> Iterator[NewEntry]:
    person = secret.person
    yield _entry(session, HERO, "person", {
        "name_ru": "Тестов Данияр", "name_kk": "Тестов Данияр", "name_latin": "Daniyar Testov",
        "naming_basis": "already_public", "born": "1980-05-06", "sex": "male", "related": [WITNESS, OTHER],
        "description": f"Друг {secret.forms()['gen']}"})  # fmt: skip
    phones = [secret.phone, *[f"+7701000330{at}" for at in range(secret.more_phones)]]
    yield _entry(session, WITNESS, "person", {
        "name_ru": secret.whole(person.ru), "name_kk": secret.whole(person.names), "name_latin": person.latin[0],
        "iin": secret.iin, "phone": phones, "born": secret.born, "description": secret.told,
        "address": {"text": secret.street, "region": "KZ-71"}})  # fmt: skip
    yield _entry(session, OTHER, "person", {"name_ru": "Сынақова Әсем", "phone": ["+77010004455"]})
    yield _entry(session, OFFICIAL, "person", {"name_ru": "Примеров Кайрат", "naming_basis": "official"})
    yield _entry(session, STRANGER, "person", {"name_ru": "Мысалов Ғалым", "naming_basis": "already_public"})


def _happenings(session: Session, secret: Secret, said: dict[str, str]) -> Iterator[NewEntry]:
    report, event = b"\x48", b"\x40" * 16
    web = "https://example.org/mysal/1"
    yield _entry(session, report, "source", {
        "type": "media", "title": said["loud"], "publisher": said["nom"], "author": ["Аймақтық газет", said["initial"],
        "Редакция"], "url": web, "quote": said["nom"], "published": "yes", "date": "2019-03-04"})  # fmt: skip
    source = [report * 16]
    yield _entry(session, event, "event", {
        "title": said["title"], "date": "2019-03-03", "description": said["description"], "organiser": said["nom"],
        "persons": [HERO, WITNESS, OTHER], "officials": [OFFICIAL], "response": said["narrative"],
        "source": source})  # fmt: skip
    yield _entry(session, b"\x41", "detention", {
        "person": HERO, "event": event, "actual_time": "2019-03-03", "narrative": said["narrative"],
        "officers": [OFFICIAL], "stated_reason": said["court"], "source": source})  # fmt: skip
    yield _entry(
        session,
        b"\x42",
        "detention",
        {"person": WITNESS, "event": event, "actual_time": secret.day, "narrative": secret.told, "source": source},
    )
    yield _entry(session, b"\x43", "charge", {
        "person": HERO, "court": said["court"], "judge": said["initial"], "date": "2019-04-01",
        "source": source})  # fmt: skip
    yield _entry(
        session,
        b"\x44",
        "testimony",
        {"witness": WITNESS, "about": [HERO], "taken_on": secret.day, "place": secret.street, "text": secret.told},
    )
    yield _entry(session, b"\x45", "evidence_item", {
        "title": "Видео: " + secret.forms()["gen"], "about": [HERO], "url": web, "obtained_from": WITNESS,
        "description": said["description"], "source": source})  # fmt: skip
    yield _entry(session, b"\x46", "official_statement", {
        "speaker": said["initial"], "person": OFFICIAL, "quote": said["narrative"], "about": [HERO],
        "source": source})  # fmt: skip


_KNOWN = {HERO: "person", WITNESS: "person", OTHER: "person", OFFICIAL: "person", STRANGER: "person", b"\x40" * 16:
          "event", b"\x48" * 16: "source"}  # fmt: skip


# -- pairs -----------------------------------------------------------------------------------------------------------


def _somebody(chance: random.Random, *, origin: str = "", fits: Callable[[Person], bool] = lambda _: True) -> Person:
    """Return a person of the corpus with surname and patronymic whose words nobody else in the case has."""
    fitting = [
        one
        for one in people()
        if one.names.surname and one.names.patronymic and origin in ("", one.origin) and fits(one)
        and not _TAKEN & {*dataclasses.astuple(one.names), *dataclasses.astuple(one.ru)}
    ]  # fmt: skip
    return next(one for one in chance.sample(fitting, len(fitting)) if not _met_without(one))


@cache
def _met_without(one: Person) -> bool:
    """Return whether words of the case are taken for this person's: then another person changes more than a name."""
    if Secret(one).is_a_word():
        return True
    index = NameIndex([(1, " ".join(dataclasses.astuple(names))) for names in (one.names, one.ru)])
    return any(mentions(index, re.sub(r"\{\w+\}", "—", text)) for text in (*TEXTS.values(), SAID_AGAIN))


def _renamed(one: Person, **words: str) -> Person:
    """Return a person with other words in the name, in every spelling."""
    names, ru = dataclasses.replace(one.names, **words), dataclasses.replace(one.ru, **words)
    return dataclasses.replace(one, names=names, ru=ru, latin=(latin.spell(f"{ru.name} {ru.surname}", "passport"),))


def _length(chance: random.Random) -> tuple[Secret, Secret]:
    short = _somebody(chance, fits=lambda one: len(one.ru.surname) + len(one.ru.name) <= 11)
    long = _somebody(chance, fits=lambda one: len(one.ru.surname) + len(one.ru.name) >= 17)
    return Secret(short), Secret(long)


def _alphabet(chance: random.Random) -> tuple[Secret, Secret]:
    return Secret(_somebody(chance, origin="kazakh", fits=lambda one: one.names != one.ru)), Secret(
        _somebody(chance, origin=chance.choice(("russian", "german", "korean", "ukrainian")))
    )


def _words(chance: random.Random) -> tuple[Secret, Secret]:
    return Secret(_somebody(chance), patronymic=False), Secret(_somebody(chance))


def _patronymic(chance: random.Random) -> tuple[Secret, Secret]:
    one = _somebody(chance)
    gender = one.gender
    other = _somebody(chance, fits=lambda it: it.gender == gender and it.ru.patronymic != one.ru.patronymic)
    renamed = dataclasses.replace(
        one,
        names=dataclasses.replace(one.names, patronymic=other.names.patronymic),
        ru=dataclasses.replace(one.ru, patronymic=other.ru.patronymic),
    )
    return Secret(one), Secret(renamed)


def _hyphenated(chance: random.Random) -> tuple[Secret, Secret]:
    one = _somebody(chance, fits=lambda it: "-" not in it.ru.surname + it.ru.name)
    gender = one.gender
    second = _somebody(chance, fits=lambda it: it.gender == gender and "-" not in it.ru.surname and it.id != one.id)
    joined = f"{one.ru.surname}-{second.ru.surname}"
    return Secret(_renamed(one, surname=joined)), Secret(_somebody(chance))


def _common_word(chance: random.Random) -> tuple[Secret, Secret]:
    word, gender = chance.choice(
        [("Надежда", "f"), ("Вера", "f"), ("Любовь", "f"), ("Мир", "m"), ("Айгүл", "f"), ("Роман", "m"), ("Лев", "m")]
    )
    one = _somebody(chance, fits=lambda it: it.gender == gender)
    return Secret(_renamed(one, name=word)), Secret(_somebody(chance))


def _namesake(chance: random.Random) -> tuple[Secret, Secret]:
    """Somebody who has the very name of a person who may be named and is not of this case, and somebody else."""
    one = _somebody(chance, fits=lambda it: it.gender == "m")
    same = Names("Мысалов", "Ғалым", one.names.patronymic)
    known = dataclasses.replace(one, names=same, ru=dataclasses.replace(one.ru, surname="Мысалов", name="Ғалым"),
                                latin=("Galym Mysalov",))  # fmt: skip
    return Secret(known), Secret(_somebody(chance))


def _order(chance: random.Random) -> tuple[Secret, Secret]:
    """Names that stand first and last in any list."""
    first = _somebody(chance, fits=lambda it: it.ru.surname[0] in "АБӘ")
    return Secret(first), Secret(_somebody(chance, fits=lambda it: it.ru.surname[0] in "ХЦЧШЩЭЮЯ"))


def _numbers(chance: random.Random) -> tuple[Secret, Secret]:
    """The same person with other numbers, another home and other days."""
    person = _somebody(chance)

    def drawn() -> Secret:
        month, day = chance.randint(1, 9), chance.randint(10, 28)  # the year is told on the person's own paper
        digits = f"{chance.randrange(10**7):07}"
        return Secret(
            person,
            iin=f"870{month}{day}3{digits[:5]}",
            phone=f"+7701{digits}",
            street=chance.choice(_STREETS) + f", {chance.randint(1, 200)}",
            second_street=chance.choice(_STREETS) + f", {chance.randint(1, 9)}",
            born=f"1987-0{month}-{day}",
            day=f"2019-03-{chance.randint(5, 28):02}",
        )

    return drawn(), drawn()


_STREETS = ("Мысал көшесі", "Үлгі", "улица Выдуманная", "проспект Никем Не Виданный", "мкр. Пример-2")


def _amount(chance: random.Random) -> tuple[Secret, Secret]:
    """One who said little and one who said much; ids are given, so there may be more of everything."""
    much = "Я сидела у окна и всё видела. " * chance.randint(2, 80)
    quiet, talkative = _somebody(chance), _somebody(chance)
    return Secret(quiet, told="Да."), Secret(talkative, told=much, more_phones=chance.randint(1, 3))


PAIRS: dict[str, Callable[[random.Random], tuple[Secret, Secret]]] = {
    "length": _length, "alphabet": _alphabet, "words": _words, "patronymic": _patronymic, "hyphenated": _hyphenated,
    "common-word": _common_word, "namesake": _namesake, "order": _order, "numbers": _numbers, "amount": _amount,
}  # fmt: skip


def pairs(kind: str, count: int) -> Iterator[tuple[Secret, Secret]]:
    """Yield pairs of a sort, the same in every run."""
    for number in range(count):
        yield PAIRS[kind](random.Random(f"{kind} {number}"))
