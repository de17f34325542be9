"""A backup is tried out whole, nothing of it stays, and a spoilt one is not called good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import oversight
from kzdoc.errors import KzdocError
from kzdoc.vault.check import state_hash
from tests.kzdoc.test_exchange import put
from tests.offices import PASSPHRASE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.offices import Office


def test_it_opens_is_whole_and_leaves_nothing(office: Office, tmp_path: Path) -> None:
    session = office.open()
    put(session, "event", title="Митинг")
    oversight.backup(session, tmp_path / "backup")
    put(session, "event", title="Кейін")
    before, folder = state_hash(session.vault), session.vault.folder
    files = {path.name for path in folder.iterdir()}
    (folder / ".drill-left").mkdir()
    assert oversight.drill(session, tmp_path / "backup", PASSPHRASE) == {"records": 1, "newer": 1}
    assert state_hash(session.vault) == before
    assert {path.name for path in folder.iterdir()} == files


@pytest.mark.parametrize(("passphrase", "at", "code"), [
    ("мүлде бөлек сөйлем осы", None, "vault.wrong-passphrase"),
    (PASSPHRASE, -1, "vault.backup-damaged"),
    (PASSPHRASE, 40_000, "vault.backup-damaged"),
])  # fmt: skip
def test_what_would_not_restore_is_caught_and_leaves_nothing(
    passphrase: str, at: int | None, code: str, office: Office, tmp_path: Path
) -> None:
    session = office.open()
    put(session, "event", title="Митинг")
    oversight.backup(session, tmp_path / "backup")
    if at is not None:
        spoilt = bytearray((tmp_path / "backup").read_bytes())
        spoilt[at] ^= 1
        (tmp_path / "backup").write_bytes(spoilt)
    with pytest.raises(KzdocError) as caught:
        oversight.drill(session, tmp_path / "backup", passphrase)
    assert caught.value.code == code
    assert not list(session.vault.folder.glob(".drill-*"))
