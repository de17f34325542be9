"""Writes the vectors of this folder anew: `python tests/vectors/age/make.py` from the repository's root.

One defect a file. A file is a text header (`expect:` the code or `success`, `identity:`, `payload:` the SHA-256 of
what may be written, `comment:`), an empty line, and the age file. The keys are made from fixed seeds, but the
encapsulations are random, so a second run gives other bytes that mean the same.
"""

from __future__ import annotations

import base64
import hashlib
import os
import sys
from io import BytesIO
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2]))

from kzdoc.crypto.age import HybridIdentity, seal_bytes  # noqa: E402 - the path comes first
from kzdoc.crypto.age_header import Stanza, encode_base64, header_mac, write_header  # noqa: E402
from kzdoc.crypto.age_stream import _cipher, _place, seal_stream  # noqa: E402
from kzdoc.progress import silent  # noqa: E402
from tests.interop.classic import X25519Identity  # noqa: E402

ME = HybridIdentity.from_seed(bytes(range(32)))
OTHER = HybridIdentity.from_seed(bytes(range(32, 64)))
CLASSIC = X25519Identity(bytes(range(64, 96)))
FILE_KEY = b"YELLOW SUBMARINE"
TEXT = b"The lamp is on the table.\n"
SCRYPT = Stanza(("scrypt", encode_base64(bytes(16)), "10"), bytes(32))
UNKNOWN = Stanza(("kettle", "boils"), b"steam")


def wrapped(identity: HybridIdentity = ME) -> Stanza:
    return identity.recipient.wrap(FILE_KEY)


def payload(text: bytes = TEXT) -> bytes:
    """Return nonce and pieces under FILE_KEY, as the writer makes them."""
    target = BytesIO()
    seal_stream(BytesIO(text), target, file_key=FILE_KEY, nonce=os.urandom(16), progress=silent)
    return target.getvalue()


def header(*stanzas: Stanza) -> bytes:
    return write_header(stanzas or (wrapped(),), FILE_KEY)


def remade(good: bytes, change: bytes, into: bytes) -> bytes:
    """Return a header with one spelling changed and its code made anew, so that only the spelling is wrong."""
    covered = good.rpartition(b"\n---")[0] + b"\n---"
    assert change in covered
    covered = covered.replace(change, into, 1)
    return covered + b" " + encode_base64(header_mac(FILE_KEY, covered)).encode() + b"\n"


def restanza(arguments: tuple[str, ...] | None = None, body: bytes | None = None) -> bytes:
    """Return a header of one stanza with other arguments or another body."""
    old = wrapped()
    return header(Stanza(arguments or old.arguments, old.body if body is None else body))


def share(change: bytes, start: int, end: int) -> tuple[str, str]:
    """Return our stanza's arguments with bytes start:end of the share replaced."""
    text = wrapped().arguments[1]
    raw = base64.b64decode(text + "=" * (-len(text) % 4))
    return "mlkem768x25519", encode_base64(raw[:start] + change + raw[end:])


def flipped(data: bytes, place: int) -> bytes:
    place %= len(data)
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def header_vectors() -> dict[str, tuple[str, bytes, str]]:
    """Return name → (code, file, comment): the header and its spelling."""
    good, rest = header(), payload()
    line = next(text for text in good.split(b"\n") if text and not text.startswith((b"age", b"->", b"---")))
    mac = good.rpartition(b"--- ")[2].strip()
    named = {
        "not-age-empty": ("not-age", b"", "no bytes at all"),
        "not-age-zip": ("not-age", b"PK\x03\x04\x14\x00" + bytes(60), "a zip archive under a bundle's name"),
        "not-age-text": ("not-age", b"Dear colleague,\n\nhere is the list.\n", "plain text"),
        "armor": ("armor", b"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n", "armor"),
        "version": ("version", good.replace(b"/v1", b"/v2", 1) + rest, "a later version"),
        "header-crlf": ("header", remade(good, b"/v1\n", b"/v1\r\n") + rest, "carriage return"),
        "header-cut": ("header", good[: len(good) // 2], "ends within a stanza"),
        "header-only-first-line": ("header", b"age-encryption.org/v1\n", "ends after its first line"),
        "header-no-stanza": ("header", b"age-encryption.org/v1\n--- " + mac + b"\n" + rest, "no stanza"),
        "header-two-spaces": (
            "header",
            remade(good, b"mlkem768x25519 ", b"mlkem768x25519  ") + rest,
            "an empty argument",
        ),
        "header-no-argument": ("header", remade(good, b"-> mlkem", b"-> \n-> mlkem") + rest, "a stanza without a name"),
        "header-control": ("header", remade(good, b"mlkem", b"mlk\x01m") + rest, "a character that cannot be seen"),
        "header-arrow": ("header", remade(good, b"-> mlkem", b"->mlkem") + rest, "no space after the arrow"),
        "header-padding": ("header", remade(good, line, line + b"=") + rest, "base64 with padding"),
        "header-spelling": (
            "header",
            remade(good, line, line[:-1] + _next(line[-1:])) + rest,
            "base64, other spelling",
        ),
        "header-no-body": ("header", remade(good, line + b"\n", b"") + rest, "a stanza without its body"),
        "header-long-line": ("header", remade(good, line, b"A" * 65) + rest, "a body line of 65 columns"),
        "mac-missing": ("header", good.replace(b"--- " + mac, b"---") + rest, "no code"),
        "mac-short": ("header", good.replace(mac, mac[:-4]) + rest, "a code of 29 bytes"),
        "mac-two-spaces": ("header", good.replace(b"--- ", b"---  ") + rest, "two spaces before the code"),
        "mac-spelling": ("header", good.replace(mac, mac[:-1] + _next(mac[-1:])) + rest, "the code spelled otherwise"),
        "mac-wrong": ("mac", good.replace(mac, encode_base64(bytes(32)).encode()) + rest, "another code"),
        "mac-reordered": ("mac", _swapped(), "stanzas in another order than the code says"),
        "stanzas": ("stanzas", header(*[UNKNOWN] * 65) + rest, "65 stanzas"),
    }
    return {name: ("bundle.age-" + code, data, comment) for name, (code, data, comment) in named.items()}


def _next(letter: bytes) -> bytes:
    """Return a base64 letter whose spare bits are set, which decodes to the same bytes."""
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return alphabet[alphabet.index(letter) + 1 :][:1]


def _swapped() -> bytes:
    one, two = wrapped(), wrapped(OTHER)
    first = write_header((one, two), FILE_KEY)
    second = write_header((two, one), FILE_KEY)
    return second.rpartition(b"--- ")[0] + b"--- " + first.rpartition(b"--- ")[2] + payload()


def recipient_vectors() -> dict[str, tuple[str, bytes, str]]:
    """Return name → (code, file, comment): the stanzas and the policy."""
    rest = payload()
    named = {
        "x25519": ("x25519", header(CLASSIC.wrap(FILE_KEY)) + rest, "an old recipient alone"),
        "mixed": ("mixed", header(wrapped(), CLASSIC.wrap(FILE_KEY)) + rest, "hybrid and old together"),
        "scrypt": ("scrypt", header(SCRYPT) + rest, "a passphrase"),
        "unknown": ("unknown-recipient", header(wrapped(), UNKNOWN) + rest, "a stanza of an unknown sort"),
        "uppercase": ("unknown-recipient", restanza(("MLKEM768X25519", "AA")) + rest, "the name in capitals"),
        "not-for-me": ("not-for-me", header(wrapped(OTHER)) + rest, "sealed for someone else"),
        "tag-wrong": ("not-for-me", restanza(None, bytes(32)) + rest, "the wrapped key altered"),
        "share-mlkem": ("not-for-me", restanza(share(bytes(8), 0, 8)) + rest, "the ML-KEM part altered"),
        "share-low-order": ("header", restanza(share(bytes(32), 1088, 1120)) + rest, "an X25519 point of low order"),
        "share-short": ("header", restanza(share(b"", 1119, 1120)) + rest, "a share of 1,119 bytes"),
        "share-long": ("header", restanza(share(b"\0", 1120, 1120)) + rest, "a share of 1,121 bytes"),
        "extra-argument": ("header", restanza((*wrapped().arguments, "x")) + rest, "one argument too many"),
        "file-key-long": ("header", header(ME.recipient.wrap(FILE_KEY + b"!!")) + rest, "a file key of 18 bytes"),
    }
    return {name: ("bundle.age-" + code, data, comment) for name, (code, data, comment) in named.items()}


def payload_vectors() -> dict[str, tuple[str, bytes, str]]:
    """Return name → (code, file, comment): the payload."""
    good, rest = header(), payload()
    named = {
        "nonce-missing": ("truncated", good, "ends after the header"),
        "nonce-short": ("truncated", good + rest[:15], "a nonce of 15 bytes"),
        "piece-missing": ("truncated", good + rest[:16], "a nonce and nothing more"),
        "piece-cut": ("payload", good + rest[:-1], "the last byte missing"),
        "piece-longer": ("payload", good + rest + b"\0", "one byte more"),
        "piece-flipped": ("payload", good + flipped(rest, -1), "a bit of the tag flipped"),
        "nonce-flipped": ("payload", good + flipped(rest, 0), "a bit of the nonce flipped"),
        "piece-not-last": ("truncated", good + _not_last(), "the only piece says that more follow"),
    }
    return {name: ("bundle.age-" + code, data, comment) for name, (code, data, comment) in named.items()}


def _not_last() -> bytes:
    nonce = bytes(16)
    return nonce + _cipher(FILE_KEY, nonce).encrypt(_place(0, last=False), TEXT, None)


def good_vectors() -> dict[str, tuple[str, bytes, str]]:
    """Return name → ("success", file, comment)."""
    both = [ME.recipient, OTHER.recipient]
    return {
        "one": ("success", header() + payload(), "one recipient"),
        "padded": ("success", seal_bytes(TEXT, recipients=both, randomness=os.urandom), "two of four stanzas are real"),
        "empty": ("success", header() + payload(b""), "no plaintext"),
    }


def main() -> None:
    for old in HERE.glob("*.vector"):
        old.unlink()
    for name, (code, data, comment) in {
        **good_vectors(),
        **header_vectors(),
        **recipient_vectors(),
        **payload_vectors(),
    }.items():
        lines = [f"expect: {code}", f"identity: {ME.secret_text()}", f"comment: {comment}"]
        if code == "success":
            lines.insert(1, f"payload: {hashlib.sha256(b'' if name == 'empty' else TEXT).hexdigest()}")
        (HERE / f"{name}.vector").write_bytes("\n".join(lines).encode() + b"\n\n" + data)


if __name__ == "__main__":
    main()
