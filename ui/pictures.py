"""Pictures of every screen: ``python -m ui.pictures OUT [SCENE…]``.

Three languages, 1366×768 and 683×384 (a screen of 1366×768 at 200 %), light, and
some in the dark. While it is at it, it looks for clipped text in every picture; any makes it exit 1.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kzdoc.language import LANGUAGES
from ui.fit import clipped_texts
from ui.gallery import SCENES, Scene
from ui.keys import Keys
from ui.messages import Words
from ui.screens.guard_scenes import GUARD_SCENES
from ui.screens.record_scenes import RECORD_SCENES
from ui.screens.scenes import ROOM_SCENES
from ui.surroundings import Surroundings
from ui.tasks import Tasks
from ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

SIZES = {1: (1366, 768), 2: (683, 384)}
"""The window's size at a screen of 1366×768, by its scale."""
DARK_SCENES = ("unlock-locked", "parts", "palette", "record", "merge", "publish")
_SETTLE_MS = 60
_SCALE = "QT_SCALE_FACTOR"


def take(scene: Scene, theme: Theme, lang: str, size: tuple[int, int]) -> tuple[QPixmap, list[str]]:
    """Return the picture of a scene and what is clipped in it."""
    words = Words(lang)
    tasks: Tasks[None] = Tasks(lambda: None)
    desk = Surroundings(words, theme, Keys(theme.watch), tasks)
    window = scene.build(desk)
    window.setFixedSize(*size)
    window.show()
    QTest.qWait(_SETTLE_MS)
    scene.arrange(window)
    QTest.qWait(_SETTLE_MS)
    picture = window.grab()
    clipped = [f"{item.kind} {item.text!r} needs {item.needs} has {item.has}" for item in clipped_texts(window)]
    _let_go(window, theme)
    return picture, clipped


def _let_go(window: QWidget, theme: Theme) -> None:
    window.hide()
    window.deleteLater()
    theme.watch.forget()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def take_all(out: Path, wanted: Sequence[str] = ()) -> int:
    """Write all pictures (or those of the scenes named) at this process's scale; return how many texts are clipped."""
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(["kzdoc"])
    theme = Theme(app, mode="light")  # type: ignore[arg-type]
    size = SIZES[int(os.environ.get(_SCALE, "1"))]
    wrong = 0
    for mode in ("light", "dark"):
        theme.set_mode("dark" if mode == "dark" else "light")
        for scene in (*SCENES, *ROOM_SCENES, *RECORD_SCENES, *GUARD_SCENES):
            if (wanted and scene.name not in wanted) or (mode == "dark" and scene.name not in DARK_SCENES):
                continue
            for lang in LANGUAGES if mode == "light" else ("en",):
                picture, clipped = take(scene, theme, lang, size)
                shade = "" if mode == "light" else "-dark"
                name = f"{scene.name}{shade}-{lang}-{size[0]}.png"
                picture.save(str(out / name))
                for line in clipped:
                    sys.stdout.write(f"{name}: clipped: {line}\n")
                wrong += len(clipped)
    return wrong


def main(argv: Sequence[str] | None = None) -> int:
    """Take the pictures, each scale in a process of its own; exit 1 when any text is clipped."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words:
        sys.stderr.write("python -m ui.pictures OUT [SCENE…]\n")
        return 2
    if _SCALE not in os.environ:
        ends = [
            subprocess.run(
                [sys.executable, "-m", "ui.pictures", *words], env={**os.environ, _SCALE: str(scale)}, check=False
            )
            for scale in SIZES
        ]
        return max(end.returncode for end in ends)
    wrong = take_all(Path(words[0]), words[1:])
    sys.stdout.write(f"scale {os.environ[_SCALE]}: clipped texts: {wrong}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
