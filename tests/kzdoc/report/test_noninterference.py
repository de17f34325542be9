"""A paper must not change when what is withheld changes: same case, another withheld name, the same bytes."""

from __future__ import annotations

import hashlib

import pytest

from kzdoc.crypto.identity import HybridSigner
from kzdoc.domain.audience import Audience
from kzdoc.language import LANGUAGES
from kzdoc.leakcheck.check import check_pdf
from kzdoc.leakcheck.finding import Forbidden
from kzdoc.ledger.merge import LiveValue, RecordState
from kzdoc.moment import Moment
from kzdoc.redaction.consent import Permissions
from kzdoc.redaction.text import NameBook
from kzdoc.redaction.tokens import ViewText
from kzdoc.redaction.view import View, make_view
from kzdoc.report.render import render
from kzdoc.report.signature import check_publication, sign_publication

HERO, WITNESS = bytes([1]) * 16, bytes([2]) * 16
SECRETS = [
    ("Мысалов Ғалым", "Мысалова Ғалымды"),
    ("Ли Ян", "Ли Яна"),
    ("Тестбайұлы Нұрсұлтан-Мұхаммедәлі", "Тестбайұлы Нұрсұлтан-Мұхаммедәліні"),
    ("Sample Aigerim", "Sample Aigerim"),
    ("Выдуманнопридуманская Аполлинария", "Выдуманнопридуманскую Аполлинарию"),
    ("Іңкәр Үлгі", "Іңкәр Үлгіні"),
    ("АВТ Ау", "АВТ Ау"),
]


def state(id_: bytes, kind: str, **fields: object) -> RecordState:
    live = {
        name: tuple(LiveValue(one, (bytes(32), 0), bytes(32), Moment(0, 0)) for one in listed(value))
        for name, value in fields.items()
    }
    return RecordState(id_, kind, live, frozenset(), (), removed=False)


def listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def view_of(name: str, inflected: str, *, audience: Audience = Audience.PUBLIC, lang: str = "ru") -> View:
    hero = state(HERO, "person", name_ru="Тестов Данияр", name_kk="Тестов Данияр", name_latin="Testov Daniyar")
    witness = state(WITNESS, "person", name_ru=name)
    told = f"Рядом стояли люди. Увезли и его, {inflected} тоже. Позже {name} вернулся домой; больше ничего не известно."
    detention = state(bytes([3]) * 16, "detention", person=[HERO, WITNESS], actual_time="2019-03-03", narrative=told)
    event = state(bytes([4]) * 16, "event", title="Собрание у школы", date="2019-03-03", description=told,
                  persons=[HERO, WITNESS])  # fmt: skip
    people = [hero, witness]
    covered = frozenset((one, audience.value) for one in ("identity", "narrative", "location", "quasi"))
    allowed = Permissions("2026-11-17", {HERO: "already_public"}, {HERO: covered})
    book = NameBook.build(people, [HERO, WITNESS] if audience is Audience.INTERNAL else [HERO])
    return make_view(
        [hero, detention, event, witness],
        root=HERO,
        audience=audience,
        lang=lang,
        allowed=allowed,
        book=book,
        recipient="Читатели",
        purpose="Доклад",
        date="2026-11-17",
        organisation="Правовой центр «Пример»",
    )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.COURT, Audience.PARTNER])
def test_another_withheld_name_gives_the_same_bytes(audience: Audience, lang: str) -> None:
    digests = {hashlib.sha256(render(view_of(*secret, audience=audience, lang=lang))).hexdigest() for secret in SECRETS}
    assert len(digests) == 1


def test_the_twin_that_draws_the_name_is_told_apart() -> None:
    papers = {render(view_of(*secret, audience=Audience.INTERNAL)) for secret in SECRETS}
    assert len(papers) == len(SECRETS)


@pytest.mark.parametrize("secret", SECRETS)
def test_the_public_paper_passes_the_leak_check_and_the_internal_one_does_not(secret: tuple[str, str]) -> None:
    forbidden = [Forbidden(secret[0], "identity")]
    known = ["Тестов Данияр", "Хронология"]
    public = render(view_of(*secret))
    assert check_pdf(public, forbidden=forbidden, view_text=known, shown=["Тестов Данияр"]) == []
    internal = render(view_of(*secret, audience=Audience.INTERNAL))
    if len(secret[0]) > len("Ли Ян"):  # names of two letters are the redactor's work alone
        found = check_pdf(internal, forbidden=forbidden, view_text=known)
        assert "identity" in {finding.sensitivity for finding in found}


def test_what_a_paper_shows_can_be_signed_and_checked() -> None:
    view = view_of(*SECRETS[0])
    assert isinstance(view.records[0].title, ViewText)
    signer = HybridSigner.from_seed(bytes(range(64)))
    paper = render(view)
    signature = sign_publication(paper, signer, shown=view.shown, proved=0, attested=view.shown)
    verdict = check_publication(paper, signature, expected=signer.public)
    assert (verdict.signature, verdict.shown, verdict.attested) == ("good", view.shown, view.shown)
