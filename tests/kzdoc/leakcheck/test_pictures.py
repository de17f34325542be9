from __future__ import annotations

import pytest

from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.pictures import check_picture
from tests.kzdoc.leakcheck import picture_twins

FORBIDDEN = (Forbidden(picture_twins.SECRET, "identity"),)


def found(data: bytes) -> list:
    covered = [picture_twins.COVERED]
    return check_picture(data, covered=lambda *_: covered, forbidden=FORBIDDEN, largest=picture_twins.LARGEST)


@pytest.mark.parametrize("made", [picture_twins.clean_png, picture_twins.clean_jpeg])
def test_a_clean_picture_gives_no_finding(made) -> None:
    assert found(made()) == []


@pytest.mark.parametrize("name", picture_twins.TWINS)
def test_each_twin_is_caught_by_its_rule(name: str) -> None:
    spoil, rule = picture_twins.TWINS[name]
    assert rule in {finding.rule for finding in found(spoil())}


def test_the_class_of_what_leaked_is_said_and_never_the_value() -> None:
    told = found(picture_twins.png_text())
    assert "identity" in {finding.sensitivity for finding in told}
    assert "Сын" not in repr(told)


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"])
def test_what_cannot_be_read_is_a_finding(data: bytes) -> None:
    assert {finding.rule for finding in found(data)} == {"picture.unreadable"}
