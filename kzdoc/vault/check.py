"""Judging a whole vault: pages, structure, chains, digests, signatures, projections, files.

Rules: nothing is changed (what a stop left in the WAL is moved to its place first, for pages are judged where they
lie); every finding has a code and names its item (a page, a revision, a file), never a value from a record. SQLCipher
authenticates pages, not history: that nothing was rolled back is known only against heads kept elsewhere
(``missing_heads``), and without them nothing is said about it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kzdoc.crypto.identity import verify_revision
from kzdoc.errors import KzdocError, VaultError
from kzdoc.ledger.absence import statement_digests
from kzdoc.ledger.history import verify_run
from kzdoc.ledger.revision import check_digests, read_skeleton
from kzdoc.progress import Progress, silent
from kzdoc.vault import check_projections, tally
from kzdoc.vault.truth import Truth, held_strictly

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from kzdoc.ledger.history import Head
    from kzdoc.ledger.revision import Revision
    from kzdoc.vault.connection import Database
    from kzdoc.vault.vault import Vault


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something wrong: its code and what it is about."""

    code: str
    item: str


def check(vault: Vault, *, progress: Progress = silent) -> list[Finding]:
    """Return everything found wrong, sorted; an empty list means that what is here is whole."""
    findings = check_database(vault.database)
    if any(finding.code == "vault.page" for finding in findings):
        return sorted(findings)
    try:
        progress("vault.check-revisions", 0, 0)
        findings += _check_revisions(vault.database)
        progress("vault.check-records", 0, 0)
        findings += [Finding("vault.table", table) for table in tally.misfits(vault.database)]
        findings += [Finding("vault.projection", item) for item in check_projections.misfits(vault)]
    except KzdocError as error:  # a row so damaged that it cannot even be read; its revision is named above
        findings.append(Finding("vault.damaged", str(error.params.get("item", "database"))))
    findings += [Finding(code, item) for code, item in vault.blobs.verify(progress=progress)]
    return sorted(set(findings))


def check_database(database: Database) -> list[Finding]:
    """Return damaged pages and broken structure."""
    database.empty_wal()
    pages = () if database.wal_aside else database.rows("PRAGMA cipher_integrity_check")
    findings = [Finding("vault.page", _number_in(row[0])) for row in pages]
    if findings:
        return findings
    try:
        whole = (
            database.rows("PRAGMA quick_check") == [("ok",)]
            and database.rows("PRAGMA integrity_check") == [("ok",)]
            and not database.rows("PRAGMA foreign_key_check")
        )
        if not database.read_only:  # for the library, judging the index is writing
            database.run("INSERT INTO search (search) VALUES ('integrity-check')")
    except VaultError:
        whole = False
    return [] if whole else [Finding("vault.structure", "vault.db")]


def _number_in(sentence: str) -> str:
    """Return the last number in what the library says of a page."""
    digits = "".join(letter if letter.isdigit() else " " for letter in sentence).split()
    return digits[-1] if digits else "0"


def missing_heads(vault: Vault, heads: Iterable[Head]) -> list[Head]:
    """Return those of the heads, kept elsewhere, that the present state does not contain: what was rolled back."""
    wanted = list(heads)
    known = vault.chains.known([head.revision for head in wanted])
    return [head for head in wanted if head.revision not in known]


def state_hash(vault: Vault) -> bytes:
    """Return one digest of every projection that is the same on every desk with the same truth."""
    digest = hashlib.sha256()
    questions = (
        "SELECT id, kind, title, state, conflicts, withheld, removed FROM record ORDER BY id",
        """SELECT r.id, f.field, f.value FROM facet f JOIN record r ON r.number = f.record
        ORDER BY r.id, f.field, typeof(f.value), f.value""",
        """SELECT r.id, l.field, l.target FROM link l JOIN record r ON r.number = l.source
        ORDER BY r.id, l.field, l.target""",
    )
    for question in questions:
        for row in vault.database.stream(question):
            digest.update(repr(row).encode())
    return digest.digest()


def _check_revisions(database: Database) -> list[Finding]:
    truth = Truth(database)
    findings: list[Finding] = []
    erased = truth.erased()
    chains: dict[tuple[bytes, bytes], list[Revision]] = {}
    ids: set[bytes] = set()
    for _, revision in truth.all():
        findings += _check_revision(revision, erased)
        ids.add(revision.id)
        chains.setdefault((revision.skeleton.author, revision.skeleton.chain), []).append(revision)
    for several in chains.values():
        several.sort(key=lambda revision: (revision.skeleton.sequence, revision.id))
        findings += [
            Finding("vault.chain-gap", revision.id.hex())
            for revision in several
            if revision.skeleton.sequence and revision.skeleton.previous not in ids
        ]
        good, _ = verify_run(several, verify=verify_revision)
        findings += [
            Finding("vault.signature", revision.id.hex())
            for revision, is_good in zip(several, good, strict=True)
            if not is_good
        ]
    return findings


def _check_revision(revision: Revision, erased: Container[bytes]) -> list[Finding]:
    name = revision.id.hex()
    try:
        again = read_skeleton(revision.skeleton.raw)
        if again != revision.skeleton:
            return [Finding("vault.revision", name)]
        check_digests(revision)
        held_strictly(revision)
    except KzdocError as error:
        return [Finding(error.code, name)]
    digests = statement_digests(revision)
    return [
        Finding("vault.erased-is-back", f"{name}/{index}") for index in revision.statements if digests[index] in erased
    ]
