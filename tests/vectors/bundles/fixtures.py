"""Makes the fixtures of this folder: `python -m tests.vectors.bundles.fixtures`. One file and one JSON beside it each.

What is inside a fixture is the same in every run; sealing and the post-quantum signature use fresh randomness, so the
bytes around it are not. What is too large to be committed is made by the test that needs it.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.kzdoc.bundle.fixture import Fixture
from tests.kzdoc.bundle.fixtures_age import age_layer
from tests.kzdoc.bundle.fixtures_contents import contents_layer
from tests.kzdoc.bundle.fixtures_history import history_layer
from tests.kzdoc.bundle.fixtures_signed import signed_layer

HERE = Path(__file__).parent


def fixtures() -> list[Fixture]:
    """Return all of them, by id."""
    made = [*age_layer(), *signed_layer(), *history_layer(), *contents_layer()]
    return sorted(made, key=lambda one: one.id)


def main() -> None:
    """Write them all anew."""
    for old in [*HERE.glob("F*.bin"), *HERE.glob("F*.json")]:
        old.unlink()
    for one in fixtures():
        told = json.dumps(one.told(), ensure_ascii=False, indent=1, sort_keys=True)
        (HERE / f"{one.stem}.json").write_text(told + "\n", encoding="utf-8")
        if not one.made:
            (HERE / f"{one.stem}.bin").write_bytes(one.make())


if __name__ == "__main__":
    main()
