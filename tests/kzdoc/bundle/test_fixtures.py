"""Fixtures F01 to F50: each ends as the file beside it says, in the two processes and in a real vault.

What is refused changes no row of the vault, leaves no file and releases no word. What is taken in is seen to do what it
may and no more. The twins at the end take one check away each: the fixture then ends otherwise, so the test would
notice.
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cbor2
import pytest

from kzdoc.bundle import header as headers
from kzdoc.bundle import volume, vouching
from kzdoc.bundle.header import Header
from kzdoc.bundle.reader import open_bundle
from kzdoc.bundle.roster import Roster
from kzdoc.bundle.sequence import Standing
from kzdoc.crypto.identity import HybridPublic
from kzdoc.errors import KzdocError
from kzdoc.exchange import incoming, trust
from kzdoc.ledger.history import RIGHTS
from kzdoc.limits import LIMITS
from kzdoc.progress import silent
from kzdoc.session import Session
from tests.kzdoc.bundle import fixtures_after, parties
from tests.kzdoc.bundle.fixture import CANARY, VAULT_READER, Fixture
from tests.kzdoc.bundle.fixture_desk import FOLDER, Desk, files, happen, make_desk, receive, tables
from tests.kzdoc.bundle.fixtures_after import any_introduction, loose_piece
from tests.kzdoc.bundle.parties import ANNA, read_here
from tests.vectors.bundles.fixtures import fixtures

ALL = {one.stem: one for one in fixtures()}
QUICK = [one for one in ALL.values() if not one.long]
LONG = [one for one in ALL.values() if one.long]
INSIDE = ("bundle.item", "bundle.digest", "bundle.revision-signature", "bundle.piece")
"""What is found while items are already being handed to the transaction that is then rolled back."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return make_desk(tmp_path_factory.mktemp("desk") / "vault")


@pytest.fixture
def session(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    opened = desk.copy(tmp_path / "vault")
    yield opened
    opened.close()


def bytes_of(one: Fixture) -> bytes:
    return one.make() if one.made else (FOLDER / f"{one.stem}.bin").read_bytes()


def arrived(one: Fixture, folder: Path) -> Path:
    path = folder / "arrived" / "8d1f.bin"
    path.parent.mkdir()
    path.write_bytes(bytes_of(one))
    return path


def read_in_processes(file: Path) -> tuple[str, int]:
    """Return how the two processes end, and how many items they gave."""
    given = 0
    try:
        with open_bundle([file], reader=VAULT_READER, progress=silent) as opened:
            for _ in opened.items(silent):
                given += 1
    except KzdocError as error:
        return error.code, given
    return "good", given


def read_in_this_process(data: bytes) -> str:
    try:
        read_here(data, VAULT_READER)
    except KzdocError as error:
        return error.code
    return "good"


def test_there_are_fifty_and_each_is_described_beside_it() -> None:
    assert {one.id[:3] for one in ALL.values()} >= {f"F{number:02}" for number in range(1, 51)}
    assert {path.stem for path in FOLDER.glob("F*.json")} == ALL.keys()
    assert {path.stem for path in FOLDER.glob("F*.bin")} == {one.stem for one in ALL.values() if not one.made}
    for one in ALL.values():
        told = json.loads((FOLDER / f"{one.stem}.json").read_text(encoding="utf-8"))
        assert told == json.loads(json.dumps(one.told()))
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 3 * 2**20


@pytest.mark.parametrize("one", QUICK, ids=lambda one: one.stem)
def test_fixture(one: Fixture, session: Session, tmp_path: Path) -> None:
    for step in one.before:
        happen(session, step)
    file = arrived(one, tmp_path)
    if one.kind == "bundle" and one.takes != "taken":
        code, given = read_in_processes(file)
        assert code == one.reads
        assert given == 0 or code in ("good", *INSIDE)
    before, around = tables(session), files(tmp_path)
    if one.takes == "taken" and one.kind == "bundle":
        incoming.inspect(session, [file])
        assert tables(session) == before
    code, told = receive(session, file, one.kind)
    assert code == one.takes
    if one.takes == "taken":
        fixtures_after.check(one, session, told)
    else:
        fixtures_after.check_refused(one, session, told, before, tables(session))
        assert files(tmp_path) == around
        assert not any(CANARY.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize("one", [one for one in QUICK if one.kind == "bundle"], ids=lambda one: one.stem)
def test_the_generator_makes_what_is_committed(one: Fixture) -> None:
    assert read_in_this_process(one.make()) == one.reads


@pytest.mark.long
@pytest.mark.parametrize("one", LONG, ids=lambda one: one.stem)
def test_long_fixture(one: Fixture, session: Session, tmp_path: Path) -> None:
    test_fixture(one, session, tmp_path)


# --- twins: a reader without its check

Patch = tuple[object, str, Any]
ACCEPT = lambda *_, **__: True  # noqa: E731 - a check that lets everything pass


def _half(part: str) -> Callable[..., bool]:
    """Return a verification that holds a bundle signed when one of the two signatures does."""
    true = HybridPublic.verify

    def verify(self: HybridPublic, context: str, message: bytes, signature: bytes) -> bool:
        good = ANNA.signer.sign(context, message)
        mended = signature[:64] + good[64:] if part == "ed25519" else good[:64] + signature[64:]
        return true(self, context, message, mended)

    return verify


def _officeless(raw: bytes) -> Header:
    return dataclasses.replace(headers.read_header(raw), office=b"", practice=False)


def _loosely(data: bytes) -> Any:
    return cbor2.loads(data)


def _patches() -> dict[str, list[Patch]]:
    """Return what to take away from the reader, by the fixture that must notice."""
    from kzdoc.bundle import armour, frames, parser
    from kzdoc.crypto import age, age_header

    wide = dataclasses.replace(frames.BUNDLE, items_per_volume=2**30, header=2**24)
    all_items = dataclasses.replace(LIMITS, item=2**40)
    every = frozenset((*headers._KEYS, "anchor"))
    return {
        "F03-header-mac": [(age_header.Header, "authenticates", ACCEPT)],
        "F09-mixed": [(age, "hybrid_only", ACCEPT)],
        "F15-ml-dsa": [(HybridPublic, "verify", _half("ed25519"))],
        "F16-ed25519": [(HybridPublic, "verify", _half("ml-dsa"))],
        "F20-forwarded": [(Header, "reader", lambda *_: (1, bytes(32)))],
        "F21-office": [(volume, "read_header", _officeless)],
        "F21b-practice": [(volume, "read_header", _officeless)],
        "F22-other-root": [(HybridPublic, "verify", ACCEPT)],
        "F23-context": [(volume, "CONTEXT", "kzdoc-receipt-v1")],
        "F24-not-canonical": [(headers, "decode", _loosely), (armour, "decode", _loosely)],
        "F25-duplicate-key": [(headers, "decode", _loosely), (armour, "decode", _loosely)],
        "F26-unknown-field": [(headers, "_KEYS", every)],
        "F27-min-reader": [(headers, "READER_VERSION", 2)],
        "F35-digest": [(vouching, "follows_digests", ACCEPT), (vouching, "_is_what_was_said", ACCEPT)],
        "F36-piece-size": [(parser, "read_piece", loose_piece), (parties, "read_piece", loose_piece)],
        "F38-items": [(headers, "BUNDLE", wide)],
        "F39-item-head": [(frames, "LIMITS", all_items)],
        "F50c-empty-introduction": [(parser, "_introduction", any_introduction)],
    }


@pytest.mark.parametrize("stem", sorted(_patches()))
def test_a_reader_without_its_check_is_caught(stem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytes_of(ALL[stem])
    assert read_in_this_process(data) == ALL[stem].reads
    for where, name, weaker in _patches()[stem]:
        monkeypatch.setattr(where, name, weaker)
    assert read_in_this_process(data) != ALL[stem].reads


def _everybody(session: Session, states: dict[bytes, str], before: object) -> dict[bytes, frozenset[str]]:
    del states, before
    return dict.fromkeys((session.author, *session.vault.chains.authors()), RIGHTS)


VAULT_TWINS: dict[str, list[Patch]] = {
    "F18-revoked": [(incoming, "state_of", lambda *_: "verified")],
    "F19-unverified": [(incoming, "state_of", lambda *_: "verified")],
    "F28-replay": [(incoming, "_standing", lambda *_: Standing.NEXT)],
    "F30-jump": [(incoming, "standing", lambda *_, **__: Standing.GAP)],
    "F32-fork": [(incoming, "standing", lambda *_, **__: Standing.NEXT)],
    "F33-roster-older": [(Roster, "check_follows", lambda *_: None)],
    "F42-no-right": [(trust, "_rights", _everybody)],
    "F49-aside": [(trust, "_rights", _everybody)],
    "F49b-removed": [(trust, "_rights", _everybody)],
    "F18b-revoked-carried": [(trust, "_beyond_trust", lambda *_: set())],
}


@pytest.mark.parametrize("stem", sorted(VAULT_TWINS))
def test_a_desk_without_its_check_is_caught(
    stem: str, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where, name, weaker in VAULT_TWINS[stem]:
        monkeypatch.setattr(where, name, weaker)
    with pytest.raises(AssertionError):
        test_fixture(ALL[stem], session, tmp_path)
