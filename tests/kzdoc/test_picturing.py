"""Pictures of a case: looked at, covered, kept as items of their own, and the only ones that go with a paper."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kzdoc import casework, checking, gathering, leaving, picturing, publishing, withholding
from kzdoc.casework import Change
from kzdoc.cli import evidence
from kzdoc.cli.__main__ import main
from kzdoc.cli.frame import sentence
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError
from kzdoc.language import LANGUAGES
from kzdoc.redaction.images import WHOLE, Shape, areas, as_seen, bound, shape
from kzdoc.session import Session
from tests.kzdoc.report.test_images import CANARY, full_of_more, noise, saved
from tests.offices import NAMES, PASSPHRASE, Office

READER = {"template": "case-file", "lang": "ru", "recipient": "Читатели", "purpose": "Доклад", "pack": False}
BOX = shape("box", (2000, 2500, 7000, 6000))


def case(session: Session, folder: Path, data: bytes, *classes: str) -> tuple[bytes, bytes]:
    """Return somebody who agreed to these classes for the public, and an item with this picture about them."""
    person = casework.add(
        session, "person", [Change("name_ru", "set", "Тестов Данияр"), Change("naming_basis", "set", "already_public")]
    )
    casework.add(
        session,
        "consent",
        [
            Change("person", "set", person.hex()),
            Change("audiences", "set", ["public"]),
            Change("classes", "set", list(classes)),
        ],
    )
    file = folder / "Мысалова.jpg"
    file.write_bytes(data)
    (item,) = casework.attach(session, person, [file])
    casework.change(session, item, [Change("title", "set", "Снимок у входа")])
    return person, item


def looked(session: Session, item: bytes, *shapes: Shape) -> picturing.Review:
    """Look at an item's file as it is now and make the new picture."""
    return picturing.review(session, item, shapes, seen=picturing.original_file(session, item)[0])


def goes(session: Session, root: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return the items of the pictures that go with a public paper, and those it waits for."""
    records = gathering.case_of(session, root)
    ready, unseen = picturing.pictures_of(session, records, audience=Audience.PUBLIC, root=root)
    return [one.record for one in ready], list(unseen)


def put_file(session: Session, item: bytes, data: bytes, media: str = "image/png") -> None:
    """Give an item another file."""
    blob = session.blobs.add(io.BytesIO(data), media=media, total=len(data))
    file = {"sha256": blob.sha256.hex(), "size": blob.size, "media": media}
    casework.change(session, item, [Change("file", "set", file)])


def make(session: Session, root: bytes, out: Path, audience: Audience = Audience.PUBLIC) -> dict[str, Any]:
    return publishing.make_report(session, root, out, audience=audience, **READER)  # type: ignore[arg-type]


def test_a_public_paper_waits_until_every_picture_was_looked_at(office: Office, tmp_path: Path) -> None:
    session = office.open()
    root, item = case(session, tmp_path, full_of_more()["jpeg"], "photo", "identity")
    out = tmp_path / "a.pdf"
    with pytest.raises(picturing.UnseenError, match=r"picture\.unreviewed") as waiting:
        make(session, root, out)
    assert waiting.value.records == (item,)
    assert not list(tmp_path.glob("a*"))
    done = looked(session, item, BOX)
    told = make(session, root, out)
    (picture,) = map(Path, told["pictures"])
    assert picture.name == "a-1.png"  # the place is too small for a JPEG to be checked exactly
    assert CANARY not in picture.read_bytes()
    assert Image.open(picture).crop((13, 12, 44, 28)).getextrema() == ((0, 0),) * 3
    assert casework.state(session, done.record).values("derived_from") == [item]
    assert checking.check_report(picture, card=None)["signature"] == "good"
    out.unlink()
    out.with_name("a.pdf.sig").unlink()
    with pytest.raises(InputError, match=r"file\.exists"):
        make(session, root, out)


def test_without_consent_to_pictures_none_goes_and_none_is_waited_for(office: Office, tmp_path: Path) -> None:
    session = office.open()
    root, item = case(session, tmp_path, saved(noise(1), "PNG"), "identity")
    looked(session, item)
    assert make(session, root, tmp_path / "a.pdf")["pictures"] == []


def test_the_new_item_has_nothing_of_where_the_original_came_from(office: Office, tmp_path: Path) -> None:
    session = office.open()
    _, item = case(session, tmp_path, saved(noise(2), "PNG"), "photo")
    done = looked(session, item, BOX)
    made = casework.state(session, done.record)
    assert set(made.fields) == {"title", "about", "derived_from", "file"}
    assert made.value("file")["sha256"] == done.made != done.original
    assert made.value("title") == "Снимок у входа"


def test_looking_again_replaces_the_picture_of_the_same_item(office: Office, tmp_path: Path) -> None:
    session = office.open()
    root, item = case(session, tmp_path, saved(noise(3), "PNG"), "photo", "identity")
    first = looked(session, item)
    second = looked(session, item, BOX)
    assert (first.record, first.made != second.made) == (second.record, True)
    assert picturing.reviews(session)[item, first.original] == second
    (picture,) = make(session, root, tmp_path / "a.pdf")["pictures"]
    assert Image.open(picture).tobytes() == Image.open(io.BytesIO(_made(session, second))).tobytes()


def _made(session: Session, done: picturing.Review) -> bytes:
    return b"".join(session.blobs.read(done.made))


def test_twin_a_paper_that_takes_the_file_as_it_is_would_be_caught(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = office.open()
    root, item = case(session, tmp_path, full_of_more()["jpeg"], "photo", "identity")
    monkeypatch.setattr(picturing, "redacted", lambda data, _shapes, _progress: (data, "jpeg"))
    looked(session, item)
    with pytest.raises(leaving.LeakError, match=r"publication\.leak"):
        make(session, root, tmp_path / "a.pdf")
    assert not list(tmp_path.glob("a*"))


def test_what_is_no_picture_is_refused_and_nothing_is_written(office: Office, tmp_path: Path) -> None:
    session = office.open()
    person, item = case(session, tmp_path, b"not a picture", "photo")
    for record, code in ((item, "picture.unknown"), (person, "picture.none")):
        with pytest.raises(InputError) as refused:
            looked(session, record)
        assert refused.value.code == code
    assert picturing.reviews(session) == {}
    assert len(session.blobs.all()) == 1


def test_one_photo_in_two_cases_is_two_pictures(office: Office, tmp_path: Path) -> None:
    session = office.open()
    data = saved(noise(5), "PNG")
    (first, one), (second, other) = (case(session, tmp_path, data, "photo", "identity") for _ in range(2))
    left, right = shape("box", (0, 0, 5000, 10000)), shape("box", (5000, 0, 10000, 10000))
    of_one = looked(session, one, right)
    assert goes(session, second) == ([], [other]), "nobody has looked at it for this case"
    of_other = looked(session, other, left)
    assert goes(session, first) == ([of_one.record], [])
    assert goes(session, second) == ([of_other.record], [])
    assert casework.state(session, of_one.record).value("file")["sha256"] == of_one.made != of_other.made


def _withdrawn(session: Session, person: bytes, item: bytes) -> None:
    said = {"person": person.hex(), "about": [item.hex()], "audiences": ["public"], "classes": ["photo"]}
    days = {"given_on": "2020-01-01", "withdrawn_on": "2020-02-01"}
    casework.add(session, "consent", [Change(name, "set", value) for name, value in (said | days).items()])


def _also_about_another(session: Session, _: bytes, item: bytes) -> None:
    other = casework.add(session, "person", [Change("name_ru", "set", "Мысалов Ғалым")])
    casework.change(session, item, [Change("about", "add", other.hex())])


SAID_LATER: dict[str, Callable[[Session, bytes, bytes], object]] = {
    "withdrawn": _withdrawn,
    "another": _also_about_another,
    "removed": lambda session, _, item: casework.remove(session, item, "отозван"),
    "withheld": lambda session, _, item: withholding.withhold(session, item, [], "not_shared"),
    "replaced": lambda session, _, item: put_file(session, item, saved(noise(8), "PNG")),
}


@pytest.mark.parametrize("later", sorted(SAID_LATER))
def test_what_is_said_of_the_original_reaches_its_picture(office: Office, tmp_path: Path, later: str) -> None:
    session = office.open()
    root, item = case(session, tmp_path, saved(noise(6), "PNG"), "photo", "identity")
    done = looked(session, item)
    assert goes(session, root) == ([done.record], [])
    SAID_LATER[later](session, root, item)
    assert goes(session, root) == ([], [item] if later == "replaced" else [])


def test_forgetting_a_photo_forgets_the_picture_made_from_it(office: Office, tmp_path: Path) -> None:
    session = office.open()
    root, item = case(session, tmp_path, saved(noise(7), "PNG"), "photo", "identity")
    before = withholding.foresee_forgetting(session, item)
    done = looked(session, item, BOX)
    told = withholding.foresee_forgetting(session, item)
    made = len(casework.state(session, done.record).fields)
    assert (told["statements"], told["files"]) == (before["statements"] + made, 2)
    assert withholding.forget(session, item, [], leave_texts=False) == told["statements"]
    assert picturing.reviews(session) == {}
    assert session.blobs.get(done.made) is None
    assert not casework.state(session, done.record).fields
    assert goes(session, root) == ([], [])


def test_forgetting_the_file_alone_leaves_no_file_made_from_it(office: Office, tmp_path: Path) -> None:
    session = office.open()
    _, item = case(session, tmp_path, saved(noise(11), "PNG"), "photo", "identity")
    done = looked(session, item, BOX)
    casework.remove(session, done.record, "ескі")
    withholding.forget(session, item, ["file"], leave_texts=False)
    assert session.blobs.get(done.made) is None
    assert casework.state(session, done.record).value("title") == "Снимок у входа"
    assert picturing.reviews(session) == {}


def test_a_picture_replaced_since_it_was_looked_at_is_not_made(office: Office, tmp_path: Path) -> None:
    session = office.open()
    root, item = case(session, tmp_path, saved(noise(9), "PNG"), "photo", "identity")
    _, _, seen = picturing.page(session, item)
    put_file(session, item, saved(noise(10), "PNG"))
    with pytest.raises(InputError, match=r"picture\.changed"):
        picturing.review(session, item, [], seen=seen)
    assert (picturing.reviews(session), goes(session, root)) == ({}, ([], [item]))


def test_the_form_of_a_picture_is_read_from_its_bytes(office: Office, tmp_path: Path) -> None:
    session = office.open()
    root, item = case(session, tmp_path, saved(noise(12), "PNG"), "photo", "identity")
    done = looked(session, item)
    put_file(session, done.record, _made(session, done), "image/x-png")
    records = gathering.case_of(session, root)
    (ready,), _ = picturing.pictures_of(session, records, audience=Audience.PUBLIC, root=root)
    assert ready.form == "png"


def test_pixels_typed_cover_every_pixel_they_name() -> None:
    whole = 30_000
    for first in (1, 2, 4999, 7001):
        one = evidence._shape("box", f"{first},0,{first + 100},10", lambda _: (whole, 100))
        assert one.left * whole <= first * WHOLE
        assert one.right * whole >= (first + 100) * WHOLE


def test_a_shape_outside_the_picture_is_told_with_its_size() -> None:
    with pytest.raises(InputError, match=r"picture\.outside") as refused:
        evidence._shape("box", "5000,5000,6000,6000", lambda _: (1600, 1200))
    assert (refused.value.params["width"], refused.value.params["height"]) == (1600, 1200)


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "300,80,120,240", "10%,5%,x%,25%"])
def test_a_malformed_shape_is_told_with_examples_that_are_read(text: str) -> None:
    with pytest.raises(InputError, match=r"picture\.shape") as refused:
        evidence._shape("box", text, lambda _: (1600, 1200))
    for lang in LANGUAGES:
        told = sentence(refused.value, lang)
        for example in ("120,80,300,240", "10%,5%,30%,25%@2"):
            assert example in told
            assert evidence._shape("box", example, lambda _: (1600, 1200)).page == example.count("@")


def test_by_the_command_line(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = office.open()
    root, item = case(session, tmp_path, saved(noise(4, 200, 100), "PNG"), "photo", "identity")
    session.close()
    office.opened.clear()
    key = tmp_path / "passphrase"
    key.write_text(PASSPHRASE, encoding="utf-8")
    vault = [str(office.folder / NAMES[0]), "--passphrase-file", str(key), "--json"]
    assert main(["evidence", "waiting", *vault, "--record", root.hex(), "--profile", "public"]) == 0
    assert json.loads(capsys.readouterr().out) == {"id": item.hex(), "title": "Снимок у входа"}
    boxes = ["--box", "10%,20%,30%,40%", "--ellipse", "100,50,200,100"]
    assert main(["evidence", "redact", *vault, item.hex(), *boxes]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["from"], told["shapes"]) == (item.hex(), 2)
    assert main(["evidence", "waiting", *vault, "--record", root.hex(), "--profile", "public"]) == 0
    assert capsys.readouterr().out == ""
    again = office.open()
    kept = picturing.reviews(again)
    (review,) = kept.values()
    assert [(one.how, one.left, one.bottom) for one in review.shapes] == [("box", 1000, 4000), ("ellipse", 5000, 10000)]


def test_what_a_person_looked_at_is_what_leaves(office: Office, tmp_path: Path) -> None:
    session = office.open()
    root, item = case(session, tmp_path, saved(noise(3, 3000, 600), "PNG"), "photo", "identity")
    shown = as_seen(picturing.page(session, item)[0])
    assert shown.size == (2000, 400)
    looked(session, item)
    told = make(session, root, tmp_path / "a.pdf")
    assert Image.open(told["pictures"][0]).tobytes() == shown.tobytes()
    looked(session, item, BOX)
    with Image.open(make(session, root, tmp_path / "b.pdf")["pictures"][0]) as made:
        left, top, right, bottom = areas([BOX], 0, made.size)[0]
        assert made.size == (2000, 400)
        assert made.crop((left, top, right, bottom)).getextrema() == ((0, 0),) * 3
        assert made.crop((0, 0, left - 8, 400)).tobytes() == shown.crop((0, 0, left - 8, 400)).tobytes()


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_twin_a_picture_whose_cover_is_forgotten_is_stopped(
    form: str, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = office.open()
    data = saved(noise(4, 300, 200), "PNG") if form == "png" else bound([noise(4, 300, 200)], 150)
    root, item = case(session, tmp_path, data, "photo", "identity")
    honest = picturing.redacted
    monkeypatch.setattr(picturing, "redacted", lambda data, _shapes, progress: honest(data, [], progress))
    looked(session, item, BOX)
    with pytest.raises(leaving.LeakError) as refused:
        make(session, root, tmp_path / "a.pdf")
    assert {one.rule for one in refused.value.findings} == {"picture.seen-through"}
    assert not list(tmp_path.glob("a*"))


def test_the_name_of_a_file_is_no_title_and_stands_in_no_paper(office: Office, tmp_path: Path) -> None:
    session = office.open()
    person = casework.add(
        session, "person", [Change("name_ru", "set", "Тестов Данияр"), Change("naming_basis", "set", "already_public")]
    )
    taken = tmp_path / "IMG_20240305_031522.jpg"
    taken.write_bytes(b"no picture")
    (item,) = casework.attach(session, person, [taken])
    assert session.records.record(item).value("title") is None
    assert picturing.title_of(session.records.record(item)) == taken.name
    asked = {name: value for name, value in READER.items() if name != "pack"}
    paper = publishing.preview(session, person, audience=Audience.PUBLIC, **asked)
    assert "evidence_item" in {record.kind for record in paper.view.records}
    assert not any("2024" in text for text in paper.view.texts())
