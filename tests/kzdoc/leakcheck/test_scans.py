"""A document that somebody brought goes as pictures of its pages and as nothing else."""

from __future__ import annotations

import pytest

from tests.kzdoc.leakcheck import scan_twins


def test_a_clean_document_gives_no_finding() -> None:
    assert scan_twins.found(scan_twins.pages()) == []


@pytest.mark.parametrize("name", scan_twins.TWINS)
def test_each_twin_is_caught_by_its_rule(name: str) -> None:
    spoil, rule = scan_twins.TWINS[name]
    assert rule in scan_twins.codes(spoil())


def test_a_finding_says_on_which_page() -> None:
    assert [one.page for one in scan_twins.found(scan_twins.blurred())] == [2]


def test_a_document_cut_anywhere_never_passes_and_never_raises() -> None:
    data = scan_twins.pages()
    for at in range(0, len(data), 97):
        assert scan_twins.found(data[:at])


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4\n", b"GIF89a"])
def test_what_cannot_be_read_is_a_finding(data: bytes) -> None:
    assert scan_twins.codes(data) == {"picture.document"}
