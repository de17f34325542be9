"""Rows written on a thread of their own: all of them or none, in order, and no error is lost."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kzdoc.errors import VaultError
from kzdoc.vault.behind import Behind, insertions
from kzdoc.vault.connection import Database, open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = open_database(tmp_path / "test.db", bytearray(os.urandom(48)), create=True)
    made.run("CREATE TABLE number (value INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT")
    yield made
    made.close()


def rows(first: int, count: int) -> list[tuple[int, str]]:
    return [(value, "сөз") for value in range(first, first + count)]


def write(database: Database, *parts: list[tuple[int, str]], then: Callable[[], object] = bool) -> None:
    with database.transaction(), database.writing_behind():
        for part in parts:
            database.insert("INSERT INTO number", part)
        then()


def test_rows_go_many_to_a_statement_and_none_is_left_out() -> None:
    given = rows(0, 1234)
    statements = list(insertions("INSERT INTO number", given))
    assert [value for _, values in statements for value in values] == [value for row in given for value in row]
    assert len(statements) < 30
    assert len({statement for statement, _ in statements}) <= 4
    assert list(insertions("INSERT INTO number", [])) == []


def test_whoever_asks_sees_every_row_that_was_put_before(database: Database) -> None:
    with database.transaction(), database.writing_behind():
        for part in range(20):
            database.insert("INSERT INTO number", rows(part * 1000, 1000))
            assert database.row("SELECT count(*) FROM number") == ((part + 1) * 1000,)
    assert database.row("SELECT count(*) FROM number") == (20_000,)


def test_a_row_that_cannot_be_written_takes_everything_back_and_is_told(database: Database) -> None:
    with pytest.raises(VaultError):
        write(database, rows(0, 10), rows(5, 10))
    assert database.row("SELECT count(*) FROM number") == (0,)
    write(database, rows(0, 10))
    assert database.row("SELECT count(*) FROM number") == (10,)


def test_an_error_of_the_block_waits_for_the_writer_and_takes_everything_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        write(database, rows(0, 5000), then=lambda: 1 // 0)
    assert database.row("SELECT count(*) FROM number") == (0,)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("kzdoc-write")]


def test_the_twin_that_forgets_what_failed_is_caught() -> None:
    """Closing alone says nothing: that is why the end of the block asks first."""

    def fail() -> None:
        raise ZeroDivisionError

    asked, unasked = Behind(), Behind()
    for one in (asked, unasked):
        one.put(fail)
    with pytest.raises(ZeroDivisionError):
        asked.finish()
    asked.close()
    unasked.close()
