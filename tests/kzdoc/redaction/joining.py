"""The attacker who has two papers and wants to know what in one belongs to what in the other.

He has the finished bytes alone, every program to read them, and all the time. From a paper he takes whatever differs
between papers: its size, its identity, its dates, its fonts, the widths and places of what is painted, and of each
token its label, its number, its place in the order and the room around it. He then joins what is alike.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
import pypdfium2

from kzdoc.leakcheck.layout import TOKEN, pieces_of


@dataclass(frozen=True)
class Seen:
    """A token as it stands on paper: its label, its number, when it first appears, the width of its box."""

    label: str
    number: int
    order: int
    width: float


def tokens(pdf: bytes) -> list[Seen]:
    """Return the numbered tokens of a paper, each once, in the order in which they are painted."""
    document = pypdfium2.PdfDocument(pdf)
    found: dict[str, Seen] = {}
    for page in range(1, len(document) + 1):
        for piece in pieces_of(document, page):
            label = piece.text.strip()
            number = re.search(r"-(\w+)\]$", label)
            if TOKEN.match(label) and number and label not in found:
                value = int(number.group(1), 36)
                found[label] = Seen(label, value, len(found), piece.box[2] - piece.box[0])
    document.close()
    return list(found.values())


def traits(pdf: bytes) -> dict[str, str]:
    """Return what can be told of a paper as a whole, however hidden."""
    with pikepdf.open(io.BytesIO(pdf)) as read:
        fonts = sorted(
            str(one.BaseFont) for one in read.objects if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one
        )
        streams = [item for item in read.objects if isinstance(item, pikepdf.Stream)]
        content = b"".join(page.Contents.read_bytes() for page in read.pages)
        return {
            "size": str(len(pdf)),
            "identity": repr([bytes(part) for part in read.trailer.get("/ID", [])]),
            "information": repr({key: str(value) for key, value in read.docinfo.items()}),
            "fonts": repr(fonts),
            "objects": f"{len(read.objects)} {sorted(len(item.read_raw_bytes()) for item in streams)}",
            "places": repr(re.findall(rb"[\d.]+ [\d.]+ Tm", content)),
            "widths": repr([str(one.Widths.as_list()) for one in read.objects if _has_widths(one)]),
            "digest": hashlib.sha256(pdf).hexdigest(),
        }


def _has_widths(item: object) -> bool:
    return isinstance(item, pikepdf.Dictionary) and "/Widths" in item


def join_people(one: Sequence[Seen], other: Sequence[Seen]) -> dict[str, str]:
    """Return which token of the other paper the attacker takes for the same person, for each of the first.

    A number that both papers have is the best sign; then the rank of the numbers; the order of appearance last.
    """
    joined = {a.label: b.label for a in one for b in other if a.number == b.number and a.number > len(other)}
    left = [b for b in other if b.label not in joined.values()]
    for a in sorted((a for a in one if a.label not in joined), key=lambda item: item.number):
        if left:
            joined[a.label] = left.pop(
                min(range(len(left)), key=lambda at: (abs(left[at].number - a.number), at))
            ).label
    return joined


def join_papers(one: bytes, others: Sequence[bytes]) -> int:
    """Return which of several papers the attacker takes for one of the case of ``one``; the first if all are alike."""
    own = traits(one)
    scores = [sum(value == own[name] for name, value in traits(other).items()) for other in others]
    return scores.index(max(scores))
