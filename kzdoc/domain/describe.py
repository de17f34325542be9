"""The declaration told outside: one kind for ``kind show``, all kinds as the page docs/kinds.md."""

from __future__ import annotations

from typing import Any

from kzdoc.domain.catalogue import GROUPS, KINDS
from kzdoc.domain.field import Field, Kind
from kzdoc.domain.vocabulary import vocabulary, vocabulary_ids

_HEAD = """# Kinds and fields

Made from the declaration in kzdoc/domain/kinds by `kzdoc.domain.describe.kinds_markdown()`; a test compares the two.
`many`: several values, each a statement of its own. Class: what the field would give away (architecture.md).
"""


def kind_as_json(kind: Kind, lang: str) -> dict[str, Any]:
    """Return the kind as the command line tells it (docs of `kind show`)."""
    return {
        "kind": kind.id,
        "label": kind.label.to(lang),
        "fields": [
            {
                "name": field.id,
                "type": field.type.value,
                "many": field.many,
                "class": field.sensitivity.value if field.sensitivity else None,
                "vocabulary": field.vocabulary,
                "label": field.label.to(lang),
                "standard": field.standard,
            }
            for field in kind.fields
        ],
    }


def kinds_markdown() -> str:
    """Return docs/kinds.md: every kind with its fields in three languages, then the vocabularies and their codes."""
    lines = [_HEAD]
    for kind in KINDS.values():
        lines += [f"## {kind.id}: {' · '.join(kind.label)}", "", f"{GROUPS[kind.group].en}.", ""]
        lines += ["| field | type | class | label | қазақша | по-русски | standard |", "|---|---|---|---|---|---|---|"]
        lines += [_row(field) for field in kind.fields]
        lines.append("")
    lines += ["## Vocabularies", "", "| vocabulary | codes |", "|---|---|"]
    for name in vocabulary_ids():
        codes = ", ".join(term.code for term in vocabulary(name).terms)
        lines.append(f"| {name} | {codes} |")
    return "\n".join(lines) + "\n"


def _row(field: Field) -> str:
    shape = field.type.value
    if field.vocabulary:
        shape += f" of {field.vocabulary}"
    if field.to:
        shape += " to anything" if field.to == "*" else f" to {field.to}"
    if field.many:
        shape += ", many"
    sensitivity = field.sensitivity.value if field.sensitivity else "none"
    label = field.label
    return f"| {field.id} | {shape} | {sensitivity} | {label.en} | {label.kk} | {label.ru} | {field.standard} |"
