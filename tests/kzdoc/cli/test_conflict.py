"""`conflict`: settling by naming statements in full or in short, several of them, removals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import casework, settling
from kzdoc.casework import Change
from kzdoc.ledger.revision import NewEntry, NewStatement
from tests.kzdoc.cli.conftest import call

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.kzdoc.cli.conftest import Do
    from tests.offices import Office

from tests.kzdoc.test_exchange import put, send
from tests.offices import NAMES

YEARS = ("1980", "1981", "1982")


@pytest.fixture
def contested(session: Session) -> str:
    """Return a person about whose year of birth three revisions say three things."""
    person = casework.add(session, "person", [Change("name_kk", "set", "Тестов Данияр")])
    for year in YEARS:
        session.write([NewEntry(person, "person", (NewStatement("born", year),))])
    return person.hex()


def listed(do: Do, *more: str) -> dict[str, str]:
    """Return the statements of the one conflict that is listed, by value."""
    (row,) = do("conflict", "list", "VAULT", "--json", *more).rows
    return {one["value"]: one["statement"] for one in row["values"]}


def test_several_that_are_kept_stand_beside_each_other_and_can_be_taken_back(
    do: Do, session: Session, contested: str
) -> None:
    told = listed(do)
    keep = [word for year in ("1980", "1982") for word in ("--keep", told[year])]
    shown = do("conflict", "settle", "VAULT", contested, "born", *keep, "--json").document
    assert (shown["fields"]["born"], shown["conflicts"]) == (["1980", "1982"], ["born"])
    (kept,) = settling.contentions(session, kept=True)
    assert kept.kept_both, "as the window keeps them"
    both = [word for name in listed(do).values() for word in ("--keep", name)]
    assert do("conflict", "settle", "VAULT", contested, "born", *both).code == "conflict.none"
    (revision,) = {name.partition(":")[0] for name in listed(do).values()}
    assert do("conflict", "settle", "VAULT", "--take-back", revision, "--json").document["records"] == 1
    assert set(listed(do)) == set(YEARS)
    before = session.vault.chains.heads()
    assert do("conflict", "settle", "VAULT", "--take-back", revision).code == "conflict.nothing-to-take-back"
    assert session.vault.chains.heads() == before, "nothing was written"
    all_three = [word for name in listed(do).values() for word in ("--keep", name)]
    assert do("conflict", "settle", "VAULT", contested, "born", *all_three, "--json").document["fields"]["born"] == [
        *YEARS
    ]


def test_a_statement_is_shown_with_its_author_and_named_in_short(do: Do, session: Session, contested: str) -> None:
    told = listed(do)
    line = do("conflict", "list", "VAULT", "--ui-lang", "en").out
    for year, statement in told.items():
        name = settling.short_name(casework.statement_ref(statement))
        assert f"{year} ({session.name}, {name})" in line
    assert do("conflict", "settle", "VAULT", contested, "born", "--keep", "zz").code == "conflict.no-such-statement"
    assert do("conflict", "settle", "VAULT", contested, "born", "--keep", "").code == "conflict.no-such-statement"
    assert do("conflict", "settle", "VAULT", contested, "born", "--keep", ":1").code == "conflict.no-such-statement"
    short = settling.short_name(casework.statement_ref(told["1981"]))
    wrong = short.partition(":")[0] + ":99999"
    assert do("conflict", "settle", "VAULT", contested, "born", "--keep", wrong).code == "conflict.no-such-statement"
    twice = ("--keep", short, "--keep", told["1981"])
    assert do("conflict", "settle", "VAULT", contested, "born", *twice, "--json").document["fields"]["born"] == "1981"


def test_a_name_that_several_statements_have_is_refused(do: Do, contested: str) -> None:
    names = [word for name in listed(do).values() for word in ("--keep", name)]
    assert do("conflict", "settle", "VAULT", contested, "born", *names).status == 0
    (revision,) = {name.partition(":")[0] for name in listed(do).values()}
    refused = do("conflict", "settle", "VAULT", contested, "born", "--keep", revision[:6])
    assert refused.code == "conflict.several-begin-so"
    assert len(listed(do)) == 3


@pytest.fixture
def removed(office: Office, tmp_path: Path) -> tuple[Session, str]:
    """Return the second desk's vault, where a removal stands against what was written meanwhile."""
    a, b, _ = office.all()
    person = put(a, name_kk="Тестов Данияр")
    (file,) = send(a, tmp_path / "1", NAMES[1])
    assert call(b, "bundle", "take", "VAULT", str(file)).status == 0
    casework.change(b, person, [Change("occupation", "set", "мұғалім")])
    casework.remove(a, person, "қате")
    (file,) = send(a, tmp_path / "2", NAMES[1])
    assert call(b, "bundle", "take", "VAULT", str(file)).status == 0
    return b, person.hex()


def test_a_removal_is_shown_in_words_and_settled_by_keeping_alone(removed: tuple[Session, str]) -> None:
    session, person = removed
    for lang, words in (("en", "removed: қате"), ("ru", "удалена: қате"), ("kk", "жойылды: қате")):
        line = call(session, "conflict", "list", "VAULT", "--ui-lang", lang).out
        assert words in line
        assert "seen" not in line
        assert "stays" in line
    settle = ("conflict", "settle", "VAULT", person, "_removed")
    assert call(session, *settle, "--value", "x").code == "conflict.removal"
    assert call(session, *settle, "--value", "").code == "conflict.removal"
    assert call(session, *settle, "--keep", "nonsense").code == "conflict.no-such-statement"
    assert call(session, *settle, "--keep", "removed", "--keep", "stays").code == "conflict.not-both"
    assert len(call(session, "conflict", "list", "VAULT", "--json").rows) == 1
    shown = call(session, *settle, "--keep", "stays", "--json").document
    assert (shown["conflicts"], shown.get("removed", False)) == ([], False)


def test_a_removal_is_kept_by_its_word_or_its_name(removed: tuple[Session, str]) -> None:
    session, person = removed
    ((statement,),) = [
        [one["statement"] for one in row["values"]] for row in call(session, "conflict", "list", "VAULT", "--json").rows
    ]
    for keep in (settling.short_name(casework.statement_ref(statement)), "removed"):
        done = call(session, "conflict", "settle", "VAULT", person, "_removed", "--keep", keep, "--json")
        if keep == "removed":
            assert done.code == "conflict.none", "it was settled the first time"
        else:
            assert done.document["removed"] is True
