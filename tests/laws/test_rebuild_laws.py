"""Whatever desks did and exchanged, every projection is what it would be made anew from the revisions.

Both sides are looked at inside a transaction that is rolled back, so that nothing is mended on the way: what waits to
be filed waits on, and a mistake of one step is still there after the next.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc.domain.audience import Audience
from kzdoc.exchange import choosing
from kzdoc.exchange.rehearsing import rehearsal
from kzdoc.matching import Filed
from kzdoc.progress import silent
from kzdoc.vault.check import check
from kzdoc.vault.names import Names
from kzdoc.vault.near import Near
from kzdoc.vault.projection import Projections
from kzdoc.vault.schema import PROJECTION_TABLES
from kzdoc.vault.store import Store
from kzdoc.vault.truth import Truth
from kzdoc.vault.whereabouts import Whereabouts
from tests.laws.exchanging import Exchanging, a_week, caught_up
from tests.offices import NAMES
from tests.readers_nearby import read_nearby

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.ledger.revision import Revision
    from kzdoc.session import Session
    from tests.offices import Office

Rows = dict[str, list[tuple[Any, ...]]]

BY_ID = {
    "entry_of": "SELECT record, seq, number FROM entry_of",
    "aside": "SELECT target, seq FROM aside",
    "record": "SELECT id, kind, title, state, conflicts, withheld, removed FROM record",
    "facet": "SELECT f.field, f.value, r.id FROM facet f LEFT JOIN record r ON r.number = f.record",
    "link": "SELECT l.target, r.id, l.field FROM link l LEFT JOIN record r ON r.number = l.source",
    "near_due": "SELECT r.id FROM near_due n LEFT JOIN record r ON r.number = n.record",
    "near_key": "SELECT n.key, r.id FROM near_key n LEFT JOIN record r ON r.number = n.record",
    "near_pair": "SELECT min(a.id, b.id), max(a.id, b.id), n.score FROM near_pair n"
    " LEFT JOIN record a ON a.number = n.one LEFT JOIN record b ON b.number = n.other",
    "name_due": "SELECT r.id FROM name_due n LEFT JOIN record r ON r.number = n.record",
    "name_key": "SELECT key, owner, flags FROM name_key",
    "name_form": "SELECT form, word FROM name_form",
    "name_until": "SELECT owner, upto FROM name_until",
    "hold_due": "SELECT record FROM hold_due",
    "hold_of": "SELECT record, export FROM hold_of",
    "hold_now": "SELECT export, said, other, holds FROM hold_now",
    "hold_until": "SELECT record, upto FROM hold_until",
    "search": "SELECT i.term, i.col, i.offset, r.id FROM temp.here_where i LEFT JOIN record r ON r.number = i.doc",
}
OTHERWISE = {"name_upto", "hold_upto", "lacks", "lack"}
"""What holds only how far somebody came; ``lack`` is judged by what would go to each partner."""


def test_every_projection_is_asked_for() -> None:
    assert BY_ID.keys() | OTHERWISE == set(PROJECTION_TABLES)


def rows(session: Session) -> Rows:
    """Return what every projection says, records by their ids."""
    database = session.vault.database
    database.run("CREATE VIRTUAL TABLE temp.here_where USING fts5vocab (main, search, instance)")
    try:
        return {table: sorted(database.rows(question), key=repr) for table, question in BY_ID.items()}
    finally:
        database.run("DROP TABLE temp.here_where")


def going(session: Session) -> Rows:
    """Return what would go to each partner now, but for what first came in a bundle of his own: he holds it.

    The index of what partners lack knows that, and one made anew looks at all there is.
    """
    found: Rows = {}
    for partner in session.vault.contacts.all():
        brought = session.vault.database.rows(
            "SELECT r.id FROM revision r JOIN origin o ON o.number = r.origin JOIN bundle_in b ON b.root = o.root"
            " WHERE b.sender = ?",
            (partner.author,),
        )
        own = {row[0] for row in brought}
        for audience in (Audience.INTERNAL, Audience.PARTNER):
            choice = choosing.choice_of(session, audience, None)
            parts, _ = choosing.parts_of(session, choice, [partner], silent)
            sent = [(one.id, sorted(one.statements), sorted(one.entries)) for one in parts if one.id not in own]
            sent = [one for one in sent if one[1] or one[2]]
            here = session.vault.chains.erased()
            found[f"{partner.name} {audience.value}"] = [*sent, tuple(sorted(choice.forgotten & here))]
    return found


def marks(session: Session) -> dict[bytes, int]:
    """Return where else each record is."""
    return dict(session.vault.database.rows("SELECT id, origin FROM record"))


def other(here: list[tuple[Any, ...]], anew: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """Return the rows that stand on one side alone."""
    return {"here": [one for one in here if one not in anew], "anew": [one for one in anew if one not in here]}


def agree(session: Session) -> None:
    """Check that what every projection says, once all that waits was looked at, is what it says made anew."""
    with rehearsal(session):
        marked = marks(session)
        session.vault.whereabouts.follow_records(marked.keys())
        sure = marks(session)
        caught_up(session)
        here, go = rows(session), going(session)
        session.vault.rebuild()
        caught_up(session)
        anew, goes = rows(session), going(session)
        found = {table: other(here[table], anew[table]) for table in BY_ID if here[table] != anew[table]}
        found |= {name: other(go[name], goes[name]) for name in go if go[name] != goes[name]}
        found["where else"] = {"here": [one for one in marked if marked[one] > sure[one]]}
        assert found == {"where else": {"here": []}}


def lived(office: Office, folder: Path, seed: int, steps: int) -> Exchanging:
    """Return desks after some steps, each judged right after it."""
    folder.mkdir()
    chance = random.Random(seed)
    office.randomness = chance.randbytes
    one = Exchanging(office.all()[: chance.choice([2, 3])], chance, folder)
    while sum(one.happened.values()) < steps:
        who = one.step()
        if who is not None:
            agree(one.desks[who])
    for desk in one.desks:
        assert check(desk.vault) == []
    return one


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read bundles in this process; let no name be rarer than another: a likely pair keeps the score of its day."""
    read_nearby(monkeypatch)
    monkeypatch.setattr(Filed, "count", lambda *_: 1)
    monkeypatch.setattr(Filed, "size", lambda *_: 1000)


def test_after_each_act_of_a_week_every_projection_is_what_it_would_be_made_anew(
    office: Office, tmp_path: Path
) -> None:
    (tmp_path / "sent").mkdir()
    a_week(office.open(NAMES[0]), office.open(NAMES[2]), tmp_path / "sent", agree)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(60))
def test_whatever_desks_exchange_every_projection_is_what_it_would_be_made_anew(
    seed: int, office: Office, tmp_path: Path
) -> None:
    one = lived(office, tmp_path / "sent", seed, 60)
    assert len(one.happened) > 8, one.happened


def replaced_unseen(self: Truth, seq: int, revision: Revision, really: Any = Truth.replace) -> None:
    """Write what is held of a revision, and forget that partners may lack it now."""
    really(self, seq, revision)
    self._database.run("DELETE FROM lack WHERE seq = ?", (seq,))


@pytest.mark.parametrize(
    ("broken", "instead"),
    [
        ((Names, "touch"), lambda *_: None),
        ((Projections, "_near_of"), lambda *_: None),
        ((Near, "due_about"), lambda *_: None),
        ((Projections, "_due"), lambda *_: None),
        ((Store, "_refresh"), lambda *_, **__: set()),
        ((Whereabouts, "follow_more"), lambda *_, **__: None),
        ((Truth, "replace"), replaced_unseen),
    ],
    ids=["names", "near", "companions", "held", "set aside", "where else", "lacking"],
)
def test_the_twin_of_which_a_projection_forgets_a_case_is_caught(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: tuple[type, str], instead: object
) -> None:
    (tmp_path / "sent").mkdir()
    monkeypatch.setattr(*broken, instead)
    with pytest.raises(AssertionError):
        a_week(office.open(NAMES[0]), office.open(NAMES[2]), tmp_path / "sent", agree)
