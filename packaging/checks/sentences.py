"""Check that what people read is whole in three languages, and that every refusal has its sentence.

Refused: a catalogue that lacks a language, a key or a ``{parameter}`` in one of them; a plural without the forms its
language needs; an error code that is raised and has no sentence; a sentence that waits for a parameter it is not given.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from source import Finding, main, python_files, tree_of

LANGUAGES = {"en": {"one", "other"}, "ru": {"one", "few", "many"}, "kk": {"other"}}
PARAMETER = re.compile(r"\{(\w+)\}")
ERRORS = frozenset("KzdocError InputError LedgerError VaultError BundleError PublicationError".split())
Sentence = str | dict[str, str]


def check(root: Path) -> list[Finding]:
    """Return everything that is missing."""
    folder = root / "resources" / "i18n"
    findings = []
    for name in sorted({path.name.split(".")[0] for path in folder.glob("*.json")}):
        findings += _catalogue(folder, name)
    errors = folder / "errors.en.json"
    known = json.loads(errors.read_text(encoding="utf-8")) if errors.exists() else {}
    return findings + [finding for path in python_files(root) for finding in _raised(path, known)]


def _catalogue(folder: Path, name: str) -> list[Finding]:
    findings: list[Finding] = []
    spoken: dict[str, dict[str, Sentence]] = {}
    for lang in LANGUAGES:
        path = folder / f"{name}.{lang}.json"
        if not path.exists():
            findings.append(Finding(path, 1, "this language of the catalogue is missing"))
            continue
        spoken[lang] = json.loads(path.read_text(encoding="utf-8"))
    for key in sorted({key for sentences in spoken.values() for key in sentences}):
        wanted = max((_parameters(sentences.get(key, "")) for sentences in spoken.values()), key=len)
        for lang, sentences in spoken.items():
            findings += [
                Finding(folder / f"{name}.{lang}.json", 1, f"{key}: {trouble}")
                for trouble in _troubles(sentences.get(key), lang, wanted)
            ]
    return findings


def _parameters(sentence: Sentence) -> set[str]:
    forms = sentence.values() if isinstance(sentence, dict) else [sentence]
    return {name for form in forms for name in PARAMETER.findall(form)}


def _troubles(sentence: Sentence | None, lang: str, wanted: set[str]) -> list[str]:
    if sentence is None:
        return ["is missing"]
    troubles = []
    forms = sentence if isinstance(sentence, dict) else {"other": sentence}
    if isinstance(sentence, dict) and not LANGUAGES[lang] <= set(sentence):
        troubles.append(f"lacks the plural forms {sorted(LANGUAGES[lang] - set(sentence))}")
    if any(not form.strip() for form in forms.values()):
        troubles.append("is empty")
    missing = wanted - _parameters(sentence) - ({"n"} if isinstance(sentence, dict) else set())
    if missing:
        troubles.append(f"lacks the parameters {sorted(missing)}")
    return troubles


def _raised(path: Path, known: dict[str, Sentence]) -> list[Finding]:
    raised: list[tuple[str, ast.Call]] = []
    for node in ast.walk(tree_of(path)):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ERRORS:
            raised += [(code, node) for code in _codes(node.args[0])]
    # A file may raise a code bare deep down and give it its parameters further up.
    whole = {code for code, call in raised if not _trouble(code, call, known)}
    findings = []
    for code, call in raised:
        trouble = _trouble(code, call, known)
        if trouble and code not in whole:
            findings.append(Finding(path, call.lineno, f"{code}: {trouble}"))
    return findings


def _codes(node: ast.expr) -> list[str]:
    """Return the codes an expression can be, as far as they are written out; ``area.*`` for one with a variable end."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return _codes(node.body) + _codes(node.orelse)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return [str(node.values[0].value) + "*"]
    return []


def _trouble(code: str, call: ast.Call, known: dict[str, Sentence]) -> str:
    if code.endswith("*"):
        return "" if any(key.startswith(code[:-1]) for key in known) else "no sentence begins so in errors.*.json"
    if code not in known:
        return "has no sentence in resources/i18n/errors.*.json"
    given = {keyword.arg for keyword in call.keywords}
    missing = _parameters(known[code]) - {str(name) for name in given}
    return f"its sentence waits for {sorted(missing)}" if missing and None not in given else ""


if __name__ == "__main__":
    sys.exit(main(check))
