"""Files: in pieces, sealed, whole or refused, forgotten with their key."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from pathlib import Path

import pytest

from kzdoc.errors import Cancelled, VaultError
from kzdoc.vault.backup import back_up
from kzdoc.vault.check import check
from kzdoc.vault.vault import Vault, open_with_key
from tests.vaults import NOW, Template


@pytest.fixture(autouse=True)
def small_pieces(vault: Vault) -> None:
    vault.blobs._piece = 1000


def whole(vault: Vault, sha256: bytes) -> bytes:
    return b"".join(vault.blobs.read(sha256))


@pytest.mark.parametrize("size", [0, 1, 999, 1000, 1001, 2000, 5500])
def test_what_goes_in_comes_out(vault: Vault, size: int) -> None:
    data = os.urandom(size)
    blob = vault.blobs.add(io.BytesIO(data), media="image/jpeg")
    assert (blob.sha256, blob.size, blob.media) == (hashlib.sha256(data).digest(), size, "image/jpeg")
    assert whole(vault, blob.sha256) == data
    pieces = list((vault.folder / "blobs").iterdir())
    assert len(pieces) == max(1, -(-size // 1000))
    assert all(len(path.name) == 32 for path in pieces)
    assert not check(vault)


class Trickle(io.BytesIO):
    """Gives less than it is asked for, as pipes do."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 7, 7))


def test_a_source_that_gives_little_at_a_time_is_read_whole(vault: Vault) -> None:
    data = os.urandom(2500)
    blob = vault.blobs.add(Trickle(data), media="")
    assert whole(vault, blob.sha256) == data
    assert len(vault.blobs.pieces()) == 3


def test_the_same_file_is_kept_once(vault: Vault) -> None:
    data = os.urandom(1500)
    assert vault.blobs.add(io.BytesIO(data), media="") == vault.blobs.add(io.BytesIO(data), media="")
    assert len(list((vault.folder / "blobs").iterdir())) == 2


def test_a_file_that_is_not_the_promised_one_is_not_kept(vault: Vault) -> None:
    with pytest.raises(VaultError, match="blob-hash"):
        vault.blobs.add(io.BytesIO(b"other"), media="", expected=hashlib.sha256(b"promised").digest())
    assert not list((vault.folder / "blobs").iterdir())


def test_cancelling_keeps_nothing(vault: Vault) -> None:
    def stop(step: str, done: int, total: int) -> None:
        if done > 2000:
            raise Cancelled

    with pytest.raises(Cancelled):
        vault.blobs.add(io.BytesIO(os.urandom(9000)), media="", progress=stop)
    assert not list((vault.folder / "blobs").iterdir())
    assert not vault.blobs.all()


def test_every_damage_is_found(vault: Vault) -> None:
    data = os.urandom(2500)
    blob = vault.blobs.add(io.BytesIO(data), media="")
    paths = [vault.folder / "blobs" / name for name in vault.blobs.pieces()]
    good = {path: path.read_bytes() for path in paths}
    damages: list[dict[Path, bytes | None]] = [
        {paths[0]: good[paths[0]][:-1]},
        {paths[1]: bytes([good[paths[1]][20] ^ 1]) + good[paths[1]][1:]},
        {paths[0]: good[paths[1]], paths[1]: good[paths[0]]},
        {paths[2]: None},
    ]
    for damage in damages:
        for path, content in damage.items():
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)
        with pytest.raises(VaultError, match="blob-damaged"):
            whole(vault, blob.sha256)
        assert [(one.code, one.item) for one in check(vault)] == [("vault.blob-damaged", blob.sha256.hex())]
        for path, content in good.items():
            path.write_bytes(content)
    assert not check(vault)


def test_forgetting_leaves_neither_key_nor_pieces(vault: Vault) -> None:
    blob = vault.blobs.add(io.BytesIO(b"forget me"), media="")
    vault.blobs.forget(blob.sha256)
    vault.blobs.forget(blob.sha256)
    assert not vault.blobs.has(blob.sha256)
    assert not list((vault.folder / "blobs").iterdir())
    with pytest.raises(VaultError, match="blob-missing"):
        whole(vault, blob.sha256)


def test_only_what_was_noted_is_swept_and_the_rest_is_named(vault: Vault) -> None:
    blob = vault.blobs.add(io.BytesIO(b"kept"), media="")
    folder = vault.folder / "blobs"
    for name in ("0" * 32, "1" * 32 + ".new", "abcd.bin", ".abcd.part", "letter.txt"):
        (folder / name).write_bytes(b"left over")
    assert vault.blobs.sweep() == 3
    assert [(one.code, one.item) for one in check(vault)] == [
        ("vault.blob-left-over", "0" * 32),
        ("vault.blob-left-over", "letter.txt"),
    ]
    assert whole(vault, blob.sha256) == b"kept"


def test_a_piece_that_was_not_named_after_its_row_is_read_and_named_later(vault: Vault, tmp_path: Path) -> None:
    vault.blobs.finish_adding = lambda: None  # type: ignore[method-assign]
    with vault.transaction():
        blob = vault.blobs.add(io.BytesIO(b"kept"), media="")
    (path,) = (vault.folder / "blobs").iterdir()
    assert path.suffix == ".new"
    assert whole(vault, blob.sha256) == b"kept"
    assert not check(vault)
    back_up(vault, tmp_path / "copy.kzbak")
    assert vault.blobs.sweep() == 0
    assert [one.name for one in (vault.folder / "blobs").iterdir()] == [path.stem]
    assert whole(vault, blob.sha256) == b"kept"


def add_and_fail(vault: Vault) -> None:
    with vault.transaction():
        vault.blobs.add(io.BytesIO(b"gone"), media="")
        raise VaultError("vault.disk-full")


def test_pieces_added_in_what_is_taken_back_go_at_once(vault: Vault) -> None:
    with pytest.raises(VaultError):
        add_and_fail(vault)
    assert not list((vault.folder / "blobs").iterdir())


def again(folder: Path, key: bytes) -> Vault:
    return open_with_key(folder, bytearray(key), clock=lambda: NOW, randomness=os.urandom)


def test_an_older_database_that_is_opened_in_between_costs_no_file(template_vault: Template, tmp_path: Path) -> None:
    folder, older = template_vault.copy(tmp_path / "one"), tmp_path / "older.db"
    with again(folder, template_vault.key) as vault:
        vault.blobs.add(io.BytesIO(b"first"), media="")
    shutil.copy(folder / "vault.db", older)
    with again(folder, template_vault.key) as vault:
        blob = vault.blobs.add(io.BytesIO(b"second"), media="")
    newer = (folder / "vault.db").read_bytes()
    shutil.copy(older, folder / "vault.db")
    with again(folder, template_vault.key) as vault:
        assert [one.code for one in check(vault)] == ["vault.blob-left-over"]
    (folder / "vault.db").write_bytes(newer)
    with again(folder, template_vault.key) as vault:
        assert whole(vault, blob.sha256) == b"second"
        assert not check(vault)
