"""A partner whose vault is an older one again: what he had receipted since, he may have lost, so it goes once more.

Rules: two signs, both signed by himself. His bundles fork: one has a number, or follows one, that was taken in with
another root. Or a chain he opens names heads that lie before what he had receipted. Then no receipt of a bundle made
until now counts (vault/older_vaults.py), neither for what he lacks nor for what may leave this desk; nor does what he
brought himself until now say that it is elsewhere.
One older vault is noted once: bundles that follow the one by which it was seen show nothing new.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from kzdoc.bundle.reader import Opened
from kzdoc.exchange.held import note_office
from kzdoc.session import Session


def note_older(session: Session, opened: Opened, before: AbstractSet[bytes], *, forked: bool) -> None:
    """Note what a bundle just taken in shows of its sender's vault, inside the caller's transaction.

    ``before`` are his chains that were here before it; who was not heard of yet has lost nothing.
    """
    log = session.vault.sent
    opened_since = session.vault.chains.of_author(opened.sender) - before if before else set()
    knows = session.vault.chains.openings((opened.sender, chain) for chain in opened_since)
    for contact in session.vault.contacts.by_author(opened.sender):
        behind = any(log.is_behind(contact.number, heads) for heads in knows.values() if heads)
        last = log.next_number(contact.number) - 1
        if (forked or behind) and session.vault.older_vaults.note(
            contact.number, root=opened.root, previous=opened.previous, last=last
        ):
            note_office(session, opened.sender, b"")
            earlier = session.vault.taken_in.taken_from(opened.sender, but=opened.root)
            session.vault.older_vaults.note_before(contact.number, earlier.values())
            session.vault.lacking.forget([contact.number])
            session.vault.told.forget(contact.number)
            session.vault.whereabouts.follow_partner(opened.sender)
