"""Where the files of resources/ lie, in a checkout and in a packaged program alike."""

from __future__ import annotations

import sys
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parent.parent


def resource(*parts: str) -> Path:
    """Return the path of a file or folder below resources/."""
    base = Path(getattr(sys, "_MEIPASS", _CHECKOUT))
    return base.joinpath("resources", *parts)


def verifier() -> Path:
    """Return the path of the program in one file that checks packs; a packaged program has it beside itself."""
    packaged = getattr(sys, "_MEIPASS", None)
    return Path(packaged, "verify_pack.py") if packaged else _CHECKOUT / "packaging" / "verify_pack.py"
