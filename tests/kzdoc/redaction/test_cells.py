"""Small cells against an attacker with a linear programme of his own, and one who tries every table there is."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest

from kzdoc.redaction import cells
from kzdoc.redaction.cells import K, Report, Shown, Told, Why, hide_in_list, hide_in_table, told_by_both

Row = list[int]


class Attacker:
    """Bounds every hidden cell by the simplex method, from the shown cells and totals; knows nothing of flows."""

    def __init__(self, shown: Shown) -> None:
        grid = shown.cells
        self.unknown = [
            (row, column) for row, line in enumerate(grid) for column, one in enumerate(line) if one is None
        ]
        place = {one: number for number, one in enumerate(self.unknown)}
        lines = [[(row, column) for column in range(len(grid[0]))] for row in range(len(grid))]
        lines += [list(column) for column in zip(*lines, strict=True)]
        self.equations: list[Row] = []
        for line in lines:
            equation = [0] * (len(self.unknown) + 1)
            for number, (row, column) in enumerate(line):
                sign = -1 if number == len(line) - 1 else 1
                count = grid[row][column]
                if count is None:
                    equation[place[row, column]] += sign
                else:
                    equation[-1] -= sign * count
            if any(equation[:-1]):
                self.equations.append(equation if equation[-1] >= 0 else [-one for one in equation])
        self._start()

    def _start(self) -> None:
        """Find a table that fits, with one artificial unknown for each equation."""
        size, many = len(self.equations), len(self.unknown)
        self.rows = [
            [*equation[:-1], *(int(at == row) for at in range(size)), equation[-1]]
            for row, equation in enumerate(self.equations)
        ]
        self.basis = [many + row for row in range(size)]
        least = self._optimise([0] * many + [-1] * size)
        assert least == 0
        for row in range(size):
            if self.basis[row] >= many:
                column = next((at for at in range(many) if self.rows[row][at]), None)
                if column is not None:
                    self._pivot(row, column)
        kept = [row for row in range(size) if self.basis[row] < many]
        self.rows = [[*self.rows[row][:many], self.rows[row][-1]] for row in kept]
        self.basis = [self.basis[row] for row in kept]

    def _optimise(self, gain: Row, most: int = 10**9) -> int | None:
        """Return the greatest value of ``gain``, None when there is none (Bland's rule)."""
        while True:
            paid = [gain[one] for one in self.basis]
            entering = None
            for column in range(len(gain)):
                worth = gain[column] - sum(one * row[column] for one, row in zip(paid, self.rows, strict=True) if one)
                if worth > 0:
                    entering = column
                    break
            value = sum(one * row[-1] for one, row in zip(paid, self.rows, strict=True))
            if entering is None:
                return value
            ratios = [
                (row[-1] / row[entering], self.basis[number], number)
                for number, row in enumerate(self.rows)
                if row[entering] > 0
            ]
            if not ratios:
                return None
            self._pivot(min(ratios)[2], entering)

    def _pivot(self, at: int, column: int) -> None:
        sign = self.rows[at][column]
        assert sign in (1, -1)  # the matrix of a table is totally unimodular
        self.rows[at] = [one * sign for one in self.rows[at]]
        for number, row in enumerate(self.rows):
            factor = row[column]
            if number != at and factor:
                self.rows[number] = [one - factor * other for one, other in zip(row, self.rows[at], strict=True)]
        self.basis[at] = column

    def bounds(self, place: tuple[int, int]) -> tuple[int, int | None]:
        gain = [int(one == place) for one in self.unknown]
        high = self._optimise(gain)
        low = self._optimise([-one for one in gain])
        assert low is not None
        return -low, high

    def too_tight(self, k: int) -> list[tuple[int, int]]:
        return [one for one in self.unknown for low, high in [self.bounds(one)] if high is not None and high - low < k]


def random_table(chance: random.Random, most: int = 6) -> list[Row]:
    rows, columns = chance.randint(1, most), chance.randint(1, most)
    greatest = chance.choice([2, 6, 12, 40])
    empty = chance.choice([0.0, 0.3, 0.7])
    return [
        [0 if chance.random() < empty else chance.randint(0, greatest) for _ in range(columns)] for _ in range(rows)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_nobody_bounds_a_hidden_cell_of_a_table_up_to_six_by_six_tighter_than_k(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(80):
        table, k, zeros = random_table(chance), chance.choice([2, 3, 5, 5, 5, 8]), chance.random() < 0.7
        shown = hide_in_table(table, k=k, zeros=zeros)
        assert not Attacker(shown).too_tight(k), (table, k, zeros)
        full = cells.with_totals(table)
        for row, line in enumerate(full):
            for column, count in enumerate(line):
                assert shown.cells[row][column] in (None, count)  # never rounded
                assert (shown.cells[row][column] is None) == ((row, column) in shown.hidden)
                assert (shown.hidden.get((row, column)) is Why.SMALL) == cells.small(count, k, zeros=zeros)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_nobody_bounds_a_hidden_cell_of_many_tables_of_six_by_six(seed: int) -> None:
    chance = random.Random(1000 + seed)
    for _ in range(100):
        greatest, empty = chance.choice([2, 6, 12, 40, 400]), chance.choice([0.0, 0.3, 0.7])
        table = [[0 if chance.random() < empty else chance.randint(0, greatest) for _ in range(6)] for _ in range(6)]
        assert not Attacker(hide_in_table(table)).too_tight(K), table


def every_table(shown: Shown, most: int) -> list[tuple[int, ...]]:
    """Return the hidden counts of every table that fits what is shown, none above ``most``."""
    unknown = [(row, column) for row, line in enumerate(shown.cells) for column, one in enumerate(line) if one is None]
    inner = [one for one in unknown if one[0] < len(shown.cells) - 1 and one[1] < len(shown.cells[0]) - 1]
    fitting = []
    for tried in itertools.product(range(most + 1), repeat=len(inner)):
        guess = dict(zip(inner, tried, strict=True))
        body = [
            [guess.get((row, column), shown.cells[row][column]) for column in range(len(shown.cells[0]) - 1)]
            for row in range(len(shown.cells) - 1)
        ]
        full = cells.with_totals(body)  # type: ignore[arg-type]  # every None was guessed
        if all(one in (None, full[r][c]) for r, line in enumerate(shown.cells) for c, one in enumerate(line)):
            fitting.append(tuple(full[row][column] for row, column in unknown))
    return fitting


@pytest.mark.parametrize("seed", range(6))
def test_the_attacker_finds_what_trying_every_table_finds(seed: int) -> None:
    chance = random.Random(seed)
    table = [[chance.randint(0, 3) for _ in range(2)] for _ in range(2)]
    shown = Shown(
        tuple(
            tuple(
                None if row < 2 and column < 2 and (row, column) != (1, 1) else one for column, one in enumerate(line)
            )
            for row, line in enumerate(cells.with_totals(table))
        ),
        {},
    )
    attacker = Attacker(shown)
    tables = every_table(shown, 7)
    for number, place in enumerate(attacker.unknown):
        found = [one[number] for one in tables]
        assert attacker.bounds(place) == (min(found), max(found))
        up, down = cells.room(cells.with_totals(table), attacker.unknown, place, 99)
        true = cells.with_totals(table)[place[0]][place[1]]
        assert (true - down, true + up) == (min(found), max(found))


def only_small(table: list[Row], k: int) -> Shown:
    """Hide the small cells and nothing else: the twin without guards."""
    full = cells.with_totals(table)
    hidden = {(r, c): Why.SMALL for r, line in enumerate(full) for c, one in enumerate(line) if one < k}
    return Shown(tuple(tuple(None if one < k else one for one in line) for line in full), hidden)


def one_guard_a_line(table: list[Row], k: int) -> Shown:
    """Hide the small cells and one more in lines with a single hidden one: the twin that forgets widths."""
    shown = only_small(table, k)
    hidden = dict(shown.hidden)
    for row in range(len(shown.cells)):
        inside = [(row, column) for column in range(len(shown.cells[0]))]
        if sum(one in hidden for one in inside) == 1:
            hidden[next(one for one in inside if one not in hidden)] = Why.GUARDS
    return Shown(
        tuple(
            tuple(None if (r, c) in hidden else one for c, one in enumerate(line)) for r, line in enumerate(shown.cells)
        ),
        hidden,
    )


@pytest.mark.parametrize("twin", [only_small, one_guard_a_line])
def test_a_twin_that_guards_too_little_is_caught(twin: object) -> None:
    chance = random.Random(3)
    tables = [random_table(chance) for _ in range(40)]
    caught = sum(bool(Attacker(twin(table, K)).too_tight(K)) for table in tables)  # type: ignore[operator]
    assert caught >= 10


def test_a_small_cell_takes_three_more_with_it_and_no_total() -> None:
    shown = hide_in_table([[2, 10, 20], [9, 30, 40], [50, 60, 70]])
    assert shown.cells == ((None, None, 20, 32), (None, None, 40, 79), (50, 60, 70, 180), (61, 100, 130, 291))
    assert Counter(shown.hidden.values()) == {Why.SMALL: 1, Why.GUARDS: 3}


def test_a_table_without_small_cells_is_told_whole() -> None:
    assert not hide_in_table([[5, 6], [7, 8]]).hidden


def test_a_table_of_very_few_is_not_told_at_all() -> None:
    assert all(one is None for line in hide_in_table([[1, 0], [0, 2]]).cells for one in line)


def test_zeros_are_told_only_where_the_rule_says_so() -> None:
    assert hide_in_table([[0, 9], [9, 9]]).hidden
    assert not hide_in_table([[0, 9], [9, 9]], zeros=False).hidden


@pytest.mark.parametrize("seed", range(30))
def test_of_a_list_and_its_total_nothing_hidden_is_bound_tighter_than_k(seed: int) -> None:
    chance = random.Random(seed)
    counts = [chance.randint(0, chance.choice([3, 9, 30])) for _ in range(chance.randint(1, 9))]
    hidden = hide_in_list(counts)
    together = sum(counts[place] for place in hidden)
    assert all((place in hidden) or count >= K for place, count in enumerate(counts))
    if hidden and len(hidden) < len(counts):
        assert len(hidden) >= 2
        assert together >= K  # each of them may be anything from nobody to all of them
    assert hide_in_list([7, 8]) == {}
    assert hide_in_list([2, 7, 8]) == {0: Why.SMALL, 1: Why.GUARDS}


def two_reports(chance: random.Random) -> tuple[Report, Report]:
    """Return a wide report and one within it, each as it is told: real zeros, small groups, and what guards them."""
    groups = "ABCDEF"[: chance.randint(1, 6)]
    greatest, empty = chance.choice([3, 9, 30]), chance.choice([0.0, 0.4])
    narrow, more = (
        [0 if chance.random() < empty else chance.randint(0, greatest) for _ in groups] for _ in ("narrow", "more")
    )
    wide = [one + other for one, other in zip(narrow, more, strict=True)]
    told = []
    for counts in (wide, narrow):
        hidden = hide_in_list(counts) if chance.random() < 0.8 else {}
        told.append(Report(dict(zip(groups, counts, strict=True)), frozenset(groups[place] for place in hidden)))
    return told[0], told[1]


def bound_by_both(wide: Report, narrow: Report) -> set[Told]:
    """Return what the attacker with the linear programme bounds: he writes both reports as one table of two rows."""
    keys = sorted(wide.counts)
    inner = [[report.counts[key] for key in keys] for report in (narrow, wide)]
    rows = {"narrow": [*inner[0], sum(inner[0])], "wide": [*inner[1], sum(inner[1])]}
    rows["difference"] = [one - other for one, other in zip(rows["wide"], rows["narrow"], strict=True)]
    order, hidden = ["narrow", "difference", "wide"], {"narrow": narrow.hidden, "wide": wide.hidden}
    cells_told = tuple(
        tuple(
            None if where == "difference" or key in hidden[where] else rows[where][place]
            for place, key in enumerate([*keys, ""])
        )
        for where in order
    )
    attacker = Attacker(Shown(cells_told, {}))
    found = set()
    for row, column in attacker.unknown:
        if column < len(keys) and 0 < rows[order[row]][column] < K:
            low, high = attacker.bounds((row, column))
            if high is not None and high - low < K:
                found.add(Told(keys[column], order[row], low, high))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_what_two_reports_tell_is_exactly_what_the_attacker_bounds(seed: int) -> None:
    chance = random.Random(seed)
    told = 0
    for _ in range(40):
        wide, narrow = two_reports(chance)
        expected = bound_by_both(wide, narrow)
        assert set(told_by_both(wide, narrow)) == expected, (wide, narrow)
        told += bool(expected)
    assert told >= 5


def test_a_twin_that_only_subtracts_what_both_show_misses_some() -> None:
    def subtracted(wide: Report, narrow: Report) -> set[tuple[str, str]]:
        shown = [key for key in wide.counts if key not in wide.hidden | narrow.hidden]
        return {(key, "difference") for key in shown if 0 < wide.counts[key] - narrow.counts[key] < K}

    chance = random.Random(3)
    pairs = [two_reports(chance) for _ in range(80)]
    missed = [{(one.group, one.where) for one in bound_by_both(*pair)} - subtracted(*pair) for pair in pairs]
    assert sum(map(bool, missed)) >= 5


def test_two_reports_told_one_after_the_other() -> None:
    year = Report({"Алматы": 20, "Астана": 30})
    month = Report({"Алматы": 18, "Астана": 10})
    assert told_by_both(year, month) == (Told("Алматы", "difference", 2, 2),)
    assert told_by_both(year, Report({"Алматы": 12, "Астана": 10})) == ()
    assert told_by_both(year, year) == ()


def test_what_one_reader_was_not_told_and_another_report_says() -> None:
    public = Report({"A": 3, "B": 9, "C": 20}, frozenset({"A", "B"}))
    partner = Report({"A": 3, "B": 9, "C": 20})
    assert told_by_both(public, partner) == (Told("A", "wide", 3, 3),)
    assert told_by_both(public, public) == ()
    assert told_by_both(public, Report({"A": 3, "B": 9, "C": 20}, frozenset({"A"}))) == (
        Told("A", "narrow", 3, 3), Told("A", "wide", 3, 3),
    )  # fmt: skip


def test_a_report_in_which_something_was_taken_back_tells_nothing_by_subtraction() -> None:
    assert told_by_both(Report({"A": 8, "B": 20}), Report({"A": 9, "B": 18})) == (Told("B", "difference", 2, 2),)
    assert told_by_both(Report({"A": 8}), Report({"A": 9})) == ()


def test_a_union_check_that_only_looks_at_equal_groups_is_caught() -> None:
    """What is hidden in both may still follow from two totals."""
    wide = Report({"A": 3, "B": 6, "C": 20}, frozenset({"A", "B"}))
    narrow = Report({"A": 1, "B": 6, "C": 20}, frozenset({"A", "B"}))
    assert {one.group for one in told_by_both(wide, narrow)} == {"A"}
