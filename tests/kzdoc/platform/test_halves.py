"""The two halves of the platform floor offer the same functions, whichever of them runs here."""

from __future__ import annotations

import ast
from pathlib import Path

import kzdoc.platform

HERE = Path(kzdoc.platform.__path__[0])


def surface(source: str) -> dict[str, str]:
    """Return every public function and constant of a module: the signature, or nothing for a constant."""
    found = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            found[node.name] = f"({ast.unparse(node.args)}) -> {ast.unparse(node.returns) if node.returns else ''}"
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and not node.target.id.startswith("_"):
            found[node.target.id] = ""
    return found


def test_both_halves_have_the_same_surface() -> None:
    posix, windows = (surface((HERE / name).read_text(encoding="utf-8")) for name in ("posix.py", "windows.py"))
    assert posix == windows
    assert len(posix) > 12


def test_a_function_in_one_half_alone_or_with_other_arguments_is_seen() -> None:
    whole = (HERE / "posix.py").read_text(encoding="utf-8")
    assert surface(whole + "\ndef only_here() -> None:\n    pass\n") != surface(whole)
    assert surface(whole.replace("take_lock(descriptor: int)", "take_lock(path: str)")) != surface(whole)


def test_the_neutral_modules_ask_nothing_that_a_half_does_not_have() -> None:
    offered = surface((HERE / "posix.py").read_text(encoding="utf-8"))
    for name in ("files.py", "hardening.py", "sandbox.py", "fences.py"):
        tree = ast.parse((HERE / name).read_text(encoding="utf-8"))
        asked = {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "system"
        }
        assert asked <= set(offered), name
