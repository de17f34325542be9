"""The leaky twins by their names: each makes something leak in one way, and says by which codes it was found out.

Twins are of five things: bytes of a finished paper or table, the renderer, the redactor, a picture, the exporter. What
catches them is the guard that also stands in the program's way to the reader, or for what no finished file shows of
itself the comparison of two that must be the same.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from kzdoc.domain.audience import Audience
from kzdoc.errors import PublicationError
from kzdoc.guard import guard_of, reader_clean
from kzdoc.leakcheck.check import check_pdf
from kzdoc.leakcheck.finding import Forbidden
from kzdoc.redaction.people import everybody
from kzdoc.redaction.tokens import Token, ViewText
from kzdoc.redaction.view import View
from kzdoc.report.render import render
from tests.kzdoc.leakcheck import own_words, pack_twins, picture_twins, scan_twins, twins
from tests.kzdoc.redaction.cases import DAY, state
from tests.kzdoc.report import cases
from tests.twins import namesakes

FORBIDDEN = (Forbidden(twins.SECRET, "identity"), Forbidden(twins.IIN, "identity", number=True))
KNOWN = ["Тестов Данияр", "Хронология"]
PERSON = bytes([7]) * 16


@dataclass(frozen=True)
class Twin:
    """A way to leak: its name, what is made leaky, the code that names it, and how it is done."""

    id: str
    name: str
    of: str
    code: str
    codes: Callable[[], set[str]]


@functools.cache
def clean() -> bytes:
    """Return a paper that nothing is wrong with."""
    return render(cases.russian_case())


@functools.cache
def codes_of(pdf: bytes) -> set[str]:
    return {finding.rule for finding in check_pdf(pdf, forbidden=FORBIDDEN, view_text=KNOWN)}


def of_bytes(spoil: twins.Spoil, *, object_streams: bool = False) -> set[str]:
    """Return the codes that a spoiled paper has and one written anew without a change has not."""
    spoiled = twins.spoiled(clean(), spoil, object_streams=object_streams)
    return codes_of(spoiled) - codes_of(twins.spoiled(clean(), twins.nothing))


def told(text: str) -> set[str]:
    """Return the codes of a paper in whose account the redactor left a text."""
    return codes_of(render(cases.russian_case(text)))


def second_revision() -> set[str]:
    first = render(cases.russian_case(f"Об этом рассказала {twins.SECRET}."))
    return codes_of(first + clean()[clean().index(b"\n1 0 obj") :])


def unreferenced() -> set[str]:
    body = b"<feff" + twins.SECRET.encode("utf-16-be").hex().encode() + b">"
    return codes_of(twins.with_object(clean(), body, listed=True))


def tall_tokens(name: str) -> View:
    """Return a view whose redactor left as many lines as the name has letters."""
    return cases.russian_case("\n".join(["Он ушёл."] * (8 * len(name))))


def interference(make: Callable[[str], View]) -> set[str]:
    """Return in what the papers of two cases differ that differ in a withheld name alone."""
    one, other = (render(make(name)) for name in ("Ли Ян", "Выдуманнопридуманская Аполлинария"))
    found = {"interference.bytes"} if one != other else set()
    if one.count(b"/Type /Page\n") != other.count(b"/Type /Page\n"):
        found.add("interference.pages")
    if len(one) != len(other):
        found.add("interference.size")
    return found


def hidden_as(name: str) -> View:
    """Return a view whose redactor masks a name by as many signs as it has letters."""
    return cases.russian_case(f"Увезли и {'█' * len(name)}.")


def labelled(label: str) -> set[str]:
    """Return the codes of a paper whose redactor writes its own label on a token."""
    view = cases.russian_case()
    first = view.records[0]
    field = replace(first.fields[3], values=(ViewText((Token(label, "identity", "no_basis"),)),))
    fields = (*first.fields[:3], field, *first.fields[4:])
    return codes_of(render(replace(view, records=(replace(first, fields=fields), *view.records[1:]))))


def digest_shown() -> set[str]:
    return told(f"Хеш записи: {hashlib.sha256(twins.SECRET.encode()).hexdigest()}")


def file_named(name: str) -> set[str]:
    known = everybody([state(PERSON, "person", name_ru=twins.SURNAME)], [], [], day=DAY)
    try:
        reader_clean(guard_of(known, [], [], audience=Audience.PUBLIC), "Читатели", "Доклад", name=name)
    except PublicationError as error:
        return {error.code}
    return set()


def picture(name: str) -> set[str]:
    make, _ = picture_twins.TWINS[name]
    return picture_twins.check(make())


def document(name: str) -> set[str]:
    make, _ = scan_twins.TWINS[name]
    return scan_twins.codes(make())


def packed(name: str) -> set[str]:
    return pack_twins.rules(pack_twins.LEAKS[name][0])


def _bytes(id_: str, name: str, spoil: twins.Spoil, code: str) -> Twin:
    return Twin(id_, name, "bytes", code, lambda: of_bytes(spoil))


def _text(id_: str, name: str, text: str, code: str) -> Twin:
    return Twin(id_, name, "redactor", code, lambda: told(text))


def _left(id_: str, name: str, account: str, code: str, withheld: str = twins.SECRET, **elsewhere: Any) -> Twin:
    return Twin(id_, name, "redactor", code, lambda: namesakes.paper(account, withheld, **elsewhere))


def _cell(id_: str, name: str, cell: tuple[str, str], code: str, **elsewhere: Any) -> Twin:
    return Twin(id_, name, "exporter", code, lambda: namesakes.table(*cell, **elsewhere))


def _picture(id_: str, name: str, twin: str, code: str) -> Twin:
    return Twin(id_, name, "picture", code, lambda: picture(twin))


def _document(id_: str, name: str, code: str) -> Twin:
    return Twin(id_, name, "picture", code, lambda: document(name))


TWINS = (
    _bytes("T01", "box over text", twins.box_over_text, "layout.covered"),
    _bytes("T02", "white text", twins.white_text, "layout.same-colour"),
    _bytes("T03", "Tr 3 text", twins.invisible_text, "layout.render-mode"),
    _bytes("T04", "0.1-pt text", twins.tiny_text, "layout.tiny"),
    _bytes("T05", "off-page text", twins.off_page_text, "layout.off-page"),
    _bytes("T06", "text under image", twins.text_under_image, "layout.covered"),
    _bytes("T07", "clipped text", twins.clipped_text, "streams.clip"),
    _bytes("T08", "ActualText", twins.actual_text, "streams.marked-content"),
    _bytes("T09", "Alt", twins.alt_text, "streams.structure"),
    _bytes("T10", "bookmark", twins.bookmark, "streams.outline"),
    _bytes("T11", "annotation popup", twins.annotation_popup, "streams.annotation"),
    _bytes("T12", "form value", twins.form_value, "streams.form"),
    _bytes("T13", "link URI", twins.link_address, "streams.annotation"),
    _bytes("T14", "/Info Title", twins.info_title, "streams.info"),
    _bytes("T15", "XMP", twins.xmp, "streams.xmp"),
    _bytes("T16", "embedded file", twins.attachment, "streams.attachment"),
    _bytes("T17", "JavaScript string", twins.javascript, "streams.javascript"),
    Twin("T18", "second revision", "bytes", "streams.revision", second_revision),
    Twin("T19", "unreferenced object", "bytes", "streams.unreferenced", unreferenced),
    Twin("T20", "object-stream-only object", "bytes", "streams.object-stream",
         lambda: of_bytes(twins.bookmark, object_streams=True)),
    _bytes("T21", "font subset with extra glyphs", twins.font_with_more_glyphs, "streams.font-extra-glyphs"),
    _bytes("T22", "ToUnicode-only leak", twins.font_names_more, "streams.font-names-unused"),
    _bytes("T23", "glyph-advance leak (TJ offsets)", twins.kerned_text, "streams.advance"),
    _bytes("T24", "token width = name width", twins.token_as_wide_as_the_name, "layout.token-width"),
    Twin("T25", "page count varies", "renderer", "interference.pages", lambda: interference(tall_tokens)),
    _picture("T26", "EXIF GPS", "EXIF GPS", "picture.exif"),
    _picture("T27", "EXIF thumbnail", "EXIF thumbnail", "picture.thumbnail"),
    _picture("T28", "PNG tEXt", "PNG text", "picture.text"),
    _picture("T29", "PNG tail (aCropalypse)", "PNG tail", "picture.after-end"),
    _picture("T30", "blur instead of mask", "blur instead of a mask", "picture.seen-through"),
    Twin("T31", "file name", "exporter", "publication.leak-name", lambda: file_named("дело_Сынаковой_2026.pdf")),
    _bytes("T32", "UTF-16BE string", twins.utf16_string, "streams.string"),
    _text("T33", "Latin transliteration", "It was Synakova who told us.", "text.name"),
    _text("T34", "genitive form", "Это рассказ Сынаковой.", "text.name"),
    _text("T35", "homoglyph form", "Cынaкoвa ушла.", "text.name"),
    _text("T36", "IIN split by spaces", "ИИН 870101 400 121.", "text.number"),
    Twin("T37", "pseudonym = DB id", "redactor", "layout.token-form", lambda: labelled("[ПЕРСОНА-4f1d2c3b]")),
    Twin("T38", "unsalted SHA-256 of name", "redactor", "text.digest", digest_shown),
    # beyond the list
    Twin("X01", "pseudonym = row number", "redactor", "layout.token-number", lambda: labelled("[ПЕРСОНА-412]")),
    Twin("X02", "mask as long as the name", "redactor", "interference.bytes", lambda: interference(hidden_as)),
    _bytes("X03", "space beside a token as wide as the name", twins.token_with_a_wide_gap, "third.token-gap"),
    _bytes("X04", "text that one reader is not shown", twins.shown_to_one_reader, "third.disagree"),
    _bytes("X05", "base64 in a stream", twins.base64_in_stream, "streams.stream"),
    _bytes("X06", "percent in a stream", twins.percent_in_stream, "streams.stream"),
    _bytes("X07", "UTF-32 in a stream", twins.utf32_in_stream, "streams.stream"),
    _bytes("X08", "page label", twins.page_label, "streams.page-label"),
    _bytes("X09", "thumbnail of a page", twins.thumbnail, "streams.thumbnail"),
    _bytes("X10", "private data", twins.private_data, "streams.private-data"),
    _bytes("X11", "crop box", twins.crop_box, "streams.crop"),
    _bytes("X12", "word spacing", twins.word_spacing, "streams.advance"),
    _bytes("X13", "text on its own colour", twins.text_on_its_own_colour, "layout.same-colour"),
    _bytes("X14", "text scaled down", twins.scaled_down_text, "layout.tiny"),
    _bytes("X15", "optional content", twins.optional_content, "streams.layer"),
    _picture("X16", "pixelated instead of masked", "coarse pixels instead of a mask", "picture.seen-through"),
    _picture("X17", "mask beside the place", "mask beside the place", "picture.seen-through"),
    _text("X18", "name cut by a space", "Рассказала Сына кова вечером.", "text.split-name"),
    _text("X19", "letter by letter", "Рассказала С ы н а к о в а вечером.", "text.split-name"),
    _text("X20", "Kazakh ending", "Сынақованың айтқаны осы.", "text.name"),
    _left("X21", "name that a namesake elsewhere bears", f"Рассказала {twins.SECRET}.", "text.name",
          **namesakes.NAMESAKE),
    _left("X22", "surname that an official elsewhere bears", "Рассказала Сынакова.", "text.name",
          **namesakes.OFFICIAL),
    _left("X23", "surname of two in one case", "Потом увезли и Тестова.", "text.shared-name", "Тестов Марат"),
    _left("X24", "name of two in one case", "Увезли его.", "text.same-name", "Тестов Данияр"),
    _cell("X25", "name in a table that a namesake elsewhere bears", (".csv", twins.SECRET), "table.name",
          **namesakes.NAMESAKE),
    _cell("X26", "surname in a workbook that an official elsewhere bears", (".xlsx", "Сынакова ушла"), "table.name",
          **namesakes.OFFICIAL),
    _picture("X27", "picture finer than it was seen", "finer than it was seen", "picture.larger"),
    _document("X28", "text in a document of pictures", "picture.document"),
    _document("X29", "page that is blurred", "picture.seen-through"),
    Twin("X30", "name in a pack", "exporter", "pack.name", lambda: packed("name in a leaf")),
    Twin("X31", "name in what an author signed", "exporter", "pack.name", lambda: packed("deep in a proof")),
    _left("X33", "coordinates in words", "Дом стоит на 43.238949 с.ш., 76.889709 в.д.", "text.coordinates"),
    _left("X34", "longitude first in an address of a map", "Карта: https://yandex.kz/maps/?ll=76.889709%2C43.238949",
          "text.coordinates"),
    _cell("X35", "angles in a table", (".csv", "43°14'20\" N 76°53'22\" E"), "table.coordinates"),
    Twin("X32", "pack that says more than its paper", "exporter", "pack.words",
         lambda: packed("words the paper does not say")),
    _left("X36", "woman’s surname beside a man of it", "Потом увезли и Тестову, её били.", "text.shared-name",
          name_ru="Тестова Айгүл"),
    _text("X37", "letter the font lacks inside a word", "Рассказала Сына\u10aeова вечером.", "text.strange-letter"),
    _cell("X38", "Greek letter in a name", (".csv", "Сын\u03b1кова ушла"), "table.name"),
    _text("X39", "name written as one word", f"Под меткой #{''.join(reversed(twins.SECRET.split()))}.",
          "text.coupled-name"),
    _cell("X40", "name written small as one word", (".csv", "".join(twins.SECRET.split()).lower()),
          "table.coupled-name"),
    _left("X41", "home of somebody withheld", "Ночевали на улице Үлгі, дом 5.", "text.address", **namesakes.AT_HOME),
    _cell("X42", "home in a table", (".xlsx", "Үлгі көшесі, 5-үй"), "table.address", **namesakes.AT_HOME),
    Twin("X43", "name that is also a label of the paper", "redactor", "text.name",
         lambda: own_words.paper("Ол кімге айтты?")),
    Twin("X44", "name in a cell that is also a heading", "exporter", "table.name",
         lambda: own_words.table(".xlsx", "Кімге айтты")),
    Twin("X45", "name in an old code page in a pack", "exporter", "pack.name",
         lambda: packed("name in kz1048 in a proof")),
    Twin("X46", "part that is there twice in a pack", "exporter", "pack.part", lambda: packed("a part there twice")),
    _left("X47", "family’s form beside a man of the surname", "Потом увезли и Тестовых.", "text.shared-name",
          name_ru="Тестова Айгүл"),
    _left("X48", "woman’s surname with a Kazakh ending beside a man of it", "Тестованың үйін тінтті.",
          "text.shared-name", name_ru="Тестова Айгүл"),
)  # fmt: skip
