"""The three languages of the program: English, Russian, Kazakh.

A ``Text`` is a label declared in place, whole in all three. A ``Catalogue`` is a set of sentences read from
resources/i18n/NAME.{en,ru,kk}.json: a flat map from key to a sentence with ``{parameters}``, or, where a count
decides the form, a map of plural categories (CLDR: en one/other, ru one/few/many, kk other).
"""

from __future__ import annotations

import functools
import json
from typing import NamedTuple

from kzdoc.errors import KzdocError
from kzdoc.resources import resource

LANGUAGES = ("en", "ru", "kk")


class Text(NamedTuple):
    """One label in the three languages."""

    en: str
    ru: str
    kk: str

    def to(self, lang: str) -> str:
        """Return the label in ``lang``; raises ``KzdocError("language.unknown")`` for any other language."""
        if lang not in LANGUAGES:
            raise KzdocError("language.unknown")
        return str(getattr(self, lang))


def plural_category(lang: str, count: int) -> str:
    """Return the CLDR plural category of ``count`` in ``lang`` (whole numbers only)."""
    if lang == "ru":
        if count % 10 == 1 and count % 100 != 11:  # noqa: PLR2004 - the rule's own figures
            return "one"
        if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14):
            return "few"
        return "many"
    return "one" if lang == "en" and count == 1 else "other"


class Catalogue:
    """Sentences by key in one language."""

    def __init__(self, lang: str, sentences: dict[str, str | dict[str, str]]) -> None:
        self.lang = lang
        self._sentences = sentences

    def __contains__(self, key: str) -> bool:
        return key in self._sentences

    def keys(self) -> list[str]:
        """Return all keys, sorted."""
        return sorted(self._sentences)

    def say(self, key: str, **params: str | int) -> str:
        """Return the sentence of ``key`` with its parameters; an unknown key is returned as it is.

        A sentence with plural forms is chosen by the parameter ``n``.
        """
        sentence = self._sentences.get(key, key)
        if isinstance(sentence, dict):
            category = plural_category(self.lang, int(params.get("n", 0)))
            sentence = sentence.get(category, sentence.get("other", sentence.get("many", key)))
        for name, value in params.items():
            sentence = sentence.replace("{" + name + "}", str(value))
        return sentence


@functools.cache
def catalogue(name: str, lang: str) -> Catalogue:
    """Return the catalogue ``name`` (resources/i18n/NAME.LANG.json) in ``lang``."""
    if lang not in LANGUAGES:
        raise KzdocError("language.unknown")
    return Catalogue(lang, json.loads(resource("i18n", f"{name}.{lang}.json").read_text(encoding="utf-8")))
