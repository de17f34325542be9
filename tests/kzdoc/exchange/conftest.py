"""What most tests of exchanging ask for: bundles read in this process, and a folder that desks share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.readers_nearby import read_nearby

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def nearby(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let bundles and receipts be read in the test's own process."""
    read_nearby(monkeypatch)


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """Return an empty folder that desks share."""
    made = tmp_path / "shared"
    made.mkdir()
    return made
