"""Figures, money and whole numbers: a number is never without what was said about it.

A figure is one statement: value, qualifier (``stated`` when the source gave none), unit and window. It is read from
"≥22 persons 2019-01/2019-11", from "at least 22 persons, 2019-01/2019-11" in the three languages, from a mapping, or
from ``value=6000;qualifier=more_than;unit=persons;from=2018;to=2019``. Money is kept in the hundredth part of its
currency. Nothing here adds figures up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from kzdoc.domain.dates import read_date, show_date
from kzdoc.domain.vocabulary import Term, vocabulary
from kzdoc.encoding import Value
from kzdoc.errors import InputError
from kzdoc.language import plural_category

LARGEST = 10**15
STATED = "stated"
_SIGNS = {"≥": "at_least", ">=": "at_least", ">": "more_than", "≤": "at_most", "<=": "at_most", "<": "fewer_than",
          "≈": "about", "~": "about", "=": "exactly"}  # fmt: skip
_WORDS = {
    "at least": "at_least", "not less than": "at_least", "no fewer than": "at_least", "не менее": "at_least",
    "не меньше": "at_least", "как минимум": "at_least", "кемінде": "at_least",
    "more than": "more_than", "over": "more_than", "более": "more_than", "больше": "more_than", "свыше": "more_than",
    "about": "about", "around": "about", "approximately": "about", "some": "about", "около": "about",
    "примерно": "about", "шамамен": "about",
    "nearly": "nearly", "close to": "nearly", "almost": "nearly", "почти": "nearly",
    "at most": "at_most", "up to": "at_most", "не более": "at_most", "до": "at_most", "ең көбі": "at_most",
    "fewer than": "fewer_than", "less than": "fewer_than", "менее": "fewer_than",
    "exactly": "exactly", "ровно": "exactly", "дәл": "exactly",
}  # fmt: skip
_NUMBER = r"\d{1,3}(?:[ \u00a0,]\d{3})+(?!\d)|\d+"
_FIGURE = re.compile(
    rf"(?P<sign>[^\d]*?)\s*(?P<number>{_NUMBER})(?P<plus>\+?)\s*(?P<unit>[^\W\d][^\d,;/(]*)?,?\s*(?P<when>.*)"
)
_MONEY = re.compile(rf"(?P<number>{_NUMBER})(?:[.,](?P<part>\d{{1,2}}))?\s*(?P<currency>[^\d\s]+)")
_CURRENCIES = {"₸": "KZT", "тг": "KZT", "тенге": "KZT", "теңге": "KZT", "€": "EUR", "евро": "EUR", "еуро": "EUR",
               "euro": "EUR", "euros": "EUR", "$": "USD", "₽": "RUB", "руб": "RUB"}  # fmt: skip
_GENITIVE = frozenset(("at_least", "more_than", "about", "at_most", "fewer_than"))
_KK_AFTER = {"more_than": (1, "астам"), "fewer_than": (1, "аз"), "nearly": (2, "жуық")}
"""In Kazakh these follow the unit, which takes the ablative (form 1) or the dative (form 2)."""


def pairs(text: str) -> dict[str, str]:
    """Return ``a=1;b=2`` as a mapping; raises ``InputError("figure.malformed")`` for another form."""
    found: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        name, equals, value = part.partition("=")
        if not equals or name.strip() in found:
            raise InputError("figure.malformed")
        found[name.strip()] = value.strip()
    return found


def read_whole(raw: object) -> int:
    """Return a whole number from a number or its digits; raises ``InputError("field.number")``."""
    if isinstance(raw, int) and not isinstance(raw, bool):
        number = raw
    elif isinstance(raw, str) and re.fullmatch(rf"\s*({_NUMBER})\s*", raw):
        number = int(re.sub(r"\D", "", raw))
    else:
        raise InputError("field.number")
    if not 0 <= number <= LARGEST:
        raise InputError("field.number")
    return number


def show_whole(number: int, lang: str) -> str:
    """Return the number with its thousands apart: a comma in English, a no-break space in Russian and Kazakh."""
    grouped = f"{number:,}"
    if lang == "en":
        return grouped
    return str(number) if number < 10_000 else grouped.replace(",", "\u00a0")  # noqa: PLR2004 - four digits stay whole


def read_figure(raw: object, today: str = "") -> dict[str, Value]:
    """Return ``{value, qualifier, unit, from, to}``; a bound of the window that was not said is empty text.

    Raises:
        InputError: ``figure.malformed``, ``figure.qualifier``, ``figure.unit``, ``field.number`` or ``date.…``.
    """
    if isinstance(raw, Mapping):
        parts = {str(key): value for key, value in raw.items()}
    elif isinstance(raw, str) and "value=" in raw:
        parts = dict(pairs(raw))
    elif isinstance(raw, str):
        parts = _said(raw, today)
    else:
        parts = {"value": raw}
    if not {"value"} <= set(parts) <= {"value", "qualifier", "unit", "from", "to"}:
        raise InputError("figure.malformed")
    qualifier = vocabulary("qualifier").read(str(parts.get("qualifier") or STATED))
    unit = vocabulary("unit").read(str(parts.get("unit") or "persons"))
    if qualifier is None:
        raise InputError("figure.qualifier")
    if unit is None:
        raise InputError("figure.unit")
    window = {end: read_date(str(parts[end]), today, time=False) if parts.get(end) else "" for end in ("from", "to")}
    return {"value": read_whole(parts["value"]), "qualifier": qualifier, "unit": unit, **window}


def show_figure(value: Mapping[str, object], lang: str) -> str:
    """Return the figure as it is said in ``lang``: "не менее 22 человек, январь – ноябрь 2019 г."."""
    said = _say(int(str(value["value"])), str(value["qualifier"]), str(value["unit"]), lang)
    begin, end = str(value.get("from") or ""), str(value.get("to") or "")
    if not (begin or end):
        return said
    if "/" in begin + end:
        window = " – ".join(show_date(one, lang) for one in (begin, end) if one)
    else:
        window = show_date(begin if begin == end else f"{begin or '..'}/{end or '..'}", lang)
    return f"{said}, {window}"


def read_money(raw: object) -> dict[str, Value]:
    """Return ``{amount, currency}``, the amount in hundredths; raises ``InputError("field.money")``.

    A mapping gives hundredths, text gives whole units: "145 000 EUR", "23000,50 ₸".
    """
    if isinstance(raw, Mapping) and set(raw) == {"amount", "currency"}:
        amount, currency = raw["amount"], str(raw["currency"])
        if isinstance(amount, bool) or not isinstance(amount, int):
            raise InputError("field.money")
    elif isinstance(raw, str) and (match := _MONEY.fullmatch(raw.strip())):
        amount = int(re.sub(r"\D", "", match["number"])) * 100 + int((match["part"] or "0").ljust(2, "0"))
        currency = _CURRENCIES.get(match["currency"].casefold().rstrip("."), match["currency"].upper())
    else:
        raise InputError("field.money")
    if not re.fullmatch(r"[A-Z]{3}", currency) or not 0 <= amount <= LARGEST:
        raise InputError("field.money")
    return {"amount": amount, "currency": currency}


def show_money(value: Mapping[str, object], lang: str) -> str:
    """Return the sum with its currency's code; hundredths only when there are any."""
    whole, part = divmod(int(str(value["amount"])), 100)
    point = "." if lang == "en" else ","
    return show_whole(whole, lang) + (f"{point}{part:02}" if part else "") + f"\u00a0{value['currency']}"


def show_file(value: Mapping[str, object], lang: str) -> str:
    """Return a file's media type and size; the name it had is a field of its own."""
    size = int(str(value["size"]))
    kib = max(1, round(size / 1024))
    number = show_whole(kib if kib < 10_000 else round(kib / 1024), lang)  # noqa: PLR2004 - readable sizes
    small = kib < 10_000  # noqa: PLR2004 - as above
    word = ("KB" if small else "MB") if lang == "en" else ("КБ" if small else "МБ")
    return f"{value['media']}, {number}\u00a0{word}"


def _said(text: str, today: str) -> dict[str, object]:
    match = _FIGURE.fullmatch(" ".join(text.split()))
    if not match:
        raise InputError("figure.malformed")
    sign = match["sign"].strip().casefold()
    qualifier = _SIGNS.get(sign) or _WORDS.get(sign) or (STATED if not sign else "")
    if not qualifier:
        raise InputError("figure.qualifier")
    if match["plus"]:
        qualifier = "at_least"
    unit = (match["unit"] or "").strip(" ,.").casefold()
    for code, (_, word) in _KK_AFTER.items():
        if not sign and unit.endswith(f" {word}"):
            qualifier, unit = code, unit.removesuffix(word).strip()
    parts: dict[str, object] = {"value": match["number"], "qualifier": qualifier, "unit": _unit(unit)}
    when = match["when"].strip(" ,()")
    if when:
        edtf = read_date(when, today, time=False)
        begin, _, end = edtf.partition("/") if "/" in edtf else (edtf, "", edtf)
        parts |= {"from": begin.strip("."), "to": end.strip(".")}
    return parts


def _unit(word: str) -> str:
    for term in vocabulary("unit").terms:
        if word in (term.code, *(form for forms in term.forms.values() for form in forms)):
            return term.code
    if word:
        raise InputError("figure.unit")
    return "persons"


def _say(number: int, qualifier: str, unit: str, lang: str) -> str:
    term, count = vocabulary("unit").term(unit), show_whole(number, lang)
    word = _counted(term, number, qualifier, lang) if term else unit
    said = vocabulary("qualifier").label(qualifier, lang)
    if qualifier == STATED:
        return f"{count} {word}"
    if lang == "kk" and qualifier in _KK_AFTER:
        return f"{count} {word} {_KK_AFTER[qualifier][1]}"
    return f"{said} {count} {word}"


def _counted(term: Term, number: int, qualifier: str, lang: str) -> str:
    """Return the unit's word in the form the number and the qualifier ask for."""
    forms = term.forms[lang]
    category = plural_category(lang, number)
    if lang == "en":
        return forms[0] if category == "one" else forms[1]
    if lang == "kk":
        return forms[_KK_AFTER[qualifier][0] if qualifier in _KK_AFTER else 0]
    one, few, many = forms
    if qualifier in _GENITIVE:
        return few if category == "one" else many
    return {"one": one, "few": few, "many": many}[category]
