"""Numbers and addresses of the invented people, and the ways in which they are written in a text.

``identifiers(person)`` is what a vault would know: one value of each class, always the same for one person. Every
value is made up: telephone numbers use codes with invented tails, e-mail domains end in ``.example``, cards bear the
range kept for tests, and the check digit of the IIN is right unless the text asks for a wrong one.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.corpus import latin
from tests.corpus.sentences import Person

CLASSES = ("iin", "phone", "plate", "document", "card", "email", "handle", "coordinates", "address")
_STREETS = (
    ("Ақжол", "Акжол"),
    ("Бұлақты", "Булакты"),
    ("Көктерек", "Коктерек"),
    ("Степная", "Степная"),
    ("Өрнек", "Орнек"),
    ("Шалқар көл", "Шалкар коль"),
    ("Сосновая", "Сосновая"),
    ("Жиделі", "Жидели"),
)
_CITIES = (
    ("Қарағанды", "Караганда", "Karaganda"),
    ("Ақтау", "Актау", "Aktau"),
    ("Орал", "Уральск", "Uralsk"),
    ("Тараз", "Тараз", "Taraz"),
    ("Семей", "Семей", "Semey"),
    ("Қызылорда", "Кызылорда", "Kyzylorda"),
)


def check_digit(eleven: str) -> int | None:
    """Return the twelfth digit of an IIN (two rounds of weights, modulo 11), or None when the eleven have none."""
    for start in (1, 3):
        weights = [(start + i - 1) % 11 + 1 for i in range(11)]
        rest = sum(int(digit) * weight for digit, weight in zip(eleven, weights, strict=True)) % 11
        if rest < 10:
            return rest
    return None


def _iin(person: Person, chance: random.Random) -> str:
    year, month, day = chance.randint(1951, 2006), chance.randint(1, 12), chance.randint(1, 28)
    century = (3 if year < 2000 else 5) + (person.gender == "f")
    while True:
        eleven = f"{year % 100:02d}{month:02d}{day:02d}{century}{chance.randint(0, 9999):04d}"
        digit = check_digit(eleven)
        if digit is not None:
            return f"{eleven}{digit}"


def _luhn(fifteen: str) -> str:
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(fifteen)]
    return fifteen + str(-sum(n - 9 if n > 9 else n for n in doubled) % 10)


def identifiers(person: Person) -> dict[str, str]:
    """Return one value of each class of ``CLASSES`` for a person, in its plainest spelling."""
    chance = random.Random(f"numbers of {person.id}")
    name = latin.spell(person.ru.name, "chat").replace("’", "")
    city, street = chance.choice(_CITIES), chance.choice(_STREETS)
    house, flat = chance.randint(1, 120), chance.randint(1, 90)
    letters = "".join(chance.choice("ABCDEFHKMNOPTXZ") for _ in range(3))
    return {
        "iin": _iin(person, chance),
        "phone": f"+77{chance.choice(['01', '05', '47', '77', '08'])}{chance.randint(1000000, 9999999)}",
        "plate": f"{chance.randint(100, 999)}{letters}{chance.randint(1, 17):02d}",
        "document": f"N{chance.randint(10000000, 14999999)}",
        "card": _luhn(f"400000{chance.randint(10**8, 10**9 - 1)}"),
        "email": f"{name}.{person.id}@{chance.choice(['pochta', 'dala', 'mail'])}.example",
        "handle": f"@{name}_{chance.choice(['kz', 'dala', 'live'])}{person.id[1:]}",
        "coordinates": f"{chance.uniform(42, 54):.5f}, {chance.uniform(52, 82):.5f}",
        "address": f"{city[1]}|{street[1]}|{house}|{flat}|{city[0]}|{street[0]}|{city[2]}",
    }


def recorded(person: Person) -> dict[str, list[str]]:
    """Return the values as a vault would hold them: one of each class, the address in Russian and in Kazakh."""
    found = {kind: [value] for kind, value in identifiers(person).items()}
    packed = found["address"][0]
    full = [spellings("address", packed, lang)["address-full"] for lang in ("ru", "kk")]
    found["address"] = [address.replace("⟦", "").replace("⟧", "") for address in full]
    return found


def _spaced(value: str, sizes: tuple[int, ...], between: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(value[at : at + size])
        at += size
    return between.join(parts)


def _iin_spellings(value: str, _lang: str) -> dict[str, str]:
    wrong = value[:-1] + str((int(value[-1]) + 3) % 10)
    return {
        "iin-plain": value,
        "iin-wrong-check": wrong,
        "iin-spaced": _spaced(value, (6, 6), " "),
        "iin-spaced-threes": _spaced(value, (3, 3, 3, 3), " "),
        "iin-dashed": _spaced(value, (6, 6), "-"),
        "iin-no-break": _spaced(value, (4, 4, 4), "\u00a0"),
        "iin-line-break": _spaced(value, (6, 6), "\n"),
        "iin-letter-o": value.replace("0", "О", 1) if "0" in value else value,
    }


def _phone_spellings(value: str, _lang: str) -> dict[str, str]:
    tail = value[2:]
    code, a, b, c = tail[:3], tail[3:6], tail[6:8], tail[8:]
    return {
        "phone-plain": value,
        "phone-eight": "8" + tail,
        "phone-spaced": f"+7 {code} {a} {b} {c}",
        "phone-brackets": f"8 ({code}) {a}-{b}-{c}",
        "phone-brackets-tight": f"+7({code}){a}{b}{c}",
        "phone-dashed": f"8-{code}-{a}-{b}-{c}",
        "phone-ten": f"{code} {a} {b}{c}",
        "phone-dots": f"+7.{code}.{a}.{b}.{c}",
    }


def _plate_spellings(value: str, _lang: str) -> dict[str, str]:
    number, letters, region = value[:3], value[3:6], value[6:]
    cyrillic = letters.translate(str.maketrans("ABCDEFHKMNOPTXZ", "АВСДЕФНКМНОРТХЗ"))
    return {
        "plate-plain": value,
        "plate-spaced": f"{number} {letters} {region}",
        "plate-cyrillic": f"{number} {cyrillic} {region}",
        "plate-dashed": f"{number}-{letters}-{region}",
        "plate-small": value.lower(),
    }


def _document_spellings(value: str, _lang: str) -> dict[str, str]:
    return {
        "document-plain": value,
        "document-number-sign": f"№ {value[1:]}",
        "document-spaced": f"N {value[1:]}",
        "document-small": f"n{value[1:]}",
    }


def _card_spellings(value: str, _lang: str) -> dict[str, str]:
    return {
        "card-plain": value,
        "card-spaced": _spaced(value, (4, 4, 4, 4), " "),
        "card-dashed": _spaced(value, (4, 4, 4, 4), "-"),
    }


def _email_spellings(value: str, _lang: str) -> dict[str, str]:
    return {
        "email-plain": value,
        "email-capitals": value.upper(),
        "email-spelled": value.replace("@", " [at] "),
    }


def _handle_spellings(value: str, _lang: str) -> dict[str, str]:
    return {
        "handle-plain": value,
        "handle-link": f"t.me/⟦{value[1:]}⟧",
        "handle-web": f"https://instagram.com/⟦{value[1:]}⟧",
    }


def _coordinates_spellings(value: str, _lang: str) -> dict[str, str]:
    north, east = (float(part) for part in value.split(", "))
    return {
        "coordinates-plain": value,
        "coordinates-letters": f"⟦{north:.5f} N, {east:.5f}⟧ E",
        "coordinates-comma": f"{north:.5f}".replace(".", ",") + "; " + f"{east:.5f}".replace(".", ","),
        "coordinates-degrees": f"⟦{_degrees(north)} N, {_degrees(east)}⟧ E",
    }


def _degrees(value: float) -> str:
    whole, minutes = int(value), value % 1 * 60
    return f"{whole}°{int(minutes):02d}′{minutes % 1 * 60:04.1f}″"


def _address_spellings(value: str, lang: str) -> dict[str, str]:
    city, street, house, flat, kk_city, kk_street, en_city = value.split("|")
    spelled = latin.spell(street, "passport")
    if lang == "kk":
        return {
            "address-full": f"{kk_city} қ., ⟦{kk_street} к-сі, {house}-үй, {flat}-пәтер⟧",
            "address-long": f"{kk_city} қаласы, ⟦{kk_street} көшесі, {house}-үй⟧",
            "address-short": f"{kk_street} көшесі {house}-{flat}",
        }
    if lang == "en":
        return {
            "address-full": f"⟦{house} {spelled} Street, apt. {flat}⟧, {en_city}",
            "address-long": f"ul. {spelled} {house}, kv. {flat}",
            "address-short": f"{spelled} St. {house}-{flat}",
        }
    return {
        "address-full": f"г. {city}, ⟦ул. {street}, д. {house}, кв. {flat}⟧",
        "address-long": f"улица {street}, дом {house}, квартира {flat}",
        "address-short": f"ул. {street} {house}-{flat}",
    }


_SPELLINGS: dict[str, Callable[[str, str], dict[str, str]]] = {
    "iin": _iin_spellings,
    "phone": _phone_spellings,
    "plate": _plate_spellings,
    "document": _document_spellings,
    "card": _card_spellings,
    "email": _email_spellings,
    "handle": _handle_spellings,
    "coordinates": _coordinates_spellings,
    "address": _address_spellings,
}


def spellings(kind: str, value: str, lang: str) -> dict[str, str]:
    """Return the spellings of one value by phenomenon; where ``⟦…⟧`` stands in one, only that part is the secret."""
    return _SPELLINGS[kind](value, lang)
