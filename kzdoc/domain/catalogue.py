"""All kinds there are, by id; the only place that knows every family."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from kzdoc.domain.field import Kind
from kzdoc.domain.kinds import (
    accountability,
    consent,
    detention,
    evidence,
    incidents,
    people,
    proceedings,
    sources,
    status,
    testimony,
)
from kzdoc.errors import InputError
from kzdoc.language import Text

_FAMILIES = (people, incidents, detention, status, proceedings, testimony, sources, evidence, accountability, consent)
_kinds: dict[str, Kind] = {one.id: one for family in _FAMILIES for one in family.KINDS}

KINDS: Mapping[str, Kind] = MappingProxyType(_kinds)
"""Every kind by its id, in the order in which they are offered; a view, so a test's kind is seen by all readers."""

GROUPS = {
    "people": Text("People", "Люди", "Адамдар"),
    "incidents": Text("Events", "События", "Оқиғалар"),
    "detention": Text("Detention and status", "Задержание и статус", "Ұстау және мәртебе"),
    "proceedings": Text("Proceedings", "Производство", "Іс жүргізу"),
    "testimony": Text("Testimony", "Свидетельства", "Айғақтар"),
    "evidence": Text("Evidence and figures", "Доказательства и числа", "Дәлелдер мен сандар"),
    "accountability": Text("Accountability", "Подотчётность", "Есептілік"),
    "consent": Text("Consent", "Согласие", "Келісім"),
}


def kind(kind_id: str) -> Kind:
    """Return the kind of that id; raises ``InputError("kind.unknown")``."""
    found = KINDS.get(kind_id)
    if found is None:
        raise InputError("kind.unknown")
    return found


@contextmanager
def register_for_test(changed: Kind) -> Iterator[Kind]:
    """Within the block let ``changed`` stand as the kind of its id (or as a new kind), as if it were declared so."""
    before = dict(_kinds)
    _kinds[changed.id] = changed
    try:
        yield changed
    finally:
        _kinds.clear()
        _kinds.update(before)
