"""Scenes of the office in People and keys: a next roster, one that came, handing over, taking over. All invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QScrollArea

from ui.gallery import Scene
from ui.screens.keys_office import OfficeTold

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.screens.keys import KeysRoom
    from ui.surroundings import Surroundings

Build = Callable[["Surroundings"], "QWidget"]
RoomOf = Callable[[str, Callable[[Any, str], None]], Build]

_OWN, _SECOND, _THIRD, _MONITOR = "Координатор, Алматы", "Үлгіқызы Әсем", "Мысалов Ғалым", "Монитор «Алматы-2»"
_ROSTER = {
    "version": 3,
    "offered": None,
    "office": "00" * 16,
    "day": "2026-11-17",
    "coordinators": sorted([_OWN, _SECOND, _THIRD]),
    "members": [{"name": _MONITOR, "rights": []}, {"name": "Өңірова Жұлдыз", "rights": ["replace", "settle"]}],
    "revoked": ["Образцов Марат"],
    "own": True,
    "signed": sorted([_OWN, _SECOND]),
    "needed": 2,
}
_CAME = _ROSTER | {
    "version": 4,
    "held": 3,
    "signed": [_SECOND],
    "joins": ["Сынақова Айгүл"],
    "goes": ["Өңірова Жұлдыз"],
    "changes": [_MONITOR],
    "revokes": ["Өңірова Жұлдыз"],
    "uncounted": 3,
    "conflicts": 1,
    "already": False,
    "can_take": False,
    "can_sign": True,
    "code": "roster.too-few",
    "params": {"signed": 1, "needed": 2},
}
_OLD = _CAME | {"version": 2, "can_sign": False, "code": "roster.older", "params": {"version": 2, "held": 3}}
_SUCCESSION = {
    "author": _MONITOR,
    "successor": _OWN,
    "day": "2026-11-17",
    "signed": [_MONITOR],
    "signatures": 1,
    "in_force": False,
    "already": False,
    "can_take": True,
    "can_sign": True,
}


def office_told() -> OfficeTold:
    """Return an invented office of three coordinators."""
    return OfficeTold(_ROSTER, ({"author": "Тестов Данияр", "successor": _MONITOR},), _OWN)


def _file(told: dict[str, Any], *, roster: bool) -> Callable[[KeysRoom, str], None]:
    return lambda room, _lang: room.office.show_file(b"", told, roster)


def _down(window: QWidget) -> None:
    for area in window.findChildren(QScrollArea):
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum() // 2)


def keys_scenes(room: RoomOf, base: Callable[[KeysRoom, str], None]) -> tuple[Scene, ...]:
    """Return the scenes; ``room`` builds a window at a room and arranges it, ``base`` fills People and keys."""

    def then(act: Callable[[KeysRoom, str], None]) -> Build:
        def arrange(keys: KeysRoom, lang: str) -> None:
            base(keys, lang)
            act(keys, lang)

        return room("keys", arrange)

    return (
        Scene("keys-again", then(lambda keys, _lang: keys.raid.trust_again("Мысалов Ғалым"))),
        Scene("keys-roster", then(lambda _room, _lang: None), _down),
        Scene("keys-roster-new", then(lambda keys, _lang: keys.office.new_roster())),
        Scene("keys-roster-came", then(_file(_CAME, roster=True))),
        Scene("keys-roster-old", then(_file(_OLD, roster=True))),
        Scene("keys-hand-over", then(lambda keys, _lang: keys.office.hand_over())),
        Scene("keys-taken-over", then(_file(_SUCCESSION, roster=False))),
    )
