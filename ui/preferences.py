"""What the desk remembers outside the vault: language, theme, zoom, idle minutes and, by choice, where the vault is.

Nothing about what is inside, no recent files, no window titles, no history. One small JSON file; a damaged or missing
one means the defaults. It is written only when something was changed by a person.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

import platformdirs

from kzdoc.errors import KzdocError
from kzdoc.language import LANGUAGES
from kzdoc.platform.files import replace_durably

MAX_BYTES = 16_384
MAX_IDLE_MINUTES = 60


@dataclass(frozen=True, slots=True)
class Preferences:
    """The remembered choices; ``vault`` is "" unless the person asked to remember the place."""

    lang: str = "ru"
    theme: Literal["system", "light", "dark"] = "system"
    zoom: float = 1.0
    idle_minutes: int = 5
    role: Literal["monitor", "lawyer", "coordinator"] = "coordinator"
    vault: str = ""


def preferences_path() -> Path:
    """Return where the file lies for this user."""
    return Path(platformdirs.user_config_dir("kzdoc", appauthor=False)) / "desk.json"


def default_vault() -> Path:
    """Return where a vault is made unless the person chooses another place."""
    return Path(platformdirs.user_data_dir("kzdoc", appauthor=False)) / "vault"


def read_preferences(path: Path) -> Preferences:
    """Return the remembered choices; whatever is missing, unknown or out of range is the default."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return Preferences()
        untrusted = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Preferences()
    if not isinstance(untrusted, dict):
        return Preferences()
    chosen = Preferences()
    for field in fields(Preferences):
        if _fits(field.name, untrusted.get(field.name)):
            chosen = replace(chosen, **{field.name: untrusted[field.name]})
    return chosen


def write_preferences(path: Path, chosen: Preferences) -> bool:
    """Write the file; return False when the place does not let us (the desk then simply does not remember)."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_durably(path, json.dumps(asdict(chosen), indent=1, sort_keys=True).encode())
    except (OSError, KzdocError):
        return False
    return True


def _fits(name: str, value: Any) -> bool:
    checks = {
        "lang": lambda: value in LANGUAGES,
        "theme": lambda: value in ("system", "light", "dark"),
        "zoom": lambda: isinstance(value, int | float) and 0.5 <= value <= 3,  # noqa: PLR2004 - the theme takes the nearest step
        "idle_minutes": lambda: type(value) is int and 1 <= value <= MAX_IDLE_MINUTES,
        "role": lambda: value in ("monitor", "lawyer", "coordinator"),
        "vault": lambda: isinstance(value, str),
    }
    return checks[name]()
