"""Judging the filing of names: every record's keys beside what the record says, its history and its consents.

Rules: nothing is changed; what waits to be filed is filed first, and that is taken back. A finding names the record,
or ``names`` for the forms of words, which are many records'.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from kzdoc.names.index import shapes
from kzdoc.redaction.consent import FOR_EVER
from kzdoc.vault.filing import Filing
from kzdoc.vault.lookups import Lookups
from kzdoc.vault.names import CONSENT, KINDS, of_word

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kzdoc.vault.vault import Vault


def misfiled(vault: Vault) -> set[str]:
    """Return the records (hexadecimal) that are filed under other keys than they should be, and ``names``.

    Nothing is judged where nothing was ever filed, or, in a vault that can only be read, while something waits.
    """
    found, database = set[str](), vault.database
    if not vault.names.upto():
        return found
    if vault.read_only:
        return found if vault.names.waits() else _judged(vault)
    with contextlib.suppress(_TakenBack), database.transaction():
        Filing(vault, FOR_EVER).catch_up(days=False)
        found = _judged(vault)
        raise _TakenBack
    return found


class _TakenBack(Exception):  # noqa: N818 - not an error: it takes the filing back
    """Ends the judging."""


def _judged(vault: Vault) -> set[str]:
    database = vault.database
    here, wrong = Lookups(database).everything(), set()
    days = dict(database.rows("SELECT owner, since FROM name_until"))
    filings: dict[str, Filing] = {}
    marks = ",".join("?" * len(KINDS - {CONSENT}))
    question = f"SELECT id FROM record WHERE kind IN ({marks})"  # noqa: S608 - marks only
    for (record,) in database.rows(question, sorted(KINDS - {CONSENT})):
        state = vault.records.record(record)
        day = days.get(record, FOR_EVER)
        filing = filings.setdefault(day, Filing(vault, day))
        keys = filing.keys(filing.told(state))[0] if state is not None else {}
        if keys != here.get(record, {}):
            wrong.add(record.hex())
    known = {row[0] for row in database.rows("SELECT id FROM record")}
    wrong |= {owner.hex() for owner in here.keys() - known - _unheard(vault, here, wrong)}
    forms = {(form, key) for keys in here.values() for key in keys if of_word(key) for form, _ in shapes(key)}
    return wrong if forms == set(database.rows("SELECT form, word FROM name_form")) else wrong | {"names"}


def _unheard(vault: Vault, here: Mapping[bytes, Mapping[str, int]], wrong: set[str]) -> set[bytes]:
    """Return the records of which nothing is in force, and judge them too, but for when one of them waits."""
    filing = Filing(vault, FOR_EVER)
    silent = list(filing.unheard.among(vault.store.in_force()[0]))
    if not vault.database.row("SELECT 1 FROM name_due WHERE record < 0 LIMIT 1"):
        wrong |= {one.id.hex() for one in silent if filing.keys(filing.told(one))[0] != here.get(one.id, {})}
    return {one.id for one in silent}
