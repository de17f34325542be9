"""Successions: from now on B may replace and settle what A said (docs/formats/succession.md).

Rules: it is signed by A, who agrees, or by more than half of an office's coordinators for him. Signatures are added
one by one, as on a roster; those by keys the reader does not know are kept and count for nothing. Whether enough have
signed depends on the roster held and is judged by ``is_agreed``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kzdoc.bundle.armour import is_day, read_body, sized, unwrap, wrap
from kzdoc.bundle.roster import Roster
from kzdoc.crypto.identity import SIGNATURE_SIZE, HybridPublic, HybridSigner
from kzdoc.encoding import decode, encode
from kzdoc.errors import BundleError, KzdocError

FORMAT = "kzdoc-succession-1"
_CONTEXT = "kzdoc-succession-v1"
_TEXT_LIMIT = 2**18
_SIGNATURES = 16
_KEYS = frozenset(("format", "author", "successor", "day"))


@dataclass(frozen=True, slots=True)
class Succession:
    """``successor`` takes over from ``author``; ``signers`` are the known keys whose signatures hold."""

    author: bytes
    successor: bytes
    day: str
    signers: frozenset[bytes]
    text: str = field(repr=False, compare=False)

    def is_agreed(self, roster: Roster | None) -> bool:
        """Return whether the author agreed, or enough coordinators of the roster held did."""
        if self.author in self.signers:
            return True
        if roster is None:
            return False
        return len(self.signers & {one.ed25519 for one in roster.coordinators}) >= roster.needed


def make_succession(*, author: bytes, successor: bytes, day: str, signer: HybridSigner) -> Succession:
    """Return a succession with its first signature; raises ``BundleError("succession.malformed")``."""
    body = encode({"format": FORMAT, "author": author, "successor": successor, "day": day})
    return _signed(body, {}, signer)


def sign_succession(text: str | bytes, signer: HybridSigner) -> Succession:
    """Return the succession with one more signature; raises ``BundleError`` as ``read_succession``."""
    body, signatures = _open(text)
    return _signed(body, signatures, signer)


def _signed(body: bytes, signatures: Mapping[bytes, bytes], signer: HybridSigner) -> Succession:
    public = signer.public
    more = {**signatures, public.ed25519: signer.sign(_CONTEXT, body)}
    text = wrap("succession", encode([body, [[key, more[key]] for key in sorted(more)]]))
    return read_succession(text, known={public.ed25519: public})


def read_succession(text: str | bytes, *, known: Mapping[bytes, HybridPublic]) -> Succession:
    """Return the succession in ``text`` once every signature by one of ``known`` (by Ed25519 key) holds.

    Raises:
        BundleError: ``succession.malformed``, ``succession.newer-version``, ``succession.signature``.
    """
    body, signatures = _open(text)
    value = read_body("succession", body, FORMAT, _KEYS)
    good = sized(value["author"], 32) and sized(value["successor"], 32) and is_day(value["day"])
    if not good or value["author"] == value["successor"]:
        raise BundleError("succession.malformed")
    for key in signatures.keys() & known.keys():
        if not known[key].verify(_CONTEXT, body, signatures[key]):
            raise BundleError("succession.signature")
    plain = text if isinstance(text, str) else text.decode("ascii")
    signers = frozenset(signatures.keys() & known.keys())
    return Succession(value["author"], value["successor"], value["day"], signers, plain)


def read_unchecked(text: str | bytes) -> Succession:
    """Return a succession that was checked when it was put in force; no signature is looked at."""
    return read_succession(text, known={})


def _open(text: str | bytes) -> tuple[bytes, dict[bytes, bytes]]:
    outer, _ = unwrap("succession", text, signature_sizes=(), limit=_TEXT_LIMIT)
    try:
        body, pairs = decode(outer)
        keys = [key for key, _ in pairs]
        good = type(body) is bytes and 0 < len(keys) <= _SIGNATURES and keys == sorted(set(keys))
        good = good and all(sized(key, 32) and sized(one, SIGNATURE_SIZE) for key, one in pairs)
    except (KzdocError, ValueError, TypeError) as error:
        raise BundleError("succession.malformed") from error
    if not good:
        raise BundleError("succession.malformed")
    return body, dict(pairs)
