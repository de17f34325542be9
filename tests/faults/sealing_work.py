"""What is recorded of sealing: one testimony of ``FOLDER/vault``, run as ``python -m tests.faults.sealing_work``.

The key of the vault comes on the standard input, the record's id as an argument.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kzdoc import sealing
from kzdoc.session import open_session_with_key
from tests.faults.work import say
from tests.offices import NAMES


def seal(folder: Path) -> None:
    """Seal the record for both headquarters, then close."""
    session = open_session_with_key(folder / "vault", bytearray.fromhex(sys.stdin.readline()))
    told = sealing.seal(session, [bytes.fromhex(sys.argv[3])], NAMES[1:], leave_texts=False)
    say(sealed=told["sealing"])
    session.close()
    say(done="close")


if __name__ == "__main__":
    seal(Path(sys.argv[1]))
