"""Small cells: numbers so small that they speak of people are left out, and none can be computed from what is left.

Rules: a count below ``K`` is left out, totals as well, and so is a zero (that nobody of a group was there tells of
everybody in it); nothing is rounded. Then further cells are left out until nobody who has the rest, with all its
totals, can bound a hidden count tighter than ``K``: the counts that fit the rest span at least ``K``. Counts of a table
with its totals are a flow through rows and columns, so these bounds are found exactly (Cox, "Network models for
complementary cell suppression", JASA 90, 1995). Pure; which table goes to whom is the caller's question.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

K = 5
_TOTALS_WEIGH = 3
Cell = tuple[int, int]
Grid = Sequence[Sequence[int]]


class Why(StrEnum):
    """Why a count is left out: ``small`` itself, or ``guards`` another."""

    SMALL = "small"
    GUARDS = "guards"


@dataclass(frozen=True, slots=True)
class Shown:
    """Counts with their totals in the last row and column, None where left out; ``hidden`` says why by place."""

    cells: tuple[tuple[int | None, ...], ...]
    hidden: Mapping[Cell, Why]


@dataclass(frozen=True, slots=True)
class Report:
    """Counts by group as they are, the groups left out for the reader, and whether the total was told."""

    counts: Mapping[str, int]
    hidden: frozenset[str] = frozenset()
    total: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """What two reports tell together: a small count in ``where`` lies from ``low`` to ``high``."""

    group: str
    where: str
    low: int
    high: int


def small(count: int, k: int = K, *, zeros: bool = True) -> bool:
    """Return whether a count is too small to be told; ``zeros``: nobody at all is too."""
    return count < k and (zeros or count > 0)


def hide_in_table(counts: Grid, *, k: int = K, zeros: bool = True) -> Shown:
    """Return what of a table of counts and its totals may be told."""
    grid = with_totals(counts)
    places = [(row, column) for row in range(len(grid)) for column in range(len(grid[0]))]
    hidden = {place: Why.SMALL for place in places if small(grid[place[0]][place[1]], k, zeros=zeros)}
    waiting = deque(hidden)
    while waiting:
        place = waiting.popleft()
        up, down = room(grid, hidden, place, k)
        if up + down < k:
            for guard in _cheapest_cycle(grid, hidden, place, k - down):
                hidden[guard] = Why.GUARDS
                waiting.append(guard)
    cells = tuple(
        tuple(None if (row, column) in hidden else count for column, count in enumerate(line))
        for row, line in enumerate(grid)
    )
    return Shown(cells, hidden)


def hide_in_list(
    counts: Sequence[int], *, k: int = K, zeros: bool = True, also: Collection[int] = ()
) -> Mapping[int, Why]:
    """Return the places of a list of counts to leave out, so that its total can be told if that is not small itself.

    At least two are left out, or none, and they have at least ``k`` together: so each may be anything up to all of it.
    ``also``: places that are left out for other reasons.
    """
    hidden = dict.fromkeys(also, Why.GUARDS)
    hidden |= {place: Why.SMALL for place, count in enumerate(counts) if small(count, k, zeros=zeros)}
    left = sorted((count, place) for place, count in enumerate(counts) if place not in hidden)
    while hidden and left and (len(hidden) == 1 or sum(counts[place] for place in hidden) < k):
        hidden[left.pop(0)[1]] = Why.GUARDS
    return hidden


def hide_in_lists(lists: Sequence[Sequence[int]], *, k: int = K) -> frozenset[int]:
    """Return the places to leave out of several lists that count the same groups in other units."""
    hidden: frozenset[int] = frozenset()
    while True:
        more = hidden.union(*(hide_in_list(counts, k=k, also=hidden) for counts in lists))
        if more == hidden:
            return hidden
        hidden = more


def keep_in_rows(units: Sequence[Sequence[Sequence[str]]], *, k: int = K) -> list[frozenset[int] | None]:
    """Return, by unit, the columns of its rows that may be told, so that every unit is like ``k - 1`` others at least.

    A unit is somebody with all rows that are of them, of one length and the most telling columns last. None: not even
    that the rows are of one unit may be told, nor any column. Column after column parts those who are alike so far: who
    is like enough others shows it; the rest do not, and they are enough themselves, or the smallest of the others join
    them. What is told depends only on how often each sign is there: whoever knows everybody's signs, and this rule, can
    put any of the alike in place of any other.
    """
    kept: list[frozenset[int] | None] = [None] * len(units)
    width = max((len(row) for rows in units for row in rows), default=0)
    waiting: list[tuple[list[int], tuple[int, ...] | None, int]] = [(list(range(len(units))), None, -1)]
    while waiting:
        group, shown, column = waiting.pop()
        if column == width:
            for number in group:
                kept[number] = None if shown is None else frozenset(shown)
            continue
        if shown is None and column >= 0:  # who is not told apart by the number of rows shows nothing at all
            continue
        told = () if shown is None else (*shown, column)
        parts: dict[tuple[tuple[str, ...], ...], list[int]] = {}
        for number in group:
            key = tuple(sorted(tuple(row[place] for place in told) for row in units[number]))
            parts.setdefault(key, []).append(number)
        enough, rest = _parted(list(parts.values()), k)
        waiting += [(part, told, column + 1) for part in enough]
        if rest:
            waiting.append((rest, shown, column + 1))
    return kept


def _parted(parts: Sequence[list[int]], k: int) -> tuple[list[list[int]], list[int]]:
    """Return the parts that are large enough, and all others together: ``k`` or none, unless there are not so many.

    Of several of one size all join the others or none, so that their order decides nothing.
    """
    enough = [part for part in parts if len(part) >= k]
    rest = [one for part in parts if len(part) < k for one in part]
    while 0 < len(rest) < k and enough:
        least = min(map(len, enough))
        rest += [one for part in enough if len(part) == least for one in part]
        enough = [part for part in enough if len(part) > least]
    return enough, rest


def told_by_both(wide: Report, narrow: Report, *, k: int = K) -> tuple[Told, ...]:
    """Return the small counts that a reader of both can bound tighter than ``k``; ``narrow`` lies within ``wide``.

    The narrow counts and the differences are the two rows of a table whose totals are the wide counts. A group with
    fewer in the wide report than in the narrow one was changed in between and tells nothing by subtraction; the totals
    then do not either. Groups of nobody are nobody's.
    """
    keys = sorted(set(wide.counts) | set(narrow.counts))
    pairs = {key: (narrow.counts.get(key, 0), wide.counts.get(key, 0)) for key in keys}
    nested = [key for key in keys if pairs[key][0] <= pairs[key][1]]
    if not nested:
        return ()
    whole = len(nested) == len(keys)
    grid = with_totals([[pairs[key][0] for key in nested], [pairs[key][1] - pairs[key][0] for key in nested]])
    last = len(nested)
    hidden: set[Cell] = {(1, column) for column in range(last + 1)}
    for row, report in ((0, narrow), (2, wide)):
        hidden |= {(row, column) for column, key in enumerate(nested) if key in report.hidden}
        hidden |= set() if whole and report.total else {(row, last)}
    told = []
    for row, where in ((0, "narrow"), (1, "difference"), (2, "wide")):
        for column, key in enumerate(nested):
            count = grid[row][column]
            if (row, column) not in hidden or not 0 < count < k:
                continue
            up, down = room(grid, hidden, (row, column), k)
            if up + down < k:
                told.append(Told(key, where, count - down, count + up))
    return tuple(told)


def with_totals(counts: Grid) -> list[list[int]]:
    """Return a table with a row and a column of totals."""
    rows = [[*row, sum(row)] for row in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def room(grid: Grid, hidden: Collection[Cell], place: Cell, k: int) -> tuple[int, int]:
    """Return how far up and how far down a hidden count could be, given all that is shown (at most ``k`` each)."""
    tail, head = _ends(grid, place)
    arcs = {one: _ends(grid, one) for one in hidden if one != place}
    up = _flow(grid, arcs, head, tail, k)
    return up, _flow(grid, arcs, tail, head, min(k, grid[place[0]][place[1]]))


def _ends(grid: Grid, place: Cell) -> tuple[int, int]:
    """Return the arc of a cell: counts flow from rows to columns, and through the totals back."""
    row, column = place[0], len(grid) + place[1]
    return (row, column) if (place[0] == len(grid) - 1) == (place[1] == len(grid[0]) - 1) else (column, row)


def _flow(grid: Grid, arcs: Mapping[Cell, tuple[int, int]], source: int, sink: int, limit: int) -> int:
    """Return how much can be shifted from ``source`` to ``sink`` through hidden cells, none falling below zero."""
    left = {one: grid[one[0]][one[1]] for one in arcs}
    around: dict[int, list[tuple[int, Cell, bool]]] = {}
    for one, (tail, head) in arcs.items():
        around.setdefault(tail, []).append((head, one, True))
        around.setdefault(head, []).append((tail, one, False))
    moved = 0
    while moved < limit:
        came: dict[int, tuple[int, Cell, bool] | None] = {source: None}
        queue = deque([source])
        while queue and sink not in came:
            node = queue.popleft()
            for other, one, forward in around.get(node, ()):
                if other not in came and (forward or left[one] > 0):
                    came[other] = (node, one, forward)
                    queue.append(other)
        if sink not in came:
            return moved
        path = _path(came, sink)
        step = min([limit - moved, *(left[one] for one, forward in path if not forward)])
        for one, forward in path:
            left[one] += step if forward else -step
        moved += step
    return moved


def _path(came: Mapping[int, tuple[int, Cell, bool] | None], sink: int) -> list[tuple[Cell, bool]]:
    path = []
    step = came[sink]
    while step is not None:
        node, one, forward = step
        path.append((one, forward))
        step = came[node]
    return path


def _cheapest_cycle(grid: Grid, hidden: Collection[Cell], place: Cell, need: int) -> list[Cell]:
    """Return the shown cells to hide so that ``place`` could be greater by ``need``: the least that is lost by it.

    There is always one: everything could be greater together with its totals.
    """
    last_row, last_column = len(grid) - 1, len(grid[0]) - 1
    around: dict[int, list[tuple[int, int, Cell]]] = {}
    for row, line in enumerate(grid):
        for column, count in enumerate(line):
            one = (row, column)
            if one == place:
                continue
            weight = _TOTALS_WEIGH if row == last_row or column == last_column else 1
            price = 0 if one in hidden else weight * (count + 1)
            tail, head = _ends(grid, one)
            around.setdefault(tail, []).append((price, head, one))
            if count >= need:
                around.setdefault(head, []).append((price, tail, one))
    start, goal = reversed(_ends(grid, place))
    done: set[int] = set()
    heap: list[tuple[int, int, tuple[Cell, ...]]] = [(0, start, ())]
    while True:
        cost, node, path = heapq.heappop(heap)
        if node == goal:
            return [one for one in path if one not in hidden]
        if node not in done:
            done.add(node)
            for price, other, one in around[node]:
                heapq.heappush(heap, (cost + price, other, (*path, one)))
