"""In which order the files of an exchange folder are opened: a flood of new ones keeps nobody's from being read.

Rules: so many that are not known yet are opened in a round. Whichever have waited longest come first, as long as they
lie there unchanged; among those that waited as long, and among new ones, chance decides, and no name does. So whoever
fills a folder delays what came before by nothing, and what comes after by as many rounds as his files take.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from kzdoc.encoding import decode, encode
from kzdoc.exchange.folder_files import Lying
from kzdoc.exchange.folder_memory import key_of, name_of, raw_name
from kzdoc.session import Session

_LEFT = "folder-left:"


def in_turn(session: Session, folder: Path, files: Iterable[Lying]) -> list[Lying]:
    """Return the files in the order in which they are looked at."""
    waited, salt = _left(session, folder), session.randomness(16)
    drawn = {one: hashlib.sha256(salt + raw_name(one.name)).digest() for one in files}
    return sorted(drawn, key=lambda one: (-waited.get(one, 0), drawn[one]))


def remember_left(session: Session, folder: Path, files: Sequence[Lying]) -> None:
    """Remember which files were not opened in this round; what is not among them waits no more."""
    before = _left(session, folder)
    if files:
        rows = [[raw_name(one.name), *one[1:], before.get(one, 0) + 1] for one in sorted(files)]
        session.vault.settings.put(_LEFT + key_of(folder), encode(rows))
    elif before:
        session.vault.settings.drop(_LEFT + key_of(folder))


def _left(session: Session, folder: Path) -> dict[Lying, int]:
    """Return for how many rounds files have waited."""
    kept = session.vault.settings.get(_LEFT + key_of(folder))
    return {Lying(name_of(row[0]), *row[1:4]): row[4] for row in decode(kept)} if kept else {}
