"""Every code of bundle.md has its sentence in three languages, and something that raises it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kzdoc.language import LANGUAGES
from tests.kzdoc.bundle.fixture_desk import FOLDER
from tests.kzdoc.bundle.mutant_worker import codes

ROOT = Path(__file__).parents[3]
ELSEWHERE = {
    "bundle.limits-blob": "tests/kzdoc/bundle/test_writer.py",
    "bundle.limits-statements": "tests/kzdoc/bundle/test_bounds.py",
    "bundle.limits-time": "tests/kzdoc/bundle/test_bounds.py",
    "bundle.no-space": "tests/kzdoc/bundle/test_sticks.py",
    "bundle.read-back": "tests/kzdoc/bundle/test_sticks.py",
    "bundle.reader-failed": "tests/kzdoc/bundle/test_bounds.py",
    "bundle.source-changed": "tests/kzdoc/bundle/test_writer.py",
    "bundle.volume-size": "tests/kzdoc/bundle/test_writer.py",
    "bundle.volumes-differ": "tests/kzdoc/bundle/test_reader.py",
    "bundle.volumes-missing": "tests/kzdoc/test_exchange.py",
}
"""Codes that no single file can raise, and the test that does."""


def raised_by_a_file() -> set[str]:
    told = [json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("F*.json")]
    heads = [path.read_bytes().split(b"\n", 1)[0].decode() for path in FOLDER.glob("*.vector")]
    return {one["reads"] for one in told} | {one["takes"] for one in told} | {head.split(": ")[1] for head in heads}


def without_a_file(wanted: frozenset[str]) -> set[str]:
    """Return the codes that neither a file nor a named test raises."""
    found = raised_by_a_file()
    pages = {code: (ROOT / file).read_text(encoding="utf-8") for code, file in ELSEWHERE.items()}
    found |= {code for code, page in pages.items() if code.removeprefix("bundle.") in page}
    return set(wanted - found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_a_sentence(lang: str) -> None:
    said = json.loads((ROOT / f"resources/i18n/errors.{lang}.json").read_text(encoding="utf-8"))
    assert len(codes()) > 35
    assert sorted(code for code in codes() if not said.get(code, "").strip()) == []


def test_every_code_is_raised_by_something() -> None:
    assert without_a_file(codes()) == set()


def test_a_code_that_nothing_raises_would_be_caught() -> None:
    assert without_a_file(codes() | {"bundle.never"}) == {"bundle.never"}


def test_what_no_single_file_raises_is_named_rightly() -> None:
    assert ELSEWHERE.keys() <= codes()
    assert not ELSEWHERE.keys() & raised_by_a_file()
