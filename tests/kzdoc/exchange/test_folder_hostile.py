"""An exchange folder in which somebody lays links, or spoils files behind their beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc.domain.audience import Audience
from kzdoc.exchange import alerts, folder, folder_seeing, incoming
from kzdoc.exchange import folder_memory as memory
from tests.kzdoc.exchange.test_folder import arrange, once
from tests.kzdoc.exchange.test_folder_withdrawing import CONSENT
from tests.kzdoc.test_exchange import put, send
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.offices import Office

A, B, C = NAMES

pytestmark = pytest.mark.usefixtures("nearby")


def test_a_link_in_the_place_of_a_folder_of_ours_leads_nowhere(office: Office, shared: Path, tmp_path: Path) -> None:
    a, _, _ = office.all()
    arrange(a, shared, C)
    others = tmp_path / "Documents"
    others.mkdir()
    (others / "mine.txt").write_text("mine", encoding="ascii")
    name = ".0011223344556677.part"
    memory.remember_writing(a, [name])
    (shared / name).symlink_to(others)
    once(a, shared)
    assert [path.name for path in others.iterdir()] == ["mine.txt"]
    assert memory.writing(a) == []


def test_what_a_stop_left_is_still_removed(office: Office, shared: Path) -> None:
    a, _, _ = office.all()
    arrange(a, shared, C)
    inner = shared / ".0011223344556677.part"
    inner.mkdir()
    (inner / "half").write_bytes(b"age-encryption.org/v1\nhalf")
    memory.remember_writing(a, [inner.name, ".8899aabbccddeeff.part"])
    once(a, shared)
    assert not inner.exists()
    assert memory.writing(a) == [".8899aabbccddeeff.part"], "it may lie on a stick that is out"


def test_a_bundle_spoilt_behind_its_beginning_goes_once_more(office: Office, shared: Path) -> None:
    a, _, c = office.all()
    arrange(a, shared, C)
    person = put(a, name_kk="Тестов Данияр", description="сөз " * 30_000)
    written = once(a, shared)["written"]
    assert written is not None
    (name,) = written["files"]
    data = bytearray((shared / name).read_bytes())
    assert len(data) > 2 * 64 * 2**10
    data[-3000] ^= 1
    (shared / name).write_bytes(data)
    assert [one["code"] for one in once(c, shared)["refused"]] == ["bundle.damaged"]
    again = once(a, shared)
    assert (again["removed"], again["on_the_way"]) == (1, 0)
    assert again["written"] is not None
    assert name not in {path.name for path in shared.iterdir()}
    assert len(once(c, shared)["taken"]) == 1
    assert c.records.record(person) is not None
    once(a, shared)
    assert once(a, shared)["written"] is None


def test_what_lies_there_whole_is_not_read_again(office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, _, _ = office.all()
    arrange(a, shared, C)
    put(a, name_kk="Тестов Данияр")
    folder.exchange(a, shared)
    read: list[Path] = []
    whole = folder_seeing.is_whole
    monkeypatch.setattr(folder_seeing, "is_whole", lambda path, digest: read.append(path) or whole(path, digest))
    for _ in range(3):
        assert once(a, shared)["on_the_way"] == 1
    assert len(read) == 1


def test_a_consent_that_counts_no_more_takes_the_words_out_of_the_folder(
    office: Office, shared: Path, tmp_path: Path
) -> None:
    a, b, c = office.all()
    person = put(a, name_kk="Тестов Данияр")
    incoming.take(b, send(a, tmp_path / "1", B))
    put(b, "consent", person=person.hex(), **{**CONSENT, "audiences": ["un"]})
    incoming.take(a, send(b, tmp_path / "2", A))
    folder.arrange(a, shared, [C], audience=Audience.UN, purpose="x", recipient="y")
    assert once(a, shared)["written"] is not None
    alerts.detained(c, B, since="", lang="en")
    incoming.take(a, send(c, tmp_path / "3", A))
    once(a, shared)
    (one,) = alerts.alerts(a)
    alerts.follow_alert(a, str(one["alert"]), follow=True)
    assert once(a, shared)["removed"] == 1
