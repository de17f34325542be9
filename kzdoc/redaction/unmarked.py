"""A text as names are read in it: what marks only how it looks taken away, each sign in its place in the original.

Tags, comments, entities, marks of forums and of Markdown inside a word (a link of a part of it too), letters written by
their numbers, signs nobody sees. Where a new line or a cell begins, words are parted.
"""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

from kzdoc.names.fold import INVISIBLE
from kzdoc.redaction.plain import Plain, replaced

_MAYBE = re.compile(rf"[<&\[*_~`\\%{INVISIBLE}]")
_NUMBERED = re.compile(r"(?:\\u[0-9A-Fa-f]{4}){1,200}|(?:%[0-9A-Fa-f]{2}){2,400}|&#?\w{1,31};(?:#?\w{1,31};)?")
_PARTING = re.compile(r"</?(?:br|p|div|li|ul|ol|td|th|tr|table|h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
_UNSEEN = re.compile(
    rf"<!--[^<>]{{0,400}}-->|</?[A-Za-z][^<>]{{0,200}}>|[{INVISIBLE}]+|"
    r"\[/?(?:b|i|u|s|url|color|size|font|quote|center|spoiler)(?:=[^\[\]\n]{0,200})?\]",
    re.IGNORECASE,
)
_TO = r"\([^()\s]{1,400}\)"
_LINK = re.compile(rf"(?<=[^\W\d_])\[(?P<behind>[^\W_]{{1,40}})\]{_TO}|\[(?P<before>[^\W_]{{1,40}})\]{_TO}(?=[^\W\d_])")
_MARKS = r"(\*{1,3}|_{1,3}|~~|`)"
_EMPHASIS = re.compile(
    rf"(?<=[^\W\d_]){_MARKS}(?P<behind>[^\W_]{{1,40}})\1|{_MARKS}(?P<before>[^\W_]{{1,40}})\3(?=[^\W\d_])"
)


def unmarked(text: str) -> Plain:
    """Return a text without its markup; the very same where there is none."""
    read = Plain(text)
    if _MAYBE.search(text):
        read = replaced(read, _NUMBERED, lambda match: _letters(match.group()))
        read = replaced(read, _PARTING, lambda _: "\n")
        read = replaced(read, _UNSEEN, lambda _: "")
        for shape in (_LINK, _LINK, _EMPHASIS):
            read = replaced(read, shape, lambda match: match["behind"] or match["before"])
    return read


def _letters(numbers: str) -> str:
    if numbers[0] == "&":
        return html.unescape(html.unescape(numbers))
    if numbers[0] == "%":
        return unquote(numbers)
    return re.sub(r"\\u(.{4})", lambda one: chr(int(one[1], 16)), numbers)
