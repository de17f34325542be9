"""What was put into an exchange folder and should not arrive any more is taken back before anything more goes there.

Rules: a bundle that not all its readers have receipted is withdrawn when it carried words that were since forgotten,
withheld or taken back here, words its audience may not have any more, or when one of its readers was revoked: he could
open it until the others have it. What else it carried is not on its way then and goes again by itself. It is judged
again only when something changed here, or the day.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from kzdoc.domain.audience import Audience
from kzdoc.encoding import encode
from kzdoc.exchange import folder_memory as memory
from kzdoc.exchange.choosing import Choice, choice_of
from kzdoc.exchange.folder_files import look, mark_of, taken_back
from kzdoc.exchange.folder_memory import Put
from kzdoc.exchange.incoming import BUNDLES
from kzdoc.exchange.trust import REVOKED
from kzdoc.ledger.revision import INDEX_BASE
from kzdoc.naming import decisions
from kzdoc.session import Session
from kzdoc.vault.batch import in_batches
from kzdoc.vault.sent import ENTRY_ALONE
from kzdoc.vault.store import AT_ONCE

_TAKEN_AWAY = frozenset(("erased", "sealed", "not_shared"))
"""Why words that were here when a bundle carried them are not any more, but for a journey: then they lie elsewhere."""


def held_stamp(session: Session) -> bytes:
    """Return a hash that changes whenever what is held here does: what came, went, is withheld or was put back."""
    quarantine = session.vault.quarantine
    aside = [row.id for row in quarantine.all() if row.reason not in BUNDLES]
    words = [hashlib.sha256(quarantine.content(one) or b"").digest() for one in aside]
    erased = len(session.vault.chains.erased())
    files = [one.sha256 for one in session.blobs.all()]
    return hashlib.sha256(encode([session.vault.lacking.newest(), erased, words, files])).digest()


def withdraw(session: Session, folder: Path) -> int:
    """Take back what should not arrive any more; return how many files of it went from this folder.

    In other folders it goes when they are looked at. Raises ``KzdocError("platform.…")`` when this one cannot be read.
    """
    puts = list(memory.puts(session).values())
    stamp = _stamp(session) if puts else b""
    going = [put for put in puts if _has_revoked(session, put)]
    if stamp != memory.judged(session):
        going += _no_more_allowed(session, [put for put in puts if put not in going])
    with session.vault.transaction():
        for put in going:
            memory.done_with(session, put)
        memory.remember_judged(session, stamp)
    if not going:
        return 0
    marks = {mark for put in going for mark in put.marks}
    found = {lying.name: mark_of(folder / lying.name) for lying in look(folder, memory.draw_of(session)).files}
    return len(taken_back(folder, {name: mark for name, mark in found.items() if mark in marks}))


def _stamp(session: Session) -> bytes:
    """Return a hash of what decides what may still arrive: what is held here, whose words count, names, the day."""
    policy = session.store.policy()
    rights = None if policy.rights is None else [[who, sorted(held)] for who, held in sorted(policy.rights.items())]
    revoked = [
        [author, sorted([name, *head] for name, head in heads.items())]
        for author, heads in sorted(policy.revoked.items())
    ]
    successors = [[author, sorted(heirs)] for author, heirs in sorted(policy.successors.items())]
    names = [list(one) for one in decisions(session).said]
    decides = [held_stamp(session), session.clock().day(), rights, revoked, successors, sorted(names)]
    return hashlib.sha256(encode(decides)).digest()


def _has_revoked(session: Session, put: Put) -> bool:
    readers = session.vault.sent.recipients_of(put.root)
    contacts = [session.vault.contacts.numbered(number) for number, _, _ in readers]
    return any(contact is not None and contact.state == REVOKED for contact in contacts)


def _no_more_allowed(session: Session, puts: list[Put]) -> list[Put]:
    if not puts:
        return []
    profiles = {one.root: one.profile for one in session.vault.sent.bundles()}
    outside = {profiles[put.root] for put in puts if put.root in profiles} - {Audience.INTERNAL.value}
    choices = {profile: choice_of(session, Audience(profile), None) for profile in outside}
    return [put for put in puts if _says_too_much(session, put.root, choices.get(profiles.get(put.root, "")))]


def _says_too_much(session: Session, root: bytes, choice: Choice | None) -> bool:
    """Return whether a bundle carried words that are not here or not in force any more, or by ``choice`` may not go."""
    carried = session.vault.sent.carried_in([root])
    if any(carried[key] for key in carried.keys() & session.store.at_home()):  # a skeleton alone says nothing
        return True
    for several in in_batches(sorted(carried), AT_ONCE):
        for key, revision in session.vault.chains.revisions(several).items():
            words = {index for index in carried[key] if index % INDEX_BASE != ENTRY_ALONE}
            if any(revision.absent.get(index) in _TAKEN_AWAY for index in words):
                return True
            if choice is not None and words & revision.statements.keys() - choice.part_of(revision).statements.keys():
                return True
    return False
