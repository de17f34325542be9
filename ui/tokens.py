"""The colours, spaces and sizes of the desk: the table of docs' look page as two frozen sets.

Contrast of every pair is computed by a test (text 4.5, edges 3.0). No other file names a colour.
"""

from __future__ import annotations

from dataclasses import dataclass

SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6, SPACE_8 = 4, 8, 12, 16, 24, 32
SMALL, BODY, TITLE = 12, 14, 20
RADIUS, CARD_RADIUS = 4, 8
CONTROL, UNLOCK_FIELD, CHIP, ROW, ROW_LIMIT = 32, 40, 26, 60, 76
RAIL_WIDTH, RAIL_NARROW, TOP_BAR = 105, 44, 53
WIDE, MIDDLE = 1180, 900
"""From WIDE a room may show three panes, from MIDDLE two, below that one column."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """One set of colours, as ``#RRGGBB``."""

    dark: bool
    ground: str
    surface: str
    sunken: str
    rail: str
    line: str
    edge: str
    text: str
    quiet: str
    accent: str
    on_accent: str
    select: str
    accent_weak: str
    danger: str
    danger_weak: str
    warn: str
    warn_weak: str
    ok: str
    ok_weak: str
    held: str
    held_weak: str


LIGHT = Tokens(
    dark=False,
    ground="#F5F4F0",
    surface="#FFFFFF",
    sunken="#EDEBE5",
    rail="#ECEAE4",
    line="#DFDCD4",
    edge="#87837A",
    text="#1E2226",
    quiet="#575C61",
    accent="#1B5B78",
    on_accent="#FFFFFF",
    select="#D9E9F0",
    accent_weak="#E0EDF3",
    danger="#A12C1B",
    danger_weak="#FBEAE5",
    warn="#7A4F00",
    warn_weak="#FAF0D8",
    ok="#22663F",
    ok_weak="#E3F2E8",
    held="#55458A",
    held_weak="#ECE8F6",
)

DARK = Tokens(
    dark=True,
    ground="#15181B",
    surface="#1D2125",
    sunken="#111315",
    rail="#111416",
    line="#31373D",
    edge="#7C858D",
    text="#E9E7E2",
    quiet="#A7ADB3",
    accent="#7DBAD8",
    on_accent="#0C1A21",
    select="#22404F",
    accent_weak="#1C313C",
    danger="#F29884",
    danger_weak="#3B231E",
    warn="#E4B95F",
    warn_weak="#352B16",
    ok="#82C79E",
    ok_weak="#1B3226",
    held="#BBACEA",
    held_weak="#2B2640",
)

TONES = ("text", "quiet", "accent", "danger", "warn", "ok", "held")
"""The tones a word or an icon may take."""


def luminance(colour: str) -> float:
    """Return the WCAG 2.x relative luminance of ``#RRGGBB``."""

    def linear(byte: int) -> float:
        part = byte / 255
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG's formula

    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    """Return the WCAG 2.x contrast ratio of two colours, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
