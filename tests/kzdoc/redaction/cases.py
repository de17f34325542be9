"""A case made to leak: one person who is public, one who told in confidence and is met in every text of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kzdoc.domain.audience import Audience
from kzdoc.ledger.merge import Absence, LiveValue, RecordState
from kzdoc.moment import Moment
from kzdoc.names.cases import kazakh_forms, russian_cases
from kzdoc.redaction.consent import permissions
from kzdoc.redaction.text import NameBook
from kzdoc.redaction.view import View, make_case, make_view

DAY = "2026-03-02"
HERO, WITNESS, BROTHER, OFFICIAL, GROUP = (bytes([number]) * 16 for number in (1, 2, 3, 4, 5))


def rid(number: int) -> bytes:
    """Return the id of a record that is nobody."""
    return bytes([100 + number]) * 16


def state(
    id_: bytes,
    kind: str,
    *,
    conflicts: Iterable[str] = (),
    absent: Iterable[tuple[str | None, str]] = (),
    removed: bool = False,
    **fields: object,
) -> RecordState:
    """Return a record; a list is several live values, ``absent`` the (field, reason) of what is not here."""
    live = {name.rstrip("_"): tuple([_live(one) for one in _listed(value)]) for name, value in fields.items()}
    gone = tuple(Absence((bytes(32), 9), reason, bytes(32), name, ()) for name, reason in absent)
    return RecordState(id_, kind, live, frozenset(conflicts), gone, removed)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _live(value: object) -> LiveValue:
    return LiveValue(value, ((bytes(32), 0),), bytes(32), Moment(0, 0))


@dataclass(frozen=True)
class Secret:
    """What is withheld of the witness; two cases that differ in nothing else must look the same to strangers."""

    surname: str = "Мысалова"
    given: str = "Үлгісұлу"
    gender: str = "f"
    iin: str = "870101400121"
    phone: str = "+77010001122"
    account: str = "ulgi_mysal"
    email: str = "ulgi@example.org"
    street: str = "Мысал көшесі, 17"
    born: str = "1987-01-01"
    day: str = "2019-03-07"
    told: str = "Я сидела у окна и всё видела."
    phones: int = 1
    stories: int = 1

    def forms(self) -> dict[str, str]:
        """Return the ways the witness is written in the texts."""
        if not self.surname.isascii():
            cases = [russian_cases(word, self.gender) for word in (self.surname, self.given)]
            of, to, with_ = (" ".join(word[at] for word in cases) for at in (1, 2, 4))
            kazakh = [f"{self.surname} {form}" for form in kazakh_forms(self.given)]
        else:
            of = to = with_ = f"{self.surname} {self.given}"
            kazakh = [of] * 14
        return {
            "plain": f"{self.surname} {self.given}",
            "turned": f"{self.given} {self.surname}",
            "of": of,
            "to": to,
            "with": with_,
            "kk_of": kazakh[0],
            "kk_from": kazakh[4],
            "initial": f"{self.given[0]}. {self.surname}",
            "loud": f"{self.surname} {self.given}".upper(),
        }


TEXTS = {
    "title": "Собрание у школы: рассказ {of}",
    "description": "Увезли троих. {plain} всё видела. Позвонили {to} по номеру {phone}, ИИН {iin}.",
    "stated_reason": "Полиция искала {of}, затем нашла.",
    "response": "{kk_of} шағымы қаралған жоқ; {kk_from} түсініктеме алынды.",
    "organiser": "{plain}",
    "court": "Суд города, по жалобе {of}",
    "article_text": "ст. 174 УК, дело о {with}",
    "sentence": "5 лет; вместе с {with}",
    "term_text": "до встречи с {with}",
    "judge": "{initial}",
    "list_name": "Список, собранный вместе с {with}",
    "compiled_by": "{turned}",
    "source_title": "{loud} рассказала о задержании",
    "author": "{turned}",
    "publisher": "Газета, которую ведёт {plain}",
    "quote": "{plain}: я всё видела",
    "evidence_title": "Видео {of}",
    "stated_by": "{initial}",
    "definition": "Посчитано вместе с {with}",
    "assessor": "{turned}",
    "reasoning": "Со слов {of}",
    "speaker": "{initial}",
    "office": "начальник {of}",
    "official_quote": "{plain} нам не знакома",
}


def texts(secret: Secret) -> dict[str, str]:
    """Return every open text of the case with the witness in it."""
    said = {**secret.forms(), "phone": secret.phone, "iin": secret.iin}
    return {name: text.format(**said) for name, text in TEXTS.items()}


def people(secret: Secret) -> list[RecordState]:
    """Return the people of the case; only the first and the official may be named to the public."""
    plain = f"{secret.surname} {secret.given}"
    return [
        state(HERO, "person", name_ru="Тестов Данияр", name_kk="Тестов Данияр", name_latin="Testov Daniyar",
              naming_basis="already_public", born="1980-05-06", sex="male", related=[WITNESS, BROTHER],
              description=f"Друг {secret.forms()['of']}"),
        state(WITNESS, "person", name_ru=plain, born=secret.born, iin=secret.iin, email=secret.email,
              phone=[secret.phone, *[f"+7701000330{at}" for at in range(1, secret.phones)]], account=secret.account,
              address={"text": secret.street, "region": "KZ-71"}, description=secret.told, occupation=secret.told),
        state(BROTHER, "person", name_ru="Тестов Ерлан"),
        state(OFFICIAL, "person", name_ru="Примеров Кайрат", naming_basis="official", born="1970-01-02",
              ethnicity="неизвестна"),
        state(GROUP, "person", name_ru="Движение «Пример»", counting_unit="organisation"),
    ]  # fmt: skip


def records(secret: Secret) -> list[RecordState]:
    """Return all records of the case."""
    said = texts(secret)
    web = f"https://example.org/{secret.account}/1"
    return [
        *people(secret),
        state(rid(1), "event", title=said["title"], date="2019-03-03", time="2019-03-03T14:30+06:00",
              place="Площадь", description=said["description"], organiser=said["organiser"],
              persons=[HERO, WITNESS, BROTHER], officials=[OFFICIAL], stated_reason=said["stated_reason"],
              response=said["response"], source=rid(8)),
        state(rid(2), "detention", person=HERO, event=rid(1), actual_time="2019-03-03", officers=[OFFICIAL],
              stated_reason=said["stated_reason"], narrative=said["description"], conditions=said["stated_reason"],
              source=rid(8), outcome="released"),
        state(rid(3), "detention", person=WITNESS, event=rid(1), actual_time=secret.day, facility=secret.told,
              narrative=secret.told, article="cc-174-1", term_days=int(secret.day[-2:]), source=rid(8)),
        state(rid(4), "charge", person=HERO, article_text=said["article_text"], date="2019-04-01",
              court=said["court"], judge=said["judge"], prosecutor="Примеров Кайрат", sentence=said["sentence"],
              case_number="7575-19-00-1/33", source=rid(8)),
        state(rid(5), "status_event", person=HERO, date="2019-05-01", status="sentenced",
              term_text=said["term_text"], source=rid(8)),
        state(rid(6), "list_membership", person=HERO, list="political_prisoners", list_name=said["list_name"],
              compiled_by=said["compiled_by"], from_="2019-06-01", source=rid(8)),
        *[state(rid(20 + at), "testimony", witness=WITNESS, about=[HERO, rid(1)], taken_on=secret.day,
                place=secret.street, summary=secret.told, text=f"{secret.told} {at}", method="in_person",
                retracted_on=secret.day, source=rid(9)) for at in range(secret.stories)],
        state(rid(8), "source", type="media", title=said["source_title"], publisher=said["publisher"],
              author=["Аймақтық газет", said["author"], "Редакция"], url=web, quote=said["quote"], published="yes",
              date="2019-03-04", accessed="2020-01-01"),
        state(rid(9), "source", type="person", title="Разговор в кафе", person=WITNESS, author=secret.told,
              date=secret.day, url=web, page="3", quote=secret.told),
        state(rid(10), "evidence_item", title=said["evidence_title"], about=[HERO], url=web,
              file={"sha256": bytes(32), "size": 999, "media": "video/mp4"}, original_name=said["title"],
              obtained_from=WITNESS, obtained_on=secret.day, captured_place=secret.street,
              description=said["description"], source=rid(8)),
        state(rid(11), "evidence_item", title="Снимок", about=[rid(20)], description=secret.told, url=web),
        state(rid(12), "evidence_item", title="Записка адвоката", about=[HERO], privileged="yes",
              description=secret.told),
        state(rid(13), "figure", measure="detained_at_assemblies", about=[rid(1)], stated_by=said["stated_by"],
              definition=said["definition"], source=rid(8),
              figure={"value": 60, "qualifier": "about", "unit": "persons", "from": "2019-03-03", "to": ""}),
        state(rid(14), "recommendation", title="Освободить", text=said["reasoning"], persons=[HERO, WITNESS],
              date="2020-01-01", source=rid(8)),
        state(rid(15), "assessment", recommendation=rid(14), assessor=said["assessor"], reasoning=said["reasoning"],
              result="not_fulfilled", about=[rid(3)], source=rid(8)),
        state(rid(16), "official_statement", speaker=said["speaker"], office=said["office"], person=OFFICIAL,
              quote=said["official_quote"], about=[WITNESS, HERO], source=rid(8)),
        state(rid(17), "consent", person=WITNESS, classes=["narrative", "identity"], audiences=["lawyer"],
              purpose=secret.told, given_on=secret.day, recording=[rid(18)]),
        state(rid(18), "evidence_item", title=said["evidence_title"], about=[WITNESS], description=secret.told),
        state(rid(19), "event", removed=True, title=said["title"], persons=[HERO]),
    ]  # fmt: skip


READER = {"recipient": "Читатели", "purpose": "Доклад", "date": DAY, "organisation": "Правовой центр «Пример»"}


def parts(secret: Secret, audience: Audience) -> dict[str, object]:
    """Return what a view is made with, beside the records and the language."""
    known = people(secret)
    allowed = permissions(known, [one for one in records(secret) if one.kind == "consent"], day=DAY)
    book = NameBook.build(known, [one.id for one in known if allowed.may_name(one.id, audience)])
    return {"audience": audience, "allowed": allowed, "book": book, **READER}


def view(
    secret: Secret, audience: Audience = Audience.PUBLIC, lang: str = "ru", root: bytes = HERO, **other: object
) -> View:
    """Return the view of the case."""
    return make_view(records(secret), root=root, lang=lang, **{**parts(secret, audience), **other})


def withheld(secret: Secret, audience: Audience = Audience.PUBLIC) -> list[tuple[str, str, int]]:
    """Return what is withheld, with counts, as we ourselves are told."""
    _, notes, _ = make_case(records(secret), root=HERO, lang="ru", **parts(secret, audience))
    return [(note.sensitivity, note.reason, note.count) for note in notes]
