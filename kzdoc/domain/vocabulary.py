"""Vocabularies: the closed lists of terms that choice fields draw on, each term labelled in three languages.

A vocabulary is a file in resources/vocabulary, except ``region`` and ``article``, which are made from the tables of
places and law. Codes are permanent; a term is retired by a new one, never renamed. The terms are our own words; the
standard that has a like term is named by its code (``ESF MT29`` and so on).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kzdoc.domain.law import ARTICLES
from kzdoc.domain.places import REGIONS
from kzdoc.errors import InputError
from kzdoc.language import Text
from kzdoc.resources import resource


@dataclass(frozen=True, slots=True)
class Term:
    """One term; ``forms`` holds, per language, the shapes a counted unit takes (see resources/vocabulary)."""

    code: str
    label: Text
    standard: str = ""
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A list of terms in the order in which they are offered."""

    id: str
    title: Text
    terms: tuple[Term, ...]

    def term(self, code: str) -> Term | None:
        """Return the term of ``code``, or None when this program does not know it (a newer desk may)."""
        return next((term for term in self.terms if term.code == code), None)

    def label(self, code: str, lang: str) -> str:
        """Return the label of ``code`` in ``lang``; a code unknown here is returned as it is."""
        term = self.term(code)
        return term.label.to(lang) if term else code

    def read(self, text: str) -> str | None:
        """Return the code meant by ``text``: a code, or a label in any of the languages, case aside."""
        wanted = " ".join(text.split()).casefold()
        for term in self.terms:
            if wanted == term.code.casefold():
                return term.code
        for term in self.terms:
            if any(wanted == label.casefold() for label in term.label):
                return term.code
        return None


@functools.cache
def vocabulary(vocabulary_id: str) -> Vocabulary:
    """Return the vocabulary of that id.

    Raises:
        InputError: ``vocabulary.unknown`` when there is none.
    """
    if vocabulary_id == "region":
        title = Text("Region", "Область или город", "Облыс немесе қала")
        return Vocabulary("region", title, tuple(Term(place.code, place.label, place.code) for place in REGIONS))
    if vocabulary_id == "article":
        title = Text("Article of law", "Статья закона", "Заң бабы")
        return Vocabulary("article", title, tuple(Term(one.id, one.label, "ESF 2154") for one in ARTICLES))
    path = resource("vocabulary", f"{vocabulary_id}.json")
    if not vocabulary_id.replace("_", "").isalnum() or not path.is_file():
        raise InputError("vocabulary.unknown", vocabulary=vocabulary_id)
    raw = json.loads(path.read_text(encoding="utf-8"))
    return Vocabulary(vocabulary_id, Text(raw["en"], raw["ru"], raw["kk"]), tuple(_term(one) for one in raw["terms"]))


def vocabulary_ids() -> tuple[str, ...]:
    """Return the ids of all vocabularies, sorted."""
    files = (path.stem for path in resource("vocabulary").glob("*.json"))
    return tuple(sorted({*files, "region", "article"}))


def _term(raw: dict[str, Any]) -> Term:
    forms = {lang: tuple(words) for lang, words in raw.get("forms", {}).items()}
    return Term(raw["code"], Text(raw["en"], raw["ru"], raw["kk"]), raw.get("standard", ""), forms)
