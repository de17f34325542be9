"""Tell the figures at the end of the run."""

from __future__ import annotations

import pytest

from tests.faults.figures import LINES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write one line for each measured piece of work."""
    if LINES:
        terminalreporter.section("faults")
        for line in LINES:
            terminalreporter.line(line)
