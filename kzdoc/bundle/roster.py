"""Rosters: who may replace, settle and erase for others, signed by an office's coordinators (docs/formats/roster.md).

Rules: one value in, a verified value or a typed refusal out. More than half of the coordinators sign (two of three, the
one of one). Versions of one roster only go up, and the coordinators of the version held must have signed the next as
well. Whether the first roster is to be believed is decided above, by who verified whom.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from kzdoc.bundle.alerts import are_heads
from kzdoc.bundle.armour import is_day, read_body, sized, unwrap, wrap
from kzdoc.crypto.identity import SIGNATURE_SIZE, HybridPublic, HybridSigner
from kzdoc.encoding import decode, encode
from kzdoc.errors import BundleError, KzdocError
from kzdoc.ledger.history import RIGHTS, Head
from kzdoc.remembering import remembering

FORMAT = "kzdoc-roster-1"
_CONTEXT = "kzdoc-roster-v1"
_TEXT_LIMIT = 2**20
_COORDINATORS, _MEMBERS = 9, 4_096
_KEYS = frozenset(("format", "roster", "version", "coordinators", "members", "revoked", "day"))
_PAIR = 2
_REVOKED, _HEADS = 1_024, 4_096
_REMEMBERED = 8
"""So many rosters that were read and proved are kept in memory: the same text is the same roster."""

REVOKE = "revoke"
"""The right to have one's alerts followed at once; coordinators hold it."""

ROSTER_RIGHTS = RIGHTS | {REVOKE}


@dataclass(frozen=True, slots=True)
class Roster:
    """One version; ``members`` author → rights, ``signed`` the coordinators whose signatures hold, by place.

    ``revoked``: author → last good heads, of which there may be none.
    """

    id: bytes
    version: int
    coordinators: tuple[HybridPublic, ...]
    members: Mapping[bytes, frozenset[str]]
    revoked: Mapping[bytes, tuple[Head, ...]]
    day: str
    signed: frozenset[int]
    text: str = field(repr=False, compare=False)

    @property
    def needed(self) -> int:
        """Return how many coordinators must sign: more than half."""
        return len(self.coordinators) // 2 + 1

    @property
    def signers(self) -> frozenset[bytes]:
        """Return the Ed25519 keys of the coordinators who signed."""
        return frozenset(self.coordinators[place].ed25519 for place in self.signed)

    def says_the_same(self, other: Roster) -> bool:
        """Return whether both are one version, whoever signed which copy."""
        mine, theirs = ((one.id, one.version, one.coordinators, one.members, one.revoked) for one in (self, other))
        return mine == theirs and self.day == other.day

    def knows(self, author: bytes) -> bool:
        """Return whether an author is of this office: coordinator or member, and not revoked."""
        return author in self.members and author not in self.revoked

    def may_revoke(self, author: bytes) -> bool:
        """Return whether an author's alerts are to be followed at once."""
        return self.knows(author) and REVOKE in self.members[author]

    def check_complete(self) -> None:
        """Raise ``BundleError("roster.too-few")`` unless enough coordinators signed."""
        if len(self.signed) < self.needed:
            raise BundleError("roster.too-few", signed=len(self.signed), needed=self.needed)

    def check_follows(self, held: Roster) -> None:
        """Check that this may take the place of the roster held.

        Raises ``BundleError``: ``roster.other`` (of another office), ``roster.older`` (rolled back, or another text of
        the same version), ``roster.too-few``, ``roster.other-signers`` (the coordinators held did not sign it).
        """
        if self.id != held.id:
            raise BundleError("roster.other")
        if self.version <= held.version:
            raise BundleError("roster.older", version=self.version, held=held.version)
        self.check_complete()
        before = {one.raw for one in held.coordinators}
        if len([place for place in self.signed if self.coordinators[place].raw in before]) < held.needed:
            raise BundleError("roster.other-signers")


def make_roster(
    *,
    roster: bytes,
    version: int,
    coordinators: Sequence[HybridPublic],
    members: Mapping[bytes, frozenset[str]],
    revoked: Mapping[bytes, Sequence[Head]] = MappingProxyType({}),
    day: str,
    signer: HybridSigner,
) -> Roster:
    """Return a new version with the first coordinator's signature; raises ``BundleError`` as ``read_roster``."""
    body = encode(
        {
            "format": FORMAT,
            "roster": roster,
            "version": version,
            "coordinators": sorted(one.raw for one in coordinators),
            "members": sorted([author, sorted(rights)] for author, rights in members.items()),
            "revoked": [
                [author, sorted([head.chain, head.sequence, head.revision] for head in revoked[author])]
                for author in sorted(revoked)
            ],
            "day": day,
        }
    )
    return _signed(body, {}, signer)


def sign_roster(roster: Roster, signer: HybridSigner) -> Roster:
    """Return the roster with one more coordinator's signature; raises ``BundleError("roster.other-signers")``."""
    body, signatures = _open(roster.text)
    return _signed(body, signatures, signer)


def _signed(body: bytes, signatures: Mapping[int, bytes], signer: HybridSigner) -> Roster:
    places = [one.raw for one in _read(body, {}, "").coordinators]
    if signer.public.raw not in places:
        raise BundleError("roster.other-signers")
    more = {**signatures, places.index(signer.public.raw): signer.sign(_CONTEXT, body)}
    return read_roster(wrap("roster", encode([body, [[place, more[place]] for place in sorted(more)]])))


def read_roster(text: str | bytes) -> Roster:
    """Return the roster in ``text`` once every signature on it holds; ``check_complete`` says if they are enough.

    Raises:
        BundleError: ``roster.malformed``, ``roster.newer-version``, ``roster.signature``.
    """
    return _read_whole(text)


@remembering(_REMEMBERED)
def _read_whole(text: str | bytes) -> Roster:
    body, signatures = _open(text)
    plain = text if isinstance(text, str) else text.decode("ascii")
    read = _read(body, signatures, plain)
    for place, signature in signatures.items():
        if place >= len(read.coordinators) or not read.coordinators[place].verify(_CONTEXT, body, signature):
            raise BundleError("roster.signature")
    return read


def _open(text: str | bytes) -> tuple[bytes, dict[int, bytes]]:
    outer, _ = unwrap("roster", text, signature_sizes=(), limit=_TEXT_LIMIT)
    try:
        body, pairs = decode(outer)
        places = [place for place, _ in pairs]
        good = type(body) is bytes and all(type(place) is int and place >= 0 for place in places)
        good = good and places == sorted(set(places)) and all(sized(one, SIGNATURE_SIZE) for _, one in pairs)
    except (KzdocError, ValueError, TypeError) as error:
        raise BundleError("roster.malformed") from error
    if not good:
        raise BundleError("roster.malformed")
    return body, dict(pairs)


def _read(body: bytes, signatures: Mapping[int, bytes], text: str) -> Roster:
    value = read_body("roster", body, FORMAT, _KEYS)
    good = (
        sized(value["roster"], 16)
        and type(value["version"]) is int
        and 0 < value["version"] < 2**63
        and _is_sorted(value["coordinators"], _COORDINATORS)
        and len(value["coordinators"]) > 0
        and _are_several(value["coordinators"])
        and _is_sorted(value["members"], _MEMBERS)
        and all(_is_member(one) for one in value["members"])
        and len({one[0] for one in value["members"]}) == len(value["members"])
        and _are_revoked(value["revoked"])
        and is_day(value["day"])
    )
    if not good:
        raise BundleError("roster.malformed")
    try:
        coordinators = tuple([HybridPublic.from_bytes(raw) for raw in value["coordinators"]])
    except (KzdocError, TypeError) as error:
        raise BundleError("roster.malformed") from error
    members = {author: frozenset(rights) for author, rights in value["members"]}
    members |= {one.ed25519: ROSTER_RIGHTS for one in coordinators}
    revoked = {author: tuple([Head(author, *row) for row in heads]) for author, heads in value["revoked"]}
    return Roster(
        value["roster"], value["version"], coordinators, members, revoked, value["day"], frozenset(signatures), text
    )


def _are_several(coordinators: Sequence[Any]) -> bool:
    """Return whether each coordinator is named once: nobody signs in the place of two."""
    keys = [raw[:32] for raw in coordinators if type(raw) is bytes]
    return len(keys) == len(coordinators) == len(set(keys))


def _are_revoked(rows: Any) -> bool:
    good = type(rows) is list and len(rows) <= _REVOKED and all(type(row) is list and len(row) == _PAIR for row in rows)
    good = good and all(sized(author, 32) and are_heads(heads, _HEADS) for author, heads in rows)
    return good and [row[0] for row in rows] == sorted({row[0] for row in rows})


def _is_sorted(value: Any, limit: int) -> bool:
    try:
        return type(value) is list and len(value) <= limit and value == sorted(value)
    except TypeError:
        return False


def _is_member(one: Any) -> bool:
    return (
        type(one) is list
        and len(one) == _PAIR
        and sized(one[0], 32)
        and _is_sorted(one[1], len(ROSTER_RIGHTS))
        and all(type(right) is str and right in ROSTER_RIGHTS for right in one[1])
        and len(set(one[1])) == len(one[1])
    )
