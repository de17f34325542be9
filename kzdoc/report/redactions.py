"""The redaction report of a paper or table, `FILE.redaction`: what was withheld, by class, rule and count; no values.

Rules (docs/formats/redaction.md): canonical text, read strictly; bound to the file by its hash and signed by the same
key; it says what a paper tells its readers and nothing more, so that to strangers it has no class and no count.
Checking is pure and never raises for what a stranger wrote.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Protocol

from kzdoc.crypto.identity import HybridPublic, HybridSigner
from kzdoc.domain.audience import Audience
from kzdoc.redaction.profile import strict
from kzdoc.redaction.view import Withheld
from kzdoc.report.signature import signer_fingerprint

CONTEXT = "redaction-report-1"
FORMAT_LINE = "kzdoc redaction report 1"
SOME = "some"
"""In place of a class and a count, to strangers."""
MOST_LINES = 1_000
_ROW = "withheld ([a-z]+) ([a-z-]+) (some|[1-9][0-9]{0,14})"
_ED25519, _SIGNATURE = 32, 3373
_PATTERN = re.compile(
    f"{FORMAT_LINE}\nsha256 ([0-9a-f]{{64}})\nfor ([a-z]+)\n((?:{_ROW}\n)*)"
    "signer ([A-Za-z0-9+/]+={0,2})\nsignature ([A-Za-z0-9+/]+={0,2})\n"
)
Row = tuple[str, str, str]
"""Class, rule, count."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a redaction report is worth, good or bad; for whom the paper is, and its rows when it is good."""

    report: str
    audience: str = ""
    rows: tuple[Row, ...] = ()
    code: str = ""


class Telling(Protocol):
    """A view or table that says for whom it is and what it withholds."""

    @property
    def audience(self) -> Audience:
        """Who reads it."""

    @property
    def withheld(self) -> tuple[Withheld, ...]:
        """What is withheld and why."""


def rows_of(view: Telling) -> list[Row]:
    """Return what readers are told of what is withheld."""
    stranger = strict(view.audience)
    return sorted(
        {
            (SOME, one.reason, SOME) if stranger else (one.sensitivity, one.reason, str(one.count))
            for one in view.withheld
        }
    )


def write_redactions(pdf: bytes, view: Telling, signer: HybridSigner) -> bytes:
    """Return the signed redaction report of the paper or table made from ``view``."""
    rows = "".join(f"withheld {' '.join(row)}\n" for row in rows_of(view))
    public = base64.b64encode(signer.public.raw).decode("ascii")
    head = (
        f"{FORMAT_LINE}\nsha256 {hashlib.sha256(pdf).hexdigest()}\nfor {view.audience.value}\n{rows}signer {public}\n"
    )
    signature = base64.b64encode(signer.sign(CONTEXT, head.encode("ascii"))).decode("ascii")
    return f"{head}signature {signature}\n".encode("ascii")


def check_redactions(pdf: bytes, report: bytes, *, signer: str) -> Told:
    """Return what a redaction report says of a paper that the key with the fingerprint ``signer`` signed."""
    read = _read(report)
    if read is None:
        return Told("bad", code="redaction.form")
    public, signature, told, digest = read
    code = ""
    if not public.verify(CONTEXT, report[: report.rindex(b"signature ")], signature):
        code = "redaction.bad-signature"
    elif signer_fingerprint(public) != signer:
        code = "redaction.other-signer"
    elif hashlib.sha256(pdf).hexdigest() != digest:
        code = "redaction.other-paper"
    return Told("bad", code=code) if code else told


def _read(report: bytes) -> tuple[HybridPublic, bytes, Told, str] | None:
    """Return key, signature, what it says, and the paper's digest; ``None`` when it is not in its form."""
    if not report.isascii() or report.count(b"\n") > MOST_LINES:
        return None
    match = _PATTERN.fullmatch(report.decode("ascii"))
    raw, signature = (_unbase64(match.group(at)) if match else None for at in (7, 8))
    if match is None or raw is None or signature is None or len(signature) != _SIGNATURE:
        return None
    rows = [(parts[1], parts[2], parts[3]) for parts in map(str.split, match.group(3).splitlines())]
    if rows != sorted(set(rows)) or match.group(2) not in {one.value for one in Audience}:
        return None
    public = HybridPublic(raw[:_ED25519], raw[_ED25519:])
    return public, signature, Told("good", match.group(2), tuple(rows)), match.group(1)


def _unbase64(text: str) -> bytes | None:
    """Return the bytes of canonical base64, ``None`` when it is not."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode("ascii") == text else None
