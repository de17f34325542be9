"""Who will read what leaves the vault, and why a person may be named to them.

``internal`` is the organisation itself. Every other audience needs a recipient and a purpose. Without a naming basis
a person is withheld outside ``internal``.
"""

from __future__ import annotations

from enum import StrEnum

from kzdoc.language import Text


class Audience(StrEnum):
    """The readers a profile is made for."""

    INTERNAL = "internal"
    PARTNER = "partner"
    LAWYER = "lawyer"
    UN = "un"
    EMBASSY = "embassy"
    COURT = "court"
    PUBLIC = "public"


AUDIENCE_LABELS = {
    Audience.INTERNAL: Text("Our organisation", "Наша организация", "Өз ұйымымыз"),
    Audience.PARTNER: Text("Partner organisation", "Организация-партнёр", "Серіктес ұйым"),
    Audience.LAWYER: Text("Lawyer", "Адвокат", "Адвокат"),
    Audience.UN: Text("United Nations bodies", "Органы ООН", "БҰҰ органдары"),
    Audience.EMBASSY: Text("Embassies and the EU", "Посольства и ЕС", "Елшіліктер мен ЕО"),
    Audience.COURT: Text("Court and investigation", "Суд и следствие", "Сот пен тергеу"),
    Audience.PUBLIC: Text("Public", "Публикация", "Жалпы жұртшылық"),
}

NAMING_BASES = ("own_consent", "official", "already_public")
"""Codes of the vocabulary ``naming_basis``, in the order in which they are asked."""
