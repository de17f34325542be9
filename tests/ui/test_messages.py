"""The words: whole in three languages, live, and never a builtin's own."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QLabel

from kzdoc.errors import KzdocError
from kzdoc.language import LANGUAGES
from kzdoc.resources import resource

UI = Path(__file__).resolve().parents[2] / "ui"
KEY = re.compile(
    r"(action|answer|caps|command|conflict|create|desk|empty|error|facets|files|layout|limit|list|notice|palette|preview"
    r"|rail|role|saved|size|state|top|unlock|window|withheld|work)\.[a-z_0-9.]+"
)


def _catalogue(lang: str) -> dict[str, str | dict[str, str]]:
    return json.loads(resource("i18n", f"desk.{lang}.json").read_text(encoding="utf-8"))


def _holes(sentence: str | dict[str, str]) -> set[str]:
    texts = sentence.values() if isinstance(sentence, dict) else [sentence]
    return {hole for text in texts for hole in re.findall(r"{(\w+)}", text)}


def test_the_three_catalogues_say_the_same_things() -> None:
    english = _catalogue("en")
    for lang in ("ru", "kk"):
        other = _catalogue(lang)
        assert sorted(english) == sorted(other)
        for key, sentence in english.items():
            assert _holes(sentence) == _holes(other[key]), key


def test_plural_forms_are_complete() -> None:
    wanted = {"en": {"one", "other"}, "ru": {"one", "few", "many"}, "kk": {"other"}}
    for lang in LANGUAGES:
        for key, sentence in _catalogue(lang).items():
            if isinstance(sentence, dict):
                assert set(sentence) == wanted[lang], key


def test_the_tone_of_the_words() -> None:
    for lang in LANGUAGES:
        for key, sentence in _catalogue(lang).items():
            for text in sentence.values() if isinstance(sentence, dict) else [sentence]:
                assert "!" not in text, key
                assert not re.search(r"please wait|подождите|күте тұрыңыз|oops|упс", text, re.IGNORECASE), key


def said_in(source: str) -> set[str]:
    """Return the keys of the catalogue that stand in a module."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
            found.add(node.value)
    return found


def test_every_key_that_is_used_is_there() -> None:
    known = set(_catalogue("en")) | set(json.loads(resource("i18n", "errors.en.json").read_text(encoding="utf-8")))
    for path in UI.rglob("*.py"):
        missing = {key for key in said_in(path.read_text(encoding="utf-8")) if key not in known}
        assert not {key for key in missing if not key.endswith((".json", "_", "."))}, path


def test_a_key_that_is_missing_is_caught() -> None:
    assert said_in("words.put(x.setText, 'unlock.no_such_key')") == {"unlock.no_such_key"}


def test_switching_the_language_is_live(words, qtbot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    words.put(label.setText, "unlock.open")
    assert label.text() == "Открыть хранилище"
    heard = []
    words.languageChanged.connect(lambda: heard.append(words.lang))
    words.set_language("kk")
    assert label.text() == "Қойманы ашу"
    assert heard == ["kk"]


def test_what_is_gone_is_not_spoken_to(words, qapp) -> None:
    label = QLabel()
    words.put(label.setText, "unlock.open")
    label.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    words.set_language("en")  # would raise "already deleted"


def test_errors_are_sentences(words) -> None:
    words.set_language("en")
    said = words.error(KzdocError("work.cancelled"))
    assert said == "Stopped. Nothing was left half done."
    assert "Тестов" not in words.error(ValueError("Тестов Данияр"))
    assert "no.such.code" in words.error(KzdocError("no.such.code"))
    assert "kept" in words.error(KzdocError("no.such.code"))


def test_numbers_days_and_sizes_follow_the_language(words) -> None:
    words.set_language("kk")
    assert words.day("2026-11-17").replace("\u202f", " ") == "2026 ж. 17 қараша, сейсенбі"
    words.set_language("ru")
    assert words.size(2_202_010) == "2,1 МБ"
    assert words.say("list.count", n=22) == "22 записи"


def test_an_unknown_language_is_refused(words) -> None:
    with pytest.raises(KzdocError, match=r"language\.unknown"):
        words.set_language("de")
