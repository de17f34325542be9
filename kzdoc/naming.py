"""Who is met in texts and what was decided of names nobody entered: the people of a vault for every way out of it.

Rules: decisions on unknown names are kept in the vault's settings, one list for all papers and languages; deciding
again replaces. What the leak check found may be said to be another person: with a reason, in the papers of one case or
the tables of one kind (``in_case``, ``in_tables``), and every such saying stays on record. Before a person's names are
forgotten it is asked here which texts still speak of the person: redaction knows no name that is nowhere in the vault.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kzdoc.casework import kept_aside
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Type
from kzdoc.encoding import decode, encode
from kzdoc.errors import InputError
from kzdoc.ledger.merge import RecordState
from kzdoc.ledger.revision import read_disclosure
from kzdoc.names.reading import mentions
from kzdoc.names.words import words_of
from kzdoc.progress import Progress, silent
from kzdoc.redaction.numbers import Numbers
from kzdoc.redaction.people import IDENTIFYING, Known, People, everybody, kinds_with_names
from kzdoc.redaction.text import identifying
from kzdoc.redaction.unknown import ANOTHER, HOW, NAME, Decisions
from kzdoc.session import Session
from kzdoc.vault import quarantine
from kzdoc.vault.filing import Filing
from kzdoc.vault.people import FiledPeople
from kzdoc.vault.unheard import Unheard

WITHHELD = quarantine.WITHHELD
"""Why something lies in the vault's quarantine: words taken out here."""
OTHER = ANOTHER
"""Instead of a decision: what the leak check found is the name of somebody else, with a reason and a place."""
ASK = "ask"
"""Instead of a decision: none any more."""
THERE = "there"
"""Kept of a decision that was made in a place: it holds also of what may be somebody withheld there."""
NAME_LIMIT = 120
_DECIDED = "name-decisions"
_REASONS = "name-reasons"
_PLACED = 3
"""The parts of a decision that holds in one place."""
_TEXTS = (Type.TEXT, Type.LONG_TEXT, Type.URL)


def people(session: Session) -> Known:
    """Return the people of the vault with what they allow today, by every spelling its history holds, looked up.

    What changed since the last time is filed first; where nothing can be written everybody is read instead.
    """
    filing = Filing(session.vault, session.clock().day())
    if filing.behind():
        if session.vault.read_only:
            return read_everybody(session)
        filing.catch_up()
    return session.once("people", lambda: FiledPeople(filing, decisions(session), lambda: read_everybody(session)))


def read_everybody(session: Session) -> People:
    """Return the same people read from everybody's records at once; kept until anything changes."""
    return session.once("everybody", lambda: _everybody(session))


def _everybody(session: Session) -> People:
    read = session.records
    kinds = ["person", *kinds_with_names()]
    writing = (one for kind_id in kinds[1:] for one in read.records(kind_id))
    said = [one for kind_id in kinds for one in read.once_said(kind_id)]
    unheard = Unheard(session.vault.database)
    silent = [*unheard.among(session.store.in_force()[0])]
    said += [(one.id, name, value) for one in silent for name, value in unheard.said(one.id)]
    return everybody(
        read.records("person"),
        read.removed("person"),
        read.records("consent"),
        writing,
        day=session.clock().day(),
        once_said=[*said, *_kept_aside(session)],
        unheard=silent,
        decided=decisions(session),
    )


def catch_up(session: Session, *, most: int | None = None, progress: Progress = silent) -> int:
    """File the names that changed since the last time, so that nobody waits for it later; return how many records.

    ``most``: stop after some so many. Does nothing in a vault that can only be read.
    """
    filing = Filing(session.vault, session.clock().day())
    return 0 if session.vault.read_only or not filing.behind() else filing.catch_up(progress, most=most)


def _kept_aside(session: Session) -> list[tuple[bytes, str, Any]]:
    """Return what is withheld on this desk: out of every list, and still met in texts."""
    waiting = [one.id for one in session.vault.quarantine.all() if one.reason == WITHHELD]
    kept = [
        (record, raw) for record in waiting for said in kept_aside(session, record).values() for raw in said.values()
    ]
    read = [(record, read_disclosure(raw)) for record, raw in kept]
    return [(record, said.field, said.value) for record, said in read]


def in_case(root: bytes) -> str:
    """Return what stands for the papers of a case where something holds there alone."""
    return root.hex()


def in_tables(kind_id: str) -> str:
    """Return what stands for the tables of a kind where something holds there alone."""
    return kind_id


def decisions(session: Session) -> Decisions:
    """Return what was decided of names nobody entered."""
    kept = session.vault.settings.get(_DECIDED)
    rows = [tuple(map(str, row)) for row in decode(kept)] if kept else []
    placed = [row for row in rows if len(row) == _PLACED]
    return Decisions(
        tuple([(row[0], row[1]) for row in rows if row[1] != OTHER and len(row) < _PLACED]),
        tuple([(row[0], row[2]) for row in placed if row[1] == OTHER]),
        tuple([(row[0], row[2]) for row in placed if row[1] == THERE]),
    )


def decide(session: Session, names: Sequence[str], how: str, *, reason: str = "", scope: str = "") -> Decisions:
    """Decide of names or words once for all papers; return all decisions.

    ``how``: one of ``HOW``; ``OTHER`` for what is found in a paper or table and is another person's, with a ``reason``
    and in its ``scope`` (``in_case``, ``in_tables``) alone; ``ASK`` to be asked again, with a scope what holds there.
    All others hold everywhere, and of what may be somebody withheld in a place only in their scope. Raises
    ``InputError``: ``name.how``; ``name.no-reason``; ``name.no-scope``; ``name.no-word`` for a text without a letter or
    longer than a name.
    """
    cleaned = _checked(names, how, reason, scope)
    before = decisions(session)
    general, others, there_too, told = dict(before.said), set(before.others), set(before.there), []
    for name in cleaned:
        if how in (ASK, OTHER, NAME):
            there_too -= {one for one in there_too if one[0] == name and (how == NAME or scope in ("", one[1]))}
        elif scope:
            there_too.add((name, scope))
        there = {(name, scope)} & others if how in (OTHER, ASK) and scope else {one for one in others if one[0] == name}
        if there or how == OTHER:
            told.append([name, how, reason.strip(), session.clock().day(), scope if how in (OTHER, ASK) else ""])
        others -= there
        if how == OTHER:
            others.add((name, scope))
        elif not (there and scope and how == ASK):
            general.pop(name, None)
        if how in HOW:
            general[name] = how
    if told:
        session.vault.settings.put(_REASONS, encode([*_reasons(session), *told]))
    rows = [[name, said] for name, said in general.items()]
    rows += [[name, sort, where] for sort, several in ((OTHER, others), (THERE, there_too)) for name, where in several]
    session.vault.settings.put(_DECIDED, encode(sorted(rows)))
    return decisions(session)


def _checked(names: Sequence[str], how: str, reason: str, scope: str) -> list[str]:
    if how not in (*HOW, OTHER, ASK):
        raise InputError("name.how", list=", ".join((*HOW, OTHER, ASK)))
    if how == OTHER and not reason.strip():
        raise InputError("name.no-reason")
    if how == OTHER and not scope:
        raise InputError("name.no-scope")
    cleaned = [" ".join(name.split()) for name in names]
    if not cleaned or any(not words_of(name) or len(name) > NAME_LIMIT for name in cleaned):
        raise InputError("name.no-word", limit=NAME_LIMIT)
    return cleaned


def _reasons(session: Session) -> list[Any]:
    kept = session.vault.settings.get(_REASONS)
    return list(decode(kept)) if kept else []


def reasons(session: Session) -> list[dict[str, str]]:
    """Return everything said of names that are another person's, taken back or not: name, how, reason, day, scope."""
    keys = ("name", "as", "reason", "date", "scope")
    return [dict(zip(keys, map(str, [*one, ""]), strict=False)) for one in _reasons(session)]


def lying(session: Session, record: bytes) -> RecordState:
    """Return a record's present state, or, when nothing of it is in force here, what all its words together say.

    Raises ``InputError("record.unknown")``.
    """
    found = session.records.record(record) or Unheard(session.vault.database).record(record)
    if found is None:
        raise InputError("record.unknown")
    return found


def still_named(session: Session, person: bytes, fields: Sequence[str] = ()) -> list[bytes]:
    """Return the records whose texts still speak of a person by what these fields (none: all) ever held, sorted."""
    if lying(session, person).kind != "person":
        return []
    known = read_everybody(session)
    one = next((record for record in known.records if record.id == person), None)
    asked = [name for name in IDENTIFYING if not fields or name in fields]
    if one is None or not asked:
        return []
    names, numbers, addresses = identifying(one, known.earlier.get(person, {}), asked)
    index = known.index() if names else None
    looked = Numbers.known(numbers, addresses)
    found = []
    for record in session.records.records():
        of = KINDS.get(record.kind)
        free = [each.id for each in of.fields if each.type in _TEXTS] if of and record.id != person else []
        texts = [str(value) for name in free for value in record.values(name)]
        if any(looked.met(text) for text in texts) or (
            index is not None and any(person in each.whose for text in texts for each in mentions(index, text))
        ):
            found.append(record.id)
    return sorted(found)
