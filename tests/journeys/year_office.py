"""A year of an office for simulations: stars of laptops around coordinators who stand in a ring, real vaults and files.

Every desk works, visits its folders when it can, and takes what lies there; between the visits a carrier delays,
reorders, doubles, loses and cuts files. One seed decides everything, keys and names of files too, but for what sealing
draws by itself. All people are invented.
"""

from __future__ import annotations

import random
import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kzdoc import casework, withholding
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.errors import KzdocError
from kzdoc.exchange import alerts, asking, folder, rosters, trust
from kzdoc.session import AUTHOR, IDENTITY, NAME, PUBLISHER, Session

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from kzdoc.moment import Clock
    from tests.vaults import Template

RIGHTS = frozenset(("replace", "settle", "erase"))
SURNAMES = ["Тестов", "Мысалов", "Сынақов", "Үлгіұлы", "Жобаев", "Көрсетов", "Байқауов", "Ойдан", "Жалғанов", "Қиялов"]
GIVEN = ["Данияр", "Ғалым", "Әсем", "Айгүл", "Ерден", "Жанар", "Мирас", "Ұлпан", "Іңкәр", "Өмір", "Һәкім", "Шолпан"]
WEEK = 7 * 24 * 3600
_COPY = re.compile(r" \(\d+\)\.BIN$|\.sync-conflict\.bin$")


@dataclass
class Desk:
    """One desk: its vault, the folders it visits and what it put there, week by week."""

    session: Session
    folders: list[Path] = field(default_factory=list)
    seized: bool = False


@dataclass
class Year:
    """An office in its year."""

    chance: random.Random
    desks: list[Desk]
    laptops: list[Desk]
    coordinators: list[Desk]
    partner: Desk
    places: list[Path]
    limbo: Path
    people: list[bytes] = field(default_factory=list)
    names: dict[bytes, str] = field(default_factory=dict)
    makers: dict[bytes, Desk] = field(default_factory=dict)
    events: list[bytes] = field(default_factory=list)
    withdrawn: list[bytes] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    forgotten: list[tuple[Desk, bytes]] = field(default_factory=list)
    planted: list[bytes] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    written: list[int] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    # --- work

    def work(self) -> None:
        """Let one week of work be done at every laptop, and a little at the coordinators'."""
        self.written.append(0)
        for desk in self.desks:
            acts = self.chance.randint(1, 3) if desk in self.laptops else self.chance.randint(0, 1)
            for _ in range(acts):
                self._act(desk)

    def _act(self, desk: Desk) -> None:
        session = desk.session
        what = self.chance.choice(("event", "event", "person", "edit", "edit", "edit"))
        here = [one for one in (*self.people, *self.events) if session.records.known([one])]
        self.written[-1] += 1
        if what == "edit" and here:
            record = self.chance.choice(here)
            name = "occupation" if record in self.names else "description"
            value = f"{self.chance.choice(GIVEN).lower()} {self.chance.randrange(10**6)}"
            if not casework.state(session, record).removed:
                casework.change(session, record, [Change(name, "set", value)])
        elif what == "person":
            name = f"{self.chance.choice(SURNAMES)} {self.chance.choice(GIVEN)}"
            basis = [Change("naming_basis", "set", "official")] if self.chance.random() < 0.5 else []
            person = casework.add(session, "person", [Change("name_kk", "set", name), *basis])
            self._made(desk, person, self.people)
            self.names[person] = name
        else:
            title = f"Жиын {self.chance.randrange(10**9)}"
            self._made(desk, casework.add(session, "event", [Change("title", "set", title)]), self.events)

    def _made(self, desk: Desk, record: bytes, among: list[bytes]) -> None:
        (self.planted if desk.seized else among).append(record)
        self.makers[record] = desk

    def withdraw(self) -> None:
        """Let a person take the basis for being named back, and something be written of the person afterwards."""
        for desk in self.chance.sample(self.coordinators, len(self.coordinators)):
            read = desk.session.records
            named = [one for one in self.people if (now := read.record(one)) and now.value("naming_basis")]
            if named:
                person = self.chance.choice(named)
                casework.change(desk.session, person, [Change("naming_basis", "set", "")])
                token = f"белгі{self.chance.randrange(10**9)}"
                title = f"{self.names[person]} айтқан жиын {token}"
                self.events.append(casework.add(desk.session, "event", [Change("title", "set", title)]))
                self.withdrawn.append(person)
                self.tokens.append(token)
                self.written[-1] += 2
                return

    def forget(self) -> None:
        """Let a desk forget what an event's title said, for ever."""
        desk = self.chance.choice(self.coordinators)
        gone = {event for _, event in self.forgotten}
        here = [one for one in self.events if one not in gone and desk.session.records.known([one])]
        if here:
            event = self.chance.choice(here)
            withholding.forget(desk.session, event, ["title"], leave_texts=True)
            self.forgotten.append((desk, event))

    def seize(self) -> None:
        """Let a laptop fall into other hands: its coordinator says so, and it goes on writing and sending.

        What it had written that the coordinator does not have yet comes too late to be believed.
        """
        lost = self.laptops[-1]
        lost.seized = True
        for desk in self.coordinators:
            if lost.folders[0] in desk.folders:
                for among in (self.people, self.events):
                    late = [one for one in among if self.makers.get(one) is lost]
                    self.planted += [one for one in late if not desk.session.records.known([one])]
                    among[:] = [one for one in among if one not in self.planted]
                alerts.detained(desk.session, lost.session.name, since="", lang="en")

    # --- visits

    def visit(self, desk: Desk) -> bool:
        """Let a desk do a round in each of its folders; return whether anything was done."""
        done = False
        for place in desk.folders:
            told = folder.exchange(desk.session, place)
            assert told["not_written"] is None, told
            files = told["written"]["files"] if told["written"] else []
            if not desk.seized:
                self.sent[-1] += sum((place / name).stat().st_size for name in files)
            done |= bool(files or told["taken"] or told["receipts"] or told["receipts_written"] or told["removed"])
            self.refused |= {one["code"] for one in told["refused"]}
            self.refused |= {one["code"] for taken in told["taken"] for one in taken["refused"]}
            if not desk.seized:
                self._follow(desk)
        return done

    def _follow(self, desk: Desk) -> None:
        """Let a person do what partners ask: trust no more who was detained, forget what they forgot."""
        for alert in alerts.alerts(desk.session):
            alerts.follow_alert(desk.session, str(alert["alert"]), follow=not alert["self"])
        if asking.asked(desk.session):
            asking.forget_asked(desk.session, None, leave_texts=True)

    def week(self, *, visiting: float) -> None:
        """Let those who can visit their folders, in any order."""
        self.sent.append(0)
        for desk in self.chance.sample([*self.desks, self.partner], len(self.desks) + 1):
            if self.chance.random() < visiting:
                self.visit(desk)
        self.carry()

    def carry(self) -> None:
        """Let the carriers do their worst: hold back and bring later, double, cut copies, lose.

        Of the copies they made they make no more, and they clear them away in the end.
        """
        for place in self.places:
            waiting = self.limbo / place.name
            waiting.mkdir(exist_ok=True)
            for file in sorted(waiting.iterdir()):
                if self.chance.random() < 0.6:
                    shutil.move(file, place / file.name)
            for file in sorted(one for one in place.iterdir() if one.is_file()):
                self._meet_fate(file, waiting)

    def _meet_fate(self, file: Path, waiting: Path) -> None:
        fate = self.chance.random()
        if _COPY.search(file.name):
            if fate < 0.30:
                file.unlink()
        elif fate < 0.10:
            shutil.move(file, waiting / file.name)
        elif fate < 0.15:
            shutil.copy(file, file.with_name(f"{file.stem} ({self.chance.randrange(100)}).BIN"))
        elif fate < 0.18:
            file.with_name(f"{file.stem}.sync-conflict.bin").write_bytes(file.read_bytes()[:-1])
        elif fate < 0.20:
            file.unlink()

    def calm(self, most: int) -> int:
        """Let all carriers work as they should until nobody has anything to do; return how many turns that took."""
        for place in self.places:
            for file in sorted((self.limbo / place.name).glob("*")):
                shutil.move(file, place / file.name)
        for turn in range(most):
            self.sent.append(0)
            done = [self.visit(desk) for desk in [*self.desks, self.partner]]
            if not any(done):
                return turn
        return most


def desk_of(template: Template, place: Path, name: str, *, seed: int, clock: Clock) -> Desk:
    """Return a desk with keys of its own in a copy of the template vault: the KDF was run once, for the template."""
    randomness = random.Random(f"{seed} {name}").randbytes
    template.copy(place)
    vault = template.open(place, clock=clock, randomness=randomness)
    vault.secrets.put(AUTHOR, randomness(64))
    vault.secrets.put(PUBLISHER, randomness(64))
    vault.secrets.put(IDENTITY, randomness(32))
    vault.settings.put(NAME, name.encode())
    return Desk(Session(vault, clock, randomness))


def meet(one: Desk, other: Desk) -> None:
    """Let two desks verify each other, once."""
    for here, there in ((one.session, other.session), (other.session, one.session)):
        if here.vault.contacts.named(there.name) is None:
            trust.add_contact(here, trust.card(there), name=there.name, lang="en")
            digits = trust.own_fingerprint(there, "en")["fingerprint"]
            trust.verify_contact(here, there.name, digits=digits, by="person", lang="en")


def share(place: Path, members: list[Desk], *, leader: Desk | None, audience: Audience = Audience.INTERNAL) -> None:
    """Let desks share a folder: everybody puts there for the leader, and he for all; without one each for each."""
    place.mkdir()
    for desk in members:
        others = [one for one in members if one is not desk and (leader is None or leader in (desk, one))]
        names = [one.session.name for one in others]
        folder.arrange(desk.session, place, names, audience=audience, purpose="алмасу")
        desk.folders.append(place)


def make_year(template: Template, tmp: Path, *, laptops: int, coordinators: int, seed: int, clock: Clock) -> Year:
    """Make the office: everybody knows the first coordinator, who signs the roster, and who is met in a folder."""
    chance = random.Random(seed)

    def desk(folder: str, name: str) -> Desk:
        return desk_of(template, tmp / folder, name, seed=seed, clock=clock)

    heads = [desk(f"c{number}", f"Үйлестіруші {number}") for number in range(coordinators)]
    own = [desk(f"l{number}", f"Монитор {number}") for number in range(laptops)]
    partner = desk("partner", "Серіктес")
    desks = [*own, *heads]
    for other in [*desks, partner]:
        if other is not heads[0]:
            meet(heads[0], other)
    places = [tmp / "shared" / f"star{number}" for number in range(coordinators)]
    (tmp / "shared").mkdir()
    (tmp / "limbo").mkdir()
    for number, (place, head) in enumerate(zip(places, heads, strict=True)):
        star = own[number::coordinators]
        for laptop in star:
            meet(head, laptop)
        share(place, [head, *star], leader=head)
    for number in range(coordinators if coordinators > 2 else coordinators - 1):
        two = [heads[number], heads[(number + 1) % coordinators]]
        meet(*two)
        places.append(tmp / "shared" / f"ring{number}")
        share(places[-1], two, leader=None)
    places.append(tmp / "shared" / "partner")
    share(places[-1], [heads[0], partner], leader=None, audience=Audience.PARTNER)
    members = {one.session.name: RIGHTS for one in desks if one is not heads[0]}
    draft = rosters.new_roster(heads[0].session, members, [])
    for member in desks:
        rosters.take_roster(member.session, draft)
    return Year(chance, desks, own, heads, partner, places, tmp / "limbo")


def shown(session: Session, gone: Collection[bytes]) -> list[Any]:
    """Return what a desk shows of every record; of those in ``gone`` without what somebody has forgotten.

    One of which nothing else is said is left out: who had not heard of it before it was forgotten never does.
    """
    rows = []
    for row in [casework.plain(one) for one in session.records.records()]:
        if bytes.fromhex(row["id"]) in gone:
            row["fields"].pop("title", None)
            row.update(
                {"withheld": 0, "withheld_fields": [], "conflicts": [one for one in row["conflicts"] if one != "title"]}
            )
        if row["fields"] or bytes.fromhex(row["id"]) not in gone:
            rows.append(row)
    return rows


def words_of(session: Session) -> str:
    """Return everything a desk shows, for looking for a word in it."""
    shown: list[Any] = [casework.plain(one) for one in session.records.records()]
    return repr(shown)


def close(year: Year) -> None:
    """Close every vault."""
    for desk in [*year.desks, year.partner]:
        try:
            desk.session.close()
        except KzdocError:
            continue
