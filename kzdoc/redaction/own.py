"""What of a view or table the program itself set: told to the leak check, which lets it stand as often as it was set.

Rules: a label, a date, a choice, a token are the program's own; everything else somebody wrote, and what is not surely
the program's counts as written. Whoever is withheld takes no part in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kzdoc.redaction.view import View, ViewRecord

Place = tuple[int, int]
"""Line and column of a cell, both from 1; column 0 for all of an item, 0, 0 for what is around the cells."""
Cells = Mapping[str, str | Sequence[str]]


def own_in_cells(shown: ViewRecord, cells: Cells) -> dict[str, list[str]]:
    """Return by field what of the cells of a line the program set; a cell may have codes where the view has words."""
    found: dict[str, list[str]] = {}
    for one in shown.fields:
        cell = cells.get(one.id, "")
        if all(value.whole_own() for value in one.values):
            found[one.id] = [cell] if isinstance(cell, str) else list(cell)
        else:
            found[one.id] = [piece for value in one.values for piece in value.own()]
    return found


def own_of_table(
    lines: Sequence[tuple[ViewRecord, Cells]], columns: Sequence[str], heading: Sequence[str], name: str
) -> dict[Place, list[str]]:
    """Return by cell what the program set in a table with a ``heading``, written as a sheet of that ``name``."""
    own: dict[Place, list[str]] = {(0, 0): [name]}
    own |= {(1, column): [label] for column, label in enumerate(heading, 1)}
    for line, (shown, cells) in enumerate(lines, 2):
        mine = own_in_cells(shown, cells)
        own |= {(line, column): mine[field] for column, field in enumerate(columns, 1) if field in mine}
    return own


def own_of_items(lines: Sequence[tuple[ViewRecord, Cells]], around: Sequence[str]) -> dict[Place, list[str]]:
    """Return by item what the program set in JSON: what stands ``around`` the fields, their names, their values."""
    own: dict[Place, list[str]] = {}
    for line, (shown, cells) in enumerate(lines, 1):
        mine = [piece for pieces in own_in_cells(shown, cells).values() for piece in pieces]
        own[line, 0] = [*around, *cells, *mine]
    return own


def own_of_leaves(view: View) -> list[list[str]]:
    """Return by statement, in the order a pack has them, what of its words the program set."""
    return [value.own() for record in view.records for one in record.fields for value in one.values]
