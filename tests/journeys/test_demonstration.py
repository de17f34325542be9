"""The demonstration, whole: what `make demo` does, judged by tools that are not ours."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from kzdoc import checking, demonstration
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError
from kzdoc.leakcheck.check import check_pdf
from kzdoc.leakcheck.finding import Forbidden
from kzdoc.resources import resource


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> demonstration.Demonstration:
    return demonstration.run(tmp_path_factory.mktemp("demo") / "office", say=lambda _: None, lang="ru")


def pdfs(done: demonstration.Demonstration) -> list[Path]:
    return sorted(done.folder.rglob("*.pdf"))


def test_every_step_is_good_and_told_in_three_languages(done: demonstration.Demonstration) -> None:
    assert done.good
    assert done.numbers["conflicts"] == 1
    assert done.numbers["conflicts-left"] == 0
    assert done.numbers["assessments"] == "18 + 2 + 2"
    assert done.numbers["records"] >= 150
    assert done.numbers["vault"] == "good"
    for lang in ("en", "ru", "kk"):
        assert "demo." not in done.table(lang)


def test_every_pdf_in_the_folder_is_a_signed_publication(done: demonstration.Demonstration) -> None:
    card = done.folder / "cards" / "coordinator.card"
    assert len(pdfs(done)) == 6
    for file in pdfs(done):
        assert checking.check_report(file, card=card)["signature"] == "good"


def test_other_tools_find_every_pdf_clean(done: demonstration.Demonstration) -> None:
    for file in pdfs(done):
        subprocess.run(["qpdf", "--check", str(file)], check=True, capture_output=True)
        fonts = subprocess.run(["pdffonts", str(file)], check=True, capture_output=True, text=True).stdout
        rows = [line.split() for line in fonts.splitlines()[2:]]
        assert rows
        assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows), fonts
        text = subprocess.run(["pdftotext", str(file), "-"], check=True, capture_output=True, text=True).stdout
        assert "\ufffd" not in text
        assert "Бокаев" in text or "Bokayev" in text


def names_of(file: Path) -> list[str]:
    """Return the names of the people in a file of records."""
    records = json.loads(file.read_text(encoding="utf-8"))
    people = [record["fields"] for record in records if record["kind"] == "person"]
    return [str(one[name]) for one in people for name in ("name_ru", "name_kk", "name_latin") if name in one]


def test_no_invented_person_is_in_a_public_paper_in_any_form(done: demonstration.Demonstration) -> None:
    forbidden = [Forbidden(name, "identity") for name in names_of(resource(*demonstration.INVENTED))]
    public = [name for file in resource(*demonstration.PUBLIC_RECORD).glob("*.json") for name in names_of(file)]
    assert len(forbidden) >= 5
    for file in pdfs(done):
        found = check_pdf(file.read_bytes(), forbidden=forbidden, view_text=None, shown=public)
        if Audience.PUBLIC.value in file.name:
            assert found == []
        else:
            assert found, "an internal paper names the witnesses; a check that finds none there is blind"


def test_it_never_writes_over_an_earlier_run(done: demonstration.Demonstration) -> None:
    with pytest.raises(InputError) as error:
        demonstration.run(done.folder, say=lambda _: None, lang="en")
    assert error.value.code == "demo.folder-in-use"
