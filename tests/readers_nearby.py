"""The two readers of bundles on threads of the test's own process, for simulations that take in thousands.

What runs is the opener, the parser and the opener of receipts themselves, over real pipes; only the wall around them is
missing, which has tests of its own (tests/kzdoc/platform/test_sandbox.py).
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import threading
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from kzdoc.bundle import reader, sealed_receipts
from kzdoc.errors import KzdocError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest


class NearbyProcess:
    """What ``start_limited`` would return, with a thread in the place of the process."""

    def __init__(self, module: str, arguments: Sequence[str], stdin: BinaryIO | None) -> None:
        self._module = importlib.import_module(module)
        self._error: BaseException | None = None
        self.stdin: BinaryIO | None = None
        if stdin is None:
            inside, outside = os.pipe()
            self.stdin = os.fdopen(outside, "wb")
        else:
            inside = os.dup(stdin.fileno())
        out, into = os.pipe()
        told, tell = os.pipe()
        self.stdout, self._answers = os.fdopen(out, "rb"), os.fdopen(told, "rb")
        self._thread = threading.Thread(
            target=self._run,
            args=(list(arguments), os.fdopen(inside, "rb"), os.fdopen(into, "wb"), os.fdopen(tell, "wb", buffering=0)),
            daemon=True,
        )
        self._thread.start()

    def _run(self, arguments: list[str], source: BinaryIO, target: BinaryIO, answers: BinaryIO) -> None:
        third = (answers,) if getattr(self._module, "ANSWERS", False) else ()
        try:
            self._module.in_sandbox(arguments, source, target, *third)
            target.flush()
        except Exception as error:  # noqa: BLE001 - told by ``finish``
            self._error = error
        finally:
            for stream in (source, target, answers):
                with contextlib.suppress(OSError):
                    stream.close()
            gc.enable()  # the parser, at home in a short process, does without

    def read_answer(self, limit: int) -> bytes | None:
        head = self._answers.read(4)
        size = int.from_bytes(head, "big")
        return self._answers.read(size) if len(head) == 4 and size <= limit else None

    def kill(self) -> None:
        self._close()
        self._thread.join()

    def finish(self) -> None:
        self._thread.join()
        self._close()
        if isinstance(self._error, KzdocError):
            raise self._error
        if self._error is not None:
            raise KzdocError("sandbox.failed", status=1)

    def _close(self) -> None:
        for stream in (self.stdin, self.stdout, self._answers):
            if stream is not None:
                with contextlib.suppress(OSError, ValueError):
                    stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def read_nearby(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let bundles and receipts be read in this process."""

    def start(module: str, arguments: Sequence[str] = (), *, stdin: BinaryIO | None = None, **_: Any) -> NearbyProcess:
        return NearbyProcess(module, arguments, stdin)

    def run(module: str, arguments: Sequence[str] = (), *, stdin: BinaryIO, stdout: io.BytesIO, **_: Any) -> None:
        importlib.import_module(module).in_sandbox(arguments, stdin, stdout)

    monkeypatch.setattr(reader, "start_limited", start)
    monkeypatch.setattr(sealed_receipts, "run_limited", run)
