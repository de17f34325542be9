"""Asking before a bundle is taken in or back: at a terminal, with an answer in a pipe, with nothing there."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from kzdoc.cli import frame
from kzdoc.cli.__main__ import parser, run
from kzdoc.cli.asking import ask
from kzdoc.cli.grammar import ordered
from kzdoc.errors import KzdocError
from tests.kzdoc.test_exchange import put, send
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.kzdoc.cli.conftest import Do
    from tests.offices import Office


class Terminal(io.StringIO):
    """Something typed at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def bundle(office: Office, tmp_path: Path) -> Path:
    """Return a bundle for the first monitor."""
    sender = office.open(NAMES[2])
    put(sender, name_kk="Тестов Данияр")
    return send(sender, tmp_path / "out.kzb", NAMES[0])[0]


def people(do: Do) -> int:
    return len(do("record", "list", "VAULT", "person", "--json").rows)


@pytest.mark.parametrize("answer", ["n\n", "жоқ\n", "нет", "\n", "later\n"])
def test_a_no_that_lies_there_is_heard_and_changes_nothing(do: Do, bundle: Path, answer: str) -> None:
    assert do("bundle", "take", "VAULT", str(bundle), stdin=answer).code == "work.declined"
    assert do("bundle", "take", "VAULT", str(bundle.parent), stdin=answer).code == "work.declined"
    assert people(do) == 0
    assert do("bundle", "take", "VAULT", str(bundle), "--yes", stdin=answer).status == 0, "--yes asks nobody"
    assert do("bundle", "take-back", "VAULT", str(bundle), stdin=answer).code == "work.declined"
    assert people(do) == 1


@pytest.mark.parametrize("answer", ["y\n", "ИӘ\n", "да", ""])
def test_a_yes_or_nothing_at_all_goes_on(do: Do, bundle: Path, answer: str) -> None:
    assert do("bundle", "take", "VAULT", str(bundle), stdin=answer).status == 0
    assert people(do) == 1
    assert do("bundle", "take-back", "VAULT", str(bundle), stdin=answer).status == 0
    assert people(do) == 0


@pytest.mark.parametrize(("lang", "said"), [("en", "not yes"), ("ru", "не «да»"), ("kk", "«иә» болған жоқ")])
@pytest.mark.parametrize("typed", ["n\n", ""])
def test_a_no_at_a_terminal_says_so(session: Session, bundle: Path, lang: str, said: str, typed: str) -> None:
    out, err = io.StringIO(), io.StringIO()
    args = parser().parse_args(ordered(["bundle", "take", "VAULT", str(bundle), "--ui-lang", lang]))
    assert run(frame.Call(args, out, err, Terminal(typed), held=session)) == 1
    question, told = err.getvalue().splitlines()
    assert NAMES[2] in question
    assert told.startswith("error: work.declined: ")
    assert said in told


def test_a_pipe_is_read_only_when_something_lies_in_it() -> None:
    args = parser().parse_args(["bundle", "take", "VAULT", "x"])
    for lying, agreed in (("n\n", False), ("y\n", True), (None, True)):
        read, write = os.pipe()
        with os.fdopen(read, encoding="utf-8") as stdin:
            call = frame.Call(args, io.StringIO(), io.StringIO(), stdin)
            if lying is not None:
                os.write(write, lying.encode())
            with contextlib.ExitStack() as after:
                after.callback(os.close, write)  # until then open, as with somebody who never writes
                after.enter_context(contextlib.nullcontext() if agreed else pytest.raises(KzdocError, match="declined"))
                ask(call, lambda: True)


def test_a_closed_pipe_and_the_null_device_say_nothing() -> None:
    code = (
        "import sys; from kzdoc.cli import frame; from kzdoc.cli.asking import ask; from kzdoc.cli.__main__ import"
        " parser; ask(frame.Call(parser().parse_args(['bundle', 'take', 'V', 'x']), sys.stdout, sys.stderr, sys.stdin),"
        " lambda: True); print('on')"
    )
    for given in ({"input": b""}, {"stdin": subprocess.DEVNULL}):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, **given)  # type: ignore[call-overload]
        assert done.stdout.strip() == b"on", done.stderr
