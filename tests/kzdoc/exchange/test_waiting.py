"""What the desk asks of the exchange: bundles that wait, receipts kept, cards in files, what a bundle would carry."""

from __future__ import annotations

import pytest

from kzdoc import casework, oversight, withholding
from kzdoc.domain.audience import Audience
from kzdoc.errors import BundleError, InputError
from kzdoc.exchange import outgoing, quarantine, receipting, trust
from kzdoc.limits import LIMITS
from tests.field_office import COORDINATOR, MONITOR, STRANGER, Office, made_office, office  # noqa: F401 - fixtures


@pytest.fixture
def bundle(office: Office):  # noqa: F811
    """Return a bundle of a monitor whom the coordinator knows but has not verified."""
    office.know("monitor", "coordinator", verified=True)
    office.know("coordinator", "monitor", verified=False)
    office.write("monitor")
    return office.send("monitor", "coordinator", "b.kzbundle")


def verify(office: Office) -> None:  # noqa: F811
    with office.at("monitor") as other:
        digits = trust.own_fingerprint(other, "en")["fingerprint"]
    with office.at("coordinator") as session:
        trust.verify_contact(session, MONITOR, digits=digits, by="person", lang="en")


def test_a_bundle_waits_sealed_and_is_in_no_list(office, bundle) -> None:  # noqa: F811
    with office.at("coordinator") as session:
        quarantine.keep(session, [bundle])
        quarantine.keep(session, [bundle])
        waits = quarantine.waiting(session)
        assert [(one["sender"], one["state"]) for one in waits] == [(MONITOR, "unverified")]
        assert list(casework.listing(session, "person", {})) == []
        root = bytes.fromhex(waits[0]["bundle"])
        assert quarantine.inspect(session, root)["new"] == 1
        assert session.vault.quarantine.content(root) == bundle.read_bytes()
        with pytest.raises(BundleError, match=r"bundle\.unverified-sender"):
            quarantine.take(session, root)
        assert oversight.today(session) == {"waiting": 1, "conflicts": 0, "records": 0}


def test_what_waited_is_taken_in_with_its_receipt_and_waits_no_more(office, bundle, tmp_path) -> None:  # noqa: F811
    with office.at("coordinator") as session:
        quarantine.keep(session, [bundle])
    verify(office)
    out = tmp_path / "b.receipt"
    with office.at("coordinator") as session:
        root = bytes.fromhex(quarantine.waiting(session)[0]["bundle"])
        told = quarantine.take(session, root)
        assert (told["new"], told["already"], told["bundle"]) == (1, False, root.hex())
        assert quarantine.waiting(session) == []
        receipting.write_receipt(session, root, out)
        with pytest.raises(InputError, match=r"file\.exists"):
            receipting.write_receipt(session, root, out)
        with pytest.raises(InputError, match=r"bundle\.not-waiting"):
            quarantine.inspect(session, root)
        assert oversight.today(session)["records"] == 1
    with office.at("monitor") as session:
        assert receipting.take_receipt_file(session, out) == receipting.take_receipt(session, out.read_bytes()) | {
            "already": False
        }
        assert outgoing.bundles_made(session)[0]["to"][0]["receipted"] > 0


def test_words_withheld_here_are_no_bundle_that_waits(office) -> None:  # noqa: F811
    record = office.write("coordinator")
    with office.at("coordinator") as session:
        withholding.withhold(session, record, ["name_ru"], "not_shared")
        assert quarantine.waiting(session) == []
        assert oversight.today(session)["waiting"] == 0


def test_no_receipt_without_a_bundle(office, tmp_path) -> None:  # noqa: F811
    with office.at("coordinator") as session, pytest.raises(BundleError, match=r"receipt\.not-taken"):
        receipting.write_receipt(session, bytes(32), tmp_path / "r")
    assert list(tmp_path.glob("r*")) == []


def test_what_a_bundle_would_carry_is_what_it_carries(office) -> None:  # noqa: F811
    office.know("monitor", "coordinator", verified=True)
    office.know("monitor", "stranger", verified=False)
    office.write("monitor", work_notes="тек өзіміз үшін", phone="+77010000000")
    with office.at("monitor") as session:
        for audience in (Audience.INTERNAL, Audience.PUBLIC):
            seen = outgoing.foresee_bundle(session, [COORDINATOR], audience=audience)
            out = office.folder / f"{audience.value}.kzbundle"
            made = outgoing.make_bundle(session, [COORDINATOR], out, audience=audience, purpose="сынақ")
            assert (seen["statements"], seen["withheld"]) == (made["statements"], made["withheld"])
        assert seen["withheld"] > 0
        assert len(outgoing.bundles_made(session)) == 2
        with pytest.raises(BundleError, match=r"contact\.not-verified"):
            outgoing.foresee_bundle(session, [STRANGER], audience=Audience.INTERNAL)


def test_two_groups_of_the_digits_are_left_out_by_chance(office) -> None:  # noqa: F811
    office.know("coordinator", "monitor", verified=False)
    with office.at("coordinator") as session:
        whole = trust.contacts(session, "en")[0]["fingerprint"].split()
        gaps = set()
        for _ in range(30):
            groups = trust.gapped_fingerprint(session, MONITOR)
            missing = {place for place, group in enumerate(groups) if not group}
            assert len(missing) == 2
            assert [group or whole[place] for place, group in enumerate(groups)] == whole
            gaps |= missing
        assert len(gaps) > 4


def test_a_card_travels_as_a_file_and_is_never_written_over(office, tmp_path) -> None:  # noqa: F811
    card = tmp_path / "card.txt"
    with office.at("monitor") as session:
        trust.write_card(session, card)
        with pytest.raises(InputError, match=r"file\.exists"):
            trust.write_card(session, card)
        own = trust.own_fingerprint(session, "kk")
    assert trust.look_at_card(card, "kk") == own
    with office.at("coordinator") as session:
        assert trust.add_card(session, card, name="Ғалым", lang="kk")["state"] == "unverified"
    (tmp_path / "large").write_bytes(b"x" * (LIMITS.card_file + 1))
    with pytest.raises(InputError, match=r"file\.too-large"):
        trust.look_at_card(tmp_path / "large", "kk")
    with pytest.raises(InputError, match=r"file\.not-read"):
        trust.look_at_card(tmp_path / "nothing", "kk")


def test_a_head_is_written_once(office, tmp_path) -> None:  # noqa: F811
    office.write("coordinator")
    out = tmp_path / "head"
    with office.at("coordinator") as session:
        oversight.write_head(session, out)
        with pytest.raises(InputError, match=r"file\.exists"):
            oversight.write_head(session, out)
        assert oversight.check(session, head=out.read_bytes())["head"] == "extends"
