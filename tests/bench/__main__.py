"""All benches, one after the other, each in a process of its own: ``python -m tests.bench``."""

from __future__ import annotations

import subprocess
import sys

BENCHES = (
    "tests.bench.take_in",
    "tests.bench.bundle_in 10000 3",
    "tests.bench.bundle_in 100000 2",
    "tests.bench.sealing",
    "tests.bench.save_and_search",
    "tests.bench.names_page",
    "tests.bench.unlock_and_lock",
    "tests.bench.doubles",
)


def main() -> int:
    """Run every bench and return how many did not keep their promise."""
    return sum(subprocess.run([sys.executable, "-m", *bench.split()], check=False).returncode != 0 for bench in BENCHES)


if __name__ == "__main__":
    sys.exit(main())
