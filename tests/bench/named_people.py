"""Many people with names as often borne as in life, clearly invented: made of parts, by weights, from a seed.

Given names: some hundreds, the commonest borne by one in fifty. Surnames: thousands, of stems and endings, a few common
ones and a long tail. Most have a father's name, in the Kazakh or the Russian way. Nobody is taken from anywhere.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

_FIRST = (
    "Нұр Ер Жан Бек Мұрат Бақыт Сұлтан Дәу Ай Гүл Ас Ды Қай Мақ Са Тал Ерке Алма Ғали Ораз Темір Үміт Жұлдыз Әли Бай "
    "Сер Дос Қуан Ыры Өмір"
)
_MEN = "жан бек болат хан ғали мұрат тай лан сұлтан дос бай дәулет ен рат"
_WOMEN = "гүл жан нұр сұлу ай зат кен жамал бану ша тай ма ида ия"
_RUSSIAN_MEN = "Тестий Мысалий Пробин Викт Андрон Платон Савелий Кирсан Прохор Лаврентий Нестор Гордей Фёдор"
_RUSSIAN_WOMEN = "Проба Марфа Пелагея Надежда Вера Любовь Анфиса Глафира Прасковья Лукерья Стеша Дарья"
_ROOTS = (
    "Тест Мысал Үлгі Сынақ Өрнек Жорам Байқ Жатт Нұсқа Дала Көшір Бұлд Ақжол Қарақ Сары Көкше Жақс Тоқта Есен Аман "
    "Құрман Қожа Мырза Ысқа Іскер Ұран Ілгер Әңгім Бейне Құлын Жұмаш Дүйсе Сәрсе Бейсе Сенбі Наур Қыс Күз Жаз Тау Орман"
)
_MIDDLES = "бай бек ғал құл хан мырз ғаз тай тек кел ал ен ар ыр ім ұл ақ ем ын ат"
_ENDINGS = (("ов", "ова"), ("ев", "ева"), ("ин", "ина"), ("ұлы", "қызы"), ("", ""))
_RUSSIAN = str.maketrans("ӘәҒғҚқҢңӨөҰұҮүҺһІі", "АаГгКкНнОоУуУуХхИи")
_PASSPORT = "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch y _ e iu ia"
_LATIN = dict(zip("абвгдеёжзийклмнопрстуфхцчшщыьэюя", _PASSPORT.split(), strict=True))


@dataclass(frozen=True)
class Someone:
    """Surname, given name and father's name as a Kazakh paper writes them; the father's may be empty."""

    surname: str
    given: str
    father: str
    woman: bool

    @property
    def kazakh(self) -> str:
        """The whole name as a Kazakh paper has it."""
        return " ".join(filter(None, (self.surname, self.given, self.father)))

    @property
    def russian(self) -> str:
        """The whole name as a Russian paper has it."""
        return self.kazakh.translate(_RUSSIAN)

    @property
    def latin(self) -> str:
        """Given name and surname as a passport has them."""
        return f"{in_latin(self.given)} {in_latin(self.surname)}"


def in_latin(word: str) -> str:
    """Return a word as a passport has it."""
    letters = [_LATIN.get(letter, letter).replace("_", "") for letter in word.translate(_RUSSIAN).lower()]
    return "".join(letters).capitalize()


def given_names(*, women: bool) -> list[str]:
    """Return the given names, the commonest first."""
    parts = _WOMEN if women else _MEN
    made = [first + last for first, last in itertools.product(_FIRST.split(), parts.split())]
    random.Random(3).shuffle(made)
    return [*made[:8], *(_RUSSIAN_WOMEN if women else _RUSSIAN_MEN).split(), *made[8:]]


def surnames() -> list[tuple[str, str]]:
    """Return the surnames, (a man's, a woman's), the commonest first."""
    made = [
        (f"{root}{middle}{his}", f"{root}{middle}{hers}")
        for root, middle, (his, hers) in itertools.product(_ROOTS.split(), _MIDDLES.split(), _ENDINGS)
    ]
    random.Random(4).shuffle(made)
    return made


def named(count: int, seed: int = 1) -> list[Someone]:
    """Return so many people."""
    rng = random.Random(seed)
    families = surnames()
    often = [1 / (rank + 60) for rank in range(len(families))]
    found = []
    names = {women: given_names(women=women) for women in (False, True)}
    weights = {women: [1 / (rank + 12) for rank in range(len(names[women]))] for women in names}
    for family in rng.choices(families, often, k=count):
        woman = rng.random() < 0.4
        given = rng.choices(names[woman], weights[woman])[0]
        father = rng.choices(names[False], weights[False])[0]
        kind = rng.random()
        if kind < 0.45:
            father += "қызы" if woman else "ұлы"
        elif kind < 0.8:
            father += "овна" if woman else "ович"
        else:
            father = ""
        found.append(Someone(family[woman], given, father, woman))
    return found
