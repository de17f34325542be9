"""A whole field office through actions: what the command line and the desk both call, without either.

Two monitors record one case, the coordinator merges, settles and publishes; one monitor's vault is restored from a
backup in between; in the end all three hold the same and every check is good. Everybody here is invented.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from kzdoc import casework, checking, importing, oversight, publishing, withholding
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.exchange import incoming, outgoing, receipting
from kzdoc.vault.check import state_hash
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES
CASE = [
    {"kind": "person", "ref": "p", "fields": {"name_kk": "Тестов Данияр", "aliases": ["Дан"], "born": "1980"}},
    {"kind": "event", "fields": {"title": "Митинг", "date": "2020-02-22", "persons": ["@p"]}},
    {"kind": "status_event", "fields": {"person": "@p", "date": "2020-03", "status": "sentenced"}},
]


def send(source: Session, folder: Path, *to: str) -> Path:
    """Make a bundle with a new name."""
    out = folder / f"{source.name}-{len(list(folder.iterdir()))}.kzb"
    outgoing.make_bundle(source, to, out, audience=Audience.INTERNAL)
    return out


def receipted(reader: Session, sender: Session, file: Path) -> dict[str, Any]:
    """Take a bundle in and bring the receipt back."""
    told = incoming.take(reader, [file])
    receipting.take_receipt(sender, receipting.make_receipt(reader, [file]))
    return told


def test_an_office_ends_with_one_truth(office: Office, tmp_path: Path) -> None:
    post = tmp_path / "post"
    post.mkdir()
    a, b, c = office.all()
    done = importing.take_file(a, json.dumps(CASE).encode(), name=".json", kind_id=None, columns={}, preview=False)
    person = bytes.fromhex(done["ids"][0])
    shared = send(a, post, B, C)
    assert [receipted(reader, a, shared)["new"] for reader in (b, c)] == [3, 3]
    head = oversight.head(a)
    oversight.backup(a, tmp_path / "backup")

    casework.change(a, person, [Change("born", "set", "1981"), Change("aliases", "add", "Дәке")])
    casework.change(b, person, [Change("born", "set", "1979"), Change("aliases", "take", "Дан")])
    assert receipted(c, a, send(a, post, C))["conflicts"] == 0
    assert receipted(c, b, send(b, post, C))["conflicts"] == 1

    author = a.author
    a.close()
    shutil.rmtree(office.folder / A)
    oversight.restore_backup(tmp_path / "backup", office.folder / A)
    a = office.open(A)
    assert a.author == author
    assert oversight.check(a, head=head)["head"] == "extends"
    casework.change(a, person, [Change("occupation", "set", "мұғалім")])
    assert incoming.take(c, [send(a, post, C)])["standing"] == "copied"

    (conflict,) = casework.conflicts(c)
    assert [one["value"] for one in conflict["values"]] == ["1979", "1981"]
    casework.settle(c, person, "born", value="1980-03")
    for reader in (a, b):
        incoming.take(reader, [send(c, post, reader.name)])
    assert len({state_hash(session.vault) for session in (a, b, c)}) == 1
    fields = casework.plain(casework.state(a, person))["fields"]
    assert fields == {
        "name_kk": "Тестов Данияр",
        "born": "1980-03",
        "aliases": ["Дәке"],
        "occupation": "мұғалім",
    }
    for session in (a, b, c):
        assert session.vault.chains.forks() == []
        assert oversight.check(session, head=None)["result"] == "good"
    publish(c, person, tmp_path)


def publish(session: Session, person: bytes, folder: Path) -> None:
    """Publish the case, take words back, and see that the next paper has them no more."""

    def paper(name: str) -> dict[str, Any]:
        return publishing.make_report(
            session, person, folder / name, template="case-file", audience=Audience.INTERNAL,
            lang="kk", recipient="", purpose="", pack=False,
        )  # fmt: skip

    whole = paper("1.pdf")
    before = state_hash(session.vault)
    assert withholding.withhold(session, person, ["occupation"], "келісім қайтарылды") == 1
    assert casework.find(session, "мұғалім") == []
    assert paper("2.pdf")["shown"] < whole["shown"]
    assert withholding.restore(session, person) == 1
    assert state_hash(session.vault) == before
    assert paper("3.pdf")["sha256"] == whole["sha256"], "the same truth makes the same bytes"
    for name in ("1.pdf", "2.pdf", "3.pdf"):
        assert checking.check_report(folder / name, card=None)["signature"] == "good"
