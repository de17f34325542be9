"""Commands run in the test's own process on a vault that is open already: everything but the unlocking is real."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc.cli import frame
from kzdoc.cli.__main__ import parser, run
from kzdoc.cli.grammar import UsageError, ordered

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office


@dataclass(frozen=True)
class Answer:
    """What a command printed and its exit status."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def rows(self) -> list[Any]:
        """The JSON object of each line on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def code(self) -> str:
        """The code of the one line on stderr."""
        head, code, _ = self.err.split(": ", 2)
        assert head == "error"
        assert self.err.count("\n") == 1
        assert not self.out
        return code


Do = Callable[..., Answer]


def call(session: Session | None, *words: str, stdin: str = "") -> Answer:
    """Run a command; ``VAULT`` among its words stands for the open vault."""
    out, err = io.StringIO(), io.StringIO()
    try:
        args = parser().parse_args(ordered(words))
    except UsageError as error:
        return Answer(2, "", f"error: usage: {error.sentence(frame.language_of(words))}\n")
    status = run(frame.Call(args, out, err, io.StringIO(stdin), held=session))
    return Answer(status, out.getvalue(), err.getvalue())


@pytest.fixture
def session(office: Office) -> Session:
    """Return the first monitor's open vault."""
    return office.open()


@pytest.fixture
def do(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Do:
    """Return a function that runs a command on the first monitor's vault, in the test's folder, in English."""
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return lambda *words, stdin="": call(session, *words, stdin=stdin)
