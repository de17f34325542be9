"""What lies on a stick, in a folder or among many files: bundles and receipts, found by what is inside.

Rules: a name decides nothing. Folders are gone into so deep and no deeper, no link is followed, hidden folders and
other vaults are passed over, and no more than so many files are looked at; what is beyond is told. Nothing is opened
here: a sealed file is known by how it begins, a receipt by its size or its first line.
"""

from __future__ import annotations

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

    ``links`` counts links inside folders, which are not followed; ``inside`` tells in which of the folders that were
    named a file was found.
    """

    sealed: list[Path] = field(default_factory=list)
    receipts: list[Path] = field(default_factory=list)
    others: int = 0
    named: list[str] = field(default_factory=list)
    more: bool = False
    links: int = 0
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


def find(paths: Sequence[Path], *, progress: Progress) -> Found:
    """Return the bundles and receipts among files and in folders that somebody named.

    Raises ``InputError("file.not-read")`` when what was named is not there; ``Cancelled``.
    """
    found = Found()
    for number, path in enumerate(_files(paths, found)):
        progress("several.find", number, 0)
        sort = _sort(path)
        if sort is None:
            found.other(found.told(path))
        elif sort == "receipt":
            found.receipts.append(path)
        elif len(found.sealed) < MOST_SEALED:
            found.sealed.append(path)
        else:
            found.more = True
    return found


def is_receipt(path: Path) -> bool:
    """Tell whether a file is a receipt, or several sealed together, as far as can be told without opening it."""
    return _sort(path) == "receipt"


def _files(paths: Sequence[Path], found: Found) -> Iterator[Path]:
    """Give every file once, those named first as they were named, what lies in folders by name."""
    met: set[Path] = set()
    left = MOST_LOOKED
    for path in paths:
        try:
            folder = path if path.is_dir() else None
            several = iter((path,)) if folder is None else _inside(folder, DEPTH, found)
            if not path.exists():
                raise InputError("file.not-read")
        except OSError as error:
            raise InputError("file.not-read") from error
        for one in several:
            left -= 1
            if left < 0:
                found.more = True
                return
            if one is not None and (whole := one.absolute()) not in met:
                met.add(whole)
                if folder is not None:
                    found.inside[one] = folder
                yield one


def _inside(folder: Path, depth: int, found: Found) -> Iterator[Path | None]:
    """Give the files in a folder and those below it; None stands for what is passed over."""
    try:
        with os.scandir(folder) as entries:
            several = sorted(entries, key=lambda entry: entry.name)
    except OSError:  # a folder that may not be read, or went away
        return
    if any(entry.name in NAMES for entry in several):  # a vault, this one or another
        return
    below: list[Path] = []
    for entry in several:
        if entry.is_symlink():
            found.links += 1
            yield None
        elif entry.is_dir(follow_symlinks=False):
            if depth and not entry.name.startswith("."):
                below.append(Path(entry.path))
            yield None
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)
    for one in below:
        yield from _inside(one, depth - 1, found)


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
