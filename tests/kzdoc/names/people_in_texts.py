"""Invented people and the ways texts of three languages write them, made apart from what recognises them.

Nothing here is taken from kzdoc/names: the paradigms are written out case by case, for each sort of word.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

# genitive, dative, accusative, instrumental, prepositional; "0" stands for no change
_MAN = {
    "ов": "а у а ым е", "ев": "а у а ым е", "ин": "а у а ым е", "ский": "-ского -скому -ского -ским -ском",
    "бай": "-бая -баю -бая -баем -бае", "бек": "а у а ом е", "к": "а у а ом е", "н": "а у а ом е",
    "р": "а у а ом е", "т": "а у а ом е", "д": "а у а ом е", "с": "а у а ом е", "л": "а у а ом е", "м": "а у а ом е",
    "й": "-я -ю -я -ем -е", "ь": "-я -ю -я -ем -е", "а": "-ы -е -у -ой -е", "ко": "0", "лы": "0", "ан": "а у а ом е",
    "вич": "а у а ем е", "и": "0", "о": "0",
}  # fmt: skip
_WOMAN = {
    "ова": "-овой -овой -ову -овой -овой", "ева": "-евой -евой -еву -евой -евой", "ина": "-иной -иной -ину -иной -иной",
    "ская": "-ской -ской -скую -ской -ской", "вна": "-вны -вне -вну -вной -вне", "ия": "-ии -ии -ию -ией -ии",
    "а": "-ы -е -у -ой -е", "я": "-и -е -ю -ей -е", "ь": "-и -и 0 -ью -и", "зы": "0", "ко": "0", "бай": "0",
}  # fmt: skip
MEN = """Тестов Данияр Серікұлы|Мысалов Ғалым Маратович|Үлгібаев Нұрсұлтан|Сынақбай Жанболат|Қолдантаев Мұхтар Әлиұлы
Примерский Дмитрий Сергеевич|Коваленко Игорь Павлович|Абдуллин Рустам|Өрнеков Қайрат|Тұманбай Асқар|Бұлдыров Еркін
Жорамалов Шыңғыс|Ерсінов Ерлан|Ыспаев Ырысбек|Іскеров Ілияс|Ұранов Ұлан|Үміткеров Үсен|Һалиев Һамит|Цветинский Николай
Щукарёв Пётр|Чернилин Сергей|Юсуфин Юнус|Ягодин Ян|Эмбенов Эльдар|Джумысалов Ғани|Хасенов Болат|Кенжеғұлов Бауыржан
Ақжолов Тимур|Жақсыбеков Олжас|Қаракөзов Бекзат|Сәтбаев Мәди|Дәуренов Сұңқар""".replace("\n", "|").split("|")
WOMEN = """Сынақова Айгүл Маратқызы|Үлгіқызы Әсем|Тестова Алия Ериковна|Мысалова Наталья Юрьевна|Примерская Дарья
Коваленко Ольга|Өрнекова Гүлнар|Бұлдырова Жұлдыз|Жорамалова Сәуле|Ерсінова Динара|Ыспаева Мәншүк|Іскерова Қарлығаш
Ұранова Шолпан|Үміткерова Назгүл|Һалиева Бибінұр|Цветинская Мария|Щукарёва Анна|Чернилина Елена|Юсуфина Зарина
Ягодина Жанна|Эмбенова Эльмира|Джумысалова Меруерт|Хасенова Ботагөз|Кенжеғұлова Сая|Ақжолова Толғанай
Жақсыбекова Ақмарал|Қаракөзова Роза|Сәтбаева Раушан|Дәуренова Камила|Нұрланқызы Айша|Серікқызы Жібек
Тұманбай Гаухар""".replace("\n", "|").split("|")


@dataclass(frozen=True)
class Someone:
    """An invented person: surname, given name, sometimes a patronymic."""

    name: str
    woman: bool

    @property
    def words(self) -> list[str]:
        return self.name.split()


PEOPLE = [*(Someone(name, woman=False) for name in MEN), *(Someone(name, woman=True) for name in WOMEN)]


def declined(word: str, *, woman: bool) -> list[str]:
    """Return the six Russian cases of one word."""
    table = _WOMAN if woman else _MAN
    for end in sorted(table, key=len, reverse=True):
        if word.lower().endswith(end) and table[end] != "0":
            stem = word[: len(word) - len(end)]
            cases = [
                word if case == "0" else stem + case[1:] if case[0] == "-" else word + case
                for case in table[end].split()
            ]
            return [word, *cases]
        if word.lower().endswith(end):
            break
    return [word] * 6


_HARD, _SOFT = set("аоұыуёя"), set("әөүіеэиюй")


def _back(word: str) -> bool:
    for letter in reversed(word.lower()):
        if letter in _HARD:
            return True
        if letter in _SOFT and letter != "й":
            return False
    return True


def kazakh(word: str) -> list[str]:
    """Return a word with Kazakh endings: six cases, plural and its cases, possession, longer chains."""
    back, last = _back(word), word[-1].lower()
    if last in "аәеоөұүыіуиэяю":
        gen, acc, dat, loc, abl, ins, plural, own = "ның", "ны", "ға", "да", "дан", "мен", "лар", "сы"
    elif last in "мнң":
        gen, acc, dat, loc, abl, ins, plural, own = "ның", "ды", "ға", "да", "нан", "мен", "дар", "ы"
    elif last in "рлйуь":
        gen, acc, dat, loc, abl, ins, plural, own = "дың", "ды", "ға", "да", "дан", "мен", "лар", "ы"
    elif last in "зж":
        gen, acc, dat, loc, abl, ins, plural, own = "дың", "ды", "ға", "да", "дан", "бен", "дар", "ы"
    else:
        gen, acc, dat, loc, abl, ins, plural, own = "тың", "ты", "қа", "та", "тан", "пен", "тар", "ы"
    many = ["дың", "ды", "ға", "да", "дан", "мен", "ы", "ына"]
    ends = [gen, acc, dat, loc, abl, ins, plural, *(plural + one for one in many)]
    ends += [f"{loc}ғы", f"{gen[0]}ікі"]
    if last not in "кқп":
        ends += [own, f"{own}на"]
    soft = str.maketrans("ыағқ", "іегк")
    return [word + (end if back else end.translate(soft)) for end in ends]


def russian(one: Someone) -> Iterator[str]:
    """Yield the forms a Russian text writes."""
    cases = [declined(word, woman=one.woman) for word in one.words]
    for number in range(6):
        surname, given, *father = (case[number] for case in cases)
        yield from (f"{surname} {given}", f"{given} {surname}", surname, given)
        yield from (f"{given[0]}. {surname}", f"{surname} {given[0]}.", f"{given[0]}.\u00a0{surname}")
        if father:
            yield from (f"{surname} {given} {father[0]}", f"{given} {father[0]} {surname}", f"{given} {father[0]}")
            yield from (f"{surname} {given[0]}. {father[0][0]}.", f"{given[0]}.{father[0][0]}. {surname}")
    surname, given = one.words[:2]
    yield from (f"{surname} {given}".upper(), f"«{surname}»", f"{surname}-{given}")


def kazakh_forms(one: Someone) -> Iterator[str]:
    """Yield the forms a Kazakh text writes."""
    surname, given = one.words[:2]
    for form in kazakh(given):
        yield from (form, f"{surname} {form}")
    for form in kazakh(surname):
        yield from (form, f"{given} {form}")


_PASSPORT = "a.b.v.g.d.e.e.zh.z.i.i.k.l.m.n.o.p.r.s.t.u.f.kh.ts.ch.sh.shch._.y._.e.iu.ia.a.g.k.n.o.u.u.h.i"
_ICAO = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі", _PASSPORT.split("."), strict=True))
_BGN = {**_ICAO, "й": "y", "ё": "yo", "ю": "yu", "я": "ya", "ғ": "gh", "қ": "q", "ң": "ng", "ы": "y", "х": "kh"}
_KZ2021 = {**_ICAO, "ж": "j", "ш": "ş", "ч": "ç", "ә": "ä", "ғ": "ğ", "қ": "q", "ң": "ñ", "ө": "ö", "ұ": "ū", "ү": "ü",
           "һ": "h", "х": "h", "ы": "y", "і": "ı", "ю": "yu", "я": "ya", "й": "i"}  # fmt: skip
_KZ2018 = {**_KZ2021, "ш": "sh", "ч": "ch", "ә": "á", "ғ": "ǵ", "ң": "ń", "ө": "ó", "ұ": "u", "ү": "ú", "у": "ý",
           "і": "i"}  # fmt: skip
_CHAT = {**_ICAO, "ж": "j", "қ": "k", "х": "h", "ы": "i", "ю": "yu", "я": "ya"}
HABITS = (_ICAO, _BGN, _KZ2021, _KZ2018, _CHAT)


def latin(text: str, habit: dict[str, str]) -> str:
    """Return a Cyrillic text in Latin letters."""
    out = []
    for letter in text:
        plain = habit.get(letter.lower(), letter).replace("_", "")
        out.append(plain.capitalize() if letter.isupper() else plain)
    return "".join(out)


def latin_forms(one: Someone) -> Iterator[str]:
    """Yield the forms an English text, a passport or a message writes."""
    surname, given = one.words[:2]
    for habit in HABITS:
        names = latin(surname, habit), latin(given, habit)
        yield from (
            " ".join(names),
            " ".join(reversed(names)),
            f"{names[0]}'s",
            f"{names[1]}’s",
            " ".join(names).upper(),
        )
        yield f"{names[1][0]}. {names[0]}"


_LOOKS = str.maketrans("аеорсухіАЕОРСХІКМТВН", "aeopcyxiAEOPCXIKMTBH")


def disguised(one: Someone) -> Iterator[str]:
    """Yield forms that hide from a plain search: lookalikes, cuts, marks, е for ё."""
    surname, given = one.words[:2]
    half = len(surname) // 2
    yield surname[:half] + surname[half:].translate(_LOOKS)
    yield f"{surname[:half]}\u00ad{surname[half:]}"
    yield f"{surname[:half]}-\n{surname[half:]}"
    yield f"{surname[:half]}\u200b{surname[half:]} {given}"
    yield f"{surname}\n{given}"
    yield f"{given}\u00a0{surname}"
    yield f"{surname} {given}".replace("ё", "е").replace("й", "и\u0306")
    yield " ".join(surname)
    for plain, other in itertools.product("Ққ", "К"):
        yield f"{surname} {given}".replace(plain, other)


FRAMES = {
    "ru": ("Потом {} вышел.", "По словам соседей, {} видели у суда.", "{}, как сообщают, дома.", "Речь шла о {}"),
    "kk": ("Кеше {} айтты.", "Көршілер {} туралы білмейді.", "{}, деді ол.", "Сот {}"),
    "en": ("Later {} left.", "They saw {} near the court.", "{}, it is said, is home.", "This is about {}"),
}

NEUTRAL = """В марте прошёл мирный митинг на площади, и надежда на перемены жива. Полиция задержала десятки человек.
Судья огласила приговор поздно вечером. Врач осмотрел задержанных и дал справку. Справка дана по месту требования.
Прокуратура города отказала в возбуждении дела. Адвокат подал жалобу в Верховный суд Республики Казахстан.
Комитет ООН по правам человека принял решение. Министр внутренних дел выступил в парламенте в среду.
Мать ждала у здания до утра, было холодно. Роза увяла, а мир остался. Вера и любовь помогают людям в беде.
В деле пять томов, и в каждом томе сто листов. Слава труду было написано на стене. Лев спал в клетке.
Учитель рассказал ученикам о роли закона. Камера рассчитана на четверых, сидели девять. Дали воду один раз.
Көшеде айгүл гүлдеді, көктем келді. Адам құқығы жөніндегі комитет шешім қабылдады. Бақыт деген осы шығар.
Арман мен үміт үзілмейді, өмір жалғасады. Сот отырысы кешке дейін созылды. Полиция алаңды қоршап алды.
Азамат өз құқығын біледі. Еркін сөз керек. Қайрат пен жігер бар. Талап орындалмады, шағым қаралмады.
Дәрігер анықтама берді. Ана баласын күтті. Серік болған жолдастары келді. Жұлдыз жанып тұр, ай толды. Тұман түсті.
Астанада қар жауды, Алматыда жаңбыр болды. Наурыз айында жиын өтті. Ұлан шекарада тұрды, ерлер мақтады.
The court heard the case in May and will decide in June. An officer said that no one was hurt. Hope remains.
The report names no victims; the commission may ask for more. Grace was given, mark the date. Art is long.
They walked along the river until the sun rose. The minister spoke of reform and of peace. Rose bushes grew there."""
