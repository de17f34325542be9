"""The office in People and keys: the roster in force, a next version, who hands over to whom, a file that came.

The room lends its panel place, its notices and its errors. What is signed is asked for once more in words before, for a
signature cannot be taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kzdoc.exchange import rosters, successions, trust
from kzdoc.limits import LIMITS
from kzdoc.platform.files import read_given
from ui.screens.asking import ask, ask_for_files
from ui.screens.keys_office_cards import OfficeCard
from ui.screens.keys_office_panels import HandOverPanel, RosterPanel, SeenRosterPanel, SeenSuccessionPanel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from kzdoc.errors import KzdocError
    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.screens.keys_office_panels import OfficePanel
    from ui.surroundings import Surroundings

ROSTER_FILE, SUCCESSION_FILE = "kzroster.txt", "kzsuccession.txt"
_ROSTER = b"-----BEGIN KZDOC ROSTER-----"


class OfficeTold(NamedTuple):
    """What the room reads of the office: the roster, the successions in force, one's own name."""

    roster: dict[str, Any]
    successions: Sequence[dict[str, Any]]
    own: str


def read_office(session: Session) -> OfficeTold:
    """Read what the card shows."""
    return OfficeTold(rosters.show_roster(session), successions.in_force(session), session.name)


class OfficePart:
    """What a person does about the office."""

    def __init__(
        self,
        desk: Surroundings,
        room: QWidget,
        *,
        open_panel: Callable[[OfficePanel], None],
        close: Callable[[], None],
        told: Callable[..., None],
        failed: Callable[[KzdocError], None],
        let_open: Callable[[], None],
    ) -> None:
        """``let_open`` begins to let another's key open this vault."""
        self._desk, self._room, self._let_open = desk, room, let_open
        self._open, self._close, self._told, self._failed = open_panel, close, told, failed
        self._contacts: list[dict[str, str]] = []
        self.shown = OfficeTold({"version": None, "offered": None}, (), "")
        acts = {
            "new": self.new_roster,
            "open": self.open_file,
            "offered": self._look_at_offered,
            "hand": self.hand_over,
        }
        self.card = OfficeCard(desk, acts)

    def show_office(self, told: OfficeTold, contacts: Sequence[dict[str, str]]) -> None:
        """Show the roster in force and who succeeds whom."""
        self.shown, self._contacts = told, list(contacts)
        self.card.show_office(told.roster, told.successions)

    # what a person does

    def new_roster(self) -> None:
        """Put a next version together."""
        self._open(RosterPanel(self._desk, self._contacts, self.shown, self._ask_new, self._close))

    def hand_over(self) -> None:
        """Hand cases to another."""
        verified = self._verified()
        self._open(
            HandOverPanel(self._desk, self.shown, verified, hand=self._ask_hand, ways=self._let_open, leave=self._close)
        )

    def open_file(self) -> None:
        """Look at a roster or a succession that came as a file."""

        def read(session: Session, file: Path) -> tuple[bytes, dict[str, Any], bool]:
            data = read_given(file, limit=LIMITS.roster_file)
            if _ROSTER in data:
                return data, rosters.look_at_roster(session, data), True
            return data, successions.look_at(session, data), False

        def look(paths: list[Path]) -> None:
            self._desk.tasks.read(
                lambda session, _: read(session, paths[0]),
                done=lambda found: self.show_file(*found),
                failed=self._failed,
                owner=self._room,
            )

        ask_for_files(self._desk, self._room, look)

    def show_file(self, data: bytes | None, told: dict[str, Any], is_roster: bool) -> None:
        """Show what came, and what can be done with it."""
        if is_roster:
            acts = {"take": lambda: self._take_roster(data), "sign": lambda: self._sign_roster(data)}
            self._open(SeenRosterPanel(self._desk, told, acts, self._close))
            return
        acts = {"take": lambda: self._take_succession(data), "sign": lambda: self._ask_sign(data, told)}
        self._open(SeenSuccessionPanel(self._desk, told, acts, self._close))

    # the worker

    def _verified(self) -> list[str]:
        return [one["name"] for one in self._contacts if one["state"] == trust.VERIFIED]

    def _look_at_offered(self) -> None:
        """Show the roster that waits; what is shown is what is put in force, whatever comes meanwhile."""

        def read(session: Session) -> tuple[bytes, dict[str, Any]]:
            data = rosters.offered_text(session)
            return data, rosters.look_at_roster(session, data)

        self._desk.tasks.read(
            lambda session, _: read(session),
            done=lambda found: self.show_file(*found, True),
            failed=self._failed,
            owner=self._room,
        )

    def _ask_new(self, roles: Mapping[str, frozenset[str] | None]) -> None:
        """Ask before a version is signed; a role of None is that of a coordinator."""
        members = {name: rights for name, rights in roles.items() if rights is not None}
        leads = [name for name, rights in roles.items() if rights is None]

        def act(session: Session, out: Path) -> dict[str, Any]:
            data = rosters.new_roster(session, members, leads)
            trust.write_new(out, data)
            told = rosters.look_at_roster(session, data)
            if told["can_take"]:
                rosters.take_roster(session, data)
            return told

        def done(told: dict[str, Any], name: str) -> None:
            signed, needed = len(told["signed"]), told["needed"]
            key = "office.made_in_force" if told["can_take"] else "office.made"
            self._told(key, version=told["version"], n=signed, needed=needed, name=name)

        self._ask(
            "office.sign_roster_title",
            ("office.sign_roster_what", "office.sign_roster_next"),
            lambda: self._write(act, ROSTER_FILE, done),
        )

    def _sign_roster(self, data: bytes | None) -> None:
        def act(session: Session, out: Path) -> dict[str, Any]:
            signed = rosters.sign_roster(session, data or b"")
            trust.write_new(out, signed)
            told = rosters.look_at_roster(session, signed)
            if told["can_take"]:
                rosters.take_roster(session, signed)
            return told

        def done(told: dict[str, Any], name: str) -> None:
            key = "office.made_in_force" if told["can_take"] else "office.made"
            self._told(key, version=told["version"], n=len(told["signed"]), needed=told["needed"], name=name)

        self._ask(
            "office.sign_roster_title",
            ("office.sign_roster_what", "office.sign_roster_next"),
            lambda: self._write(act, ROSTER_FILE, done),
        )

    def _take_roster(self, data: bytes | None) -> None:
        self._change(
            lambda session: rosters.take_roster(session, data),
            lambda told: self._told("office.in_force", version=told["version"]),
        )

    def _ask_hand(self, author: str, successor: str) -> None:
        def act(session: Session, out: Path) -> dict[str, Any]:
            told, text = successions.succeed(session, author, successor)
            trust.write_new(out, text)
            return told

        self._ask(
            "office.sign_hand_title",
            ("office.sign_hand_what", "office.sign_hand_never"),
            lambda: self._write(act, SUCCESSION_FILE, self._handed),
            author=author,
            successor=successor,
        )

    def _ask_sign(self, data: bytes | None, told: dict[str, Any]) -> None:
        def act(session: Session, out: Path) -> dict[str, Any]:
            signed, text = successions.sign(session, data or b"")
            trust.write_new(out, text)
            return signed

        self._ask(
            "office.sign_hand_title",
            ("office.sign_hand_what", "office.sign_hand_never"),
            lambda: self._write(act, SUCCESSION_FILE, self._handed),
            author=told["author"],
            successor=told["successor"],
        )

    def _handed(self, told: dict[str, Any], name: str) -> None:
        key = "office.handed" if told["in_force"] else "office.handed_wait"
        self._told(key, author=told["author"], successor=told["successor"], n=told["signatures"], name=name)

    def _take_succession(self, data: bytes | None) -> None:
        self._change(
            lambda session: successions.take(session, data or b""),
            lambda told: self._told("office.taken_over", author=told["author"], successor=told["successor"]),
        )

    def _ask(self, title: str, lines: Sequence[str], then: Callable[[], None], **params: str) -> None:
        said = self._desk.words.say(title, **params)
        ask(self._desk, self._room, said, lines, verb="office.sign_do", leave="office.sign_not", then=then)

    def _write(
        self,
        act: Callable[[Session, Path], dict[str, Any]],
        name: str,
        done: Callable[[dict[str, Any], str], None],
    ) -> None:
        def write(paths: list[Path]) -> None:
            self._change(lambda session: act(session, paths[0]), lambda told: done(told, paths[0].name))

        ask_for_files(self._desk, self._room, write, wanted="save", name=name)

    def _change(self, act: Callable[[Session], Any], done: Callable[[Any], None]) -> None:
        def run(session: Session, _progress: Progress) -> Any:
            return act(session)

        self._desk.tasks.write(run, done=done, failed=self._failed, owner=self._room)
