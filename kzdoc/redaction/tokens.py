"""Tokens and texts of a view: what stands where something was withheld.

A token's label depends on the language and the order of appearance alone, never on what it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass

from kzdoc.language import Text

PERSON = Text("PERSON", "ПЕРСОНА", "АДАМ")
NUMBER = Text("NUMBER", "НОМЕР", "НӨМІР")
HIDDEN = Text("WITHHELD", "СКРЫТО", "ЖАСЫРЫЛҒАН")


@dataclass(frozen=True, slots=True)
class Token:
    """What stands in a text where something was withheld; ``label`` is already in the view's language."""

    label: str
    sensitivity: str
    reason: str


@dataclass(frozen=True, slots=True)
class ViewText:
    """A value after redaction, in the view's language."""

    parts: tuple[str | Token, ...]

    def plain(self) -> str:
        """Return it as one string, tokens by their labels."""
        return "".join(part.label if isinstance(part, Token) else part for part in self.parts)


def token_label(word: Text, lang: str, number: int = 0) -> str:
    """Return a token's label, ``[ПЕРСОНА-1]`` or ``[СКРЫТО]``."""
    return f"[{word.to(lang)}-{number}]" if number else f"[{word.to(lang)}]"
