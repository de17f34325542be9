"""What every command shares: arguments, the passphrase, output in two forms, errors as sentences, exit status.

The contract is docs/cli.md: 0 done, 1 refused (``error: CODE: sentence`` on stderr), 2 wrong usage. With ``--json``
lists print one object a line and everything else one document; nothing else goes to stdout.
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TextIO

from kzdoc.errors import InputError, KzdocError
from kzdoc.language import LANGUAGES, catalogue
from kzdoc.session import Session, open_session

Handler = Callable[["Call"], int]
"""A command: takes the call, prints, returns the exit status."""


class UsageError(Exception):
    """The words of a command are off: exit status 2."""


class Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of ending the process, so that `batch` survives a bad line."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of exiting."""
        raise UsageError(f"{self.format_usage().strip()}\n{self.prog}: {message}")


@dataclass
class Call:
    """One command: its arguments, where it prints, and the vault if one is open."""

    args: argparse.Namespace
    stdout: TextIO
    stderr: TextIO
    stdin: TextIO
    held: Session | None = None
    answers: list[Any] = field(default_factory=list)
    batch: bool = False

    @property
    def json(self) -> bool:
        """Whether the answer is JSON."""
        return bool(self.args.json) or self.batch

    @property
    def lang(self) -> str:
        """The language of messages."""
        return interface_language(self.args)

    @contextlib.contextmanager
    def session(self) -> Iterator[Session]:
        """Open the command's vault, or use the one that `batch` holds open."""
        if self.held is not None:
            yield self.held
            return
        session = open_session(Path(self.args.vault), self.passphrase(), progress=self.progress)
        try:
            yield session
        finally:
            session.close()

    def passphrase(self) -> str:
        """Return the passphrase from its file's first line, or ask for it on the terminal."""
        return self._secret(getattr(self.args, "passphrase_file", None), "cli.passphrase")

    def new_passphrase(self) -> str:
        """Return a passphrase that is about to be set."""
        file = getattr(self.args, "new_passphrase_file", None) or getattr(self.args, "passphrase_file", None)
        return self._secret(file, "cli.new-passphrase")

    def _secret(self, file: str | None, prompt: str) -> str:
        if file is None:
            if not sys.stdin.isatty():
                raise InputError("passphrase.not-given")
            return getpass.getpass(catalogue("cli", self.lang).say(prompt) + " ")
        try:
            with Path(file).open(encoding="utf-8-sig") as lines:
                return lines.readline().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError("passphrase.file") from error

    def document(self, value: Mapping[str, Any] | list[Any], text: str | None = None) -> None:
        """Print one JSON document, or ``text`` for people."""
        if self.batch:
            self.answers.append(value)
        elif self.json:
            self._line(value)
        else:
            print(text if text is not None else _plain(value), file=self.stdout)

    def rows(self, values: Iterable[Mapping[str, Any]], text: Callable[[Mapping[str, Any]], str] | None = None) -> None:
        """Print a list: one JSON object a line, or one line for people each."""
        if self.batch:
            self.answers.append(list(values))
            return
        for value in values:
            if self.json:
                self._line(value)
            else:
                print(text(value) if text else _plain(value), file=self.stdout)

    def note(self, key: str, **params: str | int) -> None:
        """Tell a person something on stderr."""
        print(catalogue("cli", self.lang).say(key, **params), file=self.stderr)

    def progress(self, step: str, done: int, total: int) -> None:
        """Show a progress bar on stderr when that is a terminal."""
        if not self.stderr.isatty():
            return
        width = 24
        filled = width * done // total if total else 0
        sentence = catalogue("cli", self.lang).say("step." + step)
        end = "\n" if total and done >= total else ""
        print(f"\r{sentence} [{'#' * filled}{'.' * (width - filled)}] {done}/{total}", end=end, file=self.stderr)

    def _line(self, value: Any) -> None:
        print(json.dumps(value, ensure_ascii=False), file=self.stdout)


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {_cell(item)}" for key, item in value.items())
    return _cell(value)


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def interface_language(args: argparse.Namespace | None) -> str:
    """Return the language of messages: ``--ui-lang``, else the environment's, else English."""
    chosen = getattr(args, "ui_lang", None)
    if chosen:
        return str(chosen)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        start = os.environ.get(name, "")[:2]
        if start in LANGUAGES:
            return start
    return "en"


def sentence(error: KzdocError, lang: str) -> str:
    """Return the sentence of an error in ``lang``."""
    return catalogue("errors", lang).say(error.code, **error.params)


def write_new(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write ``data`` to a file that must not exist yet, so that no command overwrites another's work."""
    try:
        with path.open("wb" if force else "xb") as target:
            target.write(data)
    except FileExistsError as error:
        raise InputError("file.exists") from error
    except OSError as error:
        raise InputError("file.not-written") from error


def read_file(path: Path, *, limit: int = 64 * 2**20) -> bytes:
    """Return a small file's bytes; raises ``InputError`` (``file.not-read``, ``file.too-large``)."""
    try:
        if path.stat().st_size > limit:
            raise InputError("file.too-large", limit=limit)
        return path.read_bytes()
    except OSError as error:
        raise InputError("file.not-read") from error
