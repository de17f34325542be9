"""What is remembered outside the vault."""

from __future__ import annotations

import json

import pytest

from ui.preferences import Preferences, read_preferences, write_preferences


def test_there_and_back(tmp_path) -> None:
    path = tmp_path / "kzdoc" / "desk.json"
    chosen = Preferences(lang="kk", theme="dark", zoom=1.4, idle_minutes=10, role="lawyer")
    assert write_preferences(path, chosen)
    assert read_preferences(path) == chosen


@pytest.mark.parametrize(
    "data", ["", "[]", "{", '{"lang": "de", "zoom": "x", "idle_minutes": 0, "role": 7}', "\x00" * 20_000]
)
def test_what_is_damaged_means_the_defaults(tmp_path, data) -> None:
    path = tmp_path / "desk.json"
    path.write_text(data)
    assert read_preferences(path) == Preferences()


def test_a_place_that_cannot_be_written(tmp_path) -> None:
    (tmp_path / "file").write_text("x")
    assert not write_preferences(tmp_path / "file" / "desk.json", Preferences())


def test_only_known_words_are_kept(tmp_path) -> None:
    path = tmp_path / "desk.json"
    path.write_text(json.dumps({"lang": "kk", "recent": ["Тестов"]}))
    write_preferences(path, read_preferences(path))
    assert "Тестов" not in path.read_text()
