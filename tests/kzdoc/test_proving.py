"""Authors' proofs in packs: to whom the author agreed, of what is printed as it was written, and of nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import proving, publishing
from kzdoc.crypto.identity import fingerprint_digits
from kzdoc.domain.audience import Audience
from kzdoc.errors import PublicationError
from kzdoc.exchange import incoming
from kzdoc.report.signature import check_publication
from tests.kzdoc.redaction.cases import state
from tests.kzdoc.report.test_verifier import VERIFIER
from tests.kzdoc.test_exchange import change, put, send
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES
READER = "Сынақ бойынша адвокат"
HIDDEN = "Сынақова Айгүл"


class Desks:
    """A monitor who wrote a case, and a lawyer who publishes it."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.author, self.lawyer, self.folder, self.bundles = office.open(A), office.open(C), folder, 0
        self.hero = put(self.author, name_kk="Тестов Данияр", naming_basis="already_public")
        put(self.author, name_kk=HIDDEN)
        self.event = put(
            self.author, "event", title="Жиын", persons=[self.hero.hex()], date="2020-02-22", response=f"{HIDDEN} көрді"
        )

    def bring(self) -> None:
        """Let the lawyer take in what the monitor has."""
        self.bundles += 1
        files = send(self.author, self.folder / f"bundle-{self.bundles}", C)
        assert incoming.take(self.lawyer, files)["refused"] == []

    def packed(
        self, desk: Session | None = None, audience: Audience = Audience.LAWYER, **named: str
    ) -> tuple[Any, Any]:
        """Return what the program says of a new paper with its pack, and what the stand-alone verifier reads in it."""
        out = self.folder / f"paper-{len(list(self.folder.iterdir()))}.pdf"
        told = publishing.make_report(
            desk or self.lawyer,
            self.hero,
            out,
            template="case-file",
            audience=audience,
            lang="kk",
            recipient=named.get("recipient", READER),
            purpose="арыз",
            pack=True,
        )
        pdf, sig = out.read_bytes(), (out.parent / f"{out.name}.sig").read_bytes()
        assert check_publication(pdf, sig, expected=None).proved == told["proved"]
        return told, VERIFIER.check(pdf, (out.parent / f"{out.name}.pack").read_bytes(), sig)


@pytest.fixture
def desks(office: Office, tmp_path: Path) -> Desks:
    return Desks(office, tmp_path)


def agree(desk: Session, **more: str) -> bytes:
    return put(desk, "proof_agreement", **{"recipient": READER, "given_on": "2026-01", **more})


def test_what_an_author_agreed_to_is_proved_by_their_own_signature(desks: Desks) -> None:
    agree(desks.author, recipient=f" {READER.upper()} ")
    desks.bring()
    change(desks.lawyer, desks.event, place="Абай алаңы")
    told, read = desks.packed()
    assert {proof.author for proof in read.proofs} == {fingerprint_digits(desks.author.author)}
    proved = {read.leaves[proof.leaf][2]: read.leaves[proof.leaf][3] for proof in read.proofs}
    assert proved["title"] == "Жиын"
    assert proved["name_kk"] == "Тестов Данияр"
    shown = {field for _, _, field, _ in read.leaves}
    assert {"persons", "response", "place"} <= shown, "a link, a redacted text, the lawyer's own words are attested"
    assert not {"persons", "response", "place"} & proved.keys()
    assert told["proved"] == len(read.proofs) == len(proved)
    assert told["proved"] + told["attested"] == told["shown"]


@pytest.mark.parametrize(
    "agreement",
    [
        None,
        {"recipient": "Басқа оқырман"},
        {"given_on": "2026-12"},
        {"expires": "2026-02"},
        {"withdrawn_on": "2026-02-20"},
    ],
)
def test_without_an_agreement_that_holds_the_publisher_alone_attests(
    desks: Desks, agreement: dict[str, str] | None
) -> None:
    if agreement is not None:
        agree(desks.author, **agreement)
    desks.bring()
    told, read = desks.packed()
    assert (told["proved"], read.proofs) == (0, [])


def test_nobody_agrees_for_somebody_else(desks: Desks) -> None:
    other = agree(desks.author, recipient="Басқа оқырман")
    desks.bring()
    agree(desks.lawyer)
    change(desks.lawyer, other, recipient=READER)
    assert proving.agreed(desks.lawyer, READER) == {desks.lawyer.author}
    assert desks.packed()[1].proofs == []


def test_an_agreement_of_which_two_things_are_said_is_none(desks: Desks) -> None:
    given = agree(desks.author)
    desks.bring()
    change(desks.author, given, expires="2027")
    change(desks.lawyer, given, expires="2028")
    desks.bring()
    assert desks.packed()[1].proofs == []


def test_authorities_get_a_pack_only_when_every_author_agreed(desks: Desks) -> None:
    desks.bring()
    change(desks.lawyer, desks.event, place="Абай алаңы")
    for missing, willing in ((2, desks.author), (1, desks.lawyer)):
        with pytest.raises(PublicationError) as refused:
            desks.packed(audience=Audience.COURT)
        assert (refused.value.code, refused.value.params) == ("publication.pack-authority", {"n": missing})
        assert not list(desks.folder.glob("paper*"))
        agree(willing)
        desks.bring()
    authors = {proof.author for proof in desks.packed(audience=Audience.COURT)[1].proofs}
    assert authors == {fingerprint_digits(desk.author) for desk in (desks.author, desks.lawyer)}


def test_a_desk_that_takes_anybodys_word_for_an_agreement_is_caught(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks.bring()
    monkeypatch.setattr(proving, "agreed", lambda session, _: frozenset({desks.author.author, session.author}))
    assert desks.packed()[1].proofs, "so the tests above would see them"


@pytest.mark.parametrize(
    ("absent", "holds"),
    [((None, "not_shared"), True), (("withdrawn_on", "not_shared"), False), ((None, "not_received"), False)],
)
def test_an_agreement_of_which_something_is_not_here_holds_for_nobody(
    absent: tuple[str | None, str], *, holds: bool
) -> None:
    """What is not here may be its withdrawal; that a partner did not share internal notes is no sign of one."""
    given = {"recipient": "Суд", "given_on": "2026-01-01"}
    assert proving._holds(state(bytes(16), "proof_agreement", **given), "2026-03-02")
    assert proving._holds(state(bytes(16), "proof_agreement", absent=[absent], **given), "2026-03-02") is holds
