"""Reading dates and times as people type them in English, Russian and Kazakh.

Rules: every word must be known, every number must have one meaning; otherwise the text is refused, never guessed.
Kazakh letters may be typed with their Russian neighbours (кантар, шилде). A span may leave out on one side what the
other side says ("3–5 May 2019"). "About" an hour widens it by half an hour either way on the full hour, else by a
quarter. A day without its year is the latest such day not after today.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, field, replace

from kzdoc.domain.datelexicon import (
    ABOUT,
    BOTH,
    DAYS_AWAY,
    FILLER,
    FROM,
    HOUR_AFTER,
    HOUR_BEFORE,
    KAZAKH,
    MONTHS,
    PAIRED,
    PAIRING,
    TO,
    UNSURE,
)
from kzdoc.domain.edtf import usual_offset
from kzdoc.errors import InputError

_ABLATIVE = re.compile(r"\w*[дтн][ае]н")
_TOKEN = re.compile(
    r"\d{1,2}:\d{2}|\d{1,2}\.\d{1,2}\.\d{4}|\d{4}\.\d{1,2}\.\d{1,2}|\d{1,2}\.\d{4}(?!\d)|\d{1,2}/\d{1,2}/\d{4}"
    r"|utc[+-]\d{1,2}(?::\d{2})?|\.{2,3}|\d+|[^\W\d_]+|[–?~%≈…]"
)
_IGNORED = re.compile(r"[\s.,()\-]*")
_HALF_HOUR, _QUARTER = 30, 15


@dataclass(frozen=True, slots=True)
class _Said:
    """What one side of the text said; zeroes and empty text where it said nothing."""

    year: int = 0
    month: int = 0
    day: int = 0
    about: bool = False
    unsure: bool = False
    clock: str = ""
    offset: str = ""
    open: str | None = None

    @property
    def mark(self) -> str:
        return "%" if self.about and self.unsure else "~" if self.about else "?" if self.unsure else ""

    @property
    def dated(self) -> bool:
        return bool(self.year or self.month or self.day)


@dataclass(slots=True)
class _Draft:
    """One side while it is read."""

    today: str
    numbers: list[int] = field(default_factory=list)
    said: _Said = field(default_factory=_Said)

    def put(self, **parts: object) -> None:
        """Set what was not said before; a second saying has no one meaning."""
        for name in parts:
            if getattr(self.said, name):
                raise InputError("date.not-understood")
        self.said = replace(self.said, **parts)  # type: ignore[arg-type]  # the names are this module's own


def read_words(given: str, today: str, offset: str) -> str:
    """Return the EDTF of ``given``; raises ``InputError`` (``date.…``) when it has no one meaning."""
    tokens = _tokens(given)
    left, right, lead = _split(tokens)
    sides = [_side(part, today) for part in (left, right) if part is not None]
    if len(sides) == 1:
        return _single(_dated(sides[0], today), lead, offset)
    one, two = _complete(sides[0], sides[1], today, tied=lead == "tied")
    return "/".join((_write(one, offset, -1), _write(two, offset, 1)))


def _tokens(given: str) -> list[str]:
    text = unicodedata.normalize("NFC", given).casefold().translate(KAZAKH).replace("\u00a0", " ")
    text = re.sub(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)", r"\3.\2.\1", text)
    text = re.sub(r"(?<![\d–-])(\d{4})-(\d{2})(?![\d–-])", r"\2.\1", text)
    text = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", text.replace("—", "–").replace("−", "-"))
    text = re.sub(r"day before yesterday|алдынгы кун[иі]?", "позавчера", text)
    text = re.sub(r"(?<!\w)(\d{1,2}) ?ч(?:ас\w*)?\.? ?(\d{2}) ?мин\w*", r"\1:\2", text)
    text = re.sub(r"(\d)(am|pm)\b", r"\1 \2", re.sub(r"utc\s+(?=[+-])", "utc", text))
    text = re.sub(r"(\d)\s*[-–]\s*(?=\d)", lambda m: m[1] + (" – " if " " in m[0] else " –– "), text)
    text = re.sub(r"\s[-–]\s|(?<=[^\W\d])–(?=\w)", " – ", text).replace("––", "≡")
    found, at = [], 0
    for match in re.finditer(_TOKEN.pattern + "|≡", text):
        if not _IGNORED.fullmatch(text[at : match.start()]):
            raise InputError("date.not-understood")
        found.append(match[0])
        at = match.end()
    if not _IGNORED.fullmatch(text[at:]) or not found:
        raise InputError("date.not-understood")
    return found


def _split(tokens: list[str]) -> tuple[list[str], list[str] | None, str]:
    """Return the two sides and how they were joined, or one side and ``since``, ``until`` or nothing."""
    for sign, lead in (("≡", "tied"), ("–", "")):
        if sign in tokens:
            at = tokens.index(sign)
            return [one for one in tokens[:at] if one not in FROM], tokens[at + 1 :], lead
    paired = bool(PAIRING & set(tokens))
    rest = [one for one in tokens if one not in PAIRING]
    if not rest:
        raise InputError("date.not-understood")
    for at, token in enumerate(rest):
        if (token in TO and _says(rest[:at])) or (token in PAIRED and paired):
            return [one for one in rest[:at] if one not in FROM], rest[at + 1 :], ""
    if rest[-1] == "дейин":
        rest = rest[:-1]
        at = next((n for n, token in enumerate(rest[:-1], 1) if _ABLATIVE.fullmatch(token)), 0)
        return (rest[:at], rest[at:], "") if at and _says(rest[:at]) else (rest, None, "until")
    if rest[-1] == "бастап":
        return rest[:-1], None, "since"
    if paired:
        raise InputError("date.not-understood")
    lead = "since" if FROM & set(rest) else "until" if TO & set(rest) else ""
    return [one for one in rest if one not in FROM | TO], None, lead


def _says(tokens: list[str]) -> bool:
    return any(token[0].isdecimal() or _month(token) or token in DAYS_AWAY for token in tokens)


def _month(token: str) -> int:
    return next((number for number, pattern in enumerate(MONTHS, 1) if pattern.fullmatch(token)), 0)


def _side(tokens: list[str], today: str) -> _Said:
    if tokens in (["?"], ["…"], [".."], ["..."]):
        return _Said(open="" if tokens == ["?"] else "..")
    draft = _Draft(today)
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else ""
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        _take(draft, token, before, after)
    if not (draft.said.dated or draft.said.clock):
        raise InputError("date.not-understood")
    return draft.said


def _take(draft: _Draft, token: str, before: str, after: str) -> None:
    """Put what one token says into the draft."""
    if token in ABOUT:
        draft.said = replace(draft.said, about=True)
    elif token in UNSURE:
        draft.said = replace(draft.said, unsure=True)
    elif token in BOTH:
        draft.said = replace(draft.said, about=True, unsure=True)
    elif token in DAYS_AWAY:
        day = dt.date.fromisoformat(_need(draft.today)) + dt.timedelta(days=DAYS_AWAY[token])
        draft.put(year=day.year, month=day.month, day=day.day)
    elif token.startswith("utc"):
        sign, hours, minutes = re.fullmatch(r"utc([+-])(\d+):?(\d*)", token).groups()  # type: ignore[union-attr]
        draft.put(offset=f"{sign}{int(hours):02}:{minutes or '00'}")
    elif token[0].isdecimal():
        _take_number(draft, token, before, after)
    elif number := _month(token):
        draft.put(month=number)
    elif token not in FILLER | HOUR_AFTER | HOUR_BEFORE and token not in ("am", "pm"):
        raise InputError("date.not-understood")


def _take_number(draft: _Draft, token: str, before: str, after: str) -> None:
    numbers = [int(one) for one in re.split(r"[./:]", token)]
    is_hour = len(token) <= 2 and (before in HOUR_BEFORE or after in HOUR_AFTER or after in ("am", "pm"))  # noqa: PLR2004 - digits
    if ":" in token or is_hour:
        hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
        if after in ("am", "pm"):
            if not 1 <= hour <= 12:  # noqa: PLR2004 - a twelve-hour clock
                raise InputError("date.no-such-time")
            hour = hour % 12 + (12 if after == "pm" else 0)
        draft.put(clock=f"{hour:02}:{minute:02}")
    elif "/" in token:
        if numbers[0] <= 12 and numbers[1] <= 12 and numbers[0] != numbers[1]:  # noqa: PLR2004 - months
            raise InputError("date.ambiguous")
        day, month = (numbers[0], numbers[1]) if numbers[1] <= 12 else (numbers[1], numbers[0])  # noqa: PLR2004 - months
        draft.put(day=day, month=month, year=numbers[2])
    elif len(numbers) == 3:  # noqa: PLR2004 - day, month, year
        day, month, year = reversed(numbers) if numbers[0] > 999 else numbers  # noqa: PLR2004 - a year first
        draft.put(day=day, month=month, year=year)
    elif len(numbers) == 2:  # noqa: PLR2004 - month and year
        draft.put(month=numbers[0], year=numbers[1])
    elif len(token) == 4:  # noqa: PLR2004 - digits of a year
        draft.put(year=numbers[0])
    elif len(token) <= 2 and numbers[0]:  # noqa: PLR2004 - digits of a day
        draft.put(day=numbers[0])
    else:
        raise InputError("date.not-understood")


def _need(today: str) -> str:
    if not today:
        raise InputError("date.no-today")
    return today


def _dated(said: _Said, today: str) -> _Said:
    """Return ``said`` with the year, or for a bare time the day, that today gives it."""
    if said.open is not None or said.year:
        return said
    now = dt.date.fromisoformat(_need(today))
    if not said.month:
        if said.day:
            raise InputError("date.not-understood")
        return replace(said, year=now.year, month=now.month, day=now.day)
    later = (said.month, said.day or 1) > (now.month, now.day)
    return replace(said, year=now.year - 1 if later else now.year)


def _complete(one: _Said, two: _Said, today: str, *, tied: bool) -> tuple[_Said, _Said]:
    """Return both sides with what each left for the other to say."""
    if one.open is not None or two.open is not None:
        return _dated(one, today), _dated(two, today)
    if (one.about or one.unsure) and (tied or (not (one.year and one.month) and not one.year)):
        two = replace(two, about=two.about or one.about, unsure=two.unsure or one.unsure)
    if bool(one.clock) != bool(two.clock):
        raise InputError("date.not-understood")
    if one.clock and not (one.dated or two.dated):
        one = _dated(one, today)
    bare_end = not two.dated
    if one.clock and not one.dated:
        one = replace(one, year=two.year, month=two.month, day=two.day)
    two = replace(two, year=two.year or one.year, month=two.month or (one.month if two.day or bare_end else 0))
    two = replace(two, day=two.day or one.day) if bare_end else two
    one = replace(one, month=one.month or (two.month if one.day else 0))
    if not (one.year or two.year):
        two = _dated(two, today)
    one = replace(one, year=one.year or two.year)
    two = replace(two, year=two.year or one.year)
    one, two = replace(one, offset=one.offset or two.offset), replace(two, offset=two.offset or one.offset)
    if one.clock and bare_end and two.clock < one.clock:
        two = _next_day(two)
    return one, two


def _next_day(said: _Said) -> _Said:
    try:
        day = dt.date(said.year, said.month, said.day) + dt.timedelta(days=1)
    except ValueError as error:
        raise InputError("date.no-such-day") from error
    return replace(said, year=day.year, month=day.month, day=day.day)


def _single(said: _Said, lead: str, offset: str) -> str:
    if said.clock and said.about and not lead:
        return "/".join((_write(said, offset, -1), _write(said, offset, 1)))
    text = _write(said, offset, -1 if lead == "since" else 1)
    return f"{text}/.." if lead == "since" else f"../{text}" if lead == "until" else text


def _write(said: _Said, offset: str, direction: int) -> str:
    """Return one side as EDTF; a time that is only about is moved outwards, in ``direction``."""
    if said.open is not None:
        return said.open
    if said.day and not said.month:
        raise InputError("date.not-understood")
    date = f"{said.year:04}" + (f"-{said.month:02}" if said.month else "") + (f"-{said.day:02}" if said.day else "")
    if not said.clock:
        return date + said.mark
    if said.unsure or not said.day:
        raise InputError("date.time-mark")
    try:
        instant = dt.datetime.fromisoformat(f"{date}T{said.clock}")
    except ValueError as error:
        raise InputError("date.no-such-time") from error
    if said.about:
        instant += dt.timedelta(minutes=direction * (_QUARTER if instant.minute else _HALF_HOUR))
    day = instant.date().isoformat()
    return f"{day}T{instant:%H:%M}{said.offset or offset or usual_offset(day)}"
