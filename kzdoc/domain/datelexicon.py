"""The words of dates in English, Russian and Kazakh, as kzdoc/domain/datewords.py reads them.

All are lower case, with Kazakh letters folded to their Russian neighbours, since people type both.
"""

from __future__ import annotations

import re

KAZAKH = str.maketrans("ёәғқңөұүһі", "еагкноуухи")
MONTHS = tuple(
    re.compile(pattern)
    for pattern in (
        r"jan(uary)?|янв(ар\w{1,3})?|кантар\w{0,5}",
        r"feb(ruary)?|фев(рал\w{1,3})?|акпан\w{0,5}",
        r"mar(ch)?|мар(т\w{0,3})?|наурыз\w{0,5}",
        r"apr(il)?|апр(ел\w{1,3})?|сауир\w{0,5}",
        r"may|ма[йяюе]|маем|мамыр\w{0,5}",
        r"june?|июн\w{0,3}|маусым\w{0,5}",
        r"july?|июл\w{0,3}|шилде\w{0,5}",
        r"aug(ust)?|авг(уст\w{0,3})?|тамыз\w{0,5}",
        r"sept?(ember)?|сент?(ябр\w{1,3})?|кыркуйе\w{1,5}",
        r"oct(ober)?|окт(ябр\w{1,3})?|казан\w{0,5}",
        r"nov(ember)?|ноя(бр\w{1,3})?|караша\w{0,5}",
        r"dec(ember)?|дек(абр\w{1,3})?|желтоксан\w{0,5}",
    )
)
ABOUT = frozenset(
    [
        "about",
        "around",
        "approximately",
        "approx",
        "circa",
        "ca",
        "около",
        "примерно",
        "приблизительно",
        "ориентировочно",
        "ок",
        "шамамен",
        "жуык",
        "жуыкта",
        "~",
        "≈",
    ]
)
UNSURE = frozenset(
    [
        "possibly",
        "probably",
        "perhaps",
        "maybe",
        "предположительно",
        "возможно",
        "вероятно",
        "наверное",
        "мумкин",
        "балким",
        "болжам",
        "болжамды",
        "?",
    ]
)
BOTH = frozenset("%")
DAYS_AWAY = {
    "today": 0, "сегодня": 0, "бугин": 0, "yesterday": -1, "вчера": -1, "кеше": -1, "позавчера": -2, "алдынгуни": -2,
    "tomorrow": 1, "завтра": 1, "ертен": 1,
}  # fmt: skip
FILLER = frozenset(
    [
        "г",
        "гг",
        "год",
        "года",
        "году",
        "годом",
        "годов",
        "ж",
        "жж",
        "жыл",
        "жылы",
        "жылгы",
        "жылдын",
        "жылдан",
        "жылга",
        "жылдар",
        "of",
        "the",
        "at",
        "on",
        "in",
        "st",
        "nd",
        "rd",
        "th",
        "в",
        "во",
        "на",
        "числа",
        "число",
        "айы",
        "айында",
        "айынын",
        "ай",
        "месяц",
        "месяца",
        "месяце",
        "бойынша",
        "го",
        "е",
        "й",
        "я",
        "ми",
        "ши",
        "шы",
        "те",
        "та",
        "де",
        "да",
        "ден",
        "дан",
        "тен",
        "тан",
        "нен",
        "нан",
        "ге",
        "га",
        "ке",
        "ка",
        "куни",
        "күн",
        "мин",
        "минут",
        "минута",
        "минуты",
    ]
)
HOUR_AFTER = frozenset(["ч", "час", "часа", "часов", "часам", "h"])
HOUR_BEFORE = frozenset(["сагат"])
PAIRED = frozenset(["and", "и", "мен", "пен", "бен"])
PAIRING = frozenset(["between", "между", "аралыгында", "арасында"])
TO = frozenset(["to", "по", "до", "until", "till"])
FROM = frozenset(["since", "from", "с", "со", "от"])
