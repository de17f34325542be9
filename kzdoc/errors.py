"""The one root error.

Rules: every refusal carries a stable ``code`` ("area.reason") and typed parameters; a parameter is a count, a
line, a limit, a field id or another code, never a value from a record. The sentence belongs to the presenters
(kzdoc/cli and ui), which read it from resources/i18n/errors.*.json in three languages.
"""

from __future__ import annotations


class KzdocError(Exception):
    """Something was refused or could not be done; ``code`` says which, ``params`` fill its sentence."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return self.code


class InputError(KzdocError):
    """What a person or a file gave does not fit a field, a date, a number or a command."""


class LedgerError(KzdocError):
    """A revision, entry or disclosure breaks a rule of docs/formats/revision.md."""


class VaultError(KzdocError):
    """The vault could not be created, opened, read or written."""


class BundleError(KzdocError):
    """A bundle, card, receipt or head was refused; nothing of it was released."""


class PublicationError(KzdocError):
    """A paper was not made, or does not verify."""


class Cancelled(KzdocError):  # noqa: N818 - a person's choice, not an error
    """A person stopped long work; what was done until then is undone or was never begun."""

    def __init__(self) -> None:
        super().__init__("work.cancelled")
