"""Contrast as look.md promises it, and the icons' rules."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QSize

from kzdoc.resources import resource
from ui.icons import icon_names
from ui.tokens import DARK, LIGHT, Tokens, contrast

TEXT, EDGE = 4.5, 3.0


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_text_reads_on_every_ground_it_stands_on(tokens: Tokens) -> None:
    for word in ("text", "quiet", "accent", "danger", "warn", "ok", "held"):
        for ground in ("ground", "surface", "select"):
            assert contrast(getattr(tokens, word), getattr(tokens, ground)) >= TEXT, (word, ground)
    for tone in ("danger", "warn", "ok", "held"):
        assert contrast(getattr(tokens, tone), getattr(tokens, f"{tone}_weak")) >= TEXT
    assert contrast(tokens.on_accent, tokens.accent) >= TEXT
    assert contrast(tokens.quiet, tokens.rail) >= TEXT
    assert contrast(tokens.accent, tokens.accent_weak) >= TEXT


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_edges_of_controls_are_seen(tokens: Tokens) -> None:
    for ground in ("ground", "surface"):
        assert contrast(tokens.edge, getattr(tokens, ground)) >= EDGE


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#A7ADB3", "#FFFFFF") < TEXT  # the twin: quiet of the dark set on a light card would be caught


def test_icons_are_strokes_on_the_grid() -> None:
    assert len(icon_names()) > 50
    for name in icon_names():
        text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
        assert 'viewBox="0 0 24 24"' in text
        assert 'fill="none"' in text
        assert 'stroke-width="1.75"' in text
        assert 'stroke-linecap="round"' in text
        assert len(re.findall("fill=", text)) == 1


def test_icons_are_sharp_at_every_ratio(theme) -> None:
    for ratio in (1.0, 1.25, 2.0):
        pixmap = theme.icon("lock").pixmap(QSize(20, 20), ratio)
        assert pixmap.width() == round(20 * ratio)
        assert not pixmap.toImage().allGray() or pixmap.toImage().hasAlphaChannel()


def test_icons_follow_the_theme(theme) -> None:
    def inks(icon) -> set[str]:
        image = icon.pixmap(QSize(24, 24), 1.0).toImage()
        colours = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
        return {colour.name() for colour in colours if colour.alpha() == 255}

    icon = theme.icon("lock", "danger")
    assert LIGHT.danger.lower() in inks(icon)
    theme.set_mode("dark")
    assert DARK.danger.lower() in inks(icon)
