"""People as a table for tools that link records (Splink): folded keys alone, nothing as it was written."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from pathlib import Path
from typing import Any

from kzdoc.analysis.words import Person, Word, read_name
from kzdoc.errors import InputError, KzdocError
from kzdoc.matching import companion_keys, person_of, said_elsewhere
from kzdoc.platform.files import file_errors, replace_durably
from kzdoc.redaction.joined import joined
from kzdoc.session import Session

TABLE = "people.csv"
_SURNAME = re.compile(r"(?:[oe]va?|ina?|ski|skaia|bai|bek)$")
COLUMNS = (
    "unique_id", "cluster_id", "surname_key", "given_key", "father_key", "surname_bones", "given_bones", "father_bones",
    "name_key", "birth_year", "birth_date", "sex", "region", "article", "companions",
)  # fmt: skip
"""The columns of the table (docs/matching.md)."""


def export(session: Session, folder: Path) -> dict[str, Any]:
    """Write ``TABLE`` with the folded columns of docs/matching.md into a folder that is made when missing.

    Raises ``InputError("file.exists")``, or what the disk says; then no folder is left that was not there before.
    """
    known, names = said_elsewhere(session), companion_keys(session)
    here = {one.id: one for one in session.records.records("person")}
    cluster = {key: min(found) for found in joined(here.values(), elsewhere=False) for key in found}
    rows = [columns(person_of(one, known, names), cluster.get(one.id, one.id).hex()) for one in here.values()]
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, COLUMNS, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    out, there = folder / TABLE, folder.exists()
    try:
        with file_errors():
            folder.mkdir(parents=True, exist_ok=True)
        if out.exists():
            raise InputError("file.exists")
        replace_durably(out, target.getvalue().encode("utf-8"))
    except KzdocError:
        if not there:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
    return {"file": str(out), "rows": len(rows), "columns": list(COLUMNS)}


def _as_surname(word: Word) -> tuple[bool, bool, int, str]:
    """Return by what the words of a name are ordered, the likeliest surname first; the same however it is written."""
    return word.initial, _SURNAME.search(word.key) is None, -len(word.key), word.key


def columns(person: Person, cluster: str) -> dict[str, str]:
    """Return one row of the table for Splink: only folded keys, nothing as it was written."""
    words = max((read_name(name) for name in person.names), key=len, default=())
    own = sorted((word for word in words if not word.father), key=_as_surname)
    fathers = [word for word in words if word.father]
    cells = dict.fromkeys(COLUMNS, "")
    for what, word in zip(("surname", "given", "father"), (*own[:2], *[None] * (2 - len(own)), *fathers), strict=False):
        if word is not None:
            cells[f"{what}_key"], cells[f"{what}_bones"] = word.key, word.bones
    key = person.id.hex() if isinstance(person.id, bytes) else str(person.id)
    return cells | {
        "unique_id": key,
        "cluster_id": cluster,
        "name_key": " ".join(sorted(word.key for word in words)),
        "birth_year": person.born[:4],
        "birth_date": person.born if len(person.born) == len("2000-01-01") else "",
        "sex": person.sex,
        "region": min(person.regions, default=""),
        "article": min(person.articles, default=""),
        "companions": "|".join(sorted(person.companions)),
    }
