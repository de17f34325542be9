"""Every step that long work tells of has a text for the progress bar, in three languages."""

from __future__ import annotations

import ast
import itertools
from pathlib import Path

import kzdoc
from kzdoc.language import LANGUAGES, catalogue


def steps_in(tree: ast.AST) -> set[str]:
    """Return the steps that code names: ``progress("step", …)`` and ``partial(progress, "step", …)``."""
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        words = [node.func, *node.args]
        for before, after in itertools.pairwise(words):
            name = before.attr if isinstance(before, ast.Attribute) else getattr(before, "id", "")
            if name.lstrip("_") == "progress" and isinstance(after, ast.Constant) and isinstance(after.value, str):
                found.add(after.value)
    return found


def test_every_step_has_a_text_in_three_languages() -> None:
    files = Path(kzdoc.__file__).parent.rglob("*.py")
    steps = set().union(*[steps_in(ast.parse(one.read_text(encoding="utf-8"))) for one in files])
    assert {"bundle.vouch", "several.open", "vault.open"} <= steps
    for lang in LANGUAGES:
        words = catalogue("cli", lang)
        assert [one for one in sorted(steps) if f"step.{one}" not in words] == []
