"""Warn about files and functions beyond the sizes to feel at home in: 400 lines, 60 lines."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from source import CODE, Finding, main, python_files, tree_of

FILE_LINES = 400
FUNCTION_LINES = 60
CLASS_METHODS = 15


def check(root: Path) -> list[Finding]:
    """Return what is a reason to look again."""
    findings = []
    for path in python_files(root, [*CODE, "tests", "packaging"]):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > FILE_LINES:
            findings.append(Finding(path, 1, f"{lines} lines (at home below {FILE_LINES})"))
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    findings.append(Finding(path, node.lineno, f"{node.name}: {length} lines (below {FUNCTION_LINES})"))
            if isinstance(node, ast.ClassDef) and not path.is_relative_to(root / "tests"):
                public = [n for n in node.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
                if len(public) > CLASS_METHODS:
                    findings.append(Finding(path, node.lineno, f"{node.name}: {len(public)} public methods"))
    return findings


if __name__ == "__main__":
    sys.exit(main(check, fatal=False))
