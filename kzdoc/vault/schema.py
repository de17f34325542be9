"""The tables of ``vault.db`` and how an older vault becomes a newer one.

Rules: one whole number is the version (``PRAGMA user_version``). A step and the row in ``migration`` that records it
are one transaction; steps are never edited once released, only added. docs/formats/vault.md tells what a row is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kzdoc.errors import VaultError

if TYPE_CHECKING:
    from kzdoc.moment import Moment
    from kzdoc.vault.connection import Database

VERSION = 1
APPLICATION_ID = 0x6B7A646F

_TRUTH = """
CREATE TABLE migration (version INTEGER PRIMARY KEY, seconds INTEGER NOT NULL) STRICT;
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE slot (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, label TEXT NOT NULL, added INTEGER NOT NULL) STRICT;
CREATE TABLE chain (
  number INTEGER PRIMARY KEY, author BLOB NOT NULL, chain BLOB NOT NULL, UNIQUE (author, chain)) STRICT;
CREATE TABLE origin (number INTEGER PRIMARY KEY, root BLOB NOT NULL UNIQUE) STRICT;
CREATE TABLE revision (
  seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, chain INTEGER NOT NULL REFERENCES chain (number),
  sequence INTEGER NOT NULL, previous BLOB NOT NULL, checked INTEGER NOT NULL, origin INTEGER NOT NULL) STRICT;
CREATE INDEX revision_chain ON revision (chain, sequence);
CREATE TABLE disclosure (
  seq INTEGER PRIMARY KEY REFERENCES revision (seq), signed BLOB NOT NULL, held BLOB NOT NULL) STRICT;
CREATE TABLE erased (digest BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE roster (author BLOB PRIMARY KEY, rights TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE revoked (
  author BLOB NOT NULL, chain BLOB NOT NULL, sequence INTEGER NOT NULL, revision BLOB NOT NULL,
  PRIMARY KEY (author, chain)) STRICT, WITHOUT ROWID;
CREATE TABLE contact (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, author BLOB NOT NULL, card BLOB NOT NULL, state TEXT NOT NULL,
  how TEXT NOT NULL, added INTEGER NOT NULL, changed INTEGER NOT NULL) STRICT;
CREATE INDEX contact_author ON contact (author);
CREATE TABLE bundle_in (
  root BLOB PRIMARY KEY, sender BLOB NOT NULL, sequence INTEGER NOT NULL, taken INTEGER NOT NULL,
  whole INTEGER NOT NULL, counts BLOB NOT NULL, receipt BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE bundle_out (
  root BLOB PRIMARY KEY, made INTEGER NOT NULL, profile TEXT NOT NULL, purpose TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE sent (
  root BLOB NOT NULL REFERENCES bundle_out (root), seq INTEGER NOT NULL REFERENCES revision (seq),
  indexes BLOB NOT NULL, PRIMARY KEY (root, seq)) STRICT, WITHOUT ROWID;
CREATE INDEX sent_seq ON sent (seq);
CREATE TABLE sent_blob (
  root BLOB NOT NULL REFERENCES bundle_out (root), sha256 BLOB NOT NULL,
  PRIMARY KEY (root, sha256)) STRICT, WITHOUT ROWID;
CREATE TABLE sent_to (
  root BLOB NOT NULL REFERENCES bundle_out (root), contact INTEGER NOT NULL REFERENCES contact (id),
  number INTEGER NOT NULL, receipt BLOB NOT NULL, received INTEGER NOT NULL,
  PRIMARY KEY (root, contact)) STRICT, WITHOUT ROWID;
CREATE INDEX sent_to_contact ON sent_to (contact, number);
CREATE INDEX bundle_in_sender ON bundle_in (sender, sequence);
CREATE TABLE export (
  id INTEGER PRIMARY KEY, made INTEGER NOT NULL, audience TEXT NOT NULL, recipient TEXT NOT NULL, purpose TEXT NOT NULL,
  form TEXT NOT NULL, sha256 BLOB NOT NULL, records BLOB NOT NULL, detail BLOB NOT NULL) STRICT;
CREATE TABLE quarantine (
  id BLOB PRIMARY KEY, sender BLOB NOT NULL, arrived INTEGER NOT NULL, reason TEXT NOT NULL,
  content BLOB NOT NULL) STRICT;
CREATE TABLE draft (
  id BLOB PRIMARY KEY, key BLOB NOT NULL, sealed BLOB NOT NULL, saved INTEGER NOT NULL) STRICT;
CREATE TABLE blob (
  sha256 BLOB PRIMARY KEY, size INTEGER NOT NULL, media TEXT NOT NULL, key BLOB NOT NULL, pieces BLOB NOT NULL,
  added INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""

PROJECTIONS = """
CREATE TABLE entry_of (
  record BLOB NOT NULL, seq INTEGER NOT NULL, number INTEGER NOT NULL,
  PRIMARY KEY (record, seq, number)) STRICT, WITHOUT ROWID;
CREATE TABLE aside (target BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (target, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE record (
  number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, kind TEXT NOT NULL, title TEXT NOT NULL,
  state BLOB NOT NULL, conflicts INTEGER NOT NULL, withheld INTEGER NOT NULL, removed INTEGER NOT NULL,
  origin INTEGER NOT NULL) STRICT;
CREATE INDEX record_kind ON record (kind, removed, origin);
CREATE INDEX record_conflict ON record (conflicts) WHERE conflicts > 0;
CREATE TABLE facet (
  field TEXT NOT NULL, value ANY NOT NULL, record INTEGER NOT NULL,
  PRIMARY KEY (field, value, record)) STRICT, WITHOUT ROWID;
CREATE TABLE link (
  target BLOB NOT NULL, source INTEGER NOT NULL, field TEXT NOT NULL,
  PRIMARY KEY (target, source, field)) STRICT, WITHOUT ROWID;
CREATE INDEX link_joined ON link (source) WHERE field = 'same_as';
CREATE TABLE near_due (record INTEGER PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE near_key (
  key INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (key, record)) STRICT, WITHOUT ROWID;
CREATE INDEX near_key_record ON near_key (record);
CREATE TABLE near_pair (
  one INTEGER NOT NULL, other INTEGER NOT NULL, score INTEGER NOT NULL,
  PRIMARY KEY (one, other)) STRICT, WITHOUT ROWID;
CREATE INDEX near_pair_other ON near_pair (other);
CREATE TABLE name_upto (upto INTEGER NOT NULL, longest INTEGER NOT NULL) STRICT;
INSERT INTO name_upto VALUES (0, 0);
CREATE TABLE name_due (record INTEGER PRIMARY KEY, changed INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE name_key (
  key TEXT NOT NULL, owner BLOB NOT NULL, flags INTEGER NOT NULL, PRIMARY KEY (key, owner)) STRICT, WITHOUT ROWID;
CREATE INDEX name_key_owner ON name_key (owner);
CREATE TABLE name_form (form TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (form, word)) STRICT, WITHOUT ROWID;
CREATE TABLE name_until (
  owner BLOB PRIMARY KEY, since TEXT NOT NULL, upto TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE hold_upto (upto INTEGER NOT NULL, day TEXT NOT NULL, decided BLOB NOT NULL) STRICT;
INSERT INTO hold_upto VALUES (0, '', x'a0');
CREATE TABLE hold_due (record BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE hold_of (
  record BLOB NOT NULL, export INTEGER NOT NULL, PRIMARY KEY (record, export)) STRICT, WITHOUT ROWID;
CREATE INDEX hold_of_export ON hold_of (export);
CREATE TABLE hold_now (
  export INTEGER PRIMARY KEY, said BLOB NOT NULL, other BLOB NOT NULL, holds INTEGER NOT NULL) STRICT;
CREATE INDEX hold_now_other ON hold_now (export) WHERE holds = 0;
CREATE TABLE hold_until (record BLOB PRIMARY KEY, upto TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE lacks (
  contact INTEGER NOT NULL, audience TEXT NOT NULL, upto INTEGER NOT NULL, stamp BLOB NOT NULL,
  PRIMARY KEY (contact, audience)) STRICT, WITHOUT ROWID;
CREATE TABLE lack (
  contact INTEGER NOT NULL, audience TEXT NOT NULL, seq INTEGER NOT NULL, why INTEGER NOT NULL,
  withheld INTEGER NOT NULL, PRIMARY KEY (contact, audience, seq)) STRICT, WITHOUT ROWID;
CREATE INDEX lack_seq ON lack (seq);
CREATE VIRTUAL TABLE search USING fts5 (
  names, words, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
"""

PROJECTION_TABLES = (
    "entry_of", "aside", "record", "facet", "link", "near_due", "near_key", "near_pair", "name_upto", "name_due",
    "name_key", "name_form", "name_until", "hold_upto", "hold_due", "hold_of", "hold_now", "hold_until", "lacks",
    "lack", "search",
)  # fmt: skip

_STEPS: dict[int, str] = {1: _TRUTH + PROJECTIONS}


def statements(script: str) -> list[str]:
    """Return the statements of a script (none of ours has a semicolon inside)."""
    return [part.strip() for part in script.split(";") if part.strip()]


def version_of(database: Database) -> int:
    """Return the schema's version, 0 for a database without tables.

    Raises ``VaultError("vault.newer-version")`` when a newer program wrote it.
    """
    row = database.row("PRAGMA user_version")
    version = int(row[0]) if row else 0
    if version > VERSION:
        raise VaultError("vault.newer-version", version=version)
    return version


def migrate(database: Database, now: Moment) -> None:
    """Bring the database to the present version, every step with its own record, all in one transaction."""
    version = version_of(database)
    if version == VERSION:
        return
    with database.transaction():
        for step in range(version + 1, VERSION + 1):
            for statement in statements(_STEPS[step]):
                database.run(statement)
            database.run("INSERT INTO migration VALUES (?, ?)", (step, now.seconds))
        database.run(f"PRAGMA application_id = {APPLICATION_ID}")
        database.run(f"PRAGMA user_version = {VERSION}")


def make_projections_anew(database: Database) -> None:
    """Drop every projection and make it empty; inside a transaction."""
    for table in PROJECTION_TABLES:
        database.run(f"DROP TABLE IF EXISTS {table}")
    for statement in statements(PROJECTIONS):
        database.run(statement)
