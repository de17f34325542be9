"""F28 to F34: what is odd about when a bundle comes and what it follows."""

from __future__ import annotations

from collections.abc import Iterator

from kzdoc.bundle.frames import ROSTER
from kzdoc.bundle.roster import make_roster
from kzdoc.limits import LIMITS
from tests.kzdoc.bundle.fixture import Fixture, event, numbered, person, root_of
from tests.kzdoc.bundle.parties import ANNA, BERIK, DAY, Draft, chance, frames_of

FIRST = event(ANNA, "first", person("first", "Тестов Данияр", narrative="Куәнің сөзі."))
"""What the vault knows before most fixtures of history and contents: one person, by Үлгіқызы Әсем."""

SECOND = event(
    ANNA,
    "second",
    person("second", "Тестова Сәуле"),
    sequence=1,
    previous=FIRST.id,
    chain=FIRST.skeleton.chain,
)


def first() -> Draft:
    return numbered("first", frames_of([FIRST]), 1, bytes(32))


def third() -> Draft:
    return numbered("third", frames_of([event(ANNA, "third", person("third", "Тестов Асан"))]), 3, bytes([7]) * 32)


def dated(label: str, sequence: int, day: str, previous: bytes) -> Draft:
    made = event(ANNA, label, person(label, "Тестов Болат"))
    return numbered(label, frames_of([made]), sequence, previous, {"day": day})


def roster(version: int) -> bytes:
    """Return a version of the roster of Үлгіқызы Әсем's office, signed."""
    made = make_roster(
        roster=chance("roster")(16),
        version=version,
        coordinators=[ANNA.signer.public],
        members={BERIK.signer.public.ed25519: frozenset(("settle",))},
        day=DAY,
        signer=ANNA.signer,
    )
    return made.text.encode("ascii")


def history_layer() -> Iterator[Fixture]:
    known = ("take F00-first",)

    def came(name: str, about: str, takes: str, draft: Draft, after: str = "", **more: object) -> Fixture:
        number, _, word = name.partition("-")
        good = {"before": known, **more}
        return Fixture(number, word, about, "history", "good", takes, draft.sealed, after=after, **good)  # type: ignore[arg-type]

    second = numbered("second", frames_of([SECOND]), 2, root_of(first()))
    ahead = 1 + LIMITS.sequence_jump
    yield came("F00-first", "the first bundle of a partner; nothing is wrong", "taken", first(), "next", before=())
    yield came("F28-replay", "the same bundle, sealed once more", "already", first(), "already")
    yield came(
        "F29-late",
        "a number below the mark",
        "taken",
        second,
        "late",
        before=(*known, "take F31-gap"),
    )
    yield came(
        "F30-jump",
        "a number more than a million ahead",
        "bundle.jump",
        numbered("jump", frames_of([SECOND]), ahead + 1, root_of(first())),
        limits={"sequence_jump": LIMITS.sequence_jump},
    )
    yield came("F31-gap", "the bundle before it is not known", "taken", third(), "gap")
    other = event(ANNA, "other", person("other", "Тестов Ерік"), chain=FIRST.skeleton.chain)
    yield came(
        "F32-fork",
        "the same number with another root, and two revisions of one number in one chain",
        "taken",
        numbered("fork", frames_of([other]), 1, bytes(32)),
        "fork",
    )
    copy = event(ANNA, "copy", person("copy", "Тестов Марат"))
    yield came(
        "F32b-copied",
        "the same number with another root, as a restored vault sends it",
        "taken",
        numbered("copy", frames_of([copy]), 1, bytes(32)),
        "copied",
    )
    for name, about, takes, version, before in (
        ("F33-roster-older", "a roster older than the one in force", "roster.older", 1, ("roster F33a-roster",)),
        ("F33a-roster", "the roster in force", "taken", 2, ()),
        (
            "F33b-roster-same",
            "another text of the version in force",
            "roster.in-force",
            2,
            ("roster F33a-roster",),
        ),
    ):
        number, _, word = name.partition("-")
        text = roster(version)
        yield Fixture(number, word, about, "history", takes, takes, lambda text=text: text, before, kind="roster")  # type: ignore[misc]
    yield came(
        "F33c-roster-carried",
        "carries a roster older than the one in force",
        "taken",
        numbered("old roster", [(ROSTER, roster(1))], 1, bytes(32)),
        "next",
        before=("roster F33a-roster",),
    )
    late = dated("late-day", 2, "2099-12-31", root_of(first()))
    yield came("F34-day-2099", "claims to be of 2099", "taken", late, "next")
    early = dated("early-day", 3, "1970-01-01", root_of(late))
    yield came(
        "F34b-day-1970",
        "follows it and claims to be of 1970",
        "taken",
        early,
        "next",
        before=(*known, "take F34-day-2099"),
    )
