"""A whole field office through the command line: real processes, docs/cli.md to the letter, nothing else.

Two monitors and a coordinator make vaults, exchange cards, record, send, merge, settle and receipt; the coordinator
publishes one case in three languages for two readers. Everybody here is invented.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest

from tests.kzdoc.cli.shell import Desk

if TYPE_CHECKING:
    from pathlib import Path

A, B, C = "Мысалов", "Үлгіқызы", "Үйлестіруші"
LANGUAGES = ("en", "ru", "kk")
HIDDEN = ("Сынақова", "Сынакова", "850101400012", "Айгүл", "Айгуль")
CASE: list[dict[str, Any]] = [
    {
        "kind": "source",
        "ref": "news",
        "fields": {"type": "media", "title": "Ойдан шығарылған газет", "published": "yes"},
    },
    {
        "kind": "person",
        "ref": "prisoner",
        "fields": {
            "name_kk": "Тестов Данияр",
            "name_ru": "Тестов Данияр",
            "aliases": ["Дан", "Дәке"],
            "naming_basis": "already_public",
            "naming_source": ["@news"],
            "source": ["@news"],
        },
    },
    {
        "kind": "person",
        "ref": "witness",
        "fields": {"name_kk": "Сынақова Айгүл", "name_ru": "Сынакова Айгуль", "iin": "850101400012"},
    },
    {"kind": "status_event", "fields": {"person": "@prisoner", "date": "2020-02", "status": "sentenced"}},
    {
        "kind": "testimony",
        "fields": {
            "witness": "@witness",
            "about": ["@prisoner"],
            "text": "Сынақова Айгүл айтты: көршім Тестов Данияр еді.",
        },
    },
    {"kind": "event", "ref": "e", "fields": {"title": "Митинг", "date": "2020-02-22", "persons": ["@prisoner"]}},
]


def text_of(file: Path) -> str:
    """Return what another reader finds on the pages of a paper."""
    with pypdfium2.PdfDocument(file) as paper:
        return "\n".join(page.get_textpage().get_text_range() for page in paper)


def meet(digits: dict[str, str], me: str) -> list[list[str]]:
    """Return the commands that take in and verify everybody else's card."""
    others = [(name, fingerprint) for name, fingerprint in digits.items() if name != me]
    adding = [["contact", "add", f"{name}.card", "--name", name] for name, _ in others]
    return adding + [
        ["contact", "verify", name, "--digits", fingerprint, "--by", "person"] for name, fingerprint in others
    ]


def good(answers: list[Any]) -> list[Any]:
    """Return the answers of a batch in which nothing was refused."""
    assert not [one for one in answers if isinstance(one, dict) and "error" in one], answers
    return answers


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return the one folder all three work in, each in a vault of his own."""
    return Desk(tmp_path / "office")


def test_two_monitors_a_coordinator_and_a_lawyer(desk: Desk) -> None:
    digits = make_and_meet(desk)
    person = record_and_send(desk, digits)
    merge_and_settle(desk, person)
    publish(desk, person)


def make_and_meet(desk: Desk) -> dict[str, str]:
    """Make the vaults and exchange cards; return everybody's digits."""
    digits = {}
    for name in (A, B, C):
        assert desk("vault", "new", name, "--author", name, "--json").document["author"] == name
        card = desk("contact", "card", name, "-o", f"{name}.card", "--json").document
        digits[name] = card["fingerprint"]
    return digits


def record_and_send(desk: Desk, digits: dict[str, str]) -> str:
    """Let the first monitor record a case and share it, and both change it; return the prisoner."""
    desk.write("case.json", json.dumps(CASE))
    lines = [*meet(digits, A), ["record", "import", "case.json"]]
    taken = good(desk.batch(A, *lines, "contact list"))
    assert [one["state"] for one in taken[-1]] == ["verified", "verified"]
    person = str(taken[-2]["ids"][1])
    good(desk.batch(A, ["bundle", "make", "--to", B, "--to", C, "--profile", "internal", "-o", "a1"]))
    for name, field in ((B, "born=1979"), (C, "")):
        lines = [*meet(digits, name), ["bundle", "inspect", "a1"], ["bundle", "take", "a1", "--yes"]]
        seen, told = good(desk.batch(name, *lines))[-2:]
        assert (seen["sender"], seen["state"], seen["new"], seen["refused"]) == (A, "verified", 6, [])
        assert (told["new"], told["already"]) == (6, False)
        lines = [["bundle", "take", "a1"], ["receipt", "make", "a1", "-o", f"{name}.receipt"]]
        lines += (
            [
                ["record", "set", person, field, "aliases+=Үй"],
                ["bundle", "make", "--to", C, "--profile", "internal", "-o", "b1"],
            ]
            if field
            else []
        )
        assert good(desk.batch(name, *lines))[0]["already"] is True
    lines = [["receipt", "take", f"{B}.receipt"], ["receipt", "take", f"{C}.receipt"]]
    lines += [["record", "set", person, "born=1980-03", "aliases-=Дан"]]
    lines += [["bundle", "make", "--to", C, "--profile", "internal", "-o", "a2"]]
    made = good(desk.batch(A, *lines))[-1]
    assert made["revisions"] == 1
    assert (desk.folder / "a2").stat().st_size < (desk.folder / "a1").stat().st_size
    return person


def merge_and_settle(desk: Desk, person: str) -> None:
    """Let the coordinator merge and settle, and the settlement reach both monitors."""
    lines = [["bundle", "take", "b1"], ["bundle", "take", "a2"], ["conflict", "list"], ["record", "show", person]]
    first, second, conflicts, shown = good(desk.batch(C, *lines))
    assert (first["conflicts"], second["conflicts"]) == (0, 1)
    assert shown["fields"]["born"] == ["1979", "1980-03"]
    assert shown["fields"]["aliases"] == ["Үй", "Дәке"]
    (conflict,) = conflicts
    assert (conflict["id"], conflict["field"]) == (person, "born")
    assert {value["author"]: value["value"] for value in conflict["values"]} == {A: "1980-03", B: "1979"}
    keep = next(value["statement"] for value in conflict["values"] if value["author"] == A)
    lines = [["conflict", "settle", person, "born", "--keep", keep], ["conflict", "list"]]
    lines += [["bundle", "make", "--to", A, "--to", B, "--profile", "internal", "-o", "c1"], ["record", "show", person]]
    settled, left, _, here = good(desk.batch(C, *lines))
    assert (settled["fields"]["born"], settled["conflicts"], left) == ("1980-03", [], [])
    for name in (A, B):
        lines = [["bundle", "take", "c1"], ["conflict", "list"], ["record", "show", person], ["vault", "check"]]
        _, left, there, check = good(desk.batch(name, *lines))
        assert (left, there, check["result"]) == ([], here, "good")


def publish(desk: Desk, person: str) -> None:
    """Let the coordinator publish the case, and a stranger without a vault check every paper."""
    lines = []
    for lang in LANGUAGES:
        common = ["report", "make", "--template", "case-file", "--record", person, "--lang", lang]
        lines.append([*common, "--profile", "internal", "-o", f"internal-{lang}.pdf"])
        reader = ["--profile", "public", "--for", "Баспасөз", "--purpose", "мақала"]
        lines.append([*common, *reader, "-o", f"public-{lang}.pdf"])
    lines += [["count", "event", "--from", "2020-02", "--to", "2020-02", "--unit", "events"]]
    *papers, counted = good(desk.batch(C, *lines))
    assert [one["findings"] for one in papers] == [0] * 6
    assert (counted["rows"][0]["value"], counted["unit"]) == (1, "events")
    for lang in LANGUAGES:
        inside, outside = (text_of(desk.folder / f"{kind}-{lang}.pdf") for kind in ("internal", "public"))
        assert "Тестов" in outside
        assert any(name in inside for name in HIDDEN)
        assert not [name for name in HIDDEN if name in outside]
    words = ("report", "check", "public-kk.pdf", "--json")
    told = desk.bare(*words, "--signer", f"{C}.card").document
    assert (told["signature"], told["signer_trust"], told["extra_bytes"]) == ("good", "given", 0)
    assert told["proved"] + told["attested"] == told["shown"]
    assert desk.bare(*words).document["signer_trust"] == "not checked"
    other = desk.bare(*words, "--signer", f"{A}.card")
    assert (other.status, other.rows[0]["signature"]) == (1, "bad")
    with (desk.folder / "public-kk.pdf").open("ab") as paper:
        paper.write(b"x")
    spoiled = desk.bare(*words)
    assert (spoiled.status, spoiled.rows[0]["extra_bytes"]) == (1, 1)
