"""What lies on a stick, in a folder or among many files: bundles and receipts, found by what is inside.

Rules: a name decides nothing. Folders are gone into so deep and no deeper, no link is followed, hidden folders and what
vaults keep their files in are passed over, and no more than so many files are looked at; what is beyond is told. Which
these are is drawn anew each time: whoever fills a stick cannot choose names that put another's file out of sight, and
another look finds others. Nothing is opened here: a sealed file is known by how it begins, a receipt by its size or its
first line.
"""

from __future__ import annotations

import hashlib
import operator
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kzdoc.bundle.sealed_receipts import FILE_SIZES
from kzdoc.errors import InputError
from kzdoc.exchange.folder_files import SEALED, shown
from kzdoc.platform.files import open_given
from kzdoc.progress import Progress
from kzdoc.vault.slots import NAMES
from kzdoc.vault.vault import BLOBS

MOST_LOOKED = 20_000
"""So many files and folders are looked at."""
MOST_SEALED = 1_000
"""So many sealed files are opened."""
DEPTH = 6
NAMED = 8
"""So many of what is neither bundle nor receipt are named."""
_RECEIPT = b"-----BEGIN KZDOC RECEIPT-----"
_BEGINS = 64


@dataclass(slots=True)
class Found:
    """What was found: sealed files, receipts, how many others and the names of a few, and whether there was more.

    ``links`` counts links inside folders, which are not followed, ``vaults`` the folders in which a vault keeps its
    files, which are not looked into; ``inside`` tells in which of the folders that were named a file was found.
    """

    sealed: list[Path] = field(default_factory=list)
    receipts: list[Path] = field(default_factory=list)
    others: int = 0
    named: list[str] = field(default_factory=list)
    more: bool = False
    links: int = 0
    vaults: int = 0
    inside: dict[Path, Path] = field(default_factory=dict)

    def told(self, path: Path) -> str:
        """Return what a file is called: where it lies in the folder that was named, its name where it was named."""
        folder = self.inside.get(path)
        parts = path.relative_to(folder).parts if folder is not None else (path.name,)
        return "/".join(shown(part) for part in parts)

    def other(self, name: str) -> None:
        """Note a file that is neither."""
        self.others += 1
        if len(self.named) < NAMED:
            self.named.append(name)


def find(paths: Sequence[Path], *, draw: bytes = b"", progress: Progress) -> Found:
    """Return the bundles and receipts among files and in folders that somebody named.

    ``draw`` decides which are looked at where there are too many.

    Raises ``InputError("file.not-read")`` when what was named is not there; ``Cancelled``.
    """
    found = Found()
    places: dict[Path, tuple[int, ...]] = {}
    for number, (place, path) in enumerate(_files(paths, found, draw)):
        progress("several.find", number, 0)
        places[path] = (place,)
    looked = sorted(places, key=lambda path: (places[path], _order(path.relative_to(found.inside.get(path, path)))))
    for number, path in enumerate(looked):
        progress("several.find", number, len(looked))
        sort = _sort(path)
        if sort is None:
            found.other(found.told(path))
        elif sort == "receipt":
            found.receipts.append(path)
        else:
            found.sealed.append(path)
    if len(found.sealed) > MOST_SEALED:
        found.more = True
        first = sorted(found.sealed, key=lambda path: (path in found.inside, _drawn(os.fspath(path), draw)))
        chosen = set(first[:MOST_SEALED])
        found.sealed = [path for path in found.sealed if path in chosen]
    return found


def _order(path: Path) -> list[tuple[bool, str]]:
    """Return a key by which the files of a folder stand before those of the folders in it, each by name."""
    return [*[(True, part) for part in path.parts[:-1]], (False, path.name)]


def _drawn(name: str, draw: bytes) -> bytes:
    return hashlib.sha256(draw + os.fsencode(name)).digest()


def is_receipt(path: Path) -> bool:
    """Tell whether a file is a receipt, or several sealed together, as far as can be told without opening it."""
    return _sort(path) == "receipt"


def _files(paths: Sequence[Path], found: Found, draw: bytes) -> Iterator[tuple[int, Path]]:
    """Give every file once, with the place of what was named; what lies in folders comes last, as it is drawn."""
    met: set[Path] = set()
    left = MOST_LOOKED
    named = [(_is_folder(path), place, path) for place, path in enumerate(paths)]
    for is_folder, place, path in sorted(named, key=operator.itemgetter(0)):
        folder = path if is_folder else None
        several = iter((path,)) if folder is None else _inside(folder, DEPTH, found, draw)
        for one in several:
            left -= 1
            if left < 0:
                found.more = True
                return
            if one is not None and (whole := one.absolute()) not in met:
                met.add(whole)
                if folder is not None:
                    found.inside[one] = folder
                yield place, one


def _is_folder(path: Path) -> bool:
    try:
        if not path.exists():
            raise InputError("file.not-read")
        return path.is_dir()
    except OSError as error:
        raise InputError("file.not-read") from error


def _inside(folder: Path, depth: int, found: Found, draw: bytes) -> Iterator[Path | None]:
    """Give the files in a folder and those below it; None stands for what is passed over."""
    try:
        with os.scandir(folder) as entries:
            several = sorted(entries, key=lambda entry: _drawn(entry.name, draw))
    except OSError:  # a folder that may not be read, or went away
        return
    vault = any(entry.name in NAMES for entry in several)  # this one or another, or a file that is called so
    below: list[Path] = []
    for entry in several:
        if entry.is_symlink():
            found.links += 1
            yield None
        elif entry.is_dir(follow_symlinks=False):
            if vault and entry.name == BLOBS:
                found.vaults += 1
            elif depth and not entry.name.startswith("."):
                below.append(Path(entry.path))
            yield None
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)
    for one in below:
        yield from _inside(one, depth - 1, found, draw)


def _sort(path: Path) -> str | None:
    """Return ``sealed``, ``receipt``, or None for anything else and for what cannot be read."""
    try:
        with open_given(path) as file:
            begins = file.read(_BEGINS)
            size = os.fstat(file.fileno()).st_size
    except (InputError, OSError):
        return None
    if begins.startswith(SEALED):
        return "receipt" if size in FILE_SIZES else "sealed"
    return "receipt" if begins.startswith(_RECEIPT) else None
