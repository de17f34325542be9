from __future__ import annotations

import pytest

from kzdoc.crypto.identity import HybridSigner
from kzdoc.domain.audience import Audience
from kzdoc.report.redactions import check_redactions, write_redactions
from kzdoc.report.signature import signer_fingerprint
from tests.kzdoc.redaction.cases import Secret, view

SIGNER, STRANGER = HybridSigner.from_seed(bytes(range(64))), HybridSigner.from_seed(bytes(range(1, 65)))
PDF = b"%PDF-1.4 invented"
WHO = signer_fingerprint(SIGNER.public)


def report(audience: Audience = Audience.COURT, secret: Secret | None = None) -> bytes:
    return write_redactions(PDF, view(secret or Secret(), audience), SIGNER)


def test_it_says_class_rule_and_count_and_verifies() -> None:
    told = check_redactions(PDF, report(), signer=WHO)
    assert (told.report, told.audience, told.code) == ("good", "court", "")
    assert ("identity", "no-basis") in {row[:2] for row in told.rows}
    assert all(int(row[2]) >= 1 for row in told.rows)


def test_to_strangers_it_says_rules_alone_the_same_for_another_secret() -> None:
    public = report(Audience.PUBLIC)
    assert {row[0] for row in check_redactions(PDF, public, signer=WHO).rows} == {"some"}
    other = report(Audience.PUBLIC, Secret("Ли", "Ян", "m", stories=3, phones=4))
    assert public.splitlines()[:-1] == other.splitlines()[:-1]


def test_it_holds_no_value() -> None:
    secret = Secret()
    for audience in (Audience.COURT, Audience.PARTNER, Audience.PUBLIC):
        text = report(audience).decode("ascii")
        assert secret.iin not in text
        assert secret.account not in text


def changed(old: bytes, new: bytes) -> bytes:
    data = report()
    assert old in data
    return data.replace(old, new, 1)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (lambda: b"", "redaction.form"),
        (lambda: report() + b"\n", "redaction.form"),
        (lambda: changed(b"for court", b"for nobody"), "redaction.form"),
        (lambda: changed(b"\n", b"\r\n"), "redaction.form"),
        (lambda: changed(b"for court", b"for lawyer"), "redaction.bad-signature"),
        (lambda: changed(b"for court", b"for public"), "redaction.bad-signature"),
        (lambda: write_redactions(PDF, view(Secret(), Audience.COURT), STRANGER), "redaction.other-signer"),
        (lambda: write_redactions(PDF + b" ", view(Secret(), Audience.COURT), SIGNER), "redaction.other-paper"),
    ],
)
def test_what_would_deceive_is_caught(data, code: str) -> None:
    told = check_redactions(PDF, data(), signer=WHO)
    assert (told.report, told.rows, told.code) == ("bad", (), code)
