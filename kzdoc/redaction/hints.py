"""What tells who somebody is without a name: kin, being the only one, a post at a place.

Rules: nothing is replaced here; a hint is shown to whoever publishes, with its sentence, to weigh. It is looked for in
what the reader will see, in three languages at once, by the words that people use; better one too many. In our own
papers there are none: everything stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kzdoc.redaction.tokens import ViewText

KIN, ONLY, POST = "kin", "only", "post"
SENTENCE_LIMIT = 240
"""Letters of a sentence that are shown around its words."""

_RUSSIAN_KIN = (
    r"мат(?:ь|ери|ерью|ерям)|мам(?:а|ы|е|у|ой)|отец|отц(?:а|у|ом|е|ы|ов)|пап(?:а|ы|е|у|ой)|родител\w+|жен(?:а|ы|е|у|ой|ою)"
    r"|муж(?:а|у|ем|е|ья|ей)?|супруг\w*|брат(?:а|у|ом|е|ья|ьев|ьям|ьями|ьях)?|братишк\w+|сестр(?:а|ы|е|у|ой|ам|ами|ах)"
    r"|сест[её]р|сестр[её]нк\w+|сын(?:а|у|ом|е|овья|овей|овьям|ок|ишк\w+)?|доч(?:ь|ери|ерью|ерей|к\w+)|дяд(?:я|и|е|ю|ей)"
    r"|т[её]т(?:я|и|е|ю|ей|к\w+)|бабушк\w+|дедушк\w+|внук\w*|внучк\w+|племянни[кц]\w*|свекр\w+|т[её]щ\w+|тест(?:ь|я|ю|ем)"
    r"|зят(?:ь|я|ю|ем)|невестк\w+|сно[хш]\w+|шурин\w*|золовк\w+|отчим\w*|мачех\w+|вдов(?:а|ы|е|у|ой|ец|ца|цу)|двоюродн\w+"
    r"|невест(?:а|ы|е|у|ой)|жених\w*|сосед\w*|одноклассни[кц]\w*|однокурсни[кц]\w*|сокамерни[кц]\w*|родственни[кц]\w*"
)
_KAZAKH_KIN = (
    r"(?:ана|шеше|әке|аға|іні|әпке|апа|тәте|қарындас|сіңлі|әйел|жұбай|күйеу|ұл|қыз|бала|ата|әже|немере|жиен|келін|нағашы|жезде"
    r"|балдыз|жеңге|бауыр|туыс|көрші|сыныптас|құрбы|күйеу\s?бала)(?:сы|сі|ы|і|м|ым|ім|мыз|міз|ымыз|іміз|лары|лері|дары|дері|тары"
    r"|тері)(?:н|ны|ні|ның|нің|на|не|нда|нде|нан|нен|мен)?"
)
"""With whose they are, as Kazakh says it."""

_ENGLISH_KIN = (
    r"\w+-in-law|mothers?|fathers?|parents?|wife|wives|husbands?|spouses?|brothers?|sisters?|sons?|daughters?|uncles?|aunts?"
    r"|nieces?|nephews?|cousins?|grand(?:mother|father|son|daughter)s?|widow(?:er)?|fianc[ée]e?|neighbou?rs?|classmates?|cellmates?"
    r"|relatives?"
)
_ONLY = (
    r"единственн\w+|жалғыз\w*|бір\s+ғана|(?:the|his|her|their|my)\s+only|sole\s+\w+|больше\s+никого|no\s+other\s+\w+"
    r"|басқа\s+ешкім"
)
_POSTS = (
    r"учител\w+|преподавател\w+|воспитател\w+|завуч\w*|директор\w*|врач\w*|медсестр\w+|фельдшер\w*|водител\w+|имам\w*|продав\w+"
    r"|бухгалтер\w*|инженер\w*|журналист\w*|тренер\w*|библиотекар\w+|сторож\w*|аким\w*|председател\w+|депутат\w*|студент\w*"
    r"|мұғалім\w*|тәрбиеші\w*|дәрігер\w*|мейірбике\w*|жүргізуші\w*|сатушы\w*|есепші\w*|жаттықтырушы\w*|әкім\w*|төраға\w*"
    r"|teachers?|head(?:master|mistress)|principal|doctors?|nurses?|drivers?|imams?|shopkeepers?|accountants?|engineers?"
    r"|journalists?|coach(?:es)?|librarians?|students?"
)
_PLACES = (
    r"школ\w*|детск\w+\s+сад\w*|больниц\w*|поликлиник\w*|мечет\w*|завод\w*|фабрик\w*|колледж\w*|университет\w*|институт\w*"
    r"|ау[лы]\w*|сел[оаеу]|пос[её]л\w+|район\w*|магазин\w*|газет\w*|мектеп\w*|балабақша\w*|аурухана\w*|емхана\w*|мешіт\w*"
    r"|зауыт\w*|дүкен\w*|schools?|kindergartens?|hospitals?|clinics?|mosques?|factor(?:y|ies)|plants?|colleges?|universit\w+"
    r"|villages?|districts?|shops?|newspapers?|№\s?\d+|no\.\s?\d+"
)


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(patterns) + r")(?!\w)", re.IGNORECASE)


_FINDS = {KIN: _words(_RUSSIAN_KIN, _KAZAKH_KIN, _ENGLISH_KIN), ONLY: _words(_ONLY), POST: _words(_POSTS)}
_AT = re.compile(r"(?<!\w)(?:" + _PLACES + r")(?!\w)", re.IGNORECASE)
_END = re.compile(r"(?<=[.!?…])[\s\u00a0]+|\n+")


@dataclass(frozen=True, slots=True)
class Hint:
    """A sentence hinting at somebody: why (``KIN``, ``ONLY``, ``POST``), by which words, in how many records."""

    why: tuple[str, ...]
    words: tuple[str, ...]
    sentence: str
    records: int


def hints(texts: Iterable[tuple[int, ViewText]]) -> tuple[Hint, ...]:
    """Return the sentences of ``texts``, (ref of the record, text) pairs, that hint at somebody; each once, as met."""
    found: dict[str, tuple[tuple[str, ...], tuple[str, ...], set[int]]] = {}
    for ref, text in texts:
        for why, words, sentence in _hinting(text.plain()):
            found.setdefault(sentence, (why, words, set()))[2].add(ref)
    return tuple([Hint(why, words, sentence, len(refs)) for sentence, (why, words, refs) in found.items()])


def told_hints(found: Iterable[Hint]) -> list[dict[str, Any]]:
    """Return hints in the JSON of `report make` and `text redact`."""
    return [
        {"why": list(one.why), "words": list(one.words), "sentence": one.sentence, "records": one.records}
        for one in found
    ]


def _hinting(text: str) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], str]]:
    """Yield (why, by which words, sentence) of the sentences of a text that hint at somebody."""
    for sentence in _END.split(text):
        met = [(why, match) for why, find in _FINDS.items() for match in find.finditer(sentence)]
        if not _AT.search(sentence):
            met = [(why, match) for why, match in met if why != POST]
        if met:
            met.sort(key=lambda one: one[1].start())
            why = tuple(dict.fromkeys(why for why, _ in met))
            words = tuple(dict.fromkeys(" ".join(match.group().split()) for _, match in met))
            yield why, words, _cut(" ".join(sentence.split()), words[0])


def _cut(sentence: str, word: str) -> str:
    """Return a sentence, of a long one the part around its first word."""
    if len(sentence) <= SENTENCE_LIMIT:
        return sentence
    start = max(0, sentence.find(word) - SENTENCE_LIMIT // 2)
    part = sentence[start : start + SENTENCE_LIMIT]
    return ("…" if start else "") + part + ("…" if start + SENTENCE_LIMIT < len(sentence) else "")
