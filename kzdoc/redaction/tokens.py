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


class Own(str):
    """A part of a view's text in words of the program itself: what a choice, a date or a region is called.

    Nothing that anybody wrote is in it, so the leak check lets it stand as often as it was set, whoever is withheld.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ViewText:
    """A value after redaction, in the view's language; strings that are not ``Own`` were written by somebody."""

    parts: tuple[str | Token, ...]

    def plain(self) -> str:
        """Return it as one string, tokens by their labels."""
        return "".join(part.label if isinstance(part, Token) else part for part in self.parts)

    def own(self) -> list[str]:
        """Return what of it the program itself set, labels of tokens among it."""
        return [
            part.label if isinstance(part, Token) else str(part) for part in self.parts if isinstance(part, Own | Token)
        ]

    def whole_own(self) -> bool:
        """Return whether all of it was set by the program, without a token."""
        return all(isinstance(part, Own) for part in self.parts)


def token_label(word: Text, lang: str, number: int = 0) -> str:
    """Return a token's label, ``[ПЕРСОНА-1]`` or ``[СКРЫТО]``."""
    return f"[{word.to(lang)}-{number}]" if number else f"[{word.to(lang)}]"
