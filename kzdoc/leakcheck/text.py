"""The text of a finished paper as a stranger's program extracts it: pypdfium2, which shares no code with the writer.

Rules: every page is read whole (also what is off the page, invisible or covered: layout.py says so); it is searched
in reading order, with hyphens at line ends joined, and pages run on into each other; a page without text, or a text
in which the words known to be shown are not found by the same lookup, is a finding of its own (``leakcheck.blind``),
because a check that sees nothing would pass everything.
"""

from __future__ import annotations

import itertools
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Sequence

import pypdfium2

from kzdoc.leakcheck.finding import Box, Finding, Forbidden
from kzdoc.leakcheck.index import Hit, Index
from kzdoc.leakcheck.layout import pieces_of
from kzdoc.leakcheck.own import not_own, of_page
from kzdoc.platform.pdfium import ALONE

_LINE_HYPHEN = re.compile(r"[-\u2010\u00ad\ufffe\x02]\s*[\r\n]+\s*")
_NUMBERED = re.compile(r"(?<=[^\W\d_])\[U\+([0-9A-F]{4,6})\]|\[U\+([0-9A-F]{4,6})\](?=[^\W\d_])")
_CANARY_WORDS = re.compile(r"[^\W\d_]{4,}")
CANARIES = 40
EDGE = 200


def page_texts(document: pypdfium2.PdfDocument) -> list[str]:
    """Return the text of each page, as pdfium gives it."""
    texts = []
    for page in document:
        text_page = page.get_textpage()
        texts.append(text_page.get_text_range())
        text_page.close()
        page.close()
    return texts


def said_at(data: bytes, finding: Finding) -> str:
    """Return the words in which a finding of the text stands, for whoever decides of them; else nothing."""
    start, end = finding.position
    if not (finding.page and finding.sensitivity and finding.rule.startswith("text.") and end > start):
        return ""
    with ALONE:
        document = pypdfium2.PdfDocument(data)
        try:
            page = document[finding.page - 1]
            text_page = page.get_textpage()
            said = text_page.get_text_range()[start:end]
            text_page.close()
            page.close()
        finally:
            document.close()
    return " ".join(_LINE_HYPHEN.sub("", said).split())


def check_text(
    document: pypdfium2.PdfDocument, index: Index, known: Sequence[str] | None, own: Sequence[Sequence[str]]
) -> list[Finding]:
    """Return the findings in the extracted text; ``known`` are texts of the paper that must be seen by the check.

    ``own``: by page, what the program itself set there (own.py).
    """
    texts = page_texts(document)
    findings = [Finding(number, "leakcheck.blind") for number, text in enumerate(texts, start=1) if not text.strip()]
    for number, text in enumerate(texts, start=1):
        mine = of_page(own, number)
        hits = not_own(index.search(text), text, mine)
        for hit in [*hits, *_rejoined(text, index, hits, mine), *index.search_places(text)]:
            box = _box(document, number, hit)
            findings.append(Finding(number, f"text.{hit.rule}", hit.sensitivity, (hit.start, hit.end), box))
        findings += [Finding(number, "text.strange-letter", "", span) for span in _strange_letters(text)]
    findings += _across(document, index)
    if known is not None and not sees(texts, known):
        findings.append(Finding(0, "leakcheck.blind"))
    return findings


def _strange_letters(text: str) -> list[tuple[int, int]]:
    """Return where a letter (or a mark of one) the font lacks stands in a word as its number: it hides the word."""
    found = (match for match in _NUMBERED.finditer(text) if int(match[1] or match[2], 16) <= sys.maxunicode)
    return [one.span() for one in found if unicodedata.category(chr(int(one[1] or one[2], 16)))[0] in "LMC"]


def sees(texts: Sequence[str], known: Sequence[str]) -> bool:
    """Return whether words of ``known`` are found in ``texts`` by the same lookup that finds forbidden names."""
    words = list(dict.fromkeys(word for text in known for word in _CANARY_WORDS.findall(text)))[:CANARIES]
    if not words:
        return False
    whole = "\n".join(texts)
    return all(Index([Forbidden(word, "canary")]).search(whole) for word in words)


def _rejoined(text: str, index: Index, known: Sequence[Hit], own: Sequence[str]) -> list[Hit]:
    """Return hits beside those ``known`` that appear only when words cut by a hyphen at a line's end are joined."""
    joined = _LINE_HYPHEN.sub("", text)
    if joined == text:
        return []
    seen = {(hit.sensitivity, hit.rule) for hit in known}
    hits = [hit for hit in not_own(index.search(joined), joined, own) if (hit.sensitivity, hit.rule) not in seen]
    return [Hit(hit.sensitivity, "hyphenated", 0, 0) for hit in hits]


def _across(document: pypdfium2.PdfDocument, index: Index) -> list[Finding]:
    """Return hits that lie over a page's end: text of one size read on from page to page, past notes and margins."""
    runs: dict[float, list[tuple[int, str]]] = {}
    for number in range(1, len(document) + 1):
        by_size: dict[float, list[str]] = {}
        for piece in pieces_of(document, number):
            if piece.text.strip():
                by_size.setdefault(round(piece.size, 1), []).append(piece.text)
        for size, texts in by_size.items():
            runs.setdefault(size, []).append((number, "\n".join(texts)))
    findings = []
    for run in runs.values():
        for (number, before), (_, after) in itertools.pairwise(run):
            end, start = before.rstrip()[-EDGE:], after.lstrip()[:EDGE]
            for between in ("\n", ""):
                joined = _LINE_HYPHEN.sub("", f"{end}{between}{start}")
                new = Counter(_said(joined, index)) - Counter([*_said(end, index), *_said(start, index)])
                findings += [Finding(number, "text.over-pages", sensitivity) for sensitivity, _ in new]
    return findings


def _said(text: str, index: Index) -> list[tuple[str, str]]:
    """Return the class of each hit with the letters it is written in."""
    return [(hit.sensitivity, re.sub(r"\W", "", text[hit.start : hit.end])) for hit in index.search(text)]


def _box(document: pypdfium2.PdfDocument, number: int, hit: Hit) -> Box | None:
    """Return where on the page a hit stands, for the preview."""
    page = document[number - 1]
    text_page = page.get_textpage()
    boxes = []
    for at in range(hit.start, min(hit.end, text_page.count_chars())):
        box = text_page.get_charbox(at)
        if box[2] > box[0]:
            boxes.append(box)
    text_page.close()
    page.close()
    if not boxes:
        return None
    left, bottom, right, top = zip(*boxes, strict=True)
    return (round(min(left), 1), round(min(bottom), 1), round(max(right), 1), round(max(top), 1))
