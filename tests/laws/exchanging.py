"""Random histories of desks that exchange bundles, grown from one number on real vaults with real bundle files.

Each step one desk writes, withholds, forgets, joins, settles, sends, takes in all or some of what was sent to it in any
order, receipts, takes back, brings back, travels, or looks at what waits. What a desk refuses did not happen.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kzdoc import casework, correcting, joining, naming, proposing, settling, travelling, withholding
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.errors import KzdocError
from kzdoc.exchange import incoming, outgoing, receipting, taking_back, trust
from kzdoc.exchange.arriving import Choice
from kzdoc.publishing import make_report
from kzdoc.redaction.unknown import NAME, SHOWN

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kzdoc.session import Session

SURNAMES, GIVEN = ("Тестов", "Мысалова", "Сынақ", "Үлгіқызы"), ("Данияр", "Айгүл", "Ғалым")
PHONES = ("+77010001122", "8 702 333 44 55")
STORIES = ("Рядом стояли Тестов Данияр и Айгүл.", "Мысалова Ғалымға көмектесті.", "Никого не было.")
KINDS = ("person", "event", "consent")
SOME = 0.5


@dataclass
class Exchanging:
    """Desks, the bundles that travelled between them and the receipts; ``happened``: what was done, how often."""

    desks: Sequence[Session]
    chance: random.Random
    folder: Path
    bundles: list[tuple[int, list[Path]]] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)

    def step(self) -> int | None:
        """Let one thing happen at one desk; return which, None when the desk refused it."""
        who = self.chance.randrange(len(self.desks))
        name, act = self.chance.choice(self._acts(who))
        try:
            act()
        except (KzdocError, IndexError):  # refused, or there is nothing yet that it could be done to
            return None
        self.happened[name] += 1
        return who

    def _acts(self, who: int) -> list[tuple[str, Callable[[], object]]]:
        desk = self.desks[who]
        acts: dict[str, Callable[..., object]] = {
            "person": lambda: self._person(desk),
            "event": lambda: self._event(desk),
            "consent": lambda: self._consent(desk),
            "withdraw": lambda: self._withdraw(desk),
            "change": lambda: self._change(desk),
            "remove": lambda: casework.remove(desk, self._any(desk), "entered_twice"),
            "undo": lambda: self._undo(desk),
            "withhold": lambda: withholding.withhold(desk, self._any(desk), self._fields(), "asked_by_person"),
            "restore": lambda: withholding.restore(desk, self._any(desk)),
            "forget": lambda: withholding.forget(desk, self._any(desk), self._fields(), leave_texts=True),
            "join": lambda: joining.same_person(desk, self._one(desk), self._one(desk)),
            "part": lambda: joining.part(desk, self._one(desk)),
            "apart": lambda: joining.part(desk, self._one(desk), self._one(desk)),
            "settle": lambda: self._settle(desk),
            "decide": lambda: naming.decide(desk, [self._name()], self.chance.choice([NAME, SHOWN])),
            "look": lambda: caught_up(desk),
            "paper": lambda: self._paper(desk),
            "send": lambda: self._send(who),
            "take": lambda: self._take(who),
            "take some": lambda: self._take(who, some=True),
            "receipt": lambda: self._receipt(who),
            "back": lambda: taking_back.take_back(desk, self._root(desk)),
            "bring": lambda: taking_back.bring_back(desk, self._root(desk)),
            "travel": lambda: travelling.travel(desk),
            "revoke": lambda: self._revoke(who),
        }
        often = dict.fromkeys(("person", "change", "settle"), 3) | dict.fromkeys(("send", "take"), 5)
        often |= dict.fromkeys(("take some", "back", "bring", "join", "receipt"), 3)
        rare = {"travel", "revoke"}
        return [
            (name, act)
            for name, act in acts.items()
            if name not in rare or self.chance.random() < 0.1
            for _ in range(often.get(name, 1))
        ]

    # what there is

    def _ids(self, desk: Session, kind: str = "") -> list[bytes]:
        return [one.id for of in ([kind] if kind else KINDS) for one in desk.records.records(of)]

    def _any(self, desk: Session) -> bytes:
        return self.chance.choice(self._ids(desk))

    def _one(self, desk: Session) -> bytes:
        return self.chance.choice(self._ids(desk, "person"))

    def _root(self, desk: Session) -> bytes:
        return self.chance.choice(desk.vault.taken_in.bundles()).root

    def _name(self) -> str:
        return f"{self.chance.choice(SURNAMES)} {self.chance.choice(GIVEN)}"

    def _fields(self) -> list[str]:
        return self.chance.choice([[], ["name_ru"], ["born"], ["phone"], ["title"], ["person"]])

    # what is written

    def _person(self, desk: Session) -> None:
        said: list[Change] = [Change("name_ru", "set", self._name())]
        said += [Change("born", "set", f"19{self.chance.randrange(80, 83)}")] if self.chance.random() < SOME else []
        said += [Change("phone", "add", self.chance.choice(PHONES))] if self.chance.random() < SOME else []
        basis = self.chance.choice(["official", "already_public", "own_consent"])
        said += [Change("naming_basis", "set", basis)] if self.chance.random() < SOME else []
        casework.add(desk, "person", said)

    def _event(self, desk: Session) -> None:
        said: list[Change] = [Change("title", "set", self._name()), Change("organiser", "set", self._name())]
        said += [Change("description", "set", self.chance.choice(STORIES)), Change("date", "set", "2024-03-03")]
        known = self._ids(desk, "person")
        said += [Change("persons", "add", self.chance.choice(known).hex())] if known else []
        casework.add(desk, "event", said)

    def _consent(self, desk: Session) -> None:
        said: list[Change] = [Change("person", "set", self._one(desk).hex()), Change("given_on", "set", "2024-01-01")]
        said += [Change("classes", "add", "identity"), Change("voluntary", "set", "yes")]
        said += [Change("audiences", "add", self.chance.choice(["public", "partner"]))]
        said += [Change("risks_explained", "set", "yes")]
        said += [Change("about", "add", self._any(desk).hex())] if self.chance.random() < SOME / 2 else []
        said += [Change("expires", "set", self.chance.choice(["2025", "2040"]))] if self.chance.random() < SOME else []
        casework.add(desk, "consent", said)

    def _withdraw(self, desk: Session) -> None:
        consent = self.chance.choice(self._ids(desk, "consent"))
        casework.change(desk, consent, [Change("withdrawn_on", "set", "2025-05-05")])

    def _change(self, desk: Session) -> None:
        one = desk.records.record(self._any(desk))
        if one is not None and one.kind == "person":
            many = self.chance.choice(
                [("name_ru", self._name()), ("name_kk", self._name()), ("born", "1979"), ("naming_basis", "official")]
            )
            casework.change(desk, one.id, [Change(many[0], "set", many[1])])
        elif one is not None:
            name = "title" if one.kind == "event" else "expires"
            casework.change(desk, one.id, [Change(name, "set", self._name() if name == "title" else "2039")])

    def _undo(self, desk: Session) -> None:
        step = self.chance.choice(casework.history(desk, self._any(desk)))
        casework.undo(desk, bytes.fromhex(step["revision"]))

    def _settle(self, desk: Session) -> None:
        one = self.chance.choice(casework.conflicts(desk))
        record = bytes.fromhex(one["id"])
        if self.chance.random() < SOME / 2:
            settling.keep_both(desk, record, one["field"])
        else:
            casework.settle(desk, record, one["field"], keep=self.chance.choice(one["values"])["statement"])

    def _paper(self, desk: Session) -> None:
        out = self.folder / f"{len(list(self.folder.iterdir()))}.pdf"
        event = self.chance.choice(self._ids(desk, "event"))
        reader: dict[str, Any] = {"recipient": "Адвокат Сынақова", "purpose": "Жалоба", "pack": False}
        make_report(desk, event, out, template="case-file", audience=Audience.LAWYER, lang="ru", **reader)

    # what travels

    def _send(self, who: int) -> None:
        others = [number for number in range(len(self.desks)) if number != who]
        to = self.chance.sample(others, self.chance.randint(1, len(others)))
        known = self._ids(self.desks[who])
        chosen = self.chance.sample(known, min(3, len(known))) if known and self.chance.random() < SOME / 2 else None
        inside = self.chance.random() < 0.8
        place = self.folder / f"sent-{len(list(self.folder.iterdir()))}"
        place.mkdir()
        outgoing.make_bundle(
            self.desks[who],
            [self.desks[one].name for one in to],
            place / "b.kzb",
            audience=Audience.INTERNAL if inside else Audience.PARTNER,
            purpose="Сынақ",
            records=chosen,
            again=self.chance.random() < SOME / 2,
        )
        files = sorted(place.iterdir())
        self.bundles += [(one, files) for one in to]

    def _files(self, who: int) -> list[Path]:
        return self.chance.choice([files for to, files in self.bundles if to == who])

    def _take(self, who: int, *, some: bool = False) -> None:
        desk, files = self.desks[who], self._files(who)
        if not some:
            incoming.take(desk, files)
            return
        listed = incoming.inspect(desk, files, listed_too=True)["records"]
        chosen = self.chance.choices(listed, k=self.chance.randint(1, 4))
        if self.chance.random() < SOME:
            choice = Choice(frozenset(bytes.fromhex(one["id"]) for one in chosen), but=self.chance.random() < SOME)
        else:
            choice = Choice(kinds=frozenset([chosen[0]["kind"]]), but=self.chance.random() < SOME)
        incoming.take(desk, files, choice=choice)

    def _receipt(self, who: int) -> None:
        receipt = receipting.make_receipt(self.desks[who], self._files(who))
        taken = 0
        for number, other in enumerate(self.desks):
            if number != who and self.chance.random() < SOME:
                receipting.take_receipt(other, receipt)
                taken += 1
        if not taken:
            raise IndexError

    def _revoke(self, who: int) -> None:
        other = self.chance.choice([one for one in self.desks if one is not self.desks[who]])
        trust.revoke_contact(self.desks[who], other.name, lang="en")


def a_week(a: Session, c: Session, folder: Path, look: Callable[[Session], object]) -> None:
    """Let two desks live through what twins forget; ``look`` is asked after each act what it thinks of that desk."""

    def put(desk: Session, kind: str, *said: tuple[str, str, str]) -> bytes:
        made = casework.add(desk, kind, [Change(*one) for one in said])
        look(desk)
        return made

    def sent(desk: Session, to: Session, **more: Any) -> list[Path]:
        place = folder / f"sent-{len(list(folder.iterdir()))}"
        place.mkdir()
        outgoing.make_bundle(desk, [to.name], place / "b.kzb", audience=Audience.INTERNAL, **more)
        look(desk)
        return sorted(place.iterdir())

    def done(desk: Session, _: object) -> None:
        look(desk)

    def change(desk: Session, record: bytes, name: str, value: str) -> None:
        done(desk, casework.change(desk, record, [Change(name, "set", value)]))

    one = put(a, "person", ("name_ru", "set", "Тестов Данияр"), ("phone", "add", PHONES[0]))
    two = put(a, "person", ("name_ru", "set", "Мысалова Айгүл"), ("naming_basis", "set", "own_consent"))
    event = put(a, "event", ("title", "set", "Сход"), ("date", "set", "2024-03-03"), ("organiser", "set", "Сынақ Лев"))
    done(a, casework.change(a, event, [Change("persons", "add", one.hex()), Change("persons", "add", two.hex())]))
    said = [("given_on", "set", "2024-01-01"), ("classes", "add", "identity"), ("audiences", "add", "partner")]
    said += [("voluntary", "set", "yes"), ("risks_explained", "set", "yes"), ("expires", "set", "2040")]
    consent = put(a, "consent", ("person", "set", two.hex()), *said)
    done(a, caught_up(a))
    done(a, withholding.withhold(a, one, ["phone"], "asked_by_person"))
    first = sent(a, c)
    done(c, incoming.take(c, first, choice=Choice(frozenset([two]))))
    done(c, caught_up(c))
    done(c, incoming.take(c, first))
    done(a, receipting.take_receipt(a, receipting.make_receipt(c, first)))
    change(c, two, "name_ru", "Үлгіқызы Айгүл")
    change(c, event, "title", "Жиын")
    change(a, two, "name_ru", "Мысалова А.")
    done(a, incoming.take(a, sent(c, a)))
    done(a, settling.keep_both(a, two, casework.conflicts(a)[0]["field"]))
    change(a, consent, "expires", "2039")
    change(a, consent, "withdrawn_on", "2025-05-05")
    done(a, withholding.restore(a, one))
    second = sent(a, c)
    done(c, joining.same_person(c, one, two))
    done(c, caught_up(c))
    done(c, incoming.take(c, second))
    done(c, caught_up(c))
    done(c, taking_back.take_back(c, root := incoming.root_of(c, str(second[0]))))
    done(c, caught_up(c))
    done(c, taking_back.bring_back(c, root))
    done(c, joining.part(c, one))
    done(a, caught_up(a))
    (removing,) = casework.remove(a, two, "entered_twice").revisions
    look(a)
    done(a, caught_up(a))
    done(a, casework.undo(a, removing))
    done(a, withholding.forget(a, one, ["name_ru"], leave_texts=True))


def caught_up(desk: Session) -> None:
    """Look at everything that waits to be looked at."""
    naming.catch_up(desk)
    while proposing.look(desk).left:
        pass
    correcting.catch_up(desk)
