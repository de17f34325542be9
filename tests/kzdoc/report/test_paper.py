from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from kzdoc.errors import PublicationError
from kzdoc.language import LANGUAGES
from kzdoc.redaction.tokens import ViewText
from kzdoc.report.flow import Block, Line, fill, narrative, note_lines, paragraph
from kzdoc.report.render import render
from kzdoc.report.setting import BODY, CHIP_WIDTH, Atom, glyphs_of, printable, set_lines, text_atoms, value_atoms
from kzdoc.resources import resource
from tests.kzdoc.report import cases

ALL = (cases.russian_case, cases.kazakh_case, cases.english_case)
KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІіЁё"
LATIN = "ÁáǴǵŃńÓóÚúÝýŚśÄäÖöÜüĞğŞşÇçİıŪūŊŋƏəÑñ"
SIGNS = "№«»–—…₸€₽≥≤≈≠×·•→←↑↓°±−¹²³⁴⁵⁶⁷⁸⁹⁰₀₁½§†‡„“”‘’ʼ‹›"


def run(*argv: str) -> str:
    return subprocess.run(argv, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module", params=ALL, ids=lambda case: case.__name__)
def paper(request, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("paper") / "paper.pdf"
    path.write_bytes(render(request.param()))
    return path


def test_qpdf_finds_no_fault(paper: Path) -> None:
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", str(paper))


def test_every_font_is_embedded_subset_and_readable(paper: Path) -> None:
    rows = run("pdffonts", str(paper)).splitlines()[2:]
    assert rows
    for row in rows:
        assert "NotoSans" in row
        assert re.search(r"yes\s+yes\s+yes", row)


@pytest.mark.parametrize("case", ALL)
def test_every_text_of_the_view_is_on_the_page(case, tmp_path: Path) -> None:
    view = case()
    (tmp_path / "paper.pdf").write_bytes(render(view))
    said = re.sub(r"[\s-]", "", run("pdftotext", "-raw", str(tmp_path / "paper.pdf"), "-"))
    for record in view.records:
        for field in record.fields:
            for value in field.values:
                for part in value.parts:
                    words = part if isinstance(part, str) else part.label
                    for word in words.split():
                        assert re.sub("-", "", word) in said
    for item in view.withheld:
        assert re.sub(r"[\s-]", "", item.sentence) in said


def test_the_same_view_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib,sys; from tests.kzdoc.report.cases import russian_case;"
        "from kzdoc.report.render import render; sys.stdout.write(hashlib.sha256(render(russian_case())).hexdigest())"
    )
    root = Path(__file__).resolve().parents[3]
    seeds = ("0", "1", "4242")
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{root}:{os.environ.get('PYTHONPATH', '')}",
                 "TZ": "Asia/Almaty", "SOURCE_DATE_EPOCH": "1700000000"},
        ).stdout
        for seed in seeds
    }  # fmt: skip
    import hashlib

    assert said == {hashlib.sha256(render(cases.russian_case())).hexdigest()}


def test_document_information_is_constant(paper: Path) -> None:
    with pikepdf.open(paper) as pdf:
        info = {key: str(value) for key, value in pdf.docinfo.items()}
    assert info["/CreationDate"] == info["/ModDate"] == "D:20000101000000+00'00'"
    assert {info[key] for key in ("/Title", "/Creator", "/Producer")} == {"kzdoc"}
    assert {info[key] for key in ("/Author", "/Subject", "/Keywords")} == {""}


@pytest.mark.parametrize("font", ["kzdoc-regular", "kzdoc-bold"])
def test_the_fonts_have_every_letter_needed(font: str) -> None:
    assert not [c for c in KAZAKH + LATIN + SIGNS if ord(c) not in glyphs_of(font)]
    assert all(code in glyphs_of(font) for code in range(0x400, 0x460))


def test_the_licence_stands_beside_the_fonts() -> None:
    text = resource("fonts", "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in text
    assert "Copyright 2015 Google LLC" in text


@pytest.mark.parametrize("bad", ["\u4e2d", "\U0001f600", "\u0e01"])
def test_a_letter_the_font_lacks_stands_as_its_number(bad: str, tmp_path: Path) -> None:
    said = f"U+{ord(bad):04X}"
    file = tmp_path / "paper.pdf"
    file.write_bytes(render(replace(cases.russian_case(f"Слово {bad} здесь."), organisation=bad)))
    text = run("pdftotext", str(file), "-")
    assert f"[{said}]" in text
    assert bad not in text


def test_marks_that_choose_a_picture_print_nothing() -> None:
    assert printable("да \u2764\ufe0f\u200d\U0001f525 нет", "kzdoc-regular") in (
        "да \u2764[U+1F525] нет",
        "да [U+2764][U+1F525] нет",
    )


def test_an_unknown_template_is_refused() -> None:
    with pytest.raises(PublicationError) as caught:
        render(cases.russian_case(), template="poster")
    assert caught.value.code == "publication.template"


def test_what_prints_nothing_is_left_out() -> None:
    assert printable("Сы\u00adна\u200d\u202eкова\u0007", "kzdoc-regular") == "Сынакова"
    assert printable("и\u0306", "kzdoc-regular") == "й"


def test_a_long_token_takes_two_widths_and_no_other() -> None:
    widths = set()
    for label in ("[Х]", "[СКРЫТО]", "[ПЕРСОНА-1]", "[ПЕРСОНА-99]", "[МЕДИЦИНСКОЕ УЧРЕЖДЕНИЕ-1]"):
        token = replace(cases.person_token(1), label=label)
        widths.add(round(value_atoms(ViewText((token,)), BODY)[0].width, 2))
    assert widths == {round(CHIP_WIDTH + 3, 2), round(2 * CHIP_WIDTH + 3, 2)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_usual_tokens_have_one_width(lang: str) -> None:
    labels = [cases.person_token(number, lang).label for number in (1, 9, 10, 99)] + [cases.HIDDEN[lang]]
    tokens = [replace(cases.person_token(1), label=label) for label in labels]
    assert len({value_atoms(ViewText((token,)), BODY)[0].width for token in tokens}) == 1


def test_no_line_is_wider_than_its_room() -> None:
    text = "Слово " * 40 + "x" * 300 + " https://example.org/" + "a-b/" * 80 + " конец"
    for width in (40.0, 120.0, 463.0):
        for line in set_lines(text_atoms(text, BODY), width, BODY):
            assert sum(atom.width for atom in line.atoms) <= width + 0.01


def test_setting_loses_no_letter() -> None:
    text = "Раз, два — три-четыре «пять» 2019-03-05 и т. д.; " * 20
    lines = set_lines(text_atoms(text, BODY), 200, BODY)
    said = "".join(atom.text for line in lines for atom in line.atoms)
    assert said.replace(" ", "") == text.replace(" ", "")
    assert not [line for line in lines if line.atoms[0].text.startswith(" ")]


def lines_of(blocks: list[Block], notes: dict[int, tuple[Line, ...]] | None = None, height: float = 300) -> list:
    return fill(blocks, notes or {}, height)


def test_paragraphs_leave_two_lines_on_either_side_of_a_page() -> None:
    long = ViewText(("\n".join("слово " * 17 * count for count in (9, 3, 11, 7, 20, 8, 6, 9, 14)),))
    for height in range(200, 420, 7):
        sheets = lines_of(narrative(long), height=height)
        for sheet in sheets:
            first, last = sheet.lines[0][2], sheet.lines[-1][2]
            for block in (first, last):
                here = sum(1 for _, _, number in sheet.lines if number == block)
                whole = sum(1 for other in sheets for _, _, number in other.lines if number == block)
                assert here == whole or here >= 2
        assert all(y + line.height <= height + 0.01 for sheet in sheets for y, line, _ in sheet.lines)


def test_a_heading_is_never_last_on_a_page() -> None:
    from kzdoc.report.flow import heading

    blocks = []
    for number in range(30):
        blocks += [heading(f"{number}. Заголовок"), paragraph(text_atoms("слово " * (7 * (number % 9) + 3), BODY))]
    for height in range(180, 400, 11):
        for sheet in lines_of(blocks, height=height):
            assert sheet.lines[-1][2] % 2 == 1


def test_notes_stand_where_they_are_cited_and_none_is_lost() -> None:
    blocks, notes = [], {}
    for number in range(1, 25):
        atoms = [*text_atoms("слово " * 20, BODY), Atom(str(number), BODY, raised=True, note=number)]
        blocks.append(paragraph(atoms))
        notes[number] = note_lines(number, text_atoms(f"примечание-{number} " + "слово " * (12 * (number % 7)), BODY))
    for height in (160, 200, 260, 400):
        sheets = lines_of(blocks, notes, height)
        said = [line for sheet in sheets for line in sheet.notes]
        assert said == [line for number in notes for line in notes[number]]
        for sheet in sheets:
            assert sheet.used + sum(line.height for line in sheet.notes) <= height + 0.01


def test_a_huge_case_is_laid_out_and_its_numbers_are_right(tmp_path: Path) -> None:
    data = render(cases.russian_case("\n".join(f"Абзац {n}. " + "Слово за словом. " * (n % 60) for n in range(200))))
    document = pypdfium2.PdfDocument(data)
    total = len(document)
    assert total > 15
    for number in range(total):
        assert f"Стр. {number + 1} из {total}" in document[number].get_textpage().get_text_range()


def test_nothing_is_outside_the_margins() -> None:
    for case in ALL:
        document = pypdfium2.PdfDocument(render(case()))
        for page in document:
            for item in page.get_objects():
                left, bottom, right, top = item.get_bounds()
                assert 60 <= left <= right <= 535
                assert 30 <= bottom <= top <= 810


def test_the_words_of_the_report_are_whole_in_three_languages() -> None:
    texts = {
        lang: json.loads(resource("i18n", f"report.{lang}.json").read_text(encoding="utf-8")) for lang in LANGUAGES
    }
    keys = [set(texts[lang]) for lang in LANGUAGES]
    assert keys[0] == keys[1] == keys[2]
    for key in keys[0]:
        assert all(texts[lang][key] for lang in LANGUAGES)


def test_a_glyph_is_embedded_only_if_visible_text_uses_it() -> None:
    def letters(data: bytes) -> set[str]:
        from kzdoc.leakcheck.fontfile import to_unicode

        with pikepdf.open(io.BytesIO(data)) as pdf:
            fonts = pdf.pages[0].obj.Resources.Font.values()
            return {text for font in fonts for text in to_unicode(font.ToUnicode.read_bytes()).values()}

    assert "Ҩ" not in letters(render(cases.russian_case()))
    assert "Ҩ" in letters(render(cases.russian_case("Ҩ")))
