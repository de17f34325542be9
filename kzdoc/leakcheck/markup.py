"""A text without its markup, by a reading of the leak check's own: what parts a name for a program alone hides it not.

Rules: tags, comments, the marks of forums and where a link of Markdown leads to are nothing; an entity, a letter by its
number and what stands in a web address by its bytes are the letters they stand for.
"""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

_MARKUP = re.compile(
    r"<(?:!--[^<>]{0,400}--|[/!]?[A-Za-z][^<>]{0,200})>|\[/?[a-z]{1,10}(?:=[^\[\]]{0,200})?\]|"
    r"\[(?=[^\W_]{1,40}\]\([^()\s]{1,400}\))|\]\([^()\s]{1,400}\)|"
    r"&(?:amp;)?#?[0-9A-Za-z]{1,31};|(?:%[0-9A-Fa-f]{2}){2,400}|\\u[0-9A-Fa-f]{4}"
)


def without_markup(text: str) -> tuple[str, list[int]]:
    """Return a text without markup, and where each of its letters stands in the given one; nothing if there is none."""
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for match in _MARKUP.finditer(text):
        said = _said(match.group())
        parts += (text[at : match.start()], said)
        places += [*range(at, match.start()), *([match.start()] * len(said))]
        at = match.end()
    return ("".join([*parts, text[at:]]), [*places, *range(at, len(text))]) if at else ("", [])


def _said(mark: str) -> str:
    if mark[0] == "&":
        return html.unescape(html.unescape(mark))
    if mark[0] == "%":
        return unquote(mark)
    return mark.encode("ascii").decode("unicode_escape") if mark[0] == "\\" else ""
