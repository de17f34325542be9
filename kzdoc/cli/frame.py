"""What every command shares: arguments, the passphrase, output in two forms, errors as sentences, exit status.

The contract is docs/cli.md: 0 done, 1 refused (``error: CODE: sentence`` on stderr), 2 wrong usage. With ``--json``
lists print one object a line and everything else one document; nothing else goes to stdout.
"""

from __future__ import annotations

import argparse
import codecs
import contextlib
import getpass
import itertools
import json
import os
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO, TypeVar

from kzdoc import oversight
from kzdoc.errors import InputError, KzdocError
from kzdoc.importing import RowsError
from kzdoc.language import LANGUAGES, catalogue
from kzdoc.limits import LIMITS
from kzdoc.platform.files import file_error, read_given
from kzdoc.session import Session, open_session
from kzdoc.vault.slots import NAMES

Handler = Callable[["Call"], int]
"""A command: takes the call, prints, returns the exit status."""

PASSPHRASE_LINE_LIMIT = 4096
_Line = TypeVar("_Line", str, bytearray)


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
    bar_open: bool = False
    warned: set[str] = field(default_factory=set)

    @property
    def json(self) -> bool:
        """Whether the answer is JSON."""
        return bool(self.args.json) or self.batch

    @property
    def lang(self) -> str:
        """The language of messages."""
        return interface_language(getattr(self.args, "ui_lang", None))

    @contextlib.contextmanager
    def session(self, passphrase: str | None = None) -> Iterator[Session]:
        """Open the command's vault, or use the one that `batch` holds open."""
        if self.held is not None:
            yield self.held
            return
        session = self._opened() if passphrase is None else self._opened_with(passphrase)
        try:
            self.warn(session)
            yield session
            if session.vault.stopped:
                self._warn_of(KzdocError("vault.stopped"))
        finally:
            session.close()

    def _opened(self) -> Session:
        """Open the vault and forget the passphrase: a batch may run for days."""
        file = self.args.passphrase_file
        given = _first_line_wipeable(Path(file)) if file else bytearray(self._asked("cli.passphrase").encode())
        try:
            return self._opened_with(given)
        except InputError as error:
            raise InputError("passphrase.file") if error.code == "passphrase.encoding" else error from None
        finally:
            given[:] = bytes(len(given))

    def _opened_with(self, passphrase: str | bytearray) -> Session:
        return open_session(Path(self.args.vault), passphrase, progress=self.progress)

    def warn(self, session: Session) -> None:
        """Say on stderr, a line each, what a person should know of the open vault; nothing is refused for it."""
        for warning in oversight.warnings(session):
            self._warn_of(warning)

    def _warn_of(self, warning: KzdocError) -> None:
        self.warned.add(warning.code)
        print(f"{warning.code}: {sentence(warning, self.lang)}", file=self.stderr)

    def passphrase(self) -> str:
        """Return the passphrase from its file's first line, or ask for it on the terminal."""
        file = self.args.passphrase_file
        return _first_line(Path(file)) if file else self._asked("cli.passphrase")

    def new_passphrase(self, file: str | None) -> str:
        """Return a passphrase that is about to be set, from a file or asked for twice on the terminal.

        Raises ``InputError``: ``passphrase.not-given``, ``passphrase.file…``, ``passphrase.not-the-same``.
        """
        if file:
            return _first_line(Path(file))
        given = self._asked("cli.new-passphrase")
        if self._asked("cli.new-passphrase-again") != given:
            raise InputError("passphrase.not-the-same")
        return given

    def _asked(self, prompt: str) -> str:
        if not self.stdin.isatty():
            raise InputError("passphrase.not-given")
        try:
            return getpass.getpass(catalogue("cli", self.lang).say(prompt) + " ")
        except EOFError as error:  # the end of input instead of an answer
            print(file=self.stderr)
            raise InputError("passphrase.not-given") from error

    def typed(self) -> str:
        """Return all that comes on stdin, up to a limit; raises ``InputError("file.too-large")``."""
        text = self.stdin.read(LIMITS.stdin_text + 1)
        if len(text) > LIMITS.stdin_text:
            raise InputError("file.too-large", limit=LIMITS.stdin_text)
        return text

    def document(self, value: Mapping[str, Any] | list[Any], text: str | None = None) -> None:
        """Print one JSON document, or ``text`` for people."""
        if self.batch:
            self.answers.append(value)
        elif self.json:
            self._line(value)
        else:
            self.say(text if text is not None else _plain(value))

    def rows(self, values: Iterable[Mapping[str, Any]], text: Callable[[Mapping[str, Any]], str] | None = None) -> None:
        """Print a list: one JSON object a line, or one line for people each."""
        if self.batch:
            self.answers.append(list(values))
            return
        for value in values:
            if self.json:
                self._line(value)
            else:
                self.say(text(value) if text else _plain(value))

    def note(self, key: str, **params: str | int) -> None:
        """Tell a person something on stderr."""
        self.end_bar()
        print(catalogue("cli", self.lang).say(key, **params), file=self.stderr)

    def progress(self, step: str, done: int, total: int) -> None:
        """Show a progress bar on stderr when that is a terminal."""
        if not self.stderr.isatty():
            return
        width = 24
        filled = width * done // total if total else 0
        sentence = catalogue("cli", self.lang).say("step." + step)
        self.bar_open = not total or done < total
        end = "" if self.bar_open else "\n"
        print(f"\r{sentence} [{'#' * filled}{'.' * (width - filled)}] {done}/{total}", end=end, file=self.stderr)

    def end_bar(self) -> None:
        """End the line of a progress bar that did not come to its end, before something else is said."""
        if self.bar_open:
            print(file=self.stderr)
        self.bar_open = False

    def _line(self, value: Any) -> None:
        self.say(json.dumps(value, ensure_ascii=False))

    def say(self, text: str, *, end: str = "\n", flush: bool = False) -> None:
        """Print a part of the answer; raises ``KzdocError("output.not-written")``, ``BrokenPipeError``."""
        with answering():
            print(text, end=end, file=self.stdout, flush=flush)

    def flush(self) -> None:
        """Hand over what was printed until now; raises as ``say`` does."""
        with answering():
            self.stdout.flush()


@contextlib.contextmanager
def answering() -> Iterator[None]:
    """Tell an answer that cannot be written out from a command that failed; who closed a pipe has read enough."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise KzdocError("output.not-written") from error


def _first_line(path: Path) -> str:
    """Return a file's first line: UTF-8 with or without its mark, any line end."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            return _some(lines.readline(PASSPHRASE_LINE_LIMIT).rstrip("\r\n"))
    except FileNotFoundError as error:
        raise InputError("passphrase.file-missing") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("passphrase.file") from error


def _first_line_wipeable(path: Path) -> bytearray:
    """Return what ``_first_line`` returns, in UTF-8, in the one buffer that held it; the caller wipes it."""
    read = bytearray(4 * PASSPHRASE_LINE_LIMIT)
    try:
        with path.open("rb", buffering=0) as file:
            size = file.readinto(read) or 0
        begin = len(codecs.BOM_UTF8) if read.startswith(codecs.BOM_UTF8) else 0
        ends = [place for end in (b"\r", b"\n") if (place := read.find(end, begin, size)) >= 0]
        return _some(read[begin : min(ends, default=size)])
    except FileNotFoundError as error:
        raise InputError("passphrase.file-missing") from error
    except OSError as error:
        raise InputError("passphrase.file") from error
    finally:
        read[:] = bytes(len(read))


def _some(line: _Line) -> _Line:
    """Return a line that has something in it; raises ``InputError("passphrase.file-empty")``."""
    if not line.strip():
        raise InputError("passphrase.file-empty")
    return line


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {_cell(item)}" for key, item in value.items())
    return _cell(value)


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def interface_language(chosen: str | None) -> str:
    """Return the language of messages: ``--ui-lang``, else the environment's, else English."""
    if chosen:
        return chosen
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return value[:2] if value[:2] in LANGUAGES else "en"
    return "en"


def language_of(words: Sequence[str]) -> str:
    """Return the language of messages of a command that could not be parsed."""
    flag = "--ui-lang"
    given = [after for before, after in itertools.pairwise(words) if before == flag]
    given += [word.removeprefix(f"{flag}=") for word in words if word.startswith(f"{flag}=")]
    return interface_language(next((lang for lang in given if lang in LANGUAGES), None))


def unforeseen(error: Exception) -> KzdocError:
    """Return the refusal that stands for an error nobody foresaw: its kind and no value."""
    return KzdocError("internal", kind=type(error).__name__)


def sentence(error: KzdocError, lang: str) -> str:
    """Return the sentence of an error in ``lang``; where the reason is itself a code, with that one's sentence."""
    sentences = catalogue("errors", lang)
    said = sentences.say(error.code, **error.params)
    reason = str(error.params.get("reason", ""))
    return f"{said} ({sentences.say(reason, **error.params)})" if reason in sentences else said


def told(error: KzdocError, lang: str, *, warned: Container[str] = ()) -> list[str]:
    """Return what is said of an error: one line, or for several rows of a file one line each and one of the file.

    What was ``warned`` of above is not said a second time.
    """
    words = catalogue("cli", lang)
    if error.code in warned:
        return [f"{error.code}: {words.say('cli.as-said')}"]
    if error.code != "import.row":
        return [f"{error.code}: {sentence(error, lang)}"]
    rows, total = (error.rows, error.total) if isinstance(error, RowsError) else ((error,), 1)
    more = [words.say("import.more", n=total - len(rows))] if total > len(rows) else []
    said = [*[_row(one, lang) for one in rows], *more, words.say("import.none")]
    return [f"{error.code}: {one}" for one in (said if total > 1 else [" ".join(said)])]


def _row(error: KzdocError, lang: str) -> str:
    """Return what is wrong with a row, without what its reason says became of it: that is said once, of the file."""
    said = sentence(error, lang)
    for kept in catalogue("cli", lang).say("import.kept").split("|"):
        said = said.replace(f". {kept}; ", "; ").replace(f". {kept}.", ".")
    return said


def new_file(name: str) -> Path:
    """Return the path of a file to be written, which is never inside a vault's folder, whoever's vault it is.

    Raises ``InputError``: ``file.in-vault``, ``file.exists`` when a folder has that name.
    """
    path = Path(name)
    try:
        whole = path.resolve()
        if any((above / keys).exists() for above in (whole, *whole.parents) for keys in NAMES):
            raise InputError("file.in-vault")
        if whole.is_dir():
            raise InputError("file.exists")
    except OSError as error:
        raise not_written(error) from error
    return path


def write_new(path: Path, data: bytes) -> None:
    """Write ``data`` to a file that must not exist yet, so that no command overwrites another's work; whole or not."""
    made = False
    try:
        with path.open("xb") as target:
            made = True
            target.write(data)
    except FileExistsError as error:
        raise InputError("file.exists") from error
    except OSError as error:
        if made:
            with contextlib.suppress(OSError):
                path.unlink()
        raise not_written(error) from error


def not_written(error: OSError) -> InputError:
    """Return the refusal of a new file, with the reason the system gave: no folder, no room, not allowed."""
    return InputError("file.not-written", reason=file_error(error).code)


def read_file(name: str, *, limit: int) -> bytes:
    """Return the bytes of a file that somebody named; raises ``InputError`` (``file.not-read``, ``file.too-large``)."""
    return read_given(Path(name), limit=limit)
