"""Scenes of the rooms of exchange, publishing and keys for the pictures. All people in them are invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter

from kzdoc.analysis.custody import clocks
from kzdoc.browsing import shown
from kzdoc.custody import Held, HeldRow
from kzdoc.domain.catalogue import kind
from kzdoc.domain.vocabulary import vocabulary
from kzdoc.filling import Draft
from kzdoc.language import Text
from kzdoc.redaction.images import Shape
from ui.gallery import Scene
from ui.main_window import MainWindow
from ui.models import Row
from ui.rooms import ROOMS
from ui.screens.correction_scenes import correction_scenes
from ui.screens.keys import KeysRoom
from ui.screens.keys_compare import ComparePanel
from ui.screens.keys_scenes import keys_scenes, office_told
from ui.screens.merge import MergeRoom
from ui.screens.merge_acts import Bundle
from ui.screens.merge_groups import Waiting
from ui.screens.merge_reading import OpenConflict, Said
from ui.screens.merge_scenes import merge_scenes
from ui.screens.merge_send import SendRoom
from ui.screens.outgoing_scenes import OUTGOING_SCENES
from ui.screens.publish import PublishRoom
from ui.screens.publish_hints import HINT_ANSWERS
from ui.screens.publish_images import Picture, Sight
from ui.screens.publish_names import Question
from ui.screens.publish_paper import Shown
from ui.screens.publish_parts import Subject
from ui.screens.today import TodayRoom, Waits

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.surroundings import Surroundings

SENDER = "Монитор «Алматы-2»"
_NOON = 1_795_000_000
_DIGITS = "48213 90577 11846 63020 75391 28864 50417 39902"
_WORDS = {
    "en": "anchor lemon window basket river copper candle orchard pencil blanket harbour saddle",
    "ru": "якорь лимон окно корзина река медь свеча сад карандаш одеяло гавань седло",
    "kk": "зәкір лимон терезе себет өзен мыс шам бақ қарындаш көрпе айлақ ер",
}
_LABEL = Text("Time of detention", "Время задержания", "Ұсталған уақыты")
_KIND = Text("Detention", "Задержание", "Ұстау")


def _room(
    name: str, arrange: Callable[[Any, str], None], role: str = "coordinator"
) -> Callable[[Surroundings], QWidget]:
    def build(desk: Surroundings) -> QWidget:
        window = MainWindow(desk, ROOMS, role=role)
        window.show_room(name)
        room: Any = window.current()
        arrange(room.paper if name == "publish" else room, desk.words.lang)
        return window

    return build


def _contact(state: str, lang: str) -> dict[str, str]:
    return {"name": SENDER, "claims": SENDER, "fingerprint": _DIGITS, "words": _WORDS[lang], "state": state}


def _seen(state: str, **more: Any) -> dict[str, Any]:
    counts = {"new": 14, "changed": 6, "conflicts": 3, "doubles": 2, "withheld": 1, "refused": []}
    told = {"sender": SENDER, "state": state, **counts, "already": False, "standing": "next"}
    return told | {"volumes_missing": [], "volumes": 1} | more


def _conflicts(lang: str) -> list[OpenConflict]:
    sides = (
        Said("", own=True, state="", time="2026-11-17T14:32:00+05:00", value=_SIDES[0].to(lang), statement="a"),
        Said(SENDER, own=False, state="verified", time="2026-11-17T12:55:00+05:00", value="11:35", statement="b"),
    )
    one = OpenConflict(bytes(16), "time", _LABEL.to(lang), _KIND.to(lang), "Тестов Данияр", sides)
    return [one, one, one]


_SIDES = (Text("about 11:20", "около 11:20", "шамамен 11:20"),)


def _merge_empty(room: MergeRoom, lang: str) -> None:
    one = {"bundle": "00" * 32, "sender": "Мысалов Ғалым", "state": "unverified", "arrived": _NOON}
    other = {"bundle": "01" * 32, "sender": SENDER, "state": "verified", "arrived": _NOON}
    waiting = [one | {"waits_for": "sender"}, other | {"waits_for": "rest"}]
    room.lay(Bundle(), taken={}, waiting=Waiting(waiting, _conflicts(lang)))


def _merge_unverified(room: MergeRoom, lang: str) -> None:
    room.lay(Bundle((), b"", _seen("unverified"), _contact("unverified", lang)), taken={}, waiting=Waiting())


def _merge_ready(room: MergeRoom, lang: str) -> None:
    room.lay(Bundle((), b"", _seen("verified"), _contact("verified", lang)), taken={}, waiting=Waiting())


def _merge_parts(room: MergeRoom, lang: str) -> None:
    unknown = dict.fromkeys(("new", "changed", "conflicts", "doubles", "withheld", "withdrawn"))
    seen = _seen("verified", **unknown, volumes=4, volumes_missing=[2, 4])
    room.lay(Bundle((), b"", seen, _contact("verified", lang)), taken={}, waiting=Waiting())


def _merge_already(room: MergeRoom, lang: str) -> None:
    seen = _seen("verified", already=True)
    room.lay(Bundle((), b"", seen, _contact("verified", lang)), taken={}, waiting=Waiting())


def _merge_conflict(room: MergeRoom, lang: str) -> None:
    taken = _seen("verified", bundle="00" * 32, receipt="/media/usb/almaty-2.kzbundle.receipt")
    bundle = Bundle((), b"", _seen("verified"), _contact("verified", lang))
    room.lay(bundle, taken=taken, waiting=Waiting(conflicts=_conflicts(lang), lists=1, people=2), work="conflicts")


def _send(room: SendRoom, lang: str) -> None:
    coordinator = _contact("verified", lang) | {"name": "Координатор, Алматы"}
    made = [
        {"bundle": "00", "made": _NOON, "audience": "internal", "to": [{"name": coordinator["name"], "receipted": 1}]},
        {"bundle": "01", "made": _NOON, "audience": "lawyer", "to": [{"name": "Үлгіқызы Әсем", "receipted": 0}]},
    ]
    room.show_partners([coordinator, _contact("unverified", lang) | {"name": "Үлгіқызы Әсем"}], made)
    room.chosen[coordinator["name"]].setChecked(True)
    room.show_counts({"records": 7, "statements": 63, "withheld": 4, "files_inside": 2}, [coordinator["name"]])


def _keys(room: KeysRoom, lang: str) -> None:
    own = {"name": "Координатор, Алматы", "fingerprint": _DIGITS, "words": _WORDS[lang]}
    contacts = [
        _contact("verified", lang),
        _contact("unverified", lang) | {"name": "Үлгіқызы Әсем", "claims": "Әсем"},
        _contact("revoked", lang) | {"name": "Мысалов Ғалым", "claims": "Мысалов Ғалым"},
    ]
    recovery = {"needed": 3, "total": 5, "set": "68816e91", "rehearsed": ""}
    ways = [
        {"slot": 0, "kind": "passphrase", "label": ""},
        {"slot": 1, "kind": "recovery", "label": ""} | recovery,
        {"slot": 2, "kind": "recovery", "label": "2026"} | recovery | {"rehearsed": "2026-11-20"},
        {"slot": 3, "kind": "headquarters", "label": SENDER},
    ]
    room.show_people(own, contacts, ways, office_told())


def _compare(room: KeysRoom, lang: str) -> None:
    _keys(room, lang)
    groups = [group if place not in (2, 5) else "" for place, group in enumerate(_DIGITS.split())]
    room.open_panel(ComparePanel(room.desk, "Үлгіқызы Әсем", groups, _nothing, _leave))


def _ways(act: str) -> Callable[[KeysRoom, str], None]:
    def arrange(room: KeysRoom, lang: str) -> None:
        _keys(room, lang)
        getattr(room.ways, act)()

    return arrange


def _leave() -> None:
    return None


def _nothing(digits: str, by: str) -> None:
    del digits, by


def _today(room: TodayRoom, lang: str) -> None:
    kind = _KIND.to(lang)
    names = ("Тестов Данияр", "Сынақова Айгүл", "Үлгіқызы Әсем", "Мысалов Ғалым", "Өңірова Жұлдыз")
    rows = [Row(bytes([n]) * 16, name, f"{kind} · 17.11.2026 · Алматы", "only_here") for n, name in enumerate(names)]
    drafts = (
        Draft(b"1", "detention", b"", "Сынақова Айгүл", {}, _NOON),
        Draft(b"2", "testimony", b"", "", {}, _NOON - 5_000),
    )
    counts = {"waiting": 2, "conflicts": 3, "records": 41}
    room.show_today(Waits(counts, drafts, tuple(rows), {"only_here": 7}, Held(tuple(_held(lang)), 2, 1), "made"))


_STATION = Text("police station “Sample-1”, Almaty", "РУП «Пример-1», Алматы", "«Үлгі-1» полиция бөлімі, Алматы")
_NOBODY = Text("Woman, about 40, red jacket", "Женщина, около 40, красная куртка", "Әйел, 40 шамасында, қызыл күрте")


def _held(lang: str) -> list[HeldRow]:
    """Return people in their first hours, one of each standing, against a clock of our own."""
    now = dt.datetime.fromisoformat("2026-11-17T14:32:00+05:00")
    told = (
        ("Тестов Данияр", "2026-11-17T11:20+05:00", "criminal_suspicion", False),
        (_NOBODY.to(lang), "2026-11-17T12:10+05:00", "administrative", False),
        ("Сынақова Айгүл", "2026-11-16T16:05+05:00", "criminal_suspicion", True),
        ("Образцов Марат", "", "criminal_suspicion", False),
    )
    kinds = vocabulary("detention_type")
    rows = []
    for number, (name, since, of, recorded) in enumerate(told):
        when = shown(kind("detention").field("actual_time"), since, lang) if since else ""
        line = " · ".join(filter(None, (_STATION.to(lang), when, kinds.label(of, lang))))
        limits = clocks([since] if since else [], of, recorded=recorded, minor=False, now=now)
        rows.append(HeldRow(bytes([number]) * 16, name, line, limits))
    return rows


def _today_empty(room: TodayRoom, lang: str) -> None:
    del lang
    room.show_today(Waits({"waiting": 0, "conflicts": 0, "records": 0}))


def _publish(findings: tuple[Finding, ...], *before: dict[str, Any]) -> Callable[[PublishRoom, str], None]:
    def arrange(room: PublishRoom, lang: str) -> None:
        room.choose(Subject(bytes(16), "person", "Тестов Данияр"))
        if not findings:
            room.form.recipient.setText(_COURT.to(lang))
            room.form.purpose.setText(_WHY.to(lang))
        withheld = (_Left("identity", "no-basis", 5), _Left("contact", "profile", 2), _Left("work", "profile", 1))
        paper = _Paper(_page(), findings, withheld, (bytes(16),) * 6)
        room.show_paper(Shown(room.form.wanted(), paper, before=before))  # type: ignore[arg-type]  # an invented paper

    return arrange


_BEFORE: dict[str, Any] = {"date": "2026-01-12", "audience": "lawyer", "classes": ["location", "medical"]}
_ASKED = (
    Question(
        "Мысалов Ғалым",
        ("Мысалов Ғалым", "Мысалова Ғалыма", "Мысаловым Ғалымом"),
        41,
        3,
        "…в камере рядом с ним сидел Мысалов Ғалым, которого привезли позже, около…",
    ),
    Question("Үлгіқызы Ә.", ("Үлгіқызы Ә.",), 2, 1, "…протокол составила следователь Үлгіқызы Ә., копию не дали…"),
    Question("Новый Рынок", ("Новый Рынок",), 1, 1, "Задержан у остановки Новый Рынок."),
)
_SENTENCES = (
    Question(
        "Увезли и сына акима, соседа заявителя [ПЕРСОНА-1].",
        ("0" * 32,),
        1,
        1,
        "сына, акима, соседа",
        HINT_ANSWERS,
        ("kin", "post"),
    ),
    Question("Ол камерадағы жалғыз әйел еді.", ("1" * 32,), 2, 2, "жалғыз", HINT_ANSWERS, ("only",)),
)
_DECIDED = (("Өңірова Жұлдыз", "shown"), ("Площадь Республики", "word"), ("Сынақова Айгүл", "name"))


def _publish_names(asked: tuple[Question, ...], *answers: str) -> Callable[[PublishRoom, str], None]:
    def arrange(room: PublishRoom, lang: str) -> None:
        room.choose(Subject(bytes(16), "person", "Тестов Данияр"))
        room.form.audience.setCurrentIndex(room.form.audience.findData("public"))
        room.form.recipient.setText(_PRESS.to(lang))
        room.form.purpose.setText(_WHY.to(lang))
        paper = _Paper(_page(), (), (_Left("identity", "no-basis", 5),), (bytes(16),) * 6)
        room.show_paper(Shown(room.form.wanted(), paper, asked, _DECIDED))  # type: ignore[arg-type]  # invented
        if asked:
            for each, how in zip(room.names.rows, answers, strict=False):
                each.choose(how)
            room.names.go_on()
        else:
            room.names.past.unfold.click()

    return arrange


def _publish_pictures(room: PublishRoom, lang: str) -> None:
    """Show a picture with two people, one of them covered, and another that was looked at."""
    _publish_names(_ASKED[:0])(room, lang)
    titles = (_ENTRANCE.to(lang), _VAN.to(lang))
    cover = (Shape("ellipse", 2350, 1500, 3500, 4200), Shape("box", 6000, 7300, 8800, 8700))
    pictures = (
        Picture(bytes(16), titles[0], looked=False),
        Picture(bytes(15) + b"1", titles[1], looked=True, shapes=cover[:1]),
    )
    paper = _Paper(_page(), (), (_Left("identity", "no-basis", 5),), (bytes(16),) * 6)
    room.show_paper(Shown(room.form.wanted(), paper, (), (), pictures))  # type: ignore[arg-type]  # invented
    card = room.pictures
    card._asked = (pictures[0], 0, False)  # noqa: SLF001 - no worker opens it in a scene
    card.canvas.begin(cover)
    card.show_page(Sight(_snapshot(), 0, 1, pictures[0].record, b""))


def _snapshot() -> QImage:
    """Return an invented picture: two figures before a wall, and a car's plate."""
    image = QImage(640, 420, QImage.Format.Format_RGB888)
    image.fill(QColor("#b9b4a6"))
    painter = QPainter(image)
    painter.setPen(Qt.PenStyle.NoPen)
    for left, coat in ((130, "#5b6b7a"), (300, "#7a5b5b")):
        painter.setBrush(QColor(coat))
        painter.drawRoundedRect(left, 190, 110, 230, 30, 30)
        painter.setBrush(QColor("#d8b79a"))
        painter.drawEllipse(left + 25, 80, 60, 80)
    painter.setBrush(QColor("#e9e9e9"))
    painter.drawRect(400, 315, 150, 40)
    painter.end()
    return image


_ENTRANCE = Text("At the entrance, 11:42", "У входа, 11:42", "Кіреберісте, 11:42")
_VAN = Text("The van", "Автозак", "Автозак")


def _publish_empty(room: PublishRoom, lang: str) -> None:
    del lang
    room.choice.show_found([Subject(bytes(16), "person", "Тестов Данияр"), Subject(bytes(15) + b"1", "event", "Алаң")])


_COURT = Text("District court No. 2, Almaty", "Районный суд № 2, Алматы", "Алматы қ. № 2 аудандық сот")
_PRESS = Text("Press", "Пресса", "Баспасөз")
_WHY = Text("Complaint about the detention", "Жалоба на задержание", "Ұстауға шағым")


@dataclass(frozen=True, slots=True)
class _Left:
    sensitivity: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What the leak check would say."""

    page: int
    rule: str
    sensitivity: str
    box: tuple[float, float, float, float] | None
    position: tuple[int, int] = (0, 12)


@dataclass(frozen=True, slots=True)
class _Paper:
    pdf: bytes
    findings: tuple[Finding, ...]
    withheld: tuple[_Left, ...]
    records: tuple[bytes, ...]

    def hints(self) -> tuple[()]:
        """Return what tells who somebody is without a name: nothing."""
        return ()


def _page() -> bytes:
    """Return a page with some lines, as a stand-in for a paper."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setResolution(72)
    painter = QPainter(writer)
    painter.drawText(40, 60, "Тестов Данияр")
    for line in range(8):
        painter.drawText(40, 100 + 22 * line, "[ПЕРСОНА-1] · 17.11.2026 · Алматы")
    painter.end()
    buffer.close()
    return bytes(data.data())


ROOM_SCENES: tuple[Scene, ...] = (
    Scene("merge", _room("merge", _merge_conflict)),
    Scene("merge-empty", _room("merge", _merge_empty)),
    Scene("merge-unverified", _room("merge", _merge_unverified)),
    Scene("merge-ready", _room("merge", _merge_ready)),
    Scene("merge-parts", _room("merge", _merge_parts)),
    Scene("merge-already", _room("merge", _merge_already)),
    *merge_scenes(_room),
    *correction_scenes(_room, lambda: _Paper(_page(), (), (_Left("identity", "no-basis", 5),), (bytes(16),) * 6)),
    Scene("publish", _room("publish", _publish(()), role="lawyer")),
    Scene("publish-together", _room("publish", _publish((), _BEFORE))),
    Scene("publish-finding", _room("publish", _publish((Finding(1, "text.name", "identity", (44, 617, 150, 634)),)))),
    Scene("publish-names", _room("publish", _publish_names(_ASKED, "name"))),
    Scene("publish-names-all", _room("publish", _publish_names(_ASKED, "name", "shown", "word"))),
    Scene("publish-hints", _room("publish", _publish_names(_SENTENCES, "hint-covered"))),
    Scene("publish-pictures", _room("publish", _publish_pictures)),
    Scene("publish-decided", _room("publish", _publish_names(()), role="lawyer")),
    Scene("publish-empty", _room("publish", _publish_empty, role="lawyer")),
    *OUTGOING_SCENES,
    Scene("keys", _room("keys", _keys)),
    Scene("keys-compare", _room("keys", _compare)),
    Scene("keys-split", _room("keys", _ways("split"))),
    Scene("keys-rehearse", _room("keys", _ways("rehearse"))),
    Scene("keys-change", _room("keys", _ways("change"))),
    *keys_scenes(_room, _keys),
    Scene("today", _room("today", _today, role="monitor")),
    Scene("today-empty", _room("today", _today_empty, role="monitor")),
    Scene("send", _room("send", _send, role="monitor")),
)
