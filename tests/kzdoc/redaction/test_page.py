"""The page docs/redaction.md tells what the program does."""

from __future__ import annotations

from pathlib import Path

from kzdoc.language import LANGUAGES, catalogue
from kzdoc.redaction.profile import AUDIENCES, table

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "redaction.md").read_text(encoding="utf-8")


def rows(page: str) -> list[list[str]]:
    """Return the cells of the first table."""
    lines = [line for line in page.splitlines() if line.startswith("|")]
    first = lines[: next(at for at, line in enumerate(lines) if line.startswith("| place"))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in first]


def test_the_table_is_the_program_s() -> None:
    head, _, *body = rows(PAGE)
    assert head == ["class", *AUDIENCES]
    assert body == [[sensitivity, *rules] for sensitivity, rules in table()]


def test_the_twin_with_another_rule_is_told_apart() -> None:
    changed = PAGE.replace("| work | withhold", "| work | show")
    assert [[row[0], *row[1:]] for row in rows(changed)[2:]] != [[name, *rules] for name, rules in table()]


def test_every_reason_has_its_sentences() -> None:
    for lang in LANGUAGES:
        words = catalogue("redaction", lang)
        for reason in ("absent", "no-basis", "no-consent", "number", "profile"):
            counted, told = words.say(f"withheld.{reason}", n=2, what="?"), words.say(f"withheld.some.{reason}")
            assert "2" in counted
            assert "{" not in counted + told
            assert not any(character.isdigit() for character in told)
