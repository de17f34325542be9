"""Papers and tables of a real vault whose labels and months look like somebody withheld: they go out, no name does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kzdoc import exporting, publishing
from kzdoc.domain.audience import Audience
from kzdoc.encoding import encode
from kzdoc.leakcheck import tables
from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.packs import PARTS, check_pack
from kzdoc.leaving import LeakError
from kzdoc.redaction.own import own_of_leaves
from kzdoc.redaction.tokens import ViewText
from kzdoc.redaction.view import View
from kzdoc.report.page import Printed
from kzdoc.session import Session
from tests.kzdoc.leakcheck.own_words import by_word
from tests.kzdoc.redaction.test_papers import READER, add, paper
from tests.offices import Office

PUBLIC, PARTNER = ({"audience": one, **READER} for one in (Audience.PUBLIC, Audience.PARTNER))
ALIKE = [("Ким Сынақ", "kk"), ("Наурыз Сынақ", "kk"), ("Адам Сынақ", "kk"), ("Май Сынақ", "en")]
"""Withheld people, and the language of a paper that has a label, a month or a token like their name."""


@pytest.fixture
def session(office: Office) -> Session:
    return office.open()


def case(session: Session, withheld: str, told: str = "Потом всех отпустили.") -> bytes:
    """Return somebody who may be named, of two events in March and May with somebody who may not."""
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    other = add(session, "person", name_ru=withheld)
    for day in ("2019-03-22", "2019-05-03"):
        add(session, "event", title="Собрание", date=day, persons=[hero.hex(), other.hex()], response=told)
    return hero


def untold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the renderer tell nothing of what it set."""
    honest = publishing.printed
    monkeypatch.setattr(publishing, "printed", lambda *view, **how: Printed(honest(*view, **how).pdf, ()))


@pytest.mark.parametrize(("withheld", "lang"), ALIKE)
def test_the_programs_own_words_stop_no_paper(
    withheld: str, lang: str, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hero = case(session, withheld)
    out = tmp_path / "a.pdf"
    publishing.make_report(session, hero, out, template="case-file", lang=lang, pack=False, **PUBLIC)
    assert out.exists()
    untold(monkeypatch)
    rules = {one.rule for one in paper(session, hero, Audience.PUBLIC, lang).findings}
    assert rules == {"text.name", "third.name", "streams.shown-text"}


@pytest.mark.parametrize(("withheld", "lang"), ALIKE)
def test_the_withheld_name_beside_them_does(
    withheld: str, lang: str, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: a renderer that prints the first name, in the letters of the label."""
    hero, honest = case(session, withheld), publishing.printed
    word = {"Ким Сынақ": "Кімге", "Май Сынақ": "May"}.get(withheld, withheld.partition(" ")[0])

    def leaking(view: View, **how: Any) -> Printed:
        root = view.records[0]
        return honest(replace(view, records=(replace(root, title=ViewText((word,))), *view.records[1:])), **how)

    monkeypatch.setattr(publishing, "printed", leaking)
    rules = {one.rule for one in paper(session, hero, Audience.PUBLIC, lang).findings}
    assert rules >= {"text.name", "third.name", "streams.shown-text"}


def test_a_month_that_somebody_wrote_in_an_account_waits_for_a_decision(session: Session) -> None:
    hero = case(session, "Наурыз Сынақ", "Жиын наурыз айында өтті.")
    assert paper(session, hero, Audience.PUBLIC, "ru").findings
    assert paper(session, hero, Audience.PUBLIC, "kk").findings


@pytest.mark.parametrize("form", [".csv", ".xlsx", ".json"])
@pytest.mark.parametrize("alike", [("Ким Сынақ", "kk"), ("Адам Сынақ", "kk"), ("Май Сынақ", "en")])
def test_nor_a_table(
    form: str, alike: tuple[str, str], session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    withheld, lang = alike
    case(session, withheld)
    exporting.export_table(session, "event", tmp_path / f"a{form}", lang=lang, **PARTNER)
    monkeypatch.setattr(exporting, "own_of_table", lambda *_: {})
    monkeypatch.setattr(exporting, "own_of_items", lambda *_: {})
    if form == ".json" and withheld == "Ким Сынақ":
        return  # it has fields by their ids
    with pytest.raises(LeakError) as refused:
        exporting.export_table(session, "event", tmp_path / f"b{form}", lang=lang, **PARTNER)
    assert {one.rule for one in refused.value.findings} == {"table.name"}


@pytest.mark.parametrize("form", [".csv", ".xlsx", ".json"])
def test_a_name_in_a_cell_is_found_where_it_stands(
    form: str, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case(session, "Адам Сынақ")
    honest = exporting._said
    monkeypatch.setattr(exporting, "_said", lambda shown: honest(shown) | {"response": "Адам келді"})
    with pytest.raises(LeakError) as refused:
        exporting.export_table(session, "event", tmp_path / f"a{form}", lang="kk", **PARTNER)
    code, numbers = ("item", {"line": 1}) if form == ".json" else ("cell", {"line": 2})
    assert refused.value.code == f"publication.leak-{code}"
    assert numbers.items() <= refused.value.params.items()
    assert {name for _, name in map(refused.value.cells.get, {one.position for one in refused.value.findings})} == (
        {""} if form == ".json" else {"response"}
    )
    found = {one.position for one in refused.value.findings}
    assert {line for line, _ in found} == ({1, 2} if form == ".json" else {2, 3})
    monkeypatch.setattr(tables, "not_own", lambda hits, text, _own, **_: by_word(hits, text, ["[АДАМ-1]"]))
    exporting.export_table(session, "event", tmp_path / f"a{form}", lang="kk", **PARTNER)


@pytest.mark.parametrize("alike", [("Наурыз Сынақ", "kk"), ("Адам Сынақ", "kk"), ("Май Сынақ", "en")])
def test_nor_a_pack_and_a_word_more_in_a_leaf_does(
    alike: tuple[str, str], session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    withheld, lang = alike
    how = {"template": "case-file", "lang": lang, "pack": True}
    hero = case(session, withheld)
    publishing.make_report(session, hero, tmp_path / "a.pdf", **PARTNER, **how)
    monkeypatch.setattr(publishing, "own_of_leaves", lambda view: [value[1:] for value in own_of_leaves(view)])
    with pytest.raises(LeakError) as refused:
        publishing.make_report(session, hero, tmp_path / "b.pdf", **PARTNER, **how)
    assert {one.rule for one in refused.value.findings} == {"pack.name"}
    word = withheld.partition(" ")[0]
    own = [[word, f"[{word}-1]"], [word]]
    leaves = [[bytes(16), bytes(32), 1, "event", "response", text] for text in (f"{word}, [{word}-1]", word)]
    assert pack_rules(leaves, withheld, own) == set()
    leaves[1][5] = f"{word}, {word}"
    assert pack_rules(leaves, withheld, own) == {"pack.name"}


def pack_rules(leaves: list[list[Any]], withheld: str, own: list[list[str]]) -> set[str]:
    """Return the codes of a pack of nothing but leaves."""
    body = dict.fromkeys(PARTS, "") | {"leaves": leaves, "proofs": []}
    said = {leaf[5] for leaf in leaves}
    return {
        one.rule for one in check_pack(encode(body), forbidden=[Forbidden(withheld, "identity")], said=said, own=own)
    }
