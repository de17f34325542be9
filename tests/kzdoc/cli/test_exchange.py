"""`exchange`: the folder by the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc.cli import exchange
from kzdoc.errors import BundleError, InputError
from kzdoc.exchange import folder, folder_writing
from tests.kzdoc.cli.conftest import call
from tests.offices import NAMES
from tests.readers_nearby import read_nearby

if TYPE_CHECKING:
    from pathlib import Path

    from tests.offices import Office

A, _, C = NAMES


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    read_nearby(monkeypatch)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "shared").mkdir()
    return str(tmp_path / "shared")


def test_two_desks_by_the_command_line(office: Office, shared: str) -> None:
    a, c = office.open(A), office.open(C)
    call(a, "record", "add", "VAULT", "person", "name_kk=Тестов Данияр")
    told = call(a, "exchange", "VAULT", shared, "--to", C, "--profile", "internal", "--json").document
    assert told["written"]["to"] == [C]
    assert told["safe_to_pull"] is True
    told = call(c, "exchange", "VAULT", shared, "--json").document
    assert [(one["sender"], one["new"]) for one in told["taken"]] == [(A, 1)]
    for lang, words in (("en", "has what was sent"), ("ru", "Ничего нового"), ("kk", "Жаңа ештеңе жоқ")):
        answer = call(a, "exchange", "VAULT", shared, "--ui-lang", lang)
        assert words in answer.out
        assert answer.status == 0
    answers = call(a, "exchange", "VAULT", shared, "--to-nobody", "--json").document
    assert answers["written"] is None


def test_what_the_medium_refuses_is_said_and_ends_with_one(
    office: Office, shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = office.open(A)
    call(a, "record", "add", "VAULT", "person", "name_kk=Тестов Данияр")

    def full(*_: object, **__: object) -> None:
        raise BundleError("bundle.no-space", needed=11_264, free=5)

    monkeypatch.setattr(folder_writing, "send", full)
    answer = call(a, "exchange", "VAULT", shared, "--to", C, "--profile", "internal", "--json")
    assert answer.status == 1
    assert json.loads(answer.out)["not_written"] == {"code": "bundle.no-space", "needed": 11_264, "free": 5}
    assert json.loads(answer.out)["safe_to_pull"] is False
    assert answer.err.startswith("error: bundle.no-space: The bundle needs 11264 bytes")


@pytest.mark.parametrize(
    "more",
    [("--to", C), ("--profile", "internal"), ("--to", C, "--profile", "internal", "--to-nobody"), ("--volume", "x")],
)
def test_wrong_words(office: Office, shared: str, more: tuple[str, ...]) -> None:
    answer = call(office.open(A), "exchange", "VAULT", shared, *more)
    assert (answer.status, answer.code) == (2, "usage")


def test_watching_goes_on_when_the_folder_changes_and_is_still(
    office: Office, shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:

    a, c = office.open(A), office.open(C)
    call(a, "record", "add", "VAULT", "person", "name_kk=Тестов Данияр")
    rounds: list[float] = []

    def sleep(seconds: float) -> None:
        rounds.append(seconds)
        if len(rounds) == 2:
            call(a, "exchange", "VAULT", shared, "--to", C, "--profile", "internal")
        if len(rounds) == 6:
            raise KeyboardInterrupt

    monkeypatch.setattr(exchange.time, "sleep", sleep)
    answer = call(c, "exchange", "VAULT", shared, "--watch", "--json")
    assert answer.status == 0
    assert [len(row["taken"]) for row in answer.rows] == [0, 1]
    assert folder.exchange(a, office.folder.parent / "shared")["removed"] == 1


def test_watching_misses_nothing_that_comes_while_a_round_runs_nor_a_stick_that_is_pulled(
    office: Office, shared: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, c = office.open(A), office.open(C)
    call(a, "record", "add", "VAULT", "person", "name_kk=Тестов Данияр")
    ran: list[str] = []
    slept: list[float] = []
    whole = folder.exchange

    def meanwhile(session: Any, place: Path, **more: Any) -> dict[str, Any]:
        if session is a:
            return whole(session, place, **more)
        ran.append("round")
        if len(ran) == 3:
            raise InputError("folder.missing")
        told = whole(session, place, **more)
        if len(ran) == 1:
            call(a, "exchange", "VAULT", shared, "--to", C, "--profile", "internal")
        return {**told, "left": int(len(ran) == 2)}

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 9:
            raise KeyboardInterrupt

    monkeypatch.setattr(folder, "exchange", meanwhile)
    monkeypatch.setattr(exchange.time, "sleep", sleep)
    answer = call(c, "exchange", "VAULT", shared, "--watch", "--json")
    assert answer.status == 0
    assert [len(row["taken"]) for row in answer.rows] == [0, 1]
    assert 4 <= len(ran) <= 5, "again while something was left and when the folder is back, and then no more"
