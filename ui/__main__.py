"""The program's entry: the supervisor, hardened, without keys.

``kzdoc [--help] [--version] [VAULT]``.
A packaged program starts itself anew for its other parts; ``child_main`` takes those calls first.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kzdoc import __version__
from kzdoc.errors import KzdocError
from kzdoc.language import catalogue
from kzdoc.platform.hardening import check_qt_platform, harden_process
from kzdoc.platform.sandbox import child_main, own_command
from ui.preferences import preferences_path, read_preferences
from ui.supervisor import Parts, Supervisor

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE = """usage: kzdoc [--help] [--version] [VAULT]

Open the window; VAULT is the folder of a vault (without it, the one opened last).
"""
_MISUSED = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the desk until the person quits; return the exit status."""
    words = list(sys.argv if argv is None else argv)
    status = child_main(words)
    if status is not None:
        return status
    if any(word.startswith("-") for word in words[1:2]) or len(words) > 2:  # noqa: PLR2004 - the program and a vault
        return _answer(words[1:])
    harden_process()
    preferences = read_preferences(preferences_path())
    try:
        check_qt_platform(os.environ, words[1:])
        chosen = str(Path(words[1]).absolute()) if words[1:] else preferences.vault
        parts = Parts(unlock=tuple(own_command("ui.unlock")), desk=tuple(own_command("ui.desk")))
        return Supervisor(parts, vault=chosen).run()
    except KzdocError as error:
        sentence = catalogue("errors", preferences.lang).say(error.code, **error.params)
        sys.stderr.write(sentence + "\n")
        return 1


def _answer(words: Sequence[str]) -> int:
    """Answer words that are no vault's folder: help and version on standard output, anything else is refused."""
    known = {"--help": USAGE, "-h": USAGE, "--version": f"kzdoc {__version__}\n"}
    text = known.get(words[0]) if len(words) == 1 else None
    stream = sys.stderr if text is None else sys.stdout
    if stream is not None:  # None in a program without a console
        stream.write(text or USAGE)
    return _MISUSED if text is None else 0


if __name__ == "__main__":
    sys.exit(main())
