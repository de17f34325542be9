"""A pack is leak-checked as its paper is: every byte of it, down to what an author signed; a finding leaves no file."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from kzdoc import publishing
from kzdoc.domain.audience import Audience
from kzdoc.encoding import encode
from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.packs import check_pack
from kzdoc.leaving import LeakError
from kzdoc.session import Session
from tests.corpus.sentences import people
from tests.kzdoc.leakcheck.pack_twins import FORBIDDEN, LEAKS, PROOF, SAID, SECRET, leaf, pack, rules
from tests.kzdoc.redaction.test_papers import add
from tests.offices import Office


@pytest.mark.parametrize("leak", LEAKS)
def test_a_pack_that_leaks_is_caught(leak: str) -> None:
    data, wanted = LEAKS[leak]
    assert rules(data) == wanted


def test_an_honest_pack_is_clean_with_a_proof_too() -> None:
    assert rules(pack()) == rules(pack(encode(["kzdoc-proof-1", 0, encode(["x"])]))) == set()


@pytest.mark.parametrize("name", ["Пак Герман", "Нам Вера"])
def test_ids_of_parts_and_fields_are_nobodys_name(name: str) -> None:
    """`kzdoc-pack-1` and `naming_basis` are the format's own; the same words of a person are found."""
    named = leaf("naming_basis", at=4)
    forbidden = [Forbidden(name, "identity")]
    assert check_pack(named, forbidden=forbidden, said=SAID) == []
    assert check_pack(leaf(name), forbidden=forbidden, said={*SAID, name})


def test_bytes_of_chance_are_nobodys_name() -> None:
    """Salts and signatures have letters of every code page in them, and a vault thousands of names."""
    names = [f"{one.ru.surname} {one.ru.name}" for one in people()]
    chance = random.Random(11)
    proofs = [encode(["x", chance.randbytes(600), chance.randbytes(64)]) for _ in range(100)]
    found = check_pack(pack(*proofs), forbidden=[Forbidden(one, "identity") for one in names], said=SAID)
    assert found == []


def test_what_is_cut_or_flipped_is_never_a_stumble() -> None:
    data, chance = pack(PROOF), random.Random(5)
    for _ in range(60):
        other = bytearray(data[: chance.randrange(1, len(data))] if chance.random() < 0.3 else data)
        other[chance.randrange(min(len(other), 900))] ^= 1 << chance.randrange(8)
        check_pack(bytes(other), forbidden=FORBIDDEN, said=SAID)


@pytest.fixture
def session(office: Office) -> Session:
    return office.open()


def publish(session: Session, out: Path, secret: str = SECRET) -> dict[str, Any]:
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    add(session, "person", name_ru=secret)
    return publishing.make_report(session, hero, out, template="case-file", audience=Audience.LAWYER, lang="ru",
                                  recipient="Адвокат", purpose="Защита", pack=True)  # fmt: skip


def test_a_pack_with_a_withheld_name_leaves_no_file(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: a writer of packs that gives the words of before redaction."""
    monkeypatch.setattr(publishing, "write_pack", lambda *_, **__: leaf("Видела Сынакову"))
    with pytest.raises(LeakError) as refused:
        publish(session, tmp_path / "a.pdf")
    assert {one.rule for one in refused.value.findings} == {"pack.name", "pack.words"}
    assert not list(tmp_path.glob("a.pdf*"))
    assert session.vault.exports.all() == []


def test_an_honest_one_is_written(session: Session, tmp_path: Path) -> None:
    assert publish(session, tmp_path / "a.pdf")["pack"] == str(tmp_path / "a.pdf.pack")


def test_a_pack_is_written_whoever_is_withheld(session: Session, tmp_path: Path) -> None:
    """Somebody is called as the format is."""
    assert publish(session, tmp_path / "a.pdf", "Пак Нам")["pack"] == str(tmp_path / "a.pdf.pack")
