"""`record seal`, `add-sealed`, `open`, `outbox`, `vault travel`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kzdoc.direct import DirectForm
from kzdoc.filling import Draft
from tests.kzdoc.cli.conftest import Do, call
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES
TO = ("--to", B, "--to", C)


def test_sealed_written_opened_and_receipted(office: Office, do: Do, tmp_path: Path) -> None:
    record = do("record", "add", "VAULT", "testimony", "text=құпиясөз").out.strip()
    seen = do("record", "seal", "VAULT", record, *TO, "--preview", "--json").document
    assert (seen["statements"], seen["to"]) == (1, [B, C])
    assert do("record", "seal", "VAULT", record, "--to", C).code == "seal.one-key"
    done = do("record", "seal", "VAULT", record, *TO, "--label", "Бірінші", "--json").document
    assert (done["number"], done["records"]) == (1, [record])
    assert do("record", "show", "VAULT", record, "--json").document["fields"] == {}
    assert do("record", "find", "VAULT", "құпиясөз", "--json").rows == []
    (row,) = do("outbox", "list", "VAULT", "--json").rows
    assert (row["state"], row["label"]) == ("waiting", "Бірінші")
    assert do("outbox", "write", "VAULT", "7", "-o", "sealed.bin").code == "outbox.unknown"
    assert do("outbox", "write", "VAULT", "1", "-o", str(office.folder / A)).code == "file.in-vault"
    assert do("outbox", "write", "VAULT", "1", "-o", "sealed.bin", "--json").document == {"files": ["sealed.bin"]}
    assert do("outbox", "write", "VAULT", "1", "-o", "sealed.bin").code == "file.exists"
    assert do("record", "open", "VAULT", "sealed.bin").code == "bundle.not-for-you"
    b = office.open(B)
    assert call(b, "record", "open", "VAULT", "sealed.bin", "--json").document["refused"] == []
    assert call(b, "record", "show", "VAULT", record, "--json").document["fields"] == {"text": "құпиясөз"}
    assert call(b, "receipt", "make", "VAULT", "sealed.bin", "-o", "receipt").status == 0
    assert do("outbox", "clear", "VAULT", "--json").document == {"cleared": 0}
    assert do("receipt", "take", "VAULT", "receipt").status == 0
    assert "receipted" in do("outbox", "list", "VAULT").out
    assert do("outbox", "clear", "VAULT", "--json").document == {"cleared": 1}
    assert do("outbox", "write", "VAULT", "1", "-o", "again.bin").code == "outbox.gone"


def test_written_sealed_from_the_start(office: Office, do: Do, tmp_path: Path) -> None:
    record = do("record", "add-sealed", "VAULT", "testimony", "text=құпиясөз", *TO).out.strip()
    shown = do("record", "show", "VAULT", record, "--json").document
    assert (shown["kind"], shown["fields"]) == ("testimony", {})
    do("outbox", "write", "VAULT", "1", "-o", "sealed.bin")
    b = office.open(B)
    call(b, "record", "open", "VAULT", "sealed.bin")
    assert call(b, "record", "show", "VAULT", record, "--json").document["fields"] == {"text": "құпиясөз"}
    assert do("record", "add-sealed", "VAULT", "testimony", *TO).code == "record.empty"


def test_a_form_that_was_cut_short_opens_at_headquarters(
    office: Office, do: Do, session: Session, tmp_path: Path
) -> None:
    form = DirectForm(session, [B, C])
    form.keep(Draft(form.id, "testimony", b"", "", {"text": "құпиясөз"}))
    form.close()
    (row,) = do("outbox", "list", "VAULT", "--json").rows
    assert row["state"] == "draft"
    do("outbox", "write", "VAULT", row["draft"], "-o", "form.bin")
    assert do("record", "open", "VAULT", "form.bin").code == "direct.not-for-you"
    told = call(office.open(B), "record", "open", "VAULT", "form.bin", "--json").document
    assert (told["kind"], told["typed"]) == ("testimony", {"text": "құпиясөз"})


def test_travelling_light(office: Office, do: Do, tmp_path: Path) -> None:
    record = do("record", "add", "VAULT", "event", "title=Митинг").out.strip()
    assert do("vault", "travel", "VAULT").code == "travel.no-receipt"
    do("bundle", "make", "VAULT", "--to", C, "--profile", "internal", "-o", "bundle.bin")
    c = office.open(C)
    call(c, "bundle", "take", "VAULT", "bundle.bin")
    call(c, "receipt", "make", "VAULT", "bundle.bin", "-o", "receipt")
    do("receipt", "take", "VAULT", "receipt")
    later = do("record", "add", "VAULT", "event", "title=Кейін").out.strip()
    seen = do("vault", "travel", "VAULT", "--preview", "--json").document
    assert (seen["withheld"], [one["id"] for one in seen["kept"]]) == (1, [later])
    assert do("vault", "travel", "VAULT", "--no-passphrase").code == "travel.no-way-back"
    done = do("vault", "travel", "VAULT", "--to", C, "--json").document
    assert done == seen | {"clean_up_due": False}
    assert do("record", "show", "VAULT", record, "--json").document["fields"] == {}
    call(c, "bundle", "make", "VAULT", "--to", A, "--profile", "internal", "--again", "-o", "back.bin")
    do("bundle", "take", "VAULT", "back.bin")
    assert do("record", "show", "VAULT", record, "--json").document["fields"] == {"title": "Митинг"}
