"""What the leak check is given and what it answers.

Rules: a finding names the rule, the class of what leaked, the page and the place; never the value, never the text
around it (the check's own report must not become the leak).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points from the page's lower left corner."""


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A name, or a number or other identifier, that must not be in the paper; ``sensitivity`` is its class.

    ``near``: it is of somebody who belongs to the case, whom no namesake's lone surname excuses.
    ``place``: no value, but every place told by numbers (kzdoc/leakcheck/places.py) without those in ``text``.
    ``address``: where somebody lives, in words (kzdoc/leakcheck/homes.py).
    ``cut``: a name that somebody wrote short, as it is compared (kzdoc/names/cut.py).
    """

    text: str
    sensitivity: str
    number: bool = False
    near: bool = False
    place: bool = False
    address: bool = False
    cut: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that must not be there. ``page`` counts from 1; 0 is the file as a whole.

    ``position``: first and last place in the page's text, or the number of the object or operator; in a table its line
    and column, from 1, column 0 for an item of JSON, 0, 0 for the file around the cells. ``sensitivity`` is
    empty when the rule is about the form of the file and not about somebody's data.
    """

    page: int
    rule: str
    sensitivity: str = ""
    position: tuple[int, int] = (0, 0)
    box: Box | None = None


def place_of(finding: Finding) -> tuple[str, dict[str, int]]:
    """Return where a finding is as a code ends (on a page with nothing, else -cell, -item, -file), and the numbers."""
    line, column = finding.position
    if finding.page:
        return "", {"page": finding.page}
    if finding.rule.startswith("table.") and line:
        return ("-cell", {"line": line, "column": column}) if column else ("-item", {"line": line})
    return "-file", {}


def spots(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return one finding for each place, those with a page first; what other readers met of the same is left away."""
    placed: list[Finding] = []
    for one in sorted(findings, key=lambda it: (it.page, it.position)):
        if not (one.page and one.sensitivity and one.rule.startswith("text.") and one.position[1]):
            continue
        if not placed or placed[-1].page != one.page or one.position[0] > placed[-1].position[1]:
            placed.append(one)
    classes = {one.sensitivity for one in placed}
    others = [one for one in findings if one not in placed and one.sensitivity not in classes]
    return (*placed, *sorted(others, key=lambda it: (not it.page, it.page)))
