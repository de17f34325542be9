"""The program's entry: the supervisor, hardened, without keys.

``kzdoc [VAULT]``. A packaged program starts itself anew for its other parts; ``child_main`` takes those calls first.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kzdoc.errors import KzdocError
from kzdoc.language import catalogue
from kzdoc.platform.hardening import check_qt_platform, harden_process
from kzdoc.platform.sandbox import child_main, own_command
from ui.preferences import preferences_path, read_preferences
from ui.supervisor import Parts, Supervisor

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the desk until the person quits; return the exit status."""
    words = list(sys.argv if argv is None else argv)
    status = child_main(words)
    if status is not None:
        return status
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


if __name__ == "__main__":
    sys.exit(main())
