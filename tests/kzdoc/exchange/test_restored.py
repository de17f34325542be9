"""A partner who restored an older vault gets back what he had receipted, once; a receipt of what was forgotten ends."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from kzdoc import casework, travelling, withholding
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError
from kzdoc.exchange import folder, incoming, receipting
from kzdoc.session import open_session_with_key
from kzdoc.vault.older_vaults import OlderVaults
from tests.kzdoc.exchange.test_forgotten_files import attached
from tests.kzdoc.test_exchange import put, send, shown
from tests.offices import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from kzdoc.session import Session
    from tests.offices import Office

A, _, C = NAMES

pytestmark = pytest.mark.usefixtures("nearby")


def rounds(shared: Path, *desks: Session) -> list[dict[str, Any]]:
    """Let the desks go round three times; return what was written."""
    told = [folder.exchange(desk, shared)["written"] for _ in range(3) for desk in desks]
    return [one for one in told if one]


def restored(office: Office, session: Session, backup: Path) -> Session:
    """Put an older copy of a vault in the place of what it is now."""
    session.close()
    shutil.rmtree(session.vault.folder)
    shutil.copytree(backup, session.vault.folder)
    return office.open(session.vault.folder.name)


def backed_up(session: Session, to: Path) -> Path:
    session.vault.database.empty_wal()
    shutil.copytree(session.vault.folder, to, ignore=shutil.ignore_patterns("vault.lock"))
    return to


def speaks(c: Session, shared: Path) -> None:
    """Write something and send it: one bundle."""
    put(c, "event", title="Хабар")
    folder.exchange(c, shared)


@pytest.mark.parametrize("sent_since", [True, False])
def test_what_he_had_receipted_and_lost_comes_back_once(
    office: Office, shared: Path, tmp_path: Path, *, sent_since: bool
) -> None:
    a, _, c = office.all()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    folder.arrange(c, shared, [A], audience=Audience.INTERNAL)
    early = put(a, "person", name_kk="Тестов Данияр")
    speaks(c, shared)
    rounds(shared, a, c)
    backup = backed_up(c, tmp_path / "backup")
    late = put(a, "person", name_kk="Мысалов Ғалым")
    (item,), _ = attached(a, tmp_path)
    own = put(c, "event", title="Кейінгі") if sent_since else b""
    rounds(shared, a, c)
    assert c.records.known([late, item]) == {late, item}
    c = restored(office, c, backup)
    rounds(shared, a, c)
    assert not c.records.known([late]), "it is not known yet"
    speaks(c, shared)
    written = rounds(shared, a, c)
    assert c.records.known([early, late, item]) == {early, late, item}
    assert c.blobs.all(), "with its file"
    assert not sent_since or c.records.known([own]), "his own words, too"
    size = [one["statements"] for one in written if one["to"] == [C]]
    assert len(size) <= 2, "not for ever"
    for _ in range(2):
        speaks(c, shared)
        assert [one for one in rounds(shared, a, c) if one["to"] == [C]] == [], "what follows is not a new sign"
    put(a, "event", title="Жиын")
    (last,) = [one for one in rounds(shared, a, c) if one["to"] == [C]]
    assert last["revisions"] == 1


def test_a_second_older_vault_is_seen_again(office: Office, shared: Path, tmp_path: Path) -> None:
    a, _, c = office.all()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    folder.arrange(c, shared, [A], audience=Audience.INTERNAL)
    speaks(c, shared)
    rounds(shared, a, c)
    backup = backed_up(c, tmp_path / "backup")
    late = put(a, "person", name_kk="Мысалов Ғалым")
    for _ in range(2):
        speaks(c, shared)
        rounds(shared, a, c)
        assert c.records.known([late])
        c = restored(office, c, backup)
        assert not c.records.known([late])
    speaks(c, shared)
    rounds(shared, a, c)
    assert c.records.known([late])


def test_nothing_leaves_for_a_headquarters_that_may_have_lost_it(office: Office, shared: Path, tmp_path: Path) -> None:
    a, _, c = office.all()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    folder.arrange(c, shared, [A], audience=Audience.INTERNAL)
    backup = backed_up(c, tmp_path / "backup")
    speaks(c, shared)
    put(a, "person", name_kk="Тестов Данияр")
    rounds(shared, a, c)
    assert travelling.foresee(a)["withheld"] > 0
    c = restored(office, c, backup)
    speaks(c, shared)
    incoming.take(a, send(c, tmp_path / "news", A))
    assert travelling.foresee(a)["withheld"] == 0
    rounds(shared, a, c)
    assert travelling.foresee(a)["withheld"] > 0


@pytest.mark.parametrize("blind", ["note", "counting_from"])
def test_a_desk_that_counts_what_an_older_vault_had_receipted_is_caught(
    office: Office, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blind: str
) -> None:
    monkeypatch.setattr(OlderVaults, blind, lambda *_, **__: 0)
    a, _, c = office.all()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    folder.arrange(c, shared, [A], audience=Audience.INTERNAL)
    backup = backed_up(c, tmp_path / "backup")
    speaks(c, shared)
    late = put(a, "person", name_kk="Тестов Данияр")
    rounds(shared, a, c)
    c = restored(office, c, backup)
    speaks(c, shared)
    rounds(shared, a, c)
    assert not c.records.known([late])
    assert travelling.foresee(a)["withheld"] > 0


def test_a_vault_that_was_only_moved_gets_nothing_again(office: Office, shared: Path) -> None:
    a, _, c = office.all()
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    folder.arrange(c, shared, [A], audience=Audience.INTERNAL)
    put(a, "person", name_kk="Тестов Данияр")
    speaks(c, shared)
    rounds(shared, a, c)
    c.close()
    moved = c.vault.folder.with_name("moved")
    shutil.copytree(c.vault.folder, moved)
    shutil.rmtree(c.vault.folder)
    moved.rename(c.vault.folder)
    c = office.open(C)
    speaks(c, shared)
    assert len(a.vault.chains.of_author(c.author)) == 1
    assert [one for one in rounds(shared, a, c) if one["to"] == [C]] == []
    assert len(a.vault.chains.of_author(c.author)) == 2, "a chain of its own, as of any copy"


def _forget_a_word(c: Session, person: bytes, item: bytes) -> None:
    del item
    withholding.forget(c, person, ["born"], leave_texts=True)


def _forget_a_file(c: Session, person: bytes, item: bytes) -> None:
    del person
    withholding.forget(c, item, [], leave_texts=True)


@pytest.mark.parametrize("forget", [_forget_a_word, _forget_a_file])
@pytest.mark.parametrize("before_it_came_again", [True, False])
def test_who_forgot_a_word_receipts_and_nobody_relies_on_it(
    office: Office,
    shared: Path,
    tmp_path: Path,
    forget: Callable[[Session, bytes, bytes], None],
    *,
    before_it_came_again: bool,
) -> None:
    a, _, c = office.all()
    person = put(a, "person", name_kk="Тестов Данияр", born="1980")
    (item,), _ = attached(a, tmp_path)
    files = send(a, tmp_path / "1")
    incoming.take(c, files)
    forget(c, person, item)
    if before_it_came_again:
        folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
        assert len(rounds(shared, a, c)) == 1
        assert rounds(shared, a, c) == [], "it is not sent for ever"
    else:
        receipting.take_receipt(a, receipting.make_receipt(c, files))
        folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
        assert folder.exchange(a, shared)["written"] is None
    with pytest.raises(InputError, match=r"travel\.no-receipt"):
        travelling.travel(a)
    assert shown(a, person)["fields"]["born"] == "1980"
    later = casework.attach(a, put(a, "event", title="Жиын"), [tmp_path / "сурет.jpg"])[0]
    folder.exchange(a, shared)
    folder.exchange(c, shared)
    assert c.records.known([later])
    assert len(c.blobs.all()) == 1, "with a new word for it the file comes again"


def test_words_under_the_own_key_from_a_copy_are_named(office: Office, tmp_path: Path) -> None:
    """A copy of C's vault is in use elsewhere: what it wrote comes back to C through another desk."""
    a, _, c = office.all()
    put(c, "event", title="Митинг")
    assert incoming.take(a, send(c, tmp_path / "0", A))["own_elsewhere"] == 0
    key = bytearray(office.template.keys[C])
    copy = open_session_with_key(backed_up(c, tmp_path / "copy"), key, clock=office.clock, randomness=office.randomness)
    stranger = put(copy, "event", title="Көшірмеден")
    told = incoming.take(a, send(copy, tmp_path / "1", A))
    copy.close()
    assert (told["standing"], told["own_elsewhere"]) == ("next", 0)
    files = send(a, tmp_path / "2")
    assert incoming.inspect(c, files)["own_elsewhere"] == 1
    assert incoming.take(c, files)["own_elsewhere"] == 1
    assert c.records.known([stranger])
    assert incoming.take(c, send(a, tmp_path / "3", again=True))["own_elsewhere"] == 0, "it is known here"
