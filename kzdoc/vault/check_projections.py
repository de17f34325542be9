"""Judging projections: every record, facet, link and word of the index beside what the revisions say, made anew.

Rules: what is made anew lies in memory alone (``temp_store``); nothing is changed; a finding names the record, or
``search`` for the index, which tells words and how often they stand but not where, ``names`` for forms of names.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from kzdoc.vault.check_names import misfiled
from kzdoc.vault.projection import projected
from kzdoc.vault.truth import IN_ONE_QUESTION, Truth, held_fast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kzdoc.vault.connection import Database
    from kzdoc.vault.projection import Projected
    from kzdoc.vault.vault import Vault

_ANEW = (
    "CREATE TEMP TABLE anew_facet (field, value, record, PRIMARY KEY (field, value, record)) WITHOUT ROWID",
    "CREATE TEMP TABLE anew_link (target, source, field, PRIMARY KEY (target, source, field)) WITHOUT ROWID",
    (
        "CREATE VIRTUAL TABLE temp.anew_search USING fts5 (names, words, content='', contentless_delete=1,"
        " tokenize='unicode61 remove_diacritics 0')"
    ),
    "CREATE VIRTUAL TABLE temp.anew_words USING fts5vocab (temp, anew_search, col)",
    "CREATE VIRTUAL TABLE temp.here_words USING fts5vocab (main, search, col)",
)
_GONE = ("here_words", "anew_words", "anew_search", "anew_link", "anew_facet")


def misfits(vault: Vault) -> list[str]:
    """Return the records (hexadecimal) that do not match their revisions; ``search``, ``names`` when these do not."""
    database = vault.database
    for statement in _ANEW:
        database.run(statement)
    try:
        return sorted({*_records(vault), *_rows(database), *_index(database), *misfiled(vault)})
    finally:
        for table in _GONE:
            database.run(f"DROP TABLE temp.{table}")


def _records(vault: Vault) -> set[str]:
    """Compare every record, and write what facets, links and words it should have."""
    database = vault.database
    truth = Truth(database)
    excluded, may = vault.store.in_force()
    about: set[bytes] = set()
    for _, revision in truth.all():
        held = held_fast(revision.id, b"", revision.entries, revision.statements, revision.absent)
        about |= {one.entry.record for one in held if not one.entry.kind.startswith("_")}
    here = {
        row[0]: (row[1], row[2:])
        for row in database.rows("SELECT id, number, kind, title, state, conflicts, withheld, removed FROM record")
    }
    wrong = {record.hex() for record in here.keys() - about}
    for _, group in groupby(enumerate(sorted(about)), key=lambda numbered: numbered[0] // IN_ONE_QUESTION):
        part = [record for _, record in group]
        whole = truth.held_of(part)
        anew: list[tuple[int, Projected]] = []
        for record in part:
            now = projected(record, whole.get(record, ()), excluded=excluded, may_replace=may)
            number, row = here.get(record, (0, None))
            if (_row(now) if now else None) != row:
                wrong.add(record.hex())
            if now and number:
                anew.append((number, now))
        _note(database, anew)
    return wrong


def _row(now: Projected) -> tuple[object, ...]:
    return now.kind, now.title, now.state, now.conflicts, now.withheld, int(now.removed)


def _note(database: Database, records: Sequence[tuple[int, Projected]]) -> None:
    database.run_many(
        "INSERT OR IGNORE INTO anew_facet VALUES (?, ?, ?)",
        [(field, value, number) for number, one in records for field, value in one.facets],
    )
    database.run_many(
        "INSERT OR IGNORE INTO anew_link VALUES (?, ?, ?)",
        [(target, number, field) for number, one in records for field, target in one.links],
    )
    database.run_many(
        "INSERT INTO anew_search (rowid, names, words) VALUES (?, ?, ?)",
        [(number, one.names, one.words) for number, one in records if one.names or one.words],
    )


def _rows(database: Database) -> set[str]:
    """Return the records whose facets or links differ."""
    numbers: set[int] = set()
    for table, column in (("facet", "record"), ("link", "source")):
        columns = "field, value, record" if table == "facet" else "target, source, field"
        for one, other in ((table, f"anew_{table}"), (f"anew_{table}", table)):
            question = f"SELECT {columns} FROM {one} EXCEPT SELECT {columns} FROM {other}"  # noqa: S608 - our own names
            numbers |= {row[0] for row in database.rows(f"SELECT {column} FROM ({question})")}  # noqa: S608 - our own names
    found = {row[0]: row[1] for row in database.rows("SELECT number, id FROM record")} if numbers else {}
    return {found[number].hex() if number in found else str(number) for number in numbers}


def _index(database: Database) -> set[str]:
    """Compare the words of the index, and for each whether asking for it finds as many records."""
    here = "SELECT term, col, doc, cnt FROM temp.here_words"
    anew = "SELECT term, col, doc, cnt FROM temp.anew_words"
    sizes = "SELECT (SELECT count(*) FROM search_docsize), (SELECT count(*) FROM anew_search_docsize)"
    differ = any(database.row(" EXCEPT ".join(two) + " LIMIT 1") for two in ((here, anew), (anew, here)))
    if differ or len({*(database.row(sizes) or ())}) > 1:
        return {"search"}
    for (term,) in database.rows("SELECT DISTINCT term FROM temp.anew_words"):
        word = '"' + term.replace('"', '""') + '"'
        here_found = database.row("SELECT count(*) FROM search WHERE search MATCH ?", (word,))
        if here_found != database.row("SELECT count(*) FROM anew_search WHERE anew_search MATCH ?", (word,)):
            return {"search"}
    return set()
