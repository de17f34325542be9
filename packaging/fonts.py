#!/usr/bin/env python3
"""Make resources/fonts/ out of Debian's Noto fonts (package fonts-noto-core): ``python packaging/fonts.py``.

The paper and the desk use the same two files. They hold Latin with every letter of the Kazakh Latin alphabets,
Cyrillic with every Kazakh letter, punctuation, currency signs, superscripts; comparison signs and arrows, which
Noto Sans lacks, are taken over from Noto Sans Math (same designer, same licence, same units per em). Noto reserves
no font name, so the family keeps its own; the OFL text and the copyright lines stand beside the files.

The result does not depend on when it is made: the fonts' own time stamps are kept.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/truetype/noto")
TARGET = Path(__file__).resolve().parent.parent / "resources" / "fonts"

RANGES = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x017F),  # Latin-1, Latin Extended-A: ñ ń ó ú ı ş ğ ö ü ū ŋ ä ž …
    (0x0186, 0x0186),
    (0x018F, 0x018F),  # Ə
    (0x01F4, 0x01F5),  # ǵ
    (0x0218, 0x021B),
    (0x0259, 0x0259),  # ə
    (0x02BB, 0x02BC),
    (0x0300, 0x0304),  # combining accents, for what does not compose
    (0x0306, 0x030C),
    (0x0327, 0x0328),
    (0x0400, 0x052F),  # Cyrillic whole: Russian, Kazakh, Uyghur, Tatar, Kyrgyz, Ukrainian
    (0x1E9E, 0x1E9E),
    (0x2009, 0x200A),
    (0x2010, 0x2015),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x202F, 0x2030),
    (0x2032, 0x2033),
    (0x2039, 0x203A),
    (0x2044, 0x2044),
    (0x2070, 0x2071),
    (0x2074, 0x208E),
    (0x20AC, 0x20AC),
    (0x20B8, 0x20B8),  # ₸
    (0x20BD, 0x20BD),
    (0x2116, 0x2116),  # №
    (0x2122, 0x2122),
)
BORROWED = "−≈≠≤≥←↑→↓"  # from Noto Sans Math


def wanted() -> set[int]:
    """Return the code points taken from Noto Sans."""
    return {code for first, last in RANGES for code in range(first, last + 1)}


def borrow(font: TTFont, donor: TTFont) -> None:
    """Copy the outlines of ``BORROWED`` from ``donor`` into ``font``, which must have the same units per em."""
    if font["head"].unitsPerEm != donor["head"].unitsPerEm:
        raise SystemExit("units per em differ")
    donor_map, glyphs = donor.getBestCmap(), donor.getGlyphSet()
    order = font.getGlyphOrder()
    for character in BORROWED:
        name = f"uni{ord(character):04X}"
        if name in order:
            continue
        pen = TTGlyphPen(glyphs)
        glyphs[donor_map[ord(character)]].draw(pen)
        font["glyf"][name] = pen.glyph()
        font["hmtx"][name] = donor["hmtx"][donor_map[ord(character)]]
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[ord(character)] = name
    font["maxp"].numGlyphs = len(font.getGlyphOrder())


def make(style: str) -> Path:
    """Write NotoSans-``style``.ttf into resources/fonts/ and return its path."""
    font = TTFont(SOURCE / f"NotoSans-{style}.ttf", recalcTimestamp=False)
    borrow(font, TTFont(SOURCE / "NotoSansMath-Regular.ttf"))
    options = Options()
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14, 16, 17]
    options.layout_features = ["kern", "mark", "mkmk", "locl", "ccmp"]
    options.drop_tables += ["DSIG"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted() | {ord(character) for character in BORROWED})
    subsetter.subset(font)
    target = TARGET / f"NotoSans-{style}.ttf"
    font.save(target)
    return target


def main() -> int:
    """Make both files and say how large they are."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for style in ("Regular", "Bold"):
        path = make(style)
        sys.stdout.write(f"{path.name} {path.stat().st_size}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
