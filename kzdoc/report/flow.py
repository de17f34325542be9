"""The flow of a paper: headings, rows, paragraphs, lists and notes, and how they are shared out over pages.

Rules: a line is never clipped; a heading never stands alone at the foot of a page; a paragraph leaves at least two
lines on either side of a page's end; a row or an entry of a list stays whole when it is short; a note stands at the
foot of the page that cites it first, and goes on at the next page's foot when there is no room. Pure: no canvas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kzdoc.redaction.tokens import ViewText
from kzdoc.report.setting import (
    BODY,
    HEADING,
    LABEL,
    SMALL,
    SMALL_INK,
    TITLE,
    Atom,
    Line,
    Style,
    note_mark,
    own_atoms,
    paragraphs,
    set_lines,
    text_atoms,
    value_atoms,
)

TEXT_WIDTH = 463.0
LABEL_WIDTH = 136.0
VALUE_X = 150.0
NOTE_INDENT = 14.0
WHOLE = 5  # lines up to which a block is never split
RULE_HEIGHT = 9.0
NOTES_MOST = 0.45  # of a page's height


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together, the air above them, and whether the next block must begin on the same page."""

    lines: tuple[Line, ...]
    before: float = 0.0
    keep: bool = False
    rule: bool = False  # a hairline above


@dataclass(slots=True)
class Sheet:
    """One page: its lines with their distance from the top, hairlines, and the notes at its foot."""

    lines: list[tuple[float, Line, int]] = field(default_factory=list)  # (top, line, number of its block)
    rules: list[float] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    used: float = 0.0


@dataclass(frozen=True, slots=True)
class _Step:
    line: Line
    before: float
    stay: bool
    block: int
    rule: bool


def title_value(value: ViewText) -> Block:
    """Return the one title of a paper, made of a view's text."""
    return Block(tuple(set_lines(value_atoms(value, TITLE), TEXT_WIDTH, TITLE)), keep=True)


def heading(text: str) -> Block:
    """Return a section's heading in words of the program, kept with what follows."""
    return Block(tuple(set_lines(own_atoms(text, HEADING), TEXT_WIDTH, HEADING)), before=30, keep=True, rule=True)


def entry(parts: Sequence[Atom], *, before: float = 12.0) -> Block:
    """Return the heading of one entry of a section, kept with what follows."""
    return Block(tuple(set_lines(parts, TEXT_WIDTH, BODY)), before=before, keep=True)


def paragraph(parts: Sequence[Atom], *, style: Style = BODY, before: float = 6.0, keep: bool = False) -> Block:
    """Return a paragraph over the whole width."""
    return Block(tuple(set_lines(parts, TEXT_WIDTH, style)), before=before, keep=keep)


def narrative(value: ViewText, *, notes: Sequence[int] = (), style: Style = BODY) -> list[Block]:
    """Return a narrative's paragraphs; the notes are cited at its end."""
    pieces = paragraphs(value)
    blocks = []
    for at, piece in enumerate(pieces):
        atoms = value_atoms(piece, style)
        if at == len(pieces) - 1:
            atoms += marks(notes, style)
        blocks.append(paragraph(atoms, style=style))
    return blocks


def marks(notes: Sequence[int], style: Style) -> list[Atom]:
    """Return the raised numbers of ``notes``, with commas between them."""
    atoms: list[Atom] = []
    for number in notes:
        if atoms:
            atoms.append(replace(atoms[-1], text=",", note=0))
        atoms.append(note_mark(number, style))
    return atoms


def row(label: str, values: Sequence[Sequence[Atom]], *, before: float = 4.0, keep: bool = False) -> Block:
    """Return a label of the program and its values side by side; each value begins a line of its own."""
    left = set_lines(own_atoms(label, LABEL), LABEL_WIDTH, LABEL)
    right = [line for value in values for line in set_lines(value, TEXT_WIDTH - VALUE_X, BODY, x=VALUE_X, column=1)]
    return Block(side_by_side(left, right), before=before, keep=keep)


def dated(date: Sequence[Atom], text: Sequence[Atom], *, before: float = 5.0) -> Block:
    """Return one line of a timeline: when, and what."""
    left = set_lines(date, LABEL_WIDTH, LABEL)
    right = set_lines(text, TEXT_WIDTH - VALUE_X, BODY, x=VALUE_X, column=1)
    return Block(side_by_side(left, right), before=before)


def note_lines(number: int, text: Sequence[Atom]) -> tuple[Line, ...]:
    """Return a note as it stands at a page's foot."""
    left = set_lines(text_atoms(str(number), SMALL), NOTE_INDENT, SMALL)
    right = set_lines(text, TEXT_WIDTH - NOTE_INDENT, SMALL_INK, x=NOTE_INDENT, column=1)
    return side_by_side(left, right)


def side_by_side(left: Sequence[Line], right: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines of two columns, the first beside the first."""
    lines = []
    for at in range(max(len(left), len(right))):
        pair = [column[at] for column in (left, right) if at < len(column)]
        lines.append(Line(tuple(atom for line in pair for atom in line.atoms), max(line.height for line in pair)))
    return tuple(lines)


def _steps(blocks: Iterable[Block]) -> list[_Step]:
    steps = []
    for number, block in enumerate(blocks):
        last = len(block.lines) - 1
        for at, line in enumerate(block.lines):
            near_edge = at in (0, last - 1) and last > 0
            stay = block.keep if at == last else last < WHOLE or near_edge
            steps.append(_Step(line, block.before if at == 0 else 0.0, stay, number, block.rule and at == 0))
    return steps


def _runs(steps: Sequence[_Step]) -> list[list[_Step]]:
    runs: list[list[_Step]] = [[]]
    for step in steps:
        runs[-1].append(step)
        if not step.stay:
            runs.append([])
    return [run for run in runs if run]


class _Filling:
    """Shares lines out over sheets of one height; open only while ``fill`` works."""

    def __init__(self, height: float, notes: Mapping[int, tuple[Line, ...]]) -> None:
        self.height = height
        self.notes = notes
        self.set: set[int] = set()
        self.waiting: list[Line] = []
        self.sheets = [Sheet()]

    def note_room(self, extra: float) -> float:
        lines = self.sheets[-1].notes
        total = sum(line.height for line in lines) + extra
        return total + RULE_HEIGHT if total else 0.0

    def fits(self, run: Sequence[_Step]) -> bool:
        sheet = self.sheets[-1]
        air = sum(step.before for step in (run if sheet.lines else run[1:]))
        cited = {number for step in run for number in step.line.notes if number in self.notes} - self.set
        extra = sum(line.height for number in cited for line in self.notes[number])
        body = sheet.used + air + sum(step.line.height for step in run)
        return body + self.note_room(extra) <= self.height

    def turn(self) -> None:
        self.sheets.append(Sheet())
        waiting, self.waiting = self.waiting, []
        self.add_notes(waiting)

    def place(self, step: _Step) -> None:
        sheet = self.sheets[-1]
        if sheet.lines:
            sheet.used += step.before
        if step.rule and sheet.lines:
            sheet.rules.append(sheet.used - step.before * 0.4)
        sheet.lines.append((sheet.used, step.line, step.block))
        sheet.used += step.line.height
        for number in step.line.notes:
            if number in self.notes and number not in self.set:
                self.set.add(number)
                self.add_notes(self.notes[number])

    def add_notes(self, lines: Sequence[Line]) -> None:
        sheet = self.sheets[-1]
        for line in lines:
            room = self.note_room(line.height)
            if self.waiting or room > self.height - sheet.used or room > self.height * NOTES_MOST:
                self.waiting.append(line)
            else:
                sheet.notes.append(line)


def fill(blocks: Sequence[Block], notes: Mapping[int, tuple[Line, ...]], height: float) -> list[Sheet]:
    """Return the sheets that hold ``blocks`` and ``notes``, each ``height`` points high."""
    filling = _Filling(height, notes)
    for run in _runs(_steps(blocks)):
        if not filling.fits(run) and filling.sheets[-1].lines:
            filling.turn()
        if filling.fits(run):
            for step in run:
                filling.place(step)
            continue
        for step in run:
            if not filling.fits([step]) and filling.sheets[-1].lines and filling.sheets[-1].used > height / 2:
                filling.turn()
            filling.place(step)
    while filling.waiting:
        filling.turn()
    return filling.sheets
