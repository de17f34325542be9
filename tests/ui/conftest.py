"""What the tests of the desk stand on: one theme, words, keys and a worker per test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ui.keys import Keys
from ui.messages import Words
from ui.surroundings import Surroundings
from ui.tasks import Tasks
from ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

_THEMES: list[Theme] = []


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """Return the process's theme, light and at zoom 1; what asked to watch events is forgotten afterwards."""
    if not _THEMES:
        _THEMES.append(Theme(qapp, mode="light"))
    made = _THEMES[0]
    made.watch.forget()
    made.watch_wheel()
    made.set_mode("light")
    made.set_zoom(1.0)
    yield made
    made.watch.forget()


@pytest.fixture
def words(qapp: QApplication) -> Words:
    return Words("ru")


@pytest.fixture
def desk(theme: Theme, words: Words) -> Iterator[Surroundings]:
    """Return surroundings whose worker owns a plain list as its session."""
    tasks: Tasks[Any] = Tasks(list)
    tasks.start()
    yield Surroundings(words, theme, Keys(theme.watch), tasks)
    assert tasks.stop()
