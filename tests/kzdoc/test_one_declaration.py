"""One declaration drives everything: a field added in one line is found in every place that reads the declaration.

The form is looked at in tests/ui; here: the list, search, CSV, the paper, redaction, validation and docs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from kzdoc import casework, exporting, publishing
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS, register_for_test
from kzdoc.domain.describe import kind_as_json, kinds_markdown
from kzdoc.domain.field import Field, Kind, Sensitivity, Type
from kzdoc.errors import InputError
from kzdoc.language import Text
from kzdoc.session import Session
from tests.offices import Office

LABEL = Text("Shoe size as told", "Размер обуви со слов", "Айтқан аяқ киім өлшемі")
WORD = "сорокпервый"


def with_field(sensitivity: Sensitivity | None) -> Kind:
    field = Field("shoe_size", Type.TEXT, sensitivity, LABEL, listed=True, facet=True)
    return replace(KINDS["person"], fields=(*KINDS["person"].fields, field))


@pytest.fixture
def added() -> Iterator[Kind]:
    with register_for_test(with_field(Sensitivity.OPEN)) as kind:
        yield kind


def person(session: Session) -> bytes:
    fields = {"name_ru": "Тестов Данияр", "naming_basis": "already_public", "shoe_size": WORD}
    return casework.add(session, "person", [Change(name, "set", value) for name, value in fields.items()])


def paper_text(session: Session, record: bytes, audience: Audience) -> str:
    paper = publishing.preview(
        session, record, template="case-file", audience=audience, lang="ru", recipient="Читатели", purpose="Проверка"
    )
    document = pypdfium2.PdfDocument(paper.pdf)
    text = "\n".join(document[number].get_textpage().get_text_bounded() for number in range(len(document)))
    document.close()
    return text


def test_a_field_added_in_one_line_is_found_everywhere(added: Kind, office: Office, tmp_path: Path) -> None:
    session = office.open()
    record = person(session)
    listed = list(casework.listing(session, "person", {"shoe_size": WORD}))
    assert [row["id"] for row in listed] == [record.hex()]
    assert [row["id"] for row in casework.find(session, "сорокперв")] == [record.hex()]
    table = tmp_path / "people.csv"
    exporting.export_table(
        session, "person", table, audience=Audience.PUBLIC, recipient="Читатели", purpose="Проверка", lang="kk"
    )
    assert LABEL.kk in table.read_text(encoding="utf-8-sig")
    assert WORD in table.read_text(encoding="utf-8-sig")
    assert WORD in paper_text(session, record, Audience.PUBLIC)
    assert "shoe_size" in [field["name"] for field in kind_as_json(added, "en")["fields"]]
    assert "shoe_size" in kinds_markdown()


def test_its_class_decides_who_sees_it(office: Office) -> None:
    with register_for_test(with_field(Sensitivity.CONTACT)):
        session = office.open()
        record = person(session)
        assert WORD not in paper_text(session, record, Audience.PUBLIC)
        assert WORD in paper_text(session, record, Audience.INTERNAL)


def test_a_field_without_a_class_is_withheld_from_everybody(office: Office) -> None:
    with register_for_test(with_field(None)):
        session = office.open()
        record = person(session)
        for audience in Audience:
            assert WORD not in paper_text(session, record, audience)


def test_without_the_line_nobody_knows_the_field(office: Office) -> None:
    with pytest.raises(InputError) as error:
        person(office.open())
    assert error.value.code == "field.unknown"
