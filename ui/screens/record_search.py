"""Records in the palette: what is typed there is asked of the vault, and a record found opens in its room."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from kzdoc import listing
from ui.widgets.palette import Item

if TYPE_CHECKING:
    from kzdoc.listing import Row
    from ui.main_window import MainWindow
    from ui.surroundings import Surroundings

_MOST = 8


def search_records(desk: Surroundings, window: MainWindow) -> None:
    """Answer the palette's queries from the vault."""

    def show(query: str, found: list[Row]) -> None:
        named = [(one, one.name or desk.words.say("record.no_name")) for one in found]
        items = [Item(f"{name}  ·  {one.line}", partial(desk.go, "record", one.id)) for one, name in named]
        window.palette_box.show_records(query, items)

    def ask(query: str) -> None:
        lang = desk.words.lang
        desk.tasks.read(
            lambda session, _: listing.suggestions(session, query, kind_id="", lang=lang, limit=_MOST),
            done=partial(show, query),
            owner=window,
            latest="palette",
        )

    window.searched.connect(ask)
