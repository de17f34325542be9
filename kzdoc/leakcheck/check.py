"""The leak check of a finished paper: the last gate before signing.

Rules: it sees the bytes as they will be written and the names and numbers that must not be in them, nothing else; it
shares no parser with the writer; three readers that share no code with each other (qpdf, PDFium, pypdf) read the paper
from the first byte, and must read the same; whatever one cannot read is a finding; no finding holds a value. It is a
guard, not the redactor: what is withheld never reached the paper in the first place, and a finding means that something
went wrong.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import pikepdf
import pypdfium2

from kzdoc.leakcheck.finding import Finding, Forbidden
from kzdoc.leakcheck.index import Index
from kzdoc.leakcheck.layout import check_layout
from kzdoc.leakcheck.streams import check_streams, shown_text
from kzdoc.leakcheck.text import check_text, page_texts
from kzdoc.leakcheck.third import check_third
from kzdoc.platform.pdfium import ALONE


def check_pdf(
    data: bytes,
    *,
    forbidden: Iterable[Forbidden],
    view_text: Sequence[str] | None,
    shown: Sequence[str] = (),
    decided: Sequence[str] = (),
    common: Sequence[str] = (),
    own: Sequence[Sequence[str]] = (),
) -> list[Finding]:
    """Return everything in ``data`` that a publication must not have, sorted; an empty list lets it pass.

    ``view_text``: texts known to be in the paper (its title, its labels); the check must find them by the way it finds
    names, or it is blind and says so. ``None`` only where no text is known. ``shown``: names of people whom this very
    paper names on purpose, and ``decided`` names that somebody decided to let stand: whose a word is that a withheld
    person bears too, namesakes.py says. ``common``: words that somebody decided to be no names, which count only beside
    another word of a withheld name. ``own``: by page, what the program itself set there (own.py).
    """
    index = Index(forbidden, shown, decided=decided, common=common)
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            warned = bool(pdf.get_warnings())
            findings = check_streams(data, pdf, index, own)
            by_codes = [shown_text(page) for page in pdf.pages]
            encrypted = pdf.is_encrypted
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError):
        return [Finding(0, "streams.unreadable")]
    if warned or encrypted:
        findings.append(Finding(0, "streams.unreadable"))
    with ALONE:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            return [*findings, Finding(0, "leakcheck.blind")]
        try:
            findings += check_text(document, index, view_text, own)
            findings += check_layout(document)
            by_pdfium = page_texts(document)
        finally:
            document.close()
    findings += check_third(data, index, view_text, (by_codes, by_pdfium), own)
    return sorted(set(findings), key=lambda item: (item.page, item.rule, item.sensitivity, item.position))
