"""What a person left out of a bundle does not come by itself with the sender's next one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc.exchange import folder, incoming, quarantine, several
from kzdoc.exchange.arriving import Choice
from kzdoc.exchange.leaving_out import left_out_of
from tests.kzdoc.exchange.test_folder_withdrawing import CONSENT
from tests.kzdoc.test_exchange import change, put, send
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES


def left_one_out(office: Office, tmp_path: Path) -> tuple[Session, Session, bytes, bytes]:
    """Let C leave one of two people out of A's bundle; then A writes on."""
    a, _, c = office.all()
    one, other = put(a, name_kk="Тестов Данияр"), put(a, name_kk="Мысалов Ғалым")
    told = incoming.take(c, send(a, tmp_path / "first"), choice=Choice(frozenset([one])))
    quarantine.let_go(c, bytes.fromhex(told["bundle"]))
    change(a, one, born="1980")
    put(a, "event", title="Митинг")
    return a, c, one, other


def test_by_hand_it_comes_with_the_next_bundle_and_that_is_said_before(office: Office, tmp_path: Path) -> None:
    a, c, one, other = left_one_out(office, tmp_path)
    files = send(a, tmp_path / "second")
    assert incoming.inspect(c, files)["left_out_before"] == [other.hex()]
    told = incoming.take(c, files, choice=Choice(frozenset([other]), but=True))
    assert (told["left_out_before"], told["not_chosen"]) == ([], [other.hex()])
    assert left_out_of(c, a.author) == {other}
    files = send(a, tmp_path / "third")
    told = incoming.take(c, files)
    assert (told["left_out_before"], told["not_chosen"], told["whole"]) == ([other.hex()], [], True)
    assert left_out_of(c, a.author) == frozenset()
    change(a, one, born="1981")
    assert incoming.inspect(c, send(a, tmp_path / "fourth"))["left_out_before"] == []


@pytest.mark.parametrize("how", ["folder", "stick"])
def test_where_nobody_looks_it_stays_out_and_the_rest_comes(office: Office, tmp_path: Path, how: str) -> None:
    a, c, _, other = left_one_out(office, tmp_path)
    shared = tmp_path / "shared"
    shared.mkdir()
    send(a, shared / "1.bin")
    if how == "folder":
        [told] = folder.exchange(c, shared)["taken"]
    else:
        lies = several.look(c, [shared])
        assert [(row.told["left_out_before"], row.comes) for row in lies.bundles] == [([other.hex()], True)]
        [told] = several.take(c, lies)["taken"]
        assert told["new"] == lies.bundles[0].told["new"] == 1
    assert (told["not_chosen"], told["rest_waits"]) == ([other.hex()], True)
    assert c.records.record(other) is None
    assert c.records.counts()["event"] == 1
    put(a, "event", title="Жиын")
    send(a, shared / "2.bin")
    folder.exchange(c, shared)
    assert c.records.counts()["event"] == 1 + 1
    assert len(quarantine.waiting(c)) == 1, "what waits does not pile up"
    quarantine.take(c, bytes.fromhex(told["bundle"]))
    assert c.records.record(other) is not None
    assert left_out_of(c, a.author) == frozenset()


def test_a_consent_comes_by_itself_once_what_it_governs_is_here(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    one, other = put(a, name_kk="Тестов Данияр"), put(a, name_kk="Мысалов Ғалым")
    given = put(a, "consent", person=other.hex(), **CONSENT)
    incoming.take(c, send(a, tmp_path / "first"), choice=Choice(frozenset([one])))
    assert left_out_of(c, a.author) == {other, given}
    incoming.take(b, send(a, tmp_path / "to-b", B))
    incoming.take(c, send(b, tmp_path / "from-b", records=[other]))
    assert c.records.record(given) is None
    shared = tmp_path / "shared"
    shared.mkdir()
    send(a, shared / "1.bin")
    folder.exchange(c, shared)
    assert c.records.record(given) is not None
    assert left_out_of(c, a.author) == frozenset()
