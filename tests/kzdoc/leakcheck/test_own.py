"""The program's own words are let stand as often as it set them, and once more is a finding."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace

import pypdf
import pypdfium2
import pytest

from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.vocabulary import vocabulary
from kzdoc.leakcheck import streams, tables, text, third
from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.index import Index
from kzdoc.leakcheck.own import not_own
from kzdoc.names.words import words_of
from kzdoc.platform.pdfium import ALONE
from kzdoc.report import flow, page
from kzdoc.report.render import printed
from kzdoc.report.setting import BODY, own_atoms
from tests.kzdoc.leakcheck import own_words
from tests.kzdoc.leakcheck.own_words import LABEL, paper, table
from tests.kzdoc.report.test_noninterference import SECRETS, view_of

READERS = (text, third, streams)
WRITTEN = ["Кімге айтқаны белгісіз.", "Кимге айтты.", "KІМГЕ", "Кім\u00adге", "Кім-ге"]
CODES = {"text.name", "third.name", "streams.shown-text"}


def rules(said: str, own: list[str], *, beside: tuple[str, ...] = (), number: bool = False) -> list[str]:
    item = Forbidden("870101400121", "identity", number=True) if number else own_words.FORBIDDEN[0]
    return [hit.rule for hit in not_own(Index([item]).search(said), said, own, beside=beside)]


def test_the_label_of_a_paper_is_no_finding_and_was_one() -> None:
    assert paper() == set()
    assert paper(own=()) == CODES


@pytest.mark.parametrize("written", WRITTEN)
def test_the_same_word_written_by_somebody_is_one(written: str) -> None:
    found = paper(f"Ол {written}")
    assert any(code.startswith("text.") for code in found)
    assert any(code.startswith("third.") for code in found)
    assert "streams.shown-text" in found


@pytest.mark.parametrize("written", ["Ким айтты.", "Кимнің айтқаны", "Сынақ Ким"])
def test_another_form_of_the_name_is_not_excused_by_the_label(written: str) -> None:
    assert paper(f"Ол {written}") >= CODES


def test_an_excuse_by_word_would_let_it_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: what the program says somewhere may stand everywhere."""
    assert paper("Ол кімге айтты?") >= CODES
    for reader in READERS:
        monkeypatch.setattr(reader, "not_own", own_words.by_word)
    assert paper("Ол кімге айтты?") == set()


@pytest.mark.parametrize("reader", READERS, ids=lambda one: one.__name__.rpartition(".")[2])
def test_each_reader_counts_for_itself(reader: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "not_own", lambda hits, *_rest, **_more: list(hits))
    assert len(paper()) == 1


def test_what_is_told_of_another_page_excuses_nothing() -> None:
    own = own_words.made().own
    assert paper(own=((), *own)) >= CODES
    assert paper(own=((*own[0], LABEL), *own[1:])) >= CODES  # told once more than it was set


def test_as_many_as_were_set_and_only_words_of_names() -> None:
    assert rules("Кімге: Мысал. Кімге: Үлгі", [LABEL, "Кімге: "]) == []
    assert rules("Кімге: Мысал. Кімге: Үлгі", [LABEL]) == ["name", "name"]
    assert rules("Кімге: Мысал", [LABEL, LABEL]) == ["name"]
    assert rules("Кімге: Мысал", [LABEL, LABEL], beside=("Кімге",)) == []
    assert rules("Сын ақ", ["Сын ақ"]) == []
    assert rules("Сын ақ", ["Сын", "ақ"]) == rules("Сын ақ", []) == ["split-name"]
    assert "number" in rules("870101400121", ["870101400121"], number=True)


def test_an_excused_label_hides_no_name_cut_at_a_lines_end() -> None:
    index = Index([Forbidden("Ким Сынақова", "identity")])
    said = "Кімге: Мысал\nкеше Сына-  \n  қова келді"
    left = not_own(index.search(said), said, [LABEL])
    assert left == []
    assert [hit.rule for hit in text._rejoined(said, index, left, [LABEL])] == ["hyphenated"]
    assert text._rejoined(said, index, index.search(said), [LABEL]) == []


@pytest.mark.parametrize("form", [".csv", ".xlsx"])
def test_the_heading_of_a_table_is_no_finding(form: str) -> None:
    assert table(form, "жиын") == set()
    assert table(form, "жиын", own=False) == {"table.name"}
    assert table(form, "Кімге айтты") == {"table.name"}


@pytest.mark.parametrize("form", [".csv", ".xlsx"])
def test_an_excuse_by_word_would_let_it_through_in_a_table(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: a word of the heading may stand in every cell."""
    monkeypatch.setattr(
        tables, "not_own", lambda hits, text, _own, **_: own_words.by_word(hits, text, own_words.HEADING)
    )
    assert table(form, "Кімге айтты") == set()


def test_what_is_excused_is_the_same_whoever_is_withheld() -> None:
    told = {printed(view_of(*secret, lang=lang)).own for secret in SECRETS for lang in ("ru", "kk")}
    assert len(told) == 2  # one for each language
    assert view_of(*SECRETS[0]).audience is Audience.PUBLIC


def test_the_program_tells_every_word_it_sets_and_nothing_else() -> None:
    """Where the account of a paper is all that somebody wrote, it is all that is not told."""
    made = own_words.made("Жалғыз сөйлем осы.")
    assert any(LABEL in piece for piece in made.own[0])
    assert not any("Жалғыз" in piece or "Тестов" in piece for page in made.own for piece in page)


def told_and_read(lang: str) -> tuple[Counter[str], list[Counter[str]]]:
    """Return the words of every label and term as they were set on paper, and as two readers read them."""
    fields = [one for kind in KINDS.values() for one in kind.fields]
    terms = [term for one in fields if one.vocabulary for term in vocabulary(one.vocabulary).terms]
    labels = [*(kind.label for kind in KINDS.values()), *(one.label for one in fields), *(one.label for one in terms)]
    said = dict.fromkeys(label.to(lang) for label in labels)
    blocks = [flow.row(label, [own_atoms(label, BODY)]) for label in said]
    made = page.printed(flow.fill(blocks, {}, page.BODY_HEIGHT), page.Margins("", "", "", lambda *_: ""), lang=lang)
    by_pypdf = [one.extract_text() for one in pypdf.PdfReader(io.BytesIO(made.pdf)).pages]
    with ALONE:
        document = pypdfium2.PdfDocument(made.pdf)
        by_pdfium = text.page_texts(document)
        document.close()
    told, *read = (
        Counter(f"{number} {word.key}" for number, one in enumerate(pages) for word in words_of(one))
        for pages in (["\n".join(own) for own in made.own], by_pdfium, by_pypdf)
    )
    return told, read


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_no_label_is_read_less_often_than_it_was_set(lang: str) -> None:
    """Else one that was cut would make room for the same word written by hand."""
    told, read = told_and_read(lang)
    assert sum(told.values()) > 2_000
    assert read == [told, told]


def test_the_twin_that_clips_what_is_long_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = page._atom
    monkeypatch.setattr(page, "_atom", lambda canvas, atom, at: honest(canvas, replace(atom, text=atom.text[:20]), at))
    told, read = told_and_read("ru")
    assert told not in read
