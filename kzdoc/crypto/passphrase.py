"""A passphrase: its one spelling, the key made of it, and new ones made of words.

Rules:
- A passphrase is normalised before anything else: NFC, lower case, ё → е, any run of spaces or hyphens → one space,
  none at the ends. So the same one can be typed on a Kazakh, Russian or Latin layout, with or without Caps Lock, and
  words may be parted as one likes. Strength is judged on that form (kzdoc/crypto/strength.py).
- The key is Argon2id (RFC 9106) over the UTF-8 of that form. Parameters read from a file are an adversary's: they are
  refused outside the limits, too weak or too costly, before any work is done.
- A generated passphrase is seven words of our own lists: 77 bits, without digits or signs.
- A passphrase given as a ``bytearray`` in ASCII or Cyrillic letters is never turned into a ``str``, which could not
  be wiped; the caller wipes what it gave, ``derive`` wipes what it made.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from kzdoc.crypto.strength import refuse_weak
from kzdoc.crypto.words import COUNT, words_of
from kzdoc.errors import InputError, VaultError
from kzdoc.limits import LIMITS
from kzdoc.moment import Randomness

KEY_SIZE = 32
SALT_SIZE = 16
WORDS = 7
_SMALLEST_KIB = 8  # a lane, RFC 9106 §3.1
_HYPHENS = "\\-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad"
_GAPS = re.compile(rf"[{_HYPHENS}\s]+")
_YO = re.compile("е[\u0300-\u036f]+")
_DIAERESIS = "\u0308"
_ASCII_END = 0x80
_CYRILLIC_LEADS = range(0xD0, 0xD5)
_CYRILLIC = range(0x400, 0x530)


@dataclass(frozen=True, slots=True)
class KdfParams:
    """How costly the key is to make; read from a slot, so not trusted until checked."""

    memory_kib: int
    iterations: int
    lanes: int
    salt: bytes

    @classmethod
    def floor(cls, randomness: Randomness) -> KdfParams:
        """Return the weakest parameters allowed (256 MiB, three passes) with a new salt."""
        return cls(LIMITS.kdf_memory_floor_kib, LIMITS.kdf_iterations_floor, 2, randomness(SALT_SIZE))

    def check(self) -> None:
        """Refuse what is below the floor or above the ceiling.

        Raises:
            VaultError: ``vault.kdf-parameters``.
        """
        within = (
            LIMITS.kdf_memory_floor_kib <= self.memory_kib <= LIMITS.kdf_memory_ceiling_kib
            and LIMITS.kdf_iterations_floor <= self.iterations <= LIMITS.kdf_iterations_ceiling
            and 1 <= self.lanes <= LIMITS.kdf_lanes_ceiling
            and self.memory_kib >= self.lanes * _SMALLEST_KIB
            and len(self.salt) == SALT_SIZE
        )
        if not within:
            raise VaultError("vault.kdf-parameters")


def normalise(text: str) -> str:
    """Return the one spelling of a passphrase; applying it twice changes nothing."""
    apart = unicodedata.normalize("NFD", text).lower()
    plain = _YO.sub(lambda found: found[0].replace(_DIAERESIS, ""), unicodedata.normalize("NFD", apart))
    return _GAPS.sub(" ", unicodedata.normalize("NFC", plain)).strip()


def judge(text: str) -> None:
    """Accept a typed passphrase, or say why it is too weak; raises ``InputError("passphrase.weak-…")``."""
    refuse_weak(normalise(text))


def derive(passphrase: str | bytearray, params: KdfParams) -> bytearray:
    """Return the 32-byte key of a passphrase, given as typed (a ``bytearray`` is its UTF-8).

    Raises:
        VaultError: ``vault.kdf-parameters`` before any work; ``vault.kdf-memory`` when this machine has not enough.
        InputError: ``passphrase.encoding`` when the bytes are not UTF-8.
    """
    params.check()
    material = _material(passphrase)
    key = bytearray(KEY_SIZE)
    try:
        _argon2id(material, key, params)
    except MemoryError as error:
        raise VaultError("vault.kdf-memory", mebibytes=params.memory_kib // 1024) from error
    finally:
        material[:] = bytes(len(material))
        # The library frees its own copy of the material unwiped; the same work on zeros takes its place in the heap.
        _argon2id(material, bytearray(KEY_SIZE), replace(params, memory_kib=_SMALLEST_KIB * params.lanes, iterations=1))
    return key


def _argon2id(material: bytearray, key: bytearray, params: KdfParams) -> None:
    Argon2id(
        salt=params.salt,
        length=KEY_SIZE,
        iterations=params.iterations,
        lanes=params.lanes,
        memory_cost=params.memory_kib,
    ).derive_into(material, key)  # type: ignore[arg-type]  # it takes any buffer; the stub says bytes


def generate(lang: str, randomness: Randomness, words: int = WORDS) -> str:
    """Return a new passphrase of that many words of ``lang``, 11 bits each; raises ``language.unknown``."""
    choice = words_of(lang)
    return " ".join(choice[int.from_bytes(randomness(2), "big") % COUNT] for _ in range(words))


def _material(passphrase: str | bytearray) -> bytearray:
    if isinstance(passphrase, str):
        return bytearray(normalise(passphrase).encode("utf-8", "surrogatepass"))
    material = _normalised_in_place(passphrase)
    if material is not None:
        return material
    try:
        return bytearray(normalise(passphrase.decode("utf-8")).encode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError("passphrase.encoding") from error


def _normalised_in_place(typed: bytearray) -> bytearray | None:
    """Return what ``normalise`` returns, letter by letter; ``None`` outside ASCII and Cyrillic letters."""
    made = bytearray(len(typed))
    size = at = 0
    gap = False
    while at < len(typed):
        code = typed[at]
        at += 1
        if code >= _ASCII_END:
            if code not in _CYRILLIC_LEADS or at == len(typed) or typed[at] & 0xC0 != _ASCII_END:
                return None
            code = (code & 0x1F) << 6 | typed[at] & 0x3F
            at += 1
            if code not in _CYRILLIC or not chr(code).isalpha():
                return None
        letter = chr(code).lower()
        if letter.isspace() or letter == "-":
            gap = size > 0
            continue
        piece = (" " if gap else "") + ("е" if letter == "ё" else letter)
        coded = piece.encode()
        made[size : size + len(coded)] = coded
        size += len(coded)
        gap = False
    del made[size:]
    return made
