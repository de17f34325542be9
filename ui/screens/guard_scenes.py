"""Scenes of what guards a person at the table: the interview, the curtain, words for headquarters alone, forgetting.

Real vaults of invented people, as the Record room's scenes have them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt

from ui.gallery import Scene
from ui.main_window import MainWindow
from ui.screens.keys import KeysRoom
from ui.screens.record_scenes import meet_partners, on_vault, open_rich, settle, type_text
from ui.screens.scenes import ROOM_SCENES

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.screens.record import RecordRoom

CODE = "2580"
_TOLD = "Куә алаңда тұрғанын, көліктің нөмірін көргенін айтты."


def _asking(window: MainWindow, room: RecordRoom) -> None:
    del room
    window.desk.keys.command("sitting").run()
    window.sitting.end()


def _sitting(window: MainWindow, room: RecordRoom) -> None:
    _asking(window, room)
    settle(window)
    room.sitting.page.code.setText(CODE)
    room.sitting.page.act.click()
    settle(window)
    if room.form.body is not None:
        room.form.body.rows["text"].slot.fill(_TOLD)
        room.form.edited.emit()
        room.keep()


def _curtain(window: MainWindow, room: RecordRoom) -> None:
    _sitting(window, room)
    settle(window)
    window.sitting.draw()
    window.sitting.curtain.entry.setText("11")
    window.sitting.curtain.show_button.click()


def _curtain_plain(window: MainWindow, room: RecordRoom) -> None:
    open_rich(window, room)
    settle(window)
    window.sitting.draw()


def _off(window: MainWindow, room: RecordRoom) -> None:
    del window
    room.begin("testimony")


def _direct(window: MainWindow, room: RecordRoom) -> None:
    meet_partners(window, room)
    settle(window)
    room.begin("testimony")
    settle(window)
    room.direct.card.switch.click()
    settle(window)
    if room.form.body is not None:
        type_text(room.form.body.rows["taken_on"].slot.entry, "кеше")  # type: ignore[arg-type]
    room.keep()


def _practice(window: MainWindow, room: RecordRoom) -> None:
    open_rich(window, room)
    window.set_practice(True)


def _forget(window: MainWindow, room: RecordRoom) -> None:
    open_rich(window, room)
    settle(window)
    room.forgetting.ask()
    settle(window)
    dialog = room.forgetting.dialog
    if dialog is not None:
        size = dialog.size()
        dialog.setParent(window, Qt.WindowType.Widget)  # a picture is of one window
        window.rail.hide()
        room.hide()
        dialog.setAutoFillBackground(True)
        dialog.resize(size)
        dialog.move(QPoint((window.width() - size.width()) // 2, (window.height() - size.height()) // 2))
        dialog.show()
        dialog.raise_()


def _forget_fields(window: MainWindow, room: RecordRoom) -> None:
    _forget(window, room)
    dialog = room.forgetting.dialog
    if dialog is not None:
        dialog.whole.click()
        dialog.fields["narrative"].click()
        settle(window)
        dialog.area.verticalScrollBar().setValue(dialog.area.verticalScrollBar().maximum())


def _office(window: QWidget) -> None:
    room = window.current() if isinstance(window, MainWindow) else None
    if isinstance(room, KeysRoom):
        room.ways.office()


_KEYS = next(scene for scene in ROOM_SCENES if scene.name == "keys")

GUARD_SCENES: tuple[Scene, ...] = (
    replace(on_vault(_asking), name="sitting-ask"),
    replace(on_vault(_sitting), name="sitting"),
    replace(on_vault(_curtain), name="curtain-code"),
    replace(on_vault(_curtain_plain), name="curtain"),
    replace(on_vault(_off), name="direct-off"),
    replace(on_vault(_direct), name="direct-on"),
    replace(on_vault(_practice), name="practice"),
    replace(on_vault(_forget), name="forget"),
    replace(on_vault(_forget_fields), name="forget-fields"),
    replace(_KEYS, name="keys-office", arrange=_office),
)
