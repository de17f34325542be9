"""What a bundle costs grows with what changed, not with what exists: revisions read and bytes sent, never seconds."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework, withholding
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.exchange import folder, incoming
from kzdoc.vault import truth
from kzdoc.vault.lacking import Lacking
from tests.kzdoc.test_exchange import change, put, send, shown
from tests.offices import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES

pytestmark = pytest.mark.usefixtures("nearby")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Give a list that grows by one with every revision that is read from a vault."""
    rows: list[Any] = []
    before = truth.read_row

    def counted(row: tuple[Any, ...]) -> Any:
        rows.append(row[0])
        return before(row)

    monkeypatch.setattr(truth, "read_row", counted)
    return rows


def many(session: Session, count: int) -> None:
    for number in range(count):
        put(session, "event", title=f"Митинг {number}", place=f"Абай көшесі {number}")


def rounds(shared: Path, *desks: Session) -> None:
    for _ in range(3):
        for desk in desks:
            folder.exchange(desk, shared)


def costs(office: Office, shared: Path, read: list[Any]) -> list[tuple[int, int]]:
    """Return (revisions read, bytes put) for one change in a vault that holds ten records, and then fifty."""
    a, _, c = office.all()
    shared.mkdir()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    folder.arrange(c, shared, [A], audience=Audience.INTERNAL)
    person = put(a, name_kk="Тестов Данияр")
    found = []
    for more in (10, 40):
        many(a, more)
        rounds(shared, a, c)
        casework.add(a, "person", [Change("name_kk", "set", "Мысалов Ғалым")])
        del read[:]
        told = folder.exchange(a, shared)
        sizes = sum((shared / name).stat().st_size for name in told["written"]["files"])
        found.append((len(read), sizes))
        rounds(shared, a, c)
        del read[:]
        assert folder.exchange(a, shared)["written"] is None
        found[-1] = (found[-1][0] + len(read), sizes)
    assert shown(c, person)["fields"]["name_kk"] == "Тестов Данияр"
    return found


def test_one_change_costs_the_same_whatever_else_there_is(office: Office, tmp_path: Path, read: list[Any]) -> None:
    few, lots = costs(office, tmp_path / "shared", read)
    assert lots == few
    assert lots[0] <= 4, "the one revision, and once more to note what it carried"


def test_a_desk_that_would_look_at_everything_is_caught(
    office: Office, tmp_path: Path, read: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lacking, "keep", lambda *_: None)
    few, lots = costs(office, tmp_path / "shared", read)
    assert lots[0] >= few[0] + 40


def test_what_a_partner_brought_is_not_sent_back_to_him(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    shared = tmp_path / "shared"
    shared.mkdir()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    folder.arrange(c, shared, [A], audience=Audience.INTERNAL)
    put(a, "event", title="Митинг")
    rounds(shared, a, c)
    event = put(c, "event", title="Жиын")
    rounds(shared, c)
    told = folder.exchange(a, shared)
    assert len(told["taken"]) == 1
    assert told["written"] is None
    change(a, event, title="Шеру")
    assert folder.exchange(a, shared)["written"]["statements"] == 1


def test_what_is_withheld_goes_once_it_may(office: Office, tmp_path: Path) -> None:
    """The index holds no record back: a consent given later lets go what was withheld before, and only that."""
    a, _, c = office.all()
    shared = tmp_path / "shared"
    shared.mkdir()
    folder.arrange(a, shared, [C], audience=Audience.PARTNER, purpose="алмасу")
    person = put(a, "person", name_kk="Тестов Данияр", occupation="мұғалім")
    put(a, "event", title="Тестов Данияр айтқан жиын")
    rounds(shared, a, c)
    assert "name_kk" not in shown(c, person)["fields"]
    casework.change(a, person, [Change("naming_basis", "set", "already_public")])
    rounds(shared, a, c)
    full = send(a, tmp_path / "all", C, audience=Audience.PARTNER, purpose="алмасу", again=True)
    before = shown(c, person)
    incoming.take(c, full)
    assert shown(c, person) == before, "what a bundle of everything would bring is there already"


def test_what_was_withheld_here_and_is_restored_goes_too(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    shared = tmp_path / "shared"
    shared.mkdir()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    person = put(a, "person", name_kk="Тестов Данияр", born="1980")
    withholding.withhold(a, person, ["born"], reason="withheld")
    rounds(shared, a, c)
    assert "born" not in shown(c, person)["fields"]
    withholding.restore(a, person)
    rounds(shared, a, c)
    assert shown(c, person)["fields"]["born"] == "1980"


def test_after_a_rebuild_nothing_is_missed(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    shared = tmp_path / "shared"
    shared.mkdir()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    many(a, 3)
    rounds(shared, a, c)
    a.vault.rebuild()
    assert folder.exchange(a, shared)["written"] is None, "what was receipted is known without the index"
    event = put(a, "event", title="Шеру")
    rounds(shared, a, c)
    assert shown(c, event)["fields"]["title"] == "Шеру"


def test_who_restored_an_older_vault_gets_back_what_he_had_brought(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    shared = tmp_path / "shared"
    shared.mkdir()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    folder.arrange(c, shared, [A], audience=Audience.INTERNAL)
    put(a, "event", title="Митинг")
    rounds(shared, a, c)
    a.close()
    shutil.copytree(office.folder / A, tmp_path / "older")
    a = office.open(A)
    lost = put(a, "event", title="Жиын")
    rounds(shared, a, c)
    a.close()
    shutil.rmtree(office.folder / A)
    shutil.copytree(tmp_path / "older", office.folder / A)
    a = office.open(A)
    assert a.records.record(lost) is None
    put(a, "event", title="Шеру")
    rounds(shared, a, c)
    assert shown(a, lost)["fields"]["title"] == "Жиын"
