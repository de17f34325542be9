"""What can be done at the merge desk by key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ui.keys import Command
from ui.screens.merge_folder import FOLDER
from ui.screens.merge_groups import WORKS

if TYPE_CHECKING:
    from ui.screens.merge import MergeRoom

BOTH = -1
"""Both sides of a conflict are kept."""
_KEYS = ("Alt+5", "Alt+6", "Alt+7", "Alt+8", "Alt+9", "Alt+0", "Ctrl+Shift+B")


def merge_commands(
    room: MergeRoom,
    main: Callable[[], None],
    why_no_main: Callable[[], str],
    keep: Callable[[int], None],
    step: Callable[[int], None],
) -> Sequence[Command]:
    """Return keep this, keep that, take in (``main``), and the way to each work."""
    return (
        Command("merge.choose", "merge.choose", room.choose, ("Ctrl+O",), scope="merge", icon="files"),
        Command("merge.stick", "merge.choose_folder", room.choose_folder, ("Ctrl+Shift+O",), "merge", icon="usb"),
        Command("merge.take", "merge.take", main, ("Ctrl+Enter",), scope="merge", why_off=why_no_main),
        Command("merge.folder", "folder.title", partial(room.open_work, FOLDER), ("Alt+4",), "merge", icon="usb"),
        Command("merge.keep1", "merge.keep_first", lambda: keep(0), ("Alt+1",), scope="merge"),
        Command("merge.keep2", "merge.keep_second", lambda: keep(1), ("Alt+2",), scope="merge"),
        Command("merge.both", "merge.keep_both", lambda: keep(BOTH), ("Alt+3",), scope="merge"),
        Command("merge.before", "merge.previous_conflict", lambda: step(-1), ("Alt+PgUp",), scope="merge"),
        Command("merge.after", "merge.next_conflict", lambda: step(1), ("Alt+PgDown",), scope="merge"),
        *[
            Command(f"merge.work_{work}", f"merge.work_{work}", partial(room.open_work, work), (key,), "merge", icon)
            for (work, icon), key in zip(WORKS, _KEYS, strict=True)
        ],
    )
