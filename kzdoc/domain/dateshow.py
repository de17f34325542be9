"""Dates as they are written in English, Russian and Kazakh.

Russian takes the genitive after a day, after "с" and after "около" and writes "г."; Kazakh puts the year first
("2019 ж. 5 наурыз") and says beginnings and ends by the ablative and the dative of the month. A span inside one
month or one year is written short. An end that is not known is "?"; an open end of a time is "…".
"""

from __future__ import annotations

from kzdoc.domain.edtf import Point, Side

MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "ru": [
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ],
    "kk": [
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ],
}
_RU_OF = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
_KK_FROM = [
    "қаңтардан",
    "ақпаннан",
    "наурыздан",
    "сәуірден",
    "мамырдан",
    "маусымнан",
    "шілдеден",
    "тамыздан",
    "қыркүйектен",
    "қазаннан",
    "қарашадан",
    "желтоқсаннан",
]
_KK_UNTIL = [
    "қаңтарға",
    "ақпанға",
    "наурызға",
    "сәуірге",
    "мамырға",
    "маусымға",
    "шілдеге",
    "тамызға",
    "қыркүйекке",
    "қазанға",
    "қарашаға",
    "желтоқсанға",
]
_MARKS = {
    "en": {"": "", "~": "about ", "?": "possibly ", "%": "possibly about "},
    "ru": {"": "", "~": "около ", "?": "предположительно ", "%": "предположительно около "},
    "kk": {"": "", "~": "шамамен ", "?": "болжам бойынша ", "%": "болжам бойынша шамамен "},
}
_RU_YEAR = {"en": "", "ru": " г."}
_RU_SPAN_MARKS = {"": "", "~": "примерно ", "?": "предположительно ", "%": "предположительно примерно "}


def show(sides: tuple[Side, ...], lang: str) -> str:
    """Return the date whose parsed sides are given (kzdoc.domain.edtf.parse), in ``lang``."""
    if len(sides) == 1:
        return _one(sides[0], lang)
    one, two = sides
    if isinstance(one, Point) and isinstance(two, Point):
        if one.clock:
            return _times(one, two, lang)
        return _short(one, two, lang) or f"{_one(one, lang)} – {_one(two, lang)}"
    point, open_side = (one, two) if isinstance(one, Point) else (two, one)
    if isinstance(point, Point) and open_side == ".." and not point.clock:
        return _since(point, lang) if point is one else _until(point, lang)
    return f"{_one(one, lang)} – {_one(two, lang)}"


def _one(side: Side, lang: str) -> str:
    if isinstance(side, str):
        return "?" if side == "" else "…"
    text = _MARKS[lang][side.mark] + _date(side, lang, of="~" in side.mark or side.mark == "%")
    return f"{text}, {side.clock} ({_zone(side)})" if side.clock else text


def _date(point: Point, lang: str, *, of: bool = False) -> str:
    """Return the bare date; ``of`` asks for the Russian genitive of a month without a day."""
    if lang == "kk":
        return f"{point.year} ж." + _part(point, lang)
    if lang == "ru":
        return f"{_day(point, 'ru', of=of)}{point.year} г."
    return f"{_day(point, 'en')}{point.year}"


def _day(point: Point, lang: str, *, of: bool = False) -> str:
    """Return day and month with a space after, or nothing for a bare year."""
    if not point.month:
        return ""
    name = _RU_OF[point.month - 1] if lang == "ru" and (point.day or of) else MONTHS[lang][point.month - 1]
    return f"{point.day} {name} " if point.day else f"{name} "


def _part(point: Point, lang: str) -> str:
    """Return day and month with a space before (Kazakh order)."""
    return f" {_day(point, lang).strip()}" if point.month else ""


def _short(one: Point, two: Point, lang: str) -> str:
    """Return the short writing of a span, or "" when it has none."""
    like = bool(one.day) == bool(two.day) and bool(one.month) == bool(two.month)
    if one.mark or two.mark or not like:
        return ""
    if not one.month:
        return f"{one.year}–{two.year}" + {"en": "", "ru": " гг.", "kk": " жж."}[lang]
    if one.year != two.year:
        return ""
    if one.day and one.month == two.month:
        days, month = f"{one.day}–{two.day}", _day(one, lang).split()[1]
        return f"{one.year} ж. {days} {month}" if lang == "kk" else f"{days} {month} {one.year}" + _RU_YEAR[lang]
    return f"{_date(one, lang)} –{_part(two, lang)}" if lang == "kk" else f"{_day(one, lang)}– {_date(two, lang)}"


def _since(point: Point, lang: str) -> str:
    if lang == "en":
        return f"since {_one(point, lang)}"
    if lang == "ru":
        return f"{_RU_SPAN_MARKS[point.mark]}с {_date(point, lang, of=True)}"
    return f"{_MARKS[lang][point.mark]}{_kk_case(point, _KK_FROM, 'жылдан')} бастап"


def _until(point: Point, lang: str) -> str:
    if lang == "en":
        return f"until {_one(point, lang)}"
    if lang == "ru":
        return f"{_RU_SPAN_MARKS[point.mark]}по {_date(point, lang)}"
    return f"{_MARKS[lang][point.mark]}{_kk_case(point, _KK_UNTIL, 'жылға')} дейін"


def _kk_case(point: Point, months: list[str], year_word: str) -> str:
    if not point.month:
        return f"{point.year} {year_word}"
    day = f"{point.day} " if point.day else ""
    return f"{point.year} ж. {day}{months[point.month - 1]}"


def _zone(point: Point) -> str:
    hours, minutes = point.offset[1:].split(":")
    return f"UTC{point.offset[0]}{int(hours)}" + (f":{minutes}" if minutes != "00" else "")


def _times(one: Point, two: Point, lang: str) -> str:
    if one.offset != two.offset:
        return f"{_one(one, lang)} – {_one(two, lang)}"
    if one.first() == two.first():
        return f"{_date(one, lang)}, {one.clock}–{two.clock} ({_zone(one)})"
    return f"{_date(one, lang)}, {one.clock} – {_date(two, lang)}, {two.clock} ({_zone(one)})"
