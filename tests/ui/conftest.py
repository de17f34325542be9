"""What the tests of the desk stand on: one theme, words, keys and a worker per test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.ui.record_stage import Stage, Template, make_template
from ui.keys import Keys
from ui.messages import Words
from ui.surroundings import Surroundings
from ui.tasks import Tasks
from ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

_THEMES: list[Theme] = []
_TEMPLATES: list[Template] = []


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


@pytest.fixture
def template(tmp_path_factory: pytest.TempPathFactory, clock) -> Template:
    """Return the vault that each test has a copy of, made once."""
    if not _TEMPLATES:
        _TEMPLATES.append(make_template(tmp_path_factory.mktemp("record") / "vault", clock))
    return _TEMPLATES[0]


@pytest.fixture
def stage(template: Template, desk: Surroundings, clock, tmp_path: Path) -> Iterator[Stage]:
    """Return the window on a copy of it, in the Record room."""
    made = Stage(template, tmp_path / "vault", desk, clock)
    yield made
    made.end()
