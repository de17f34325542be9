"""Non-interference: two cases that differ only in what is withheld look the same to strangers, to the last byte."""

from __future__ import annotations

import dataclasses

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kzdoc.domain.audience import Audience
from kzdoc.names.index import NameIndex
from kzdoc.names.reading import mentions
from kzdoc.redaction import showing
from kzdoc.report.render import render
from tests.kzdoc.redaction import cases
from tests.kzdoc.redaction.cases import HERO, Secret, rid
from tests.kzdoc.redaction.checker import leaks, strings

_SYLLABLES = ("ба", "ғы", "ду", "жи", "зә", "ке", "қо", "лұ", "мө", "нү", "пы", "рі", "сә", "та", "фи", "хо", "шу")
_LATIN = ("ba", "di", "fu", "ga", "ko", "lu", "mi", "no", "pa", "qu", "re", "su", "ta", "vy", "zho")
_SURNAMES = ("ова", "ева", "ина", "қызы", "ская", "ко", "бай", "н")
WORD = st.lists(st.sampled_from(_SYLLABLES), min_size=2, max_size=5).map("".join)
CYRILLIC = st.tuples(WORD, st.sampled_from(_SURNAMES), WORD).map(
    lambda one: ((one[0] + one[1]).title(), one[2].title())
)
LATIN = st.tuples(*[st.lists(st.sampled_from(_LATIN), min_size=2, max_size=5).map("".join)] * 2).map(
    lambda one: (one[0].title(), one[1].title())
)
DIGITS = st.text("0123456789", min_size=10, max_size=10)
TOLD = st.text(alphabet="абвгдежзиклмнопрстуфхцчшщыэюяәғқңөұүі .,!«»—\n0123456789", min_size=1, max_size=300)


@st.composite
def secrets(draw: st.DrawFn) -> Secret:
    """Return somebody whose names are no words of the case and of nobody in it."""
    surname, given_name = draw(st.one_of(CYRILLIC, LATIN))
    digits = draw(DIGITS)
    index = NameIndex([(1, f"{surname} {given_name}")])
    blank = Secret(surname="", given="-", phone="", iin="")
    plain = [*cases.TEXTS.values(), *(one for one in strings(cases.view(blank)) if "ПЕРСОНА" not in one)]
    assume(not any(mentions(index, text.replace("{", " ").replace("}", " ")) for text in plain))
    day = draw(st.integers(5, 28))  # no day that another date of the case has
    return Secret(
        surname=surname,
        given=given_name,
        iin=f"{draw(st.integers(10, 99))}0{draw(st.integers(1, 9))}1{draw(st.integers(0, 9))}{digits[:6]}",
        phone=f"+77{digits[1:]}",
        account=draw(st.sampled_from(["tau_kz", "x1y2z3", "a.very.long.name_of_account"])),
        email=draw(st.sampled_from(["a@example.org", "long.address.of.her@mail.example.org"])),
        street=draw(TOLD),
        born=f"{draw(st.integers(1930, 2010))}-0{draw(st.integers(1, 9))}-{draw(st.integers(10, 28))}",
        day=f"2019-03-{day:02}",
        told=draw(TOLD),
        phones=draw(st.integers(1, 3)),
        stories=draw(st.integers(1, 3)),
    )


SHORT = Secret(surname="Лин", given="Ян", told="да", phones=1, stories=1)
LONG = Secret(surname="Выдуманнопридуманская", given="Мұхаммедсұлу", told="Да. " * 60, phones=3, stories=3)


@settings(deadline=None, max_examples=80)
@given(secrets(), secrets(), st.sampled_from(["en", "ru", "kk"]), st.sampled_from([HERO, rid(1)]))
@example(SHORT, LONG, "ru", HERO)
def test_another_secret_gives_the_same_view(one: Secret, other: Secret, lang: str, root: bytes) -> None:
    views = [cases.view(secret, lang=lang, root=root) for secret in (one, other)]
    assert views[0] == views[1]
    assert [record.links for record in views[0].records] == [record.links for record in views[1].records]


@settings(deadline=None, max_examples=6)
@given(secrets(), secrets(), st.sampled_from(["en", "ru", "kk"]))
@example(SHORT, LONG, "kk")
def test_and_the_same_paper_byte_for_byte(one: Secret, other: Secret, lang: str) -> None:
    assert render(cases.view(one, lang=lang)) == render(cases.view(other, lang=lang))


@settings(deadline=None, max_examples=40)
@given(secrets(), st.sampled_from([Audience.PUBLIC, Audience.EMBASSY]))
def test_nothing_of_any_secret_is_in_a_view(secret: Secret, audience: Audience) -> None:
    meaningless = {field: "-" * 40 for field in ("told", "street") if len(getattr(secret, field)) < 12}
    assert leaks(cases.view(secret, audience), dataclasses.replace(secret, **meaningless)) == []


def test_twins_that_tell_the_cases_apart() -> None:
    assert cases.view(SHORT, Audience.INTERNAL) != cases.view(LONG, Audience.INTERNAL)
    everybody = {name: cases.parts(SHORT, Audience.INTERNAL)[name] for name in ("book",)}
    assert cases.view(SHORT, **everybody) != cases.view(SHORT)
    assert cases.withheld(SHORT) != cases.withheld(LONG)  # the counts that are for ourselves alone


def test_twin_a_token_as_wide_as_the_name(monkeypatch) -> None:
    def wide(word, lang, number=0):
        return f"[{word.to(lang)}-{number}{'x' * width[0]}]"

    width = [0]
    monkeypatch.setattr("kzdoc.redaction.text.token_label", wide)
    papers = []
    for secret in (SHORT, LONG):
        width[0] = len(secret.surname)
        papers.append(render(cases.view(secret)))
    assert papers[0] != papers[1]


def test_twin_values_in_the_order_of_what_was_taken_out(monkeypatch) -> None:
    monkeypatch.setattr(showing, "_place", lambda _showing, _record, text: text)
    first, last = (cases.view(dataclasses.replace(SHORT, given=given)) for given in ("Абай", "Яна"))
    assert first != last
