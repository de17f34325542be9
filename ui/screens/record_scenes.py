"""Scenes of the Record room for the pictures: a real vault of invented people, the real window, the real worker.

The vault is made once a process, in a folder that goes with it; its passphrase protects nothing but invented words.
Each scene works on its own copy and has closed it when the picture is taken.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from kzdoc import casework, session, withholding
from kzdoc.casework import Change
from kzdoc.domain.catalogue import kind
from kzdoc.exchange import trust
from kzdoc.moment import Moment
from ui.gallery import Scene
from ui.main_window import MainWindow
from ui.rooms import ROOMS
from ui.screens.asking import Asking
from ui.screens.record import RecordRoom
from ui.screens.record_side import ItemRow
from ui.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from kzdoc.session import Session
    from ui.surroundings import Surroundings

_PASSPHRASE = "сынақ түбі сары алтын тұнық бұлақ суы"  # noqa: S105 - of a vault that holds nothing true
_NOON = dt.datetime(2026, 11, 17, 14, 32, tzinfo=dt.timezone(dt.timedelta(hours=5)))
NOW = Moment(int(_NOON.timestamp()), 300)
_PATIENCE_MS = 10_000
_TYPING_MS = 120
_STORY = (
    "Ақпарат туысынан, телефон арқылы. Данияр сағат он бірден кейін алаңға шыққан. Шамамен 11:20-да үш адам екі "
    "қолынан ұстап, ақ түсті көлікке отырғызған. Көлік нөмірінің соңы 07. Қолын қайырғанын екі адам көрген."
)
_PEOPLE = ("Тестов Данияр", "Сынақова Айгүл", "Үлгіқызы Әсем", "Мысалов Ғалым", "Өңірова Жұлдыз", "Қалыпов Һадис")
_TYPES = ("administrative", "preventive", "criminal_suspicion", "administrative_arrest")


def said(**values: Any) -> list[Change]:
    """Return the changes that set these fields."""
    return [Change(name, "set", value) for name, value in values.items() if value]


def write_invented(at: Session, folder: Path) -> bytes:
    """Write invented records and return the detention that has everything: a conflict, files, something withheld."""
    people = [casework.add(at, "person", said(name_kk=name)) for name in _PEOPLE]
    people.append(casework.add(at, "person", said(description="Әйел, шамамен 40 жаста, қызыл күрте киген")))
    event = casework.add(
        at, "event", said(title="Алаңдағы жиналыс", type=["assembly"], date="2026-11-17", place="Орталық алаң")
    )
    detentions = []
    for number, person in enumerate(people):
        values = said(
            person=person,
            event=event,
            type=_TYPES[number % len(_TYPES)],
            actual_time=f"2026-11-{17 - number:02}T11:05+05:00/2026-11-{17 - number:02}T11:35+05:00",
            place_of_detention="Орталық алаң, Алматы",
            facility=["«Үлгі-1» полиция бөлімі"] if number == 0 else [],
            family_informed=("yes", "no", "not_told")[number % 3],
            narrative=_STORY,
        )
        detentions.append(casework.add(at, "detention", values))
    casework.add(at, "testimony", said(witness=people[2], about=[detentions[0]], taken_on="2026-11-15", summary="Алаң"))
    first = detentions[0]
    casework.attach(at, first, [_photo(folder / "Сурет 1 - алаң.jpg"), _voice(folder / "Дауыстық хабар.ogg")])
    disagree(at, first, "place_of_detention", "Тәуелсіздік алаңы", "Абай даңғылы, 14-үй", by="«Алматы-2» мониторы")
    withholding.withhold(at, detentions[1], ["place_of_detention"], "not_shared")
    return first


def disagree(at: Session, record: bytes, field: str, mine: str, theirs: str, *, by: str) -> None:
    """Let two people write a field without knowing of each other, the other one with a key of his own."""
    before = casework.state(at, record)
    of = kind(before.kind)
    casework.change(at, record, said(**{field: mine}))
    own = at.vault.secrets.get(session.AUTHOR)
    at.vault.secrets.put(session.AUTHOR, os.urandom(64))
    try:
        other = at.author
        at.write([casework.new_entry(at, record, of, before, said(**{field: theirs}))])
    finally:
        at.vault.secrets.put(session.AUTHOR, cast("bytes", own))
    at.introduce(other, by, at.author)


def _photo(path: Path) -> Path:
    image = QImage(1200, 800, QImage.Format.Format_RGB32)
    image.fill(QColor("#B9C4C9"))
    painter = QPainter(image)
    for number, colour in enumerate(("#6E7B83", "#8A4B3C", "#4C5B45", "#C9B27C")):
        painter.fillRect(120 + 260 * number, 300 - 40 * number, 150, 420, QColor(colour))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.ReadWrite)
    image.save(buffer, "JPEG")  # type: ignore[call-overload]
    path.write_bytes(bytes(buffer.data().data()))
    return path


def _voice(path: Path) -> Path:
    path.write_bytes(b"OggS" + bytes(180_000))
    return path


@cache
def _template() -> tuple[Path, bytes, bytes, tempfile.TemporaryDirectory[str]]:
    """Return the filled vault's folder, its key, the rich detention, and what keeps the folder."""
    keeper = tempfile.TemporaryDirectory(prefix="kzdoc-pictures-")
    base = Path(keeper.name)
    folder = base / "vault"
    at = session.create_vault(folder, _PASSPHRASE, author="Тестілеуші", clock=lambda: NOW)
    try:
        rich = write_invented(at, base)
    finally:
        at.close()
    return folder, bytes(session.unlock(folder, _PASSPHRASE)), rich, keeper


def on_vault(arrange: Callable[[MainWindow, RecordRoom], None], *, empty: bool = False) -> Scene:
    """Return a scene of the room on a copy of the vault; ``arrange`` brings it to where the picture is taken."""

    def build(desk: Surroundings) -> QWidget:
        folder, key, _, keeper = _template()
        copy = Path(tempfile.mkdtemp(dir=keeper.name))
        if empty:
            made = session.create_vault(copy / "vault", _PASSPHRASE, author="Тестілеуші", clock=lambda: NOW)
            made.close()
            key = bytes(session.unlock(copy / "vault", _PASSPHRASE))
        else:
            shutil.copytree(folder, copy / "vault")

        def open_it() -> Session:
            return session.open_session_with_key(copy / "vault", bytearray(key), clock=lambda: NOW)

        own = replace(desk, tasks=Tasks(open_it, lambda at: at.close()))
        own.tasks.start()
        window = MainWindow(own, ROOMS, role="coordinator")
        window.show_room("record")
        return window

    def bring(window: QWidget) -> None:
        if isinstance(window, MainWindow):
            room = window.current()
            settle(window)
            if isinstance(room, RecordRoom):
                arrange(window, room)
                settle(window)
            window.desk.tasks.stop()

    return Scene("", build, bring)


def settle(window: MainWindow) -> None:
    """Wait until the worker has nothing to do and the window has shown it."""
    waited = 0
    QTest.qWait(_TYPING_MS)
    while waited < _PATIENCE_MS:
        QTest.qWait(20)
        waited += 20
        if window.desk.tasks.idle:
            QTest.qWait(40)
            if window.desk.tasks.idle:
                return


def type_text(line: QLineEdit, text: str) -> None:
    """Type as a person does, in any alphabet."""
    line.setFocus(Qt.FocusReason.OtherFocusReason)
    line.setText("")
    line.insert(text)
    line.textEdited.emit(line.text())


def open_rich(_window: MainWindow, room: RecordRoom) -> None:
    """Open the detention that has everything."""
    room.open(_template()[2])


def _typing(window: MainWindow, room: RecordRoom) -> None:
    open_rich(window, room)
    settle(window)
    if room.form.body is not None:
        row = room.form.body.rows["protocol_time"]
        type_text(cast("QLineEdit", row.slot.entry), "бүгін, шамамен 14:20")
        room.drafts.keep()


def _evidence(window: MainWindow, room: RecordRoom) -> None:
    open_rich(window, room)
    settle(window)
    for item in room.side.findChildren(ItemRow):
        if item.is_picture:
            item.toggle()
    settle(window)
    if room.breadth != "wide":
        room.form.area.verticalScrollBar().setValue(room.form.area.verticalScrollBar().maximum())


def _below(window: MainWindow, room: RecordRoom) -> None:
    open_rich(window, room)
    settle(window)
    bar = room.form.area.verticalScrollBar()
    bar.setValue(round(bar.maximum() * 0.4))


def _history(window: MainWindow, room: RecordRoom) -> None:
    open_rich(window, room)
    settle(window)
    room.ask_history()


def _new(_window: MainWindow, room: RecordRoom) -> None:
    room.ask_new()


def _person(_window: MainWindow, room: RecordRoom) -> None:
    room.begin("person")


def _alike(window: MainWindow, room: RecordRoom) -> None:
    room.begin("person")
    settle(window)
    room.alike.show_found(room.alike.typed(), [(bytes(16), "Сынақова Айгүл"), (bytes(16), "Synaqova A., қызыл күрте")])
    if room.breadth != "wide":
        room.form.area.verticalScrollBar().setValue(room.form.area.verticalScrollBar().maximum())


def _found(_window: MainWindow, room: RecordRoom) -> None:
    room.list.search.setText("synaqova")


def _listed(_window: MainWindow, room: RecordRoom) -> None:
    room.list.kinds.setCurrentIndex(room.list.kinds.findData("detention"))
    room.list.kinds.activated.emit(room.list.kinds.currentIndex())


def _removing(window: MainWindow, room: RecordRoom) -> None:
    open_rich(window, room)
    settle(window)
    room.form.head.ask_removal()


def _sealing(window: MainWindow, room: RecordRoom) -> None:
    meet_partners(window, room)
    room.sealing.ask()


def _stub(window: MainWindow, room: RecordRoom) -> None:
    _sealing(window, room)
    settle(window)
    page = room.sealing.page
    page.label.setText("Дүйсенбі, бірінші")
    page.going.emit()
    settle(window)
    for dialog in room.findChildren(Asking):
        dialog.accept()


def _outbox(window: MainWindow, room: RecordRoom) -> None:
    _stub(window, room)
    settle(window)
    window.show_room("today")


def meet_partners(window: MainWindow, room: RecordRoom) -> None:
    """Let two partners be verified, and open the rich detention."""

    def meet(at: Session, _progress: Any) -> None:
        for name in ("Штаб бір", "Штаб екі"):
            with tempfile.TemporaryDirectory() as folder:
                other = session.create_vault(Path(folder) / "vault", _PASSPHRASE, author=name, clock=lambda: NOW)
                try:
                    trust.add_contact(at, trust.card(other), name=name, lang="en")
                    digits = trust.own_fingerprint(other, "en")["fingerprint"]
                finally:
                    other.close()
            trust.verify_contact(at, name, digits=digits, by="person", lang="en")

    window.desk.tasks.write(meet)
    open_rich(window, room)
    settle(window)


RECORD_SCENES: tuple[Scene, ...] = (
    replace(on_vault(_typing), name="record"),
    replace(on_vault(_below), name="record-below"),
    replace(on_vault(_evidence), name="record-evidence"),
    replace(on_vault(_history), name="record-history"),
    replace(on_vault(_new), name="record-new"),
    replace(on_vault(_person), name="record-person"),
    replace(on_vault(_alike), name="record-alike"),
    replace(on_vault(_listed), name="record-list"),
    replace(on_vault(_found), name="record-found"),
    replace(on_vault(_removing), name="record-removing"),
    replace(on_vault(_sealing), name="record-sealing"),
    replace(on_vault(_stub), name="record-sealed"),
    replace(on_vault(_outbox), name="today-outbox"),
    replace(on_vault(lambda _window, _room: None, empty=True), name="record-empty"),
)
