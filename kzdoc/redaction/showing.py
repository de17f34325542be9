"""What is shown of one record: its values as texts of a view, after the judge has spoken.

Rules: what is not ours (a code nobody knows) is not printed to anybody outside; several texts of a field are ordered by
what is left of them, never by what was taken out; an address on the web of which anything had to be taken out goes
whole. Whatever is hidden is counted here, for ourselves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from kzdoc.domain import dates
from kzdoc.domain.field import YES_NO, Field, Kind, Sensitivity, Type, show_value
from kzdoc.domain.vocabulary import vocabulary
from kzdoc.errors import KzdocError
from kzdoc.ledger.merge import RecordState
from kzdoc.redaction.generalise import coarse_date, generalised
from kzdoc.redaction.hints import Hinted
from kzdoc.redaction.judge import FREE_TEXT, Judge, Verdict, Way
from kzdoc.redaction.profile import strict
from kzdoc.redaction.text import HINT, Numbering, Redacted, redact_text
from kzdoc.redaction.tokens import HIDDEN, PERSON, Own, Token, ViewText, token_label

OWN_WORDS = (Type.CHOICE, Type.YESNO, Type.DATE, Type.TIME, Type.NUMBER)
"""Whose values are shown in words of the program alone."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a field: its texts, what orders it among others, whether they are rival claims."""

    texts: tuple[ViewText, ...]
    sort: str
    conflict: bool


@dataclass(slots=True)
class Showing:
    """One view or table in the making: who reads it, which records are in it, what was hidden so far."""

    judge: Judge
    lang: str
    refs: dict[bytes, int]
    numbering: Numbering = field(default_factory=Numbering)
    withheld: dict[tuple[str, str], int] = field(default_factory=dict)
    shown: int = 0
    hinted: Hinted = field(default_factory=Hinted)
    few: Mapping[bytes, Collection[str]] = field(default_factory=dict)

    def hide(self, sensitivity: Sensitivity | None, reason: str, count: int = 1) -> None:
        """Count something of a class that is not shown."""
        key = (sensitivity.value if sensitivity else Sensitivity.WORK.value, reason)
        self.withheld[key] = self.withheld.get(key, 0) + count

    def person(self, person: bytes) -> str | Token:
        """Return a person's name, or the token that stands for it."""
        book = self.judge.book
        name = book.name(person, self.lang)
        if person in book.may_name and name:
            return name
        self.hide(Sensitivity.IDENTITY, "no-basis")
        return Token(token_label(PERSON, self.lang, self.numbering.of(person)), "identity", "no-basis")

    def text(self, text: str, record: bytes, numbering: Numbering | None = None) -> Redacted:
        """Return a text of a record redacted; with a ``numbering`` of its own nothing is remembered."""
        judge = self.judge
        return redact_text(
            text,
            book=judge.book,
            lang=self.lang,
            numbering=numbering or self.numbering,
            numbers=judge.outside(),
            near=judge.near,
            hinted=self.hinted if judge.outside() else None,
            record=record,
        )


def show_field(showing: Showing, record: RecordState, one: Field, judged: list[tuple[Any, Verdict]]) -> Shown | None:
    """Return what is shown of a field, None when nothing is; ``judged``: its values, each with its verdict."""
    for _, verdict in judged:
        if verdict.way is Way.HIDDEN and not (one.type is Type.LINK and one.to != "person"):
            showing.hide(one.sensitivity, verdict.reason)
    free = [(value, verdict) for value, verdict in judged if verdict.way is not Way.HIDDEN]
    if one.type is Type.LINK:
        texts = _people(showing, one, [value for value, _ in free])
    elif one.type in FREE_TEXT:
        texts = _free_texts(showing, record, one, free)
    else:
        texts = values_shown(showing, one, free)
    texts = list(dict.fromkeys(texts))
    if not texts:
        return None
    showing.shown += sum(any(isinstance(part, str) for part in text.parts) for text in texts)
    sort = ""
    if one.type in (Type.DATE, Type.TIME):
        sort = min(sort_key(one, value, coarse=verdict.way is Way.COARSE) for value, verdict in free)
    conflict = one.id in record.conflicts and len(texts) > 1
    return Shown(tuple(texts), sort, conflict)


def values_shown(showing: Showing, one: Field, free: Sequence[tuple[Any, Verdict]]) -> list[ViewText]:
    """Return the texts of values; made coarser, in the order of what is left of them and not of what they were."""
    done = [(value, verdict, text) for value, verdict in free if (text := _value(showing, one, value, verdict))]
    if any(verdict.way is Way.COARSE for _, verdict, _ in done):
        dated = one.type in (Type.DATE, Type.TIME)
        done.sort(key=lambda it: (sort_key(one, it[0], coarse=True) if dated else "", it[2].plain()))
    return [text for _, _, text in done]


def _value(showing: Showing, one: Field, value: Any, verdict: Verdict) -> ViewText | None:
    """Return the text of a value that is chosen or counted, not written freely; None when it has no coarser form."""
    if verdict.way is Way.COARSE:
        text = generalised(one, value, showing.lang)
        if text is None:
            showing.hide(one.sensitivity, "profile")
            return None
        return ViewText((Own(text) if one.type is Type.ADDRESS or _own_words(one, value) else text,))
    known = not showing.judge.outside() or _of_ours(one, value)
    said = show_value(one, value, showing.lang) if known else "…"
    return ViewText((Own(said) if _own_words(one, value) else said,))


def _own_words(one: Field, value: Any) -> bool:
    """Return whether a value is shown in words of the program alone."""
    return one.type in OWN_WORDS and _of_ours(one, value)


def _of_ours(one: Field, value: Any) -> bool:
    """Return whether the words a value is made of are ours: a code nobody knows might be anything."""
    if one.type is Type.CHOICE:
        return vocabulary(one.vocabulary or "").term(str(value)) is not None
    if one.type is Type.YESNO:
        return vocabulary(YES_NO).term(str(value)) is not None
    if one.type is Type.FIGURE and isinstance(value, Mapping):
        codes = (("qualifier", "qualifier"), ("unit", "unit"))
        return all(vocabulary(name).term(str(value.get(key))) is not None for key, name in codes)
    if one.type is Type.MONEY and isinstance(value, Mapping):
        return re.fullmatch("[A-Z]{3}", str(value.get("currency"))) is not None
    if one.type is Type.FILE and isinstance(value, Mapping):
        return re.fullmatch(r"[a-z]+/[a-z0-9.+-]{1,40}", str(value.get("media"))) is not None
    return True


def _people(showing: Showing, one: Field, values: Iterable[Any]) -> list[ViewText]:
    """Return the names of linked people; for strangers those unnamed in a list are one token, whoever and how many."""
    judge = showing.judge
    known = [value for value in values if value in judge.book.persons]
    if not (one.many and strict(judge.audience)):
        return [ViewText((showing.person(value),)) for value in known]
    named = [value for value in known if judge.named(value) and judge.book.name(value, showing.lang)]
    texts = [ViewText((showing.person(value),)) for value in named]
    if len(named) < len(known):
        showing.hide(Sensitivity.IDENTITY, "no-basis", len(known) - len(named))
        texts.append(ViewText((Token(token_label(HIDDEN, showing.lang), "identity", "no-basis"),)))
    return texts


def _free_texts(
    showing: Showing, record: RecordState, one: Field, judged: Sequence[tuple[Any, Verdict]]
) -> list[ViewText]:
    """Return free texts redacted, in an order that does not tell what was taken out of them."""
    own_name = record.kind == "person" and one.name_of
    if own_name or not showing.judge.outside():
        return [ViewText((str(value),)) for value, verdict in judged if verdict.way is Way.WHOLE]
    coarse = sum(verdict.way is Way.COARSE for _, verdict in judged)
    if coarse:
        showing.hide(one.sensitivity, "profile", coarse)
    texts = [str(value) for value, verdict in judged if verdict.way is Way.WHOLE]
    done: list[ViewText] = []
    for text in sorted(texts, key=partial(_place, showing, record.id)) if len(texts) > 1 else texts:
        redacted = showing.text(text, record.id)
        for span in redacted.spans:
            if span.rule == HINT:
                showing.hide(one.sensitivity, HINT)
            else:
                showing.hide(Sensitivity.IDENTITY, "no-basis" if span.person is not None else "number")
        if one.type is Type.URL and redacted.spans:
            continue
        done.append(redacted.text)
    return done


def _place(showing: Showing, record: bytes, text: str) -> tuple[str, list[bytes]]:
    """Return what orders one text among others of its field: what is left of it, then who was taken out, by id."""
    redacted = showing.text(text, record, Numbering())
    left = "\0".join(part if isinstance(part, str) else "" for part in redacted.text.parts)
    return left, [span.person or b"" for span in redacted.spans]


def sort_key(one: Field, value: Any, *, coarse: bool) -> str:
    """Return what orders a date among others, no finer than it is shown; empty for what is no date."""
    try:
        return dates.sort_key(coarse_date(one, value) if coarse else str(value))
    except KzdocError:
        return ""


def show_title(showing: Showing, record: RecordState, of: Kind) -> ViewText:
    """Return what names a record: a person's name or token, or its first open text that may stand."""
    if record.kind == "person":
        return ViewText((showing.person(record.id),))
    for name in of.title:
        one = of.field(name)
        values = record.values(name)
        if one.sensitivity is not Sensitivity.OPEN or one.type not in FREE_TEXT or not values:
            continue
        if all(showing.judge.judge(record, one, value).way is Way.WHOLE for value in values):
            ordered = sorted(map(str, values), key=partial(_place, showing, record.id))
            texts = [showing.text(text, record.id).text.parts for text in ordered]
            parts = [part for text in texts for part in (" / ", *text)][1:]
            return ViewText(tuple(parts)) if parts else ViewText((Own(of.label.to(showing.lang)),))
    return ViewText((Own(of.label.to(showing.lang)),))
