"""The command line from outside: real processes, real passphrases, nothing shared with the test but files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TREE = Path(__file__).parents[3]
PASSPHRASE = "сынақ түбі сары алтын тұнық бұлақ"


@dataclass(frozen=True)
class Ended:
    """What a process left: exit status, stdout, stderr."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout of a command that was done."""
        assert self.status == 0, self.err
        return json.loads(self.out)

    @property
    def rows(self) -> list[Any]:
        """The JSON object of each line on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def code(self) -> str:
        """The code on stderr of a command that was refused: one line, and nothing on stdout."""
        assert not self.out, self.out
        head, code, _ = self.err.split(": ", 2)
        assert (head, self.err.count("\n")) == ("error", 1), self.err
        return code


@dataclass
class Desk:
    """Somebody at a terminal in a folder of his own."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.write("passphrase", PASSPHRASE + "\n")

    def write(self, name: str, text: str | bytes) -> Path:
        """Write a file into the folder."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def bare(self, *words: str, stdin: str | bytes = "") -> Ended:
        """Run a command exactly as given."""
        env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(TREE), "HOME": str(self.folder), **self.env}
        done = subprocess.run(
            [sys.executable, "-m", "kzdoc.cli", *words],
            cwd=self.folder,
            env=env,
            input=stdin if isinstance(stdin, bytes) else stdin.encode(),
            capture_output=True,
            check=False,
        )
        return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())

    def __call__(self, *words: str, stdin: str | bytes = "") -> Ended:
        """Run a command with the desk's passphrase file."""
        return self.bare(*words, "--passphrase-file", "passphrase", stdin=stdin)

    def batch(self, vault: str, *lines: str | list[str]) -> list[Any]:
        """Run many commands in one unlocking and return their documents."""
        text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        done = self("batch", vault, stdin=text + "\n")
        assert "error:" not in done.err, done.err
        return done.rows
