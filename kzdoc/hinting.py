"""What was decided of sentences that tell who somebody is without a name (kzdoc/redaction/hints.py).

Rules: a decision is of a sentence in its record and holds for every paper, table and language; deciding again replaces,
and it can be taken back. Everything that was ever said stays on record with its day and reason. Only digests are kept:
a sentence that is forgotten here is in no list of decisions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from kzdoc.encoding import decode, encode
from kzdoc.errors import InputError
from kzdoc.redaction.hints import DECIDED, Hinted
from kzdoc.session import Session

ASK = "ask"
"""Instead of a decision: none any more."""
_SAID, _LOG = "hint-decisions", "hint-log"
_ID = re.compile(r"[0-9a-f]{32}")


def hinted(session: Session) -> Hinted:
    """Return what was decided of hints, to make one view or table with."""
    kept = session.vault.settings.get(_SAID)
    return Hinted({str(one): str(how) for one, how in decode(kept)} if kept else {})


def decide(session: Session, ids: Sequence[str], how: str, *, reason: str = "") -> Hinted:
    """Decide of hints by their ids; return all decisions.

    ``how``: one of ``DECIDED``, or ``ASK`` to be asked again. Raises ``InputError``: ``hint.how``, ``hint.unknown``.
    """
    if how not in (*DECIDED, ASK):
        raise InputError("hint.how", list=", ".join((*DECIDED, ASK)))
    if not ids or not all(_ID.fullmatch(one) for one in ids):
        raise InputError("hint.unknown")
    kept = {one: was for one, was in hinted(session).said.items() if one not in ids}
    if how != ASK:
        kept |= dict.fromkeys(ids, how)
    told = [[one, how, " ".join(reason.split()), session.clock().day()] for one in dict.fromkeys(ids)]
    session.vault.settings.put(_LOG, encode([*_log(session), *told]))
    session.vault.settings.put(_SAID, encode([[one, kept[one]] for one in sorted(kept)]))
    return hinted(session)


def log(session: Session) -> list[dict[str, str]]:
    """Return everything ever said of hints, taken back or not: id, as, reason, date."""
    return [dict(zip(("id", "as", "reason", "date"), map(str, one), strict=True)) for one in _log(session)]


def _log(session: Session) -> list[Any]:
    kept = session.vault.settings.get(_LOG)
    return list(decode(kept)) if kept else []
