"""Latin spellings of Cyrillic names: passports, BGN/PCGN, the Kazakh alphabets of 2018 and 2021, and of chats.

The tables are written down from the published ones: ICAO Doc 9303 for Cyrillic (й = i, ю = iu, я = ia), BGN/PCGN 1947
for Russian and 1979 for Kazakh, the decrees of February 2018 (acute accents, dotless ı for й and и) and the draft of
January 2021 (ä, ğ, ñ, ö, ü, ū, ş; dotless ı for і). A chat drops every mark, capital and soft sign.
"""

from __future__ import annotations


def _table(letters: str, spellings: str) -> dict[str, str]:
    """Pair letters with spellings; ``-`` stands for nothing."""
    return {letter: new.strip("-") for letter, new in zip(letters, spellings.split(), strict=True)}


_RUSSIAN = _table(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya",
)
PASSPORT = _RUSSIAN | _table("әғқңөұүіһҳ", "a g k n o u u i h h")
ICAO = PASSPORT | _table("йюяъ", "i iu ia ie")
BGN_RUSSIAN = PASSPORT | _table("ёьъ", "yo ’ ”")
BGN_KAZAKH = PASSPORT | _table("әғқңөұүіһуию", "ä gh q ng ö ū ü i h ū ī yu")
YEAR_2018 = PASSPORT | _table("әғқңөұүіһуийжхюя", "á ǵ q ń ó u ú i h ý ı ı j h ıý ıa")
YEAR_2021 = PASSPORT | _table("әғқңөұүіһуийжхшчюя", "ä ğ q ñ ö ū ü ı h u i i j h ş ç iu ia")
CHAT = PASSPORT | _table("жқхйэ", "j k h i e")
CHAT_Q = CHAT | _table("қшыж", "q w i zh")

SCHEMES = {
    "passport": PASSPORT,
    "icao": ICAO,
    "bgn-ru": BGN_RUSSIAN,
    "bgn-kk": BGN_KAZAKH,
    "2018": YEAR_2018,
    "2021": YEAR_2021,
    "chat": CHAT,
    "chat-q": CHAT_Q,
}
KAZAKH_SCHEMES = ("bgn-kk", "2018", "2021", "chat-q")
_YE = ("passport", "bgn-ru")
_BEFORE_YE = "аеёиоуыэюяйьъәөұүі"


def spell(text: str, scheme: str) -> str:
    """Return the text in Latin letters; other signs stay. ``chat`` schemes come back in small letters."""
    if scheme.startswith("bgn-ru") or scheme == "passport":
        text = text.replace("ый ", "y ").removesuffix("ый") + ("y" if text.endswith("ый") else "")
    if scheme in {"2018", "2021"}:
        text = text.replace("ия", "я").replace("ию", "ю")
    out, before = "", " "
    for letter in text:
        new = SCHEMES[scheme].get(letter.lower(), letter)
        if letter.lower() == "е" and scheme in _YE and (before.lower() in _BEFORE_YE or not before.isalpha()):
            new = "ye"
        if letter.isupper() and new:
            new = new[0].upper() + new[1:]
        if letter in "ІіI" and scheme == "2021":
            new = "I" if letter.isupper() else "ı"
        if letter in "ИЙ" and scheme in {"2018", "2021"}:
            new = "I" if scheme == "2018" else "İ"
        out, before = out + new, letter
    return out.lower() if scheme.startswith("chat") else out
