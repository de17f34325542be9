"""What people do with partners: trust, bundles out and in, receipts, conflicts on several desks."""

from __future__ import annotations

import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework, oversight
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.errors import BundleError, InputError, KzdocError, PublicationError
from kzdoc.exchange import incoming, outgoing, quarantine, receipting, trust
from kzdoc.session import create_vault
from kzdoc.vault.check import state_hash
from tests.offices import NAMES, PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES


def put(session: Session, kind: str = "person", **fields: Any) -> bytes:
    """Write a record."""
    return casework.add(session, kind, [Change(name, "set", value) for name, value in fields.items()])


def change(session: Session, record: bytes, **fields: Any) -> None:
    """Set fields of a record."""
    casework.change(session, record, [Change(name, "set", value) for name, value in fields.items()])


def shown(session: Session, record: bytes) -> dict[str, Any]:
    """Return a record as the command line shows it."""
    return casework.plain(casework.state(session, record))


def send(source: Session, target: Path, *to: str, audience: Audience = Audience.INTERNAL, **more: Any) -> list[Path]:
    """Make a bundle and return its files."""
    before = set(target.parent.iterdir())
    outgoing.make_bundle(source, to or [C], target, audience=audience, **more)
    return sorted(set(target.parent.iterdir()) - before)


def refused(session: Session, files: Sequence[Path]) -> str:
    """Return the code of a refusal, the same for looking and taking, after which nothing has changed."""
    before = state_hash(session.vault), session.vault.chains.heads(), session.blobs.all()
    with pytest.raises(KzdocError) as taken:
        incoming.take(session, files)
    with pytest.raises(KzdocError) as seen:
        incoming.inspect(session, files)
    assert (state_hash(session.vault), session.vault.chains.heads(), session.blobs.all()) == before
    assert taken.value.code == seen.value.code
    return taken.value.code


# --- bad input


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-700])


def flip_end(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[-400] ^= 1
    file.write_bytes(data)


def flip_head(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[300] = ord("A") if data[300] != ord("A") else ord("B")
    file.write_bytes(data)


def add_bytes(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"x")


def add_many_bytes(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"x" * 700_000)


def make_zip(file: Path) -> None:
    inside = file.read_bytes()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("bundle", inside)


def make_empty(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize(
    ("damage", "codes"),
    [
        (cut, {"bundle.truncated"}),
        (flip_end, {"bundle.damaged"}),
        (flip_head, {"bundle.damaged", "bundle.not-for-you", "bundle.age-header", "bundle.age-mac"}),
        (add_bytes, {"bundle.damaged"}),
        (add_many_bytes, {"bundle.damaged"}),
        (make_zip, {"bundle.not-a-bundle"}),
        (make_empty, {"bundle.not-a-bundle", "bundle.truncated"}),
    ],
)
def test_a_damaged_bundle_is_refused_whole(
    office: Office, tmp_path: Path, damage: Callable[[Path], None], codes: set[str]
) -> None:
    a, _, c = office.all()
    put(a, name_kk="Тестов Данияр")
    files = send(a, tmp_path / "bundle.kzb")
    damage(files[0])
    assert refused(c, files) in codes


def test_a_bundle_for_somebody_else_is_refused(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    put(a, name_kk="Тестов Данияр")
    files = send(a, tmp_path / "bundle.kzb", C)
    assert refused(b, files) == "bundle.not-for-you"
    assert incoming.take(c, files)["new"] == 1


def test_a_strangers_bundle_is_refused_and_an_unverified_senders_waits(office: Office, tmp_path: Path) -> None:
    c = office.open(C)
    stranger = create_vault(tmp_path / "stranger", PASSPHRASE, author="Бөтен", clock=office.clock)
    trust.add_contact(stranger, trust.card(c), name=C, lang="en")
    digits = trust.own_fingerprint(c, "en")["fingerprint"]
    trust.verify_contact(stranger, C, digits=digits, by="person", lang="en")
    put(stranger, name_kk="Тестов Данияр")
    files = send(stranger, tmp_path / "bundle.kzb")
    assert refused(c, files) == "bundle.unknown-sender"
    trust.add_contact(c, trust.card(stranger), name="Бөтен", lang="en")
    before = state_hash(c.vault)
    assert incoming.inspect(c, files)["state"] == "unverified"
    with pytest.raises(BundleError, match=r"bundle\.unverified-sender"):
        incoming.take(c, files)
    assert state_hash(c.vault) == before
    assert [one["sender"] for one in quarantine.waiting(c)] == ["Бөтен"]
    put(stranger, name_kk="Мысалов Ғалым")
    (tmp_path / "видео.mp4").write_bytes(office.randomness(1_500_000))
    casework.attach(stranger, put(stranger, "event", title="Тестовое собрание"), [tmp_path / "видео.mp4"])
    (tmp_path / "volumes").mkdir()
    volumes = send(stranger, tmp_path / "volumes" / "1", volume_size=2**20)
    assert len(volumes) > 1
    with pytest.raises(BundleError, match=r"bundle\.unverified-not-kept"):
        incoming.take(c, volumes)
    assert [one["sender"] for one in quarantine.waiting(c)] == ["Бөтен"]
    digits = trust.own_fingerprint(stranger, "en")["fingerprint"].replace(" ", "")
    trust.verify_contact(c, "Бөтен", digits=digits, by="voice", lang="en")
    assert quarantine.take(c, bytes.fromhex(quarantine.waiting(c)[0]["bundle"]))["new"] == 1
    assert quarantine.waiting(c) == []
    stranger.close()


def test_what_was_taken_in_before_is_recognised(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    put(a, name_kk="Тестов Данияр")
    files = send(a, tmp_path / "bundle.kzb")
    first = incoming.take(c, files)
    assert first["already"] is False
    before = state_hash(c.vault)
    again = incoming.take(c, files)
    assert again.keys() == first.keys()
    assert (again["whole"], again["standing"], again["roster"], again["alerts"]) == (True, "already", None, [])
    assert (again["already"], again["new"], again["refused"]) == (True, 0, [])
    assert incoming.inspect(c, files)["already"] is True
    assert state_hash(c.vault) == before


# --- volumes


def test_volumes_are_taken_in_any_order_and_a_missing_one_is_named(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    event = put(a, "event", title="Митинг")
    (tmp_path / "видео.mp4").write_bytes(office.randomness(2_500_000))
    casework.attach(a, event, [tmp_path / "видео.mp4"])
    (tmp_path / "out").mkdir()
    files = send(a, tmp_path / "out" / "bundle.kzb", volume_size=1_000_000)
    assert len(files) == 3
    assert all(file.stat().st_size <= 1_000_000 for file in files)
    for missing in range(3):
        left = [file for number, file in enumerate(files) if number != missing]
        before = state_hash(c.vault)
        with pytest.raises(BundleError) as caught:
            incoming.take(c, left)
        assert (caught.value.code, caught.value.params["n"]) == ("bundle.volumes-missing", 1)
        assert len(str(caught.value.params["which"])) == 1
        assert state_hash(c.vault) == before
        assert not c.blobs.all()
        seen = incoming.inspect(c, left)
        assert (len(seen["volumes_missing"]), seen["volumes"]) == (1, 3)
        assert [seen[name] for name in incoming.NOT_TOLD_YET] == [None] * 6
    assert incoming.inspect(c, files)["new"] == 2
    assert incoming.take(c, [files[2], files[0], files[1], files[0]])["new"] == 2
    (item,) = casework.listing(c, "evidence_item", {"about": event.hex()})
    sha256 = bytes.fromhex(item["fields"]["file"]["sha256"])
    assert b"".join(c.blobs.read(sha256)) == (tmp_path / "видео.mp4").read_bytes()


def test_no_bundle_is_written_over_another_file(office: Office, tmp_path: Path) -> None:
    a = office.open(A)
    put(a, name_kk="Тестов Данияр")
    (tmp_path / "bundle.kzb").write_bytes(b"mine")
    with pytest.raises(InputError, match=r"file\.exists"):
        send(a, tmp_path / "bundle.kzb")
    (tmp_path / "b-2.kzb").write_bytes(b"mine")
    with pytest.raises(InputError, match=r"file\.exists"):
        send(a, tmp_path / "b.kzb", volume_size=1_000_000)
    assert (tmp_path / "bundle.kzb").read_bytes() == (tmp_path / "b-2.kzb").read_bytes() == b"mine"
    assert not a.vault.sent.bundles()


# --- merging


def test_conflicts_look_the_same_on_every_desk_and_settling_travels(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(a, name_kk="Тестов Данияр", born="1980", sex="male")
    incoming.take(b, send(a, tmp_path / "0", B))
    change(a, person, born="1981", occupation="мұғалім")
    change(b, person, born="1979", occupation="дәрігер")
    incoming.take(c, send(a, tmp_path / "1", C))
    told = incoming.take(c, send(b, tmp_path / "2", C))
    assert (told["changed"], told["conflicts"]) == (1, 2)
    incoming.take(a, send(c, tmp_path / "3", A))
    incoming.take(b, send(c, tmp_path / "4", B))
    lists = [casework.conflicts(session) for session in (a, b, c)]
    assert [one["field"] for one in lists[0]] == ["born", "occupation"]
    assert [value["value"] for value in lists[0][0]["values"]] == ["1979", "1981"]
    for one in lists[1:]:
        assert one == lists[0]
    assert len({state_hash(session.vault) for session in (a, b, c)}) == 1
    keep = lists[2][0]["values"][1]["statement"]
    casework.settle(c, person, "born", keep=keep)
    casework.settle(c, person, "occupation", value="мұғалім, дәрігер")
    incoming.take(a, send(c, tmp_path / "5", A))
    incoming.take(b, send(c, tmp_path / "6", B))
    for session in (a, b, c):
        assert casework.conflicts(session) == []
        assert shown(session, person)["fields"]["born"] == "1981"
        assert shown(session, person)["fields"]["occupation"] == "мұғалім, дәрігер"
    assert len({state_hash(session.vault) for session in (a, b, c)}) == 1


def test_settling_names_what_cannot_be_settled(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(a, born="1980")
    incoming.take(b, send(a, tmp_path / "0", B))
    change(a, person, born="1981")
    change(b, person, born="1979")
    incoming.take(c, send(a, tmp_path / "1", C))
    incoming.take(c, send(b, tmp_path / "2", C))
    for field, keep, value, code in (
        ("sex", None, "male", "conflict.none"),
        ("shoe", None, "43", "conflict.none"),
        ("born", "0" * 64 + ":1", None, "conflict.no-such-statement"),
        ("born", None, "кеше ғой", "date.not-understood"),
    ):
        with pytest.raises(InputError) as caught:
            casework.settle(c, person, field, keep=keep, value=value)
        assert caught.value.code == code
    assert len(casework.conflicts(c)) == 1


def test_a_removal_and_an_unseen_edit_are_a_conflict(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(a, name_kk="Тестов", born="1980")
    incoming.take(b, send(a, tmp_path / "0", B))
    casework.remove(a, person, "екі рет жазылған")
    change(b, person, born="1979")
    incoming.take(c, send(a, tmp_path / "1", C))
    assert list(casework.listing(c, "person", {})) == []
    incoming.take(c, send(b, tmp_path / "2", C))
    assert shown(c, person)["conflicts"] == ["_removed"]
    (conflict,) = casework.conflicts(c)
    casework.settle(c, person, "_removed", keep=conflict["values"][0]["statement"])
    assert list(casework.listing(c, "person", {})) == []
    incoming.take(b, send(c, tmp_path / "3", B))
    assert list(casework.listing(b, "person", {})) == []


# --- what goes


def test_only_the_named_records_go(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    one, other = put(a, name_kk="Тестов Данияр"), put(a, name_kk="Сынақова Айгүл")
    change(a, other, born="1990")
    incoming.take(c, send(a, tmp_path / "1", records=[one]))
    assert [record["id"] for record in casework.listing(c, "person", {})] == [one.hex()]
    assert casework.find(c, "Сынақова") == []
    with pytest.raises(InputError, match=r"record\.unknown"):
        send(a, tmp_path / "2", records=[bytes(16)])
    assert incoming.take(c, send(a, tmp_path / "3"))["new"] == 1
    assert shown(c, other) == shown(a, other)


def test_a_partner_gets_what_the_profile_allows_and_sees_that_more_exists(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    event = put(a, "event", title="Митинг", date="2020-02-22", place="Абай көшесі 5", work_notes="ішкі сөз")
    incoming.take(c, send(a, tmp_path / "1", audience=Audience.PARTNER, purpose="алмасу"))
    there, here = shown(c, event), shown(a, event)
    assert there["fields"]["title"] == "Митинг"
    assert "work_notes" not in there["fields"]
    assert there["withheld"] == len(here["fields"]) - len(there["fields"]) > 0
    assert "ішкі сөз" not in repr(casework.history(c, event))
    incoming.take(c, send(a, tmp_path / "2"))
    assert shown(c, event)["fields"] == {key: here["fields"][key] for key in ("title", "date", "place")}
    assert shown(c, event)["withheld"] == 1, "internal notes go to nobody"


def test_what_goes_outside_says_for_whom_and_for_what(office: Office, tmp_path: Path) -> None:
    a = office.open(A)
    put(a, "event", title="Митинг")
    for audience in Audience:
        if audience is not Audience.INTERNAL:
            with pytest.raises(PublicationError, match=r"publication\.no-reader"):
                send(a, tmp_path / "1", audience=audience)
    assert not (tmp_path / "1").exists()
    assert not a.vault.sent.bundles()
    assert send(a, tmp_path / "1", audience=Audience.UN, purpose="апелляция")
    assert send(a, tmp_path / "2")


def test_a_second_bundle_costs_what_has_changed(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    records = [put(a, name_kk=f"Тестов {number}", description="сөз " * 200) for number in range(60)]
    first = send(a, tmp_path / "1")
    whole = first[0].stat().st_size
    again = send(a, tmp_path / "2")
    assert again[0].stat().st_size == whole
    incoming.take(c, first)
    receipt = receipting.make_receipt(c, first)
    assert receipting.take_receipt(a, receipt)["already"] is False
    assert receipting.take_receipt(a, receipt)["already"] is True
    change(a, records[7], born="1980")
    second = send(a, tmp_path / "3")
    assert second[0].stat().st_size < whole / 4
    told = incoming.take(c, second)
    assert (told["new"], told["changed"]) == (0, 1)
    assert state_hash(c.vault) == state_hash(a.vault)


def test_receipts_are_for_the_bundle_and_its_reader(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    put(a, name_kk="Тестов Данияр")
    files = send(a, tmp_path / "1", B, C)
    with pytest.raises(BundleError, match=r"receipt\.not-taken"):
        receipting.make_receipt(c, files)
    incoming.take(c, files)
    receipt = receipting.make_receipt(c, files)
    with pytest.raises(KzdocError, match=r"vault\.receipt-unknown"):
        receipting.take_receipt(b, receipt)
    broken = receipt.replace(b"A", b"B", 1)
    with pytest.raises(BundleError, match=r"receipt\."):
        receipting.take_receipt(a, broken)
    receipting.take_receipt(a, receipt)
    assert outgoing.bundles_made(a)[0]["to"][0]["name"] in (B, C)
    put(a, name_kk="Сынақова Айгүл")
    incoming.take(b, send(a, tmp_path / "2", B))
    assert len(list(casework.listing(b, "person", {}))) == 2


# --- trust


def test_digits_must_be_those_of_the_card(office: Office) -> None:
    a, _, c = office.all()
    right = trust.own_fingerprint(c, "en")["fingerprint"]
    wrong = right[:-1] + ("1" if right[-1] != "1" else "2")
    for digits in (wrong, "", right[:-6], right + " 12345", right[::-1]):
        with pytest.raises(BundleError, match=r"contact\.fingerprint"):
            trust.verify_contact(a, C, digits=digits, by="voice", lang="en")
    for digits in (right, right.replace(" ", ""), f"  {right} ", right.replace(" ", "-")):
        assert trust.verify_contact(a, C, digits=digits, by="voice", lang="en")["state"] == "verified"


def test_a_revoked_partner_gets_nothing_and_gives_nothing(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    old = put(a, name_kk="Тестов Данияр")
    incoming.take(c, send(a, tmp_path / "1"))
    trust.revoke_contact(c, A, lang="en")
    later = put(a, name_kk="Кейінгі Сөз")
    change(a, old, born="1980")
    files = send(a, tmp_path / "2")
    before = state_hash(c.vault)
    assert incoming.inspect(c, files)["state"] == "revoked"
    with pytest.raises(BundleError, match=r"bundle\.revoked-sender"):
        incoming.take(c, files)
    assert quarantine.waiting(c) == []
    incoming.take(b, send(a, tmp_path / "3", B))
    incoming.take(c, send(b, tmp_path / "4"))
    assert state_hash(c.vault) == before, "nothing of the revoked author comes in by another's hand either"
    assert shown(c, old)["fields"]["name_kk"] == "Тестов Данияр"
    assert c.records.record(later) is None
    with pytest.raises(BundleError, match=r"contact\.revoked"):
        send(c, tmp_path / "5", A)
    digits = trust.own_fingerprint(a, "en")["fingerprint"]
    with pytest.raises(BundleError, match=r"contact\.revoked"):
        trust.verify_contact(c, A, digits=digits, by="voice", lang="en")


def test_nothing_goes_to_an_unverified_partner(office: Office, tmp_path: Path) -> None:
    a = office.open(A)
    stranger = create_vault(tmp_path / "stranger", PASSPHRASE, author="Бөтен", clock=office.clock)
    trust.add_contact(a, trust.card(stranger), name="Бөтен", lang="en")
    with pytest.raises(BundleError, match=r"contact\.not-verified"):
        send(a, tmp_path / "1", C, "Бөтен")
    with pytest.raises(InputError, match=r"contact\.unknown"):
        send(a, tmp_path / "1", "Ешкім")
    for name, code in ((A, "contact.own-card"), (C, "contact.known")):
        card = trust.card(a) if name == A else trust.card(office.open(C))
        with pytest.raises(KzdocError) as caught:
            trust.add_contact(a, card, name="Басқа", lang="en")
        assert caught.value.code == code
    assert not (tmp_path / "1").exists()
    stranger.close()


# --- copies


def test_a_restored_vault_begins_a_new_chain_and_accuses_nobody(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    first = put(a, name_kk="Тестов Данияр")
    incoming.take(c, send(a, tmp_path / "1"))
    oversight.backup(a, tmp_path / "backup")
    second = put(a, name_kk="Кейінгі Сөз")
    change(a, first, occupation="мұғалім")
    incoming.take(c, send(a, tmp_path / "2"))
    author = a.author
    a.close()
    shutil.move(office.folder / A, office.folder / "lost")
    oversight.restore_backup(tmp_path / "backup", office.folder / A)
    again = office.open(A)
    assert again.author == author
    third = put(again, name_kk="Қайта Жазған")
    change(again, first, born="1980")
    files = send(again, tmp_path / "3")
    assert incoming.inspect(c, files)["standing"] == "copied"
    told = incoming.take(c, files)
    assert (told["standing"], told["refused"], told["conflicts"]) == ("copied", [], 0)
    assert c.vault.chains.forks() == []
    assert len({head.chain for head in c.vault.chains.heads() if head.author == author}) == 2
    for record in (first, second, third):
        assert c.records.record(record) is not None
    assert shown(c, first)["fields"] == {"name_kk": "Тестов Данияр", "occupation": "мұғалім", "born": "1980"}
    assert oversight.check(c, head=None) == {"result": "good", "head": "not checked", "findings": []}
    assert incoming.take(c, files)["already"] is True
    incoming.take(again, send(c, tmp_path / "4", A))
    assert state_hash(again.vault) == state_hash(c.vault)
