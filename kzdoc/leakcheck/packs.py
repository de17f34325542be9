"""The leak check of a finished verification pack: every text, number and byte string in it, down to the proofs.

Rules: as of papers (check.py): it sees the bytes as they will be written, shares no parser with the writer, and what it
cannot read is a finding; no finding holds a value. CBOR is read here from its first byte to its last; bytes that are
CBOR themselves (a proof, and in it what its author signed) are read on, all others in every spelling. A pack says
nothing that its paper does not: a leaf whose words are not those of the paper is a finding, and so is a part that
belongs to no pack.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from kzdoc.leakcheck.finding import Finding, Forbidden
from kzdoc.leakcheck.index import Index
from kzdoc.leakcheck.spellings import spelled, undisguised

PARTS = {"format", "paper", "size", "recipient", "purpose", "leaves", "root", "proofs", "publisher", "signature"}
WORDS_AT = 5
"""Where a leaf has its words."""
DEEPEST = 24
_ARRAY, _MAP, _SIMPLE = 4, 5, 7
Item = bytes | str | int | list["Item"] | list[tuple["Item", "Item"]] | None


def check_pack(
    data: bytes,
    *,
    forbidden: Iterable[Forbidden],
    said: Collection[str],
    shown: Sequence[str] = (),
    decided: Sequence[str] = (),
    common: Sequence[str] = (),
) -> list[Finding]:
    """Return everything in a pack that its reader must not get, sorted.

    ``said``: the words of its paper; ``shown``, ``decided`` and ``common`` as of papers. In a finding ``position`` is
    the place of the leaf or proof, from 1.
    """
    index = Index(forbidden, shown, decided=decided, common=common)
    try:
        body = _whole(data)
        parts = dict(body) if isinstance(body, list) else {}  # type: ignore[arg-type]  # pairs, or it is refused below
        leaves, proofs = parts["leaves"], parts["proofs"]
        if not (isinstance(leaves, list) and isinstance(proofs, list)):
            return [Finding(0, "pack.unreadable")]
    except (ValueError, IndexError, KeyError, TypeError, RecursionError):
        return [Finding(0, "pack.unreadable")]
    found = [Finding(0, "pack.part")] if set(parts) != PARTS else []
    for place, leaf in enumerate(leaves, 1):
        words = leaf[WORDS_AT] if isinstance(leaf, list) and len(leaf) == WORDS_AT + 1 else None
        found += [] if words in said else [Finding(0, "pack.words", "", (place, place))]
        found += _searched(leaf, index, place)  # type: ignore[arg-type]  # as above
    for place, proof in enumerate(proofs, 1):
        found += _searched(proof, index, place)  # type: ignore[arg-type]  # as above
    rest = [item for name, item in parts.items() if name not in ("leaves", "proofs")]
    found += _searched([*parts, *rest], index, 0)
    return sorted(set(found), key=lambda item: (item.rule, item.sensitivity, item.position))


def _searched(item: Item, index: Index, place: int) -> Iterator[Finding]:
    for one in _leaves(item):
        readings: Iterable[str]
        if isinstance(one, bytes):
            readings = spelled(one, whole=False)
        else:
            text = str(one)
            readings = (text, text[::-1], *undisguised(text.encode("utf-8", errors="replace")))
            yield from (
                Finding(0, f"pack.{hit.rule}", hit.sensitivity, (place, place)) for hit in index.search_places(text)
            )
        for read in readings:
            for hit in index.search(read):
                yield Finding(0, f"pack.{hit.rule}", hit.sensitivity, (place, place))


def _leaves(item: Item) -> Iterator[bytes | str | int]:
    """Yield every text, number and byte string of an item; bytes that are CBOR are opened."""
    if isinstance(item, list):
        for one in item:
            for part in one if isinstance(one, tuple) else (one,):
                yield from _leaves(part)
    elif isinstance(item, bytes):
        inner = _opened(item)
        if inner is None:
            yield item
        else:
            yield from _leaves(inner)
    elif item is not None:
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
        return list(zip(flat[::2], flat[1::2], strict=True)), at
    if major in (2, 3):
        raw = data[at : at + number]
        if len(raw) != number:
            raise ValueError
        return (raw if major == 2 else raw.decode("utf-8")), at + number  # noqa: PLR2004 - a byte string
    if at > len(data) or major not in (0, 1, _SIMPLE):
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
