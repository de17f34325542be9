from __future__ import annotations

import base64
import hashlib
import random

import pytest

from kzdoc.crypto.identity import HybridSigner
from kzdoc.encoding import decode
from kzdoc.errors import PublicationError
from kzdoc.report import pack as packs
from kzdoc.report.signature import check_publication, sign_publication, signer_fingerprint
from tests.kzdoc.report import cases

PDF = b"%PDF-1.4 invented\n%%EOF\n"
SIGNER = HybridSigner.from_seed(bytes(range(64)))
OTHER = HybridSigner.from_seed(bytes(64))
SIG = sign_publication(PDF, SIGNER, shown=7, proved=2, attested=5)


def test_a_good_signature_without_a_card_says_that_the_signer_was_not_checked() -> None:
    assert check_publication(PDF, SIG, expected=None).plain() == {
        "signature": "good",
        "signer": signer_fingerprint(SIGNER.public),
        "signer_trust": "not checked",
        "extra_bytes": 0,
        "shown": 7,
        "proved": 2,
        "attested": 5,
        "code": "",
    }


def test_with_the_right_card() -> None:
    verdict = check_publication(PDF, SIG, expected=SIGNER.public)
    assert (verdict.signature, verdict.signer_trust) == ("good", "given")


def test_another_publishers_card() -> None:
    verdict = check_publication(PDF, SIG, expected=OTHER.public)
    assert (verdict.signature, verdict.code) == ("bad", "publication.other-signer")


def test_an_altered_paper_is_altered_whatever_card_is_given() -> None:
    for paper, code in ((PDF + b"% more", "publication.extra-bytes"), (PDF[:-1], "publication.changed")):
        assert check_publication(paper, SIG, expected=OTHER.public).code == code


def test_no_signature() -> None:
    verdict = check_publication(PDF, None, expected=None)
    assert (verdict.signature, verdict.signer, verdict.shown) == ("none", "", 0)


def test_appended_bytes_are_told_apart() -> None:
    verdict = check_publication(PDF + b"% more", SIG, expected=None)
    assert (verdict.signature, verdict.extra_bytes, verdict.code) == ("bad", 6, "publication.extra-bytes")


@pytest.mark.parametrize("changed", [PDF[:-1], b"", PDF.replace(b"inv", b"Inv"), b" " + PDF])
def test_a_changed_paper(changed: bytes) -> None:
    verdict = check_publication(changed, SIG, expected=None)
    assert (verdict.signature, verdict.extra_bytes, verdict.code) == ("bad", 0, "publication.changed")


def line(name: str, text: str) -> bytes:
    rows = SIG.decode().split("\n")
    at = next(number for number, row in enumerate(rows) if row.startswith(f"{name} "))
    rows[at] = f"{name} {text}"
    return "\n".join(rows).encode()


def of(name: str) -> str:
    return next(row.split(" ", 1)[1] for row in SIG.decode().split("\n") if row.startswith(f"{name} "))


def swapped(text: str) -> str:
    """Return other base64 of the same bytes (spare bits set), or of other bytes where there are none to spare."""
    return text[:-2] + chr(ord(text[-2]) + 1) + text[-1]


FORM = {
    "empty": b"",
    "no last line feed": SIG[:-1],
    "one line feed too many": SIG + b"\n",
    "a line more": SIG + b"note a\n",
    "a line less": b"\n".join(SIG.split(b"\n")[:-2]) + b"\n",
    "carriage returns": SIG.replace(b"\n", b"\r\n"),
    "byte order mark": b"\xef\xbb\xbf" + SIG,
    "space at a line's end": SIG.replace(b"\nsize", b" \nsize"),
    "other version": SIG.replace(b"signature 1\n", b"signature 2\n"),
    "hash in capitals": line("sha256", of("sha256").upper()),
    "leading zero": line("shown", "07"),
    "sign": line("shown", "+7"),
    "sixteen digits": line("size", "1" * 16),
    "counts that do not add up": line("proved", "3"),
    "base64 with spare bits": line("ed25519", swapped(of("ed25519"))),
    "base64 without padding": line("ed25519", of("ed25519").rstrip("=")),
    "key too short": line("ed25519", base64.b64encode(bytes(31)).decode()),
    "huge": SIG + b"a" * 20_000,
    "binary": bytes(range(256)),
}


@pytest.mark.parametrize("name", FORM)
def test_a_signature_file_of_another_form(name: str) -> None:
    verdict = check_publication(PDF, FORM[name], expected=None)
    assert (verdict.signature, verdict.code) == ("bad", "publication.signature-form")
    assert (verdict.signer, verdict.shown) == ("", 0)


def test_either_signature_alone_is_not_enough() -> None:
    other = sign_publication(PDF, SIGNER, shown=6, proved=1, attested=5).decode().split("\n")
    for name in ("signature-ed25519", "signature-ml-dsa-65"):
        row = next(row for row in other if row.startswith(f"{name} "))
        verdict = check_publication(PDF, line(name, row.split(" ", 1)[1]), expected=None)
        assert (verdict.signature, verdict.code, verdict.shown) == ("bad", "publication.bad-signature", 0)


def test_any_changed_character_is_noticed() -> None:
    chance = random.Random(7)
    for _ in range(120):
        at = chance.randrange(len(SIG))
        changed = bytearray(SIG)
        changed[at] ^= 1 << chance.randrange(7)
        verdict = check_publication(PDF, bytes(changed), expected=SIGNER.public)
        assert verdict.signature == "bad"


def test_the_key_line_cannot_be_exchanged() -> None:
    key = base64.b64encode(OTHER.public.ed25519).decode()
    assert check_publication(PDF, line("ed25519", key), expected=None).code == "publication.bad-signature"


def test_counts_that_do_not_add_up_are_not_signed() -> None:
    with pytest.raises(PublicationError) as caught:
        sign_publication(PDF, SIGNER, shown=1, proved=1, attested=1)
    assert caught.value.code == "publication.counts"


def randomness(seed: int):
    return random.Random(seed).randbytes


def pack_of(seed: int = 1, proofs: tuple[bytes, ...] = ()) -> bytes:
    return packs.write_pack(PDF, cases.russian_case(), SIGNER, randomness=randomness(seed), proofs=proofs)


def test_two_packs_share_no_identifier() -> None:
    first, second = decode(pack_of(1)), decode(pack_of(2))
    parts = [{part for leaf in pack["leaves"] for part in leaf[:2]} for pack in (first, second)]
    assert not parts[0] & parts[1]
    assert first["root"] != second["root"]


def test_a_pack_needs_a_recipient() -> None:
    view = cases.a_view(cases.russian_case().records, recipient=" ")
    with pytest.raises(PublicationError) as caught:
        packs.write_pack(PDF, view, SIGNER, randomness=randomness(1))
    assert caught.value.code == "publication.pack-no-recipient"


def split(count: int) -> int:
    return 1 << ((count - 1).bit_length() - 1)


def path_to(hashes: list[bytes], index: int) -> list[bytes]:
    """Return the sibling hashes from a leaf up to the root (RFC 9162 §2.1.3)."""
    if len(hashes) == 1:
        return []
    at = split(len(hashes))
    if index < at:
        return [*path_to(hashes[:at], index), packs.root(hashes[at:])]
    return [*path_to(hashes[at:], index - at), packs.root(hashes[:at])]


def root_from(leaf: bytes, index: int, count: int, path: list[bytes]) -> bytes:
    if count == 1:
        return leaf
    at = split(count)
    if index < at:
        pair = root_from(leaf, index, at, path[:-1]) + path[-1]
    else:
        pair = path[-1] + root_from(leaf, index - at, count - at, path[:-1])
    return hashlib.sha256(b"\x01" + pair).digest()


@pytest.mark.parametrize("count", range(1, 18))
def test_one_statement_can_be_proved_alone(count: int) -> None:
    hashes = [bytes([number]) * 32 for number in range(count)]
    for index in range(count):
        path = path_to(hashes, index)
        assert root_from(hashes[index], index, count, path) == packs.root(hashes)
        assert root_from(bytes([99]) * 32, index, count, path) != packs.root(hashes)
