"""Refuse addresses of package registries and paths of one machine in anything git keeps.

A lock or a log with a registry's address ties everybody to that registry; a path of one machine works on no other and
may name a person (``user`` is nobody). The patterns are put together from pieces, so that this file does not find
itself.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from source import Finding, main, tracked_files

_DOT = r"\."
HOSTS = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "(org|com)"),
    ("yarnpkg", "com"),
    ("unpkg", "com"),
    ("jsdelivr", "net"),
    ("debian", "org/debian"),
    ("pkg", "dev"),
    ("anaconda", "org"),
    ("crates", "io"),
)
WORDS = ("index-" + "url", "find-" + "links", "trusted-" + "host", "_auth" + "Token", '"resol' + 'ved":')
PATHS = (
    "/wo" + "rk/",
    "/ro" + "ot/",
    "/ho" + r"me/(?!user/)[a-z]",
    "/Us" + r"ers/[A-Za-z]",
    "/opt/py" + "pi",
    r"[A-Z]:\\Us" + "ers",
)
PATTERN = re.compile(
    "|".join(
        [rf"\b{name}{_DOT}{end}\b" for name, end in HOSTS]
        + [re.escape(word) for word in WORDS]
        + [rf"(?<![\w.-]){path}" for path in PATHS]
    )
)
_BINARY = frozenset([".ttf", ".png", ".pdf", ".woff2", ".ico", ".icns", ".age", ".bin", ".jpg", ".cbor", ".db"])


def check(root: Path) -> list[Finding]:
    """Return every line of a kept file that names a registry or a place on one machine."""
    findings = []
    for path in tracked_files(root):
        if path.suffix in _BINARY:
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        for number, line in enumerate(text.splitlines(), 1):
            found = PATTERN.search(line)
            if found:
                findings.append(Finding(path, number, f"{found.group()}: an address or path of somebody's own machine"))
    return findings


if __name__ == "__main__":
    sys.exit(main(check))
