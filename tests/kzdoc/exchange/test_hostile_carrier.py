"""A carrier that wants harm: it replays, cuts, swaps, changes, deletes, floods and plants; nothing comes in by that."""

from __future__ import annotations

import os
import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc.domain.audience import Audience
from kzdoc.errors import KzdocError
from kzdoc.exchange import folder, folder_files, folder_memory, folder_seeing, incoming, outgoing, quarantine, trust
from kzdoc.exchange.folder_memory import Seen
from kzdoc.session import create_vault
from kzdoc.vault.check import check, state_hash
from tests.kzdoc.test_exchange import put
from tests.offices import NAMES, PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES

pytestmark = pytest.mark.usefixtures("nearby")


def harm(shared: Path, kept: Path, chance: random.Random) -> None:
    """Do one thing a carrier may do; ``kept`` is where it keeps copies of all it ever saw."""
    files = sorted(file for file in shared.iterdir() if file.is_file())
    for file in files:
        shutil.copy(file, kept / file.name)
    old = sorted(kept.iterdir())
    what = chance.choice(("replay", "replay", "cut", "swap", "change", "delete", "junk", "mixed"))
    if what == "junk":
        (shared / f"{chance.randrange(10**9)}.bin").write_bytes(folder_files.SEALED + os.urandom(20_000))
    elif what == "replay" and old:
        shutil.copy(chance.choice(old), shared / f"{chance.randrange(10**9)}.bin")
    elif what == "mixed" and old:
        head, tail = chance.choice(old).read_bytes()[:8_000], chance.choice(old).read_bytes()[8_000:]
        (shared / f"{chance.randrange(10**9)}.bin").write_bytes(head + tail)
    elif files:
        file, other = chance.choice(files), chance.choice(files)
        data = file.read_bytes()
        if what == "cut":
            file.write_bytes(data[: chance.randrange(len(data) + 1)])
        elif what == "swap":
            file.write_bytes(other.read_bytes())
            other.write_bytes(data)
        elif what == "change" and data:
            place = chance.randrange(len(data))
            file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        else:
            file.unlink()


def lived(office: Office, shared: Path, kept: Path, seed: int, steps: int) -> list[Session]:
    """Let two desks work while the carrier does harm, and then without it until they hold the same."""
    kept.mkdir()
    chance = random.Random(seed)
    a, _, c = office.all()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    folder.arrange(c, shared, [A], audience=Audience.INTERNAL)
    for step in range(steps):
        desk = chance.choice((a, c))
        if chance.random() < 0.5:
            put(desk, "event", title=f"Митинг {step}")
        folder.exchange(desk, shared)
        for _ in range(2):
            harm(shared, kept, chance)
    for file in shared.iterdir():
        file.unlink()
    for _ in range(3):
        for desk in (a, c):
            folder.exchange(desk, shared)
    return [a, c]


@pytest.mark.parametrize("seed", [5])
def test_whatever_a_carrier_does_all_that_was_written_arrives_and_nothing_else(
    office: Office, shared: Path, tmp_path: Path, seed: int
) -> None:
    a, c = lived(office, shared, tmp_path / "kept", seed, 12)
    assert state_hash(a.vault) == state_hash(c.vault), f"seed {seed}"
    assert check(a.vault) == check(c.vault) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 120))
def test_many_hostile_carriers(office: Office, shared: Path, tmp_path: Path, seed: int) -> None:
    a, c = lived(office, shared, tmp_path / "kept", seed, 60)
    assert state_hash(a.vault) == state_hash(c.vault), f"seed {seed}"
    assert check(a.vault) == check(c.vault) == []


def planted(office: Office, shared: Path, tmp_path: Path) -> Session:
    """Let a stranger whose card is here, not verified, put a bundle there; return the desk that looked."""

    c = office.open(C)
    stranger = create_vault(tmp_path / "stranger", PASSPHRASE, author="Бөтен", clock=office.clock)
    trust.add_contact(stranger, trust.card(c), name=C, lang="en")
    stranger.vault.contacts.set_state(C, "verified", how="person")
    trust.add_contact(c, trust.card(stranger), name="Бөтен", lang="en")
    put(stranger, "event", title="Ешқашан болмаған жиын")
    outgoing.make_bundle(stranger, [C], shared / "0.bin", audience=Audience.INTERNAL)
    stranger.close()
    folder.exchange(c, shared)
    return c


def test_nothing_comes_in_from_who_is_not_verified(office: Office, shared: Path, tmp_path: Path) -> None:
    c = planted(office, shared, tmp_path)
    assert list(c.records.records("event")) == []
    assert [one["sender"] for one in quarantine.waiting(c)] == ["Бөтен"]


def test_a_desk_that_believes_every_sender_would_be_caught(
    office: Office, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_seeing, "state_of", lambda *_: "verified")
    monkeypatch.setattr(incoming, "state_of", lambda *_: "verified")
    c = planted(office, shared, tmp_path)
    assert len(list(c.records.records("event"))) == 1


def test_a_flood_is_bounded_and_said(office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, _, c = office.all()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    put(a, "event", title="Митинг")
    for number in range(30):
        (shared / f"{number:03}.bin").write_bytes(folder_files.SEALED + os.urandom(100))
    folder.exchange(a, shared)
    monkeypatch.setattr(folder_seeing, "OPENINGS", 10)
    told = [folder.exchange(c, shared) for _ in range(5)]
    assert [one["left"] for one in told] == [21, 11, 1, 0, 0]
    assert sum(len(one["taken"]) for one in told) == 1
    monkeypatch.setattr(folder_files, "MOST_NAMES", 5)
    assert folder.exchange(c, shared)["too_many"] is True


def seen_among(session: Session, shared: Path, monkeypatch: pytest.MonkeyPatch, times: dict[str, int]) -> list[str]:
    """Return which of too many files, each with its time, are looked at."""
    for name, time in times.items():
        (shared / name).write_bytes(b"x")
        os.utime(shared / name, (time, time))
    monkeypatch.setattr(folder_files, "MOST_NAMES", 3)
    return [one.name for one in folder_files.look(shared, folder_memory.draw_of(session)).files]


def test_of_too_many_files_those_are_looked_at_that_lie_there_longest(
    office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flood = {f"{number:03}.bin": 2_000 for number in range(40)}
    times = {"x.bin": 10, **flood, "y.bin": 12, "z.bin": 11}
    assert seen_among(office.open(A), shared, monkeypatch, times) == ["x.bin", "y.bin", "z.bin"]


def test_of_one_time_no_name_comes_first_and_it_is_the_same_each_time(
    office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, _, c = office.all()
    times = {f"{number:03}.bin": 7 for number in range(60)}
    seen = seen_among(a, shared, monkeypatch, times)
    assert seen == seen_among(a, shared, monkeypatch, times)
    assert seen != sorted(times)[:3], "a desk that goes by names would be starved"
    assert seen != seen_among(c, shared, monkeypatch, times), "nobody else knows which"
    assert folder_files.look(shared, b"").flooded


def flooded_daily(office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Let somebody fill a folder anew before each round; return how many bundles came in of one that lies there."""
    a, _, c = office.all()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    put(a, "event", title="Митинг")
    (name,) = folder.exchange(a, shared)["written"]["files"]
    (shared / name).rename(shared / "z.bin")
    monkeypatch.setattr(folder_seeing, "OPENINGS", 5)
    taken = 0
    for _ in range(4):
        for number in range(15):
            (shared / f"{number:03}.bin").write_bytes(folder_files.SEALED + os.urandom(100))
        taken += len(folder.exchange(c, shared)["taken"])
    return taken


def test_who_fills_a_folder_each_day_keeps_nobodys_from_being_read(
    office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert flooded_daily(office, shared, monkeypatch) == 1


def test_a_desk_that_goes_by_names_would_be_starved(
    office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "in_turn", lambda _session, _folder, files: sorted(files))
    assert flooded_daily(office, shared, monkeypatch) == 0


def test_receipts_that_a_carrier_removes_are_not_remembered_for_ever(office: Office, shared: Path) -> None:
    a, _, c = office.all()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    put(a, "event", title="Митинг")
    (bundle,) = folder.exchange(a, shared)["written"]["files"]
    kept = {}
    for _ in range(4):
        folder.exchange(c, shared)
        (receipts,) = [one for one in shared.iterdir() if one.name != bundle]
        kept[receipts] = receipts.read_bytes()
        receipts.unlink()
        assert len(folder_memory.receipts_put(c)) == 1
    for receipts, content in kept.items():
        receipts.write_bytes(content)
    assert folder.exchange(c, shared)["removed"] >= len(kept) - 1, "copies that come back go"
    assert folder.exchange(a, shared)["receipts"]
    folder.exchange(c, shared)
    assert folder_memory.receipts_put(c) == {}
    assert list(shared.iterdir()) == []


def test_a_bundle_cut_far_behind_its_beginning_is_not_on_its_way(office: Office, shared: Path) -> None:
    a, _, c = office.all()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    person = put(a, name_kk="Тестов Данияр", description="сөз " * 30_000)
    (name,) = folder.exchange(a, shared)["written"]["files"]
    whole = (shared / name).read_bytes()
    assert len(whole) > folder_files.MARKED + 5_000
    (shared / name).write_bytes(whole[: folder_files.MARKED + 5_000])
    told = folder.exchange(a, shared)
    assert told["written"] is not None
    assert (told["on_the_way"], folder.exchange(a, shared)["on_the_way"]) == (0, 1)
    folder.exchange(c, shared)
    assert c.records.record(person) is not None


def test_any_name_a_system_gives_is_remembered(office: Office, shared: Path) -> None:
    a = office.open(A)
    names = ["\ud800.bin", "a\udcff.bin", "\ud800\udcff", os.fsdecode(b"\xed\xa0\x80.bin"), "Ёлка.bin"]
    rows = [Seen(folder_files.Lying(name, 1, 2, 3), b"", folder_seeing.OTHER) for name in names]
    folder_memory.remember_seen(a, shared, rows)
    assert list(folder_memory.seen(a, shared).values()) == rows


def test_a_carrier_that_removes_a_file_in_the_middle_ends_no_round(
    office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, _, c = office.all()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    folder.arrange(c, shared, [A], audience=Audience.INTERNAL)
    put(a, "event", title="Митинг")
    (name,) = folder.exchange(a, shared)["written"]["files"]
    incoming.take(c, [shared / name])
    put(c, "event", title="Жиын")
    asked = folder._to_receipt

    def gone(*given: Any) -> dict[bytes, list[Path]]:
        wanted = asked(*given)
        (shared / name).unlink()
        return wanted

    monkeypatch.setattr(folder, "_to_receipt", gone)
    told = folder.exchange(c, shared)
    assert told["written"]["to"] == [A]
    assert (told["left"], told["receipts_written"]) == (1, 0)


def test_what_waits_is_read_bounded_and_is_what_was_verified(
    office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, _, c = office.all()
    c.vault.contacts.set_state(A, "unverified", how="")
    roots = []
    for title in ("Митинг", "Жиын"):
        put(a, "event", title=title)
        told = outgoing.make_bundle(a, [C], shared / f"{title}.bin", audience=Audience.INTERNAL)
        roots.append(bytes.fromhex(told["bundle"]))
    kept = incoming.quarantined

    def changed(*given: Any) -> bool:
        session, _, opened = given
        return kept(session, [shared / "Жиын.bin"], opened)

    monkeypatch.setattr(incoming, "quarantined", changed)
    with pytest.raises(KzdocError, match=r"bundle\.unverified-sender"):
        incoming.take(c, [shared / "Митинг.bin"])
    c.vault.contacts.set_state(A, "verified", how="person")
    with pytest.raises(KzdocError, match=r"bundle\.contents"):
        quarantine.take(c, roots[0])
    assert quarantine.waiting(c) == []
    c.vault.contacts.set_state(A, "unverified", how="")

    def removed(session: Session, files: Sequence[Path], opened: Any) -> bool:
        files[0].unlink()
        return kept(session, files, opened)

    monkeypatch.setattr(incoming, "quarantined", removed)
    told = folder.exchange(c, shared)
    assert (told["left"], told["waiting"]) == (2, [])
