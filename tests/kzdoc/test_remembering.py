"""Closing a vault forgets what functions remembered of its words; nothing else remembers words of records."""

from __future__ import annotations

import ast
import gc
from pathlib import Path

import pytest

from kzdoc import remembering
from kzdoc import session as sessions
from kzdoc.domain.audience import Audience
from kzdoc.names.fold import fold_word
from kzdoc.names.gender import forms_of
from kzdoc.reviewing import redact
from kzdoc.session import Session
from kzdoc.vault import search
from tests.kzdoc.redaction.test_papers import add
from tests.offices import Office

ROOT = Path(__file__).resolve().parents[2] / "kzdoc"
OWN = {
    "bundle/merkle.py: _leaf_start",
    "bundle/vouching.py: _word",
    "crypto/share_words.py: _places",
    "crypto/words.py: words_of",
    "domain/places.py: _names",
    "domain/places.py: _region_names",
    "domain/vocabulary.py: vocabulary",
    "exchange/choosing.py: _rules",
    "guard.py: _looked_for",
    "language.py: catalogue",
    "names/diminutives.py: _table",
    "names/endings.py: _kazakh",
    "names/near.py: _everybodys",
    "platform/hardening.py: load_sqlcipher",
    "report/setting.py: glyphs_of",
    "report/setting.py: register_fonts",
}
"""What keeps the program's own alone: ids, codes, endings, word lists, fonts."""
SURNAME, FOLDED = "Сынбайқұлов", "sinbaikulov"


def works_with(session: Session) -> None:
    add(session, "person", name_ru=f"{SURNAME} Данияр")
    redact(session, f"Пришёл {SURNAME}, потом увезли {SURNAME}а.", audience=Audience.PUBLIC, lang="ru")
    forms_of(SURNAME)
    assert fold_word(SURNAME) == FOLDED


def remembered() -> bool:
    """Return whether anything that functions remember, or tables that fill themselves, has the surname in it."""
    gc.collect()
    kept = [one for one in gc.get_objects() if type(one).__name__ == "_lru_cache_wrapper" or _fills_itself(one)]
    return any(part in word for one in kept for word in _words(one) for part in (SURNAME, FOLDED))


def _fills_itself(one: object) -> bool:
    return isinstance(one, dict) and hasattr(type(one), "__missing__")


def _words(cache: object) -> set[str]:
    """Return the texts a cache holds, three steps deep."""
    found: set[str] = set()
    level: list[object] = [cache]
    for _ in range(4):
        level = [one for each in level for one in gc.get_referents(each) if not isinstance(one, type)]
        found |= {one for one in level if isinstance(one, str)}
        level = [one for one in level if isinstance(one, tuple | list | dict | frozenset)]
    return found


def test_closing_forgets_every_word(office: Office) -> None:
    session = office.open()
    works_with(session)
    assert remembered()
    session.close()
    assert not remembered()


def test_a_session_that_forgets_nothing_is_caught(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "forget", lambda: None)
    session = office.open()
    works_with(session)
    session.close()
    assert remembered()
    remembering.forget()


def test_a_table_that_fills_itself_and_is_forgotten_by_nobody_is_caught(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [one for one in remembering._KEPT if getattr(one, "__self__", None) is not search._pieces]
    assert len(kept) == len(remembering._KEPT) - 1
    monkeypatch.setattr(remembering, "_KEPT", kept)
    session = office.open()
    works_with(session)
    session.close()
    assert remembered()
    search._pieces.clear()


def test_what_was_forgotten_is_worked_out_again() -> None:
    before = fold_word(SURNAME)
    remembering.forget()
    assert fold_word(SURNAME) == before


def caching(tree: ast.AST) -> set[str]:
    """Return what a file remembers by the library's own means: functions, and names that are given such a one."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any("cache" in ast.unparse(one) for one in node.decorator_list):
            found |= (
                {node.name} if not any("cached_property" in ast.unparse(one) for one in node.decorator_list) else set()
            )
        elif isinstance(node, ast.Assign) and "lru_cache" in ast.unparse(node.value):
            found |= {ast.unparse(one) for one in node.targets}
    return found


def test_whatever_remembers_words_can_be_made_to_forget() -> None:
    found = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in ROOT.rglob("*.py")
        if file.name != "remembering.py"
        for name in caching(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert found == OWN


def test_a_cache_of_its_own_is_seen() -> None:
    planted = "import functools\n@functools.lru_cache(9)\ndef shape(name): ...\n_kept = functools.lru_cache(9)(shape)\n"
    assert caching(ast.parse(planted)) == {"shape", "_kept"}
