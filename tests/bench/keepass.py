"""The nearest everyday tool: KeePassXC merging one encrypted file of entries into another (``keepassxc-cli``)."""

from __future__ import annotations

import shutil
import subprocess
import time
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from tests.bench.corpus import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

MISSING = "NOT COMPARED: the tool is not here (Debian: apt-get install keepassxc)"
_TOOL = "keepassxc-cli"
_PASSWORD = "сынақ"
_SHORTEST = "100"
"""The least time, in milliseconds, that the tool lets the key of a file cost; it is taken off all the same."""


def there() -> bool:
    """Return whether the tool is installed."""
    return shutil.which(_TOOL) is not None


def merging(folder: Path, texts: Sequence[tuple[str, ...]]) -> float:
    """Return the seconds it takes to merge as many entries into an empty file; one with a single entry is taken off."""
    folder = folder / "keepass"
    folder.mkdir()
    empty = _file(folder / "empty", [])
    one, all_of_them = _file(folder / "one", texts[:1]), _file(folder / "all", texts)
    taken = []
    for number, other in enumerate((one, all_of_them)):
        target = folder / f"into-{number}.kdbx"
        shutil.copy(empty, target)
        begin = time.perf_counter()
        _run(["merge", "-q", "-s", str(target), str(other)], f"{_PASSWORD}\n")
        taken.append(time.perf_counter() - begin)
    count = _run(["ls", "-q", "-R", "-f", str(target)], f"{_PASSWORD}\n").count("\n")
    if count < len(texts):
        raise SystemExit("keepass: entries are missing")
    return taken[1] - taken[0]


def _file(path: Path, texts: Sequence[tuple[str, ...]]) -> Path:
    """Return a new encrypted file with these people, an entry each."""
    source, target = path.with_suffix(".xml"), path.with_suffix(".kdbx")
    with source.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?><KeePassFile><Meta/><Root><Group><Name>Root</Name>')
        file.writelines(_entry(one) for one in texts)
        file.write("</Group></Root></KeePassFile>")
    _run(["import", "-q", "-p", "-t", _SHORTEST, str(source), str(target)], f"{_PASSWORD}\n{_PASSWORD}\n")
    return target


def _entry(one: Iterable[str]) -> str:
    named = zip(("Title", "UserName", "Notes", *FIELDS[2:-1]), _in_order(tuple(one)), strict=True)
    strings = [f"<String><Key>{key}</Key><Value>{escape(value)}</Value></String>" for key, value in named]
    return f"<Entry>{''.join(strings)}</Entry>"


def _in_order(one: tuple[str, ...]) -> tuple[str, ...]:
    """Return the two names, the account, the rest."""
    return (*one[:2], one[-1], *one[2:-1])


def _run(arguments: Sequence[str], told: str) -> str:
    done = subprocess.run([_TOOL, *arguments], input=told, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"keepass: {arguments[0]} failed")
    return done.stdout
