"""Leaky twins: papers spoiled on purpose, one way each, with an invented name or number that must not be in them."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from urllib.parse import quote

import pikepdf

from kzdoc.leakcheck.fontfile import to_unicode

SECRET = "Сынақова Айгүл"
SURNAME = "Сынакова"  # its Russian spelling: all its letters are in the clean paper's font
IIN = "870101400121"
PHONE = "+7 701 000 11 22"


def with_object(clean: bytes, body: bytes, *, listed: bool) -> bytes:
    """Return the paper with object 99 between the last object and its table, listed there or not."""
    table = clean.rindex(b"\nxref\n0 ") + 1
    new = b"99 0 obj\n" + body + b"\nendobj\n"
    tail = clean[table:]
    size = int(re.search(rb"xref\n0 (\d+)", tail).group(1))
    if listed:
        row = f"99 1\n{table:010d} 00000 n \n".encode()
        tail = tail.replace(b"trailer", row + b"trailer", 1).replace(f"/Size {size}".encode(), b"/Size 100", 1)
    start = f"startxref\n{table + len(new)}\n".encode()
    return clean[:table] + new + re.sub(rb"startxref\n\d+\n", start, tail)


Spoil = Callable[[pikepdf.Pdf], None]


def spoiled(pdf: bytes, spoil: Spoil, *, object_streams: bool = False) -> bytes:
    """Return ``pdf`` with one change, written anew."""
    target = io.BytesIO()
    mode = pikepdf.ObjectStreamMode.generate if object_streams else pikepdf.ObjectStreamMode.disable
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        spoil(opened)
        opened.save(target, object_stream_mode=mode, deterministic_id=True)
    return target.getvalue()


def codes(pdf: pikepdf.Pdf, text: str) -> bytes:
    """Return ``text`` in the codes of the paper's regular font."""
    font = pdf.pages[0].obj.Resources.Font["/F1+0"]
    by_text = {said: code for code, said in to_unicode(font.ToUnicode.read_bytes()).items()}
    return bytes(by_text[character] for character in text)


def paint(pdf: pikepdf.Pdf, before: str, *, text: str = SURNAME, after: str = "", end: bool = True) -> None:
    """Add drawing operators to the first page, with ``%`` standing for the text as a string."""
    string = f"<{codes(pdf, text).hex()}>"
    body = before.replace("%", string) + after.replace("%", string)
    stream = pikepdf.Stream(pdf, f"\n{body}\n".encode("ascii"))
    page = pdf.pages[0].obj
    page.Contents = pikepdf.Array([page.Contents, pdf.make_indirect(stream)] if end else [stream, page.Contents])


DARK = "0.1 0.1 0.1 rg "
AT = "BT 1 0 0 1 80 {y} Tm /F1+0 {size} Tf {more} % Tj ET "


def shown_at(y: float, size: float = 10, more: str = "") -> str:
    return AT.format(y=y, size=size, more=more)


def box_over_text(pdf: pikepdf.Pdf) -> None:
    paint(pdf, DARK + shown_at(100), after="0 0 0 rg n 78 96 80 16 re f ".replace("78 96 80 16 re", RECTANGLE))


RECTANGLE = "78 96 m 160 96 l 160 114 l 78 114 l h"


def white_text(pdf: pikepdf.Pdf) -> None:
    paint(pdf, "1 1 1 rg " + shown_at(100))


def nearly_white_text(pdf: pikepdf.Pdf) -> None:
    paint(pdf, "0.97 0.97 0.97 rg " + shown_at(100))


def text_on_its_own_colour(pdf: pikepdf.Pdf) -> None:
    paint(pdf, f"{DARK} n {RECTANGLE} f " + shown_at(100))


def invisible_text(pdf: pikepdf.Pdf) -> None:
    paint(pdf, DARK + shown_at(100, more="3 Tr"))


def tiny_text(pdf: pikepdf.Pdf) -> None:
    paint(pdf, DARK + shown_at(100, size=0.1))


def scaled_down_text(pdf: pikepdf.Pdf) -> None:
    paint(pdf, DARK + "BT 0.01 0 0 0.01 80 100 Tm /F1+0 10 Tf % Tj ET ")


def off_page_text(pdf: pikepdf.Pdf) -> None:
    paint(pdf, DARK + shown_at(-60))


def clipped_text(pdf: pikepdf.Pdf) -> None:
    paint(pdf, "q 0 0 m 1 0 l 1 1 l h W n " + DARK + shown_at(100) + " Q")


def text_under_image(pdf: pikepdf.Pdf) -> None:
    image = pikepdf.Stream(
        pdf,
        b"\x00",
        {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 1, "/Height": 1,
         "/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 8},
    )  # fmt: skip
    pdf.pages[0].obj.Resources["/XObject"] = pikepdf.Dictionary({"/I0": pdf.make_indirect(image)})
    paint(pdf, DARK + shown_at(100), after="q 90 0 0 20 76 94 cm /I0 Do Q")


def actual_text(pdf: pikepdf.Pdf) -> None:
    said = SECRET.encode("utf-16-be").hex()
    paint(pdf, f"/Span << /ActualText <feff{said}> >> BDC " + DARK + shown_at(100) + "EMC", text="Дата")


def alt_text(pdf: pikepdf.Pdf) -> None:
    tree = pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot, K=pikepdf.Dictionary(Alt=pikepdf.String(SECRET)))
    pdf.Root.StructTreeRoot = pdf.make_indirect(tree)


def bookmark(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(SECRET, 0))


def _annotate(pdf: pikepdf.Pdf, **entries: object) -> None:
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Rect=[10, 10, 20, 20], **entries)
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])


def annotation_popup(pdf: pikepdf.Pdf) -> None:
    _annotate(pdf, Subtype=pikepdf.Name.Text, Contents=pikepdf.String(SECRET))


def link_address(pdf: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org/Synakova"))
    _annotate(pdf, Subtype=pikepdf.Name.Link, A=action)


def form_value(pdf: pikepdf.Pdf) -> None:
    value = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T=pikepdf.String("a"), V=pikepdf.String(SECRET))
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([pdf.make_indirect(value)]))


def info_title(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = SECRET


def info_custom_key(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Case"] = IIN


def xmp(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = SECRET


def attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.txt"] = SECRET.encode()


def javascript(pdf: pikepdf.Pdf) -> None:
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String(f"var a='{SECRET}'"))
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["a", pdf.make_indirect(script)]))


def open_action(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String(SECRET))


def page_label(pdf: pikepdf.Pdf) -> None:
    pdf.Root.PageLabels = pikepdf.Dictionary(Nums=[0, pikepdf.Dictionary(P=pikepdf.String(SECRET))])


def thumbnail(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Thumb = pdf.make_indirect(pikepdf.Stream(pdf, SECRET.encode()))


def private_data(pdf: pikepdf.Pdf) -> None:
    pdf.Root.PieceInfo = pikepdf.Dictionary(App=pikepdf.Dictionary(Private=pikepdf.String(SECRET)))


def crop_box(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.CropBox = pikepdf.Array([0, 400, 595, 842])


def identity_of_secret(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lang = pikepdf.String(SECRET)


def utf16_string(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lang = pikepdf.String(b"\xfe\xff" + SECRET.encode("utf-16-be"))


def utf16_le_in_stream(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Extra = pdf.make_indirect(pikepdf.Stream(pdf, SECRET.encode("utf-16-le")))


def cp1251_in_stream(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Extra = pdf.make_indirect(pikepdf.Stream(pdf, SURNAME.encode("cp1251")))


def hex_in_stream(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Extra = pdf.make_indirect(pikepdf.Stream(pdf, b"<" + SECRET.encode().hex().encode() + b">"))


def reversed_in_stream(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Extra = pdf.make_indirect(pikepdf.Stream(pdf, SECRET[::-1].encode()))


def base64_in_stream(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Extra = pdf.make_indirect(pikepdf.Stream(pdf, b"x " + base64.b64encode(b"a:" + SECRET.encode())))


def percent_in_stream(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Extra = pdf.make_indirect(pikepdf.Stream(pdf, b"file:///" + quote(SECRET).encode()))


def utf32_in_stream(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Extra = pdf.make_indirect(pikepdf.Stream(pdf, SECRET.encode("utf-32-le")))


def optional_content(pdf: pikepdf.Pdf) -> None:
    layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String(SECRET)))
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(OFF=[layer]))


def kerned_text(pdf: pikepdf.Pdf) -> None:
    first = codes(pdf, "Да").hex()
    paint(pdf, f"{DARK} BT 1 0 0 1 80 100 Tm /F1+0 10 Tf [<{first}> -733 <{first}>] TJ ET", text="Дата")


def word_spacing(pdf: pikepdf.Pdf) -> None:
    paint(pdf, DARK + shown_at(100, more="0.37 Tw"), text="Дата")


def font_names_more(pdf: pikepdf.Pdf) -> None:
    font = pdf.pages[0].obj.Resources.Font["/F1+0"]
    body = font.ToUnicode.read_bytes()
    font.ToUnicode.write(body.replace(b"endcmap", b"1 beginbfchar\n<F0> <04B0>\nendbfchar\nendcmap"))


def font_with_more_glyphs(pdf: pikepdf.Pdf) -> None:
    """Stop showing some letters whose outlines stay in the subset."""
    page = pdf.pages[0].obj
    del page.Contents
    paint_only = pikepdf.Stream(pdf, f"BT 1 0 0 1 80 700 Tm /F1+0 10 Tf <{codes(pdf, 'Дата').hex()}> Tj ET".encode())
    page.Contents = pdf.make_indirect(paint_only)
    while len(pdf.pages) > 1:
        del pdf.pages[-1]


def font_not_embedded(pdf: pikepdf.Pdf) -> None:
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    pdf.pages[0].obj.Resources.Font["/F9"] = pdf.make_indirect(font)


def chip(x: float, y: float, width: float) -> str:
    return f"0.925 0.91 0.965 rg n {x} {y} m {x + width} {y} l {x + width} {y + 11} l {x} {y + 11} l h f "


def token_as_wide_as_the_name(pdf: pikepdf.Pdf) -> None:
    paint(pdf, chip(78, 97, 58.4) + "0.33 0.27 0.54 rg " + shown_at(100, size=8), text="[СКРЫТО]")


def token_without_box(pdf: pikepdf.Pdf) -> None:
    paint(pdf, "0.33 0.27 0.54 rg " + shown_at(100, size=8), text="[СКРЫТО]")


def token_with_a_wide_gap(pdf: pikepdf.Pdf) -> None:
    """Leave as much room behind a token as the name would have taken."""
    after = f"BT 1 0 0 1 212 100 Tm /F1+0 10 Tf <{codes(pdf, 'Дата').hex()}> Tj ET "
    token = "0.33 0.27 0.54 rg BT 1 0 0 1 97.5 100 Tm /F1+0 8 Tf % Tj ET "
    paint(pdf, chip(78, 97, 74) + token + DARK + after, text="[СКРЫТО]")


def shown_to_one_reader(pdf: pikepdf.Pdf) -> None:
    """Paint a word twice at one place: some programs take the second for a bold print of the first."""
    paint(pdf, DARK + shown_at(100) + shown_at(100), text="Дата")


def nothing(pdf: pikepdf.Pdf) -> None:
    """Change nothing: the file is only written anew."""


STRUCTURE: dict[str, tuple[Spoil, str]] = {
    "box over text": (box_over_text, "layout.covered"),
    "white text": (white_text, "layout.same-colour"),
    "nearly white text": (nearly_white_text, "layout.same-colour"),
    "text on its own colour": (text_on_its_own_colour, "layout.same-colour"),
    "render mode 3": (invisible_text, "layout.render-mode"),
    "render mode 3, by operator": (invisible_text, "streams.render-mode"),
    "0.1 pt text": (tiny_text, "layout.tiny"),
    "text scaled down": (scaled_down_text, "layout.tiny"),
    "off-page text": (off_page_text, "layout.off-page"),
    "clipped text": (clipped_text, "streams.clip"),
    "text under image": (text_under_image, "layout.covered"),
    "picture": (text_under_image, "streams.picture"),
    "ActualText": (actual_text, "streams.marked-content"),
    "Alt": (alt_text, "streams.structure"),
    "bookmark": (bookmark, "streams.outline"),
    "annotation popup": (annotation_popup, "streams.annotation"),
    "link address": (link_address, "streams.annotation"),
    "form value": (form_value, "streams.form"),
    "Info title": (info_title, "streams.info"),
    "Info custom key": (info_custom_key, "streams.info"),
    "XMP": (xmp, "streams.xmp"),
    "embedded file": (attachment, "streams.attachment"),
    "JavaScript": (javascript, "streams.javascript"),
    "open action": (open_action, "streams.javascript"),
    "page label": (page_label, "streams.page-label"),
    "thumbnail": (thumbnail, "streams.thumbnail"),
    "private data": (private_data, "streams.private-data"),
    "crop box": (crop_box, "streams.crop"),
    "glyph advances": (kerned_text, "streams.advance"),
    "word spacing": (word_spacing, "streams.advance"),
    "font with extra glyphs": (font_with_more_glyphs, "streams.font-extra-glyphs"),
    "ToUnicode only": (font_names_more, "streams.font-names-unused"),
    "font not embedded": (font_not_embedded, "streams.font-not-embedded"),
    "token width = name width": (token_as_wide_as_the_name, "layout.token-width"),
    "token without a box": (token_without_box, "layout.token-unboxed"),
}
"""Each with the rule that must name it."""

WITH_THE_NAME: dict[str, Spoil] = {
    "painted under a box": box_over_text,
    "white": white_text,
    "invisible": invisible_text,
    "tiny": tiny_text,
    "off the page": off_page_text,
    "ActualText": actual_text,
    "Alt": alt_text,
    "bookmark": bookmark,
    "annotation": annotation_popup,
    "link": link_address,
    "form value": form_value,
    "Info": info_title,
    "Info, number": info_custom_key,
    "XMP": xmp,
    "attachment": attachment,
    "JavaScript": javascript,
    "page label": page_label,
    "thumbnail": thumbnail,
    "private data": private_data,
    "Lang": identity_of_secret,
    "UTF-16BE string": utf16_string,
    "UTF-16LE in a stream": utf16_le_in_stream,
    "CP1251 in a stream": cp1251_in_stream,
    "hex in a stream": hex_in_stream,
    "reversed in a stream": reversed_in_stream,
}
"""Those that hold the invented name or number itself: the check must also say whose class it is."""
