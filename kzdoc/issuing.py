"""The files of a paper that leaves: their names, and that all of them appear or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kzdoc.errors import InputError
from kzdoc.limits import LIMITS
from kzdoc.platform.files import file_errors, read_given, replace_durably
from kzdoc.resources import verifier

VERIFIER = "verify_pack.py"
"""The program in one file that checks a pack without kzdoc."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to go beside a paper: a pack, the verifier of packs, a report of what is withheld."""

    pack: bool
    redaction: bool
    verifier: bool


@dataclass(frozen=True, slots=True)
class Named:
    """The names of a paper and of what may go with it."""

    paper: Path
    sig: Path
    pack: Path
    redaction: Path
    verifier: Path

    @classmethod
    def beside(cls, out: Path) -> Named:
        """Return the names of a paper and of what goes beside it."""
        sig, pack, redaction = (out.with_name(out.name + end) for end in (".sig", ".pack", ".redaction"))
        return cls(out, sig, pack, redaction, out.parent / VERIFIER)

    def must_be_new(self, *more: Path) -> None:
        """Raise ``InputError("file.exists")``: nothing is ever overwritten."""
        if any(file.exists() for file in (self.paper, self.sig, self.pack, self.redaction, *more)):
            raise InputError("file.exists")

    def told(self, files: Sequence[tuple[Path, bytes]]) -> dict[str, str | None]:
        """Return what was written in the JSON of `report make`."""
        made = {file for file, data in files if data or file == self.verifier}
        names = {"file": self.paper, "signature": self.sig, "pack": self.pack, "redaction": self.redaction}
        return {
            name: str(file) if file in made else None for name, file in {**names, "verifier": self.verifier}.items()
        }


def verifier_for(file: Path) -> bytes:
    """Return the verifier to be written, nothing when it stands there already; ``InputError("file.exists")``."""
    own = read_given(verifier(), limit=LIMITS.head_file)
    if not file.exists():
        return own
    if read_given(file, limit=LIMITS.head_file) != own:
        raise InputError("file.exists")
    return b""


def write_together(files: Sequence[tuple[Path, bytes]]) -> None:
    """Write files in this order, the empty ones not at all; when one of them fails none is left."""
    given = [(file, data) for file, data in files if data]
    try:
        for file, data in given:
            replace_durably(file, data)
    except BaseException:
        with file_errors():
            for file, _ in given:
                file.unlink(missing_ok=True)
        raise
