"""The leak check of a finished verification pack: every text, number and byte string in it, down to the proofs.

Rules: as of papers (check.py): it sees the bytes as they will be written, shares no parser with the writer, and what it
cannot read is a finding; no finding holds a value. CBOR is read here from its first byte to its last, and has nothing
but what packs are made of; bytes that are CBOR themselves (a proof, and in it what its author signed) are read on, all
others in every spelling. A pack says nothing that its paper does not: a leaf whose words are not those of the paper is
a finding, and so is a part that belongs to no pack or is there twice. Ids of parts, kinds and fields are the format's
own words, whoever's name they look like.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from kzdoc.domain.catalogue import KINDS
from kzdoc.leakcheck.finding import Finding, Forbidden
from kzdoc.leakcheck.index import Index
from kzdoc.leakcheck.own import not_own, of_page
from kzdoc.leakcheck.spellings import in_code_pages, spelled, undisguised

PARTS = {"format", "paper", "size", "recipient", "purpose", "leaves", "root", "proofs", "publisher", "signature"}
OWN = frozenset(
    {"kzdoc-pack-1", "kzdoc-proof-1", "ed25519", "mldsa65", *PARTS, *KINDS}
    | {one.id for kind in KINDS.values() for one in kind.fields}
)
"""The format's own words, each as a whole text: Пак and Нам are names too."""
WORDS_AT = 5
"""Where a leaf has its words."""
LISTS = ("leaves", "proofs")
DEEPEST = 24
_ARRAY, _MAP, _SIMPLE = 4, 5, 7
_FALSE_TRUE_NULL = (20, 21, 22)
Item = bytes | str | int | list["Item"] | tuple["Item", "Item"] | None
"""A map is a list of pairs."""


def check_pack(
    data: bytes,
    *,
    forbidden: Iterable[Forbidden],
    said: Collection[str],
    shown: Sequence[str] = (),
    decided: Sequence[str] = (),
    common: Sequence[str] = (),
    own: Sequence[Sequence[str]] = (),
) -> list[Finding]:
    """Return everything in a pack that its reader must not get, sorted.

    ``said``: the words of its paper; ``shown``, ``decided`` and ``common`` as of papers. In a finding ``position`` is
    the place of the leaf or proof, from 1. ``own``: by leaf, what of its words the program itself set (own.py).
    """
    index = Index(forbidden, shown, decided=decided, common=common)
    try:
        body = _whole(data)
    except (ValueError, IndexError, RecursionError):
        body = None
    pairs = [one for one in body if isinstance(one, tuple)] if isinstance(body, list) else []
    lists = {name: _listed(pairs, name) for name in LISTS}
    if not all(lists.values()):
        return [Finding(0, "pack.unreadable")]
    names = [name for name, _ in pairs if isinstance(name, str)]
    found = [Finding(0, "pack.part")] if len(pairs) != len(PARTS) or set(names) != PARTS else []
    for leaves in lists["leaves"]:
        for place, leaf in enumerate(leaves, 1):
            words = leaf[WORDS_AT] if isinstance(leaf, list) and len(leaf) == WORDS_AT + 1 else None
            known = isinstance(words, str) and words in said
            found += [] if known else [Finding(0, "pack.words", "", (place, place))]
            found += _searched(leaf, index, place, of_page(own, place))
    for proofs in lists["proofs"]:
        for place, proof in enumerate(proofs, 1):
            found += _searched(proof, index, place)
    for name, item in pairs:
        found += _searched([name] if name in LISTS and isinstance(item, list) else [name, item], index, 0)
    return sorted(set(found), key=lambda item: (item.rule, item.sensitivity, item.position))


def _listed(pairs: Sequence[tuple[Item, Item]], name: str) -> list[list[Item]]:
    """Return every list of this name."""
    return [item for key, item in pairs if key == name and isinstance(item, list)]


def _searched(item: Item, index: Index, place: int, own: Sequence[str] = ()) -> Iterator[Finding]:
    for one in _leaves(item):
        readings: Iterable[str]
        if isinstance(one, bytes):
            readings = spelled(one, whole=False)
        else:
            text = str(one)
            readings = undisguised(text.encode("utf-8", errors="replace"))
            told = not_own(index.search(text), text, own)
            told += not_own(index.search(text[::-1]), text[::-1], [piece[::-1] for piece in own])
            yield from (Finding(0, f"pack.{hit.rule}", hit.sensitivity, (place, place)) for hit in told)
            yield from (
                Finding(0, f"pack.{hit.rule}", hit.sensitivity, (place, place)) for hit in index.search_places(text)
            )
        for read in readings:
            for hit in index.search(read):
                yield Finding(0, f"pack.{hit.rule}", hit.sensitivity, (place, place))


def _leaves(item: Item) -> Iterator[bytes | str | int]:
    """Yield every text, number and byte string of an item; bytes that are CBOR are opened."""
    if isinstance(item, list | tuple):
        for one in item:
            yield from _leaves(one)
    elif isinstance(item, bytes):
        inner = _opened(item)
        if inner is None:
            yield item
        else:
            yield from in_code_pages(item)
            yield from _leaves(inner)
    elif item is not None and item not in OWN:
        yield item


def _opened(data: bytes) -> Item:
    """Return the array or map that bytes hold, None when they hold none."""
    if not data or data[0] >> 5 not in (_ARRAY, _MAP):
        return None
    try:
        return _whole(data)
    except (ValueError, IndexError, RecursionError):
        return None


def _whole(data: bytes) -> Item:
    item, end = _item(data, 0, 0)
    if end != len(data):
        raise ValueError
    return item


def _item(data: bytes, at: int, depth: int) -> tuple[Item, int]:
    major, number = data[at] >> 5, data[at] & 31
    at += 1
    if depth > DEEPEST or number > 27:  # noqa: PLR2004 - no lengths without an end
        raise ValueError
    if number >= 24:  # noqa: PLR2004 - the number stands in the bytes that follow
        size = 1 << (number - 24)
        number = int.from_bytes(data[at : at + size], "big")
        at += size
    if major == _ARRAY:
        return _items(data, at, number, depth)
    if major == _MAP:
        flat, at = _items(data, at, 2 * number, depth)
        return [*zip(flat[::2], flat[1::2], strict=True)], at
    if major in (2, 3):
        raw = data[at : at + number]
        if len(raw) != number:
            raise ValueError
        return (raw if major == 2 else raw.decode("utf-8")), at + number  # noqa: PLR2004 - a byte string
    if at > len(data) or not (major in (0, 1) or (major == _SIMPLE and number in _FALSE_TRUE_NULL)):
        raise ValueError
    return (number if major == 0 else -1 - number if major == 1 else None), at


def _items(data: bytes, at: int, number: int, depth: int) -> tuple[list[Item], int]:
    if number > len(data) - at:
        raise ValueError
    items: list[Item] = []
    for _ in range(number):
        item, at = _item(data, at, depth + 1)
        items.append(item)
    return items, at
