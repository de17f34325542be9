"""docs/security-target.md against the tests: each promise has a test, each such test a twin, and all of them exist."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security-target.md"
PROMISES, NOT_PROMISED, RISKS = "## What is promised", "## What is not promised", "## Accepted risks"
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
SELF = "in it"
SAYS_SO = re.compile(r"twin|would|caught|planted|without|succeed|leaves_copies|could|is_found", re.IGNORECASE)
"""A twin says in its name or its words that it is one."""


@dataclass(frozen=True)
class Promise:
    """A row of the page."""

    id: str
    shown_by: str
    twin: str


def promises(page: str) -> list[Promise]:
    """Return the rows of the tables under "What is promised"."""
    part = page.split(PROMISES, 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]
    return [Promise(row[0], row[2], row[3]) for row in rows if row[0] != "id" and not set(row[0]) <= {"-"}]


@cache
def functions(file: str) -> dict[str, str]:
    """Return the source of each test in a file, with its decorators, by name; nothing when there is no such file."""
    path = ROOT / file
    if not path.is_file():
        return {}
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    found = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            found[node.name] = "\n".join(lines[first - 1 : node.end_lineno])
    return found


def faults(page: str) -> list[str]:
    """Return what is wrong with the page, a line each."""
    rows = promises(page)
    found = [f"{one.id}: twice" for place, one in enumerate(rows) if one.id in {other.id for other in rows[:place]}]
    found += [f"missing: {part}" for part in (PROMISES, NOT_PROMISED, RISKS) if part not in page]
    for row in rows:
        tests, twins = TEST.findall(row.shown_by), TEST.findall(row.twin)
        found += [f"{row.id}: no test"] * (not tests)
        found += [
            f"{row.id}: there is no {file}::{name}" for file, name in tests + twins if name not in functions(file)
        ]
        found += [f"{row.id}: {name} is skipped" for file, name in tests + twins if _always_skipped(file, name)]
        if row.twin == SELF:
            found += [f"{row.id}: no twin in {name}" for file, name in tests if not _says_twin(file, name)]
        else:
            found += [f"{row.id}: no twin"] * (not twins)
            found += [f"{row.id}: {name} is no twin" for file, name in twins if not _is_twin(file, name)]
            found += [f"{row.id}: {test[1]} is its own twin" for test in tests if test in twins]
    return found


def _says_twin(file: str, name: str) -> bool:
    return "twin" in functions(file).get(name, "")


def _is_twin(file: str, name: str) -> bool:
    return bool(SAYS_SO.search(functions(file).get(name, "twin")))


def _always_skipped(file: str, name: str) -> bool:
    head = functions(file).get(name, "").split("def ", 1)[0]
    return "mark.skip(" in head or "mark.xfail" in head


def test_every_promise_has_its_test_and_every_test_its_twin() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert faults(page) == []
    assert len(promises(page)) >= 20


GOOD = f"""
{PROMISES}

| id | promise | shown by | twin |
|---|---|---|---|
| X1 | a | `tests/kzdoc/test_house.py::test_the_skeleton_itself_is_green` | `tests/kzdoc/test_house.py::test_a_planted_import_turns_the_floors_red` |

{NOT_PROMISED}

{RISKS}
"""  # noqa: E501 - a row of a table is one line
SHOWN, TWIN = "test_the_skeleton_itself_is_green", "test_a_planted_import_turns_the_floors_red"


def test_a_page_without_a_fault_has_none() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (f"`tests/kzdoc/test_house.py::{SHOWN}`", "", "X1: no test"),
        (f"`tests/kzdoc/test_house.py::{TWIN}`", "", "X1: no twin"),
        (f"`tests/kzdoc/test_house.py::{TWIN}`", "later", "X1: no twin"),
        (SHOWN, "test_nothing", "X1: there is no tests/kzdoc/test_house.py::test_nothing"),
        (TWIN, "test_nothing", "X1: there is no tests/kzdoc/test_house.py::test_nothing"),
        (f"test_house.py::{TWIN}", f"test_nowhere.py::{TWIN}", f"X1: there is no tests/kzdoc/test_nowhere.py::{TWIN}"),
        (TWIN, SHOWN, f"X1: {SHOWN} is its own twin"),
        (f"`tests/kzdoc/test_house.py::{TWIN}`", SELF, f"X1: no twin in {SHOWN}"),
        (TWIN, "test_parsing_an_address_is_no_network", "X1: test_parsing_an_address_is_no_network is no twin"),
        (RISKS, "## Something else", f"missing: {RISKS}"),
        (f"\n\n{NOT_PROMISED}", f"\n| X1 | b | | |\n\n{NOT_PROMISED}", "X1: twice"),
    ],
)
def test_a_planted_fault_in_the_page_is_caught(old: str, new: str, fault: str) -> None:
    assert old in GOOD
    assert fault in faults(GOOD.replace(old, new, 1))
