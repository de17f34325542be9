"""The merge desk and Send on real vaults and real bundles."""

from __future__ import annotations

import io
import zipfile

import pytest
from PySide6.QtCore import Qt

from kzdoc import casework
from kzdoc.domain.audience import Audience
from kzdoc.errors import BundleError, VaultError
from kzdoc.exchange import incoming, outgoing, quarantine, receipting, trust
from tests.field_office import COORDINATOR, MONITOR, made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, choose_file, drop, on_stage, press, texts, write
from ui.screens.merge import MergeRoom
from ui.screens.merge_groups import LISTS, Waiting
from ui.screens.merge_send import SendRoom
from ui.widgets.conflict_card import ConflictCard
from ui.widgets.file_choice import DropTarget

REFUSALS = ("bundle.truncated", "bundle.damaged", "bundle.not-a-bundle", "bundle.age-payload")


@pytest.fixture
def merge(office, theme, qtbot):  # noqa: F811
    """Return a function that opens the coordinator's merge desk."""
    return lambda lang="ru": on_stage(office, "coordinator", MergeRoom, theme, qtbot, lang=lang)


@pytest.fixture
def bundle(office):  # noqa: F811
    """Return a monitor's bundle for the coordinator, who does not know the monitor yet."""
    office.know("monitor", "coordinator", verified=True)
    office.write("monitor", occupation="журналист")
    return office.send("monitor", "coordinator", "almaty-2.kzbundle")


def drop_on_desk(stage, qtbot, *paths):
    drop(stage.room.findChild(DropTarget) or stage.room, *paths)
    calm(qtbot, stage.desk)


def refusal(stage):
    """Return the sentence of the banner."""
    notice = stage.room.banners.gravest()
    return str(notice.params["sentence"]) if notice is not None else ""


def people(office):  # noqa: F811
    with office.at("coordinator") as session:
        return list(casework.listing(session, "person", {}))


def test_the_empty_desk_teaches(merge) -> None:
    with merge() as stage:
        assert "Как принимают пакет" in texts(stage.room)
        assert stage.room.bar.isHidden()


@pytest.mark.parametrize(("reads", "work"), [("merge_acts._waiting", ""), ("doubles_lists.read_lists", LISTS)])
def test_what_cannot_be_read_is_told_once_and_not_asked_again(reads, work, merge, qtbot, monkeypatch) -> None:
    asked = []

    def unreadable(*_args, **_kwargs):
        asked.append(None)
        raise VaultError("vault.disk-gone")

    with merge() as stage:
        monkeypatch.setattr(f"ui.screens.{reads}", unreadable)
        if work:
            stage.room.lay(stage.room.bundle, taken={}, waiting=Waiting(lists=1), work=work)
        else:
            stage.room.refresh(None)
        qtbot.wait(300)
        calm(qtbot, stage.desk)
        assert refusal(stage) == stage.desk.words.error(VaultError("vault.disk-gone"))
        assert len(asked) == 1


def test_a_strangers_bundle_is_refused_and_changes_nothing(merge, bundle, office, qtbot) -> None:  # noqa: F811
    with merge() as stage:
        drop_on_desk(stage, qtbot, bundle)
        assert refusal(stage) == stage.desk.words.error(BundleError("bundle.unknown-sender"))
        assert not stage.room.bundle.seen
    assert people(office) == []


@pytest.mark.parametrize("damage", ["cut", "flipped", "zip", "empty"])
def test_a_damaged_bundle_is_refused_in_a_sentence(damage, merge, bundle, office, qtbot) -> None:  # noqa: F811
    office.know("coordinator", "monitor", verified=True)
    raw = bytearray(bundle.read_bytes())
    if damage == "cut":
        raw = raw[: len(raw) // 2]
    elif damage == "flipped":
        raw[len(raw) - 200] ^= 1
    elif damage == "zip":
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as packed:
            packed.writestr("a", "b")
        raw = bytearray(held.getvalue())
    else:
        raw = bytearray()
    bad = office.folder / "bad.kzbundle"
    bad.write_bytes(raw)
    with merge() as stage:
        drop_on_desk(stage, qtbot, bad)
        known = {stage.desk.words.error(BundleError(code)) for code in REFUSALS}
        assert refusal(stage) in known
        assert not stage.room.take_button.isVisible()
    assert people(office) == []


def test_a_verified_senders_bundle_is_shown_then_taken_in_with_its_receipt(merge, bundle, office, qtbot) -> None:  # noqa: F811
    office.know("coordinator", "monitor", verified=True)
    with merge() as stage:
        drop_on_desk(stage, qtbot, bundle)
        shown = texts(stage.room)
        assert MONITOR in shown
        assert "Ключ проверен" in shown
        assert "Появится 1 новая запись." in shown
        assert stage.room.bundle.seen["new"] == 1
        assert not bundle.with_name(bundle.name + ".receipt").exists()
        press(qtbot, stage.room, "Принять")
        calm(qtbot, stage.desk)
        assert "Принято." in texts(stage.room)
        receipt = bundle.with_name(bundle.name + ".receipt")
        assert receipt.name in texts(stage.room)
    assert [one["fields"]["name_ru"] for one in people(office)] == ["Тестов Данияр"]
    with office.at("monitor") as session:
        assert receipting.take_receipt(session, receipt.read_bytes())["from"] == COORDINATOR


def test_looking_inside_changes_nothing(merge, bundle, office, qtbot) -> None:  # noqa: F811
    office.know("coordinator", "monitor", verified=True)
    with merge() as stage:
        drop_on_desk(stage, qtbot, bundle)
        press(qtbot, stage.room, "Не сейчас")
        calm(qtbot, stage.desk)
        assert not stage.room.bundle.seen
    assert people(office) == []


def test_a_bundle_taken_in_before_is_a_calm_sentence(merge, bundle, office, qtbot) -> None:  # noqa: F811
    office.know("coordinator", "monitor", verified=True)
    with office.at("coordinator") as session:
        incoming.take(session, [bundle])
    with merge() as stage:
        drop_on_desk(stage, qtbot, bundle)
        assert "Этот пакет уже принят. Делать ничего не нужно." in texts(stage.room)
        assert not stage.room.take_button.isVisible()
        assert stage.room.banners.gravest() is None
        assert stage.room.why_not() == "merge.already"


def test_an_unverified_senders_bundle_waits_and_is_taken_in_from_there(merge, bundle, office, qtbot, tmp_path) -> None:  # noqa: F811
    office.know("coordinator", "monitor", verified=False)
    with merge() as stage:
        drop_on_desk(stage, qtbot, bundle)
        shown = texts(stage.room)
        assert "Отправитель не проверен. Сверьте слова по телефону." in shown
        assert stage.room.bundle.contact["words"] in shown
        assert not stage.room.take_button.isEnabled()
        assert "Принять можно, когда отправитель будет проверен." in shown
        press(qtbot, stage.room, "Сверить сейчас")
        assert stage.journeys == [("keys", ("verify", MONITOR))]
        press(qtbot, stage.room, "Оставить ждать")
        calm(qtbot, stage.desk)
        assert "Пакеты, которые ждут" in texts(stage.room)
    bundle.unlink()
    with office.at("monitor") as session:
        digits = trust.own_fingerprint(session, "ru")["fingerprint"]
    with merge() as stage:
        press(qtbot, stage.room, "Посмотреть")
        calm(qtbot, stage.desk)
        assert not stage.room.take_button.isEnabled()
        stage.desk.tasks.write(
            lambda session, _: trust.verify_contact(session, MONITOR, digits=digits, by="voice", lang="ru")
        )
        stage.room.arrive(None)
        calm(qtbot, stage.desk)
        press(qtbot, stage.room, "Принять")
        calm(qtbot, stage.desk)
        press(qtbot, stage.room, "Записать квитанцию")
        choose_file(qtbot, stage.room, tmp_path / "back.receipt")
        calm(qtbot, stage.desk)
        assert "back.receipt" in texts(stage.room)
    assert len(people(office)) == 1
    with office.at("coordinator") as session:
        assert quarantine.waiting(session) == []
    with office.at("monitor") as session:
        assert receipting.take_receipt(session, (tmp_path / "back.receipt").read_bytes())["already"] is False


@pytest.fixture
def in_conflict(bundle, office):  # noqa: F811
    """Return the second bundle of a monitor, and the person both desks have changed differently since the first."""
    office.know("coordinator", "monitor", verified=True)
    with office.at("coordinator") as session:
        incoming.take(session, [bundle])
        record = bytes.fromhex(next(iter(casework.listing(session, "person", {})))["id"])
    office.write("coordinator", record=record, occupation="учитель")
    office.write("monitor", record=record, occupation="редактор")
    return office.send("monitor", "coordinator", "second.kzbundle"), record


def _occupation(office, record):  # noqa: F811
    with office.at("coordinator") as session:
        return casework.plain(casework.state(session, record))["fields"]["occupation"]


def test_a_conflict_is_shown_side_by_side_and_settled_by_a_key(merge, in_conflict, office, qtbot) -> None:  # noqa: F811
    second, record = in_conflict
    with merge() as stage:
        drop_on_desk(stage, qtbot, second)
        assert stage.room.bundle.seen["conflicts"] == 1
        qtbot.keyClick(stage.room, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        calm(qtbot, stage.desk)
        pane = stage.room.pane
        assert pane is not None
        shown = texts(stage.room)
        assert "учитель" in shown
        assert "редактор" in shown
        assert "хранится и то, и другое" in shown
        card = pane.findChild(ConflictCard)
        widths = {panel.width() for panel in (card._panels.itemAt(0).widget(), card._panels.itemAt(1).widget())}
        assert max(widths) - min(widths) <= 1
        theirs = next(n for n, side in enumerate(pane.conflict.sides) if side.value == "редактор")
        key = Qt.Key.Key_1 if theirs == 0 else Qt.Key.Key_2
        qtbot.keyClick(stage.room, key, Qt.KeyboardModifier.AltModifier)
        calm(qtbot, stage.desk)
        assert stage.room.pane is None
        assert "Решать нечего" in texts(stage.room)
        undo = stage.undo[-1]
        assert undo is not None
        undo()
        calm(qtbot, stage.desk)
        assert stage.room.pane is not None
        stage.room.pane.keep(theirs)
        calm(qtbot, stage.desk)
    assert _occupation(office, record) == "редактор"


def test_a_third_is_written_and_what_is_typed_survives_a_refresh(merge, in_conflict, office, qtbot) -> None:  # noqa: F811
    second, record = in_conflict
    with office.at("coordinator") as session:
        incoming.take(session, [second])
    with merge() as stage:
        stage.room.arrive("conflicts")
        calm(qtbot, stage.desk)
        write(stage.room.pane.card.entry, "блогер")
        stage.room.refresh(None)
        calm(qtbot, stage.desk)
        assert stage.room.pane.card.entry.text() == "блогер"
        press(qtbot, stage.room, stage.desk.words.say("conflict.write", n=3))
        calm(qtbot, stage.desk)
    assert _occupation(office, record) == "блогер"


def test_a_removal_in_conflict_offers_two_verbs_and_no_third(merge, in_conflict, office, qtbot) -> None:  # noqa: F811
    _, record = in_conflict
    with office.at("coordinator") as session:
        casework.remove(session, record, "қате")
    office.write("monitor", record=record, name_kk="Тестов Данияр")
    third = office.send("monitor", "coordinator", "third.kzbundle")
    with office.at("coordinator") as session:
        incoming.take(session, [third])
        fields = {one["field"] for one in casework.conflicts(session)}
    assert "_removed" in fields
    with merge() as stage:
        stage.room.arrive("conflicts")
        calm(qtbot, stage.desk)
        while stage.room.pane.conflict.field != "_removed":
            stage.room.pane.step(1)
        shown = texts(stage.room.pane)
        assert "Убрать: қате" in shown
        assert "Оставить запись" in shown
        assert not stage.room.pane.card.entry.isVisible()
        stage.room.pane.keep(len(stage.room.pane.conflict.sides) - 1)
        calm(qtbot, stage.desk)
    with office.at("coordinator") as session:
        assert not casework.state(session, record).removed


def test_send_makes_a_bundle_for_the_verified_and_notes_the_receipt(office, theme, qtbot, tmp_path) -> None:  # noqa: F811
    office.know("monitor", "coordinator", verified=True)
    office.know("monitor", "stranger", verified=False)
    office.know("coordinator", "monitor", verified=True)
    office.write("monitor")
    out = tmp_path / "out.kzbundle"
    with on_stage(office, "monitor", SendRoom, theme, qtbot) as stage:
        assert list(stage.room.chosen) == [COORDINATOR]
        assert stage.room.why_not() == "send.why_none"
        assert not stage.room.make_button.isEnabled()
        qtbot.mouseClick(
            stage.room.chosen[COORDINATOR],
            Qt.MouseButton.LeftButton,
            pos=stage.room.chosen[COORDINATOR].rect().center(),
        )
        if not stage.room.to():
            qtbot.keyClick(stage.room.chosen[COORDINATOR], Qt.Key.Key_Space)
        calm(qtbot, stage.desk)
        assert stage.room._counts["records"] == 1
        press(qtbot, stage.room, "Собрать пакет")
        choose_file(qtbot, stage.room, out)
        calm(qtbot, stage.desk)
        assert out.exists()
        assert "отправлено" in texts(stage.room)
    with office.at("coordinator") as session:
        assert incoming.take(session, [out])["new"] == 1
        (tmp_path / "r.receipt").write_bytes(receipting.make_receipt(session, [out]))
    with on_stage(office, "monitor", SendRoom, theme, qtbot) as stage:
        press(qtbot, stage.room, "Принять квитанцию")
        choose_file(qtbot, stage.room, tmp_path / "r.receipt")
        calm(qtbot, stage.desk)
        assert COORDINATOR in stage.notices[-1]
        stage.room.chosen[COORDINATOR].setChecked(True)
        calm(qtbot, stage.desk)
        assert stage.room.why_not() == "send.why_nothing"


def test_send_without_partners_says_what_to_do(office, theme, qtbot) -> None:  # noqa: F811
    with on_stage(office, "monitor", SendRoom, theme, qtbot, lang="kk") as stage:
        assert stage.room.why_not() == "send.why_nobody"
        assert "Әзірге ешкім тексерілмеген" in texts(stage.room)


def test_both_are_kept_as_claims_by_a_key_and_small_differences_settled_as_a_group(
    merge,
    in_conflict,
    office,  # noqa: F811
    qtbot,
) -> None:
    second, record = in_conflict
    office.write("coordinator", record=record, born="1990")
    office.write("monitor", record=record, born="1990-05-01")
    third = office.send("monitor", "coordinator", "third.kzbundle")
    with office.at("coordinator") as session:
        incoming.take(session, [second])
        incoming.take(session, [third])
    with merge() as stage:
        stage.room.open_work("conflicts")
        calm(qtbot, stage.desk)
        assert [one.field for one in stage.room._waiting.conflicts] == ["occupation"]
        assert "Ни один не знал о записи другого." in texts(stage.room.pane)
        qtbot.keyClick(stage.room, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
        calm(qtbot, stage.desk)
        assert [len(stage.room._waiting.conflicts), len(stage.room._waiting.kept)] == [0, 1]
        stage.room.open_work("small")
        calm(qtbot, stage.desk)
        assert "Оставить: 1 мая 1990" in texts(stage.room.pane)
        qtbot.keyClick(stage.room, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        calm(qtbot, stage.desk)
        assert stage.room._waiting.count("small") == 0
        stage.undo[-1]()
        calm(qtbot, stage.desk)
        assert stage.room._waiting.count("small") == 1
    assert sorted(_occupation(office, record)) == ["редактор", "учитель"]


def test_before_all_parts_are_here_nothing_is_told_of_what_is_new(merge, office, qtbot, tmp_path) -> None:  # noqa: F811
    office.know("monitor", "coordinator", verified=True)
    office.know("coordinator", "monitor", verified=True)
    (tmp_path / "видео.mp4").write_bytes(bytes(range(256)) * 6000)
    (tmp_path / "parts").mkdir()
    with office.at("monitor") as session:
        event = casework.add(session, "event", [casework.Change("title", "set", "Митинг")])
        casework.attach(session, event, [tmp_path / "видео.mp4"])
        outgoing.make_bundle(
            session, [COORDINATOR], tmp_path / "parts" / "part", audience=Audience.INTERNAL, volume_size=1_000_000
        )
    first, second = sorted((tmp_path / "parts").iterdir())
    with merge() as stage:
        drop_on_desk(stage, qtbot, first)
        shown = texts(stage.room)
        assert any(f"Каких частей нет: {number} (всего 2)." in shown for number in (1, 2))
        assert stage.desk.words.say("merge.will_nothing") not in shown
        assert not stage.room.take_button.isEnabled()
        drop_on_desk(stage, qtbot, first, second)
        assert stage.room.take_button.isEnabled()
