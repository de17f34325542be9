"""The words of a command: flags anywhere, wrong usage in one sentence, commands still to come."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kzdoc.cli import meaning
from kzdoc.cli.__main__ import parser
from kzdoc.cli.grammar import LATER, UsageError, ordered, parsers_below

if TYPE_CHECKING:
    from tests.kzdoc.cli.conftest import Do

KNOWN = ("usage.unknown", "usage.missing", "usage.one-of", "usage.number")
"""What may be wrong with a command that exists and was given words it does not want."""

CONTRACT = Path(__file__).parents[3] / "docs" / "cli.md"


def test_flags_stand_anywhere(do: Do) -> None:
    words = ["record", "add", "VAULT", "person", "name_kk=Тестов", "aliases=Дан"]
    for place, flags in itertools.product(range(len(words) + 1), (["--json"], ["--ui-lang", "kk", "--json"])):
        answer = do(*words[:place], *flags, *words[place:])
        assert answer.status == 0, (place, flags, answer.err)
        assert set(answer.document) == {"id"}
    spread = do("record", "--json", "find", "--kind", "person", "VAULT", "--ui-lang=ru", "Тестов")
    assert len(spread.rows) == 14
    listed = do("record", "list", "VAULT", "--where", "aliases=Дан", "person", "--json").rows
    assert sorted(row["id"] for row in spread.rows) == [row["id"] for row in listed]


def test_what_looks_like_a_flag_can_be_said_behind_two_dashes(do: Do) -> None:
    do("record", "add", "VAULT", "person", "name_kk=Тестов", "description=-5 градус болды")
    assert do("record", "find", "VAULT", "--json", "--", "-5").status == 0
    assert do("record", "find", "VAULT", "--нет").code == "usage"


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nonsense",),
        ("vault",),
        ("vault", "nonsense"),
        ("record", "list", "VAULT"),
        ("record", "list", "VAULT", "person", "event"),
        ("record", "list", "VAULT", "person", "--nonsense"),
        ("record", "list", "VAULT", "person", "--js"),
        ("record", "list", "VAULT", "person", "--where", "born"),
        ("record", "list", "VAULT", "person", "--where", "aliases+=x"),
        ("record", "list", "VAULT", "person", "--ui-lang", "de"),
        ("record", "add", "VAULT", "person", "born"),
        ("record", "add", "VAULT", "person", "=1980"),
        ("record", "set", "VAULT", "0" * 32),
        ("record", "remove", "VAULT", "0" * 32),
        ("record", "import", "VAULT", "x.csv", "--columns", "a"),
        ("record", "export", "VAULT", "person", "-o", "x.csv"),
        ("record", "export", "VAULT", "person", "--profile", "nobody", "-o", "x.csv"),
        ("conflict", "settle", "VAULT", "0" * 32, "born"),
        ("conflict", "settle", "VAULT", "0" * 32, "born", "--keep", "a", "--value", "b"),
        ("bundle", "make", "VAULT", "--profile", "internal", "-o", "x"),
        ("bundle", "make", "VAULT", "--to", "x", "-o", "x"),
        ("bundle", "make", "VAULT", "--to", "x", "--profile", "internal", "-o", "x", "--volume", "big"),
        ("contact", "verify", "VAULT", "x", "--digits", "1", "--by", "mail"),
        ("report", "make", "VAULT", "--profile", "internal", "--lang", "kk", "-o", "x.pdf"),
        ("text", "redact", "VAULT", "--lang", "kk"),
        ("count", "VAULT", "person", "--unit", "people"),
        ("vault", "slot", "remove", "VAULT", "first"),
    ],
)
def test_wrong_usage_is_one_line_and_status_two(do: Do, words: tuple[str, ...]) -> None:
    for lang in ("en", "ru", "kk"):
        answer = do(*words, "--ui-lang", lang) if "--ui-lang" not in words else do(*words)
        assert (answer.status, answer.code) == (2, "usage"), answer


@pytest.mark.parametrize("command", sorted(LATER))
def test_commands_still_to_come_say_so(do: Do, command: tuple[str, ...]) -> None:
    for lang, words in (("en", "not in this version"), ("ru", "ещё нет"), ("kk", "әлі жоқ")):
        answer = do(*command, "VAULT", "more", "--ui-lang", lang, "--at", "now")
        assert (answer.status, answer.code) == (2, "usage")
        assert words in answer.err
        assert " ".join(command) in answer.err


def test_every_command_of_the_contract_is_known() -> None:
    text = CONTRACT.read_text(encoding="utf-8")
    block = text.split("```")[1]
    found = re.findall(r"(?:^kzdoc-cli |^ {10}|  +)([a-z]+(?: [a-z]+){0,2})(?= |\b)", block, re.MULTILINE)
    commands = {tuple(one.split()) for one in found}
    assert {("vault", "new"), ("record", "withhold"), ("vault", "slot", "list"), ("count",), ("demo",)} <= commands
    for command in commands:
        if command[:1] in LATER or command[:2] in LATER or command == ("vault", "recovery"):
            continue
        with pytest.raises((UsageError, SystemExit)) as caught:
            parser().parse_args(ordered([*command, *["x"] * 9, "--nonsense"]))
        assert getattr(caught.value, "key", "") in KNOWN, command


def test_sentences_of_usage_name_what_is_wrong(do: Do) -> None:
    assert "--profile" in do("text", "redact", "VAULT", "--lang", "kk").err
    assert "'nobody'" in do("kind", "nobody").err
    assert "kind" in do("record", "list", "VAULT").err


def test_a_list_prints_one_object_a_line_and_all_else_one_document(do: Do) -> None:
    do("record", "add", "VAULT", "person", "name_kk=Бір")
    do("record", "add", "VAULT", "person", "name_kk=Екі")
    assert len(do("record", "list", "VAULT", "person", "--json").rows) == 2
    assert len(do("kind", "list", "--json").rows) > 10
    answer = do("kind", "show", "person", "--json")
    assert answer.out.count("\n") == 1
    assert json.loads(answer.out)["kind"] == "person"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("card", ["contact card"]),
        ("roster", ["contact roster"]),
        ("office", ["contact roster", "contact alerts"]),
        ("contacts", ["contact"]),
        ("find", ["record find"]),
        ("exprot", ["record export"]),
        ("backup", ["vault backup"]),
        ("quarantine", ["bundle waiting"]),
    ],
)
def test_an_unknown_first_word_hints_at_what_may_be_meant(do: Do, word: str, meant: list[str]) -> None:
    for lang in ("en", "ru", "kk"):
        answer = do(word, "--ui-lang", lang)
        assert (answer.status, answer.code) == (2, "usage")
        assert all(f"`{one}`" in answer.err for one in meant), answer.err
        assert f"'{word}'" in answer.err
        assert "evidence" in answer.err, "all first words are named as well"
    assert "`" not in do("xyzzy").err, "nothing is guessed where nothing is near"


def test_whatever_is_hinted_at_exists() -> None:
    there = [" ".join(one) for one in meaning._commands(parser())]
    assert {one for several in meaning._SAME.values() for one in several} <= set(there)


def test_every_command_says_what_it_is_for_in_its_own_help() -> None:
    waiting = list(parsers_below(parser()).values())
    for one in waiting:
        waiting += parsers_below(one).values()
        assert one.description, one.prog
        assert one.description in " ".join(one.format_help().split()), one.prog
