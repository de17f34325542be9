"""Places by their numbers: coordinates in every common spelling, links to maps, plus codes.

Rules: a value with a mark of its own goes alone (degrees with minutes, "43.24 с.ш.", "Широта 43.24", "lat=43.24"); bare
decimals go in pairs, latitude or longitude first, whatever stands between them in a text or an address; neighbours go
together as one place. A link to a map is a place however its own address is written.
"""

from __future__ import annotations

import re

_DEGREES = r"(?:[°º˚]|%C2%B0|[\s\u00a0]?(?:градус\w{0,3}|град\.?|deg(?:rees?)?))"
_MINUTES = r"(?:['′’ʹ´`]|%27|[\s\u00a0]?(?:минут\w{0,2}|мин\.?|min(?:utes?)?))"
_SECONDS = r"(?:[\"″”“]|['′’]{2}|%22|[\s\u00a0]?(?:секунд\w{0,2}|сек\.?|sec(?:onds?)?))"
_SPACE = r"[\s\u00a0]{0,3}"
_ANGLE = (
    rf"\d{{1,3}}{_SPACE}{_DEGREES}{_SPACE}\d{{1,2}}(?:[.,]\d{{1,9}})?{_MINUTES}"
    rf"(?:{_SPACE}\d{{1,2}}(?:[.,]\d{{1,9}})?{_SECONDS})?"
)
_ROUND = rf"-?\d{{1,3}}[.,]\d{{2,15}}(?:{_SPACE}{_DEGREES})?"
_FINE = rf"-?\d{{1,3}}[.,]\d{{4,15}}(?:{_SPACE}{_DEGREES})?"
_SIDES = (
    r"(?:[сcю]\.[\s\u00a0]?ш(?!\w)\.?|[вbз]\.[\s\u00a0]?д(?!\w)\.?|[сю]ш(?!\w)|[вз]д(?!\w)|[со]\.[\s\u00a0]?е\.|[шб]\.[\s\u00a0]?б\.|"
    r"(?:север|южн|восточн|западн)\w{1,4}[\s\u00a0]{1,3}(?:широт|долгот)\w{1,3}|(?:широт|долгот)[аыуе]й?(?!\w)|"
    r"(?:солтүстік|оңтүстік|шығыс|батыс)\w{0,3}[\s\u00a0]{1,3}(?:ендік|ендіг|бойлы[қғ])\w{0,5}|"
    r"(?:ендік|ендіг|бойлы[қғ])\w{0,5}|(?:m?lat|latitude|lng|m?lon|long|longitude)(?![a-z])|"
    r"(?:north|south|east|west)(?:ern)?(?:[\s\u00a0]{1,3}(?:latitude|longitude))?(?![a-z]))"
)
_LETTER = r"(?:[NSEWСЮВЗ](?![^\W\d_]))"
_JOIN = r"[\s\u00a0]{0,2}(?:[:=–—-]|%3D)?[\s\u00a0]{0,3}"
_ONE = re.compile(
    rf"(?:(?<![^\W\d_]){_SIDES}{_JOIN}|(?<![^\W_])(?-i:{_LETTER}){_SPACE})?(?<![\d.,]){_ANGLE}"
    rf"(?:{_SPACE}{_SIDES}|{_SPACE}{_LETTER})?"
    rf"|(?<![^\W\d_]){_SIDES}{_JOIN}(?:{_ROUND})(?!\d)"
    rf"|(?<![\d.,])(?:{_ROUND}){_SPACE}{_SIDES}"
    rf"|(?<![^\W_])(?-i:{_LETTER}){_SPACE}(?:{_FINE})(?!\d)"
    rf"|(?<![\d.,])(?:{_FINE}){_SPACE}(?-i:{_LETTER})"
    rf"|![34]d-?\d{{1,3}}\.\d{{3,15}}",
    re.IGNORECASE,
)
_AND = r"[,;:/|+&xхX×–—-]|%2[0CF]|и(?!\w)|және(?!\w)|and(?!\w)"
"""What stands between the two values of a place, as people write it."""
_BETWEEN = rf"{_SPACE}(?:°{_SPACE})?(?:[NСсnc](?![^\W\d_]){_SPACE})?(?:{_AND})?{_SPACE}"
_FAR = r"[\s\S]{1,24}?(?<!\d)"
"""What else may stand between them, as near as the leak check takes two values for one place."""
_NORTH, _EAST = r"[3-5]\d[.,]\d{3,15}", r"[4-8]\d[.,]\d{3,15}"
_PAIR = re.compile(
    rf"(?<!\d)(?:{_NORTH}{_BETWEEN}{_EAST}|{_EAST}{_BETWEEN}{_NORTH})(?!\d)(?:{_SPACE}°?{_SPACE}[EВв](?!\w))?"
    rf"|(?<!\d)(?:[45]\d[.,]\d{{4,15}}{_FAR}[4-8]\d[.,]\d{{4,15}}|[4-8]\d[.,]\d{{4,15}}{_FAR}[45]\d[.,]\d{{4,15}})(?!\d)",
    re.IGNORECASE,
)
"""Two decimals of our part of the world beside each other, whatever stands before them."""
_ELSEWHERE = re.compile(
    rf"(?<![\d.,])(?:-?\d{{2}}[.,]\d{{4,15}}{_BETWEEN}-?\d{{1,3}}[.,]\d{{4,15}}"
    rf"|-?\d{{3}}[.,]\d{{4,15}}{_BETWEEN}-?\d{{2}}[.,]\d{{4,15}})(?:{_SPACE}°)?(?!\d)",
    re.IGNORECASE,
)
"""The same anywhere in the world, of finer values."""

_MAP = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?(?:(?:go\.)?2gis\.[a-z]{2,3}(?:\.[a-z]{2})?|(?:maps\.)?yandex\.[a-z]{2,3}(?:\.[a-z]{2})?/"
    r"(?:maps|navi)|maps\.yandex\.[a-z]{2,3}|google\.[a-z]{2,3}(?:\.[a-z]{2})?/maps|maps\.google\.[a-z]{2,3}|goo\.gl/maps|"
    r"maps\.app\.goo\.gl|openstreetmap\.org|osm\.org|maps\.apple\.com|maps\.me|w3w\.co|what3words\.com)"
    r"[/?][^\s<>«»\"]{1,500}[^\s<>«»\".,;:!?)\]]"
    r"|(?<!\w)geo:-?\d[\d.,;=-]{3,60}\d",
    re.IGNORECASE,
)
_PLUS = "23456789CFGHJMPQRVWX"
_CODE = re.compile(
    rf"(?<![\w+])(?=[{_PLUS}+]*[CFGHJMPQRVWX])(?:[{_PLUS}]{{8}}|[{_PLUS}]{{4}})\+[{_PLUS}]{{2,3}}(?![\w+])",
    re.IGNORECASE,
)
_WORDS = re.compile(r"(?<![\w/:])///[^\W\d_]{2,20}\.[^\W\d_]{2,20}\.[^\W\d_]{2,20}")
_BESIDE = re.compile(rf"[\s\u00a0]{{0,3}}(?:{_AND})?[\s\u00a0]{{0,3}}")


def find_coordinates(text: str) -> list[tuple[int, int]]:
    """Return where a text tells a place by numbers, in order; the two values of one place are one span."""
    shapes = (_MAP, _PAIR, _ELSEWHERE, _ONE, _CODE, _WORDS)
    found = sorted(match.span() for shape in shapes for match in shape.finditer(text))
    spans: list[tuple[int, int]] = []
    for start, end in found:
        if spans and (start <= spans[-1][1] or _BESIDE.fullmatch(text, spans[-1][1], start)):
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans
