"""Pictures of a case: looked at, covered, kept as items of their own, and the only ones that go with a paper."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kzdoc import casework, checking, picturing, publishing
from kzdoc.casework import Change
from kzdoc.cli.__main__ import main
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError
from kzdoc.redaction.images import shape
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
    done = picturing.review(session, item, [BOX])
    told = make(session, root, out)
    (picture,) = map(Path, told["pictures"])
    assert picture.name == "a-1.jpeg"
    assert CANARY not in picture.read_bytes()
    assert Image.open(picture).convert("YCbCr").getchannel(0).crop((16, 16, 40, 24)).getextrema()[1] <= 4
    assert casework.state(session, done.record).values("derived_from") == [item]
    assert checking.check_report(picture, card=None)["signature"] == "good"
    out.unlink()
    out.with_name("a.pdf.sig").unlink()
    with pytest.raises(InputError, match=r"file\.exists"):
        make(session, root, out)


def test_without_consent_to_pictures_none_goes_and_none_is_waited_for(office: Office, tmp_path: Path) -> None:
    session = office.open()
    root, item = case(session, tmp_path, saved(noise(1), "PNG"), "identity")
    picturing.review(session, item, [])
    assert make(session, root, tmp_path / "a.pdf")["pictures"] == []


def test_the_new_item_has_nothing_of_where_the_original_came_from(office: Office, tmp_path: Path) -> None:
    session = office.open()
    _, item = case(session, tmp_path, saved(noise(2), "PNG"), "photo")
    done = picturing.review(session, item, [BOX])
    made = casework.state(session, done.record)
    assert set(made.fields) == {"title", "about", "derived_from", "file"}
    assert made.value("file")["sha256"] == done.made != done.original
    assert made.value("title") == "Снимок у входа"


def test_looking_again_replaces_the_picture_of_the_same_item(office: Office, tmp_path: Path) -> None:
    session = office.open()
    root, item = case(session, tmp_path, saved(noise(3), "PNG"), "photo", "identity")
    first = picturing.review(session, item, [])
    second = picturing.review(session, item, [BOX])
    assert (first.record, first.made != second.made) == (second.record, True)
    assert picturing.reviews(session)[first.original] == second
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
    picturing.review(session, item, [])
    with pytest.raises(publishing.LeakError, match=r"publication\.leak"):
        make(session, root, tmp_path / "a.pdf")
    assert not list(tmp_path.glob("a*"))


def test_what_is_no_picture_is_refused_and_nothing_is_written(office: Office, tmp_path: Path) -> None:
    session = office.open()
    person, item = case(session, tmp_path, b"not a picture", "photo")
    for record, code in ((item, "picture.unknown"), (person, "picture.none")):
        with pytest.raises(InputError) as refused:
            picturing.review(session, record, [])
        assert refused.value.code == code
    assert picturing.reviews(session) == {}
    assert len(session.blobs.all()) == 1


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
