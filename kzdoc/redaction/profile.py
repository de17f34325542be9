"""Profiles: what each class of field becomes for each audience. One table, declared once (docs/redaction.md).

``show``: as it stands. ``generalise``: a date to its month, a place to its region. ``named``: when the person may be
named to this audience. ``consent``: when the person's consent covers the class for this audience. ``withhold``: never.
A field without a class is withheld. Internal notes (`work`) leave for nobody, not even on our own paper.
"""

from __future__ import annotations

from enum import StrEnum

from kzdoc.domain.audience import Audience
from kzdoc.domain.field import Field, Sensitivity


class Rule(StrEnum):
    """What happens to a value of a class for an audience."""

    SHOW = "show"
    GENERALISE = "generalise"
    NAMED = "named"
    CONSENT = "consent"
    WITHHOLD = "withhold"


_S, _G, _N, _C, _W = Rule.SHOW, Rule.GENERALISE, Rule.NAMED, Rule.CONSENT, Rule.WITHHOLD
AUDIENCES = (
    Audience.INTERNAL, Audience.PARTNER, Audience.LAWYER, Audience.UN,
    Audience.EMBASSY, Audience.COURT, Audience.PUBLIC,
)  # fmt: skip
"""The columns of the table."""

_TABLE: dict[Sensitivity, tuple[Rule, ...]] = {
    # internal, partner, lawyer, un, embassy, court, public
    Sensitivity.OPEN:        (_S,     _S,     _S,    _S, _S,     _S,   _S),
    Sensitivity.IDENTITY:    (_S,     _N,     _N,    _N, _N,     _N,   _N),
    Sensitivity.CONTACT:     (_S,     _C,     _C,    _C, _W,     _C,   _W),
    Sensitivity.LOCATION:    (_S,     _S,     _S,    _S, _G,     _S,   _G),
    Sensitivity.QUASI:       (_S,     _S,     _S,    _S, _G,     _S,   _G),
    Sensitivity.NARRATIVE:   (_S,     _C,     _C,    _C, _C,     _C,   _C),
    Sensitivity.PHOTO:       (_S,     _C,     _C,    _C, _C,     _C,   _C),
    Sensitivity.MEDICAL:     (_S,     _C,     _C,    _C, _C,     _C,   _C),
    Sensitivity.WORK:        (_W,     _W,     _W,    _W, _W,     _W,   _W),
}  # fmt: skip

NUMBERS_SHOWN_TO = (Audience.INTERNAL, Audience.LAWYER, Audience.COURT)
"""Who may see identity numbers at all (an IIN gives away birth date and sex, so it is shown whole or not)."""
PRIVILEGED_SHOWN_TO = (Audience.INTERNAL, Audience.LAWYER)
"""Who may see what is under a lawyer's secret."""


def rule(field: Field, audience: Audience) -> Rule:
    """Return the rule for a field and an audience; what is not declared is withheld."""
    if field.sensitivity is None:
        return Rule.WITHHOLD
    found = _TABLE[field.sensitivity][AUDIENCES.index(audience)]
    if (
        field.number_kind is not None
        and field.sensitivity is Sensitivity.IDENTITY
        and audience is not Audience.INTERNAL
    ):
        return Rule.CONSENT if audience in NUMBERS_SHOWN_TO else Rule.WITHHOLD
    return found


def strict(audience: Audience) -> bool:
    """Return whether strangers may read it: indirect signs are made coarser, and nothing withheld is counted."""
    return _TABLE[Sensitivity.QUASI][AUDIENCES.index(audience)] is Rule.GENERALISE


_OPENNESS = (Rule.SHOW, Rule.GENERALISE, Rule.NAMED, Rule.CONSENT, Rule.WITHHOLD)


def shows_more(one: Audience, other: Audience) -> list[Sensitivity]:
    """Return the classes of which ``one`` may get more than ``other``."""
    places = AUDIENCES.index(one), AUDIENCES.index(other)
    return [
        sensitivity
        for sensitivity, rules in _TABLE.items()
        if _OPENNESS.index(rules[places[0]]) < _OPENNESS.index(rules[places[1]])
    ]


def table() -> list[tuple[str, list[str]]]:
    """Return (class, rules by audience in the order of ``AUDIENCES``) for docs/redaction.md and the Publish room."""
    return [(sensitivity.value, [one.value for one in rules]) for sensitivity, rules in _TABLE.items()]
