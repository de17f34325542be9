"""The one style sheet: borders, radius, focus. Everything else is Fusion and the palette.

Heights live here and nowhere else, because a sheet's ``min-height`` beats ``setFixedHeight``. Every rule names its
selector, because a bare ``min-height`` set on one widget also reaches its children. A widget says what it is by the
dynamic property ``look`` (main, link, icon, card, …), ``scale`` (small, title; ``size`` is Qt's own) and ``tone`` (a
token's name).
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from kzdoc.resources import resource
from ui.tokens import BODY, SMALL, TITLE, TONES, Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

_SHEET = Template("""
* { widget-animation-duration: 0; }
QToolTip { background: $surface; color: $text; border: 1px solid $edge; padding: 4px; }
QLabel { background: transparent; }
QLabel[scale="small"] { font-size: ${px_small}px; }
QLabel[scale="title"] { font-size: ${px_title}px; font-weight: bold; }
QLabel[weight="bold"] { font-weight: bold; }
QPushButton { background: $surface; color: $text; border: 1px solid $edge; border-radius: 4px; padding: 5px 12px;
  min-height: ${h20}px; }
QPushButton:hover { background: $sunken; }
QPushButton:pressed { background: $select; }
QPushButton:focus { border: 2px solid $accent; padding: 4px 11px; }
QPushButton:disabled { background: $sunken; color: $quiet; border-color: $line; }
QPushButton[look="main"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: bold; }
QPushButton[look="main"]:hover { border-color: $text; }
QPushButton[look="main"]:focus { border: 2px solid $text; }
QPushButton[look="main"]:disabled { background: $sunken; color: $quiet; border-color: $line; }
QPushButton[look="link"] { background: transparent; color: $accent; border: 1px solid transparent; padding: 5px 8px; }
QPushButton[look="link"]:hover { background: $sunken; }
QPushButton[look="link"]:focus { border: 2px solid $accent; padding: 4px 7px; }
QPushButton[look="link"]:disabled { color: $quiet; }
QPushButton[look="icon"] { background: transparent; border: 1px solid transparent; padding: 5px; min-width: 20px; }
QPushButton[look="icon"]:hover { background: $sunken; }
QPushButton[look="icon"]:focus { border: 2px solid $accent; padding: 4px; }
QPushButton[look="tall"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: bold;
  min-height: ${h28}px; }
QPushButton[look="tall"]:focus { border: 2px solid $text; }
QPushButton[look="tall"]:disabled { background: $sunken; color: $quiet; border-color: $line; }
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox { background: $surface; color: $text;
  border: 1px solid $edge; border-radius: 4px; selection-background-color: $accent;
  selection-color: $on_accent; }
QLineEdit { padding: 4px 9px; min-height: ${h22}px; }
QLineEdit[look="tall"] { min-height: ${h30}px; }
QLineEdit:focus { border: 2px solid $accent; padding: 3px 8px; }
QLineEdit:read-only { background: $sunken; }
QPlainTextEdit, QTextEdit { padding: 5px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $accent; padding: 4px; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] { border-color: $danger; }
QComboBox { padding: 4px 28px 4px 9px; min-height: ${h20}px; }
QComboBox:focus { border: 2px solid $accent; padding: 3px 27px 3px 8px; }
QComboBox::drop-down { border: 0; width: 28px; }
QComboBox::down-arrow { image: url("$down"); width: 16px; height: 16px; }
QComboBox QAbstractItemView { background: $surface; color: $text; border: 1px solid $edge; padding: 4px;
  selection-background-color: $select; selection-color: $text; }
QCheckBox { spacing: 8px; min-height: 24px; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $edge; border-radius: 4px; background: $surface; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$check"); }
QCheckBox::indicator:focus { border: 2px solid $accent; }
QCheckBox:focus { color: $accent; }
QFrame[look="card"] { background: $surface; border: 1px solid $line; border-radius: 8px; }
QFrame[look="surface"] { background: $surface; }
QFrame[look="rule"] { background: $line; border: 0; min-height: 1px; max-height: 1px; }
QFrame[look="toast"] { background: $surface; border: 1px solid $edge; border-radius: 4px; }
QFrame[look="palette"] { background: $surface; border: 1px solid $edge; border-radius: 8px; }
QFrame[look="top"] { background: $ground; border: 0; border-bottom: 1px solid $line; }
QFrame[look="foot"] { background: $surface; border: 0; border-top: 1px solid $line; }
QFrame[look="rail"] { background: $rail; border: 0; border-right: 1px solid $line; }
QFrame[look="side"] { background: $surface; border: 0; border-left: 1px solid $line; }
QFrame[look="preview"] { background: $sunken; border: 0; border-left: 1px solid $line; }
QFrame[look="list"] { background: $surface; border: 0; border-right: 1px solid $line; }
QToolButton[look="rail"] { background: transparent; color: $quiet; border: 2px solid transparent; border-radius: 4px;
  font-size: ${px_small}px; padding: 4px 0; }
QToolButton[look="rail"]:hover { background: $sunken; }
QToolButton[look="rail"]:checked { background: $accent_weak; color: $accent; font-weight: bold; }
QToolButton[look="rail"]:focus { border-color: $accent; }
QListView, QTreeView, QTableView { background: $surface; border: 0; outline: 0; selection-background-color: $select;
  selection-color: $text; alternate-background-color: $surface; gridline-color: $line; }
QListView[look="framed"] { border: 1px solid $edge; border-radius: 4px; }
QListView[look="framed"]::item { padding: 4px; }
QListView[look="framed"]::item:selected { background: $select; color: $text; }
QListView[look="framed"]:focus { border: 2px solid $accent; }
QListView[look="framed"]::indicator { width: 16px; height: 16px; border: 1px solid $edge; border-radius: 4px;
  background: $surface; }
QListView[look="framed"]::indicator:indeterminate { background: $accent_weak; border: 2px solid $accent; }
QListView[look="framed"]::indicator:checked { background: $accent; border-color: $accent; image: url("$check"); }
QTableView::item { padding: 0 8px; }
QHeaderView::section { background: $surface; color: $quiet; border: 0; border-bottom: 1px solid $edge; padding: 8px;
  font-size: ${px_small}px; }
QScrollArea { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget#page { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: $edge; border-radius: 3px; min-height: 24px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:horizontal { background: $edge; border-radius: 3px; min-width: 24px; margin: 2px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: $sunken; border: 0; border-radius: 2px; min-height: 4px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QMenu { background: $surface; border: 1px solid $edge; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $select; color: $text; }
""")

_TONE = Template("""
QLabel[tone="$name"] { color: $colour; }
QPushButton[tone="$name"] { color: $colour; }
""")

_BANNER = Template("""
QFrame[look="banner-$name"] { background: $weak; border: 1px solid $colour; border-radius: 8px; }
QFrame[look="mark-$name"] { background: $weak; border: 0; border-radius: 4px; }
""")


def write_sheet(tokens: Tokens, px: Callable[[int], int]) -> str:
    """Return the style sheet of one set of colours; ``px`` multiplies a length by the zoom."""
    kind = "dark" if tokens.dark else "light"
    values = {name: str(getattr(tokens, name)) for name in Tokens.__slots__}
    values |= {
        "px_small": str(px(SMALL)),
        "px_body": str(px(BODY)),
        "px_title": str(px(TITLE)),
        "h20": str(px(20)),
        "h22": str(px(22)),
        "h28": str(px(28)),
        "h30": str(px(30)),
        "down": resource("icons", f"sheet-down-{kind}.svg").as_posix(),
        "check": resource("icons", f"sheet-check-{kind}.svg").as_posix(),
    }
    parts = [_SHEET.substitute(values)]
    parts += [_TONE.substitute(name=tone, colour=values[tone]) for tone in TONES]
    parts += [
        _BANNER.substitute(name=n, colour=values[n], weak=values[f"{n}_weak"]) for n in ("danger", "warn", "ok", "held")
    ]
    parts.append(_BANNER.substitute(name="info", colour=values["edge"], weak=values["surface"]))
    parts.append(_BANNER.substitute(name="quiet", colour=values["line"], weak=values["sunken"]))
    return "".join(parts)
