"""Check that files people name are read only through the bounded readers of kzdoc/platform/files.py.

Refused in kzdoc/ and ui/: reading a whole file at once (``read_bytes``, ``read_text``) or opening one to read it, but
for the program's own resources and the files listed below, each with the reason why nobody can name it.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from source import Finding, main, python_files, tree_of

WHOLE = frozenset(("read_bytes", "read_text"))
PLACES = {
    "kzdoc/platform/files.py": "the bounded readers themselves",
    "kzdoc/platform/posix.py": "files of the system",
    "kzdoc/platform/windows.py": "files of the system",
    "kzdoc/platform/hardening.py": "a file this program made a moment ago",
    "kzdoc/platform/sandbox.py": "streams of its own children",
    "kzdoc/demonstration.py": "files the demonstration made itself",
    "kzdoc/vault/slots.py": "files of the vault, under names nobody chooses",
    "kzdoc/vault/backup.py": "files of the vault; the backup itself is opened as given",
    "kzdoc/vault/blobs.py": "files of the vault",
    "kzdoc/vault/rekey.py": "files of the vault",
    "kzdoc/domain/vocabulary.py": "a resource",
    "kzdoc/leakcheck/streams.py": "parts of a document in memory",
    "kzdoc/cli/frame.py": "the first line of a passphrase file, which may be a pipe; bounded where it is read",
    "kzdoc/sealing.py": "the sealed files it made itself",
    "kzdoc/exchange/incoming.py": "a bundle that was opened and measured",
    "ui/preferences.py": "the desk's own settings",
}


def check(root: Path) -> list[Finding]:
    """Return every place that reads a file otherwise."""
    findings = []
    for path in python_files(root):
        if path.relative_to(root).as_posix() in PLACES:
            continue
        findings += [
            Finding(path, node.lineno, "a file that somebody may have named is read without a bound: use read_given")
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Call) and _reads(node)
        ]
    return findings


def _reads(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id == "open"
    if not isinstance(call.func, ast.Attribute):
        return False
    if call.func.attr in WHOLE:
        return not _is_resource(call.func.value)
    if call.func.attr != "open":
        return False
    said = [
        word.value for word in (*call.args[:2], *(one.value for one in call.keywords)) if isinstance(word, ast.Constant)
    ]
    modes = [word for word in said if isinstance(word, str) and word and set(word) <= set("rbt+")]
    return bool(modes)


def _is_resource(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "resource"


if __name__ == "__main__":
    sys.exit(main(check))
