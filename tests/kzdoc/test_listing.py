"""A list from the rows of the vault says what one made by reading every record says."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework
from kzdoc.browsing import PLACES, Naming
from kzdoc.casework import Change
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Type
from kzdoc.exchange import incoming
from kzdoc.listing import Listing, Wanted, list_records
from kzdoc.vault import shelf
from kzdoc.vault.search import sort_key
from tests.kzdoc.test_exchange import send
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.ledger.merge import RecordState
    from kzdoc.session import Session
    from tests.offices import Office

A, B, _ = NAMES
KINDS_HERE = ("", "person", "detention", "event", "testimony")


def read(session: Session, wanted: Wanted) -> dict[str, Any]:
    """Return what a list says, from every record read."""
    naming = Naming(session)
    kinds = [wanted.kind] if wanted.kind else list(KINDS)
    every = [one for kind in kinds for one in session.records.records(kind)]
    some = [one for one in every if all(value in one.values(name) for name, value in wanted.facets)]
    places = Counter(place(session, one) for one in some)
    kept = [
        one for one in some if wanted.place in ("", place(session, one)) and (one.conflicts or not wanted.in_conflict)
    ]
    kept.sort(key=lambda one: (sort_key(naming.of_state(one)), one.id))
    fields = KINDS[wanted.kind].fields if wanted.kind else ()
    facets = [one.id for one in fields if one.facet and one.type is not Type.ADDRESS]
    tally = Counter((name, v) for one in some for name in facets for v in one.values(name) if isinstance(v, str | int))
    return {
        "rows": [(one.id, naming.of_state(one), place(session, one)) for one in kept[: wanted.limit]],
        "total": len(kept),
        "places": {name: places[name] for name in PLACES},
        "in_conflict": sum(bool(one.conflicts) for one in some),
        "facets": {(*key, count) for key, count in tally.items()},
    }


def place(session: Session, one: RecordState) -> str:
    brief = session.records.brief(one.id)
    return PLACES[brief.origin if brief else 0]


def said(found: Listing) -> dict[str, Any]:
    return {
        "rows": [(row.id, row.name, row.place) for row in found.rows],
        "total": found.total,
        "places": dict(found.places),
        "in_conflict": found.in_conflict,
        "facets": set(found.facets),
    }


def agrees(session: Session, rng: random.Random) -> bool:
    for kind in KINDS_HERE:
        whole = list_records(session, Wanted(kind, lang="kk"))
        facets = [(name, value) for name, value, _ in whole.facets]
        chosen = frozenset(rng.sample(facets, min(len(facets), rng.randint(1, 2))))
        for wanted in (
            Wanted(kind, lang="kk"),
            Wanted(kind, facets=chosen, limit=3),
            Wanted(kind, place=rng.choice(PLACES), facets=chosen),
            Wanted(kind, in_conflict=True),
        ):
            if said(list_records(session, wanted)) != read(session, wanted):
                return False
    return True


def fill(session: Session, rng: random.Random) -> None:
    names = ["Тестов Данияр", "Әсемова Үлгі", "Мысалов  Ғалым", "қалыпов", "Ёлкин", ""]
    people: list[bytes] = []
    for _ in range(8):
        name = rng.choice(names)
        told = [Change("sex", "set", rng.choice(["male", "female"]))]
        told += [Change(rng.choice(["name_kk", "name_ru"]), "set", name)] if name else []
        people.append(casework.add(session, "person", told))
    for _ in range(8):
        told = [Change("person", "set", rng.choice(people).hex())] if rng.random() < 0.8 else []
        told += [Change("place_of_detention", "set", rng.choice(["алаң", "вокзал"]))] if rng.random() < 0.5 else []
        told += [Change("actual_time", "set", "2026-03-01T11:20+05:00")]
        casework.add(session, "detention", told)
    for title in ("Митинг", "Әңгіме", "митинг"):
        casework.add(session, "event", [Change("title", "set", title)])
    casework.add(session, "testimony", [Change("about", "add", people[0].hex())])
    casework.remove(session, people[1], "қате")


def quarrel(session: Session, rng: random.Random, number: int) -> None:
    """Change some records that another desk changes too."""
    people = sorted(one.id for one in session.records.records("person"))
    for one in sorted(session.records.records("person"), key=lambda state: state.id)[:4]:
        casework.change(session, one.id, [Change("name_kk", "set", f"Сынақ {rng.choice('әбқ')}{number}")])
    for one in sorted(session.records.records("detention"), key=lambda state: state.id)[:3]:
        casework.change(session, one.id, [Change("person", "set", people[-1 - number].hex())])


@pytest.mark.parametrize("seed", range(3))
def test_a_list_says_what_reading_every_record_says(office: Office, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    a, b, _ = office.all()
    fill(a, rng)
    assert agrees(a, rng)
    incoming.take(b, send(a, tmp_path / "1", B))
    quarrel(a, rng, 0)
    quarrel(b, rng, 1)
    incoming.take(a, send(b, tmp_path / "2", A))
    assert list_records(a, Wanted("detention", in_conflict=True)).total
    assert agrees(a, rng)
    assert agrees(b, rng)


def test_a_shelf_that_shows_what_was_removed_would_be_caught(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    rng, a = random.Random(1), office.open(A)
    fill(a, rng)
    assert agrees(a, rng)
    monkeypatch.setattr(shelf, "_ROWS", shelf._ROWS.replace("removed = 0 AND ", ""))
    assert not agrees(a, rng)
