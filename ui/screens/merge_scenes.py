"""Scenes of the merge desk's works: a long text, small differences, lists of one event, two people. All invented."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kzdoc.analysis.differences import word_difference
from kzdoc.analysis.likeness import Reason
from kzdoc.exchange.finding import Found
from kzdoc.exchange.folder_standing import PartnerStanding, Standing
from kzdoc.exchange.several import Lying, Several
from kzdoc.language import Text, catalogue
from ui.gallery import Scene
from ui.screens.doubles_joined import JoinedPane, ShownGroup
from ui.screens.doubles_lists import OTHER, ListsPane
from ui.screens.doubles_pairs import PairPane
from ui.screens.doubles_reading import ShownEvent, ShownLine, ShownLists, ShownPair, ShownPerson, in_words
from ui.screens.merge_acts import Bundle
from ui.screens.merge_folder import FOLDER
from ui.screens.merge_groups import Waiting
from ui.screens.merge_reading import OpenConflict, Said, Small
from ui.screens.merge_taken import TakenPane

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.screens.merge import MergeRoom
    from ui.surroundings import Surroundings

Build = Callable[["Surroundings"], "QWidget"]
RoomOf = Callable[[str, Callable[[Any, str], None]], Build]

_SENDER = "Монитор «Алматы-2»"
_NARRATIVE = Text("What happened", "Что произошло", "Не болды")
_EVENT = Text("Event", "Событие", "Оқиға")
_TEXTS = (
    Text(
        "Police surrounded the square at about 11:20. Twelve people were led to a van; a man was hit on the shoulder.",
        "Около 11:20 полиция оцепила площадь. Двенадцать человек увели в автозак; одного мужчину ударили по плечу.",
        "Шамамен 11:20-да полиция алаңды қоршады. Он екі адам автозакқа әкетілді; бір ер адамды иығынан ұрды.",
    ),
    Text(
        "Police surrounded the square at 11:35. Fourteen people were led to two vans; a man was hit on the shoulder.",
        "В 11:35 полиция оцепила площадь. Четырнадцать человек увели в два автозака; одного мужчину ударили по плечу.",
        "11:35-те полиция алаңды қоршады. Он төрт адам екі автозакқа әкетілді; бір ер адамды иығынан ұрды.",
    ),
)
_TITLE = Text("Rally on the square", "Митинг на площади", "Алаңдағы митинг")
_NAME = Text("Name in Kazakh", "Имя по-казахски", "Қазақша аты-жөні")
_BORN = Text("Date of birth", "Дата рождения", "Туған күні")
_DETENTION = Text("Detention", "Задержание", "Ұстау")
_PLACE = Text("17.11.2026, central square", "17.11.2026, центральная площадь", "17.11.2026, орталық алаң")


def _narrative(room: MergeRoom, lang: str) -> None:
    mine, theirs = (text.to(lang) for text in _TEXTS)
    pieces = word_difference(mine, theirs)
    words = catalogue("desk", lang)
    sides = (
        Said("", own=True, state="", time="2026-11-17T14:32:00+05:00", value=mine, statement="a", pieces=pieces[0],
             seen=words.say("merge.seen", who=_SENDER)),
        Said(_SENDER, own=False, state="verified", time="2026-11-17T12:55:00+05:00", value=theirs, statement="b",
             pieces=pieces[1]),
    )  # fmt: skip
    one = OpenConflict(
        bytes(16), "description", _NARRATIVE.to(lang), _EVENT.to(lang), _TITLE.to(lang), sides, "copy", can_both=True
    )
    room.lay(Bundle(), taken={}, waiting=Waiting(conflicts=[one, one], people=2), work="conflicts")


def _small(room: MergeRoom, lang: str) -> None:
    small = {
        "spelling": [
            Small(f"{_NAME.to(lang)}: Үлгіқызы Әсем", "Үлгіқызы Әсем", ("УЛГИКЫЗЫ АСЕМ",)),
            Small(f"{_NAME.to(lang)}: Мысалов Ғалым", "Мысалов Ғалым", ("Мысалов Галым", "Ғалым Мысалов")),
        ],
        "precision": [Small(f"{_BORN.to(lang)}: Сынақова Айгүл", "1.05.1990", ("1990",))],
    }
    room.lay(Bundle(), taken={}, waiting=Waiting(small=small, people=2), work="small")


_LINES = (
    (("Тестов Д.", "Тестов Данияр\n1990", "Daniyar Testov"), 71, "name-initials"),
    (("Сынакова Айгуль", "", "Сынақова Айгүл\n1984"), 64, "name-slip"),
    (("Мысалов Ғалым\n1971", "Мысалов Галым", "Mysalov Galym"), 98, "name-same"),
    (("Үлгіқызы Әсем", "Улгикызы Асем\n1999", ""), 97, "name-spelling"),
    (("", "Өңірова Жұлдыз", ""), 0, ""),
    (("Женщина, около 40, красная куртка", "", ""), 0, ""),
)


def _lists(room: MergeRoom, lang: str) -> None:
    room.lay(Bundle(), taken={}, waiting=Waiting(lists=1, people=2), work="lists")
    events = [ShownEvent(bytes([n]) * 16, who, 60 - n) for n, who in enumerate((_SENDER, "Үлгіқызы Әсем", "Байқау-3"))]
    lines = []
    for number, (cells, score, code) in enumerate(_LINES):
        people = tuple([bytes([number, place]) * 8 if cell else None for place, cell in enumerate(cells)])
        named = [cell.split("\n")[0] for cell in cells if cell]
        reason = [Reason(code, (("one", named[0]), ("other", named[1])))] if code else []
        several = len(named) > 1
        lines.append(ShownLine(people, cells, score, " ".join(in_words(reason, lang)), asks=several, joined=False))
    why = in_words([Reason("day-same", (("date", "2026-11-17"),)), Reason("people-same", (("n", "24"),))], lang)
    if isinstance(room.pane, ListsPane):
        room.pane.show_lists([ShownLists(_TITLE.to(lang), " ".join(why), tuple(events), tuple(lines))])
        room.pane.table.lines.say(1, OTHER)


def _people(room: MergeRoom, lang: str) -> None:
    room.lay(Bundle(), taken={}, waiting=Waiting(people=2), work="people")
    facts = ((_BORN.to(lang), "1990"), (_DETENTION.to(lang), _PLACE.to(lang)))
    one = ShownPerson(b"1" * 16, "Тестов Данияр", "Үлгіқызы Әсем", ((_NAME.to(lang), "Тестов Данияр"), *facts), 2)
    other = ShownPerson(b"2" * 16, "Daniyar Testov", _SENDER, facts, 0)
    reasons = in_words(
        [
            Reason("name-same", (("one", "Тестов Данияр"), ("other", "Daniyar Testov"))),
            Reason("companions", (("n", "3"),)),
            Reason("year-same", (("year", "1990"),)),
            Reason("region-same"),
        ],
        lang,
    )
    if isinstance(room.pane, PairPane):
        room.pane.show_pairs([ShownPair(one, other, 97, reasons), ShownPair(one, other, 97, reasons)])


def _joined(room: MergeRoom, lang: str) -> None:
    room.lay(Bundle(), taken={}, waiting=Waiting(people=2, joined=14), work="joined")
    born, detention = (_BORN.to(lang), "1990"), (_DETENTION.to(lang), _PLACE.to(lang))
    one = ShownPerson(b"1" * 16, "Тестов Данияр", "Үлгіқызы Әсем", (born, detention), 2)
    other = ShownPerson(b"2" * 16, "Daniyar Testov", _SENDER, (detention,), 0)
    third = ShownPerson(b"3" * 16, "Тестов Д., красная куртка", "Мысалов Ғалым", (), 1)
    if isinstance(room.pane, JoinedPane):
        room.pane.show_groups([ShownGroup((one, other, third)), ShownGroup((one, other))], there=14)


def _line(number: int, sender: str, standing: str, *, new: int, changed: int) -> dict[str, Any]:
    told = {"bundle": f"{number:02x}" * 32, "sender": sender, "sequence": number, "taken": 1_795_000_000 + number}
    return told | {"new": new, "changed": changed, "standing": standing}


def _taken(room: MergeRoom, lang: str) -> None:
    del lang
    room.lay(Bundle(), taken={}, waiting=Waiting(people=2, taken=3), work="taken")
    if isinstance(room.pane, TakenPane):
        bundles = [
            _line(7, _SENDER, "in", new=14, changed=3),
            _line(4, "Үлгіқызы Әсем", "some", new=2, changed=0),
            _line(3, "Мысалов Ғалым", "back", new=120, changed=41),
        ]
        room.pane.show_bundles(bundles)


def _taken_before(room: MergeRoom, lang: str) -> None:
    room.lay(Bundle(), taken={}, waiting=Waiting(people=2, taken=3), work="taken")
    becomes = ("gone", "gone", "changed", "gone", "back")
    records = [{"title": name, "becomes": how} for name, how in zip(_PEOPLE, becomes, strict=True)]
    records.append({"title": _TITLE.to(lang), "becomes": "changed"})
    own = [
        {"title": "Сынақова Айгүл", "fields": {"born": "settled", "same_as": "joined"}},
        {"title": _TITLE.to(lang), "fields": {"place": "edited"}},
    ]
    counts = {"vanish": 14, "come_back": 1, "changed": 3, "stay_own": 0, "stay_also": 6, "strict": ["00" * 16]}
    counts |= {"revisions": 31}
    seen = {"sender": _SENDER, "bundle": "07" * 32, "records": records, "own_work": own, "links": [["", ""]]}
    if isinstance(room.pane, TakenPane):
        room.pane.show_before(seen | counts | {"names": ["Үлгіқызы Әсем"]})


def _stands(*, new: int = 0, gets: bool = True) -> Standing:
    """Return an invented folder: one who has all, one who waits, one who gets, and things left over."""
    partners = (
        PartnerStanding("Үлгіқызы Әсем", "unverified", waits=2, kept=(bytes(32),)),
        PartnerStanding(_SENDER, "verified", taken=2, gets=gets),
        PartnerStanding("Координатор, Астана", "verified", ours=1, gets=gets),
    )
    return Standing(
        Path("/media/usb/kzdoc-обмен"),
        partners,
        new,
        (("a3f09c1be77d2045.bin", "bundle.damaged"),),
        (((2,), 3),),
        (".syncthing.4471c0de9a5b0f12.bin.tmp",),
        ("4471c0de9a5b0f12.sync-conflict-20261122-101500-ABCDEFG.bin",),
        3,
        1,
        None,
        flooded=False,
    )


def _folder(room: MergeRoom, lang: str) -> None:
    del lang
    told = {
        "taken": [{"sender": _SENDER, "new": 14, "changed": 6, "conflicts": 3}],
        "receipts": [{"from": _SENDER, "bundle": ""}],
        "written": {"to": ["Координатор, Астана"], "statements": 63, "files": ["a.bin"]},
        "not_written": None,
        "without": [],
        "left": 0,
        "too_many": False,
    }
    room.work = FOLDER
    room.folder.lay(_stands(), told)


def _folder_before(room: MergeRoom, lang: str) -> None:
    del lang
    room.work = FOLDER
    room.folder.lay(_stands(new=4), {})


def _folder_for(room: MergeRoom, lang: str) -> None:
    del lang
    room.work = FOLDER
    room.folder.lay(_stands(gets=False), {}, [_SENDER, "Координатор, Астана"])
    room.folder.ask_for_whom()


def _folder_none(room: MergeRoom, lang: str) -> None:
    del lang
    room.work = FOLDER
    room.folder.lay(None, {})


_PEOPLE = ("Тестов Данияр", "Сынақова Айгүл", "Мысалов Ғалым", "Үлгіқызы Әсем", "Өңірова Жұлдыз")


def _brought(lang: str) -> list[dict[str, Any]]:
    """Return the records of an invented bundle: an event, people, and the detention of each."""
    event = {"id": "ee" * 16, "kind": "event", "title": _TITLE.to(lang), "state": "changed", "links": []}
    people, detentions = [], []
    for number, name in enumerate(_PEOPLE):
        state = "changed" if number == 1 else "new"
        person = f"{number:02x}" * 16
        people.append({"id": person, "kind": "person", "title": name, "state": state, "links": []})
        links = [person] if state == "new" else []
        one = {"id": f"d{number:x}" * 16, "kind": "detention", "title": name, "state": "new", "links": links}
        detentions.append(one)
    return [event, *people, *detentions]


def _bundle(lang: str) -> Bundle:
    counts = {"new": 9, "changed": 2, "conflicts": 1, "doubles": 0, "withheld": 1, "withdrawn": 0, "refused": []}
    parts = {"volumes": 1, "volumes_here": [1], "volumes_missing": []}
    seen = {"sender": _SENDER, "state": "verified", "already": False, "standing": "next", "bundle": "00" * 32}
    return Bundle(seen=seen | counts | parts | {"records": _brought(lang)})


def _some(room: MergeRoom, lang: str) -> None:
    room.lay(_bundle(lang), taken={}, waiting=Waiting())
    some = room.inside.some
    if some is not None:
        some.model.tick([1, 3], ticked=False)


def _some_taken(room: MergeRoom, lang: str) -> None:
    bundle = _bundle(lang)
    left_out = {"not_chosen": ["00" * 16, "01" * 16], "along": ["02" * 16], "rest_waits": True, "whole": False}
    room.lay(bundle, taken=bundle.seen | left_out, waiting=Waiting())


def _lying(number: int, sender: str, **more: Any) -> Lying:
    told: dict[str, Any] = {"sender": sender, "state": "verified", "number": number, "day": "2026-11-17", "why": ""}
    told |= {"already": False, "standing": "next", "counted": "after", "volumes": 1, "volumes_missing": []}
    told |= {"new": 14, "changed": 3, "conflicts": 1, "doubles": 0, "withheld": 2, "withdrawn": 1}
    return Lying(bytes([number]) * 32, b"", number, {}, told | more)


def _many_lie() -> Several:
    none = dict.fromkeys(("new", "changed", "conflicts", "doubles", "withheld", "withdrawn"))
    bundles = [
        _lying(7, "Мысалов Ғалым", state="unverified", why="bundle.unverified-sender", counted="alone"),
        _lying(3, _SENDER, already=True),
        _lying(4, _SENDER, volumes=3),
        _lying(6, _SENDER, standing="gap", new=2, changed=0, conflicts=0, withheld=0),
        _lying(1, "Үлгіқызы Әсем", volumes=3, volumes_missing=[2], why="bundle.volumes-missing", **none),
    ]
    found = Found(others=3, named=["фото.jpg", "список.docx", "IMG_2041.heic"])
    refused = [{"file": "a3f09c1b.bin", "code": "bundle.damaged"}]
    receipts = [{"from": "Координатор, Астана"}]
    return Several(bundles, receipts=receipts, refused=refused, not_for_us=2, found=found)


def _many(room: MergeRoom, lang: str) -> None:
    del lang
    room.many.lay(_many_lie())
    room.lay(Bundle(), taken={}, waiting=Waiting())


def _many_done(room: MergeRoom, lang: str) -> None:
    del lang
    came = {"new": 14, "changed": 3, "conflicts": 1, "withheld": 2, "sender": _SENDER}
    stayed = {"sender": "Мысалов Ғалым", "files": ["7c.bin"], "code": "bundle.unverified-sender", "waits": True}
    told = {"taken": [came | {"receipt": "a1.bin.receipt"}, came | {"new": 2, "receipt": ""}], "not_taken": [stayed]}
    room.many.lay(_many_lie(), told | {"known": 1, "taken_back": [], "receipts": [{}], "refused": [], "stopped": ""})
    room.lay(Bundle(), taken={}, waiting=Waiting(people=2))


def merge_scenes(room: RoomOf) -> tuple[Scene, ...]:
    """Return the scenes; ``room`` builds a window at a room and arranges it."""
    return (
        Scene("merge-narrative", room("merge", _narrative)),
        Scene("merge-small", room("merge", _small)),
        Scene("merge-lists", room("merge", _lists)),
        Scene("merge-people", room("merge", _people)),
        Scene("merge-joined", room("merge", _joined)),
        Scene("merge-taken", room("merge", _taken)),
        Scene("merge-taken-before", room("merge", _taken_before)),
        Scene("merge-some", room("merge", _some)),
        Scene("merge-some-taken", room("merge", _some_taken)),
        Scene("merge-many", room("merge", _many)),
        Scene("merge-many-done", room("merge", _many_done)),
        Scene("merge-folder", room("merge", _folder)),
        Scene("merge-folder-before", room("merge", _folder_before)),
        Scene("merge-folder-for", room("merge", _folder_for)),
        Scene("merge-folder-none", room("merge", _folder_none)),
    )
