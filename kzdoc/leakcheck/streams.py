"""The file itself: every object and every stream decoded, and nothing in it but what a paper of ours may have.

Rules (docs/formats/publication.md; what is not allowed there is a finding): one revision and nothing after it; no
object that is not reachable, no object stream; only the catalogue, page, resource and trailer keys of the format;
document information of constants; only drawing operators of plain text, lines and filled boxes; each font embedded as
a subset whose glyphs visible text uses; and no forbidden name or number in any string, name, key or stream, in
PDFDocEncoding or any spelling of spellings.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf

from kzdoc.leakcheck.finding import Finding
from kzdoc.leakcheck.fontfile import spare_outlines, to_unicode
from kzdoc.leakcheck.index import Hit, Index
from kzdoc.leakcheck.own import not_own, of_page
from kzdoc.leakcheck.spellings import spelled, without_form_words

CATALOGUE_KEYS = {"/Type", "/Pages", "/PageMode", "/Lang"}
PAGES_KEYS = {"/Type", "/Kids", "/Count"}
PAGE_KEYS = {"/Type", "/Parent", "/MediaBox", "/Contents", "/Resources", "/Rotate", "/Trans"}
RESOURCE_KEYS = {"/Font", "/ProcSet"}
TRAILER_KEYS = {"/Size", "/Root", "/Info", "/ID"}
IDENTITY = b"kzdoc-publicatio"
LANGUAGES = {"en", "ru", "kk"}
INFO = {
    "/Title": "kzdoc",
    "/Creator": "kzdoc",
    "/Producer": "kzdoc",
    "/Author": "",
    "/Subject": "",
    "/Keywords": "",
    "/CreationDate": "D:20000101000000+00'00'",
    "/ModDate": "D:20000101000000+00'00'",
    "/Trapped": "/False",
}
KEY_RULES = {
    "/Outlines": "outline",
    "/AcroForm": "form",
    "/OpenAction": "javascript",
    "/AA": "javascript",
    "/Metadata": "xmp",
    "/StructTreeRoot": "structure",
    "/MarkInfo": "structure",
    "/OCProperties": "layer",
    "/AF": "attachment",
    "/Names": "names",
    "/Dests": "names",
    "/PageLabels": "page-label",
    "/PieceInfo": "private-data",
    "/Annots": "annotation",
    "/Thumb": "thumbnail",
    "/CropBox": "crop",
    "/XObject": "picture",
    "/ExtGState": "graphics-state",
    "/Properties": "marked-content",
}
OPERATORS = {"BT", "ET", "T*", "TL", "Tf", "Tj", "Tm", "cm", "rg", "RG", "w", "m", "l", "c", "h", "n", "S", "f", "f*"}
OPERATOR_RULES = {
    **dict.fromkeys(("BMC", "BDC", "EMC", "MP", "DP"), "marked-content"),
    **dict.fromkeys(("Do", "BI", "ID", "EI", "INLINE IMAGE", "sh"), "picture"),
    **dict.fromkeys(("W", "W*"), "clip"),
    **dict.fromkeys(("TJ", "'", '"', "Tc", "Tw", "Tz", "Ts", "Td", "TD"), "advance"),
    "Tr": "render-mode",
}
SHOWN_TEXT = "shown-text"
STRING_OPERATORS = ("Tj", "TJ", "'", '"')
_HEADER = re.compile(rb"%PDF-1\.\d\r?\n%[\x80-\xff]{4}[ \w()]*\r?\n")
_OBJECT = re.compile(rb"(?:^|[\r\n])\s*(\d+) (\d+) obj\b")
_HEX_STRING = re.compile(rb"<([0-9A-Fa-f\s]{8,})>")


def check_streams(data: bytes, pdf: pikepdf.Pdf, index: Index, own: Sequence[Sequence[str]]) -> list[Finding]:
    """Return the findings in the structure and the streams of ``pdf``, whose bytes are ``data`` (``own``: own.py)."""
    found = [Finding(0, f"streams.{rule}") for rule in dict.fromkeys([*_ends(data), *_objects(data, pdf)])]
    found += [Finding(0, f"streams.{rule}") for rule in dict.fromkeys([*_trailer(pdf), *_catalogue(pdf)])]
    codes: dict[tuple[int, int], set[int]] = {}
    for number, page in enumerate(pdf.pages, start=1):
        rules = dict.fromkeys([*_page(page), *_content(page, codes)])
        found += [Finding(number, f"streams.{rule}") for rule in rules]
    found += [Finding(0, f"streams.{rule}") for rule in dict.fromkeys(_fonts(pdf, codes))]
    return [*found, *_forbidden(data, pdf, index, own)]


def _ends(data: bytes) -> Iterator[str]:
    if not _HEADER.match(data):
        yield "header"
    if data.count(b"%%EOF") != 1 or data.count(b"startxref") != 1:
        yield "revision"
    if not re.search(rb"%%EOF\r?\n?\Z", data):
        yield "after-end"


def _objects(data: bytes, pdf: pikepdf.Pdf) -> Iterator[str]:
    reachable = _reachable(pdf)
    present = {item.objgen for item in pdf.objects if item is not None and item.is_indirect}
    if present - reachable:
        yield "unreferenced"
    written = [(int(number), int(generation)) for number, generation in _OBJECT.findall(data)]
    if len(written) != len(set(written)) or set(written) != present:
        yield "hidden-object"
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream) and item.get("/Type") in ("/ObjStm", "/XRef"):
            yield "object-stream"
    if b"/ObjStm" in data or b"/XRef" in data:
        yield "object-stream"


def _reachable(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [pdf.trailer]
    while waiting:
        item = waiting.pop()
        if not isinstance(item, pikepdf.Object):
            continue
        if item.is_indirect:
            if item.objgen in seen:
                continue
            seen.add(item.objgen)
        if isinstance(item, pikepdf.Array):
            waiting.extend(item)
        elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
            waiting.extend(item[key] for key in item.keys())  # noqa: SIM118 - a pikepdf stream has keys, no iteration
    return seen


def _keys(item: Any, allowed: set[str]) -> Iterator[str]:
    for key in item:
        if key not in allowed:
            yield KEY_RULES.get(key, "key")


def _trailer(pdf: pikepdf.Pdf) -> Iterator[str]:
    trailer = pdf.trailer
    if "/Prev" in trailer or "/XRefStm" in trailer:
        yield "revision"
    yield from _keys(trailer, TRAILER_KEYS)
    identity = [bytes(part) for part in trailer.get("/ID", [])]
    if identity != [IDENTITY, IDENTITY]:
        yield "id"
    info = {key: str(value) for key, value in trailer.get("/Info", pikepdf.Dictionary()).items()}
    if info != INFO:
        yield "info"


def _catalogue(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    yield from _keys(root, CATALOGUE_KEYS)
    if str(root.get("/Lang", "")) not in LANGUAGES:
        yield "key"
    names = root.get("/Names")
    if names is not None:
        yield from (
            rule for key, rule in (("/EmbeddedFiles", "attachment"), ("/JavaScript", "javascript")) if key in names
        )
    yield from _keys(root.Pages, PAGES_KEYS)
    if any(isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/XML" for item in pdf.objects):
        yield "xmp"


def _page(page: pikepdf.Page) -> Iterator[str]:
    yield from _keys(page.obj, PAGE_KEYS)
    yield from _keys(page.obj.get("/Resources", pikepdf.Dictionary()), RESOURCE_KEYS)


def _content(page: pikepdf.Page, codes: dict[tuple[int, int], set[int]]) -> Iterator[str]:
    """Yield the rules that a page's operators break; note in ``codes`` which codes of each font are shown."""
    fonts = page.obj.get("/Resources", pikepdf.Dictionary()).get("/Font", pikepdf.Dictionary())
    used: set[int] = set()
    try:
        instructions = list(pikepdf.parse_content_stream(page))
    except pikepdf.PdfError:
        yield "undecodable"
        return
    for instruction in instructions:
        operator = str(instruction.operator)
        if operator not in OPERATORS:
            yield OPERATOR_RULES.get(operator, "operator")
        if operator == "Tf":
            font = fonts.get(str(instruction.operands[0]))
            used = codes.setdefault(font.objgen if font is not None else (0, 0), set())
        elif operator in STRING_OPERATORS:
            used.update(_codes(instruction.operands))


def _fonts(pdf: pikepdf.Pdf, codes: dict[tuple[int, int], set[int]]) -> Iterator[str]:
    """Yield the rules that fonts break: not embedded, not a subset, named codes or outlines nothing shows."""
    for font in pdf.objects:
        if not isinstance(font, pikepdf.Dictionary) or font.get("/Type") != "/Font":
            continue
        descriptor = font.get("/FontDescriptor", pikepdf.Dictionary())
        if "/FontFile2" not in descriptor or not re.match(r"/[A-Z]{6}\+NotoSans-(Regular|Bold)$", str(font.BaseFont)):
            yield "font-not-embedded"
            continue
        used = codes.get(font.objgen, set())
        named = to_unicode(font.ToUnicode.read_bytes()) if "/ToUnicode" in font else {}
        shown = {code for code, text in named.items() if text.strip("\x00 \u00a0")}
        if shown - used:
            yield "font-names-unused"
        if used - set(named):
            yield "font-unnamed"
        if spare_outlines(descriptor.FontFile2.read_bytes(), len(used)):
            yield "font-extra-glyphs"


def _forbidden(data: bytes, pdf: pikepdf.Pdf, index: Index, own: Sequence[Sequence[str]]) -> Iterator[Finding]:
    """Yield a finding for each class met in a string, name or stream, with the number of the object."""
    seen: set[tuple[str, str, int]] = set()
    known: dict[str, list[Hit]] = {}
    for number, text, rule in _texts(data, pdf):
        if text not in known:
            known[text] = index.search(text)
        hits = not_own(known[text], text, of_page(own, number)) if rule == SHOWN_TEXT else known[text]
        for hit in hits:
            key = (rule, hit.sensitivity, number)
            if key not in seen:
                seen.add(key)
                yield Finding(0, f"streams.{rule}", hit.sensitivity, (number, number))


def _texts(data: bytes, pdf: pikepdf.Pdf) -> Iterator[tuple[int, str, str]]:
    """Yield every text that can be read out of the file: object number, text, rule.

    The file's bytes are read as they are but for the streams that could be opened: these are read opened, and what is
    compressed is noise in which short words turn up by chance.
    """
    rest = data
    for item in pdf.objects:
        number = item.objgen[0] if isinstance(item, pikepdf.Object) else 0
        for text in _strings(item, 0):
            yield number, text, "string"
        if isinstance(item, pikepdf.Stream):
            try:
                body = item.read_bytes()
            except pikepdf.PdfError:
                yield from ((number, text, "stream") for text in spelled(item.read_raw_bytes(), whole=False))
                continue
            yield from ((number, text, "stream") for text in _stream_texts(item, body))
            raw = item.read_raw_bytes()
            rest = rest.replace(raw, b"\n") if raw != body else rest
    for text in _strings(pdf.trailer, 0):
        yield 0, text, "string"
    for number, page in enumerate(pdf.pages, start=1):
        yield number, shown_text(page), SHOWN_TEXT
    yield from ((0, text, "bytes") for text in spelled(rest, whole=False))


def shown_text(page: pikepdf.Page) -> str:
    """Return what a page's strings say by their fonts' ToUnicode maps, one line for each text object."""
    fonts = page.obj.get("/Resources", pikepdf.Dictionary()).get("/Font", pikepdf.Dictionary())
    maps: dict[str, dict[int, str]] = {}
    current: dict[int, str] = {}
    said: list[str] = []
    try:
        instructions = list(pikepdf.parse_content_stream(page))
    except pikepdf.PdfError:
        return ""
    for instruction in instructions:
        operator = str(instruction.operator)
        if operator == "Tf":
            name = str(instruction.operands[0])
            font = fonts.get(name, pikepdf.Dictionary())
            if name not in maps:
                maps[name] = to_unicode(font.ToUnicode.read_bytes()) if "/ToUnicode" in font else {}
            current = maps[name]
        elif operator in STRING_OPERATORS:
            said += [current.get(code, chr(code)) for code in _codes(instruction.operands)]
        elif operator == "ET":
            said.append("\n")
    return "".join(said)


def _codes(operands: Any) -> Iterator[int]:
    for operand in operands:
        for part in operand if isinstance(operand, pikepdf.Array) else [operand]:
            if isinstance(part, pikepdf.String):
                yield from bytes(part)


def _stream_texts(stream: pikepdf.Stream, body: bytes) -> Iterator[str]:
    font = "/Length1" in stream
    yield from spelled(body, whole=not font)
    for digits in _HEX_STRING.findall(body):
        clean = re.sub(rb"\s", b"", digits).decode("ascii")
        yield from spelled(bytes.fromhex(clean[: len(clean) // 2 * 2]), whole=True)


def _strings(item: Any, depth: int) -> Iterator[str]:
    """Yield the strings, names and keys of one object, not those of objects it refers to."""
    if isinstance(item, pikepdf.String):
        yield without_form_words(str(item))
        yield from spelled(bytes(item), whole=True)
    elif isinstance(item, pikepdf.Name):
        yield without_form_words(str(item))
    elif isinstance(item, pikepdf.Array):
        for part in item:
            if not (isinstance(part, pikepdf.Object) and part.is_indirect):
                yield from _strings(part, depth + 1)
    elif isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        for key in item.keys():  # noqa: SIM118 - a pikepdf stream has keys, no iteration
            yield without_form_words(key)
            value = item[key]
            if not (isinstance(value, pikepdf.Object) and value.is_indirect):
                yield from _strings(value, depth + 1)
