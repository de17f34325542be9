"""What a laptop that was taken held: told from what was written, brought and sent, and nothing beyond."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2
import pytest

from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError
from kzdoc.exchange import alerts, exposure, incoming, outgoing, taking_back
from kzdoc.report.page import practice_mark
from kzdoc.session import create_vault
from tests.kzdoc.test_exchange import put, send
from tests.offices import NAMES, PASSPHRASE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.offices import Office

A, B, C = NAMES


def text_of(pdf: Path) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_it_tells_what_was_sent_and_written_and_nothing_else(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    sent = put(c, name_ru="Тестов Данияр", phone="+7 701 000 00 01", address="Астана")
    kept = put(c, name_ru="Сынақова Айгүл")
    own = put(b, name_ru="Мысалов Ғалым", born="1980")
    outgoing.make_bundle(c, [B], tmp_path / "1", audience=Audience.INTERNAL, records=[sent])
    incoming.take(c, send(b, tmp_path / "2", C))
    told_by = put(c, "testimony", witness=own.hex())
    outgoing.make_bundle(c, [B], tmp_path / "3", audience=Audience.INTERNAL, records=[told_by])
    told = exposure.exposure(c, B)
    people = {one["id"]: one for one in told["people"]}
    assert people.keys() == {sent.hex(), own.hex()}
    assert kept.hex() not in people, "what never went there is not exposed there"
    assert people[sent.hex()]["by_class"]["contact"] == 1
    assert people[own.hex()]["witness"]
    counts = told["counts"]
    assert (counts["persons"], counts["names"], counts["phones"], counts["witnesses"]) == (2, 2, 1, 1)
    assert counts["addresses"] == 1
    assert counts["records"] == 3
    assert sorted(one["direction"] for one in told["bundles"]) == ["sent", "sent", "taken"]
    assert told["not_judged"] == ["sent-by-others"]
    assert [one["name"] for one in told["partners"]] == [C]
    assert exposure.exposure(c, A)["people"] == []
    everything = exposure.exposure(c, None)
    assert {one["id"] for one in everything["people"]} == {sent.hex(), kept.hex(), own.hex()}
    with pytest.raises(InputError, match=r"contact\.unknown"):
        exposure.exposure(c, "Жоқ")
    del a


def test_whoever_was_taken_back_or_revoked_here_is_exposed_all_the_same(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    witness = put(a, name_ru="Тестов Данияр", phone="+7 701 000 00 01")
    put(a, "testimony", witness=witness.hex())
    root = bytes.fromhex(incoming.take(c, send(a, tmp_path / "1"))["bundle"])
    before = exposure.exposure(c, A)
    assert (before["counts"]["persons"], before["counts"]["phones"], before["counts"]["witnesses"]) == (1, 1, 1)
    taking_back.take_back(c, root)
    after = exposure.exposure(c, A)
    assert (after["counts"], after["people"]) == (before["counts"], before["people"])
    alerts.detained(c, A, since="", lang="en")
    put(a, name_ru="Мысалов Ғалым")
    incoming.take(b, send(a, tmp_path / "2", B))
    incoming.take(c, send(b, tmp_path / "3"))
    assert exposure.exposure(c, A)["counts"]["persons"] == 1 + 1


@pytest.mark.parametrize(("lang", "word"), [("en", "INTERNAL"), ("ru", "ВНУТРЕННЕЕ"), ("kk", "ІШКІ")])
def test_the_paper_is_marked_internal_and_overwrites_nothing(
    office: Office, tmp_path: Path, lang: str, word: str
) -> None:
    c = office.open(C)
    put(c, name_ru="Тестов Данияр")
    out = tmp_path / "exposure.pdf"
    exposure.write_exposure(c, None, out, lang=lang)
    text = text_of(out)
    assert word in text
    assert "Тестов Данияр" in text
    assert practice_mark() not in text
    assert c.vault.exports.all() == [], "no publication"
    with pytest.raises(InputError, match=r"file\.exists"):
        exposure.write_exposure(c, None, out, lang=lang)


def test_a_practice_vault_marks_its_papers_in_three_languages(office: Office, tmp_path: Path) -> None:
    session = create_vault(tmp_path / "p", PASSPHRASE, author="Жаттығу", practice=True, clock=office.clock)
    put(session, name_ru="Тестов Данияр")
    exposure.write_exposure(session, None, tmp_path / "exposure.pdf", lang="kk")
    text = text_of(tmp_path / "exposure.pdf")
    session.close()
    for word in ("PRACTICE", "УЧЕБНЫЙ", "ЖАТТЫҒУ"):
        assert word in text
