"""A module of ours in a process of its own, bounded, without network: untrusted bytes in, plain bytes out.

Rules: the child receives two streams and words, nothing else; it bounds itself before it imports the module, and
closes the rest of the world before the first untrusted byte. The module has a function ``in_sandbox(arguments,
source, target)``; what it imports lazily must be imported at its top. One that has ``ANSWERS = True`` gets a third
stream, ``answers``, for what it tells whoever started it while ``target`` leads elsewhere (``read_answer``). A
``KzdocError`` raised there is raised here; nothing else the child says about its end is believed or shown.

What holds on Linux: memory, processor time and file size are bounded; no other program can be started; the process
dies with its parent; once the module is loaded no descriptor can be made any more, not even in the place of one it
closes, so whatever code runs in it opens no file and no socket. Where the kernel has namespaces (tried at each start)
it has no network of any kind and an empty folder for root besides. A child that was given ``open_files`` has the
namespace alone between it and the network, and the user's rights on files: give them only to code that reads no
untrusted byte. On macOS the bounds and the ban on descriptors hold. On Windows a job object bounds memory, time and
processes; neither files nor network are taken from code that took the process over. Everywhere Python itself refuses
sockets and programs (an audit hook: a fence, not a wall). ``fences.fences()`` tries all of it on the spot.
What is never guaranteed: secrecy of timing, and bugs of the kernel.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import queue
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Self, cast

from kzdoc import errors
from kzdoc.errors import KzdocError

if sys.platform == "win32":
    from kzdoc.platform import windows as system
else:
    from kzdoc.platform import posix as system

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kzdoc.progress import Progress

CHILD: Final = "--kzdoc-child"
MODULE: Final = "--kzdoc-module"

_PIECE = 1 << 20
_REPORT_BYTES = 4096
_ANSWER_HEAD = 4
_PATIENCE = 0.1
_GRACE_SECONDS = 5.0
_REFUSED, _CRASHED, _NO_MEMORY, _MISUSED = 3, 70, 71, 64
_OUR_MODULE = re.compile(r"(kzdoc|ui)(\.[a-z_][a-z0-9_]*)+")
_CODE = re.compile(r"[a-z][a-z-]*(\.[a-z][a-z-]*)+")
_WORD = re.compile(r"[a-z0-9._-]{1,64}")
_FORBIDDEN_EVENTS = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "ctypes.")
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from kzdoc.platform.sandbox import child_main as c; sys.exit(c())"
)


def own_command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs ``module.main(arguments)`` of this very program, from source or packaged."""
    return [*_own_program(), MODULE, module, *arguments]


def child_main(argv: Sequence[str] | None = None) -> int | None:
    """Do what a hidden first argument asks for and return the exit status; None when there is no such argument.

    Every entry point calls this first: a packaged program starts itself anew to run another part of it.
    """
    words = list(sys.argv if argv is None else argv)[1:]  # the first is the program's own name
    if not words or words[0] not in (CHILD, MODULE):
        return None
    if len(words) < 2 or not _OUR_MODULE.fullmatch(words[1]):  # noqa: PLR2004 - the switch and its module
        return _MISUSED
    if words[0] == CHILD:
        return _run_bounded(words[1], words[2:])
    status = importlib.import_module(words[1]).main(words[2:])
    return int(status or 0)


class LimitedProcess:
    """A bounded child at work; ``stdin`` and ``stdout`` are its binary streams where they were not given."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.stdin = cast("BinaryIO | None", process.stdin)
        self.stdout = cast("BinaryIO | None", process.stdout)
        self._reported = b""

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def read_answer(self, limit: int) -> bytes | None:
        """Return the next answer of at most ``limit`` bytes, waiting for it; None when it ends without one."""
        stream = cast("BinaryIO", self._process.stderr)
        head = stream.read(_ANSWER_HEAD)
        if len(head) < _ANSWER_HEAD or head[:1] != b"\0":  # a report of its end begins with a brace
            self._reported = head
            return None
        size = int.from_bytes(head, "big")
        answer = stream.read(size) if size <= limit else b""
        return answer if len(answer) == size else None

    def kill(self) -> None:
        """End it at once and close its streams; does nothing when it has ended."""
        self._process.kill()
        self._close()
        self._process.wait()

    def finish(self) -> None:
        """Wait for its end, which must be near: its output was read to the end.

        Raises:
            KzdocError: what ``in_sandbox`` raised; ``sandbox.limit`` when it met a bound; ``sandbox.failed``.
        """
        try:
            status = self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise KzdocError("sandbox.failed", status=0) from None
        report = b"" if self._process.stderr is None else self._process.stderr.read(_REPORT_BYTES)
        report = self._reported + report
        self._close()
        if status != 0:
            raise _error(status, report)

    def _close(self) -> None:
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def start_limited(
    module: str,
    arguments: Sequence[str] = (),
    *,
    memory: int,
    cpu_seconds: int,
    file_bytes: int = 0,
    open_files: int = 0,
    stdin: BinaryIO | None = None,
    stdout: BinaryIO | None = None,
) -> LimitedProcess:
    """Start ``module.in_sandbox`` in a bounded child and return it; use it in a ``with`` block, which ends it.

    ``memory`` is address space in bytes (Python itself takes some 60 MiB), ``file_bytes`` the largest file it may
    write, ``open_files`` how many descriptors it may open once loaded; more than 0 also leaves it the folders of the
    user to read. ``stdin`` and ``stdout`` are open files or another child's stream; without them there are pipes. An
    open file as ``stdout`` counts against ``file_bytes``.

    Raises:
        KzdocError: ``sandbox.failed`` when no process can be started.
    """
    bounds = f"{memory},{cpu_seconds},{file_bytes},{open_files}"
    environment = {name: os.environ[name] for name in system.INHERITED_ENVIRONMENT if name in os.environ}
    try:
        process = subprocess.Popen(
            [*_own_program(), CHILD, module, bounds, *arguments],
            stdin=stdin or subprocess.PIPE,
            stdout=stdout or subprocess.PIPE,
            stderr=subprocess.PIPE,
            creationflags=system.CREATION_FLAGS,
            env={**environment, "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
        )
    except OSError as error:
        raise KzdocError("sandbox.failed", status=0) from error
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            system.widen_pipe(stream.fileno())
    return LimitedProcess(process)


def run_limited(
    module: str,
    arguments: Sequence[str] = (),
    *,
    stdin: BinaryIO,
    stdout: BinaryIO,
    memory: int,
    cpu_seconds: int,
    progress: Progress,
    output_bytes: int,
    file_bytes: int = 0,
    open_files: int = 0,
) -> None:
    """Run ``module.in_sandbox`` in a bounded child, from ``stdin`` to ``stdout``, at most ``output_bytes`` of it.

    Both may be far larger than memory. ``stdin`` is read on a thread of its own; ``stdout`` is written and
    ``progress("sandbox", bytes out, 0)`` called on this one, ten times a second or more often; when it raises, the
    child is ended. What reached ``stdout`` may be used only when this function returned.

    Raises:
        KzdocError: as ``LimitedProcess.finish``; ``sandbox.limit`` also when the output is longer than allowed.
    """
    child = start_limited(
        module, arguments, memory=memory, cpu_seconds=cpu_seconds, file_bytes=file_bytes, open_files=open_files
    )
    with child, _feeding(child, stdin), _draining(child) as pieces:
        done = 0
        while True:
            try:
                piece = pieces.get(timeout=_PATIENCE)
            except queue.Empty:
                piece = None
            if piece == b"":
                break
            if piece is not None:
                done += len(piece)
                if done > output_bytes:
                    raise KzdocError("sandbox.limit")
                stdout.write(piece)
            progress("sandbox", done, 0)
        child.finish()


def _own_program() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-I", "-B", "-c", _BOOT, str(Path(__file__).resolve().parents[2])]


def as_answer(answer: bytes) -> bytes:
    """Return an answer with its length, as ``LimitedProcess.read_answer`` reads it; less than 16 MiB."""
    return len(answer).to_bytes(_ANSWER_HEAD, "big") + answer


@contextlib.contextmanager
def _feeding(child: LimitedProcess, source: BinaryIO) -> Iterator[None]:
    """Copy ``source`` into the child while the block runs; a child that stops reading ends the copying."""
    stream = cast("BinaryIO", child.stdin)
    failures: list[BaseException] = []

    def feed() -> None:
        try:
            while piece := source.read(_PIECE):
                stream.write(piece)
        except (BrokenPipeError, ConnectionResetError, ValueError):
            return  # it ended or was ended; its status says why
        except BaseException as error:  # noqa: BLE001 - handed over to the thread that waits
            failures.append(error)
        finally:
            with contextlib.suppress(OSError, ValueError):
                stream.close()

    thread = threading.Thread(target=feed, name="kzdoc-feed")
    thread.start()
    try:
        yield
    except BaseException:
        child.kill()
        thread.join()
        if failures:
            raise failures[0] from None  # what could not be read is why the child was unhappy
        raise
    thread.join()
    if failures:
        raise failures[0]


@contextlib.contextmanager
def _draining(child: LimitedProcess) -> Iterator[queue.Queue[bytes]]:
    """Give a short queue of what the child writes; an empty piece is the end."""
    stream = cast("BinaryIO", child.stdout)
    pieces: queue.Queue[bytes] = queue.Queue(maxsize=4)
    stopping = threading.Event()

    def put(piece: bytes) -> bool:
        while not stopping.is_set():
            with contextlib.suppress(queue.Full):
                pieces.put(piece, timeout=_PATIENCE)
                return True
        return False

    def drain() -> None:
        with contextlib.suppress(OSError, ValueError):
            while piece := os.read(stream.fileno(), _PIECE):
                if not put(piece):
                    return
        put(b"")

    thread = threading.Thread(target=drain, name="kzdoc-drain")
    thread.start()
    try:
        yield pieces
    except BaseException:
        child.kill()
        raise
    finally:
        stopping.set()
        thread.join()


def _error(status: int, report: bytes) -> KzdocError:
    """Return the typed error for how a child ended; its own words are read as from a stranger."""
    if status in system.LIMIT_SIGNALS or status == _NO_MEMORY:
        return KzdocError("sandbox.limit")
    if status == _REFUSED:
        with contextlib.suppress(ValueError, TypeError, AttributeError):
            told = json.loads(report)
            code, params = str(told["code"]), dict(told["params"])
            kind = getattr(errors, str(told["error"]), KzdocError)
            fine = all(isinstance(value, int) or _WORD.fullmatch(value) for value in params.values())
            if _CODE.fullmatch(code) and fine and kind is not errors.Cancelled:
                return cast("KzdocError", kind(code, **params))
    return KzdocError("sandbox.failed", status=status)


# -- in the child -------------------------------------------------------------------------------------------------


def _run_bounded(module: str, words: list[str]) -> int:
    """Bound this process, load the module, shut the world out, run it; the exit status is all that is told."""
    report = os.fdopen(os.dup(2), "wb", buffering=0)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        memory, cpu_seconds, file_bytes, open_files = map(int, words[0].split(","))
        system.limit_self(memory=memory, cpu_seconds=cpu_seconds, file_bytes=file_bytes)
        loaded = importlib.import_module(module)
        source, target = os.fdopen(0, "rb"), os.fdopen(1, "wb")  # sys.stdin is None in a program without a console
        system.close_world(open_files=open_files)
        system.prevent_dumps()
        sys.addaudithook(_refuse)
        third = (report,) if getattr(loaded, "ANSWERS", False) else ()
        loaded.in_sandbox(words[1:], cast("BinaryIO", source), cast("BinaryIO", target), *third)
        target.flush()
    except KzdocError as error:
        told = {"error": type(error).__name__, "code": error.code, "params": error.params}
        report.write(json.dumps(told).encode()[:_REPORT_BYTES])
        return _REFUSED
    except MemoryError:
        return _NO_MEMORY
    except Exception:  # noqa: BLE001 - a traceback could hold values, so none is written
        return _CRASHED
    return 0


def _refuse(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN_EVENTS):
        raise PermissionError(event)
