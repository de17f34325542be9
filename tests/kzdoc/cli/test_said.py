"""What was not understood, and what was not there, is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc.cli.frame import told
from kzdoc.errors import InputError
from kzdoc.language import catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kzdoc.cli.conftest import Do


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_a_term_that_is_not_in_the_list_is_answered_by_the_field_and_the_list(do: Do, lang: str) -> None:
    done = do("record", "add", "VAULT", "person", "sex=дракон", "--ui-lang", lang)
    assert (done.status, done.code) == (1, "field.choice")
    assert "sex" in done.err
    assert "female" in done.err
    assert "дракон" not in done.err


def test_of_a_long_list_the_first_terms_are_told(do: Do) -> None:
    done = do("record", "add", "VAULT", "detention", "article=174")
    assert done.code == "field.choice"
    assert "article" in done.err
    assert done.err.count(",") < 20
    assert " …" in done.err


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_a_table_of_headings_alone_is_said_to_hold_nothing(do: Do, tmp_path: Path, lang: str) -> None:
    (tmp_path / "table.csv").write_text("name_kk,sex\n", encoding="utf-8")
    done = do("record", "import", "VAULT", "table.csv", "--kind", "person", "--ui-lang", lang)
    assert (done.status, "rows: 0\n" in done.out) == (0, True)
    assert done.err.strip()
    (tmp_path / "table.csv").write_text("name_kk,sex\nТестов Данияр,\n", encoding="utf-8")
    done = do("record", "import", "VAULT", "table.csv", "--kind", "person", "--preview", "--ui-lang", lang)
    assert ("rows: 1\n" in done.out, done.err) == (True, "")


def test_what_was_asked_for_in_half_letters_is_said(do: Do) -> None:
    done = do("record", "find", "VAULT", "Тест\udcd0")
    assert (done.status, done.code) == (1, "field.broken-text")


def test_exposure_is_told_in_a_batch(do: Do) -> None:
    alone = do("vault", "exposure", "VAULT", "nobody")
    (answer,) = do("batch", "VAULT", stdin="vault exposure nobody\n").rows
    assert answer["error"] == alone.code != "usage"


def test_no_reason_of_a_row_says_what_became_of_it() -> None:
    for lang, nothing in (("en", "Nothing"), ("ru", "ичего не"), ("kk", "штеңе")):
        codes = [
            code
            for code in catalogue("errors", lang).keys()  # noqa: SIM118 - a catalogue is no mapping
            if code.startswith(("field.", "date.", "figure.", "record.unknown", "record.empty", "kind.unknown"))
        ]
        assert len(codes) > 40
        for code in codes:
            row = InputError("import.row", line=2, field="born", reason=code)
            assert "".join(told(row, lang)).count(nothing) == 1, (lang, code)
        assert any(nothing in catalogue("errors", lang).say(code) for code in codes), "the twin: some say it"
