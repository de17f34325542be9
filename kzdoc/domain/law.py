"""Articles of Kazakhstan's codes that documentation here meets, and how they are cited.

The table is resources/law/articles.json. An id says code, article and, where it matters, part: ``cc-174-1``. A title
is a description in our own words, not the article's text. ``verified`` tells whether a source that could be read
confirmed it; the rest is to be checked by a lawyer before it is relied on.
The limits of the detention clock are in resources/law/limits.json: rules with their days of validity, never code.
A rule that was not verified says so wherever it is used.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from kzdoc.errors import InputError
from kzdoc.language import Text
from kzdoc.resources import resource

_NUMBER = r"(?P<number>\d{1,3}(?:-\d{1,2})?)"
_PART_FIRST = re.compile(rf"(?:ч|част\w*|part)\.?\s*(?P<part>\d{{1,2}})\s*,?\s*(?:ст|art)\D*?{_NUMBER}")
_PART_AFTER = re.compile(
    rf"{_NUMBER}(?:-?ба[бп]\w*)?"
    r"(?:\s*,?\s*(?:\(|ч\.?|част\w*|part|p\.)\s*(?P<part>\d{1,2})\)?|\s+(?P<part_kk>\d{1,2})-?\s?бөлі\w+)?"
)
_CODES = (
    ("cpc", re.compile(r"упк|cpc|қпк|қылмыстық[ -]процес|уголовно-процессуальн|criminal procedure")),
    ("cao", re.compile(r"коап|cao|әқбтк|административн|administrative|әкімшілік")),
    ("cc", re.compile(r"\bук\b|\bcc\b|\bқк\b|уголовн|criminal|қылмыстық")),
)


@dataclass(frozen=True, slots=True)
class Article:
    """One article or part; bounds of validity are EDTF, as far as they are known, and open when empty."""

    id: str
    code: str
    number: str
    part: str
    title: Text
    valid_from: str
    valid_to: str
    verified: bool
    note: str

    @property
    def label(self) -> Text:
        """The citation and what the article is about."""
        return Text(*(f"{cite} ({about})" for cite, about in zip(self.citation, self.title, strict=True)))

    @property
    def citation(self) -> Text:
        """The citation alone, as each language writes it."""
        en, ru, kk = _CODE_NAMES[self.code]
        part = self.part
        return Text(
            f"Art. {self.number}" + (f"({part})" if part else "") + f" {en}",
            (f"ч. {part} " if part else "") + f"ст. {self.number} {ru}",
            f"{kk} {self.number}-бабы" if not part else f"{kk} {self.number}-бабының {part}-бөлігі",
        )


_CODE_NAMES = {
    "cc": Text("CC", "УК РК", "ҚР ҚК"),
    "cao": Text("CAO", "КоАП РК", "ҚР ӘҚБтК"),
    "cpc": Text("CPC", "УПК РК", "ҚР ҚПК"),
}


def _read() -> tuple[Article, ...]:
    raw = json.loads(resource("law", "articles.json").read_text(encoding="utf-8"))
    return tuple(
        Article(
            one["id"],
            one["code"],
            one["number"],
            one.get("part", ""),
            Text(one["en"], one["ru"], one["kk"]),
            one.get("from", ""),
            one.get("to", ""),
            one["verified"],
            one.get("note", ""),
        )
        for one in raw["articles"]
    )


ARTICLES: tuple[Article, ...] = _read()


@dataclass(frozen=True, slots=True)
class Limit:
    """How many hours the law gives for one step after the deprivation of liberty, and since when it does."""

    id: str
    procedure: str
    step: Text
    hours: int
    minors: bool
    valid_from: str
    valid_to: str
    article: str
    verified: bool
    note: str

    def valid_on(self, day: str) -> bool:
        """Tell whether the rule held on ``day`` (``YYYY-MM-DD``)."""
        return self.valid_from <= day and (not self.valid_to or day[: len(self.valid_to)] <= self.valid_to)


def _read_limits() -> tuple[Limit, ...]:
    raw = json.loads(resource("law", "limits.json").read_text(encoding="utf-8"))
    return tuple(
        Limit(
            one["id"],
            one["procedure"],
            Text(one["en"], one["ru"], one["kk"]),
            one["hours"],
            one.get("minors", False),
            one.get("from", ""),
            one.get("to", ""),
            one["article"],
            one["verified"],
            one.get("note", ""),
        )
        for one in raw["limits"]
    )


LIMIT_RULES: tuple[Limit, ...] = _read_limits()


def article(article_id: str) -> Article:
    """Return the article of that id; raises ``InputError("law.unknown")``."""
    for one in ARTICLES:
        if one.id == article_id:
            return one
    raise InputError("law.unknown")


def find_article(text: str) -> str | None:
    """Return the id of the article that ``text`` cites ("ст. 174 ч. 2 УК", "Art. 405(2) CC"), or None.

    A part that is not in the table gives the article itself; a citation that names no code is not guessed at.
    """
    line = " ".join(text.casefold().split())
    code = next((name for name, pattern in _CODES if pattern.search(line)), None)
    match = _PART_FIRST.search(line) or _PART_AFTER.search(line)
    if code is None or match is None:
        return None
    said = match.groupdict()
    part = said.get("part") or said.get("part_kk")
    known = {one.id for one in ARTICLES}
    wanted = f"{code}-{said['number']}"
    return next((one for one in (f"{wanted}-{part}", wanted) if one in known), None)
