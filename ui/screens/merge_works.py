"""The panes of the merge desk's works: which one shows what waits of a sort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.screens.doubles_joined import JoinedPane
from ui.screens.doubles_lists import ListsPane
from ui.screens.doubles_pairs import PairPane
from ui.screens.merge_conflicts import ConflictPane
from ui.screens.merge_groups import JOINED, KEPT, LISTS, PEOPLE, SMALL, TAKEN, SmallPane, Waiting
from ui.screens.merge_taken import TakenPane

if TYPE_CHECKING:
    from ui.surroundings import Surroundings

Reading = ListsPane | PairPane | JoinedPane | TakenPane
"""The panes that read by themselves what they show."""
Pane = ConflictPane | SmallPane | Reading
_READ: dict[str, type[Reading]] = {LISTS: ListsPane, PEOPLE: PairPane, JOINED: JoinedPane, TAKEN: TakenPane}


def pane_for(desk: Surroundings, waiting: Waiting, work: str) -> Pane | None:
    """Return a new pane for what waits of a sort, None when nothing does."""
    if not (work and waiting.count(work)):
        return None
    if work == SMALL:
        return SmallPane(desk, waiting.small)
    if work in _READ:
        return _READ[work](desk)
    return ConflictPane(desk, waiting.kept if work == KEPT else waiting.conflicts)
