"""Values of every type of field, as hard as they come, for the laws of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from kzdoc.domain.field import YES_NO, Field, Type, read_value
from kzdoc.domain.vocabulary import vocabulary
from kzdoc.errors import InputError

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

BEGINNINGS = (
    "",
    "=",
    "+",
    "-",
    "@",
    "'",
    "''",
    "'=",
    "＝",
    ";",
    "\\",
    "\\;",
    '"',
    "{",
    "{}",
    "text=",
    "value=",
    "_x0041_",
    "id",
)
ENDS = ("", ";", "; =1+1", "\\", "\\\\", '"', "'", " 5; 6", ",", "\t=x", "=cmd|' /C calc'!A0", "\ufffe", "😀", "\u00ad")
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12) | st.sampled_from(("Тестов", "Үлгі қызы"))
TEXTS = st.builds("".join, st.tuples(st.sampled_from(BEGINNINGS), WORDS, st.sampled_from(ENDS)))
LONG = st.builds("\n".join, st.lists(TEXTS, min_size=1, max_size=3))
DATES = st.sampled_from(
    (
        "2019",
        "2019-03",
        "2019-03-05",
        "2019-03-05?",
        "2019-03~",
        "2019-03-03/2019-03-05",
        "2019-03/..",
        "../2019",
        "201X",
    )
)
TIMES = DATES | st.sampled_from(("2019-03-05T14:30+06:00", "2019-03-05T14:30+06:00/2019-03-05T15:30+06:00"))
NUMBERS = st.integers(0, 10**15)
_ADDRESS = st.fixed_dictionaries(
    {"text": TEXTS}, optional={"region": st.sampled_from([term.code for term in vocabulary("region").terms])}
)
_FIGURE = st.fixed_dictionaries(
    {"value": NUMBERS},
    optional={
        "qualifier": st.sampled_from([term.code for term in vocabulary("qualifier").terms]),
        "unit": st.sampled_from([term.code for term in vocabulary("unit").terms]),
        "from": DATES,
        "to": DATES,
    },
)
_IDENTIFIERS = {
    "iin": st.integers(0, 10**12 - 1).map(lambda number: f"{number:012}"),
    "phone": st.integers(0, 10**10 - 1).map(lambda number: f"+7{number:010}"),
    "email": st.sampled_from(("=a@b.kz", "a;b@c.kz", "-@x.y")),
}


def _choices(name: str) -> SearchStrategy[Any]:
    return st.sampled_from([term.code for term in vocabulary(name).terms])


_SIMPLE = {
    Type.TEXT: TEXTS, Type.LONG_TEXT: LONG, Type.DATE: DATES, Type.TIME: TIMES, Type.NUMBER: NUMBERS,
    Type.FIGURE: _FIGURE, Type.ADDRESS: _ADDRESS, Type.YESNO: _choices(YES_NO),
    Type.URL: WORDS.map(lambda word: f"https://example.kz/{'+'.join(word.split())};=1"),
    Type.FILE: st.binary(min_size=32, max_size=32).map(
        lambda digest: {"sha256": digest.hex(), "size": digest[0], "media": "image/png"}
    ),
    Type.MONEY: st.fixed_dictionaries({"amount": NUMBERS, "currency": st.sampled_from(("KZT", "EUR", "USD"))}),
}  # fmt: skip


def raws(field: Field) -> SearchStrategy[Any]:
    """Return what may be given for one value of a field that is no link; some of it is refused."""
    if field.type is Type.CHOICE:
        return _choices(field.vocabulary or "")
    if field.type is Type.IDENTIFIER:
        return _IDENTIFIERS.get(field.number_kind or "", TEXTS)
    return _SIMPLE[field.type]


def values(field: Field) -> SearchStrategy[Any]:
    """Return one stored value of a field."""

    def read(given: Any) -> Any:
        try:
            return read_value(field, given)
        except InputError:
            return None

    return raws(field).map(read).filter(lambda value: value is not None)
