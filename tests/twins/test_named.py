"""Every leaky twin of the register is caught under its name, and docs/leaky-twins.md lists exactly these."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.kzdoc.leakcheck import own_words, pack_twins, picture_twins, scan_twins
from tests.kzdoc.report import cases
from tests.twins import namesakes
from tests.twins.named import TWINS, Twin, clean, codes_of, file_named, interference

PAGE = Path(__file__).resolve().parents[2] / "docs" / "leaky-twins.md"
ASKED = [
    "box over text",
    "white text",
    "Tr 3 text",
    "0.1-pt text",
    "off-page text",
    "text under image",
    "clipped text",
    "ActualText",
    "Alt",
    "bookmark",
    "annotation popup",
    "form value",
    "link URI",
    "/Info Title",
    "XMP",
    "embedded file",
    "JavaScript string",
    "second revision",
    "unreferenced object",
    "object-stream-only object",
    "font subset with extra glyphs",
    "ToUnicode-only leak",
    "glyph-advance leak (TJ offsets)",
    "token width = name width",
    "page count varies",
    "EXIF GPS",
    "EXIF thumbnail",
    "PNG tEXt",
    "PNG tail (aCropalypse)",
    "blur instead of mask",
    "file name",
    "UTF-16BE string",
    "Latin transliteration",
    "genitive form",
    "homoglyph form",
    "IIN split by spaces",
    "pseudonym = DB id",
    "unsalted SHA-256 of name",
]
"""What an oracle of redaction must catch, by the names the threat study gives them."""
ROW = re.compile(r"^\| ([TX]\d\d) \| (.+?) \| (.+?) \| (.+?) \| `([\w.-]+)` \|$", re.MULTILINE)


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: f"{twin.id} {twin.name}")
def test_each_twin_is_caught_by_its_name(twin: Twin) -> None:
    assert twin.code in twin.codes()


def test_without_a_leak_nothing_is_caught() -> None:
    assert codes_of(clean()) == set()
    assert file_named("kzdoc-public-ru.pdf") == set()
    assert interference(lambda _name: cases.russian_case()) == set()
    for elsewhere in (namesakes.NAMESAKE, namesakes.OFFICIAL, {}):
        assert namesakes.paper(None, **elsewhere) == set()
        assert namesakes.paper("Данияра Тестова увезли.", "Тестов Марат", **elsewhere) == set()
        assert namesakes.table(".csv", "увезли", **elsewhere) == namesakes.table(".xlsx", "", **elsewhere) == set()
    assert own_words.paper() == own_words.table(".csv", "жиын") == own_words.table(".xlsx", "жиын") == set()
    assert picture_twins.check(picture_twins.clean_png()) == picture_twins.check(picture_twins.clean_jpeg()) == set()
    assert scan_twins.codes(scan_twins.pages()) == set()
    assert pack_twins.rules(pack_twins.pack()) == set()


def test_every_twin_that_was_asked_for_is_there() -> None:
    assert [twin.name for twin in TWINS if twin.id.startswith("T")] == ASKED
    assert len(ASKED) >= 37


def faults(page: str) -> list[str]:
    """Return what is wrong with the page, a line each."""
    rows = {row[0]: (row[1], row[2], row[4]) for row in ROW.findall(page)}
    known = {twin.id: (twin.name, twin.of, twin.code) for twin in TWINS}
    found = [f"{one}: not on the page" for one in known.keys() - rows.keys()]
    found += [f"{one}: no test" for one in rows.keys() - known.keys()]
    found += [f"{one}: said otherwise" for one in rows.keys() & known.keys() if rows[one] != known[one]]
    counted = re.search(r"(\d+) of (\d+) are caught", page)
    asked = sum(one.startswith("T") for one in known)
    found += [] if counted and counted.groups() == (str(len(known)), str(len(known))) else ["the number is another"]
    found += [] if f"{asked} of them" in page else ["the number of those asked for is another"]
    return sorted(found)


def test_the_page_lists_every_twin_with_its_code() -> None:
    assert faults(PAGE.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("| T05 | off-page text", "| T95 | off-page text", "T05: not on the page"),
        ("| T05 | off-page text", "| T95 | off-page text", "T95: no test"),
        ("`layout.off-page`", "`layout.tiny`", "T05: said otherwise"),
        ("are caught", "are not caught", "the number is another"),
    ],
)
def test_a_row_without_a_test_would_be_caught(old: str, new: str, fault: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert old in page
    assert fault in faults(page.replace(old, new))
