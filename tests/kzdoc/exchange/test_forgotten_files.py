"""A file is forgotten with the last statement that speaks of it, and comes back only with one; receipts follow."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from kzdoc import casework, withholding
from kzdoc.bundle.receipts import read_receipt
from kzdoc.errors import BundleError, VaultError
from kzdoc.exchange import asking, incoming, receipting
from kzdoc.vault.check import check
from tests.kzdoc.test_exchange import put, send
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES


def attached(session: Session, tmp_path: Path, times: int = 1) -> tuple[list[bytes], bytes]:
    """Attach one file several times; return the evidence items and the file's name."""
    event = put(session, "event", title="Митинг")
    (tmp_path / "сурет.jpg").write_bytes(b"picture" * 1000)
    items = [casework.attach(session, event, [tmp_path / "сурет.jpg"])[0] for _ in range(times)]
    (blob,) = session.blobs.all()
    return items, blob.sha256


def pieces(session: Session) -> int:
    return len(list((session.vault.folder / "blobs").iterdir()))


def forget_and_fail(session: Session, sha256: bytes) -> None:
    with session.vault.transaction():
        session.blobs.forget(sha256)
        raise VaultError("vault.disk-full")


def test_a_file_goes_with_the_last_statement_that_speaks_of_it(office: Office, tmp_path: Path) -> None:
    a = office.open(A)
    (one, other), sha256 = attached(a, tmp_path, 2)
    withholding.withhold(a, other, ["file"], "sealed")
    withholding.forget(a, one, [], leave_texts=True)
    assert a.blobs.has(sha256), "words kept aside speak of it still"
    withholding.forget(a, other, ["original_name"], leave_texts=True)
    assert a.blobs.has(sha256)
    withholding.forget(a, other, ["file"], leave_texts=True)
    assert not a.blobs.has(sha256)
    assert pieces(a) == 0
    assert check(a.vault) == []


def test_a_forgotten_file_comes_back_only_with_a_statement(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    (item,), sha256 = attached(a, tmp_path)
    incoming.take(c, send(a, tmp_path / "1"))
    withholding.forget(c, item, [], leave_texts=True)
    assert not c.blobs.has(sha256)
    again = send(a, tmp_path / "2")
    assert {one["code"] for one in incoming.take(c, again)["refused"]} == {"bundle.file-alone"}
    assert not c.blobs.has(sha256)
    assert pieces(c) == 0
    casework.attach(a, casework.record_id(next(casework.listing(a, "event", {}))["id"]), [tmp_path / "сурет.jpg"])
    assert incoming.take(c, send(a, tmp_path / "3"))["refused"] == []
    assert b"".join(c.blobs.read(sha256)) == b"picture" * 1000


def test_forgetting_that_is_taken_back_keeps_the_file_and_a_stop_after_it_is_swept(
    office: Office, tmp_path: Path
) -> None:
    a = office.open(A)
    _, sha256 = attached(a, tmp_path)
    with pytest.raises(VaultError):
        forget_and_fail(a, sha256)
    assert pieces(a) == 1
    a.blobs.finish_forgetting()
    assert b"".join(a.blobs.read(sha256)) == b"picture" * 1000
    with a.vault.transaction():
        a.blobs.forget(sha256)
    assert pieces(a) == 1, "as after a stop before the pieces were removed"
    a.close()
    assert pieces(office.open(A)) == 0


def fail(_: object) -> None:
    raise VaultError("vault.disk-full")


@pytest.mark.parametrize("opened_again", [False, True])
def test_a_clean_up_that_fails_is_told_apart_and_done_later(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, opened_again: bool
) -> None:
    a = office.open(A)
    (item,), sha256 = attached(a, tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(type(a.vault.database), "empty_wal", fail)
        assert withholding.forget(a, item, [], leave_texts=True) > 0, "what is forgotten is told as forgotten"
        assert a.blobs.unfinished
        assert not a.blobs.has(sha256)
        assert pieces(a) == 1
        put(a, "event", title="Жиын")
        assert a.blobs.unfinished, "nor did it go with the next change"
        long = (a.vault.folder / "vault.db-wal").stat().st_size
    if opened_again:
        a.close()
        a = office.open(A)
    else:
        put(a, "event", title="Басқа жиын")
    assert not a.blobs.unfinished
    assert pieces(a) == 0
    log = a.vault.folder / "vault.db-wal"
    assert not log.exists() or log.stat().st_size < long, "what it had of the keys is gone"


def test_a_piece_that_does_not_let_itself_be_removed_is_removed_later(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    (item,), _ = attached(a, tmp_path)
    incoming.take(c, send(a, tmp_path / "1"))
    (piece,) = (c.vault.folder / "blobs").iterdir()
    piece.rename(tmp_path / "piece")
    piece.mkdir()
    withholding.forget(a, item, [], leave_texts=True)
    incoming.take(c, send(a, tmp_path / "2"))
    assert asking.forget_asked(c, None, leave_texts=True) > 0
    assert c.blobs.unfinished
    piece.rmdir()
    (tmp_path / "piece").rename(piece)
    put(c, "event", title="Жиын")
    assert not c.blobs.unfinished
    assert pieces(c) == 0


def test_no_receipt_for_what_is_not_here_any_more(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    person = put(a, name_kk="Тестов Данияр", born="1980")
    files = send(a, tmp_path / "1")
    shutil.copy(files[0], tmp_path / "copy")
    root = bytes.fromhex(incoming.take(c, files)["bundle"])
    receipting.make_receipt(c, files)
    receipting.write_receipt(c, root, tmp_path / "receipt")
    withholding.forget(c, person, ["born"], leave_texts=True)
    with pytest.raises(BundleError, match=r"receipt\.not-taken"):
        receipting.write_receipt(c, root, tmp_path / "receipt-2")
    known = {c.author: c.card()}
    assert read_receipt(receipting.make_receipt(c, files), known=known).forgotten, "he had it, and says that he forgot"
    withholding.withhold(c, person, ["name_kk"], "sealed")
    with pytest.raises(BundleError, match=r"receipt\.not-held"):
        receipting.make_receipt(c, files)
