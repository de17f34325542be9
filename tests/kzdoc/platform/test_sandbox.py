"""Bounded children: what goes through, what stops them, and what they cannot reach."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import threading
import time
from typing import IO

import pytest

from kzdoc.errors import BundleError, Cancelled, KzdocError
from kzdoc.platform import sandbox
from kzdoc.platform.fences import MEMORY, fences
from kzdoc.progress import silent

MODULE = "kzdoc.platform.fences"


def deed(word: str, source: IO[bytes] | None = None, target: IO[bytes] | None = None, **bounds: int) -> None:
    wanted = {"memory": MEMORY, "cpu_seconds": 10, "output_bytes": 2**30, **bounds}
    stdin, stdout = source or io.BytesIO(), target or io.BytesIO()
    sandbox.run_limited(MODULE, [word], stdin=stdin, stdout=stdout, progress=silent, **wanted)  # type: ignore[arg-type]


class Endless(io.RawIOBase):
    """A source of that many bytes that was never in memory as a whole."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        piece = bytes(min(size, self.left))
        self.left -= len(piece)
        return piece


class Digest(io.RawIOBase):
    """A target that keeps a digest and a size only."""

    def __init__(self) -> None:
        self.sum, self.size = hashlib.sha256(), 0

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        self.sum.update(piece)
        self.size += len(piece)
        return len(piece)


def test_bytes_go_through_unchanged() -> None:
    target = io.BytesIO()
    deed("copy", io.BytesIO(b"\x00\xff" * 100_000), target)
    assert target.getvalue() == b"\x00\xff" * 100_000


def test_far_more_than_its_memory_streams_through() -> None:
    target = Digest()
    deed("copy", Endless(3 * MEMORY), target)  # type: ignore[arg-type]
    assert target.size == 3 * MEMORY


@pytest.mark.parametrize(
    ("word", "bounds", "code"),
    [
        ("eat-memory", {}, "sandbox.limit"),
        ("spin", {"cpu_seconds": 1}, "sandbox.limit"),
        ("crash", {}, "sandbox.failed"),
        ("no-such-deed", {}, "sandbox.failed"),
    ],
)
def test_a_child_that_meets_a_bound_or_fails_is_named(word: str, bounds: dict[str, int], code: str) -> None:
    with pytest.raises(KzdocError) as refused:
        deed(word, **bounds)
    assert refused.value.code == code


def test_too_much_output_is_refused() -> None:
    with pytest.raises(KzdocError) as refused:
        deed("copy", Endless(2**24), Digest(), output_bytes=2**23)  # type: ignore[arg-type]
    assert refused.value.code == "sandbox.limit"


def test_a_typed_refusal_comes_through_with_its_type_and_parameters() -> None:
    with pytest.raises(BundleError) as refused:
        deed("refuse")
    assert refused.value.params == {"line": 7, "field": "name_ru"}


def test_a_child_cannot_pass_a_value_off_as_a_parameter() -> None:
    with pytest.raises(KzdocError) as refused:
        deed("tell-value")
    assert (refused.value.code, list(refused.value.params)) == ("sandbox.failed", ["status"])


def test_cancelling_ends_the_child_at_once() -> None:
    def cancel(step: str, done: int, total: int) -> None:
        raise Cancelled

    waiting = threading.Event()

    class Silent(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            waiting.wait(0.5)
            return b""

    began = time.monotonic()
    with pytest.raises(Cancelled):
        sandbox.run_limited(
            MODULE,
            ["wait"],
            stdin=Silent(),  # type: ignore[arg-type]
            stdout=io.BytesIO(),
            memory=MEMORY,
            cpu_seconds=10,
            progress=cancel,
            output_bytes=1,
        )
    assert time.monotonic() - began < 60, "the child alone would wait for ever"


def test_a_source_that_fails_is_the_error_that_is_told() -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise KzdocError("platform.disk-error")

    with pytest.raises(KzdocError) as refused:
        deed("copy", Broken())  # type: ignore[arg-type]
    assert refused.value.code == "platform.disk-error"


def test_two_children_can_stand_in_a_row() -> None:
    with sandbox.start_limited(MODULE, ["copy"], memory=MEMORY, cpu_seconds=5) as first:
        assert first.stdin is not None
        assert first.stdout is not None
        with sandbox.start_limited(MODULE, ["copy"], memory=MEMORY, cpu_seconds=5, stdin=first.stdout) as second:
            first.stdout.close()
            first.stdin.write(b"through both")
            first.stdin.close()
            assert second.stdout is not None
            assert second.stdout.read() == b"through both"
            first.finish()
            second.finish()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the walls; docs/windows.md")
def test_code_that_took_over_reaches_no_network_no_file_and_no_program() -> None:
    assert fences() == {"network": False, "files": False, "program": False}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the walls")
def test_outside_a_child_the_same_attempts_succeed() -> None:
    """The twin: the attempts are real ones."""
    script = "from kzdoc.platform.posix import hostile_attempts as h; print({n: a() for n, a in h().items()})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    reached = eval(done.stdout)  # noqa: S307 - our own line
    assert reached["files"]
    assert reached["program"]


def test_python_itself_refuses_sockets_and_programs_in_a_child() -> None:
    for event in ("socket.__new__", "subprocess.Popen", "os.exec", "os.fork", "os.posix_spawn"):
        with pytest.raises(PermissionError):
            sandbox._refuse(event, ())
    sandbox._refuse("open", ())


@pytest.mark.parametrize("module", ["os", "subprocess", "kzdoc", "kzdoc..x", "kzdoc.platform/../x", "KZDOC.x"])
def test_only_modules_of_ours_are_run(module: str) -> None:
    assert sandbox.child_main(["kzdoc", sandbox.CHILD, module, "1,1,1,1"]) == 64
    assert sandbox.child_main(["kzdoc", sandbox.MODULE, module]) == 64


def test_an_ordinary_command_line_is_not_a_child() -> None:
    assert sandbox.child_main(["kzdoc"]) is None
    assert sandbox.child_main(["kzdoc", "--version"]) is None
    assert sandbox.child_main(["kzdoc", "--kzdoc-child"]) == 64


def test_a_packaged_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert sandbox.own_command("kzdoc.x", "a") == [sys.executable, sandbox.MODULE, "kzdoc.x", "a"]


def test_what_a_child_is_given_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_PRELOAD", "nothing.so")
    monkeypatch.setenv("KZDOC_SECRET", "x")
    target = io.BytesIO()
    deed("copy", io.BytesIO(b"1"), target)
    assert target.getvalue() == b"1"


@pytest.mark.skipif(sys.platform != "linux", reason="looks at Linux's walls one by one")
@pytest.mark.parametrize("missing", ["", "p._leave_network = lambda: ['network']; p._empty_root = list;"])
def test_without_namespaces_the_ban_on_descriptors_holds_alone(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unprivileged user on a kernel without user namespaces, played by leaving those steps out."""
    change = "import kzdoc.platform.posix as p; " + missing
    monkeypatch.setattr(sandbox, "_BOOT", sandbox._BOOT.replace("from kzdoc", f"{change} from kzdoc"))
    assert fences() == {"network": False, "files": False, "program": False}


@pytest.mark.skipif(sys.platform != "linux", reason="looks at Linux's walls one by one")
def test_a_child_without_any_wall_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: with every step left out the same question says that files are reached."""
    change = "import kzdoc.platform.posix as p; p._leave_network = list; p.close_world = lambda open_files: [];"
    monkeypatch.setattr(sandbox, "_BOOT", sandbox._BOOT.replace("from kzdoc", f"{change} from kzdoc"))
    assert fences()["files"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the walls")
def test_the_walls_stand_also_around_the_child_of_a_hardened_process() -> None:
    script = (
        "from kzdoc.platform.hardening import harden_process; harden_process()\n"
        "from kzdoc.platform.fences import fences; print(sorted(fences().values()))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[False, False, False]\n"
