"""Commands and their keys, by physical key.

Under a Kazakh or Russian layout alone no letter shortcut of Qt fires (and under Kazakh no digit either), so no
QShortcut is used: one handler looks at each key press, names the physical key and runs the command of the current
scope. The same registry feeds the rail, the palette and the help. What a field itself understands (Ctrl+C, Ctrl+Z …)
is sent on with the Latin key it expects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from kzdoc.errors import KzdocError
from ui.layouts import physical_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.watch import Watch

EVERYWHERE = "everywhere"

_NAMED = {
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Escape: "Esc",
    Qt.Key.Key_Delete: "Del",
    Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right",
    Qt.Key.Key_Up: "Up",
    Qt.Key.Key_Down: "Down",
    Qt.Key.Key_PageUp: "PgUp",
    Qt.Key.Key_PageDown: "PgDown",
    Qt.Key.Key_Home: "Home",
    Qt.Key.Key_End: "End",
    Qt.Key.Key_Space: "Space",
}
_NAMED |= {Qt.Key(Qt.Key.Key_F1 + n): f"F{n + 1}" for n in range(12)}
_MODIFIERS = (
    (Qt.KeyboardModifier.ControlModifier, "Ctrl"),
    (Qt.KeyboardModifier.AltModifier, "Alt"),
    (Qt.KeyboardModifier.ShiftModifier, "Shift"),
)


def key_text(event: QKeyEvent) -> str:
    """Return the pressed key as a command spells it: ``Ctrl+K``, ``F12``, ``Ctrl+Shift+7``; "" for bare modifiers."""
    name = _NAMED.get(Qt.Key(event.key())) if event.key() in _NAMED else physical_key(event)
    if not name:
        return ""
    held = [word for flag, word in _MODIFIERS if event.modifiers() & flag]
    return "+".join([*held, name])


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do: ``label`` is a key of the desk's catalogue, ``keys`` are spelt like ``Ctrl+K``.

    ``why_off`` returns "" when the command can run, else the catalogue key of the reason why not. ``over_dialogs``
    lets it run while a dialog is open (locking does).
    """

    id: str
    label: str
    run: Callable[[], None]
    keys: tuple[str, ...] = ()
    scope: str = EVERYWHERE
    icon: str = ""
    why_off: Callable[[], str] | None = None
    over_dialogs: bool = False
    listed: bool = True

    @property
    def shown_key(self) -> str:
        """The key that is shown beside the command: ``Ctrl K``."""
        return self.keys[0].replace("+", " ") if self.keys else ""

    def off(self) -> str:
        """Return the catalogue key of why it cannot run now, or ""."""
        return self.why_off() if self.why_off is not None else ""


class Keys(QObject):
    """The registry of commands and the one place where key presses become commands."""

    ran = Signal(str)
    """Emitted with a command's id after its key ran it."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(watch)
        self._commands: dict[str, Command] = {}
        self._scope = EVERYWHERE
        self._only: frozenset[str] | None = None
        watch.on(QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride, handler=self._pressed)

    @property
    def scope(self) -> str:
        """The room whose own commands are in force beside those of everywhere."""
        return self._scope

    def enter(self, scope: str) -> None:
        """Put the commands of ``scope`` in force."""
        self._scope = scope

    def only(self, commands: frozenset[str] | None) -> None:
        """Leave only these commands in force (None: all): under a curtain and in an interview there are few."""
        self._only = commands

    def add(self, *commands: Command) -> None:
        """Register commands.

        Raises:
            KzdocError: ``desk.command-taken`` or ``desk.key-taken`` when an id or a key is in use in a scope that
                overlaps; a mistake of ours that tests meet first.
        """
        for command in commands:
            if command.id in self._commands:
                raise KzdocError("desk.command-taken", id=command.id)
            for other in self._commands.values():
                overlaps = EVERYWHERE in (command.scope, other.scope) or command.scope == other.scope
                if overlaps and set(command.keys) & set(other.keys):
                    raise KzdocError("desk.key-taken", id=command.id, other=other.id)
            self._commands[command.id] = command

    def drop(self, scope: str) -> None:
        """Forget the commands of one scope."""
        self._commands = {key: command for key, command in self._commands.items() if command.scope != scope}

    def command(self, command_id: str) -> Command:
        """Return a command by id; raises ``KzdocError("desk.command-unknown")``."""
        if command_id not in self._commands:
            raise KzdocError("desk.command-unknown", id=command_id)
        return self._commands[command_id]

    def in_force(self) -> list[Command]:
        """Return the commands of everywhere and of the present scope, in the order they were added."""
        return [one for one in self._commands.values() if one.scope in (EVERYWHERE, self._scope) and self._may(one)]

    def _pressed(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        command = self._meant_by(event)
        if command is not None:
            event.accept()
            if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat() and not command.off():
                command.run()
                self.ran.emit(command.id)
            return event.type() == QEvent.Type.KeyPress
        if event.type() == QEvent.Type.KeyPress and isinstance(watched, QWidget):
            return _send_latin(watched, event)
        return False

    def _meant_by(self, event: QKeyEvent) -> Command | None:
        pressed = key_text(event)
        if not pressed:
            return None
        dialog = QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None
        for command in self._commands.values():
            if pressed in command.keys and command.scope in (EVERYWHERE, self._scope):
                return command if self._may(command) and (command.over_dialogs or not dialog) else None
        return None

    def _may(self, command: Command) -> bool:
        return self._only is None or command.id in self._only


def _send_latin(widget: QWidget, event: QKeyEvent) -> bool:
    """Send Ctrl + a Cyrillic letter on as Ctrl + the Latin letter of the same key; return whether it was sent."""
    if not event.modifiers() & Qt.KeyboardModifier.ControlModifier or event.key() <= Qt.Key.Key_AsciiTilde:
        return False
    name = physical_key(event)
    if len(name) != 1 or not "A" <= name <= "Z":
        return False
    latin = QKeyEvent(
        event.type(),
        ord(name),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        "",
        event.isAutoRepeat(),
        event.count(),
    )
    QApplication.sendEvent(widget, latin)
    event.setAccepted(latin.isAccepted())
    return True
