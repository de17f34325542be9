"""What the checks beside this file share: the files to look at, and the finding they print."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

HERE = Path(__file__).resolve().parent.parent.parent
CODE = ("kzdoc", "ui")
_BUILT = {"__pycache__", ".venv", "node_modules", "build", "dist"}


class Finding(NamedTuple):
    """One place that breaks a rule."""

    path: Path
    line: int
    sentence: str


def python_files(root: Path, folders: Iterable[str] = CODE) -> Iterator[Path]:
    """Yield the Python files below the given folders of a checkout, sorted."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            if not _BUILT & set(path.relative_to(root).parts):
                yield path


def tree_of(path: Path) -> ast.Module:
    """Return the parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def tracked_files(root: Path) -> list[Path]:
    """Return the files git keeps, or all of them where there is no git (a copied tree)."""
    if (root / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
        return [root / name for name in listed.decode().split("\0") if name and (root / name).is_file()]
    return [path for path in sorted(root.rglob("*")) if path.is_file() and not _BUILT & set(path.parts)]


def main(check: Callable[[Path], list[Finding]], *, fatal: bool = True) -> int:
    """Run a check on the checkout (or on the folder named by the first argument) and print what it found."""
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE
    findings = check(root)
    for path, line, sentence in findings:
        shown = path.relative_to(root) if path.is_relative_to(root) else path
        print(f"{shown}:{line}: {'' if fatal else 'warning: '}{sentence}")
    return 1 if findings and fatal else 0
