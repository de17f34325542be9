"""The main job from end to end on the public record: what `make demo` runs.

Two monitors and a coordinator, each with a vault of their own, in a folder that is named: the public record is
imported, clearly invented witnesses are added, one person is edited differently on two desks, bundles travel, the
conflict is shown and settled, a receipt goes back, and one prisoner's case file is published in three languages for
the organisation and for the public. Every file is checked by the same means a stranger would use.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kzdoc import casework, checking, hinting, importing, naming, oversight, publishing, reviewing
from kzdoc.casework import Change
from kzdoc.crypto.passphrase import generate
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError
from kzdoc.exchange import incoming, outgoing, receipting, trust
from kzdoc.language import LANGUAGES, Catalogue, catalogue
from kzdoc.redaction.unknown import SHOWN
from kzdoc.resources import resource
from kzdoc.session import Session, create_vault

PUBLIC_RECORD = ("examples", "public-record")
INVENTED = ("examples", "invented.json")
DESKS = ("monitor-1", "monitor-2", "coordinator")
CASE = "Maks Bokayev"
OTHER_SPELLING = "Max Bokayev"
READER = {"en": "Readers of the report", "ru": "Читатели доклада", "kk": "Баяндама оқырмандары"}
PURPOSE = {"en": "Demonstration", "ru": "Демонстрация", "kk": "Көрсетілім"}

Say = Callable[[str], None]


@dataclass
class Demonstration:
    """What was done: steps with seconds, papers with their verdicts, numbers, and whether all of it held."""

    folder: Path
    steps: list[tuple[str, float]] = field(default_factory=list)
    papers: list[dict[str, Any]] = field(default_factory=list)
    numbers: dict[str, Any] = field(default_factory=dict)
    coordinator: Path = Path()

    @property
    def good(self) -> bool:
        """Whether every paper verified and nothing withheld was found in a public one."""
        return bool(self.papers) and all(one["signature"] == "good" and one["findings"] == 0 for one in self.papers)

    def document(self) -> dict[str, Any]:
        """Return everything as one JSON document."""
        return {
            "folder": str(self.folder),
            "good": self.good,
            "numbers": self.numbers,
            "papers": self.papers,
            "seconds": round(sum(seconds for _, seconds in self.steps), 1),
        }

    def table(self, lang: str) -> str:
        """Return the summary for people."""
        words = catalogue("cli", lang)
        lines = [words.say("demo.folder", folder=str(self.folder)), ""]
        lines += [f"  {seconds:6.1f} s  {words.say('demo.' + step)}" for step, seconds in self.steps]
        lines.append("")
        lines += [f"  {words.say('demo.number.' + name):52} {value}" for name, value in self.numbers.items()]
        lines.append("")
        lines += [_paper_line(paper, words) for paper in self.papers]
        return "\n".join([*lines, "", words.say("demo.passphrase", file=str(self.folder / "passphrase.txt"))])

    def open_window(self) -> bool:
        """Open the desk on the coordinator's vault when there is a display; return whether it was started."""
        if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")) and os.environ.get("OS") is None:
            return False
        with suppress(OSError):
            subprocess.Popen([sys.executable, "-m", "ui", str(self.coordinator)])
            return True
        return False


def _paper_line(paper: Mapping[str, Any], words: Catalogue) -> str:
    state = words.say("demo.good" if paper["signature"] == "good" and not paper["findings"] else "demo.bad")
    told = words.say("demo.paper", shown=paper["shown"], withheld=paper["withheld"])
    return f"  {paper['file']:32} {state}  {told}"


def run(folder: Path, *, say: Say, lang: str) -> Demonstration:
    """Run the whole demonstration in ``folder``, which must be new or empty.

    Raises ``InputError("demo.folder-in-use")`` when something is there already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InputError("demo.folder-in-use")
    folder.mkdir(parents=True, exist_ok=True)
    done = Demonstration(folder.resolve())
    telling = _Telling(done, say, catalogue("cli", lang))
    passphrase = generate("ru", os.urandom)
    (folder / "passphrase.txt").write_text(passphrase + "\n", encoding="utf-8")
    sessions: list[Session] = []
    try:
        with telling.step("vaults"):
            vaults = folder / "vaults"
            vaults.mkdir()
            sessions.extend(create_vault(vaults / name, passphrase, author=name) for name in DESKS)
        done.coordinator = (folder / "vaults" / "coordinator").resolve()
        first, second, coordinator = sessions
        with telling.step("record"):
            _record(done, first)
        with telling.step("cards"):
            _meet(folder, sessions)
        with telling.step("edit"):
            _edit_apart(done, folder, first, second)
        with telling.step("merge"):
            _merge(done, folder, first, second, coordinator)
        with telling.step("publish"):
            _publish(done, folder, coordinator)
        with telling.step("check"):
            _check(done, folder, coordinator)
    finally:
        for session in sessions:
            session.close()
    return done


@dataclass
class _Telling:
    done: Demonstration
    say: Say
    words: Catalogue

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.say(self.words.say("demo." + name) + " …")
        began = time.monotonic()
        yield
        self.done.steps.append((name, time.monotonic() - began))


def public_record() -> bytes:
    """Return the records of the public record as one file to import."""
    records: list[Any] = []
    for file in sorted(resource(*PUBLIC_RECORD).glob("*.json")):
        records += json.loads(file.read_text(encoding="utf-8"))
    return json.dumps(records, ensure_ascii=False).encode()


def _record(done: Demonstration, session: Session) -> None:
    taken = importing.take_file(session, public_record(), name=".json", kind_id=None, columns={}, preview=False)
    done.numbers["records"] = taken["new"]


def _meet(folder: Path, sessions: list[Session]) -> None:
    """Everybody takes everybody's card and compares the digits, as they would in person."""
    cards = folder / "cards"
    cards.mkdir()
    for session in sessions:
        (cards / f"{session.name}.card").write_bytes(trust.card(session))
    for session in sessions:
        for other in sessions:
            if other is session:
                continue
            card = (cards / f"{other.name}.card").read_bytes()
            trust.add_contact(session, card, name=other.name, lang="en")
            digits = trust.own_fingerprint(other, "en")["fingerprint"]
            trust.verify_contact(session, other.name, digits=digits, by="person", lang="en")


def _prisoner(session: Session) -> bytes:
    for found in session.records.find(CASE, kind="person", limit=20):
        if CASE in found.values("name_latin"):
            return found.id
    raise InputError("record.unknown")


def _edit_apart(done: Demonstration, folder: Path, first: Session, second: Session) -> None:
    """Give the second monitor the record; then both write the same person's name, each as one report spells it."""
    bundles = folder / "bundles"
    bundles.mkdir()
    person = _prisoner(first)
    casework.change(first, person, [Change("name_latin", "clear")])
    outgoing.make_bundle(first, [second.name], bundles / "1-to-2", audience=Audience.INTERNAL)
    incoming.take(second, [bundles / "1-to-2"])
    casework.change(first, person, [Change("name_latin", "set", CASE)])
    casework.change(second, person, [Change("name_latin", "set", OTHER_SPELLING)])
    invented = resource(*INVENTED).read_bytes()
    case = {"case": person.hex()}
    text = invented.decode("utf-8")
    for name, value in case.items():
        text = text.replace(f"@@{name}", value)
    taken = importing.take_file(second, text.encode(), name=".json", kind_id=None, columns={}, preview=False)
    done.numbers["invented"] = taken["new"]


def _merge(done: Demonstration, folder: Path, first: Session, second: Session, coordinator: Session) -> None:
    bundles, receipts = folder / "bundles", folder / "receipts"
    receipts.mkdir()
    for session, name in ((first, "1-to-coordinator"), (second, "2-to-coordinator")):
        outgoing.make_bundle(session, [coordinator.name], bundles / name, audience=Audience.INTERNAL)
        looked = incoming.inspect(coordinator, [bundles / name])
        taken = incoming.take(coordinator, [bundles / name])
        if {key: taken[key] for key in ("new", "changed")} != {key: looked[key] for key in ("new", "changed")}:
            raise InputError("demo.preview-differs")
        receipt = receipting.make_receipt(coordinator, [bundles / name])
        (receipts / f"{name}.receipt").write_bytes(receipt)
        receipting.take_receipt(session, receipt)
    open_ones = casework.conflicts(coordinator)
    done.numbers["conflicts"] = len(open_ones)
    for conflict in open_ones:
        keep = next(one["statement"] for one in conflict["values"] if one["value"] != OTHER_SPELLING)
        record = casework.record_id(conflict["id"])
        casework.settle(coordinator, record, conflict["field"], keep=keep)
        if conflict["field"] == "name_latin":
            casework.change(coordinator, record, [Change("aliases", "add", OTHER_SPELLING)])
    done.numbers["conflicts-left"] = len(casework.conflicts(coordinator))


def _publish(done: Demonstration, folder: Path, coordinator: Session) -> None:
    papers = folder / "papers"
    papers.mkdir()
    person = _prisoner(coordinator)
    done.numbers["decided"] = _decide(coordinator, person)
    for audience in (Audience.INTERNAL, Audience.PUBLIC):
        for lang in LANGUAGES:
            made = publishing.make_report(
                coordinator,
                person,
                papers / f"case-{audience.value}-{lang}.pdf",
                template="case-file",
                audience=audience,
                lang=lang,
                recipient=READER[lang] if audience is Audience.PUBLIC else "",
                purpose=PURPOSE[lang] if audience is Audience.PUBLIC else "",
                pack=False,
            )
            withheld = sum(note["count"] for note in made["withheld"])
            done.papers.append(
                {"file": Path(made["file"]).name, "audience": audience.value, "lang": lang, "withheld": withheld}
            )


def _decide(session: Session, person: bytes) -> int:
    """Decide once what only looks like a name: what the published record itself prints may be printed again."""
    published = json.dumps(json.loads(public_record()), ensure_ascii=False)
    looks = [
        one for lang in LANGUAGES for one in reviewing.candidates(session, person, audience=Audience.PUBLIC, lang=lang)
    ]
    decided = [one["name"] for one in looks if all(form in published for form in one["forms"])]
    if decided:
        naming.decide(session, decided, SHOWN)
    told = [
        one for lang in LANGUAGES for one in reviewing.hints_of(session, person, audience=Audience.PUBLIC, lang=lang)
    ]
    if told:
        hinting.decide(session, [each for one in told for each in one["ids"]], SHOWN)
    return len(set(decided))


def _check(done: Demonstration, folder: Path, coordinator: Session) -> None:
    """Judge every paper as a stranger would: by the file, its signature and the card; and look for leaks once more."""
    card = folder / "cards" / f"{coordinator.name}.card"
    person = _prisoner(coordinator)
    for paper in done.papers:
        file = folder / "papers" / paper["file"]
        paper.update(checking.check_report(file, card=card))
        paper["findings"] = len(
            publishing.leaks(coordinator, file.read_bytes(), person, Audience(paper["audience"]), paper["lang"])
        )
    counted = oversight.count(coordinator, "assessment", by="result", since=None, until=None, unit="records", lang="en")
    done.numbers["assessments"] = " + ".join(str(row["value"]) for row in counted["rows"])
    done.numbers["vault"] = oversight.check(coordinator, head=oversight.head(coordinator))["result"]
