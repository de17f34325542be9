"""People and keys: one's own card, partners and whether their keys are verified, language, lock, backup.

A partner is verified by typing two groups of digits that only they can read out; there is no button that says yes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kzdoc import keeping, oversight
from kzdoc.exchange import trust
from ui.keys import Command
from ui.screens.asking import ask, ask_for_files
from ui.screens.keys_compare import ComparePanel, NewCardPanel
from ui.screens.keys_drill import DrillPart
from ui.screens.keys_office import OfficePart, OfficeTold, read_office
from ui.screens.keys_parts import ContactsCard, OwnCard, SettingsCard, VaultCard
from ui.screens.keys_raid import RaidActs
from ui.screens.keys_ways import WayPanel, WaysPart
from ui.screens.panes import PanedRoom
from ui.widgets.banner import Notice
from ui.widgets.basics import button

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from kzdoc.errors import KzdocError
    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.screens.keys_office_panels import OfficePanel
    from ui.surroundings import Surroundings

    Panel = ComparePanel | NewCardPanel | WayPanel | OfficePanel

CARD, HEAD, BACKUP = "kzcard", "kzhead", "kzbackup"


class KeysRoom(PanedRoom):
    """Own things at the left, partners and the vault at the right."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__(desk, "keys.title", left=440)
        words, theme = desk.words, desk.theme
        self.own = OwnCard(desk, self.write_card)
        self.raid = RaidActs(desk, self, do=self._do, told=self._told, failed=self._failed, close=self._close)
        acts = {
            "compare": self.compare,
            "rename": self.rename,
            "revoke": self.ask_revoke,
            "detained": self.raid.ask,
            "exposure": self.raid.write_exposure,
            "again": self.raid.trust_again,
        }
        self.people = ContactsCard(desk, acts)
        self.settings = SettingsCard(desk, self._run)
        self.drills = DrillPart(
            desk, self, open_panel=self.open_panel, close=self._close, told=self._told, failed=self._failed
        )
        keeping_acts = {"backup": self.write_backup, "drill": self.drills.drill}
        self.vault = VaultCard(desk, keeping_acts | {"head": self.write_head, "check": self.drills.check})
        self.panel: Panel | None = None
        self.ways = WaysPart(
            desk,
            self,
            open_panel=self.open_panel,
            close=self._close,
            told=self._told,
            failed=self._failed,
            none=self._no_partner,
        )
        self.office = OfficePart(
            desk,
            self,
            open_panel=self.open_panel,
            close=self._close,
            told=self._told,
            failed=self._failed,
            let_open=self.ways.office,
        )
        self.fill([self.own, self.settings], [self.people, self.office.card, self.ways.card, self.vault])
        add = button(words, "keys.add", self.add, look="main", theme=theme, icon="add")
        self.page.verbs.addWidget(button(words, "keys.manual", lambda: desk.go("manual"), theme=theme, icon="help"))
        self.page.verbs.addWidget(add)
        self.bar.hide()
        words.put(self.page.show_line, "keys.line")
        words.languageChanged.connect(self._reload)

    # what a person does

    def write_card(self) -> None:
        """Write one's own card to a file to hand over."""
        self._save(f"{CARD}.txt", trust.write_card, "keys.card_written")

    def write_head(self) -> None:
        """Write a signed head to keep elsewhere."""
        self._save(f"{HEAD}.txt", oversight.write_head, "keys.head_written")

    def write_backup(self) -> None:
        """Write a backup, verified before it gets its name."""

        def write(session: Session, out: Path, progress: Progress) -> None:
            oversight.backup(session, out, progress=progress)

        ask_for_files(
            self.desk, self, lambda paths: self._do(write, paths[0], "keys.backed_up"), wanted="save", name=BACKUP
        )

    def add(self) -> None:
        """Choose a partner's card, look at it, and name its owner."""
        lang = self.desk.words.lang

        def look(paths: list[Path]) -> None:
            self.desk.tasks.read(
                lambda _session, _progress: trust.look_at_card(paths[0], lang),
                done=lambda told: self._name(paths[0], told),
                failed=self._failed,
                owner=self,
            )

        ask_for_files(self.desk, self, look)

    def compare(self, name: str) -> None:
        """Begin to compare a partner's digits."""
        lang = self.desk.words.lang

        def read(session: Session, _progress: Progress) -> tuple[list[str], dict[str, str]]:
            told = next(one for one in trust.contacts(session, lang) if one["name"] == name)
            return trust.gapped_fingerprint(session, name), told

        self.desk.tasks.read(read, done=lambda found: self._compare(*found), failed=self._failed, owner=self)

    def rename(self, name: str) -> None:
        """Ask what a partner shall be called here from now on."""
        lang = self.desk.words.lang

        def take(new: str) -> None:
            self.desk.tasks.write(
                lambda session, _progress: trust.rename_contact(session, name, new, lang=lang),
                done=lambda told: self._told("keys.renamed", name=told["name"]),
                failed=self._failed,
                owner=self,
            )

        self.open_panel(NewCardPanel(self.desk, name, take, self._close, about="keys.rename"))

    def ask_revoke(self, name: str) -> None:
        """Ask before a partner's key is no longer trusted."""
        title = self.desk.words.say("keys.revoke_title", name=name)
        lines = ("keys.revoke_what", "keys.revoke_kept")
        ask(
            self.desk,
            self,
            title,
            lines,
            verb="keys.revoke_do",
            leave="keys.revoke_not",
            then=lambda: self._revoke(name),
        )

    # hooks of a room

    def commands(self) -> Sequence[Command]:
        """Return what can be written and taken in here."""
        return (
            Command("keys.add", "keys.add", self.add, ("Ctrl+O",), "keys", icon="add"),
            Command("keys.card", "keys.write_card", self.write_card, scope="keys", icon="save"),
            Command("keys.backup", "keys.backup", self.write_backup, scope="keys", icon="save"),
            Command("keys.head", "keys.head", self.write_head, scope="keys", icon="save"),
            Command("keys.drill", "keys.drill", self.drills.drill, scope="keys", icon="files"),
            Command("keys.check", "keys.check", self.drills.check, scope="keys", icon="files"),
            Command("keys.roster", "office.new", self.office.new_roster, scope="keys", icon="sign"),
            Command("keys.office_file", "office.open", self.office.open_file, scope="keys", icon="files"),
            Command("keys.hand_over", "office.hand", self.office.hand_over, scope="keys", icon="sign"),
        )

    def arrive(self, what: object) -> None:
        """Read all of it; ``("verify", name)`` begins to compare."""
        self._reload()
        if isinstance(what, tuple) and what[:1] == ("verify",):
            self.compare(str(what[1]))

    def refresh(self, changes: object) -> None:
        """Read again after a write."""
        del changes
        if self.isVisible():  # else arriving reads it
            self._reload()

    def back(self) -> bool:
        """Close the panel."""
        open_ = self.panel is not None
        self._close()
        return open_

    # reading and writing

    def show_people(
        self,
        own: dict[str, str],
        contacts: list[dict[str, str]],
        ways: Sequence[dict[str, Any]] = (),
        office: OfficeTold | None = None,
    ) -> None:
        """Show one's own fingerprint, the partners, the ways to open the vault and the office."""
        if office is not None:
            self.office.show_office(office, contacts)
        self.ways.card.show_ways(ways)
        self.own.show_own(own)
        self.ways.show_partners(contacts)
        self.people.show_contacts(contacts)

    def _reload(self) -> None:
        lang = self.desk.words.lang
        self.desk.tasks.read(
            lambda session, _progress: (
                trust.own_fingerprint(session, lang),
                trust.contacts(session, lang),
                keeping.slots(session),
                read_office(session),
            ),
            done=lambda found: self.show_people(*found),
            failed=self._failed,
            owner=self,
            latest="keys.reload",
        )

    def _save(self, name: str, write: Callable[[Session, Path], None], said: str) -> None:
        def act(session: Session, out: Path, _progress: Progress) -> None:
            write(session, out)

        ask_for_files(self.desk, self, lambda paths: self._do(act, paths[0], said), wanted="save", name=name)

    def _do(self, act: Callable[[Session, Path, Progress], None], out: Path, said: str) -> None:
        self.desk.tasks.read(
            lambda session, progress: act(session, out, progress),
            done=lambda _: self._told(said, name=out.name),
            failed=self._failed,
            owner=self,
            label="keys.writing",
        )

    def _name(self, file: Path, told: dict[str, str]) -> None:
        lang = self.desk.words.lang

        def take(name: str) -> None:
            def done(taken: dict[str, str]) -> None:
                self._close()
                self.compare(taken["name"])

            self.desk.tasks.write(
                lambda session, _progress: trust.add_card(session, file, name=name, lang=lang),
                done=done,
                failed=self._failed,
                owner=self,
            )

        self.open_panel(NewCardPanel(self.desk, told["name"], take, self._close))

    def _compare(self, groups: list[str], contact: dict[str, str]) -> None:
        lang, name = self.desk.words.lang, contact["name"]

        def verify(digits: str, by: str) -> None:
            self.desk.tasks.write(
                lambda session, _progress: trust.verify_contact(session, name, digits=digits, by=by, lang=lang),
                done=lambda _: self._told("keys.verified", name=name),
                failed=self._failed,
                owner=self,
            )

        self.open_panel(ComparePanel(self.desk, name, groups, verify, self._close))

    def _revoke(self, name: str) -> None:
        lang = self.desk.words.lang
        self.desk.tasks.write(
            lambda session, _progress: trust.revoke_contact(session, name, lang=lang),
            done=lambda _: self._told("keys.revoked", name=name),
            failed=self._failed,
            owner=self,
        )

    def _no_partner(self) -> None:
        self.banners.put(Notice("keys", "info", "ways.office_none", {}, "keys.add", self.add))

    def _told(self, key: str, **params: str | int) -> None:
        self._close()
        self.desk.notice(key, undo=None, **params)

    def _failed(self, error: KzdocError) -> None:
        self.banners.put(Notice("keys", "warn", "error.said", {"sentence": self.desk.words.error(error)}))
        if isinstance(self.panel, ComparePanel):
            self.panel.wrong()

    # what is shown

    def open_panel(self, panel: Panel) -> None:
        """Open a panel over the partners."""
        self._close()
        self.panel = panel
        self.right.insertWidget(0, panel)
        panel.show()
        panel.begin()
        self.bring(panel)

    def _close(self) -> None:
        self.banners.take("keys")
        panel: QWidget | None = self.panel
        self.panel = None
        if panel is not None:
            self.right.removeWidget(panel)
            panel.hide()
            panel.deleteLater()

    def _run(self, command: str) -> None:
        self.desk.keys.command(command).run()
