"""Cards: a contact's public keys with proof that whoever made them holds the signing ones (docs/formats/card.md).

A card proves nothing about who its owner is; the fingerprint, compared in person or by voice, does. The claimed name
is a claim and is not part of the fingerprint.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from kzdoc.bundle.armour import read_body, unwrap, wrap
from kzdoc.crypto.age import HybridRecipient
from kzdoc.crypto.identity import SIGNATURE_SIZE, HybridPublic, HybridSigner, fingerprint_digits, fingerprint_words
from kzdoc.encoding import encode
from kzdoc.errors import BundleError, KzdocError
from kzdoc.remembering import remembering

FORMAT = "kzdoc-card-1"
_CONTEXT, _PUBLISHER_CONTEXT = "kzdoc-card-v1", "kzdoc-card-publisher-v1"
_FINGERPRINT = "kzdoc-fingerprint-1"
_TEXT_LIMIT = 64 * 2**10
_NAME_LIMIT = 120
_OFFICE_LIMIT = 32
_REMEMBERED = 1024
"""So many cards that were read and proved are kept in memory: the same text is the same card."""
_KEYS = frozenset(
    ("format", "name", "author", "author_pq", "recipient", "publisher", "publisher_pq", "office", "practice")
)


@dataclass(frozen=True, slots=True)
class Card:
    """A contact's keys; ``name`` is what the owner claims, ``text`` the card as it was handed over."""

    name: str
    author: HybridPublic
    recipient: HybridRecipient
    publisher: HybridPublic
    office: bytes
    practice: bool
    text: str = field(repr=False, compare=False)

    @property
    def digits(self) -> str:
        """Return the fingerprint as 8 groups of 5 digits."""
        return fingerprint_digits(self._fingerprinted())

    def words(self, lang: str) -> str:
        """Return the fingerprint as words of ``lang``."""
        return fingerprint_words(self._fingerprinted(), lang)

    def _fingerprinted(self) -> bytes:
        author, publisher = self.author, self.publisher
        return encode(
            [
                _FINGERPRINT,
                author.ed25519,
                author.mldsa65,
                self.recipient.raw,
                publisher.ed25519,
                publisher.mldsa65,
                self.office,
            ]
        )


def make_card(
    *,
    name: str,
    author: HybridSigner,
    recipient: HybridRecipient,
    publisher: HybridSigner,
    office: bytes,
    practice: bool,
) -> Card:
    """Return a card of one's own keys, proved by both signers.

    Raises:
        BundleError: ``card.name`` when the name is empty, too long or holds control or direction characters.
    """
    name = unicodedata.normalize("NFC", name.strip())
    if not _is_name(name):
        raise BundleError("card.name", limit=_NAME_LIMIT)
    body = encode(
        {
            "format": FORMAT,
            "name": name,
            "author": author.public.ed25519,
            "author_pq": author.public.mldsa65,
            "recipient": recipient.raw,
            "publisher": publisher.public.ed25519,
            "publisher_pq": publisher.public.mldsa65,
            "office": office,
            "practice": practice,
        }
    )
    return read_card(wrap("card", body, author.sign(_CONTEXT, body), publisher.sign(_PUBLISHER_CONTEXT, body)))


def read_card(text: str | bytes) -> Card:
    """Return the card in ``text`` once both its proofs hold.

    Raises:
        BundleError: ``card.malformed``, ``card.newer-version``, ``card.signature``.
    """
    return _read(text)


@remembering(_REMEMBERED)
def _read(text: str | bytes) -> Card:
    body, proofs = unwrap("card", text, signature_sizes=(SIGNATURE_SIZE, SIGNATURE_SIZE), limit=_TEXT_LIMIT)
    value = read_body("card", body, FORMAT, _KEYS)
    keys = [value[key] for key in ("author", "author_pq", "recipient", "publisher", "publisher_pq", "office")]
    if any(type(key) is not bytes for key in keys) or len(value["office"]) > _OFFICE_LIMIT:
        raise BundleError("card.malformed")
    if type(value["name"]) is not str or not _is_name(value["name"]) or type(value["practice"]) is not bool:
        raise BundleError("card.malformed")
    try:
        author = HybridPublic.from_bytes(value["author"] + value["author_pq"])
        publisher = HybridPublic.from_bytes(value["publisher"] + value["publisher_pq"])
        recipient = HybridRecipient.from_bytes(value["recipient"])
    except KzdocError as error:
        raise BundleError("card.malformed") from error
    if (author.ed25519, publisher.ed25519) != (value["author"], value["publisher"]):
        raise BundleError("card.malformed")
    if not (author.verify(_CONTEXT, body, proofs[0]) and publisher.verify(_PUBLISHER_CONTEXT, body, proofs[1])):
        raise BundleError("card.signature")
    kept = wrap("card", body, *proofs)
    return Card(value["name"], author, recipient, publisher, value["office"], value["practice"], kept)


def _is_name(name: str) -> bool:
    plain = all(unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") for char in name)
    return plain and 0 < len(name) <= _NAME_LIMIT and name == unicodedata.normalize("NFC", name).strip()
