"""The whole program with a hand inside each window: supervisor, unlock and desk are the real ones, in their processes.

    python -m tests.leaks.sitting CONTROL VAULT

CONTROL is a folder of the test: ``plan.json`` (a list of sittings, each a list of steps of tests/leaks/hands.py) and
``passphrase``. Only the hand at the unlock window reads the passphrase, only the hand at the desk knows canaries; this
process, the supervisor, learns neither. Each sitting leaves an empty file ``sitting-N``; after the last one the
unlock window stays until a file ``close`` appears.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kzdoc.platform.hardening import harden_process
from ui.supervisor import Parts, Supervisor

KEPT: list[str] = []
"""What a twin keeps."""


def main() -> int:
    harden_process()
    control, vault = sys.argv[1:3]
    if (Path(control) / "twin").exists():  # the rule broken: the supervisor learns the passphrase
        KEPT.append((Path(control) / "passphrase").read_text(encoding="utf-8"))
    hands = (sys.executable, "-m", "tests.leaks.hands")
    parts = Parts(unlock=(*hands, "unlock", control), desk=(*hands, "desk", control))
    return Supervisor(parts, vault=vault).run()


if __name__ == "__main__":
    sys.exit(main())
