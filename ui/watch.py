"""The one event filter on the application.

Python code in an application-wide filter is entered for every event, so there is only one of them: it looks the event
type up in a table and calls who asked for it (zoom, keys, idleness). A handler that returns True takes the event.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject

Handler = Callable[[QObject, QEvent], bool]


class Watch(QObject):
    """Passes events on to handlers by type, in the order in which they asked."""

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__(app)
        self._handlers: dict[QEvent.Type, tuple[Handler, ...]] = {}
        self._app = app
        app.installEventFilter(self)
        app.aboutToQuit.connect(self.stop)

    def on(self, *types: QEvent.Type, handler: Handler) -> None:
        """Call ``handler`` for every event of these types, wherever in the application it goes."""
        for kind in types:
            self._handlers[kind] = (*self._handlers.get(kind, ()), handler)

    def forget(self) -> None:
        """Forget all who asked (pictures and tests build many windows in one process)."""
        self._handlers.clear()

    def stop(self) -> None:
        """Watch no more."""
        self._handlers.clear()
        self._app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        handlers = self._handlers.get(event.type())
        if handlers is None:
            return False
        return any(handler(watched, event) for handler in handlers)
