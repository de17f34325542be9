"""Power cuts without a power cut: what a program did to its files is recorded, and every state it may leave is built.

``record`` runs a Python module under strace and returns its file operations below one folder in order, with the lines
it acknowledged (written to its standard output) in between. ``states`` walks through them and builds, for every place
where the power may fail, the folder as it may then be found:

- what was flushed (fsync of the file; of the folder for names) is there;
- of what was not, nothing (``lost``), all (``applied``), or any part (``torn``): every write on its own is there, is
  not, or is there in some of its sectors of 512 or 4,096 bytes; names change in their order but may stop anywhere.

A file's name counts as flushed only by a flush of its folder, also for a new file: stricter than ext4 or NTFS are. What
is not modelled: a medium that lies about flushes, and one that spoils what it is not writing.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
CALLS = (
    "openat,creat,write,pwrite64,writev,pwritev,lseek,ftruncate,truncate,fallocate,fsync,fdatasync,rename,renameat,"
    "renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,rmdir,sendfile,copy_file_range"
)
TORN = 3
"""Random states of each moment, besides ``lost`` and ``applied``."""

_CALL = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+|\?)")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_OPENED = re.compile(r"^(-?\w+)<((?:\\x[0-9a-f]{2})*)>")


@dataclass(frozen=True, slots=True)
class Step:
    """One operation: its kind, the path below the recorded folder, and what else it takes."""

    kind: str
    path: str = ""
    other: str = ""
    at: int = 0
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class State:
    """A folder as a power cut may leave it: contents by path (None for a folder), what was acknowledged before."""

    files: dict[str, bytes | None]
    acknowledged: tuple[str, ...]
    name: str

    def write(self, folder: Path) -> Path:
        """Put it on a disk, in the place of what was there, and return the folder."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for path, content in sorted(self.files.items()):
            if content is None:
                (folder / path).mkdir(exist_ok=True)
            else:
                (folder / path).write_bytes(content)
        return folder


def record(folder: Path, module: str, *arguments: str, given: str = "") -> list[Step]:
    """Run ``python -m module folder arguments`` and return what it did below ``folder``; ``given`` is its input."""
    trace = folder.parent / f"{folder.name}.trace"
    program = [sys.executable, "-m", module, str(folder), *arguments]
    spy = ["strace", "-f", "--seccomp-bpf", "-y", "-xx", "-s", str(2**26), "-e", f"trace={CALLS}", "-o", str(trace)]
    done = subprocess.run(
        [*spy, *program], cwd=ROOT, input=given.encode(), capture_output=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    steps = read_trace(trace, folder)
    trace.unlink()
    assert steps, "nothing was recorded"
    return steps


def read_trace(trace: Path, folder: Path) -> list[Step]:
    """Return the steps of a trace."""
    reader = _Reader(os.path.realpath(folder))
    waiting: dict[str, str] = {}
    with trace.open(encoding="ascii") as lines:
        for raw in lines:
            line = raw.rstrip("\n")
            number, _, rest = line.partition(" ")
            if rest.endswith("<unfinished ...>"):
                waiting[number] = line.removesuffix("<unfinished ...>")
                continue
            if rest.lstrip().startswith("<..."):
                line = waiting.pop(number) + line.split("resumed>", 1)[1]
            reader.read(line)
    return reader.steps


class _Reader:
    """Turns lines of strace into steps; keeps where each open file stands."""

    def __init__(self, root: str) -> None:
        self.steps: list[Step] = []
        self._root = root
        self._at: dict[str, int] = {}
        self._first = ""

    def read(self, line: str) -> None:
        match = _CALL.match(line)
        if match is None or match[4].startswith("-") or match[4] == "?":
            return
        call, arguments, result = match[2], match[3], int(match[4])
        self._first = self._first or match[1]
        if match[1] == self._first and call == "writev" and arguments.startswith("1<"):
            self._say(arguments)
        if call in ("openat", "creat"):
            self._open(arguments)
        elif call in ("write", "pwrite64", "lseek", "ftruncate", "fsync", "fdatasync", "fallocate"):
            self._on_open_file(call, arguments, result)
        else:
            paths = [self._below(_text(one)) for one in _STRING.findall(arguments)]
            if any(paths):
                self._on_names(call, paths, arguments)

    def _say(self, arguments: str) -> None:
        said = _STRING.search(arguments)
        self.steps += [Step("said", line) for line in (_bytes(said[1]).decode().splitlines() if said else ())]

    def _open(self, arguments: str) -> None:
        name = _STRING.search(arguments)
        path = self._below(_text(name[1])) if name else ""
        if not path:
            return
        self._at[path] = -1 if "O_APPEND" in arguments else 0
        if "O_CREAT" in arguments:
            self.steps.append(Step("make", path))
        if "O_TRUNC" in arguments:
            self.steps.append(Step("cut", path, at=0))

    def _on_open_file(self, call: str, arguments: str, result: int) -> None:
        opened = _OPENED.match(arguments)
        path = self._below(_text(opened[2])) if opened else ""
        if not path and not (opened and _text(opened[2]) == self._root):
            return
        last = arguments.rsplit(", ", 1)[-1]
        if call == "lseek":
            self._at[path] = result
        elif call in ("fsync", "fdatasync"):
            self.steps.append(Step("sync", path))
        elif call == "ftruncate":
            self.steps.append(Step("cut", path, at=int(last)))
        elif call in ("write", "pwrite64"):
            said = _STRING.search(arguments)
            data = _bytes(said[1])[:result] if said else b""
            at = int(last) if call == "pwrite64" else self._at[path]
            assert at >= 0, "appending is not modelled"
            self.steps.append(Step("write", path, at=at, data=data))
            if call == "write":
                self._at[path] = at + result
        else:
            raise AssertionError(f"{call} is not modelled")

    def _on_names(self, call: str, paths: list[str], arguments: str) -> None:
        if call.startswith("rename"):
            self.steps.append(Step("rename", paths[0], paths[1]))
        elif call.startswith("link"):
            self.steps.append(Step("link", paths[0], paths[1]))
        elif call.startswith("mkdir"):
            self.steps.append(Step("folder", paths[0]))
        elif call.startswith("unlink") or call == "rmdir":
            where = _OPENED.match(arguments)  # unlinkat(folder<path>, "name")
            path = paths[0]
            if where and not _text(_STRING.findall(arguments)[0]).startswith("/"):
                path = self._below(_text(where[2]) + "/" + _text(_STRING.findall(arguments)[0]))
            self.steps.append(Step("remove", path))
        else:
            raise AssertionError(f"{call} is not modelled")

    def _below(self, path: str) -> str:
        """Return the path below the recorded folder, empty when it is not below it."""
        return path[len(self._root) + 1 :] if path.startswith(self._root + "/") else ""


@dataclass
class _Disk:
    """What is on the medium for certain, and what is on its way there."""

    names: dict[str, int | None] = field(default_factory=dict)
    contents: dict[int, bytearray] = field(default_factory=dict)
    waiting: list[tuple[str, Step, int]] = field(default_factory=list)
    """(what it waits for: a folder or "#number" of a file, the step, the file's number)"""
    now: dict[str, int | None] = field(default_factory=dict)
    count: int = 0

    def take(self, step: Step) -> None:
        """Let the program do a step."""
        if step.kind == "sync":
            self._sync(step.path)
        elif step.kind in ("write", "cut"):
            number = self.now[step.path]
            assert number is not None
            self.waiting.append((f"#{number}", step, number))
        elif step.kind == "make" and step.path in self.now:
            pass
        elif step.kind != "said":
            number = self.now.get(step.path)
            if step.kind == "make":
                self.count += 1
                number = self.count
                self.contents[number] = bytearray()
            self.waiting.append((_parent(step.other or step.path), step, number or 0))
            _rename(self.now, step, number or 0)

    def _sync(self, path: str) -> None:
        flushed = path if self.now.get(path, None) is None else f"#{self.now[path]}"
        for _, step, number in [one for one in self.waiting if one[0] == flushed]:
            if step.kind in ("write", "cut"):
                _change(self.contents[number], step, None)
            else:
                _rename(self.names, step, number)
        self.waiting = [one for one in self.waiting if one[0] != flushed]

    def found(self, chance: random.Random | None, *, applied: bool = False) -> dict[str, bytes | None]:
        """Return the folder after a cut: nothing of what waits, all of it, or (with ``chance``) any part."""
        names = dict(self.names)
        contents = dict(self.contents)
        changed: set[int] = set()
        stops = {where: chance.randint(0, 30) for where, _, _ in self.waiting} if chance else {}
        share = chance.choice((0.1, 0.5, 0.9)) if chance else 1.0
        for where, step, number in self.waiting if applied or chance else ():
            if step.kind in ("write", "cut"):
                if number not in changed:
                    changed.add(number)
                    contents[number] = bytearray(contents[number])
                if chance is None or chance.random() < share:
                    _change(contents[number], step, chance)
            elif chance is None or stops[where] > 0:
                stops[where] = stops.get(where, 0) - 1
                _rename(names, step, number)
        there = {path: None if number is None else bytes(contents[number]) for path, number in names.items()}
        return {path: content for path, content in there.items() if _reachable(path, there)}


def states(before: dict[str, bytes | None], steps: Sequence[Step], *, seed: int, torn: int = TORN) -> Iterator[State]:
    """Yield every different state that a power cut after any of the steps may leave."""
    disk = _Disk()
    for path, content in before.items():
        if content is None:
            disk.names[path] = disk.now[path] = None
        else:
            disk.count += 1
            disk.names[path] = disk.now[path] = disk.count
            disk.contents[disk.count] = bytearray(content)
    chance = random.Random(seed)
    said: list[str] = []
    seen: set[int] = set()
    for number, step in enumerate([Step("said", ""), *steps]):
        disk.take(step)
        if step.kind == "said" and step.path:
            said.append(step.path)
        kinds: list[tuple[str, dict[str, bytes | None]]] = [
            ("lost", disk.found(None)),
            ("applied", disk.found(None, applied=True)),
        ]
        if disk.waiting:
            kinds += [(f"torn-{turn}", disk.found(chance)) for turn in range(torn)]
        for kind, files in kinds:
            mark = hash((frozenset(files.items()), len(said)))
            if mark not in seen:
                seen.add(mark)
                yield State(files, tuple(said), f"{number}-{step.kind}-{kind}")


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Return what is below a folder."""
    return {str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")}


def _change(content: bytearray, step: Step, chance: random.Random | None) -> None:
    if step.kind == "cut":
        del content[step.at :]
        content.extend(bytes(step.at - len(content)))
        return
    sector = chance.choice((512, 4096)) if chance else 0
    whole = chance is None or chance.random() < 0.5
    start = step.at
    end = step.at + len(step.data)
    while start < end:
        stop = end if whole else min(end, (start // sector + 1) * sector)
        if whole or (chance and chance.random() < 0.5):
            if len(content) < start:
                content.extend(bytes(start - len(content)))
            content[start:stop] = step.data[start - step.at : stop - step.at]
        start = stop


def _rename(names: dict[str, int | None], step: Step, number: int) -> None:
    """Let a change of names happen; one whose object is not there does nothing."""
    if step.kind == "make":
        names[step.path] = number
    elif step.kind == "folder":
        names[step.path] = None
    elif step.kind == "remove":
        names.pop(step.path, None)
    elif step.kind == "link" and step.path in names:
        names[step.other] = names[step.path]
    elif step.path in names:
        for path in [one for one in names if one == step.path or one.startswith(step.path + "/")]:
            names[step.other + path[len(step.path) :]] = names.pop(path)


def _reachable(path: str, there: dict[str, bytes | None]) -> bool:
    parent = _parent(path)
    return not parent or (parent in there and there[parent] is None and _reachable(parent, there))


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def _text(escaped: str) -> str:
    return os.fsdecode(_bytes(escaped))
