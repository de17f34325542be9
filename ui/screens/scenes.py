"""Scenes of the rooms of exchange, publishing and keys for the pictures. All people in them are invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kzdoc.language import Text
from ui.gallery import Scene
from ui.main_window import MainWindow
from ui.rooms import ROOMS
from ui.screens.merge import Bundle, MergeRoom
from ui.screens.merge_reading import OpenConflict, Said
from ui.screens.merge_send import SendRoom

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.room import Room
    from ui.surroundings import Surroundings

SENDER = "Монитор «Алматы-2»"
_NOON = 1_795_000_000
_DIGITS = "48213 90577 11846 63020 75391 28864 50417 39902"
_WORDS = {
    "en": "anchor lemon window basket river copper candle orchard pencil blanket harbour saddle",
    "ru": "якорь лимон окно корзина река медь свеча сад карандаш одеяло гавань седло",
    "kk": "зәкір лимон терезе себет өзен мыс шам бақ қарындаш көрпе айлақ ер",
}
_LABEL = Text("Time of detention", "Время задержания", "Ұсталған уақыты")
_KIND = Text("Detention", "Задержание", "Ұстау")


def _room(name: str, arrange: Callable[[Any, str], None], role: str = "coordinator") -> Callable[[Surroundings], QWidget]:
    def build(desk: Surroundings) -> QWidget:
        window = MainWindow(desk, ROOMS, role=role)
        window.show_room(name)
        room: Room | None = window.current()
        arrange(room, desk.words.lang)
        return window

    return build


def _contact(state: str, lang: str) -> dict[str, str]:
    return {"name": SENDER, "claims": SENDER, "fingerprint": _DIGITS, "words": _WORDS[lang], "state": state}


def _seen(state: str, **more: Any) -> dict[str, Any]:
    counts = {"new": 14, "changed": 6, "conflicts": 3, "doubles": 2, "withheld": 1, "refused": []}
    told = {"sender": SENDER, "state": state, **counts, "already": False, "standing": "next", "volumes_missing": []}
    return told | more


def _conflicts(lang: str) -> list[OpenConflict]:
    sides = (
        Said("", own=True, state="", time="2026-11-17T14:32:00+05:00", value=_SIDES[0].to(lang), statement="a"),
        Said(SENDER, own=False, state="verified", time="2026-11-17T12:55:00+05:00", value="11:35", statement="b"),
    )
    one = OpenConflict(bytes(16), "time", _LABEL.to(lang), _KIND.to(lang), "Тестов Данияр", sides)
    return [one, one, one]


_SIDES = (Text("about 11:20", "около 11:20", "шамамен 11:20"),)


def _merge_empty(room: MergeRoom, lang: str) -> None:
    del lang
    waiting = [{"bundle": "00" * 32, "sender": "Мысалов Ғалым", "state": "unverified", "arrived": _NOON}]
    room.lay(Bundle(), taken={}, waiting=waiting, conflicts=[])


def _merge_unverified(room: MergeRoom, lang: str) -> None:
    room.lay(Bundle((), b"", _seen("unverified"), _contact("unverified", lang)), taken={}, waiting=[], conflicts=[])


def _merge_ready(room: MergeRoom, lang: str) -> None:
    room.lay(Bundle((), b"", _seen("verified"), _contact("verified", lang)), taken={}, waiting=[], conflicts=[])


def _merge_already(room: MergeRoom, lang: str) -> None:
    seen = _seen("verified", already=True)
    room.lay(Bundle((), b"", seen, _contact("verified", lang)), taken={}, waiting=[], conflicts=[])


def _merge_conflict(room: MergeRoom, lang: str) -> None:
    taken = _seen("verified", bundle="00" * 32, receipt="/media/usb/almaty-2.kzbundle.receipt")
    bundle = Bundle((), b"", _seen("verified"), _contact("verified", lang))
    room.lay(bundle, taken=taken, waiting=[], conflicts=_conflicts(lang))


def _send(room: SendRoom, lang: str) -> None:
    coordinator = _contact("verified", lang) | {"name": "Координатор, Алматы"}
    made = [
        {"bundle": "00", "made": _NOON, "audience": "internal", "to": [{"name": coordinator["name"], "receipted": 1}]},
        {"bundle": "01", "made": _NOON, "audience": "lawyer", "to": [{"name": "Үлгіқызы Әсем", "receipted": 0}]},
    ]
    room.show_partners([coordinator, _contact("unverified", lang) | {"name": "Үлгіқызы Әсем"}], made)
    room.chosen[coordinator["name"]].setChecked(True)
    room.show_counts({"records": 7, "statements": 63, "withheld": 4, "files_inside": 2})


ROOM_SCENES: tuple[Scene, ...] = (
    Scene("merge", _room("merge", _merge_conflict)),
    Scene("merge-empty", _room("merge", _merge_empty)),
    Scene("merge-unverified", _room("merge", _merge_unverified)),
    Scene("merge-ready", _room("merge", _merge_ready)),
    Scene("merge-already", _room("merge", _merge_already)),
    Scene("send", _room("send", _send, role="monitor")),
)
