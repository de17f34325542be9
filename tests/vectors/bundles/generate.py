"""Makes the vectors of this folder: `python -m tests.vectors.bundles.generate`. One defect a file.

A file is a text header (`expect:` the code it must be refused with, or `good`; `about:` what is wrong with it), an
empty line, and the bytes of a one-volume bundle for the reader in tests/kzdoc/bundle/parties.py. Sealing uses fresh
randomness, so the bytes differ from run to run while what they show does not.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from kzdoc.bundle import frames
from kzdoc.bundle.items import Erasures, Introduction
from kzdoc.crypto.age_header import Stanza, write_header
from kzdoc.crypto.age_stream import seal_stream
from kzdoc.encoding import decode, encode
from kzdoc.ledger.revision import Revision
from kzdoc.progress import silent
from tests.kzdoc.bundle.parties import (
    ANNA,
    BERIK,
    OFFICE,
    STRANGER,
    Draft,
    chance,
    frames_of,
    loose,
    pieces_of,
    revisions,
    sealed,
)

HERE = Path(__file__).parent
Vector = tuple[str, str, str, bytes]


def items() -> list[tuple[int, bytes]]:
    three = revisions(3)
    said = [Introduction([(STRANGER.signer.public.ed25519, "Сынақова Айгүл")]), *three, Erasures([bytes(32)])]
    return frames_of(said) + pieces_of(b"\x89PNG " * 2_000, 5_000)


def age_layer() -> Iterator[Vector]:
    good = Draft(items()).sealed()
    big = Draft(frames_of(revisions(1)) + pieces_of(bytes(90_000), 90_000)).sealed()
    payload = good.index(b"\n--- ") + 100
    yield "good", "good", "nothing is wrong with it", good
    yield "truncated", "bundle.truncated", "the last 1,000 bytes are missing", good[:-1_000]
    yield (
        "truncated-chunk",
        "bundle.truncated",
        "ends after a whole chunk",
        big[: big.index(b"\n--- ") + 49 + 16 + 65_552],
    )
    yield "truncated-header", "bundle.truncated", "ends inside the age header", good[:2_000]
    yield "bit-flipped", "bundle.damaged", "one bit of the payload", flip(good, payload)
    yield "bit-flipped-end", "bundle.damaged", "one bit of the last byte", flip(good, len(good) - 1)
    yield "trailing-byte", "bundle.damaged", "a byte follows the end", big + b"\0"
    yield (
        "age-version",
        "bundle.newer-version",
        "age v9",
        good.replace(b"age-encryption.org/v1", b"age-encryption.org/v9", 1),
    )
    yield "for-another", "bundle.not-for-you", "no stanza opens", Draft(items(), readers=[STRANGER]).sealed()
    yield "x25519-only", "bundle.weak-recipients", "a stanza without post-quantum part", weak("X25519")
    yield "mixed", "bundle.age-mixed", "hybrid and X25519 together", weak("X25519", hybrid=True)
    yield "scrypt", "bundle.age-scrypt", "sealed with a passphrase", weak("scrypt")
    yield "many-stanzas", "bundle.limits-header", "65 stanzas", weak(*["mlkem768x25519"] * 65)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("notes.txt", "hello")
    yield "zip-renamed", "bundle.not-a-bundle", "a zip archive", archive.getvalue()
    yield "pdf-renamed", "bundle.not-a-bundle", "a PDF", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
    yield "empty", "bundle.not-a-bundle", "no byte at all", b""
    yield (
        "other-contents",
        "bundle.not-a-bundle",
        "an age file for the reader with a letter in it",
        sealed(b"Dear Ghalym\n" * 9),
    )


def signed_layer() -> Iterator[Vector]:
    def vector(name: str, code: str, about: str, **change: object) -> Vector:
        return name, code, about, Draft(items(), **change).sealed()  # type: ignore[arg-type]

    other = ANNA.signer.sign("kzdoc-bundle-v1", bytes(32))
    yield vector("forwarded", "bundle.forwarded", "encrypted again for a reader it does not list", listed=[STRANGER])
    yield vector("stranger", "bundle.unknown-sender", "signed by a key without a card here", signer=STRANGER.signer)
    yield vector("signature-stripped", "bundle.malformed", "no signature frame", signature=lambda _: b"")
    yield vector("ml-dsa-bad", "bundle.signature", "Ed25519 holds, ML-DSA does not", signature=lambda s: flip(s, 2_000))
    yield vector("ed25519-bad", "bundle.signature", "ML-DSA holds, Ed25519 does not", signature=lambda s: flip(s, 7))
    yield vector("signature-swapped", "bundle.signature", "the signature of another root", signature=lambda _: other)
    yield vector("other-context", "bundle.signature", "signed as a receipt", context="kzdoc-receipt-v1")
    yield vector("other-office", "bundle.other-office", "for another office", header={"office": b"office-other"})
    yield vector("own-office", "good", "for this office", header={"office": OFFICE})
    yield vector("practice", "bundle.practice", "made in a practice vault", header={"practice": True})
    yield vector("unknown-field", "bundle.newer-version", "a key no reader knows", header={"anchor": b""})
    yield vector("passable-field", "good", "a key that may be passed over", header={"x-note": 1})
    yield vector("min-reader", "bundle.newer-version", "for a later reader", header={"min_reader": 2})
    yield vector("format-2", "bundle.newer-version", "a later format", header={"format": "kzdoc-bundle-2"})
    yield vector("bad-day", "bundle.malformed", "a day that is no day", header={"day": "yesterday"})
    yield vector("volume-number", "bundle.malformed", "volume 7 of 1", number=(7).to_bytes(4, "big"))
    yield vector("sequence-zero", "bundle.malformed", "the reader's number is 0", header=sequence_zero())
    yield vector(
        "padding-written", "bundle.malformed", "padding that is not zero", padding=lambda good: good[:-1] + b"\1"
    )
    yield vector(
        "padding-long", "bundle.malformed", "more padding than the Padmé length", padding=lambda good: good + bytes(64)
    )
    header = Draft(items()).header_map()
    yield vector(
        "header-not-canonical", "bundle.malformed", "keys in another order", raw_header=loose(reordered(header))
    )
    doubled = encode(header)
    twice = bytes((doubled[0] + 1,)) + encode("day") + encode("2020-02-28") + doubled[1:]
    yield vector("header-duplicate-key", "bundle.malformed", "a key twice", raw_header=twice)
    yield vector(
        "items-declared", "bundle.limits-items", "100,001 items", header={"volumes": [[100_001, 9, bytes(32)]]}
    )
    many = [[0, 0, bytes(32)]] * 1_025
    yield vector("volumes-declared", "bundle.limits-volumes", "1,025 volumes", header={"volumes": many})
    huge = [[1, 2**31 + 1, bytes(32)]]
    yield vector("volume-huge", "bundle.limits-size", "a volume over 2 GiB", header={"volumes": huge})


def item_layer() -> Iterator[Vector]:
    good = items()

    def sent(name: str, code: str, about: str, frames_sent: list[tuple[int, bytes]]) -> Vector:
        return name, code, about, Draft(good, sent=frames_sent).sealed()

    def signed(name: str, code: str, about: str, *made: tuple[int, bytes]) -> Vector:
        return name, code, about, Draft(list(made)).sealed()

    yield sent(
        "item-altered", "bundle.contents", "one item is not the signed one", [(1, flip(good[0][1], 20)), *good[1:]]
    )
    yield sent("item-missing", "bundle.contents", "the last item is missing", good[:-1])
    yield sent("item-added", "bundle.contents", "one item too many", [*good, good[-1]])
    yield sent("items-swapped", "bundle.contents", "two items changed places", [good[1], good[0], *good[2:]])
    one, two = revisions(2)
    payload = frames_of([one])[0][1]
    yield signed("type-unknown", "bundle.newer-version", "an item type from the future", (0x20, b"new"))
    yield signed("type-passable", "good", "an item type that may be passed over", (0x90, b"new"), (2, payload))
    yield signed("order", "bundle.malformed", "a statement after a blob piece", *pieces_of(b"x", 1), (2, payload))
    yield signed("item-not-cbor", "bundle.item", "a revision that is no CBOR", (2, b"\xff" * 40))
    yield signed("item-not-canonical", "bundle.item", "a revision spelled otherwise", (2, respelled(payload)))
    yield signed("item-zero", "bundle.item", "a revision of no bytes", (2, b""))
    yield signed("introduction-bad", "bundle.item", "an author key of 31 bytes", (1, encode([[bytes(31), "x"]])))
    yield signed("erasure-bad", "bundle.item", "a digest of 31 bytes", (3, encode([bytes(31)])))
    yield signed(
        "statement-digest", "bundle.digest", "a statement that is not the signed one", changed(one, "statements")
    )
    yield signed("entry-digest", "bundle.digest", "an entry that is not the signed one", changed(one, "entries"))
    bare = Revision(one.skeleton, one.signature, {}, one.statements)
    yield signed("statement-orphan", "bundle.item", "statements without their entry", *frames_of([bare]))
    forged = Revision(two.skeleton, flip(two.signature, 3), two.entries, two.statements)
    yield signed("revision-signature", "bundle.revision-signature", "nobody vouches for it", *frames_of([forged]))
    vouched = Revision(one.skeleton, flip(one.signature, 3), one.entries, one.statements)
    yield signed("run-vouched", "good", "an older signature unchecked, the newest holds", *frames_of([vouched, two]))
    kind, piece = pieces_of(b"evidence", 8)[0]
    yield signed("blob-digest", "bundle.piece", "a blob with another hash", (kind, piece[:-1] + b"!"))
    yield signed("blob-size", "bundle.piece", "a piece beyond the end of its blob", (kind, piece + b"more"))
    yield signed("blob-gap", "bundle.piece", "a piece of a blob is missing", *pieces_of(bytes(90), 30)[::2])
    yield signed("blob-unfinished", "bundle.piece", "the last piece is missing", *pieces_of(bytes(90), 30)[:2])
    long_frame = frames.frame_head(2, 65 * 2**20) + bytes(100)
    prologue = Draft([(2, bytes(10))]).plaintext()
    cut = prologue.rindex(frames.frame_head(2, 10))
    whole = prologue[:cut] + long_frame
    yield (
        "item-65-mib",
        "bundle.limits-item",
        "an item of 65 MiB",
        sealed(whole + bytes(frames.padme(len(whole)) - len(whole))),
    )


def flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]


def reordered(header: dict[str, object]) -> dict[str, object]:
    return dict(sorted(header.items(), reverse=True))


def sequence_zero() -> dict[str, object]:
    from kzdoc.bundle.header import reader_rows

    salt = chance("zero")(32)
    rows = reader_rows([(BERIK.identity.recipient.raw, 0, bytes(32))], salt=salt, randomness=chance("rows"))
    return {"salt": salt, "readers": rows}


def respelled(payload: bytes) -> bytes:
    skeleton, signature, entries, statements, absent = decode(payload)
    return loose([skeleton, signature, entries, dict(reversed(list(statements.items()))), absent])


def changed(revision: Revision, layer: str) -> tuple[int, bytes]:
    parts = {name: dict(getattr(revision, name)) for name in ("entries", "statements")}
    key = next(iter(parts[layer]))
    raw = parts[layer][key]
    parts[layer][key] = raw[:5] + bytes((raw[5] ^ 1,)) + raw[6:]
    return frames_of([Revision(revision.skeleton, revision.signature, parts["entries"], parts["statements"])])[0]


def weak(*names: str, hybrid: bool = False) -> bytes:
    """Return an age file with stanzas of these sorts, as some other tool or an older profile would make it."""
    key = bytes(16)
    stanzas = [Stanza((name, "AAAA", *(["10"] if name == "scrypt" else [])), bytes(32)) for name in names]
    if hybrid:
        stanzas.append(BERIK.identity.recipient.wrap(key))
    target = io.BytesIO()
    target.write(write_header(tuple(stanzas), key))
    seal_stream(io.BytesIO(Draft(items()).plaintext()), target, file_key=key, nonce=bytes(16), progress=silent)
    return target.getvalue()


def main() -> None:
    for old in HERE.glob("*.vector"):
        old.unlink()
    for name, code, about, data in [*age_layer(), *signed_layer(), *item_layer()]:
        head = f"expect: {code}\nabout: {about}\n\n".encode()
        (HERE / f"{name}.vector").write_bytes(head + data)


if __name__ == "__main__":
    main()
