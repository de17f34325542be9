"""Every state a power cut may leave of every protocol of the vault opens, whole, with all that was acknowledged.

Rebuilt by tests/faults/crashes.py from what the program really did to its files. Each check has a twin in which one
flush is missing, and must find it.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kzdoc import casework
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.errors import KzdocError, VaultError
from kzdoc.exchange import outgoing
from kzdoc.vault import schema, slots
from kzdoc.vault.backup import back_up, restore
from kzdoc.vault.check import check
from kzdoc.vault.vault import Vault, open_with_key
from tests.conftest import CountedRandomness
from tests.faults import work
from tests.faults.crashes import State, Step, record, snapshot, states
from tests.faults.figures import report
from tests.offices import NAMES, Office
from tests.vaults import NOW, PASSPHRASE, Template, Writer

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not here")

MODULE = "tests.faults.work"
SEED = 20_261_122
LEFT_OVER = "vault.blob-left-over"
Judge = Callable[[Path, list[dict[str, Any]]], None]


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    """Give a folder for thousands of short-lived states, in memory where there is such a place."""
    memory = Path("/dev/shm")  # noqa: S108 - a private folder is made in it
    folder = (memory if memory.is_dir() else tmp_path) / f"kzdoc-states-{os.getpid()}"
    folder.mkdir(mode=0o700)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Told:
    """What became of all states of a protocol."""

    states: int = 0
    bad: list[str] = field(default_factory=list)


def replay(
    name: str,
    before: dict[str, bytes | None],
    steps: list[Step],
    judge: Judge,
    scratch: Path,
    *,
    torn: int = 1,
    stop: int = 0,
    every: int = 1,
    backwards: bool = False,
) -> Told:
    """Let ``judge`` look at every state, or ``every`` so many; after ``stop`` bad ones (if given) that is enough."""
    told = Told()
    start = time.monotonic()
    found = states(before, steps, seed=SEED, torn=torn)
    for number, state in enumerate(reversed(list(found)) if backwards else found):
        if number % every:
            continue
        told.states += 1
        problem = verdict(state, judge, scratch / "state")
        if problem:
            told.bad.append(f"{state.name}: {problem}")
            if stop and len(told.bad) >= stop:
                break
    took = time.monotonic() - start
    report(f"{name}: {told.states} states of {len(steps)} operations, {len(told.bad)} bad, {took:.1f} s")
    return told


def verdict(state: State, judge: Judge, folder: Path) -> str:
    """Return what is wrong with a state, or nothing."""
    try:
        judge(state.write(folder), [json.loads(line) for line in state.acknowledged])
    except KzdocError as error:
        return f"{error.code} {error.params}"
    except AssertionError as error:
        return str(error).splitlines()[0] if str(error) else "assertion"
    return ""


def given(said: list[dict[str, Any]], name: str) -> list[Any]:
    """Return all values said under a name."""
    return [one[name] for one in said if name in one]


@dataclass
class Whole:
    """Judges a state of a vault whose key is known: it opens, everything in it fits, nothing acknowledged is missing.

    Nor is anything left over: what a stop left of files coming and going was noted and went at the opening.
    """

    key: bytes

    def __call__(self, folder: Path, said: list[dict[str, Any]]) -> None:
        with self.open(folder / "vault") as vault:
            self.look(vault, said)

    def open(self, folder: Path) -> Vault:
        """Open a vault with the real code."""
        return open_with_key(folder, bytearray(self.key), clock=lambda: NOW, randomness=os.urandom)

    def look(self, vault: Vault, said: list[dict[str, Any]]) -> None:
        """Look at everything."""
        found = check(vault)
        assert not found, f"found {found}"
        saved = {bytes.fromhex(one) for one in given(said, "saved")}
        assert vault.chains.known(sorted(saved)) == saved, "an acknowledged save is lost"
        step = int(vault.settings.get(work.STEP) or b"0")
        assert step >= max(given(said, "step"), default=0), "an acknowledged step is lost"
        draft = vault.drafts.open(work.DRAFT)
        assert draft in (None, str(step + 1).encode()), "half a save"
        if step:
            rows = vault.database.row("SELECT count(*) FROM revision")
            assert rows == (step,), "half a save"
        forgotten = set(given(said, "forgotten"))
        for sha256 in set(given(said, "blob")) - set(given(said, "forgetting")):
            assert b"".join(vault.blobs.read(bytes.fromhex(sha256)))
        assert not any(vault.blobs.has(bytes.fromhex(sha256)) for sha256 in forgotten), "a forgotten file is back"
        assert len(vault.chains.erased()) >= max(given(said, "erased"), default=0), "what was forgotten is back"


def start(template: Template, folder: Path) -> Path:
    """Return a folder with a copy of the template vault in it."""
    folder.mkdir()
    template.copy(folder / "vault")
    return folder


def recorded(folder: Path, name: str, key: bytes, *arguments: str) -> tuple[dict[str, bytes | None], list[Step]]:
    """Return the folder before a piece of work, and what the work did."""
    before = snapshot(folder)
    return before, record(folder, MODULE, name, *arguments, given=key.hex() + "\n")


SHORT = {"save", "attach", "forget", "migrate"}


@pytest.mark.parametrize("name", sorted(SHORT))
def test_every_crash_state_of_work_in_a_vault(
    name: str, template_vault: Template, tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = start(template_vault, tmp_path / "here")
    if name == "migrate":
        with Whole(template_vault.key).open(folder / "vault") as vault:
            Writer(vault).save(os.urandom(16), {"name_ru": "Тестов Данияр"})
    before, steps = recorded(folder, name, template_vault.key, *(["4"] if name == "save" else []))
    if name == "migrate":
        monkeypatch.setattr(schema, "_STEPS", schema._STEPS)
        monkeypatch.setattr(schema, "VERSION", 1)
        work.with_one_more_step()
    every = 4 if name == "save" else 1  # all of them, and more, in the long tests
    told = replay(name, before, steps, Whole(template_vault.key), scratch, every=every)
    assert not told.bad, told.bad[:5]
    assert told.states > 25  # a migration has the fewest


@pytest.mark.long
@pytest.mark.parametrize("name", ["save", "attach", "forget", "backup"])
def test_many_more_torn_states(name: str, template_vault: Template, tmp_path: Path, scratch: Path) -> None:
    folder = start(template_vault, tmp_path / "here")
    before, steps = recorded(folder, name, template_vault.key, *{"save": ["12"], "backup": ["3"]}.get(name, []))
    judge = BackedUp(template_vault.key) if name == "backup" else Whole(template_vault.key)
    told = replay(f"{name}, much torn", before, steps, judge, scratch, torn=12)
    assert not told.bad, told.bad[:5]


@pytest.mark.parametrize("way", ["NORMAL", "OFF"])
def test_the_twin_without_flushes_loses_acknowledged_saves(
    way: str, template_vault: Template, tmp_path: Path, scratch: Path
) -> None:
    folder = start(template_vault, tmp_path / "here")
    before, steps = recorded(folder, "save", template_vault.key, f"synchronous={way}")
    told = replay(f"twin, synchronous={way}", before, steps, Whole(template_vault.key), scratch, stop=5)
    assert len(told.bad) == 5


def slots_are_there(folder: Path) -> bool:
    """Tell whether one of the two files of slots is there, which are written last."""
    return any((folder / name).exists() for name in slots.NAMES)


@dataclass
class Created:
    """Judges a state of a new vault: it opens with its key, or it is refused and was never said to be made."""

    key: bytes

    def __call__(self, folder: Path, said: list[dict[str, Any]]) -> None:
        if said or slots_are_there(folder / "vault"):
            Whole(self.key)(folder, said)
        else:
            with pytest.raises(VaultError, match=r"vault\.not-a-vault"):
                Whole(self.key)(folder, said)


@pytest.mark.parametrize("spoilt", [(), ("no-file-sync",), pytest.param(("no-folder-sync",), marks=pytest.mark.long)])
def test_every_crash_state_of_making_a_vault(spoilt: tuple[str, ...], tmp_path: Path, scratch: Path) -> None:
    (tmp_path / "here").mkdir()
    before, steps = recorded(tmp_path / "here", "create", b"", *spoilt)
    key = CountedRandomness("made")(48)
    told = replay(" ".join(("create", *spoilt)), before, steps, Created(key), scratch, stop=1 if spoilt else 0)
    assert bool(told.bad) is bool(spoilt), told.bad[:5]


@dataclass
class Slots:
    """Judges a state of a changed passphrase: the old or the new one opens, the new one once that was said."""

    key: bytes
    opened: dict[tuple[bytes, ...], str] = field(default_factory=dict)

    def __call__(self, folder: Path, said: list[dict[str, Any]]) -> None:
        Whole(self.key)(folder, said)
        file = slots.read_slot_file(folder / "vault")
        if file.slots not in self.opened:
            self.opened[file.slots] = "old" if self._opens(file, PASSPHRASE) else "new"
            assert self.opened[file.slots] == "old" or self._opens(file, work.NEW_PASSPHRASE), "neither opens"
        assert not said or self.opened[file.slots] == "new", "the old passphrase is back"

    def _opens(self, file: slots.SlotFile, passphrase: str) -> bool:
        try:
            return bytes(slots.unlock(file, passphrase)) == self.key
        except VaultError:
            return False


@pytest.mark.parametrize("spoilt", [(), ("no-file-sync",)])  # the folder is flushed by the database's row as well
def test_every_crash_state_of_a_changed_passphrase(
    spoilt: tuple[str, ...], template_vault: Template, tmp_path: Path, scratch: Path
) -> None:
    folder = start(template_vault, tmp_path / "here")
    before, steps = recorded(folder, "slots", template_vault.key, *spoilt)
    told = replay(
        " ".join(("slots", *spoilt)),
        before,
        steps,
        Slots(template_vault.key),
        scratch,
        stop=1 if spoilt else 0,
        backwards=bool(spoilt),
    )
    assert bool(told.bad) is bool(spoilt), told.bad[:5]


@dataclass
class BackedUp:
    """Judges a state of a vault and its backups: a whole backup stands under its name, the newest once it was said."""

    key: bytes

    def __call__(self, folder: Path, said: list[dict[str, Any]]) -> None:
        whole = Whole(self.key)
        whole(folder, said)
        if not given(said, "backup") and not (folder / "copy.kzbak").exists():
            return
        shutil.rmtree(folder / "again", ignore_errors=True)
        restore(folder / "copy.kzbak", folder / "again")
        with whole.open(folder / "again") as vault:
            assert not check(vault)
            step = int(vault.settings.get(work.STEP) or b"0")
            assert step >= max(given(said, "backup"), default=0), "an acknowledged backup is lost"


@pytest.mark.parametrize("spoilt", [(), ("no-file-sync",), pytest.param(("no-folder-sync",), marks=pytest.mark.long)])
def test_every_crash_state_of_a_backup(
    spoilt: tuple[str, ...], template_vault: Template, tmp_path: Path, scratch: Path
) -> None:
    folder = start(template_vault, tmp_path / "here")
    with Whole(template_vault.key).open(folder / "vault") as vault:
        back_up(vault, folder / "copy.kzbak")
    before, steps = recorded(folder, "backup", template_vault.key, *spoilt)
    told = replay(
        " ".join(("backup", *spoilt)),
        before,
        steps,
        BackedUp(template_vault.key),
        scratch,
        torn=0,
        stop=1 if spoilt else 0,
        every=1 if spoilt else 4,
        backwards=bool(spoilt),
    )
    assert bool(told.bad) is bool(spoilt), told.bad[:5]


def test_every_crash_state_of_a_bundle_taken_in(office: Office, tmp_path: Path, scratch: Path) -> None:
    picture = tmp_path / "picture.bin"
    picture.write_bytes(os.urandom(3000))
    sender, reader = office.open(NAMES[0]), office.open(NAMES[1])
    for number in range(3):
        record_id = casework.add(sender, "person", [Change("name_ru", "set", f"Мысалов {number}")])
    casework.attach(sender, record_id, [picture])
    bundle = tmp_path / "bundle.bin"
    outgoing.make_bundle(sender, [NAMES[1]], bundle, audience=Audience.INTERNAL)
    reader.close()
    sender.close()
    (tmp_path / "here").mkdir()
    shutil.copytree(office.folder / NAMES[1], tmp_path / "here" / "vault")
    key = office.template.keys[NAMES[1]]
    before, steps = recorded(tmp_path / "here", "take", key, str(bundle))
    counts: set[int] = set()

    def judge(folder: Path, said: list[dict[str, Any]]) -> None:
        with Whole(key).open(folder / "vault") as vault:
            found = check(vault)
            assert not found, f"found {found}"
            row = vault.database.row("SELECT (SELECT count(*) FROM revision), (SELECT count(*) FROM bundle_in)")
            assert row
            counts.add(row[0])
            assert bool(row[0]) is bool(row[1]), "half a bundle"
            assert not given(said, "taken") or row[1] == 1, "a bundle taken in is lost"

    told = replay("take-in", before, steps, judge, scratch)
    assert not told.bad, told.bad[:5]
    assert len(counts) == 2


@pytest.mark.parametrize("spoilt", [(), ("no-file-sync",), ("no-folder-sync",)])
def test_every_crash_state_of_a_restored_backup(
    spoilt: tuple[str, ...], template_vault: Template, tmp_path: Path, scratch: Path
) -> None:
    folder = start(template_vault, tmp_path / "here")
    whole = Whole(template_vault.key)
    with whole.open(folder / "vault") as vault:
        saved = Writer(vault).save(os.urandom(16), {"name_ru": "Тестов Данияр"})
        vault.blobs.add(io.BytesIO(os.urandom(3000)), media="")
        back_up(vault, folder / "copy.kzbak")
    shutil.rmtree(folder / "vault")
    before, steps = recorded(folder, "restore", template_vault.key, *spoilt)

    def judge(state: Path, said: list[dict[str, Any]]) -> None:
        if not said and not slots_are_there(state / "again"):
            return  # there is no vault yet: whoever opens it is told so, and the backup is where it was
        with whole.open(state / "again") as vault:
            assert not check(vault)
            assert vault.chains.known([saved.id])

    told = replay(" ".join(("restore", *spoilt)), before, steps, judge, scratch, stop=1 if spoilt else 0)
    assert bool(told.bad) is bool(spoilt), told.bad[:5]
