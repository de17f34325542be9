"""Cards, receipts and heads: what is made is read, and any change is refused."""

from __future__ import annotations

import base64
import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzdoc.bundle.armour import unwrap, wrap
from kzdoc.bundle.cards import Card, make_card, read_card
from kzdoc.bundle.heads import compare, make_head, read_head
from kzdoc.bundle.receipts import make_receipt, read_receipt
from kzdoc.encoding import decode, encode
from kzdoc.errors import BundleError
from kzdoc.ledger.history import Head
from tests.kzdoc.bundle.parties import ANNA, BERIK, STRANGER, chance

PROOF = 3_373
KNOWN = {BERIK.card.author.ed25519: BERIK.card}
RECEIPT = make_receipt(
    bundle=bytes(16), root=bytes(32), sequence=4, day="2020-03-01", forgotten=False, signer=BERIK.signer
)


def test_a_card_is_read_as_it_was_made() -> None:
    card = read_card(ANNA.card.text)
    assert card == ANNA.card
    assert card.name == "Үлгіқызы Әсем"
    assert read_card(("\n" + ANNA.card.text.replace("\n", "\r\n")).encode()).text == ANNA.card.text
    assert len(card.digits.split()) == 8
    assert all(len(group) == 5 for group in card.digits.split())
    assert len({ANNA.card.digits, BERIK.card.digits, STRANGER.card.digits}) == 3


@pytest.mark.parametrize("key", ["author", "author_pq", "recipient", "publisher", "publisher_pq", "office"])
def test_the_fingerprint_covers_every_key(key: str) -> None:
    other: Card = dataclasses.replace(
        ANNA.card,
        author=dataclasses.replace(
            ANNA.card.author,
            ed25519=(BERIK if key == "author" else ANNA).card.author.ed25519,
            mldsa65=(BERIK if key == "author_pq" else ANNA).card.author.mldsa65,
        ),
        publisher=dataclasses.replace(
            ANNA.card.publisher,
            ed25519=(BERIK if key == "publisher" else ANNA).card.publisher.ed25519,
            mldsa65=(BERIK if key == "publisher_pq" else ANNA).card.publisher.mldsa65,
        ),
        recipient=(BERIK if key == "recipient" else ANNA).card.recipient,
        office=b"x" if key == "office" else b"",
    )
    assert other.digits != ANNA.card.digits


def test_the_fingerprint_does_not_cover_the_name() -> None:
    assert dataclasses.replace(ANNA.card, name="Тестов Данияр").digits == ANNA.card.digits


def test_a_card_cannot_claim_anothers_publishing_key() -> None:
    body, proofs = unwrap("card", ANNA.card.text, signature_sizes=(PROOF, PROOF), limit=10**6)
    value = decode(body)
    value["publisher"], value["publisher_pq"] = BERIK.card.publisher.ed25519, BERIK.card.publisher.mldsa65
    claimed = encode(value)
    own = ANNA.signer.sign("kzdoc-card-v1", claimed)
    for proof in (proofs[1], ANNA.publisher.sign("kzdoc-card-publisher-v1", claimed), own):
        with pytest.raises(BundleError, match=r"card\.signature"):
            read_card(wrap("card", claimed, own, proof))


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("card.newer-version", {"format": "kzdoc-card-2"}),
        ("card.newer-version", {"telephone": "none"}),
        ("card.malformed", {"format": "kzdoc-receipt-1"}),
        ("card.malformed", {"name": ""}),
        ("card.malformed", {"name": "a\u202eb"}),
        ("card.malformed", {"name": "е" * 121}),
        ("card.malformed", {"author": bytes(32)}),
        ("card.malformed", {"author": bytes(31)}),
        ("card.malformed", {"recipient": bytes(1215)}),
        ("card.malformed", {"office": bytes(33)}),
        ("card.malformed", {"practice": 1}),
        ("card.signature", {"practice": True}),
    ],
)
def test_a_card_changed(code: str, change: dict[str, object]) -> None:
    body, proofs = unwrap("card", ANNA.card.text, signature_sizes=(PROOF, PROOF), limit=10**6)
    with pytest.raises(BundleError) as refused:
        read_card(wrap("card", encode({**decode(body), **change}), *proofs))
    assert refused.value.code == code


def test_a_name_that_nobody_could_read_is_refused_when_made() -> None:
    for name in ("", "   ", "a\u200fb", "x" * 121):
        with pytest.raises(BundleError, match=r"card\.name"):
            make_card(
                name=name,
                author=ANNA.signer,
                recipient=ANNA.identity.recipient,
                publisher=ANNA.publisher,
                office=b"",
                practice=False,
            )


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 7))
def test_a_bit_flipped_in_any_small_file_is_refused(place: int, bit: int) -> None:
    for area, text in (("card", ANNA.card.text), ("receipt", RECEIPT), ("head", make_some_head())):
        data = bytearray(base64.b64decode("".join(text.splitlines()[1:-1])))
        data[place % len(data)] ^= 1 << bit
        size = int.from_bytes(data[:4], "big")
        with pytest.raises(BundleError):
            read_any(area, wrap(area, bytes(data[4:])) if size == len(data) else respelled(area, bytes(data)))


def respelled(area: str, data: bytes) -> str:
    lines = base64.b64encode(data).decode()
    rows = [lines[at : at + 64] for at in range(0, len(lines), 64)]
    return "\n".join([f"-----BEGIN KZDOC {area.upper()}-----", *rows, f"-----END KZDOC {area.upper()}-----", ""])


def read_any(area: str, text: str | bytes) -> object:
    if area == "card":
        return read_card(text)
    if area == "receipt":
        return read_receipt(text, known=KNOWN)
    return read_head(text, signer=ANNA.card.author)


@given(st.one_of(st.binary(max_size=400), st.text(max_size=400)))
def test_no_other_exception_escapes(data: str | bytes) -> None:
    for area in ("card", "receipt", "head"):
        with pytest.raises(BundleError):
            read_any(area, data)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "x" + text,
        lambda text: text + "x",
        lambda text: text.replace("\n", "", 3),
        lambda text: text.replace("CARD", "HEAD"),
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("\n", " \n"),
        lambda text: "\n".join([*text.splitlines()[:2], "", *text.splitlines()[2:]]),
        lambda text: text + "A" * 10**6,
    ],
)
def test_armour_has_one_spelling(spoil: object) -> None:
    with pytest.raises(BundleError, match=r"card\.malformed"):
        read_card(spoil(ANNA.card.text))  # type: ignore[operator]


def test_a_receipt() -> None:
    receipt = read_receipt(RECEIPT, known=KNOWN)
    assert (receipt.sequence, receipt.day, receipt.reader) == (4, "2020-03-01", BERIK.card.author.ed25519)
    receipt.check_names(bundle=bytes(16), root=bytes(32), sequence=4)
    for bundle, root, sequence in ((b"b" * 16, bytes(32), 4), (bytes(16), b"r" * 32, 4), (bytes(16), bytes(32), 5)):
        with pytest.raises(BundleError, match="other-bundle"):
            receipt.check_names(bundle=bundle, root=root, sequence=sequence)


def test_a_receipt_says_that_some_was_forgotten_in_one_way_alone() -> None:
    given = {"bundle": bytes(16), "root": bytes(32), "sequence": 4, "day": "2020-03-01", "signer": BERIK.signer}
    text = make_receipt(**given, forgotten=True)
    assert read_receipt(text, known=KNOWN).forgotten
    assert not read_receipt(RECEIPT, known=KNOWN).forgotten
    body, _ = unwrap("receipt", text, signature_sizes=(PROOF,), limit=10**5)
    for other in (False, 1, "yes", None):
        spoilt = encode({**decode(body), "forgotten": other})
        with pytest.raises(BundleError, match=r"receipt\.malformed"):
            read_receipt(wrap("receipt", spoilt, BERIK.signer.sign("kzdoc-receipt-v1", spoilt)), known=KNOWN)


def test_a_receipt_by_a_stranger_or_in_anothers_name() -> None:
    with pytest.raises(BundleError, match="unknown-signer"):
        read_receipt(RECEIPT, known={})
    with pytest.raises(BundleError, match=r"receipt\.signature"):
        read_receipt(RECEIPT, known={BERIK.card.author.ed25519: ANNA.card})


def test_a_receipt_names_no_sender() -> None:
    body, _ = unwrap("receipt", RECEIPT, signature_sizes=(PROOF,), limit=10**5)
    assert sorted(decode(body)) == ["bundle", "day", "format", "reader", "root", "sequence"]


def test_a_receipt_that_nobody_would_read_is_not_made() -> None:
    with pytest.raises(BundleError, match=r"receipt\.malformed"):
        make_receipt(bundle=b"", root=bytes(32), sequence=1, day="2020-03-01", forgotten=False, signer=BERIK.signer)


GIVE = chance("heads")
HEADS = [Head(GIVE(32), GIVE(16), sequence, GIVE(32)) for sequence in (9, 0, 4)]


def make_some_head() -> str:
    return make_head(HEADS, {"revisions": 16}, day="2020-03-01", signer=ANNA.signer)


def test_a_head_that_the_present_extends_or_not() -> None:
    head = read_head(make_some_head(), signer=ANNA.card.author)
    assert set(head.heads) == set(HEADS)
    held = {(one.author, one.chain, one.sequence): {one.revision} for one in HEADS}

    def present(author: bytes, chain: bytes, sequence: int) -> set[bytes]:
        return held.get((author, chain, sequence), set())

    assert compare(head, present).result == "extends"
    lost, rewritten = HEADS[0], HEADS[1]
    del held[lost.author, lost.chain, lost.sequence]
    held[rewritten.author, rewritten.chain, rewritten.sequence] = {bytes(32)}
    found = compare(head, present)
    assert (found.result, found.missing, found.other) == ("behind", (lost,), (rewritten,))


def test_anothers_head_is_refused() -> None:
    with pytest.raises(BundleError, match="other-signer"):
        read_head(make_some_head(), signer=BERIK.card.author)
    twin = dataclasses.replace(ANNA.card.author, mldsa65=BERIK.card.author.mldsa65)
    with pytest.raises(BundleError, match=r"head\.signature"):
        read_head(make_some_head(), signer=twin)


@pytest.mark.parametrize("place", range(40, 90))
def test_a_damaged_head_is_never_called_newer(place: int) -> None:
    text = make_some_head()
    spoilt = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
    with pytest.raises(BundleError, match=r"head\.(malformed|signature|other-signer)"):
        read_head(spoilt, signer=ANNA.card.author)
