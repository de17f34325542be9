"""Whole scenarios in a throw-away home under strace: nothing of a record is ever written in the clear, anywhere.

Two doors, one rule. The command line does everything it can with a value of its own in every field of every kind;
the real window, in its real processes, is worked by hands (tests/leaks/hands.py). Every byte any process wrote is
searched, every file it made must be allowed, every socket and every process is looked at.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Field, Sensitivity, Type
from tests.leaks import canaries, theatre, trace
from tests.leaks.furnish import OWNER, PARTNER, furnish
from tests.leaks.theatre import PASSPHRASE
from tests.leaks.trace import NOWHERE, Trace, whole
from tests.ui import x11

pytestmark = pytest.mark.skipif(trace.MISSING, reason="needs strace")

VAULT = (
    r"(vault|made)",
    r"(vault|made)/blobs",
    r"(vault|made)/vault\.(keys|keys\.2|lock|db|db-wal|db-journal)",
    r"(vault|made)/(blobs/)?\.[a-z0-9_]{8}\.part",
    r"(vault|made)/blobs/[0-9a-f]{32}(\.new)?",
)
OUTPUTS = (
    r"[a-z-]+\.(kzbundle|receipt|head|backup)(\.receipt)?",
    r"\.[a-z0-9_]{8}\.part(/[a-z.-]+)?",
    r"\.[a-z]+\.backup-[a-z0-9_]{8}\.part(/.*)?",  # a backup is restored, sealed as it is, before it gets its name
)
PAPERS = (r"papers/[a-z-]+\.(pdf|pdf\.sig|xlsx)", r"papers/\.[a-z0-9_]{8}\.part")
DESK = (
    r"\.config",
    r"\.config/kzdoc",
    r"\.config/kzdoc/(desk\.json|\.[a-z0-9_]{8}\.part)",
    r"\.cache/fontconfig(/.*)?",
)
SYSTEM = (r"/var/cache/fontconfig(/.*)?",)
"""The system's own list of fonts, which root makes when a window first asks for one."""

SEALED_TEMPORARY = (r"tmp/tmp[a-z0-9_]{8}(/\w+)?",)
"""A bundle waits there sealed as it came, while a paused preview is opened again; probes lie in memory or there."""


def allowed(home: Path, *more: str) -> list[str]:
    """Return what may be made under a home, and the few places outside it."""
    inside = (*VAULT, *OUTPUTS, *PAPERS, *DESK, *SEALED_TEMPORARY)
    return [*(whole(pattern, home) for pattern in inside), *NOWHERE, *SYSTEM, *more]


def judge(recorded: Trace, home: Path, *more: str) -> None:
    """Fail unless everything recorded is as it should be."""
    papers = [whole(pattern, home) for pattern in PAPERS]
    assert recorded.hits(except_in=papers) == {}
    assert recorded.strangers(allowed(home, *more)) == set()
    assert recorded.sockets <= {"AF_UNIX"}
    assert recorded.unseen == set()
    assert {path for path in recorded.shared if not path.startswith("/memfd:")} == set()
    assert recorded.undumped(b"kzdoc.") == []  # a module of ours, wherever the program lies


def left(home: Path) -> dict[str, list[canaries.Hit]]:
    """Return the canaries in all files of a home but papers and what the person brought."""
    kept = [path for path in home.rglob("*") if path.is_file() and path.parent.name not in ("papers", "sources")]
    return {str(path): hits for path in kept if (hits := canaries.search(path.read_bytes()))}


# -- the command line ---------------------------------------------------------------------------------------------


def shown_as(field: Field, label: str) -> Any:
    """Return a canary a field takes, or None for a field that takes none."""
    if field.type in (Type.TEXT, Type.LONG_TEXT):
        return canaries.value(label)
    if field.type is Type.ADDRESS:
        return {"text": canaries.value(label)}
    if field.type is Type.URL:
        return f"https://{canaries.PLAIN}.example/{label.replace(' ', '-')}"
    if field.type is Type.IDENTIFIER:
        email = f"{canaries.PLAIN}@example.kz"
        iin, phone, document = canaries.NUMBERS
        special = {"iin": iin, "phone": phone, "document": document, "email": email}
        return special.get(field.number_kind or "", canaries.PLAIN)
    return None


def everything() -> tuple[list[dict[str, Any]], set[Sensitivity]]:
    """Return one record of each kind with a canary in every field that takes one, and the classes they cover."""
    records, covered = [], set()
    for kind in KINDS.values():
        fields = {}
        for field in kind.fields:
            said = shown_as(field, f"{kind.id} {field.id}")
            if said is not None and field.vocabulary is None:
                fields[field.id] = [said] if field.many else said
                covered |= {field.sensitivity} if field.sensitivity else set()
        if fields:
            records.append({"kind": kind.id, "ref": kind.id, "fields": fields})
    return records, covered


@dataclass
class Terminal:
    """Somebody at a terminal in a throw-away home; what was recorded of all commands is kept together."""

    home: Path
    total: Trace

    def __call__(self, *words: str, stdin: bytes = b"", refused: bool = False) -> bytes:
        """Run one command under strace and return what it printed."""
        done, recorded = trace.run(
            [sys.executable, "-m", "kzdoc.cli", *words, "--passphrase-file", "../passphrase"],
            home=self.home,
            stdin=stdin,
        )
        assert refused or done.returncode == 0, done.stdout + done.stderr
        assert not canaries.search(done.stderr), done.stderr
        self.total.add(recorded)
        return done.stdout

    def batch(self, vault: str, *lines: list[str]) -> list[Any]:
        """Run many commands in one unlocking; words come on stdin, so none stands in a list of processes."""
        said = self("batch", vault, stdin="".join(json.dumps(line) + "\n" for line in lines).encode())
        answers = [json.loads(line) for line in said.splitlines()]
        assert not [one for one in answers if isinstance(one, dict) and "error" in one], answers
        return answers


def at_the_terminal(folder: Path) -> Terminal:
    """Furnish a home and sit down in it."""
    (folder / "passphrase").write_text(PASSPHRASE + "\n")
    furnish(folder / "home", PASSPHRASE)
    return Terminal(folder / "home", Trace())


def test_the_command_line_writes_nothing_in_the_clear(tmp_path: Path) -> None:
    records, covered = everything()
    assert covered >= {one for one in Sensitivity if one is not Sensitivity.PHOTO}  # a photo is the attached file
    at = at_the_terminal(tmp_path)
    at("vault", "new", "made", "--author", OWNER)
    source = at.home / "sources" / f"{canaries.MARKER} {canaries.PLAIN}.png"
    (at.home / "sources" / "all.json").write_text(json.dumps(records), encoding="utf-8")
    taken = at.batch("vault", ["record", "import", "sources/all.json"])[0]
    person = taken["ids"][[one["kind"] for one in records].index("person")]
    paper = ("--profile", "internal", "--lang", "kk", "-o", "papers/internal.pdf")
    at.batch(
        "vault",
        ["record", "set", person, f"description={canaries.value('екінші')}", "naming_basis=own_consent"],
        ["record", "attach", person, str(source)],
        ["record", "find", canaries.MARKER],
        ["record", "list", "person"],
        ["record", "show", person, "--history"],
        ["record", "withhold", person, "description", "--reason", "not_shared"],
        ["record", "restore", person],
        ["bundle", "inspect", "in.kzbundle"],
        ["bundle", "take", "in.kzbundle"],
        ["receipt", "make", "in.kzbundle", "-o", "own.receipt"],
        ["bundle", "make", "--to", PARTNER, "--profile", "internal", "-o", "out.kzbundle"],
        ["count", "event", "--from", "2020-02", "--to", "2020-02", "--unit", "events"],
        ["report", "make", "--template", "case-file", *paper, "--record", person],
        ["record", "export", "person", "-o", "papers/people.xlsx", "--profile", "internal"],
        ["record", "import", "papers/people.xlsx", "--kind", "person", "--preview"],
        ["vault", "head", "-o", "own.head"],
        ["vault", "backup", "-o", "copy.backup"],
        ["vault", "rebuild"],
        ["vault", "check"],
    )
    at("text", "redact", "vault", "--profile", "public", "--lang", "ru", stdin=canaries.value("қайда").encode())
    at("record", "show", "vault", "00" * 16, refused=True)
    judge(at.total, at.home)
    assert left(at.home) == {}


# -- the window ---------------------------------------------------------------------------------------------------

SHORT = (("speak:kk", "record", "draft", "raise", "lock"), ("search", "pause:before", "fall"), ("search", "quit"))
"""Work and lock; come back, find, and the desk dies under one's hands; come back once more and quit."""
DAY = (
    ("take", "record", "draft", "search", "attach", "send", "publish", "raise", "copy", "lock"),
    ("search", "pause:before", "fall"),
    ("search", "quit"),
)
"""The same, with a partner's bundle, a picture, a bundle for the partner, and papers."""


def left_of_a_day(folder: Path, sittings: Sequence[Sequence[str]], screen: x11.Screen | None) -> None:
    """Let the sittings be played, and fail unless everything they did is as it should be."""
    furnish(folder / "home", PASSPHRASE)
    with theatre.play(folder, sittings, traced=True, home=folder / "home", screen=screen) as played:
        played.wait_for("before.ready")
        assert not (played.home / "vault" / "vault.db-shm").exists()
        played.go_on("before")
        status = played.end()
    recorded = played.trace()
    assert status == 0
    assert b"HAND" not in played.stderr, played.stderr.decode()
    judge(recorded, played.home, rf"{folder}/control/.*")
    assert left(played.home) == {}
    said = played.stderr
    assert b"kzdoc: ValueError in slot" in said  # the fault was told, by its kind and place alone
    assert b"Traceback" not in said
    assert canaries.search(said) == []
    assert any(b"SIGSEGV" in line for one in recorded.processes.values() for line in one.signals)
    assert not [path for path in played.home.rglob("core*") if path.is_file()]


@pytest.mark.parametrize("sittings", [SHORT, pytest.param(DAY, marks=pytest.mark.long)], ids=["short", "day"])
def test_the_window_writes_nothing_in_the_clear(tmp_path: Path, sittings: tuple[tuple[str, ...], ...]) -> None:
    left_of_a_day(tmp_path, sittings, None)


@pytest.mark.long
@pytest.mark.x11
@pytest.mark.skipif(bool(x11.MISSING), reason=f"needs {x11.MISSING}")
def test_the_window_on_a_real_screen_writes_nothing_in_the_clear(tmp_path: Path) -> None:
    with x11.screen(tmp_path) as shown:
        left_of_a_day(tmp_path / "day", DAY, shown)
