"""Articles of Kazakhstan's codes that documentation here meets, and how they are cited.

The table is resources/law/articles.json. An id says code, article and, where it matters, part: ``cc-174-1``. A title
is a description in our own words, not the article's text. ``verified`` tells whether a source that could be read
confirmed it; the rest is to be checked by a lawyer before it is relied on. Limits in hours are in limits.json, as
rules valid from a day, never in code.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from kzdoc.errors import InputError
from kzdoc.language import Text
from kzdoc.resources import resource

_CITATION = re.compile(
    r"(?:(?P<before>\D*?)\s*)?(?P<number>\d{1,3}(?:-\d{1,2})?)\s*[,;(]?\s*(?:(?:ч|част\w*|p|part|бөліг\w*|т)\.?\s*)?"
    r"(?P<part>\d{1,2})?[)]?\s*(?P<after>\D*)",
    re.IGNORECASE,
)
_CODES = (
    ("cpc", re.compile(r"упк|cpc|қпк|қылмыстық[ -]процес|уголовно-процессуальн|criminal procedure", re.IGNORECASE)),
    ("cao", re.compile(r"коап|cao|әқбтк|административн|administrative|әкімшілік", re.IGNORECASE)),
    ("cc", re.compile(r"\bук\b|\bcc\b|\bқк\b|уголовн|criminal|қылмыстық", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Article:
    """One article or part; an empty bound of validity is open."""

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
    match = _CITATION.fullmatch(" ".join(text.split()))
    if not match:
        return None
    around = f"{match['before'] or ''} {match['after']}"
    code = next((name for name, pattern in _CODES if pattern.search(around)), None)
    if code is None:
        return None
    before = re.search(r"ч\.?\s*(\d{1,2})\s*ст", text, re.IGNORECASE)
    wanted = [f"{code}-{match['number']}-{match['part']}"] if match["part"] and not before else []
    known = {one.id for one in ARTICLES}
    return next((one for one in (*wanted, f"{code}-{match['number']}") if one in known), None)
