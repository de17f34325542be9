"""What a program and all its children did to files and sockets, recorded by strace and judged.

Recorded: every byte given to a write of any form, every file opened to write or made, every name given, every shared
writable mapping, every socket, every program started, and what each process did to harden itself. A byte goes to a
file only through one of these calls, so nothing depends on looking at a file before it is deleted. Pipes and UNIX
sockets are no files; what goes through them is not judged here.

strace and not a look at the folders afterwards: a temporary file lives for milliseconds.
"""

from __future__ import annotations

import codecs
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.leaks import canaries

ROOT = Path(__file__).resolve().parents[2]
MISSING = sys.platform != "linux" or shutil.which("strace") is None
_WRITES = frozenset(["write", "pwrite64", "writev", "pwritev", "pwritev2"])
_OPENS = ("open", "openat", "openat2", "creat")
_MOVES = ("rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat")
_FOLDERS = ("mkdir", "mkdirat", "mknod", "mknodat", "unlink", "unlinkat", "truncate")
_NAMES = frozenset([*_OPENS, *_MOVES, *_FOLDERS])
_UNSEEN = frozenset(["sendfile", "copy_file_range", "splice", "vmsplice", "tee", "io_uring_setup", "process_vm_writev"])
_XATTR = frozenset(["setxattr", "lsetxattr", "fsetxattr"])
_REST = frozenset(["mmap", "socket", "connect", "bind", "execve", "memfd_create", "prctl", "prlimit64", "setrlimit"])
_CALL = re.compile(rb"^(\w+)\((.*)\)\s+= (-?\d+|\?)(.*)$", re.DOTALL)
_STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_FD = re.compile(rb"^(\d+|AT_FDCWD)<((?:[^>\\]|\\.)*)>")
_MADE = re.compile(rb"O_CREAT|O_TMPFILE|O_WRONLY|O_RDWR|O_TRUNC|O_APPEND")
_GREATEST = str(1 << 26)


@dataclass
class Process:
    """One process or thread: the programs it became, and what it did about dumps."""

    programs: list[bytes] = field(default_factory=list)
    not_dumpable: bool = False
    no_core: bool = False
    signals: list[bytes] = field(default_factory=list)


@dataclass
class Trace:
    """Everything recorded; ``folder`` is where the program was started, and no process of ours leaves it."""

    folder: Path = Path("/")
    written: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    """The bytes written to each path, in the order of the threads' own records."""
    made: set[str] = field(default_factory=set)
    """Paths opened to write, made, renamed to or linked to."""
    names: bytearray = field(default_factory=bytearray)
    """All names and command lines that the kernel was told."""
    shared: set[str] = field(default_factory=set)
    """Files mapped shared and writable: what goes there goes through no call."""
    unseen: set[str] = field(default_factory=set)
    """Calls that move bytes into files without showing them."""
    sockets: set[str] = field(default_factory=set)
    """Address families of sockets that were made."""
    processes: dict[int, Process] = field(default_factory=lambda: defaultdict(Process))

    def hits(self, *, except_in: Iterable[str] = ()) -> dict[str, list[canaries.Hit]]:
        """Return the canaries in what was written, by path, and under ``names`` those in names."""
        allowed = [re.compile(pattern) for pattern in except_in]
        found = {
            path: hits
            for path, pieces in self.written.items()
            if not any(one.fullmatch(path) for one in allowed) and (hits := canaries.search_all(pieces))
        }
        named = canaries.search(self.names)
        return {**found, "names": named} if named else found

    def strangers(self, allowed: Iterable[str]) -> set[str]:
        """Return the paths that were written or made and that no pattern allows."""
        patterns = [re.compile(pattern) for pattern in allowed]
        return {path for path in self.made | set(self.written) if not any(one.fullmatch(path) for one in patterns)}

    def add(self, other: Trace) -> None:
        """Take another record in."""
        for path, pieces in other.written.items():
            self.written[path].extend(pieces)
        self.made |= other.made
        self.names += other.names
        self.shared |= other.shared
        self.unseen |= other.unseen
        self.sockets |= other.sockets
        self.processes.update(other.processes)

    def undumped(self, program: bytes) -> list[int]:
        """Return the processes of a program that did not take dumps away."""
        return [
            number
            for number, one in self.processes.items()
            if any(program in line for line in one.programs)
            and not (one.not_dumpable and one.no_core)
            and not any(b"killed by SIGKILL" in line for line in one.signals)  # ended before it was given anything
        ]


def command(log: Path, arguments: Sequence[str]) -> list[str]:
    """Return the command that runs ``arguments`` under strace, one record a thread beside ``log``."""
    calls = ",".join(sorted(_WRITES | _NAMES | _UNSEEN | _XATTR | _REST))
    return [
        "strace",
        "-ff",
        "-qq",
        "-y",
        "--seccomp-bpf",
        "-s",
        _GREATEST,
        "-e",
        f"trace={calls}",
        "-o",
        str(log),
        *arguments,
    ]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a throw-away home: nothing of the person who runs the tests is in it."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    (home / "tmp").mkdir(parents=True, exist_ok=True)
    own = {"HOME": str(home), "TMPDIR": str(home / "tmp"), "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    return {**kept, **own, "PYTHONDONTWRITEBYTECODE": "1", **more}


def run(
    arguments: Sequence[str],
    *,
    home: Path,
    stdin: bytes = b"",
    timeout: float = 300,
    env: Mapping[str, str] | None = None,
) -> tuple[subprocess.CompletedProcess[bytes], Trace]:
    """Run a program to its end and return it with what was recorded; the record itself is deleted."""
    log = home.parent / f"{home.name}.trace" / "t"
    log.parent.mkdir()
    done = subprocess.run(
        command(log, arguments),
        cwd=home,
        env=environment(home, **(env or {})),
        input=stdin,
        capture_output=True,
        check=False,
        timeout=timeout,
    )
    trace = read(log.parent, started_in=home)
    shutil.rmtree(log.parent)
    return done, trace


def read(folder: Path, *, started_in: Path) -> Trace:
    """Read the records of all threads."""
    trace = Trace(started_in)
    for file in sorted(folder.iterdir(), key=lambda path: (path.stat().st_mtime_ns, path.name)):
        process = trace.processes[int(file.suffix[1:])]
        with file.open("rb") as lines:
            for line in lines:
                _note(trace, process, line.rstrip(b"\n"))
    return trace


def _note(trace: Trace, process: Process, line: bytes) -> None:
    if line.startswith((b"---", b"+++")):
        process.signals.append(line)
        return
    call = _CALL.match(line)
    if call is None:
        return
    name, arguments, result = call[1].decode(), call[2], call[3]
    if name in _WRITES:
        _note_write(trace, arguments)
    elif name in _NAMES or name in _XATTR:
        _note_name(trace, name, arguments, failed=result.startswith(b"-"))
    elif name in _UNSEEN:
        trace.unseen.add(name)
    elif name == "mmap":
        _note_mapping(trace, arguments)
    elif name == "socket" and not result.startswith(b"-"):
        trace.sockets.add(arguments.split(b",")[0].decode())
    elif name == "memfd_create":
        trace.names += arguments + b"\n"
    else:
        _note_process(trace, process, name, arguments, done=result == b"0")


def _note_process(trace: Trace, process: Process, name: str, arguments: bytes, *, done: bool) -> None:
    if name == "execve" and done:
        words = b" ".join(map(_text, _STRING.findall(arguments)))
        process.programs.append(words)
        process.not_dumpable = False  # a program starts dumpable, whatever the one before it was
        trace.names += words + b"\n"
    elif name == "prctl" and arguments.startswith(b"PR_SET_DUMPABLE"):
        process.not_dumpable = done and b"SUID_DUMP_DISABLE" in arguments
    elif name in ("prlimit64", "setrlimit") and b"RLIMIT_CORE" in arguments and b"rlim_max=0}" in arguments:
        process.no_core = True


def _note_write(trace: Trace, arguments: bytes) -> None:
    target = _FD.match(arguments)
    if target is None or not target[2].startswith(b"/"):
        return
    path = _path(target[2])
    trace.written[path].extend(_text(found) for found in _STRING.findall(arguments, target.end()))


def _note_name(trace: Trace, name: str, arguments: bytes, *, failed: bool) -> None:
    strings = [_text(found) for found in _STRING.findall(arguments)]
    if not strings or (name.startswith("open") and not _MADE.search(arguments[arguments.rfind(b'"') :])):
        return  # a file that is only read has its name from somebody else
    trace.names += b"\n".join(strings) + b"\n"
    if failed or name in ("unlink", "unlinkat") or name in _XATTR:
        return
    base = _FD.match(arguments)
    folder = _path(base[2]) if base is not None else trace.folder
    trace.made.add(os.path.normpath(Path(folder) / os.fsdecode(strings[-1])))


def _note_mapping(trace: Trace, arguments: bytes) -> None:
    parts = arguments.split(b", ")
    if b"PROT_WRITE" in parts[2] and b"MAP_SHARED" in parts[3]:
        mapped = _FD.match(b", ".join(parts[4:]))
        if mapped is not None and mapped[2].startswith(b"/"):
            trace.shared.add(_path(mapped[2]))


def _text(quoted: bytes) -> bytes:
    return codecs.escape_decode(quoted)[0] if b"\\" in quoted else quoted  # type: ignore[return-value]


def _path(quoted: bytes) -> str:
    return os.fsdecode(_text(quoted)).removesuffix(" (deleted)")


def whole(pattern: str, home: Path) -> str:
    """Return a pattern for a path under ``home``."""
    return re.escape(str(home)) + "/" + pattern


NOWHERE = (r"/dev/null", r"/dev/tty", r"/proc/self/(uid_map|gid_map|setgroups)", r"/dev/shm/tmp[^/]*(/probe)?")  # noqa: S108 - a pattern
"""What may be opened to write wherever the program runs; the probe is an empty table under a random key."""
