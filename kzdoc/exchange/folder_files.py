"""What lies in an exchange folder: which files are looked at, and the mark by which one is known whatever it is called.

Rules: carriers rename, double and rewrite files, change the case of letters and the form of accents, and keep half a
file under a name of their own meanwhile. So a name decides one thing alone: that of a file in the making is passed
over. All else is decided by what is inside. The mark is a hash of a file's beginning, where the keys of its sealing
stand: two files with one mark are one bundle's volume, or a piece of it. Nothing here follows a link or goes into a
folder, and no more than so many files are looked at: those that lie there longest, as far as their times tell, and of
one time those that a draw of this vault's own takes, the same ones every time. So whoever fills a folder puts nobody's
file that was there before out of sight, and cannot choose names that come first.
"""

from __future__ import annotations

import contextlib
import hashlib
import heapq
import itertools
import os
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from kzdoc.errors import InputError
from kzdoc.platform.files import file_error, open_given

SEALED = b"age-encryption.org/v1\n"
MOST_NAMES = 10_000
"""More is a flood: what is beyond is left until there are fewer, and that is said."""
MOST_LISTED = 500_000
"""Of so many names it is found out which are looked at; what is beyond does not count, in the system's order."""
MARKED = 64 * 2**10
_STEP = 2**20
SHOWN_NAME = 120

_IN_THE_MAKING = (
    ".part",
    ".partial",
    ".tmp",
    ".temp",
    ".crdownload",
    ".download",
    ".filepart",
    ".!sync",
    ".swp",
    ".bak~",
)
_OTHERS = (".syncthing.", "~syncthing~", ".~lock", ".ds_store", "desktop.ini", "thumbs.db")


class Lying(NamedTuple):
    """A file that lies there: its name and what changes when somebody writes to it."""

    name: str
    size: int
    modified: int
    changed: int


class Look(NamedTuple):
    """One look at a folder: files sorted by name, how many others, and whether there were more than are looked at."""

    files: tuple[Lying, ...]
    others: int
    flooded: bool


def look(folder: Path, draw: bytes = b"") -> Look:
    """Return what lies in a folder; ``draw`` is the vault's own and decides among files of one time.

    Without one it tells whether anything changed there, no more.

    Raises ``KzdocError("platform.…")`` when it cannot be read.
    """
    found: list[Lying] = []
    others = 0
    try:
        with os.scandir(folder) as entries:
            for entry in itertools.islice(entries, MOST_LISTED):
                lying = None if in_the_making(entry.name) else _lying(entry)
                if lying is None:
                    others += 1
                else:
                    found.append(lying)
            flooded = next(entries, None) is not None or len(found) > MOST_NAMES
    except OSError as error:
        raise file_error(error) from error
    if len(found) > MOST_NAMES:
        found = heapq.nsmallest(MOST_NAMES, found, key=lambda one: (one.modified, _drawn(one.name, draw)))
    return Look(tuple(sorted(found)), others, flooded)


def _drawn(name: str, draw: bytes) -> bytes:
    return hashlib.sha256(draw + name.encode("utf-8", "surrogatepass")).digest()


def _lying(entry: os.DirEntry[str]) -> Lying | None:
    try:
        if not entry.is_file(follow_symlinks=False):
            return None
        stat = entry.stat(follow_symlinks=False)
    except OSError:  # it went away meanwhile
        return None
    return Lying(entry.name, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def in_the_making(name: str) -> bool:
    """Return whether a name is one that programs give to files they are still writing, or keep for themselves."""
    plain = unicodedata.normalize("NFC", name).casefold()
    return plain.startswith((".", "~")) or plain.endswith(_IN_THE_MAKING) or any(part in plain for part in _OTHERS)


def half_written(name: str) -> bool:
    """Return whether a name is one that carriers and programs give to a file that is not whole yet."""
    plain = unicodedata.normalize("NFC", name).casefold()
    return plain.endswith(_IN_THE_MAKING) or any(part in plain for part in _OTHERS[:2])


def unchanged(folder: Path, lying: Lying) -> bool:
    """Return whether a file is still as it was when it was looked at."""
    try:
        stat = (folder / lying.name).stat(follow_symlinks=False)
    except OSError:
        return False
    return (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns) == lying[1:]


def mark_of(path: Path) -> bytes:
    """Return a file's mark, empty when it is no sealed file or cannot be read."""
    return read_mark(path) or b""


def read_mark(path: Path) -> bytes | None:
    """Return a file's mark, empty when it is no sealed file, None when it cannot be read (now)."""
    try:
        with open_given(path) as file:
            beginning = file.read(MARKED)
    except (InputError, OSError):
        return None
    return hashlib.sha256(beginning).digest() if beginning.startswith(SEALED) else b""


def is_whole(path: Path, digest: bytes) -> bool:
    """Return whether a file has this SHA-256; one that cannot be read now may have."""
    found = hashlib.sha256()
    try:
        with open_given(path) as file:
            while piece := file.read(_STEP):
                found.update(piece)
    except (InputError, OSError):
        return True
    return found.digest() == digest


def shown(name: str) -> str:
    """Return a name that somebody else gave, to be shown: nothing in it hides, imitates or breaks a line."""
    whole = name.encode("utf-8", "backslashreplace").decode("utf-8")
    plain = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in whole)
    return plain if len(plain) <= SHOWN_NAME else plain[: SHOWN_NAME - 1] + "…"


def taken_back(folder: Path, files: Mapping[str, bytes]) -> set[str]:
    """Remove files (name → mark) that are still what they were; return the names that are gone."""
    gone: set[str] = set()
    for name, mark in files.items():
        if mark_of(folder / name) == mark:
            with contextlib.suppress(OSError):  # left for the next time
                (folder / name).unlink()
                gone.add(name)
    return gone
