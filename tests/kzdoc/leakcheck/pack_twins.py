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


def leaf(value: Any, at: int = 5) -> bytes:
    body = decode(pack())
    body["leaves"][1][at] = value
    return encode(body)


def noise(said: bytes) -> bytes:
    """Return bytes of chance with something in them, as long as a salt."""
    return b"\x01\x9d" + said + bytes(range(3, 30 - len(said) + 3))


def twice(name: str, first: Any) -> bytes:
    """Return a pack with a part that is there twice, the first one other."""
    data = pack()
    head, key = data[0], encode(name)
    return bytes([head + 1]) + key + encode(first) + data[1:]


def at_end(raw: bytes) -> bytes:
    """Return a pack whose last leaf says something else, as it stands in its bytes."""
    body = decode(pack())
    mark = "\ue000" * 40
    body["leaves"][1][5] = mark
    return encode(body).replace(encode(mark), raw)


def rules(data: bytes) -> set[str]:
    return {one.rule for one in check_pack(data, forbidden=FORBIDDEN, said=SAID)}


PROOF = encode(["kzdoc-proof-1", 0, encode(["x"]), bytes(64), 0, encode([encode(["y", "о Сынаковой"])]), 0, b""])
PLAIN, KAZAKH = "Для Сынаковой", SECRET
PAGES = {
    "cp1251": PLAIN,
    "koi8-r": PLAIN,
    "cp866": PLAIN,
    "mac-cyrillic": PLAIN,
    "iso8859-5": PLAIN,
    "kz1048": KAZAKH,
    "ptcp154": KAZAKH,
}
"""Code pages of one byte a letter, each with words it can write."""
IN_PAGES: dict[str, tuple[bytes, set[str]]] = {
    **{f"name in {page}": (spoiled("root", said.encode(page)), {"pack.name"}) for page, said in PAGES.items()},
    **{
        f"name in {page} among bytes of chance": (leaf(noise("Сынакова".encode(page)), at=1), {"pack.name"})
        for page in PAGES
    },
    **{
        f"name in {page} in a proof": (pack(encode(["x", said.encode(page)])), {"pack.name"})
        for page, said in PAGES.items()
    },
    **{f"name in {page} as a proof": (pack(said.upper().encode(page)), {"pack.name"}) for page, said in PAGES.items()},
    **{
        f"name in {page} in base64": (
            spoiled("purpose", base64.b64encode(said.encode(page)).decode()),
            {"pack.name"},
        )
        for page, said in PAGES.items()
    },
}
WRONG: dict[str, tuple[bytes, set[str]]] = {
    "words that are a list": (leaf([SECRET]), {"pack.name", "pack.words"}),
    "words that are a map": (leaf({SECRET: [1]}), {"pack.name", "pack.words"}),
    "words that are bytes": (leaf(SECRET.encode()), {"pack.name", "pack.words"}),
    "words that are a number": (leaf(1231500012), {"pack.words"}),
    "words that are nothing": (leaf(None), {"pack.words"}),
    "words that are yes": (leaf(value=True), {"pack.words"}),
    "words that are a fraction": (at_end(b"\xfb" + "Айгүл"[:4].encode()), {"pack.unreadable"}),
    "words that are no simple value": (at_end(b"\xf8\xff"), {"pack.unreadable"}),
    "a leaf that is a text": (spoiled("leaves", [SECRET]), {"pack.name", "pack.words"}),
    "leaves that are a map": (spoiled("leaves", {SECRET: 1}), {"pack.name", "pack.words"}),
    "leaves that are a text": (spoiled("leaves", SECRET), {"pack.unreadable"}),
    "a part there twice": (twice("purpose", SECRET), {"pack.name", "pack.part"}),
    "leaves there twice": (twice("leaves", [SECRET]), {"pack.name", "pack.part", "pack.words"}),
    "proofs there twice": (twice("proofs", [SECRET.encode()]), {"pack.name", "pack.part"}),
    "a part with no name": (b"\xa1\x80\x80", {"pack.unreadable"}),
}
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
    **IN_PAGES,
    **WRONG,
}
