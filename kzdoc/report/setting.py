"""Typesetting: pieces of text into lines of a given width.

Rules: left-aligned, one space is one space (no justified text, no kerning, no letter spacing: the width of a line
says nothing but its letters); a token is a chip whose width is the same for every token, whatever it stands for; a
character the embedded font does not have (an emoji in a quoted message) stands as its number, ``[U+1F600]``, never as
an empty box. Characters that print nothing (soft hyphen, joiners, direction marks, which picture of a sign is meant)
are left out. Widths in points.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from kzdoc.redaction.tokens import Own, Token, ViewText
from kzdoc.remembering import remembering
from kzdoc.resources import resource

FONTS = {"kzdoc-regular": "NotoSans-Regular.ttf", "kzdoc-bold": "NotoSans-Bold.ttf"}

INK = "#1E2226"
QUIET = "#575C61"
LINE = "#DFDCD4"
HELD = "#55458A"
HELD_WEAK = "#ECE8F6"

CHIP_WIDTH = 74.0
CHIP_PADDING = 5.0
CHIP_GAP = 1.5
BREAK_AFTER = "-–—/"
NOT_SPACES = "\u00a0\u2007\u202f"
_PICTURE = re.compile("[\ufe00-\ufe0f]")
"""Marks that choose between two pictures of a sign."""


@dataclass(frozen=True, slots=True)
class Style:
    """A face, a size and a colour; ``leading`` is the distance of baselines."""

    font: str
    size: float
    leading: float
    colour: str = INK


TITLE = Style("kzdoc-bold", 18, 24)
HEADING = Style("kzdoc-bold", 10, 15)
BODY = Style("kzdoc-regular", 10, 15)
STRONG = Style("kzdoc-bold", 10, 15)
LABEL = Style("kzdoc-regular", 10, 15, QUIET)
SMALL = Style("kzdoc-regular", 8, 11.5, QUIET)
SMALL_INK = Style("kzdoc-regular", 8, 11.5)
CHIP = Style("kzdoc-regular", 8, 15, HELD)


@dataclass(frozen=True, slots=True)
class Atom:
    """Something set in one go: text, a chip with its label, or the small raised number of a note.

    ``own``: the words are the program's, not somebody's.
    """

    text: str
    style: Style
    chip: bool = False
    raised: bool = False
    note: int = 0
    x: float = 0.0
    column: int = 0
    own: bool = False

    @property
    def width(self) -> float:
        """Return the width in points."""
        if not self.chip:
            return text_width(self.text, self.style)
        inside = text_width(self.text, self.style) + 2 * CHIP_PADDING
        return CHIP_WIDTH * (1 if inside <= CHIP_WIDTH else 2) + 2 * CHIP_GAP


@dataclass(frozen=True, slots=True)
class Line:
    """Atoms with their places from the left edge of the text, the height the line takes, the notes it cites."""

    atoms: tuple[Atom, ...]
    height: float

    @property
    def notes(self) -> tuple[int, ...]:
        """Return the numbers of the notes cited in this line, in order."""
        return tuple(atom.note for atom in self.atoms if atom.note)


@functools.cache
def register_fonts() -> None:
    """Make the two embedded faces known to ReportLab (once a process)."""
    for name, file in FONTS.items():
        pdfmetrics.registerFont(TTFont(name, str(resource("fonts", file)), asciiReadable=0, shapable=False))


@functools.cache
def glyphs_of(font: str) -> frozenset[int]:
    """Return the code points ``font`` can print."""
    register_fonts()
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


@remembering(20_000)
def _width(text: str, font: str, size: float) -> float:
    register_fonts()
    return float(pdfmetrics.stringWidth(text, font, size))


def text_width(text: str, style: Style) -> float:
    """Return the width of ``text`` in points."""
    return _width(text, style.font, style.size)


def printable(text: str, font: str) -> str:
    """Return ``text`` as it is printed: NFC, without characters that print nothing, tabs as spaces.

    What the font cannot print stands as its number in Unicode, so that a paper always comes out and nothing is lost.
    """
    kept = []
    for character in unicodedata.normalize("NFC", text):
        if character == "\t" or (character.isspace() and character not in NOT_SPACES):
            kept.append(" ")
        elif character in NOT_SPACES:
            kept.append("\u00a0")
        elif unicodedata.category(character) not in ("Cf", "Cc") and not _PICTURE.fullmatch(character):
            code = ord(character)
            kept.append(character if code in glyphs_of(font) else f"[U+{code:04X}]")
    return "".join(kept)


def text_atoms(text: str, style: Style) -> list[Atom]:
    """Return ``text`` as one atom in ``style`` (none when empty)."""
    shown = printable(text, style.font)
    return [Atom(shown, style)] if shown else []


def own_atoms(text: str, style: Style) -> list[Atom]:
    """Return words of the program itself (a label, a heading) as one atom; never what somebody wrote."""
    return [replace(atom, own=True) for atom in text_atoms(text, style)]


def value_atoms(value: ViewText, style: Style) -> list[Atom]:
    """Return the parts of a view's text as atoms: strings in ``style``, tokens as chips."""
    atoms: list[Atom] = []
    for part in value.parts:
        if isinstance(part, Token):
            chip = replace(CHIP, leading=style.leading)
            atoms.append(Atom(printable(part.label, CHIP.font), chip, chip=True, own=True))
        else:
            atoms.extend(own_atoms(part, style) if isinstance(part, Own) else text_atoms(part, style))
    return atoms


def note_mark(number: int, style: Style) -> Atom:
    """Return the raised number that cites note ``number``."""
    return Atom(str(number), replace(style, size=round(style.size * 0.68, 2), colour=QUIET), raised=True, note=number)


def paragraphs(value: ViewText) -> list[ViewText]:
    """Split a narrative at its line ends; empty lines go."""
    rows: list[list[str | Token]] = [[]]
    for part in value.parts:
        if isinstance(part, Token):
            rows[-1].append(part)
            continue
        pieces = part.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        rows[-1].append(pieces[0])
        rows.extend([piece] for piece in pieces[1:])
    return [ViewText(tuple(row)) for row in rows if any(isinstance(part, Token) or part.strip() for part in row)]


def _may_break_after(text: str, at: int) -> bool:
    """Return whether a line may end after the hyphen, dash or slash at ``at``: not inside dates and numbers."""
    return text[at] in BREAK_AFTER and at + 1 < len(text) and text[at - 1].isalpha() and text[at + 1].isalpha()


def _clusters(atoms: Iterable[Atom]) -> list[tuple[list[Atom], bool]]:
    """Cut atoms where a line may end: lists that stay together, and whether a space follows them."""
    clusters: list[tuple[list[Atom], bool]] = []
    current: list[Atom] = []
    for atom in atoms:
        for piece in [atom] if atom.chip or atom.raised else _pieces(atom):
            space = piece.text == " " and not piece.chip
            if not space:
                current.append(piece)
            if space and not current and clusters:
                clusters[-1] = (clusters[-1][0], True)
            elif current and (space or _ends(piece)):
                clusters.append((current, space))
                current = []
    return [*clusters, (current, False)] if current else clusters


def _pieces(atom: Atom) -> list[Atom]:
    """Cut a text at its spaces, which stay as pieces of their own, and after the marks a line may end at."""
    cuts = [0]
    for at, character in enumerate(atom.text):
        if character == " ":
            cuts += [at, at + 1]
        elif at and _may_break_after(atom.text, at):
            cuts.append(at + 1)
    cuts.append(len(atom.text))
    parts = (atom.text[start:end] for start, end in itertools.pairwise(cuts))
    return [replace(atom, text=part) for part in parts if part]


def _ends(piece: Atom) -> bool:
    """Return whether a line may end after a piece because of its last mark (its text goes on after it)."""
    return not piece.chip and not piece.raised and piece.text[-1] in BREAK_AFTER and len(piece.text) > 1


def _broken(cluster: list[Atom], room: float) -> list[list[Atom]]:
    """Cut a cluster wider than a line (an address of a page, a long number) between characters."""
    rows: list[list[Atom]] = [[]]
    used = 0.0
    for atom in cluster:
        pieces = [atom] if atom.chip or atom.raised else [replace(atom, text=character) for character in atom.text]
        for piece in pieces:
            if used + piece.width > room and rows[-1]:
                rows.append([])
                used = 0.0
            rows[-1].append(piece)
            used += piece.width
    return [_joined(row) for row in rows]


def _joined(atoms: Iterable[Atom]) -> list[Atom]:
    """Join neighbours of one style into one atom, so that a line is few strings; a space goes with either."""
    joined: list[Atom] = []
    for atom in atoms:
        last = joined[-1] if joined else None
        plain = last and not (last.chip or last.raised or atom.chip or atom.raised) and last.style == atom.style
        if last and plain and (last.own == atom.own or not (last.text.strip() and atom.text.strip())):
            own = last.own if last.text.strip() else atom.own
            joined[-1] = replace(last, text=last.text + atom.text, own=own)
        else:
            joined.append(atom)
    return joined


def set_lines(atoms: Sequence[Atom], width: float, style: Style, *, x: float = 0.0, column: int = 0) -> list[Line]:
    """Return ``atoms`` broken into lines no wider than ``width``, beginning at ``x``."""
    rows: list[list[Atom]] = [[]]
    used, gap = 0.0, False
    space = Atom(" ", style)
    for cluster, spaced in _clusters(atoms):
        wide = sum(atom.width for atom in cluster)
        lead = space.width if gap and rows[-1] else 0.0
        if rows[-1] and used + lead + wide > width:
            rows.append([])
            used, lead = 0.0, 0.0
        if wide > width:
            first, *rest = _broken(cluster, width)
            rows[-1].extend(first)
            rows.extend(rest)
            used = sum(atom.width for atom in rows[-1])
        else:
            if lead:
                rows[-1].append(replace(space, style=_text_style(rows[-1][-1], style)))
            rows[-1].extend(cluster)
            used += lead + wide
        gap = spaced
    return [_placed(row, style, x, column) for row in rows if row]


def _text_style(atom: Atom, style: Style) -> Style:
    return style if atom.chip or atom.raised else atom.style


def _placed(row: list[Atom], style: Style, x: float, column: int) -> Line:
    placed = []
    for atom in _joined(row):
        placed.append(replace(atom, x=x, column=column))
        x += atom.width
    return Line(tuple(placed), style.leading)
