"""Whether this machine's clock can be right, judged by what the vault has seen: to be said before the first save.

Rules: nothing is refused for it and nothing is changed by it, for a claimed time is a claim; only moments noted by
this vault's own clock count, never a partner's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kzdoc.errors import VaultError
from kzdoc.ledger.revision import read_entry
from kzdoc.moment import Moment

if TYPE_CHECKING:
    from kzdoc.vault.vault import Vault

NO_CLOCK_IS_EARLIER = 1_767_225_600
"""1 January 2026: this program did not exist before, so a clock that says so is wrong."""

_A_DAY, _A_YEAR = 86_400, 31_557_600
_YEARS_OF_SILENCE, _YEARS_OF_USE = 3, 10
_NOTED = (
    "SELECT max(seconds) FROM migration",
    "SELECT max(added) FROM slot",
    "SELECT max(added) FROM blob",
    "SELECT max(saved) FROM draft",
    "SELECT max(changed) FROM contact",
    "SELECT max(taken) FROM bundle_in",
    "SELECT max(made) FROM bundle_out",
    "SELECT max(made) FROM export",
)


def doubt(vault: Vault, now: Moment) -> VaultError | None:
    """Return, not raise, why the clock that says ``now`` is hardly right; None when nothing is odd.

    ``vault.clock-behind``: earlier by more than a day than what this vault noted, or than this program.
    ``vault.clock-ahead``: three years after anything noted before (in a vault made today: ten after the program).
    Both carry ``now`` and ``known``, days as ``YYYY-MM-DD``.
    """
    noted = _noted(vault)
    seen = max(NO_CLOCK_IS_EARLIER, *noted)
    if now.seconds < seen - _A_DAY:
        return VaultError("vault.clock-behind", now=now.day(), known=Moment(seen, now.offset).day())
    before = max([one for one in noted if NO_CLOCK_IS_EARLIER <= one < now.seconds - _A_DAY], default=0)
    years = _YEARS_OF_SILENCE if before else _YEARS_OF_USE
    before = before or NO_CLOCK_IS_EARLIER
    if now.seconds > before + years * _A_YEAR:
        return VaultError("vault.clock-ahead", now=now.day(), known=Moment(before, now.offset).day())
    return None


def _noted(vault: Vault) -> list[int]:
    """Return moments at which this vault's own clock was noted, the newest of each sort."""
    noted = [int(row[0] or 0) for question in _NOTED for row in vault.database.rows(question)]
    newest = vault.database.row("SELECT id FROM revision WHERE origin = 0 ORDER BY seq DESC LIMIT 1")
    revision = vault.chains.revision(newest[0]) if newest else None
    if revision:
        noted += [read_entry(raw).time.seconds for raw in revision.entries.values()]
    return noted
