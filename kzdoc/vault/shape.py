"""Whether a signed value has the shape of its field: what anybody may sign is not what every reader can bear.

Rules: only the shape is judged, never the word: an unknown code, a date nobody can read, are values all the same and
are shown as they stand. What ``read_value`` gives always fits, and so does ``nothing``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kzdoc.domain.field import LINK_SIZE, SHA256_SIZE, Field, Type

_MOST = 2**63


def fits(field: Field, value: Any) -> bool:
    """Return whether ``value`` has the shape that ``docs/kinds.md`` gives statements of ``field``."""
    return value is None or SHAPES[field.type](value)


def _text(value: Any) -> bool:
    return type(value) is str


def _number(value: Any) -> bool:
    return type(value) is int and -_MOST <= value < _MOST


def _link(value: Any) -> bool:
    return type(value) is bytes and len(value) == LINK_SIZE


def _parts(value: Any, shapes: Mapping[str, Callable[[Any], bool]], needed: frozenset[str]) -> bool:
    """Return whether a map has the parts it needs, and every part it may have in its own shape; others are let be."""
    return (
        isinstance(value, Mapping)
        and needed <= value.keys()
        and all(shape(value[name]) for name, shape in shapes.items() if name in value)
    )


def _money(value: Any) -> bool:
    return _parts(value, {"amount": _number, "currency": _text}, frozenset(("amount", "currency")))


def _figure(value: Any) -> bool:
    words = dict.fromkeys(("qualifier", "unit", "from", "to"), _text)
    return _parts(value, {"value": _number, **words}, frozenset(("value", "qualifier", "unit")))


def _address(value: Any) -> bool:
    return _parts(value, {"text": _text, "region": _text}, frozenset(("text",)))


def _file(value: Any) -> bool:
    return (
        _parts(value, {"media": _text}, frozenset(("sha256", "size", "media")))
        and type(value["sha256"]) is bytes
        and len(value["sha256"]) == SHA256_SIZE
        and _number(value["size"])
        and value["size"] >= 0
    )


SHAPES: Mapping[Type, Callable[[Any], bool]] = {
    Type.TEXT: _text,
    Type.LONG_TEXT: _text,
    Type.CHOICE: _text,
    Type.YESNO: _text,
    Type.DATE: _text,
    Type.TIME: _text,
    Type.NUMBER: _number,
    Type.MONEY: _money,
    Type.FIGURE: _figure,
    Type.LINK: _link,
    Type.IDENTIFIER: _text,
    Type.ADDRESS: _address,
    Type.FILE: _file,
    Type.URL: _text,
}
