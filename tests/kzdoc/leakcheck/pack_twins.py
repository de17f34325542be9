"""Leaky twins of the verification pack: each holds something that its reader must not get."""

from __future__ import annotations

import base64
from typing import Any

from kzdoc.encoding import decode, encode
from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.packs import check_pack
from kzdoc.report.pack import statements_of, write_pack
from tests.kzdoc.report import cases
from tests.kzdoc.report.test_signature import PDF, SIGNER, randomness

SECRET = "Сынақова Айгүл"
FORBIDDEN = [Forbidden(SECRET, "identity"), Forbidden("001231500012", "identity", number=True)]
VIEW = cases.russian_case()
SAID = {one.text for one in statements_of(VIEW)}


def pack(*proofs: bytes) -> bytes:
    return write_pack(PDF, VIEW, SIGNER, randomness=randomness(3), proofs=proofs)


def spoiled(place: str, value: Any) -> bytes:
    body = decode(pack())
    body[place] = value
    return encode(body)


def leaf(text: Any, at: int = 5) -> bytes:
    body = decode(pack())
    body["leaves"][1][at] = text
    return encode(body)


def rules(data: bytes) -> set[str]:
    return {one.rule for one in check_pack(data, forbidden=FORBIDDEN, said=SAID)}


PROOF = encode(["kzdoc-proof-1", 0, encode(["x"]), bytes(64), 0, encode([encode(["y", "о Сынаковой"])]), 0, b""])
LEAKS: dict[str, tuple[bytes, set[str]]] = {
    "name in a leaf": (leaf("Видела Сынакову"), {"pack.name", "pack.words"}),
    "number in a leaf": (leaf("ИИН 0012 3150 0012"), {"pack.number", "pack.words"}),
    "name as a field": (leaf("Сынаковой", at=4), {"pack.name"}),
    "name as bytes": (leaf(SECRET.encode(), at=0), {"pack.name"}),
    "name in UTF-16": (spoiled("root", SECRET.encode("utf-16-be")), {"pack.name"}),
    "name in base64": (leaf(base64.b64encode(SECRET.encode()).decode()), {"pack.name", "pack.words"}),
    "name backwards": (leaf(SECRET[::-1]), {"pack.name", "pack.words"}),
    "reader": (spoiled("recipient", "Для Сынаковой"), {"pack.name"}),
    "words the paper does not say": (leaf("Что-то ещё"), {"pack.words"}),
    "a part that belongs to no pack": (spoiled("note", 1), {"pack.part"}),
    "a part called so": (spoiled(SECRET, 1), {"pack.part", "pack.name"}),
    "deep in a proof": (pack(PROOF), {"pack.name"}),
    "bytes after the end": (pack() + b"1", {"pack.unreadable"}),
    "cut off": (pack()[:-1], {"pack.unreadable"}),
    "not a pack": (b"%PDF", {"pack.unreadable"}),
}
