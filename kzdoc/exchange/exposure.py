"""Exposure: when a laptop is taken, who and what is exposed, as far as the coordinator's own copy tells.

What a laptop held is what laptop.py finds, down to the statement. Rules: nothing is guessed: what is not known here the
answer says (``not_judged``). The paper is for the inside; it goes through no leak check and is signed by nobody.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kzdoc.bundle.cards import read_card
from kzdoc.bundle.roster import Roster
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Field, Sensitivity, Type
from kzdoc.exchange.held import held_roster
from kzdoc.exchange.incoming import UNVERIFIED_SENDER
from kzdoc.exchange.laptop import Laptop, laptop_of
from kzdoc.exchange.trust import named, write_new
from kzdoc.language import catalogue
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


def exposure(session: Session, name: str | None, *, progress: Progress = silent) -> dict[str, Any]:
    """Say what the laptop of a partner held, in the JSON of `vault exposure`; without a name, what this vault holds.

    Raises ``InputError("contact.unknown")``.
    """
    contact = named(session, name) if name not in (None, session.name) else None
    laptop = laptop_of(session, contact, progress)
    held = laptop.held
    states = session.records.states(sorted(held))
    kinds = laptop.kinds | {record: one.kind for record, one in states.items()}
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
        "counts": _counts(held, kinds, people, witnesses) | {"files": len(laptop.files)},
        "people": sorted(people, key=lambda one: (str(one["name"]), str(one["id"]))),
        "partners": _partners(session, contact, laptop),
        "bundles": _bundles(session, contact),
        "not_judged": sorted(laptop.unknown),
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
    held: Mapping[bytes, Mapping[str, list[Any]]],
    kinds: Mapping[bytes, str],
    people: list[dict[str, Any]],
    witnesses: set[bytes],
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


def _partners(session: Session, contact: Contact | None, laptop: Laptop) -> list[dict[str, Any]]:
    """Return whose keys and names the laptop held, as far as it is known: ``how`` tells from what."""
    known = dict.fromkeys([one.author for one in session.vault.contacts.all()] if contact is None else [], "card")
    if contact is not None:
        known[session.author] = "sent-here"
        known |= dict.fromkeys(session.introduced_by(contact.author), "introduced-by")
    for author, how in laptop.authors.items():
        known.setdefault(author, how)
    roster = held_roster(session)
    if contact is not None and roster is not None and _has_roster(session, roster, contact):
        for author in roster.members:
            known.setdefault(author, "roster")
    known.pop(contact.author if contact else session.author, None)
    return [_partner(session, author, how) for author, how in known.items()]


def _has_roster(session: Session, roster: Roster, contact: Contact) -> bool:
    """Return whether a partner holds the office's roster: he is of it, or a bundle carried it to him or from him."""
    to_him = [out.root for out in session.vault.sent.bundles() if contact.number in [one for one, *_ in out.recipients]]
    text = hashlib.sha256(roster.text.encode("ascii")).digest()
    return roster.knows(contact.author) or text in session.vault.told.holds(contact.number, coming=to_him)


def _partner(session: Session, author: bytes, how: str) -> dict[str, Any]:
    cards = [read_card(one.card) for one in session.vault.contacts.by_author(author)]
    return {"name": session.author_name(author), "fingerprint": cards[0].digits if cards else "", "how": how}


def _bundles(session: Session, contact: Contact | None) -> list[dict[str, Any]]:
    """Return the bundles that hold copies: those made here for him, and those of his that came here."""
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
    told += [
        {
            "bundle": one.id.hex(),
            "direction": "waiting",
            "with": session.author_name(one.sender),
            "day": _day(one.arrived),
            "profile": "",
            "receipted": False,
        }
        for one in session.vault.quarantine.all()
        if one.reason == UNVERIFIED_SENDER and (contact is None or one.sender == contact.author)
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
            (say("exposure.not-known"), [("", words) for words in not_known(told, lang)]),
        ),
        session.clock().day(),
        session.practice,
    )


def not_known(told: Mapping[str, Any], lang: str) -> list[str]:
    """Return in words what of an exposure is not known here."""
    return [catalogue("report", lang).say("exposure.not." + code) for code in told["not_judged"]]


def _bounded(rows: Rows, lang: str) -> Rows:
    if len(rows) <= MOST_ROWS:
        return rows
    more = catalogue("report", lang).say("exposure.more", n=len(rows) - MOST_ROWS)
    return [*rows[:MOST_ROWS], ("", more)]


def _bundle_words(one: Mapping[str, Any], lang: str) -> str:
    say = catalogue("report", lang).say
    if one["direction"] != "sent":
        return say("exposure." + one["direction"], day=one["day"])
    receipted = say("exposure.yes" if one["receipted"] else "exposure.no")
    return say("exposure.sent", day=one["day"], profile=one["profile"], receipted=receipted)
