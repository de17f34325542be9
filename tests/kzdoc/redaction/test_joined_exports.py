"""Two papers of one case for two readers: whoever has both joins nothing in them better than by chance."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable

import pytest

from kzdoc.domain.audience import Audience
from kzdoc.redaction import text
from kzdoc.redaction.consent import Permissions
from kzdoc.redaction.text import NameBook
from kzdoc.redaction.view import make_view
from kzdoc.report.page import IDENTITY
from kzdoc.report.render import render
from tests.kzdoc.redaction.cases import DAY, HERO, state
from tests.kzdoc.redaction.joining import join_papers, join_people, tokens

NAMES = ["Мысалов Ғалым", "Сынақова Айгүл", "Үлгіқызы Әсем", "Образцова Марина", "Примеров Кайрат"]
PLACES = ["у ворот", "во дворе", "на площади", "в коридоре", "у окна", "в машине"]


def paper(chance: random.Random, people: dict[bytes, str], order: list[bytes], reader: str) -> bytes:
    """Return a paper for one reader: an account in which these people come up in this order."""
    told = " ".join(f"{chance.choice(PLACES).capitalize()} стоял(а) {people[one]}." for one in order)
    known = [state(HERO, "person", name_ru="Тестов Данияр")]
    known += [state(one, "person", name_ru=name) for one, name in people.items()]
    detention = state(bytes([90]) * 16, "detention", person=HERO, actual_time="2019-03-03", narrative=told)
    covered = frozenset((one, audience) for one in ("identity", "narrative", "quasi") for audience in ("lawyer", "un"))
    view = make_view(
        [known[0], detention],
        root=HERO,
        audience=Audience.LAWYER if reader == "Адвокат" else Audience.UN,
        lang="ru",
        allowed=Permissions(DAY, {HERO: "already_public"}, {HERO: covered}),
        book=NameBook.build(known, [HERO]),
        recipient=reader,
        purpose="Доклад",
        date=DAY,
        organisation="",
    )
    return render(view)


def guessed(rounds: int, seed: int) -> tuple[int, int]:
    """Return how many people the attacker joined rightly, and how many he tried."""
    right = tried = 0
    for number in range(rounds):
        chance = random.Random(seed * 1000 + number)
        people = {chance.randbytes(16): name for name in chance.sample(NAMES, len(NAMES))}
        orders = [chance.sample(list(people), len(people)) for _ in range(2)]
        one, other = (
            tokens(paper(chance, people, order, reader))
            for order, reader in zip(orders, ("Адвокат", "Комитет"), strict=True)
        )
        assert len(one) == len(other) == len(NAMES)
        by_label = {seen.label: orders[1][at] for at, seen in enumerate(other)}
        joined = join_people(one, other)
        right += sum(by_label[joined[seen.label]] == orders[0][at] for at, seen in enumerate(one))
        tried += len(one)
    return right, tried


def by_chance(tried: int, of: int) -> float:
    """Return how many rightly joined would still be chance: the mean and three deviations."""
    mean = tried / of
    return mean + 3 * (mean * (1 - 1 / of)) ** 0.5


def test_people_of_two_papers_are_joined_no_better_than_by_chance() -> None:
    right, tried = guessed(rounds=16, seed=1)
    assert right <= by_chance(tried, len(NAMES))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 8))
def test_in_many_rounds_too(seed: int) -> None:
    right, tried = guessed(rounds=100, seed=seed)
    assert right <= by_chance(tried, len(NAMES)), f"seed {seed}: {right} of {tried}"


STABLE = {
    "digest of the id": lambda person: int.from_bytes(hashlib.sha256(person).digest()[:2]) + 100,
    "number of the row": lambda person: person[0] + 256,
}


@pytest.mark.parametrize("name", STABLE)
def test_the_twin_with_stable_tokens_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text.Numbering, "of", lambda _self, person: STABLE[name](person))
    right, tried = guessed(rounds=6, seed=1)
    assert right >= tried * 0.9
    assert right > by_chance(tried, len(NAMES))


def interval(right: int, tried: int, level: float = 0.95) -> tuple[float, float]:
    """Return between which chances of joining one person rightly the true one lies (Clopper and Pearson's interval)."""

    def least(enough: Callable[[float], bool]) -> float:
        low, high = 0.0, 1.0
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (low, middle) if enough(middle) else (middle, high)
        return high

    def at_least(hits: int, chance: float) -> float:
        return sum(math.comb(tried, n) * chance**n * (1 - chance) ** (tried - n) for n in range(hits, tried + 1))

    tail = (1 - level) / 2
    return least(lambda one: at_least(right, one) >= tail), least(lambda one: 1 - at_least(right + 1, one) <= tail)


def test_the_interval_is_the_one_of_the_books() -> None:
    assert [round(one, 4) for one in interval(20, 100)] == [0.1267, 0.2918]


@pytest.mark.long
def test_of_five_hundred_people_no_more_are_joined_than_by_chance(
    record_property: Callable[[str, object], None],
) -> None:
    right, tried = guessed(rounds=100, seed=2)
    low, high = interval(right, tried)
    record_property("joined rightly", f"{right} of {tried}, {low:.3f} to {high:.3f}, by chance {1 / len(NAMES):.3f}")
    assert tried == 500
    assert low <= 1 / len(NAMES)
    assert high <= 0.25  # nobody who joins one person in four goes unseen


def test_the_twin_that_numbers_in_the_order_of_records_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    known: list[bytes] = []
    honest = NameBook.build

    def build(people, *rest: object):
        known[:] = sorted(one.id for one in people)
        return honest(people, *rest)

    monkeypatch.setattr(NameBook, "build", staticmethod(build))
    monkeypatch.setattr(text.Numbering, "of", lambda _self, person: known.index(person) + 1)
    right, tried = guessed(rounds=6, seed=1)
    assert right == tried


def same_case_found(rounds: int, leak: Callable[[bytes, bytes], bytes] = lambda pdf, _id: pdf) -> int:
    """Return how often the attacker found which of two papers is of the case that he has another paper of.

    The cases are alike in everything shown and differ in who is withheld. ``leak`` spoils a paper by the case's id.
    """
    found = 0
    for number in range(rounds):
        chance = random.Random(number)
        cases = [{chance.randbytes(16): name for name in chance.sample(NAMES, 3)} for _ in range(2)]
        ids = [chance.randbytes(16) for _ in cases]
        own = leak(paper(random.Random(7), cases[0], list(cases[0]), "Адвокат"), ids[0])
        others = [leak(paper(random.Random(7), cases[at], list(cases[at]), "Комитет"), ids[at]) for at in range(2)]
        turned = chance.random() < 0.5
        found += join_papers(own, others[::-1] if turned else others) == int(turned)
    return found


def test_two_papers_of_one_case_are_not_told_from_two_of_different_cases() -> None:
    rounds = 16
    assert same_case_found(rounds) <= by_chance(rounds, 2)


def _identity(pdf: bytes, case: bytes) -> bytes:
    return pdf.replace(IDENTITY, hashlib.md5(case, usedforsecurity=False).hexdigest().encode())


def _time(pdf: bytes, case: bytes) -> bytes:
    return pdf.replace(b"20000101000000", b"200001010%05d" % (case[0] * 100 + case[1]))


def _font(pdf: bytes, case: bytes) -> bytes:
    prefix = "".join(chr(65 + byte % 26) for byte in case[:6]).encode()
    return pdf.replace(b"/AAAAAA+", b"/" + prefix + b"+")


@pytest.mark.parametrize("leak", [_identity, _time, _font], ids=["identity", "time", "font"])
def test_a_twin_that_tells_of_the_case_would_be_caught(leak: Callable[[bytes, bytes], bytes]) -> None:
    rounds = 10
    assert same_case_found(rounds, leak) == rounds > by_chance(rounds, 2)
