"""Whether a typed passphrase is too easy to guess, and why.

Rules: the disk can be imaged and guessed at for years, so what people often choose is refused: too short, too few
different characters, one piece over and over, a run of the alphabet or the keyboard, figures alone, a known phrase,
one or two words alone. A passphrase typed under the wrong layout is judged as what the keys say. What is left is not
proved strong; a generated one is, and is offered first. Everything here is in the normalised form of passphrase.py.
"""

from __future__ import annotations

from itertools import pairwise

from kzdoc.errors import InputError

SHORTEST = 15
_DIFFERENT = 6
_WORD_COUNT = 3
_LONG_WORDS = 20
"""Letters from which on a passphrase without spaces may be several words written together."""
_RUN = 4
_LEFT_AFTER_RUNS = 10
_LEFT_AFTER_COMMON = 8

_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN_KEYS = "ейцукенгшщзхъфывапролджэячсмитьбю"
_TO_RUSSIAN = str.maketrans(_LATIN_KEYS, _RUSSIAN_KEYS)
_TO_LATIN = str.maketrans(_RUSSIAN_KEYS[1:], _LATIN_KEYS[1:])
_SIGNS = str.maketrans("@4031$57", "aaoeisst")

_LINES = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "аәбвгғдежзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "01234567890",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "әіңғ,.үұқөһ",
    "әіңғүұқөһ",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "1q2w3e4r5t6y7u8i9o0p",
    "1йфя2цыч3увс4кам5епи6нрт7гоь8шлб9щдю0зж",
    "1й2ц3у4к5е6н7г8ш9щ0з",
    "qazwsxedcrfvtgbyhnujmik,ol.",
    "йфяцычувскамепинртгоьшлбщдю",
)
_NEXT = tuple(frozenset(pairwise(line)) for straight in _LINES for line in (straight, straight[::-1]))

_COMMON_WORDS = (
    "password", "passphrase", "parol", "пароль", "құпиясөз", "кұпиясөз", "кодовоеслово", "qwerty", "йцукен",
    "admin", "админ", "administrator", "администратор", "login", "логин", "welcome", "letmein", "secret", "секрет",
    "iloveyou", "ялюблютебя", "менсенісүйемін", "люблю", "monkey", "dragon", "sunshine", "princess", "football",
    "spartak", "спартак", "kazakhstan", "qazaqstan", "казахстан", "қазақстан", "astana", "астана", "almaty", "алматы",
    "алмата", "shymkent", "шымкент", "нурсултан", "nursultan", "привет", "privet", "сәлем", "salem", "hello",
    "computer", "компьютер", "internet", "интернет", "superman", "batman", "master", "мастер", "natasha", "наташа",
    "мойпароль", "mypassword", "зенит", "россия", "russia", "москва", "moskva", "qwe", "asd", "zxc", "abc", "йцу",
)  # fmt: skip
_COMMON_PHRASES = (
    "correct horse battery staple",
    "the quick brown fox jumps over the lazy dog",
    "to be or not to be that is the question",
    "once upon a time there was a",
    "twinkle twinkle little star how i wonder what you are",
    "may the force be with you",
    "i love you more than anything",
    "we are the champions my friends",
    "happy birthday to you",
    "съешь еще этих мягких французских булок да выпей чаю",
    "в лесу родилась елочка в лесу она росла",
    "мой дядя самых честных правил когда не в шутку занемог",
    "я помню чудное мгновенье передо мной явилась ты",
    "у лукоморья дуб зеленый златая цепь на дубе том",
    "жили были дед да баба и была у них курочка ряба",
    "ой мороз мороз не морозь меня",
    "пусть всегда будет солнце пусть всегда будет небо",
    "широка страна моя родная много в ней лесов полей и рек",
    "каждый охотник желает знать где сидит фазан",
    "мама мыла раму",
    "союз нерушимый республик свободных",
    "без труда не выловишь и рыбку из пруда",
    "тише едешь дальше будешь",
    "алтын күн аспаны алтын дән даласы ерліктің дастаны еліме қарашы",
    "менің елім менің елім гүлің болып егілемін",
    "менің қазақстаным",
    "қараңғы түнде тау қалғып",
    "желсіз түнде жарық ай",
    "отан отбасынан басталады",
    "оқу инемен құдық қазғандай",
    "бірлік бар жерде тірлік бар",
    "туған жердей жер болмас туған елдей ел болмас",
)


def refuse_weak(plain: str) -> None:
    """Say why a normalised passphrase is too weak, if it is.

    Raises:
        InputError: ``passphrase.weak-short``, ``-digits``, ``-few-characters``, ``-repeated``, ``-sequence``,
            ``-common`` or ``-few-words`` (each with ``passphrase.weak`` before the hyphen).
    """
    if len(plain) < SHORTEST:
        raise InputError("passphrase.weak-short", limit=SHORTEST)
    joined = plain.replace(" ", "")
    if joined.isdigit():
        raise InputError("passphrase.weak-digits")
    if len(set(joined)) < _DIFFERENT:
        raise InputError("passphrase.weak-few-characters", limit=_DIFFERENT)
    words = list(dict.fromkeys(plain.split()))
    if _is_repeated(joined) or len("".join(words)) < _LEFT_AFTER_RUNS:
        raise InputError("passphrase.weak-repeated")
    if _left_after_runs(joined) < _LEFT_AFTER_RUNS:
        raise InputError("passphrase.weak-sequence")
    if any(_is_common(form) for form in _as_typed(joined)):
        raise InputError("passphrase.weak-common")
    few = len(words) < _WORD_COUNT and (len(words) > 1 or len(joined) < _LONG_WORDS)
    if joined.isalpha() and few:
        raise InputError("passphrase.weak-few-words", limit=_WORD_COUNT)


def _as_typed(joined: str) -> tuple[str, ...]:
    """Return the text, what the same keys say under the other layout, and what figures and signs for letters say."""
    return joined, joined.translate(_TO_RUSSIAN), joined.translate(_TO_LATIN), joined.translate(_SIGNS)


def _is_repeated(joined: str) -> bool:
    """Tell whether one piece of at most half the length makes up the whole."""
    return any(joined[size:] == joined[:-size] for size in range(1, len(joined) // 2 + 1))


def _left_after_runs(joined: str) -> int:
    """Count the characters, each run of neighbours on an alphabet or keyboard as one."""
    left = at = 0
    while at < len(joined):
        length = max(_run_length(joined, at, pairs) for pairs in _NEXT)
        length = max(length, _same_length(joined, at))
        at += length if length >= _RUN else 1
        left += 1
    return left


def _run_length(joined: str, start: int, pairs: frozenset[tuple[str, str]]) -> int:
    at = start
    while at + 1 < len(joined) and (joined[at], joined[at + 1]) in pairs:
        at += 1
    return at - start + 1


def _same_length(joined: str, start: int) -> int:
    return len(joined) - start - len(joined[start:].lstrip(joined[start]))


def _is_common(joined: str) -> bool:
    """Tell whether hardly anything is left beside well-known words, or a well-known phrase and figures."""
    for phrase in _PHRASES:
        if joined in phrase:
            return True
        if phrase in joined and len(joined) - len(phrase) < _LEFT_AFTER_COMMON:
            return True
    rest = joined
    for word in _WORDS_LONGEST_FIRST:
        rest = rest.replace(word, "\0")
    return "\0" in rest and sum(letter.isalpha() for letter in rest) < _LEFT_AFTER_COMMON


_PHRASES = tuple(phrase.replace(" ", "") for phrase in _COMMON_PHRASES)
_WORDS_LONGEST_FIRST = tuple(sorted(_COMMON_WORDS, key=len, reverse=True))
