from __future__ import annotations

import io

import pikepdf
import pytest

from kzdoc.leakcheck.check import check_pdf
from kzdoc.leakcheck.finding import Finding, Forbidden
from kzdoc.leakcheck.index import Index
from kzdoc.report.render import render
from tests.kzdoc.leakcheck import twins
from tests.kzdoc.report import cases

FORBIDDEN = (
    Forbidden(twins.SECRET, "identity"),
    Forbidden(twins.IIN, "identity", number=True),
    Forbidden(twins.PHONE, "contact", number=True),
    Forbidden("ayshe.canary@example.org", "contact", number=True),
    Forbidden("4f1d2c3b5a69788796a5b4c3d2e1f001", "work", number=True),
)
TITLES = ["Тестов Данияр", "Хронология"]


def check(data: bytes, known: list[str] | None = None) -> list[Finding]:
    return check_pdf(data, forbidden=FORBIDDEN, view_text=TITLES if known is None else known)


def rules(data: bytes) -> set[str]:
    return {finding.rule for finding in check(data)}


def narrated(text: str) -> bytes:
    return render(cases.russian_case(text))


@pytest.fixture(scope="module")
def clean() -> bytes:
    return render(cases.russian_case())


@pytest.mark.parametrize("case", [cases.russian_case, cases.kazakh_case, cases.english_case])
def test_a_clean_paper_gives_no_finding(case) -> None:
    view = case()
    title = "".join(part for part in view.records[0].title.parts if isinstance(part, str))
    assert check(render(view), [title]) == []


def test_a_file_written_anew_is_noticed_only_by_its_form(clean: bytes) -> None:
    names = {finding.sensitivity for finding in check(twins.spoiled(clean, twins.nothing))}
    assert names <= {""}


@pytest.mark.parametrize("name", twins.STRUCTURE)
def test_each_twin_is_caught_by_its_rule(clean: bytes, name: str) -> None:
    spoil, rule = twins.STRUCTURE[name]
    control = rules(twins.spoiled(clean, twins.nothing))
    assert rule not in control
    assert rule in rules(twins.spoiled(clean, spoil))


@pytest.mark.parametrize("name", twins.WITH_THE_NAME)
def test_the_class_of_what_leaked_is_said(clean: bytes, name: str) -> None:
    findings = check(twins.spoiled(clean, twins.WITH_THE_NAME[name]))
    assert "identity" in {finding.sensitivity for finding in findings}


def test_second_revision(clean: bytes) -> None:
    first = narrated(f"Об этом рассказала {twins.SECRET}.")
    second = first + clean[clean.index(b"\n1 0 obj") :]
    assert "streams.revision" in rules(second)


def test_bytes_after_the_end(clean: bytes) -> None:
    assert "streams.after-end" in rules(clean + b"% a")


def test_unreferenced_object(clean: bytes) -> None:
    body = twins.SECRET.encode("utf-16-be").hex().encode()
    found = rules(twins.with_object(clean, b"<feff" + body + b">", listed=True))
    assert {"streams.unreferenced", "streams.string"} <= found


def test_object_that_no_table_lists(clean: bytes) -> None:
    found = check(twins.with_object(clean, b"(" + twins.SECRET.encode() + b")", listed=False))
    assert "streams.hidden-object" in {finding.rule for finding in found}
    assert "identity" in {finding.sensitivity for finding in found}


def test_object_only_in_an_object_stream(clean: bytes) -> None:
    found = rules(twins.spoiled(clean, twins.bookmark, object_streams=True))
    assert {"streams.object-stream", "streams.string"} <= found


FORMS = {
    "nominative": "Об этом рассказала Сынақова Айгүл.",
    "Russian spelling": "Об этом рассказала Сынакова Айгуль.",
    "genitive": "Это рассказ Сынаковой.",
    "dative": "Позвонили Сынаковой Айгуль.",
    "first name alone": "Айгүл ушла домой.",
    "Kazakh genitive": "Сынақованың айтқаны осы.",
    "Kazakh ablative": "Айгүлден сұрадық.",
    "Kazakh plural": "Сынақовалар келді.",
    "Kazakh with": "Айгүлмен сөйлестік.",
    "Latin": "Synakova Aigul told us.",
    "passport Latin": "SYNAKOVA AIGUL",
    "possessive": "It was Synakova’s flat.",
    "capitals": "СЫНАҚОВА",
    "homoglyphs": "Cынaкoвa ушла.",
    "hyphenated": "Рассказала Сына-\nкова вечером.",
    "cut by a space": "Рассказала Сына кова вечером.",
    "letter by letter": "Рассказала С ы н а к о в а вечером.",
    "compound": "Это была Сынакова-апай.",
    "initials": "А. Сынакова",
    "soft hyphen": "Рассказала Сы\u00adна\u00adкова.",
    "no-break space": "А.\u00a0Сынакова",
    "IIN": "ИИН 870101400121.",
    "IIN split by spaces": "ИИН 870101 400 121.",
    "IIN with dashes": "ИИН 870101-400121.",
    "IIN with lookalikes": "ИИН 87О1О14ОО12l.",
    "phone": "тел. 8 (701) 000-11-22",
    "phone, other form": "тел. +77010001122",
    "e-mail": "Писать на ayshe.canary@example.org",
    "id of the vault": "Запись 4f1d2c3b5a69788796a5b4c3d2e1f001",
    "unsalted digest": "Отпечаток 9f2f9cd1 нет",
}


@pytest.mark.parametrize("name", [name for name in FORMS if name != "unsalted digest"])
def test_each_form_in_the_text_is_found(name: str) -> None:
    found = check(narrated(FORMS[name]))
    assert [finding for finding in found if finding.sensitivity and finding.rule.startswith("text.")]


def test_unsalted_digest_of_a_name() -> None:
    import hashlib

    digest = hashlib.sha256(twins.SECRET.encode()).hexdigest()
    assert "text.digest" in rules(narrated(f"Отпечаток {digest}"))


@pytest.mark.parametrize(
    "text",
    [
        "Он спросил, за что его задерживают.",
        "Сын ушёл, а синица осталась. Айва и гул улиц.",
        "Номер 870101 не полный.",
        "Сколько стоит 87 0101?",
    ],
)
def test_other_words_are_left_alone(text: str) -> None:
    assert check(narrated(text)) == []


def test_a_blind_check_says_so(clean: bytes) -> None:
    assert "leakcheck.blind" in {finding.rule for finding in check(clean, ["Этих слов здесь нет"])}


def test_without_readable_text_the_check_is_blind(clean: bytes) -> None:
    def forget(pdf: pikepdf.Pdf) -> None:
        for font in pdf.pages[0].obj.Resources.Font.values():
            del font.ToUnicode
            font.Encoding = pikepdf.Dictionary(Type=pikepdf.Name.Encoding, Differences=[0, *[pikepdf.Name.g1] * 120])

    assert "leakcheck.blind" in rules(twins.spoiled(clean, forget))


def test_a_page_without_text_is_a_finding(clean: bytes) -> None:
    found = check(twins.spoiled(clean, lambda pdf: pdf.add_blank_page(page_size=(595, 842))))
    assert "leakcheck.blind" in {finding.rule for finding in found}


def test_no_finding_holds_the_secret(clean: bytes) -> None:
    data = twins.spoiled(narrated(f"Рассказала {twins.SECRET}, {twins.IIN}"), twins.info_title)
    said = repr(check(data))
    assert not [part for part in (*twins.SECRET.split(), twins.IIN, "Synakova") if part in said]


def test_a_finding_says_where() -> None:
    finding = next(item for item in check(narrated("Рассказала Сынакова.")) if item.rule == "text.name")
    left, bottom, right, top = finding.box
    assert finding.page == 1
    assert 60 < left < right < 535
    assert 60 < bottom < top < 790


def test_a_relative_with_a_shown_surname_counts_only_by_the_whole_name() -> None:
    brother = [Forbidden("Тестов Марат", "identity")]
    paper = narrated("Тестова увезли, его отпустили.")
    known = {"view_text": TITLES, "shown": ["Тестов Данияр"]}
    assert check_pdf(paper, forbidden=brother, **known) == []
    assert check_pdf(narrated("Увезли и Тестова Марата."), forbidden=brother, **known)
    assert check_pdf(narrated("Увезли и Марата."), forbidden=brother, **known)
    assert check_pdf(paper, forbidden=brother, view_text=TITLES)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"PK\x03\x04", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"])
def test_what_cannot_be_read_is_a_finding(data: bytes) -> None:
    assert check(data)


def test_damaged_files_never_pass_and_never_raise(clean: bytes) -> None:
    for at in range(0, len(clean), 997):
        assert check(clean[:at])


def test_the_twins_are_readable_files(clean: bytes) -> None:
    for spoil, _ in twins.STRUCTURE.values():
        with pikepdf.open(io.BytesIO(twins.spoiled(clean, spoil))) as pdf:
            assert len(pdf.pages) >= 1


@pytest.mark.parametrize("beside", ["", "Straße, ", "İlyas, ", "ﬁle "])
def test_a_letter_that_folds_to_two_hides_no_identifier(beside: str) -> None:
    text = f"{beside}паспорт N 12345678"
    [hit] = Index([Forbidden("N12345678", "identity", number=True)]).search(text)
    assert text[hit.start : hit.end] == "N 12345678"
