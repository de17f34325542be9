"""An eye for leaks: walks whatever a view is made of and finds a withheld name, number or text in any form."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.index import Index
from tests.kzdoc.redaction.cases import Secret


def strings(thing: Any) -> Iterator[str]:
    """Yield every string anywhere in a view, in keys too; bytes (a record's id) as their digits."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, bytes):
        yield thing.hex()
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from strings(getattr(thing, field.name))
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from strings(key)
            yield from strings(value)
    elif isinstance(thing, Iterable):
        for one in thing:
            yield from strings(one)


def leaks(view: Any, secret: Secret, *, named: Iterable[str] = ("Тестов Данияр",)) -> list[str]:
    """Return the texts of ``view`` that hold something of the secret, with what was found."""
    index = Index(
        [
            Forbidden(f"{secret.surname} {secret.given}", "identity"),
            *(Forbidden(one, "contact", number=True) for one in (secret.iin, secret.phone, secret.email)),
        ],
        named,
    )
    verbatim = [secret.told, secret.street, secret.born, secret.day, secret.account]
    words = re.compile(rf"\b(?:{re.escape(secret.surname)}|{re.escape(secret.given)})\b", re.IGNORECASE)
    return [
        text
        for text in strings(view)
        if index.search(text) or any(one.casefold() in text.casefold() for one in verbatim if one) or words.search(text)
    ]
