"""What a field and a kind are: the one declaration that form, list, search, redaction, columns and pages read.

Rules: every field has a type, a sensitivity class, a label in three languages and, where one exists, the standard
that asks for it. Field and kind ids are permanent; a rename or retype is a new field and a read rule. A field
without a class is withheld everywhere and breaks a test. A value has one form inside a statement: ``read_value``
makes it from what a person, a file or the command line gave, ``show_value`` says it in a language, ``plain_value``
writes it without one. ``None`` is ``nothing``, which clears.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kzdoc.domain import dates, figure, text
from kzdoc.domain.edtf import Point, parse
from kzdoc.domain.law import find_article
from kzdoc.domain.places import region_of
from kzdoc.domain.vocabulary import vocabulary
from kzdoc.encoding import Value
from kzdoc.errors import InputError
from kzdoc.language import Text


class Sensitivity(StrEnum):
    """What a field would give away; consent, profiles and redaction speak in these classes."""

    IDENTITY = "identity"
    CONTACT = "contact"
    LOCATION = "location"
    QUASI = "quasi"
    NARRATIVE = "narrative"
    PHOTO = "photo"
    MEDICAL = "medical"
    WORK = "work"
    OPEN = "open"


class Type(StrEnum):
    """The shape of a statement's value (the table stands in docs/formats/revision.md)."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    YESNO = "yesno"
    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    MONEY = "money"
    FIGURE = "figure"
    LINK = "link"
    IDENTIFIER = "identifier"
    ADDRESS = "address"
    FILE = "file"
    URL = "url"


@dataclass(frozen=True, slots=True)
class Field:
    """One slot of a kind.

    ``many``: each element is its own statement. ``to``: kind a link leads to, ``*`` for any. ``listed``: a column of
    the list. ``facet``: the list can be narrowed by it. ``name_of``: the value is a person's or organisation's name.
    ``number_kind``: what number an identifier is (iin, phone, email, document, plate, case, account).
    ``years``: the first and the last year a date can be of, where life sets bounds.
    """

    id: str
    type: Type
    sensitivity: Sensitivity | None
    label: Text
    help: Text | None = None
    standard: str = ""
    many: bool = False
    vocabulary: str | None = None
    to: str | None = None
    facet: bool = False
    listed: bool = False
    section: str = "main"
    name_of: bool = False
    number_kind: str | None = None
    years: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of record: its fields in the order of the form; ``title`` names it by the first that has a value."""

    id: str
    label: Text
    plural: Text
    fields: tuple[Field, ...]
    title: tuple[str, ...]
    group: str

    def field(self, field_id: str) -> Field:
        """Return the field; raises ``InputError("field.unknown")`` when the kind has none of that id."""
        for field in self.fields:
            if field.id == field_id:
                return field
        raise InputError("field.unknown", field=field_id, kind=self.id)

    def has(self, field_id: str) -> bool:
        """Tell whether the kind has a field of that id."""
        return any(field.id == field_id for field in self.fields)


YES_NO = "yes_no"
"""The vocabulary of yes/no fields; a fact that was not asked has no statement at all."""

_SPOKEN: Mapping[str, Callable[[str], str | None]] = {"article": find_article, "region": region_of}
"""Vocabularies whose terms people also write in their own ways: a citation, a town, an older name."""

SHA256_SIZE = 32
LINK_SIZE = 16


def read_value(field: Field, raw: object, *, today: str = "") -> Value:
    """Return the value of one statement of ``field`` from JSON, command-line text or a form.

    ``today`` (``YYYY-MM-DD``) lets dates be told from it ("yesterday", a day without its year). Empty text and None
    are ``nothing``. For a ``many`` field this reads one element.

    Raises:
        InputError: ``field.…``, ``date.…`` or ``figure.…`` with ``field`` naming the field; never the value itself.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    try:
        return _READERS[field.type](field, raw, today)
    except InputError as error:
        raise InputError(error.code, **{**error.params, "field": field.id}) from error


def show_value(field: Field, value: Value, lang: str) -> str:
    """Return the value as a person reads it in ``lang``; a link and ``nothing`` are empty (the caller names links).

    A value written by a newer program, of a shape unknown here, is shown as an ellipsis rather than guessed at.
    """
    if value is None:
        return ""
    try:
        shown = _SHOWERS[field.type](field, value, lang)
    except (InputError, KeyError, TypeError, ValueError, AttributeError):
        return "…"
    return shown if isinstance(shown, str) else "…"


def plain_value(field: Field, value: Value) -> Any:
    """Return the value without language, fit for JSON and CSV: links and hashes as hex, the rest as it is stored."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {key: plain_value(field, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(field, item) for item in value]
    return value


def _text_of(raw: object) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise InputError("field.type")
    return str(raw)


def _read_choice(field: Field, raw: object, _today: str) -> str:
    name, said = field.vocabulary or "", _text_of(raw)
    code = vocabulary(name).read(said)
    if code is None and name in _SPOKEN:
        code = _SPOKEN[name](said)
    if code is None:
        raise _no_such_term(field, name)
    return code


_TERMS_TOLD = 12


def _no_such_term(field: Field, name: str) -> InputError:
    """Return the error that names the field and the codes of its list, the first of a long one."""
    codes = [term.code for term in vocabulary(name).terms]
    terms = ", ".join(codes[:_TERMS_TOLD]) + (" …" if len(codes) > _TERMS_TOLD else "")
    return InputError("field.choice", field=field.id, terms=terms)


def _read_yes_no(_field: Field, raw: object, _today: str) -> str:
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    code = vocabulary(YES_NO).read(_text_of(raw))
    if code is None:
        raise InputError("field.yes-no")
    return code


def _read_day(field: Field, raw: object, today: str) -> str:
    edtf = dates.read_date(_text_of(raw), today, time=False)
    if field.years is not None:
        first, last = field.years
        if any(isinstance(side, Point) and not first <= side.year <= last for side in parse(edtf)):
            raise InputError("date.implausible", first=first, last=last)
    return edtf


def _read_number(_field: Field, raw: object, _today: str) -> int:
    return figure.read_whole(raw)


def _read_link(_field: Field, raw: object, _today: str) -> bytes:
    if isinstance(raw, bytes) and len(raw) == LINK_SIZE:
        return raw
    given = raw.strip() if isinstance(raw, str) else ""
    if len(given) != 2 * LINK_SIZE or not text.is_hex(given):
        raise InputError("field.link")
    return bytes.fromhex(given)


def _read_identifier(field: Field, raw: object, _today: str) -> str:
    return text.read_identifier(_text_of(raw), field.number_kind or "")


def _read_address(field: Field, raw: object, _today: str) -> dict[str, Value]:
    parts: Mapping[str, object] = figure.pairs(raw) if isinstance(raw, str) and "text=" in raw else {"text": raw}
    if isinstance(raw, Mapping):
        parts = raw
    if not {"text"} <= set(parts) <= {"text", "region"}:
        raise InputError("field.address")
    address: dict[str, Value] = {"text": text.clean_line(_text_of(parts["text"]))}
    if parts.get("region"):
        region = vocabulary("region").read(_text_of(parts["region"]))
        if region is None:
            raise _no_such_term(field, "region")
        address["region"] = region
    return address


def _read_file(_field: Field, raw: object, _today: str) -> dict[str, Value]:
    if not isinstance(raw, Mapping) or set(raw) != {"sha256", "size", "media"}:
        raise InputError("field.file")
    digest, size = raw["sha256"], raw["size"]
    if isinstance(digest, str) and text.is_hex(digest):
        digest = bytes.fromhex(digest)
    if not isinstance(digest, bytes) or len(digest) != SHA256_SIZE:
        raise InputError("field.file")
    if isinstance(size, bool) or not isinstance(size, int) or size < 0 or not isinstance(raw["media"], str):
        raise InputError("field.file")
    return {"sha256": digest, "size": size, "media": text.clean_line(raw["media"])}


_READERS: dict[Type, Callable[[Field, object, str], Value]] = {
    Type.TEXT: lambda _field, raw, _today: text.clean_line(_text_of(raw)),
    Type.LONG_TEXT: lambda _field, raw, _today: text.clean_long(_text_of(raw)),
    Type.CHOICE: _read_choice,
    Type.YESNO: _read_yes_no,
    Type.DATE: _read_day,
    Type.TIME: lambda _field, raw, today: dates.read_date(_text_of(raw), today),
    Type.NUMBER: _read_number,
    Type.MONEY: lambda _field, raw, _today: figure.read_money(raw),
    Type.FIGURE: lambda _field, raw, today: figure.read_figure(raw, today),
    Type.LINK: _read_link,
    Type.IDENTIFIER: _read_identifier,
    Type.ADDRESS: _read_address,
    Type.FILE: _read_file,
    Type.URL: lambda _field, raw, _today: text.read_url(_text_of(raw)),
}


def _show_address(_field: Field, value: Any, lang: str) -> str:
    region = vocabulary("region").label(value["region"], lang) if value.get("region") else ""
    return ", ".join(part for part in (value["text"], region) if part)


def _show_identifier(field: Field, value: Any, _lang: str) -> str:
    return text.show_identifier(value, field.number_kind or "")


_SHOWERS: dict[Type, Callable[[Field, Any, str], str]] = {
    Type.TEXT: lambda _field, value, _lang: str(value),
    Type.LONG_TEXT: lambda _field, value, _lang: str(value),
    Type.CHOICE: lambda field, value, lang: vocabulary(field.vocabulary or "").label(value, lang),
    Type.YESNO: lambda _field, value, lang: vocabulary(YES_NO).label(value, lang),
    Type.DATE: lambda _field, value, lang: dates.show_date(value, lang),
    Type.TIME: lambda _field, value, lang: dates.show_date(value, lang),
    Type.NUMBER: lambda _field, value, lang: figure.show_whole(value, lang),
    Type.MONEY: lambda _field, value, lang: figure.show_money(value, lang),
    Type.FIGURE: lambda _field, value, lang: figure.show_figure(value, lang),
    Type.LINK: lambda _field, _value, _lang: "",
    Type.IDENTIFIER: _show_identifier,
    Type.ADDRESS: _show_address,
    Type.FILE: lambda _field, value, lang: figure.show_file(value, lang),
    Type.URL: lambda _field, value, _lang: str(value),
}
