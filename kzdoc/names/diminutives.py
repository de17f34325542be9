"""Which given names a short form may be of: Саша of Александр, Надя of Надежда, Гуля of Айгүл.

Only what no ending tells (loose.py has those that hang on the name); the table is resources/names/diminutives.txt, its
forms are made by Russian grammar (endings.py). A form that is also a common word is left out: "люди" is nobody's.
"""

from __future__ import annotations

import re
from functools import cache

from kzdoc.language import LANGUAGES
from kzdoc.names.endings import TAILS, cores
from kzdoc.names.fold import fold, fold_word
from kzdoc.resources import resource

_WORDS = (
    "люди людей людям людях люду дине дан дана дане даны рус руси руси аля света свете свету светом боря лена "
    "лен ник лик май маек майка майке майки марка марке марки мир мира мире миру мила милы мило тома томе "
    "томом тому томы томам томах нора норы норе гера рена река реки тори галка галки серый серого роман макс "
    "султан булат егор эрик варить вера вере веру верой веры полем поле поля полю поли полей полям полях дара "
    "нара нары баха бак бака тока токе токи токам сека мука муки муку мурка мара мера меры мере меру мерой "
    "тина тины софа софы ерик каир дика рыси рысь нота зое семей жеке жекей "
)
_COMMON = frozenset(map(fold_word, _WORDS.split()))
_SHORTEST = 3
_KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)


@cache
def _table() -> tuple[dict[str, frozenset[str]], frozenset[str], frozenset[str]]:
    """Return the names by the forms of what they are shortened to, which of these are no case, which common words."""
    forms: dict[str, set[str]] = {}
    plain: set[str] = set()
    for line in resource("names", "diminutives.txt").read_text(encoding="utf-8").splitlines():
        name, _, short = line.partition(":")
        for key in fold(short).split():
            plain.add(key)
            for form in (key, *(core + tail for core, paradigm in cores(key) for tail in TAILS[paradigm])):
                forms.setdefault(form, set()).add(fold_word(name))
    words = {key for lang in LANGUAGES for key in fold(resource("words", f"{lang}.txt").read_text("utf-8")).split()}
    common = _COMMON | (words - plain)
    kept = {form: frozenset(names) for form, names in forms.items() if len(form) >= _SHORTEST}
    return kept, frozenset(plain), frozenset(common & kept.keys())


def whole_names(written: str, key: str, *, beside: bool = False) -> frozenset[str]:
    """Return the given names, by their keys, of which a word may be a short form; Latin letters have no cases.

    A form that is a common word counts only ``beside`` another word of the name, written large: "Света Хан".
    """
    forms, plain, common = _table()
    if _KAZAKH.search(written) or (written.isascii() and key not in plain):
        return frozenset()
    if key in common and not (beside and written[:1].isupper()):
        return frozenset()
    return forms.get(key, frozenset())
