"""Asking before something is done: at a terminal always, elsewhere when an answer lies on stdin.

Rules: anything but a yes is a no, and says so. Without a terminal nobody is asked; an answer that lies there already is
heard all the same, and where none does, the command goes on. Nothing waits for an answer that may never come.
"""

from __future__ import annotations

import io
import os
import selectors
import stat
from collections.abc import Callable
from typing import TextIO

from kzdoc.cli.frame import Call
from kzdoc.errors import KzdocError

YES = ("y", "yes", "да", "д", "иә", "и")
"""What people answer to go on."""
WAITED = 0.2
"""Seconds in which an answer that is being written into a pipe arrives."""


def ask(call: Call, question: Callable[[], bool]) -> None:
    """Ask whether to go on; ``question`` says what would be done, and returns whether there is anything to ask.

    Raises ``KzdocError("work.declined")`` when the answer is not yes.
    """
    if call.args.yes or call.batch:
        return
    if call.stdin.isatty():
        if not question():
            return
        answer = call.stdin.readline() or "\n"
    else:
        answer = _lying(call.stdin)
    if answer and answer.strip().lower() not in YES:
        raise KzdocError("work.declined")


def _lying(stdin: TextIO) -> str:
    """Return the line that lies on a stdin which is no terminal, "" when none does."""
    try:
        kind = os.fstat(stdin.fileno()).st_mode
    except (OSError, io.UnsupportedOperation):  # no file of the system: it has what it has
        return stdin.readline()
    if stat.S_ISREG(kind):
        return stdin.readline()
    if stat.S_ISCHR(kind):  # the place where nothing comes from
        return ""
    with selectors.DefaultSelector() as waiting:
        try:
            waiting.register(stdin, selectors.EVENT_READ)
            return stdin.readline() if waiting.select(WAITED) else ""
        except (OSError, ValueError):  # this system cannot wait for a pipe, only read it
            return stdin.readline()
