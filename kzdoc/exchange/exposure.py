"""Exposure: when a laptop is taken, who and what is exposed, as far as the coordinator's own copy tells.

What a laptop held is what its owner wrote, what his bundles brought here, and what bundles made here carried to him,
down to the statement; words taken back here and words beyond a revoked author's good heads too, for he holds them all
the same. Rules: nothing is guessed: what other desks sent him is not known here and the answer says so. The paper is
for the inside; it goes through no leak check and is signed by nobody.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kzdoc.bundle.cards import read_card
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Field, Sensitivity, Type
from kzdoc.exchange.held import held_roster
from kzdoc.exchange.trust import named, write_new
from kzdoc.language import catalogue
from kzdoc.ledger.history import held_entries
from kzdoc.progress import Progress, silent
from kzdoc.report.exposure_page import ExposurePaper, Rows, draw_exposure
from kzdoc.session import Session
from kzdoc.vault.contacts import Contact

COUNTS = ("records", "persons", "names", "phones", "addresses", "witnesses", "photos", "medical", "files")
MOST_ROWS = 2_000
_CLASS_OF = {
    "phones": Sensitivity.CONTACT,
    "addresses": Sensitivity.LOCATION,
    "photos": Sensitivity.PHOTO,
    "medical": Sensitivity.MEDICAL,
}
_WITNESS = "witness"

Held = dict[bytes, dict[str, list[Any]]]
"""Values by field, by record."""


def exposure(session: Session, name: str | None, *, progress: Progress = silent) -> dict[str, Any]:
    """Say what the laptop of a partner held, in the JSON of `vault exposure`; without a name, what this vault holds.

    Raises ``InputError("contact.unknown")``.
    """
    contact = named(session, name) if name not in (None, session.name) else None
    held, files, said = _held(session, contact, progress)
    states = session.records.states(sorted(held))
    kinds = said | {record: one.kind for record, one in states.items()}
    witnesses = {
        value
        for record, fields in held.items()
        if kinds[record] == "testimony"
        for value in fields.get(_WITNESS, ())
        if isinstance(value, bytes)
    }
    people = [
        _person(record, fields, witness=record in witnesses)
        for record, fields in held.items()
        if kinds[record] == "person"
    ]
    return {
        "name": contact.name if contact else session.name,
        "author": (contact.author if contact else session.author).hex(),
        "counts": _counts(held, kinds, people, witnesses) | {"files": len(files)},
        "people": sorted(people, key=lambda one: (str(one["name"]), str(one["id"]))),
        "partners": _partners(session, contact),
        "bundles": _bundles(session, contact),
        "not_judged": "sent-by-others" if contact else "",
    }


def write_exposure(
    session: Session, name: str | None, out: Path, *, lang: str, progress: Progress = silent
) -> dict[str, Any]:
    """Write the printable paper of an exposure to a new file and return what ``exposure`` does.

    Raises ``InputError``: ``contact.unknown``, ``file.exists``; the error of the disk.
    """
    told = exposure(session, name, progress=progress)
    write_new(out, draw_exposure(_paper(session, told, lang), lang=lang))
    return told


def _held(session: Session, contact: Contact | None, progress: Progress) -> tuple[Held, set[bytes], dict[bytes, str]]:
    """Return every value that the laptop held, by record and field, the files, and of which kinds the records are."""
    log = session.vault.sent
    brought = log.brought(contact.author) if contact else set()
    carried = log.carried(contact.number, receipted_only=False) if contact else {}
    held: Held = {}
    kinds: dict[bytes, str] = {}
    files = log.carried_blobs(contact.number, receipted_only=False) if contact else set()
    for number, revision in enumerate(session.vault.chains.since()):
        progress("exposure.read", number, 0)
        whole = contact is None or revision.skeleton.author == contact.author or revision.id in brought
        went = carried.get(revision.id, set())
        if not (whole or went):
            continue
        for entry in held_entries(revision):
            if entry.entry.kind.startswith("_"):
                continue
            for index, said in entry.statements.items():
                if said.value is None or not (whole or index in went):
                    continue
                kinds.setdefault(entry.entry.record, entry.entry.kind)
                values = held.setdefault(entry.entry.record, {}).setdefault(said.field, [])
                if said.value not in values:
                    values.append(said.value)
                if whole and isinstance(said.value, Mapping) and isinstance(said.value.get("sha256"), bytes):
                    files.add(said.value["sha256"])
    return held, files, kinds


def _fields(kind: str) -> dict[str, Field]:
    return {field.id: field for field in KINDS[kind].fields} if kind in KINDS else {}


def _person(record: bytes, values: Mapping[str, list[Any]], *, witness: bool) -> dict[str, Any]:
    declared = _fields("person")
    by_class: dict[str, int] = {}
    for name, several in values.items():
        field = declared.get(name)
        if field is not None and field.sensitivity is not None:
            by_class[field.sensitivity.value] = by_class.get(field.sensitivity.value, 0) + len(several)
    names = [str(value) for name in values if _is_name(declared.get(name)) for value in values[name]]
    return {
        "id": record.hex(),
        "name": names[0] if names else "",
        "names": sorted(set(names)),
        "by_class": dict(sorted(by_class.items())),
        "witness": witness,
    }


def _is_name(field: Field | None) -> bool:
    return field is not None and field.name_of


def _counts(
    held: Held, kinds: Mapping[bytes, str], people: list[dict[str, Any]], witnesses: set[bytes]
) -> dict[str, int]:
    counts = dict.fromkeys(COUNTS, 0)
    counts |= {"records": len(held), "persons": len(people), "witnesses": len(witnesses)}
    counts["names"] = sum(bool(one["names"]) for one in people)
    for record, values in held.items():
        declared = _fields(kinds[record])
        for name, several in values.items():
            field = declared.get(name)
            if field is None:
                continue
            if field.type is Type.ADDRESS:
                counts["addresses"] += len(several)
                continue
            for count, sensitivity in _CLASS_OF.items():
                if field.sensitivity is sensitivity:
                    counts[count] += len(several)
    return counts


def _partners(session: Session, contact: Contact | None) -> list[dict[str, Any]]:
    """Return whose keys and names the laptop held, as far as it is known: ``how`` tells from what."""
    if contact is None:
        cards = [(one.author, "card") for one in session.vault.contacts.all()]
        return [_partner(session, author, how) for author, how in cards]
    known: dict[bytes, str] = {session.author: "sent-here"}
    for author in session.introduced_by(contact.author):
        known.setdefault(author, "introduced-by")
    roster = held_roster(session)
    went = session.vault.sent.carried(contact.number, receipted_only=False)
    for revision in session.vault.chains.revisions(list(went)).values():
        known.setdefault(revision.skeleton.author, "introduced-to")
    if roster is not None and roster.knows(contact.author):
        for author in roster.members:
            known.setdefault(author, "roster")
    known.pop(contact.author, None)
    return [_partner(session, author, how) for author, how in known.items()]


def _partner(session: Session, author: bytes, how: str) -> dict[str, Any]:
    cards = [read_card(one.card) for one in session.vault.contacts.by_author(author)]
    return {"name": session.author_name(author), "fingerprint": cards[0].digits if cards else "", "how": how}


def _bundles(session: Session, contact: Contact | None) -> list[dict[str, Any]]:
    """Return the bundles that hold copies: those made here for him, and those of his that were taken in here."""
    told: list[dict[str, Any]] = []
    for out in session.vault.sent.bundles():
        for number, _, received in out.recipients:
            if contact is None or number == contact.number:
                reader = session.vault.contacts.numbered(number)
                told.append(
                    {
                        "bundle": out.root.hex(),
                        "direction": "sent",
                        "with": reader.name if reader else "",
                        "day": _day(out.made),
                        "profile": out.profile,
                        "receipted": received > 0,
                    }
                )
    told += [
        {
            "bundle": came.root.hex(),
            "direction": "taken",
            "with": session.author_name(came.sender),
            "day": _day(came.taken),
            "profile": "",
            "receipted": bool(came.receipt),
        }
        for came in session.vault.taken_in.bundles()
        if contact is None or came.sender == contact.author
    ]
    return told


def _day(seconds: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(seconds))


def _paper(session: Session, told: Mapping[str, Any], lang: str) -> ExposurePaper:
    say = catalogue("report", lang).say
    name = str(told["name"])
    people: list[tuple[str, str]] = []
    for one in told["people"]:
        classes = [f"{say('exposure.class.' + key)}: {count}" for key, count in one["by_class"].items()]
        words = [" / ".join(one["names"]), *classes, *([say("exposure.witness")] if one["witness"] else [])]
        people.append((one["id"][:12], "; ".join(word for word in words if word)))
    partners = [(one["name"], one["fingerprint"] or "–") for one in told["partners"]]
    bundles = [(one["bundle"][:12], f"{one['with']}: {_bundle_words(one, lang)}") for one in told["bundles"]]
    return ExposurePaper(
        say("exposure.title", name=name),
        say("exposure.note", name=name),
        (
            (say("exposure.counts"), [(say("exposure." + key), str(told["counts"][key])) for key in COUNTS]),
            (say("exposure.people"), _bounded(people, lang)),
            (say("exposure.partners"), _bounded(partners, lang)),
            (say("exposure.bundles"), _bounded(bundles, lang)),
        ),
        session.clock().day(),
        session.practice,
    )


def _bounded(rows: Rows, lang: str) -> Rows:
    if len(rows) <= MOST_ROWS:
        return rows
    more = catalogue("report", lang).say("exposure.more", n=len(rows) - MOST_ROWS)
    return [*rows[:MOST_ROWS], ("", more)]


def _bundle_words(one: Mapping[str, Any], lang: str) -> str:
    say = catalogue("report", lang).say
    if one["direction"] == "taken":
        return say("exposure.taken", day=one["day"])
    receipted = say("exposure.yes" if one["receipted"] else "exposure.no")
    return say("exposure.sent", day=one["day"], profile=one["profile"], receipted=receipted)
