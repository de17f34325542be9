"""What identifying numbers look like in a text, and what only looks like one: dates, spans of years, sums."""

from __future__ import annotations

import re

_GAP = r"[\s\u00a0.\-‐-―]{0,2}"
_IIN_DIGITS = "[0-9OОoоlI|ЗзБ]"
_KZ_LETTERS = "A-ZАВЕКМНОРСТУХ"
_LAWS = "УК|ГК|УПК|ГПК|УИК|КРК|РК|ҚР|ҚК|ЕС|МК|СК|НК|КК|СССР|ООН|АО|ТОО|ЗК"
_AT = r"\s?[\[({<]\s?(?:at|ат|эт|собака|собачка|@)\s?[\])}>]\s?"
_DOT = r"(?:\.|\s?[\[({<]\s?(?:dot|дот|точка|нүкте|\.)\s?[\])}>]\s?|\s(?:dot|дот|точка|нүкте)\s)"
_SIGN = r"(?:\s(?:точка|dot|дот|нүкте|дефис|тире|сызықша|(?:нижнее\s)?подч[её]ркивание|underscore|dash)\s)"
_LOCAL = rf"(?<![\w.+-])[\w.+-]{{1,128}}(?:(?:{_SIGN}|{_DOT})[\w+-]{{1,64}}){{0,4}}"
_SIGN_WORDS = (
    "at эт ат собака собачка dot дот точка нүкте дефис тире сызықша подчеркивание подчёркивание нижнее underscore dash"
)
SIGNS = frozenset(_SIGN_WORDS.split())
"""Words that stand for signs when an address is told aloud."""
_HOME = r"(?:kz|ru|com|org|net|info|eu|me|su|кз|ру|ком|орг|нет)(?!\w)"
_POST = (
    "mail|gmail|yandex|ya|inbox|bk|list|rambler|outlook|hotmail|icloud|yahoo|proton|protonmail|"
    "мейл|мэйл|майл|маил|гмейл|джимейл|яндекс|инбокс|бк|лист|рамблер|аутлук|айклауд|протон"
)
_PAPERS = (
    r"удостоверени\w{1,3}|уд\.?[\s\u00a0]?л(?:ичн\w*)?\.?|жеке[\s\u00a0]куәлі\w{1,8}|куәлі[кг]\w{0,8}|паспорт\w{0,3}|"
    r"төлқұжат\w{0,8}|(?:id|identity)(?:[\s\u00a0-]?card)?|passport|udostoverenie\w{0,2}|zheke[\s\u00a0]kualik\w{0,4}"
)
_CALLED = (
    r"тел|телефон\w{0,3}|сот|сотк\w|сотов\w{2}|моб|мобильн\w{2}|номер\w{0,2}|звони\w{1,4}|нөмір\w{0,4}|ұялы|"
    r"phone|cell|call|mobile"
)
SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]{1,128}@[\w-]{1,128}(?:\.[\w-]{1,128}){1,8}")),
    ("email", re.compile(rf"{_LOCAL}(?:{_AT}|@|\s@\s)[\w-]{{1,128}}(?:{_DOT}[\w-]{{1,128}}){{1,8}}", re.IGNORECASE)),
    ("email", re.compile(
        rf"{_LOCAL}\s?(?:собака|собачка|эт)\s?[\w-]{{1,128}}(?:{_DOT}[\w-]{{1,64}}){{0,4}}(?:{_DOT}|\s){_HOME}",
        re.IGNORECASE,
    )),
    ("email", re.compile(
        rf"{_LOCAL}\s(?:at|ат)\s(?:[\w-]{{1,128}}(?:{_SIGN}[\w-]{{1,64}}){{0,4}}{_SIGN}|(?:{_POST})(?:{_DOT}|\s)){_HOME}",
        re.IGNORECASE,
    )),
    ("account", re.compile(r"(?<![\w@/])@[A-Za-z][\w.]{2,31}\b")),
    (
        "profile",
        re.compile(
            r"(?:https?://)?(?:www\.|m\.)?(?:t\.me|wa\.me|instagram\.com|facebook\.com|fb\.com|vk\.com|ok\.ru|"
            r"tiktok\.com|youtube\.com|twitter\.com|x\.com)/[\w.@?=&+-]{0,200}\w",
            re.IGNORECASE,
        ),
    ),
    ("case", re.compile(
        rf"(?<!\w)(?:ЕРДР|КУИ|СДТБТ|СДТБ|ҚАК|ERDR|KUI)\b[^\d\n]{{0,16}}(?P<number>\d(?:{_GAP}\d){{8,17}})(?!\d)",
        re.IGNORECASE,
    )),
    ("case", re.compile(r"(?<!\d)\d{15}(?!\d)")),
    ("bank", re.compile(rf"\bKZ{_GAP}\d{{2}}(?:{_GAP}[0-9A-Z]){{16}}\b", re.IGNORECASE)),
    ("card", re.compile(rf"(?<!\d)\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?!\d)")),
    ("iin", re.compile(
        rf"(?<![\w]){_IIN_DIGITS}{{2}}{_GAP}[01OОoоlI|]{_IIN_DIGITS}{_GAP}[0-3OОoоlI|Зз]{_IIN_DIGITS}"
        rf"(?:{_GAP}{_IIN_DIGITS}){{6}}(?![\w])"
    )),
    ("digits", re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{11}}(?!\d)")),
    ("phone", re.compile(
        r"(?<![\d+])(?:\+?7|8)[\s\u00a0(.-]{0,3}\d{3}[\s\u00a0).-]{0,3}\d{3}[\s\u00a0.-]{0,2}\d{2}[\s\u00a0.-]{0,2}\d{2}(?!\d)"
    )),
    ("phone", re.compile(r"(?<!\d)7\d{2}[\s\u00a0.-]?\d{3}[\s\u00a0.-]?\d{2}[\s\u00a0.-]?\d{2}(?!\d)")),
    ("phone", re.compile(r"\+\d{1,3}[\s\u00a0(-]{0,2}\d{2,4}(?:[\s\u00a0)-]{0,2}\d){6,8}(?!\d)")),
    ("plate", re.compile(
        rf"(?<!\w)\d{{3}}[\s-]?(?!(?:{_LAWS})\b)[{_KZ_LETTERS}]{{2,3}}[\s-]?(?:0[1-9]|1\d|20)(?!\w)"
    )),
    ("plate", re.compile(
        rf"(?<!\w)\d{{3}}(?P<gap>[\s-]?)(?!(?:{_LAWS})\b)[A-ZА-Я]{{3}}(?P=gap)(?:0[1-9]|1\d|20)(?!\w)", re.IGNORECASE
    )),
    ("plate", re.compile(
        rf"(?<![\w.,])(?:0[1-9]|1\d|20)(?:[\s-]?KZ)?[\s-]?\d{{3}}[\s-]?(?!(?:{_LAWS})\b)[{_KZ_LETTERS}]{{2,3}}(?!\w)"
    )),
    ("plate", re.compile(rf"(?<!\w)[{_KZ_LETTERS}]\s?\d{{3}}\s?(?!(?:{_LAWS})\b)[{_KZ_LETTERS}]{{2,3}}(?!\w)")),
    ("document", re.compile(r"(?<!\w)[NН]\s?\d{8}(?!\w)|№\s?\d{8,9}(?!\d)|(?<![\w.,])0\d{8}(?!\w)")),
    ("document", re.compile(
        rf"(?<!\w)(?:{_PAPERS})(?!\w)[^\d\n.;!?]{{0,48}}?(?P<number>(?:№[\s\u00a0]?|\b[NН][\s\u00a0]?)?"
        r"\d(?:[\s\u00a0-]?\d){7,8})(?!\w)",
        re.IGNORECASE,
    )),
    ("phone", re.compile(r"(?<![\d.,/\-])\d{3}(?:-\d\d-|[\s\u00a0]\d\d[\s\u00a0])\d\d(?![\d\-]|[\s\u00a0]\d)")),
    ("phone", re.compile(
        rf"(?<!\w)(?:{_CALLED})(?!\w)\.?[^\d\n.;!?]{{0,24}}?(?P<number>\d{{2,3}}(?:[\s\u00a0-]?\d\d){{2}})(?!\d)",
        re.IGNORECASE,
    )),
)  # fmt: skip
"""Rules with their shapes; where shapes overlap, what stands first is taken."""
KEPT = re.compile(
    r"(?<!\d)[0-3]?\d[./][01]?\d[./](?:19|20)\d\d(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d[-./][01]\d(?:[-./][0-3]\d)?(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d\s?[-–—]\s?(?:19|20)\d\d(?!\d)"
    r"|(?<!\w)(?<!\d[\s\u00a0.,-])(?:\d{1,3}(?:[ \u00a0.]\d{3}){0,5}|\d{1,9})(?:,\d{1,2})?"
    r"(?=[\s\u00a0]?(?:тенге|теңге|тг\b|₸|KZT\b|USD\b|EUR\b|долл|евро|руб|%|млн|млрд|tenge|dollars))",
    re.IGNORECASE,
)
"""What looks like a number of somebody and is a date, a span of years or a sum."""
AROUND = ("email", "profile")
"""Shapes that may hold a known number and go with all that is around it ("t.me/name")."""
WORDED = ("email", "account", "profile", "plate", "coordinates")
"""Shapes that need no digits."""
