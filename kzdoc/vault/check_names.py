"""Judging the filing of names: every record's keys beside what the record says, its history and its consents.

Rules: nothing is changed; what waits to be filed is not judged, for it stands nowhere yet. A finding names the record,
or ``names`` for the forms of words, which are many records'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kzdoc.names.index import shapes
from kzdoc.redaction.consent import FOR_EVER
from kzdoc.vault.filing import Filing
from kzdoc.vault.lookups import Lookups
from kzdoc.vault.names import CONSENT, KINDS, of_word

if TYPE_CHECKING:
    from kzdoc.vault.vault import Vault


def misfiled(vault: Vault) -> set[str]:
    """Return the records (hexadecimal) that are filed under other keys than they should be, and ``names``."""
    database = vault.database
    here, wrong = Lookups(database).everything(), set()
    days = dict(database.rows("SELECT owner, since FROM name_until"))
    filings: dict[str, Filing] = {}
    marks = ",".join("?" * len(KINDS - {CONSENT}))
    upto, waiting = vault.names.upto(), {row[0] for row in database.rows("SELECT record FROM name_due")}
    question = f"SELECT number, id FROM record WHERE kind IN ({marks})"  # noqa: S608 - marks only
    rows = database.rows(question, sorted(KINDS - {CONSENT}))
    for record in [row[1] for row in rows if row[0] <= upto and row[0] not in waiting]:
        state = vault.records.record(record)
        day = days.get(record, FOR_EVER)
        filing = filings.setdefault(day, Filing(vault, day))
        keys = filing.keys(filing.told(state))[0] if state is not None else {}
        if keys != here.get(record, {}):
            wrong.add(record.hex())
    known = {row[0] for row in database.rows("SELECT id FROM record")}
    wrong |= {owner.hex() for owner in here.keys() - known}
    forms = {(form, key) for keys in here.values() for key in keys if of_word(key) for form, _ in shapes(key)}
    return wrong if forms == set(database.rows("SELECT form, word FROM name_form")) else wrong | {"names"}
