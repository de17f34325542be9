"""What another process has in its memory, read from outside as somebody who seized the machine awake would.

A hardened process lets nobody look in but root, so these tests run as root; ``WHY_NOT`` says so where they cannot.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_PIECE = 1 << 24
_UNREADABLE = ("[vvar]", "[vsyscall]", "[vvar_vclock]")
WHY_NOT = (
    ""
    if sys.platform == "linux" and os.geteuid() == 0
    else "only root can look into a hardened process (tests/leaks/test_memory.py shows that others cannot)"
)


def secrets(passphrase: str = "", **keys: bytes) -> dict[str, bytes]:
    """Return the byte strings in which a passphrase and keys would lie in memory."""
    needles = {name: key for name, key in keys.items() if key}
    for name, key in keys.items():
        needles[f"{name} hex"] = key.hex().encode()
        needles[f"{name} HEX"] = key.hex().upper().encode()
    if passphrase:
        for coding in ("utf-8", "utf-16-le", "utf-32-le"):
            needles[f"passphrase {coding}"] = passphrase.encode(coding)
        needles["passphrase half"] = passphrase[: len(passphrase) // 2].encode("utf-16-le")
    return needles


def copies(process: int, needles: Mapping[str, bytes]) -> dict[str, int]:
    """Return how often each needle stands in the readable memory of a process; those that do not are left out."""
    found: dict[str, int] = {}
    overlap = max(map(len, needles.values())) - 1
    for start, end in _spans(process):
        for data in _pieces(process, start, end, overlap):
            for name, needle in needles.items():
                if count := data.count(needle):
                    found[name] = found.get(name, 0) + count
    return found


def places(process: int, needle: bytes) -> list[tuple[int, str, bytes]]:
    """Return where a needle stands: address, the mapping's name, some bytes before it (to find out whose it is)."""
    found = []
    for line in _lines(process):
        start, end = (int(word, 16) for word in line.split()[0].split("-"))
        data = b"".join(_pieces(process, start, end, 0))
        rest = " ".join(line.split()[1:])
        hits = [hit.start() for hit in re.finditer(re.escape(needle), data)]
        found.extend([(start + place, rest, data[max(0, place - 64) : place]) for place in hits])
    return found


def children(process: int) -> list[int]:
    """Return the children of a process."""
    try:
        listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in listed.split()]


def family(process: int) -> list[int]:
    """Return a process and all that came of it."""
    return [process, *(one for child in children(process) for one in family(child))]


def _lines(process: int) -> list[str]:
    lines = Path(f"/proc/{process}/maps").read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if line.split()[1].startswith("r") and not line.endswith(_UNREADABLE)]


def _spans(process: int) -> list[tuple[int, int]]:
    spans = []
    for line in _lines(process):
        rights, inode = line.split()[1], line.split()[4]
        if "w" in rights or inode == "0":  # what is mapped from a file and never written is the file
            start, end = (int(word, 16) for word in line.split()[0].split("-"))
            spans.append((start, end))
    return spans


def _pieces(process: int, start: int, end: int, overlap: int) -> Iterator[bytes]:
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        place = start
        while place < end:
            try:
                memory.seek(place)
                data = memory.read(min(_PIECE, end - place))
            except (OSError, OverflowError):
                return
            if not data:
                return
            yield data
            place += len(data)
            if place < end:
                place -= overlap
