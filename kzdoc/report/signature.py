"""The detached signature of a publication: FILE.pdf.sig (docs/formats/publication.md).

Rules: signed by the publisher's hybrid key, never a monitor's; the file is canonical text, read strictly; checking is
pure (bytes in, verdict out), never raises for what a stranger wrote, and tells appended bytes apart from other
changes. A signature says who vouches for these bytes, not that what they say is true.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from kzdoc.crypto.identity import HybridPublic, HybridSigner, fingerprint_digits
from kzdoc.errors import PublicationError

CONTEXT = "publication-1"
FORMAT_LINE = "kzdoc publication signature 1"
ED25519_SIZE, ED25519_KEY, MLDSA_KEY, MLDSA_SIZE = 64, 32, 1952, 3309
NUMBER = "(0|[1-9][0-9]{0,14})"
BASE64 = "([A-Za-z0-9+/]+={0,2})"
PATTERN = re.compile(
    f"{FORMAT_LINE}\nsha256 ([0-9a-f]{{64}})\nsize {NUMBER}\nshown {NUMBER}\nproved {NUMBER}\nattested {NUMBER}\n"
    f"ed25519 {BASE64}\nml-dsa-65 {BASE64}\nsignature-ed25519 {BASE64}\nsignature-ml-dsa-65 {BASE64}\n"
)
SIGNED_LINES = 8
MOST_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a publication's signature is worth; ``code`` is the reason when it is bad."""

    signature: str
    signer: str
    signer_trust: str
    extra_bytes: int
    shown: int
    proved: int
    attested: int
    code: str = ""

    def plain(self) -> dict[str, str | int]:
        """Return the JSON of ``report check``."""
        return {
            "signature": self.signature,
            "signer": self.signer,
            "signer_trust": self.signer_trust,
            "extra_bytes": self.extra_bytes,
            "shown": self.shown,
            "proved": self.proved,
            "attested": self.attested,
            "code": self.code,
        }


@dataclass(frozen=True, slots=True)
class _Signature:
    signed: bytes
    digest: bytes
    size: int
    shown: int
    proved: int
    attested: int
    public: HybridPublic
    signature: bytes


def signer_fingerprint(public: HybridPublic) -> str:
    """Return the publisher's fingerprint as digits, over both public keys."""
    return fingerprint_digits(public.ed25519 + public.mldsa65)


def sign_publication(pdf: bytes, signer: HybridSigner, *, shown: int, proved: int, attested: int) -> bytes:
    """Return the signature file of ``pdf``.

    Raises:
        PublicationError: ``publication.counts`` when ``shown`` is not ``proved`` + ``attested``.
    """
    if shown != proved + attested or min(proved, attested) < 0:
        raise PublicationError("publication.counts", shown=shown, proved=proved, attested=attested)
    public = signer.public
    head = (
        f"{FORMAT_LINE}\nsha256 {hashlib.sha256(pdf).hexdigest()}\nsize {len(pdf)}\n"
        f"shown {shown}\nproved {proved}\nattested {attested}\n"
        f"ed25519 {_base64(public.ed25519)}\nml-dsa-65 {_base64(public.mldsa65)}\n"
    ).encode("ascii")
    signature = signer.sign(CONTEXT, head)
    ed25519, mldsa = signature[:ED25519_SIZE], signature[ED25519_SIZE:]
    tail = f"signature-ed25519 {_base64(ed25519)}\nsignature-ml-dsa-65 {_base64(mldsa)}\n"
    return head + tail.encode("ascii")


def check_publication(pdf: bytes, sig: bytes | None, *, expected: HybridPublic | None) -> Verdict:
    """Return what ``sig`` says about ``pdf``; ``expected`` is the publisher's key from a card, if one was given."""
    trust = "not checked" if expected is None else "given"
    if sig is None:
        return Verdict("none", "", trust, 0, 0, 0, 0, "publication.unsigned")
    try:
        read = _read(sig)
    except PublicationError as error:
        return Verdict("bad", "", trust, 0, 0, 0, 0, error.code)
    signer = signer_fingerprint(read.public)
    extra = _extra_bytes(pdf, read)
    if not read.public.verify(CONTEXT, read.signed, read.signature):
        return Verdict("bad", signer, trust, extra, 0, 0, 0, "publication.bad-signature")
    code = ""
    if extra:
        code = "publication.extra-bytes"
    elif len(pdf) != read.size or hashlib.sha256(pdf).digest() != read.digest:
        code = "publication.changed"
    elif expected is not None and expected != read.public:
        code = "publication.other-signer"  # the paper is what was signed, whoever signed it
    return Verdict("bad" if code else "good", signer, trust, extra, read.shown, read.proved, read.attested, code)


def _extra_bytes(pdf: bytes, read: _Signature) -> int:
    if len(pdf) > read.size and hashlib.sha256(pdf[: read.size]).digest() == read.digest:
        return len(pdf) - read.size
    return 0


def _read(sig: bytes) -> _Signature:
    """Return the parts of a signature file; ``publication.signature-form`` when it is not canonical."""
    refused = PublicationError("publication.signature-form")
    if len(sig) > MOST_BYTES or not sig.isascii():
        raise refused
    match = PATTERN.fullmatch(sig.decode("ascii"))
    if match is None:
        raise refused
    digest, *figures = match.group(1, 2, 3, 4, 5)
    size, shown, proved, attested = (int(figure) for figure in figures)
    sizes = (ED25519_KEY, MLDSA_KEY, ED25519_SIZE, MLDSA_SIZE)
    keys = [_unbase64(text, length) for text, length in zip(match.group(6, 7, 8, 9), sizes, strict=True)]
    if shown != proved + attested or any(key is None for key in keys):
        raise refused
    ed25519, mldsa, first, second = (key or b"" for key in keys)
    signed = b"".join(sig.splitlines(keepends=True)[:SIGNED_LINES])
    public = HybridPublic(ed25519, mldsa)
    return _Signature(signed, bytes.fromhex(digest), size, shown, proved, attested, public, first + second)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _unbase64(text: str, length: int) -> bytes | None:
    """Return the bytes of canonical base64, ``None`` when it is not canonical or of another length."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if len(data) == length and _base64(data) == text else None
