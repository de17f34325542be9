r"""Bytes read in every way in which somebody could write a name into a file.

Rules: each reading is given forwards and backwards; the words of the format itself are taken out, for some look like
names; what is compressed is noise in which short words turn up by chance, so of bytes that are not known to be text
only long words count, unless all of it is words. Ways: UTF-8, UTF-16 and UTF-32 of both orders, the Cyrillic and
Kazakh code pages, percent, base64 of both alphabets at each of its offsets, hexadecimal, octal and ``\u`` escapes,
entities of HTML and XML.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

WHOLE_ENCODINGS = ("utf-8", "utf-16-be", "utf-16-le")
WIDE_ENCODINGS = ("utf-32-be", "utf-32-le")
CODE_PAGES = ("cp1251", "koi8-r", "cp866", "mac-cyrillic", "iso8859-5", "kz1048", "ptcp154")
"""One byte a letter: what Cyrillic and Kazakh were written in before Unicode, and still are by old programs."""
BYTE_ENCODINGS = (*CODE_PAGES, "latin-1")
SHORTEST = 6
"""Bytes that a spelled name has at least: three Cyrillic letters."""
_UTF16_SHIFTS = (0, 1)
_FORM_WORDS = re.compile(
    r"\b(?:(?:[A-Z]{6}\+)?NotoSans|Regular|Bold|TrueType|Font\w*|BaseFont|To?Unicode|Widths|FirstChar|LastChar|"
    r"Descriptor|Flags|ItalicAngle|Ascent|Descent|CapHeight|StemV|MissingWidth|Length1?|Filter|FlateDecode|"
    r"ASCII85Decode|Catalog|Pages?|PageMode|UseNone|Lang|Kids|Count|Parent|MediaBox|Contents|Resources|ProcSet|Rotate|"
    r"Trans|Type|Subtype|Name|Info|Title|Author|Subject|Keywords|Creator|Producer|CreationDate|ModDate|Trapped|False|"
    r"kzdoc|ReportLab|Generated|generated|PDF|document|digest|opensource|trailer|startxref|xref|Root|Size|end\w+|begin\w+|"
    r"stream|obj|CIDInit|CIDSystemInfo|findresource|dict|def|Registry|Ordering|Supplement|CMap\w*|currentdict|"
    r"defineresource|pop|ImageB|ImageC|ImageI|Text)\b"
)
"""The words of the format itself, which may look like somebody's name and are not."""
_STRANGE = re.compile("[^\u0000-\u058f\u1e00-\u20bf\u2116]+")
"""Letters of scripts that no name of ours is written in: what a wide encoding makes of other bytes."""
_OURS = re.compile("[\\s\u0020-\u007e\u0400-\u04ff«»—–№]+")
_CONTROL = bytes([*range(9), *range(14, 32), 127])
_WORDS_IN_NOISE = re.compile(r"[A-Za-z\u0400-\u04ff]{7,}|[0-9]{8,}")
_CYRILLIC = [chr(code) for code in range(0x400, 0x500)]
_UPPER, _LOWER = ("".join(filter(is_so, _CYRILLIC)) for is_so in (str.isupper, str.islower))
_CASED_IN_NOISE = re.compile(f"[{_UPPER}]?[{_LOWER}]{{6,}}|[{_UPPER}]{{7,}}")
"""Words by their case: a byte of chance before them is a letter in every second code page."""
_HIGH, _THREE_HIGH = re.compile(rb"[\x80-\xff]{6,}"), re.compile(rb"[\x80-\xff]{3}")
"""Where the code pages have all letters but Latin ones."""
_WORD = re.compile(r"\w+")
_ONE_ALPHABET = re.compile(r"[\u0400-\u04ff]+|[A-Za-z]+|[0-9]+")
_BETWEEN = re.compile("[\\w\\s.,:;!?()/\"'«»“”„–—…№-]+")
_PERCENT = re.compile(rb"(?:[\w.~/+-]{0,40}(?:%[0-9A-Fa-f]{2})+)+")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}={0,2}")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}\s{0,2}){6,}")
_OCTAL = re.compile(rb"(?:\\[23][0-7]{2}[^\\]?){3,}")
_ESCAPED = re.compile(rb"(?:\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}){3,}")
_ENTITIES = re.compile(rb"(?:&#[xX]?[0-9A-Fa-f]{1,6};){3,}")


def without_form_words(text: str) -> str:
    """Return ``text`` without the words of the format."""
    return _FORM_WORDS.sub(" . ", text)


def spelled(raw: bytes, *, whole: bool) -> Iterator[str]:
    """Yield ``raw`` in each spelling, forwards and backwards; of noise only what may be words."""
    for text in _read(raw, whole=whole):
        yield text
        yield text[::-1]
    yield from undisguised(raw)


def undisguised(raw: bytes) -> Iterator[str]:
    """Yield what ``raw`` says under an encoding of bytes as letters, where that is a text, forwards and backwards."""
    for hidden in disguised(raw):
        for text in (*_strict(hidden), *in_code_pages(hidden)):
            yield text
            yield text[::-1]


def in_code_pages(raw: bytes) -> Iterator[str]:
    """Yield what ``raw`` says in the code pages in which all of it is words: chance makes none of several letters."""
    if not _THREE_HIGH.search(raw) or len(raw.translate(None, _CONTROL)) != len(raw):
        return
    for page in CODE_PAGES:
        text = raw.decode(page, errors="replace")
        if _all_words(text) or _all_words(text[::-1]):
            yield text


def _all_words(text: str) -> bool:
    """Return whether a text is words as people write them, in one alphabet each, with what stands between words."""
    words = _WORD.findall(text)
    written = all(word.islower() or word.isupper() or word.istitle() or word.isdigit() for word in words)
    return bool(words) and written and all(map(_ONE_ALPHABET.fullmatch, words)) and not _BETWEEN.sub("", text)


def _read(raw: bytes, *, whole: bool) -> Iterator[str]:
    wide = WIDE_ENCODINGS if raw.count(b"\x00") * 2 > len(raw) else ()
    if not whole:
        yield from in_code_pages(raw)
        high = b" ".join(_HIGH.findall(raw))
        found = (_CASED_IN_NOISE.findall(high.decode(page, errors="replace")) for page in CODE_PAGES)
        yield from ("\n.\n".join(words) for words in found if words)
    for encoding in WHOLE_ENCODINGS + wide + (BYTE_ENCODINGS if whole else ()):
        for shift in _UTF16_SHIFTS if encoding.startswith("utf-16") else (0,):
            text = raw[shift:].decode(encoding, errors="replace")
            text = without_form_words(_STRANGE.sub(" ", text) if encoding.startswith("utf-") else text)
            text = text if whole else "\n.\n".join(_WORDS_IN_NOISE.findall(text))
            if text:
                yield text


def disguised(raw: bytes) -> Iterator[bytes]:
    """Yield what stands in ``raw`` under an encoding of bytes as letters, each run for itself."""
    for run in _PERCENT.findall(raw):
        yield unquote_to_bytes(run)
    for run in _HEX.findall(raw):
        digits = re.sub(rb"\s", b"", run)
        yield bytes.fromhex(digits.decode("ascii"))
    for run in _OCTAL.findall(raw):
        yield re.sub(rb"\\([0-7]{3})", lambda one: bytes([int(one.group(1), 8)]), run)
    for run in _ESCAPED.findall(raw):
        units = re.findall(rb"\\[ux]([0-9A-Fa-f]+)", run)
        yield "".join(chr(int(unit, 16)) for unit in units).encode("utf-8", errors="replace")
    for run in _ENTITIES.findall(raw):
        yield html.unescape(run.decode("ascii")).encode("utf-8", errors="replace")
    for run in _BASE64.findall(raw):
        plain = run.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
        for shift in range(4):
            body = plain[shift:]
            yield base64.b64decode(body[: len(body) // 4 * 4] + _end(body))


def _end(body: bytes) -> bytes:
    """Return the last group of a base64 run, filled up; of one letter nothing can be made."""
    rest = body[len(body) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""


def _strict(raw: bytes) -> Iterator[str]:
    """Yield readings in which every byte makes sense, of bytes that may be chance."""
    if len(raw) < SHORTEST:
        return
    if len(raw.translate(None, _CONTROL)) == len(raw):
        for cut in range(3):  # a run may begin or end within a letter
            text = next((said for end in range(3) if (said := _decoded(raw[cut : len(raw) - end], "utf-8"))), "")
            if text:
                yield text
    for shift, encoding in ((0, "utf-16-be"), (1, "utf-16-be"), (0, "utf-16-le"), (1, "utf-16-le")):
        body = raw[shift : shift + (len(raw) - shift) // 2 * 2]
        high = body[0::2] if encoding == "utf-16-be" else body[1::2]
        if (high.count(0) + high.count(4)) * 4 >= len(high) * 3:
            text = _decoded(body, encoding)
            if text:
                yield text


def _decoded(raw: bytes, encoding: str) -> str:
    """Return the text when it is one, of our letters and signs throughout; else nothing."""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return ""
    known = sum(
        one.isspace() or "\x20" <= one <= "\x7e" or "\u0400" <= one <= "\u04ff" or one in "«»—–№" for one in text
    )
    return without_form_words(text) if known * 4 >= len(text) * 3 and len(text) > 2 else ""  # noqa: PLR2004 - letters
