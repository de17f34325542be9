"""Tries the fences of sandbox.py from inside, so that a diagnosis and the tests can say what holds on this machine.

Run in a bounded child with one word: ``report`` writes a JSON map of what the child could still do; the other words
do one thing that a hostile file might make a parser do.
"""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, BinaryIO

from kzdoc.errors import BundleError, KzdocError
from kzdoc.platform.sandbox import run_limited
from kzdoc.progress import silent

if sys.platform == "win32":
    from kzdoc.platform import windows as system
else:
    from kzdoc.platform import posix as system

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MEMORY = 256 * 2**20
_PIECE = 1 << 20
_REPORT_BYTES = 4096
_ATTEMPTS = system.hostile_attempts()  # found before the fences close, as code that takes over finds its own


def fences() -> dict[str, bool]:
    """Return what code that took over a bounded child can still reach: ``network``, ``files``, ``program``.

    A name that is missing was not tried on this system.

    Raises:
        KzdocError: ``sandbox.failed`` when no child can be run at all.
    """
    answer = io.BytesIO()
    run_limited(
        "kzdoc.platform.fences",
        ["report"],
        stdin=io.BytesIO(),
        stdout=answer,
        memory=MEMORY,
        cpu_seconds=10,
        progress=silent,
        output_bytes=_REPORT_BYTES,
    )
    return {str(name): bool(value) for name, value in json.loads(answer.getvalue()).items()}


def in_sandbox(arguments: Sequence[str], source: BinaryIO, target: BinaryIO) -> None:
    """Do what the first word says; see the module."""
    _DEEDS[arguments[0]](source, target)
    target.flush()


def _report(_: BinaryIO, target: BinaryIO) -> None:
    target.write(json.dumps({name: attempt() for name, attempt in _ATTEMPTS.items()}).encode())


def _copy(source: BinaryIO, target: BinaryIO) -> None:
    while piece := source.read(_PIECE):
        target.write(piece)


def _eat_memory(_: BinaryIO, target: BinaryIO) -> None:
    target.write(bytearray(64 * 2**30)[:1])


def _spin(_source: BinaryIO, _target: BinaryIO) -> None:
    while True:
        pass


def _wait(source: BinaryIO, _: BinaryIO) -> None:
    source.read()


def _refuse(_source: BinaryIO, _target: BinaryIO) -> None:
    raise BundleError("sandbox.limit", line=7, field="name_ru")


def _tell_value(_source: BinaryIO, _target: BinaryIO) -> None:
    raise KzdocError("sandbox.limit", field="Тестов Данияр")


def _crash(_source: BinaryIO, _target: BinaryIO) -> None:
    raise ValueError


_DEEDS: dict[str, Callable[[BinaryIO, BinaryIO], None]] = {
    "report": _report,
    "copy": _copy,
    "eat-memory": _eat_memory,
    "spin": _spin,
    "wait": _wait,
    "refuse": _refuse,
    "tell-value": _tell_value,
    "crash": _crash,
}
