"""Non-interference, from the vault to the file: another withheld person in the same places changes no byte outside.

One case is written twice, with chance and ids from outside, and only the person nobody may name differs: in fields and,
declined by the same grammar, in texts. Everything strangers can get of the two is compared byte for byte: the paper in
PDF, tables in CSV, XLSX and JSON, with codes and with labels, and what the preview shows. Refusals are compared apart:
the same code and the same parameters.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kzdoc import casework, exporting, publishing, tabling
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.errors import KzdocError
from kzdoc.leaving import LeakError, UndecidedError
from kzdoc.ledger.merge import RecordState
from kzdoc.moment import Moment
from kzdoc.redaction import reach, showing
from kzdoc.redaction import text as redaction_text
from kzdoc.redaction.consent import Permissions
from kzdoc.redaction.tokens import Token, ViewText
from kzdoc.redaction.unknown import shown_texts, unknown_names
from kzdoc.redaction.view import ViewRecord
from kzdoc.report.render import render
from kzdoc.session import Session, open_session_with_key
from tests.laws.secret_pairs import HERO, PAIRS, WITNESS, Secret, case_of, pairs
from tests.offices import NAMES, Template

READER = {"recipient": "Читатели", "purpose": "Доклад"}
TABLES = ("person", "event", "detention", "charge", "source", "testimony", "evidence_item", "official_statement")
FEW, MANY = 4, 100
REFUSED = b"refused: the leak check met a word that is also a name"
"""No file came out; then there is nothing to compare. It happens only where a common word is somebody's name."""
Outside = dict[str, bytes]
Look = Callable[[Session, Path], Outside]


class Counted:
    """Chance that is the same in both cases of a pair, however much of it writing them down took."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Begin anew."""
        self._random = random.Random(2026)

    def __call__(self, size: int) -> bytes:
        return self._random.randbytes(size)


class Desk:
    """Opens a fresh vault for each case of a pair."""

    def __init__(self, template: Template, folder: Path) -> None:
        self._template, self._folder = template, folder
        self._count = 0

    def outside(self, secret: Secret, look: Look) -> Outside:
        """Return what can be seen from outside of the case with this secret."""
        self._count += 1
        folder = self._folder / str(self._count)
        shutil.copytree(self._template.folder / NAMES[0], folder / "vault")
        chance = Counted()
        session = open_session_with_key(
            folder / "vault", bytearray(self._template.keys[NAMES[0]]), clock=lambda: NOW, randomness=chance
        )
        try:
            case_of(session, secret)
            chance.begin()
            return look(session, folder)
        finally:
            session.close()
            shutil.rmtree(folder)


NOW = Moment(1_772_442_000, 300)


@pytest.fixture
def desk(template: Template, tmp_path: Path) -> Desk:
    return Desk(template, tmp_path)


def paper(session: Session, root: bytes, lang: str, audience: Audience = Audience.PUBLIC) -> Outside:
    """Return a paper and what its preview shows."""
    case = publishing.view_of(session, root, audience=audience, lang=lang, **READER)
    view, known = case.view, case.known
    unknown = unknown_names(shown_texts(view.records), known.index(), known.decided)
    name = f"{root.hex()[:2]}-{lang}"
    return {name + ".pdf": render(view), name + " preview": repr((view, unknown)).encode()}


def table(session: Session, folder: Path, form: str, lang: str | None) -> Outside:
    """Return every table in one form."""
    found: Outside = {}
    for kind in TABLES:
        out = folder / f"{kind}-{lang}{form}"
        try:
            exporting.export_table(session, kind, out, audience=Audience.PUBLIC, lang=lang, **READER)
            found[out.name] = out.read_bytes()
        except (LeakError, UndecidedError):
            found[out.name] = REFUSED
    return found


LOOKS: tuple[Look, ...] = (
    lambda session, _: paper(session, HERO, "ru"),
    lambda session, folder: table(session, folder, ".csv", None),
    lambda session, _: paper(session, HERO, "kk"),
    lambda session, folder: table(session, folder, ".xlsx", "ru"),
    lambda session, _: paper(session, WITNESS, "ru"),
    lambda session, folder: table(session, folder, ".csv", "kk"),
    lambda session, folder: table(session, folder, ".json", None),
)


def everything(session: Session, folder: Path) -> Outside:
    return {name: data for look in LOOKS for name, data in look(session, folder).items()}


def differing(desk: Desk, one: Secret, other: Secret, look: Look = everything) -> list[str]:
    """Return which of what can be seen differs between the two."""
    first, second = desk.outside(one, look), desk.outside(other, look)
    assert first.keys() == second.keys()
    made = [name for name in first if REFUSED not in (first[name], second[name])]
    refused = len(first) - len(made)
    known = any(it.is_a_word() or it.is_a_namesake() for it in (one, other))
    assert not refused or known, f"refused: {one} or {other}"
    return [name for name in made if first[name] != second[name]]


def tell(kind: str, seed: int, one: Secret, other: Secret, names: list[str]) -> str:
    return f"{kind}, seed {seed}: {names} differ between {one} and {other}"


@pytest.mark.parametrize("kind", PAIRS)
def test_another_secret_changes_no_byte_outside(desk: Desk, kind: str) -> None:
    for seed, (one, other) in enumerate(pairs(kind, FEW)):
        found = differing(desk, one, other, LOOKS[(seed + list(PAIRS).index(kind)) % len(LOOKS)])
        assert found == [], tell(kind, seed, one, other, found)


@pytest.mark.long
@pytest.mark.parametrize("kind", PAIRS)
def test_a_thousand_pairs_of_secrets_change_no_byte_outside(desk: Desk, kind: str) -> None:
    wrong = []
    count = 0
    for seed, (one, other) in enumerate(pairs(kind, MANY)):
        count += 1
        found = [name for at in (0, 1) for name in differing(desk, one, other, LOOKS[(seed + at) % len(LOOKS)])]
        if found:
            wrong.append(tell(kind, seed, one, other, found))
    print(f"{kind}: {count} pairs, {len(wrong)} with differing bytes")  # noqa: T201 - the figure of the long run
    assert count == MANY
    assert wrong == []


# -- refusals, apart -------------------------------------------------------------------------------------------------


def refusal(session: Session, folder: Path) -> Outside:
    """Return how a paper and a table are refused: code and parameters, which have no values of a record."""
    found: Outside = {}
    casework.add(session, "event", [
        Change("title", "set", "Сход"), Change("response", "set", "Туда звали Выдуманова Петра Ильича."),
        Change("persons", "add", HERO.hex())])  # fmt: skip
    reader = {"audience": Audience.PUBLIC, "lang": "ru", **READER}
    acts: dict[str, Callable[[], object]] = {
        "paper": lambda: publishing.make_report(
            session, HERO, folder / "a.pdf", template="case-file", pack=False, **reader
        ),
        "table": lambda: exporting.export_table(session, "event", folder / "a.csv", **reader),
    }
    for name, act in acts.items():
        with pytest.raises(KzdocError) as refused:
            act()
        found[name] = repr((refused.value.code, sorted(refused.value.params.items()))).encode()
    return found


def test_what_is_refused_is_refused_alike_for_every_secret(desk: Desk) -> None:
    first, second = (desk.outside(secret, refusal) for secret in next(pairs("alphabet", 1)))
    assert first == second
    assert all(b"publication.unreviewed" in said for said in first.values())


# -- twins: what leaks is caught -------------------------------------------------------------------------------------


def test_twin_a_token_as_wide_as_the_name_is_caught(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = redaction_text.redact_text

    def wide(text: str, **how: Any) -> redaction_text.Redacted:
        done = honest(text, **how)
        width = max((span.end - span.start for span in done.spans), default=0)
        parts = [
            replace(one, label=one.label + "\u00a0" * width) if isinstance(one, Token) else one
            for one in done.text.parts
        ]
        return replace(done, text=ViewText(tuple(parts)))

    monkeypatch.setattr(showing, "redact_text", wide)
    one, other = next(pairs("length", 1))
    found = differing(desk, one, other)
    assert {name for name in found if name.endswith(".pdf")}
    assert {name for name in found if name.endswith(".csv")}
    assert {name for name in found if name.endswith(".xlsx")}


def test_twin_rows_in_the_order_of_hidden_names_are_caught(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exporter that sorts people by what they are called, and only then takes the names out."""
    honest = tabling.make_table

    def by_name(records: Sequence[RecordState], around: Iterable[RecordState], **how: Any) -> tuple[ViewRecord, ...]:
        whole = list(around)
        called = {one.id: one.values("name_ru") for one in (*whole, *records)}
        order = sorted(records, key=lambda one: sorted(str(called.get(link)) for link in one.values("person")))
        shown = honest(order, whole, **how)
        return tuple(shown)

    monkeypatch.setattr(tabling, "make_table", by_name)
    monkeypatch.setattr(Permissions, "covers", lambda *_: True)  # two rows at least, one of them of the secret
    one, other = next(pairs("order", 1))
    found = differing(desk, one, other, LOOKS[1])
    assert "detention-None.csv" in found


def test_twin_values_in_the_order_of_what_was_taken_out_are_caught(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "_place", lambda _showing, _record, text: text)
    assert any(differing(desk, one, other, LOOKS[1]) for one, other in pairs("order", 4))


def test_twin_a_letter_after_the_name_that_may_be_an_initial_is_caught(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "_lone_letters", lambda _, start, end: (start, end))
    person = next(pairs("length", 1))[0].person
    one, other = (replace(person, ru=replace(person.ru, name=name, patronymic="")) for name in ("Виктор", "Данияр"))
    assert differing(desk, Secret(one), Secret(other), LOOKS[1]) != []
