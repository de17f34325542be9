"""Every scene of the rooms of exchange, publishing and keys: nothing is clipped, in three languages and both sizes."""

from __future__ import annotations

import pytest

from ui.pictures import SIZES, take
from ui.screens.scenes import ROOM_SCENES


@pytest.mark.parametrize("scene", ROOM_SCENES, ids=lambda scene: scene.name)
@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_nothing_is_clipped(theme, qapp, scene, lang) -> None:
    for size in SIZES.values():
        picture, clipped = take(scene, theme, lang, size)
        assert picture.width() >= size[0]
        assert clipped == []


@pytest.mark.parametrize("scene", ROOM_SCENES, ids=lambda scene: scene.name)
def test_every_word_is_in_the_catalogue(theme, qapp, scene) -> None:
    """A key shown as it is would be a word nobody wrote."""
    from PySide6.QtWidgets import QAbstractButton, QLabel

    from ui.keys import Keys
    from ui.messages import Words
    from ui.surroundings import Surroundings
    from ui.tasks import Tasks

    window = scene.build(Surroundings(Words("kk"), theme, Keys(theme.watch), Tasks(lambda: None)))
    shown = [one.text() for kind in (QLabel, QAbstractButton) for one in window.findChildren(kind)]
    areas = ("merge.", "send.", "publish.", "keys.", "today.", "work.", "step.")
    assert [text for text in shown if text.startswith(areas)] == []
    window.deleteLater()
