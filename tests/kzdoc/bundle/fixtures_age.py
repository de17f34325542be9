"""F01 to F13: what is wrong with the age file."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence

from kzdoc.crypto.age_header import Stanza, encode_base64, write_header
from kzdoc.crypto.age_stream import _cipher, _place, seal_stream
from kzdoc.limits import LIMITS
from kzdoc.progress import silent
from tests.kzdoc.bundle.fixture import Fixture, canary, flip
from tests.kzdoc.bundle.parties import BERIK, STRANGER, Draft, chance, pieces_of

CHUNK, TAG = 65_536, 16
FILE_KEY, NONCE = chance("fixture key")(16), chance("fixture nonce")(16)
HYBRID = "mlkem768x25519"


def stanzas(count: int = 4) -> list[Stanza]:
    """Return hybrid stanzas, the first for the reader."""
    keys = [BERIK, *([STRANGER] * (count - 1))]
    return [one.identity.recipient.wrap(FILE_KEY) for one in keys]


def assemble(made: Sequence[Stanza], plaintext: bytes) -> bytes:
    """Return an age file with these stanzas, its header rightly authenticated."""
    target = io.BytesIO()
    target.write(write_header(tuple(made), FILE_KEY))
    seal_stream(io.BytesIO(plaintext), target, file_key=FILE_KEY, nonce=NONCE, progress=silent)
    return target.getvalue()


def good() -> bytes:
    """Return a bundle in which nothing is wrong."""
    return assemble(stanzas(), Draft(canary()).plaintext())


def large(size: int) -> bytes:
    """Return the plaintext of a bundle of exactly ``size`` bytes, a Padmé length."""
    room = size - len(Draft(canary()).plaintext())
    draft = Draft(canary() + pieces_of(bytes(room), max(room, 1)))
    found = draft.plaintext()
    assert len(found) == size, len(found)
    return found


def payload_at(data: bytes) -> int:
    """Return where the payload begins, its nonce included."""
    return data.index(b"\n", data.index(b"\n--- ") + 1) + 1


def other_base64() -> bytes:
    """Return a header whose first share has a last letter that says the same and is not canonical."""
    data = good()
    end = data.index(b"\n", data.index(b"-> "))
    end = data.index(b"\n", end + 1)  # of the stanza's body: 32 bytes are 43 letters
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    letter = alphabet[alphabet.index(data[end - 1 : end]) ^ 1 : (alphabet.index(data[end - 1 : end]) ^ 1) + 1]
    return data[: end - 1] + letter + data[end:]


def bad_mac() -> bytes:
    data = good()
    place = data.index(b"\n--- ") + 5
    return data[:place] + (b"B" if data[place : place + 1] == b"A" else b"A") + data[place + 1 :]


def empty_last_chunk() -> bytes:
    """Return a whole chunk that is not the last, and a last one of nothing."""
    cipher = _cipher(FILE_KEY, NONCE)
    plain = large(CHUNK)
    chunks = cipher.encrypt(_place(0, last=False), plain, None) + cipher.encrypt(_place(1, last=True), b"", None)
    return write_header(tuple(stanzas()), FILE_KEY) + NONCE + chunks


def swapped_chunks() -> bytes:
    data = assemble(stanzas(), large(2 * CHUNK))
    at = payload_at(data) + 16
    size = CHUNK + TAG
    return data[:at] + data[at + size : at + 2 * size] + data[at : at + size] + data[at + 2 * size :]


def weak(*names: str, hybrid: bool = False) -> bytes:
    made = [Stanza((name, "AAAA", *(["10"] if name == "scrypt" else [])), bytes(32)) for name in names]
    return assemble([*made, *(stanzas(1) if hybrid else [])], Draft(canary()).plaintext())


def share(change: Callable[[bytes], bytes]) -> bytes:
    """Return a file whose stanza for the reader has another KEM share."""
    from kzdoc.crypto.age_header import decode_base64

    first, *others = stanzas()
    altered = change(decode_base64(first.arguments[1]))
    return assemble([Stanza((HYBRID, encode_base64(altered)), first.body), *others], Draft(canary()).plaintext())


def many_stanzas() -> bytes:
    """Return a header of 10,000 stanzas: 16 MB before anything is sealed."""
    one = stanzas(1)[0]
    return write_header((one,) * 10_000, FILE_KEY) + NONCE + bytes(1_000)


def age_layer() -> Iterator[Fixture]:
    def refused(
        number: int, name: str, about: str, code: str, make: Callable[[], bytes], *, letter: str = ""
    ) -> Fixture:
        return Fixture(f"F{number:02}{letter}", name, about, "age", code, code, make)

    version = b"age-encryption.org/v1"
    yield refused(
        1, "version", "age v9", "bundle.newer-version", lambda: good().replace(version, version[:-1] + b"9", 1)
    )
    yield refused(2, "base64", "a stanza's body spelled otherwise", "bundle.damaged", other_base64)
    yield refused(3, "header-mac", "the header's MAC is another", "bundle.damaged", bad_mac)
    yield refused(4, "cut-chunk", "the final chunk is cut off", "bundle.truncated", lambda: good()[:-700])
    yield refused(5, "trailing-byte", "a byte follows the end", "bundle.damaged", lambda: good() + b"\0")
    yield refused(6, "empty-chunk", "the last chunk is empty", "bundle.damaged", empty_last_chunk)
    yield refused(7, "swapped-chunks", "two chunks changed places", "bundle.damaged", swapped_chunks)
    yield refused(8, "x25519", "stanzas of X25519 alone", "bundle.weak-recipients", lambda: weak(*["X25519"] * 4))
    yield refused(9, "mixed", "X25519 beside hybrid", "bundle.age-mixed", lambda: weak("X25519", hybrid=True))
    yield refused(10, "scrypt", "sealed with a passphrase", "bundle.age-scrypt", lambda: weak("scrypt"))
    yield refused(
        10, "other-stanza", "a stanza nobody knows", "bundle.age-unknown-recipient", lambda: weak("new"), letter="b"
    )
    yield refused(
        11,
        "for-another",
        "no stanza is for the reader",
        "bundle.not-for-you",
        lambda: Draft(canary(), readers=[STRANGER]).sealed(),
    )
    yield refused(
        12,
        "low-order",
        "an X25519 share of low order",
        "bundle.damaged",
        lambda: share(lambda good: good[:1088] + bytes(32)),
    )
    yield refused(
        12,
        "implicit-reject",
        "an ML-KEM share that decapsulates to something else",
        "bundle.not-for-you",
        lambda: share(lambda good: flip(good, 100)),
        letter="b",
    )
    yield Fixture(
        "F13",
        "many-stanzas",
        "10,000 stanzas",
        "age",
        "bundle.limits-header",
        "bundle.limits-header",
        many_stanzas,
        made=True,
        limits={"age_header": LIMITS.age_header, "age_stanzas": LIMITS.age_stanzas},
    )
