"""`batch`: every command of the grammar with and without the vault's folder, and words that look like the folder."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc.cli import batch
from kzdoc.cli.__main__ import parser
from kzdoc.cli.grammar import BARE, DEEP, UsageError, parsers_below, takes_vault

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.kzdoc.cli.conftest import Do

FOLDER = "бума"
BARRED = {
    ("batch",),
    ("demo",),
    ("vault", "new"),
    ("vault", "drill"),
    ("vault", "restore"),
    ("vault", "passphrase"),
    ("vault", "slot", "add"),
    ("vault", "slot", "open"),
    ("vault", "slot", "remove"),
    ("vault", "recovery", "split"),
    ("vault", "recovery", "join"),
    ("vault", "recovery", "rehearse"),
}
"""What needs a vault that is not open, or the passphrase again."""


def leaves(
    command: argparse.ArgumentParser, names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    """Yield every whole command of the grammar by its words."""
    below = parsers_below(command)
    if not below:
        yield names, command
    for name, inner in below.items():
        yield from leaves(inner, (*names, name))


COMMANDS = dict(leaves(parser()))


def words_of(command: argparse.ArgumentParser) -> list[str]:
    """Return some words that the command takes beside the vault: all it requires."""
    words: list[str] = []

    def value(action: argparse.Action) -> str:
        return str(next(iter(action.choices))) if action.choices else "1"

    groups = [one for one in command._mutually_exclusive_groups if one.required]
    needed = {id(one._group_actions[0]) for one in groups}
    for action in command._actions:
        if action.option_strings and (action.required or id(action) in needed):
            words += [action.option_strings[-1]] + ([] if action.nargs == 0 else [value(action)])
    for action in command._actions:
        if not action.option_strings and action.dest != "vault" and action.nargs not in ("*", "?"):
            words.append(value(action))
    return words


@pytest.mark.parametrize("names", sorted(COMMANDS), ids=" ".join)
def test_every_command_finds_the_open_vault(names: tuple[str, ...]) -> None:
    grammar, command = parser(), COMMANDS[names]
    rest = words_of(command)
    if names in BARRED:
        with pytest.raises(UsageError) as caught:
            batch._with_vault(grammar, [*names, *rest], "here")
        assert caught.value.key == "usage.not-in-batch"
        return
    ways = [[*names, *rest]]
    if takes_vault(command):
        ways += [[*names, one, *rest] for one in ("here", "./here", "VAULT")] + [["--json", *names, "here", *rest]]
    for words in ways:
        args = batch._with_vault(grammar, words, "here")
        assert args.handler is command.get_default("handler"), words
        assert getattr(args, "vault", "here") == "here", words
        told = {key: item for key, item in vars(args).items() if key not in ("vault", "json")}
        first = {key: item for key, item in vars(batch._with_vault(grammar, ways[0], "here")).items() if key in told}
        assert told == first, "the folder stands for the vault and for nothing else"


def test_what_the_words_of_commands_are_read_by_is_what_the_grammar_says() -> None:
    flags = {
        flag
        for command in COMMANDS.values()
        for action in command._actions
        if action.nargs == 0 and not isinstance(action, argparse._HelpAction)
        for flag in action.option_strings
    }
    assert flags == BARE
    assert {names[:2] for names in COMMANDS if len(names) > 2} == DEEP


@pytest.fixture
def lines(do: Do, session: Session, tmp_path: Path) -> Any:
    """Return a function that runs lines in a batch of the vault, which is called FOLDER where one is."""
    (tmp_path / FOLDER).symlink_to(session.vault.folder, target_is_directory=True)

    def run(*given: list[str]) -> list[Any]:
        text = "\n".join(json.dumps(one, ensure_ascii=False) for one in given) + "\n"
        return do("batch", FOLDER, stdin=text).rows

    return run


def test_a_contact_called_as_the_folder_is(lines: Any) -> None:
    folder, other = FOLDER, "Үлгіқызы"
    done = lines(
        ["contact", "rename", other, folder],
        ["contact", "rename", folder, other],
        ["contact", "rename", folder, other, "Ү"],
        ["contact", "rename", "VAULT", "Ү", folder],
        ["contact", "detained", folder],
        ["record", "find", folder],
        ["record", "list", folder, "person"],
        ["contact", "rename", "a\x00b", "x"],
    )
    assert [one["name"] for one in done[:5]] == [folder, other, "Ү", folder, folder]
    assert done[5:7] == [[], []]
    assert done[7]["error"] == "contact.unknown"


def test_commands_of_three_words_are_done_in_a_batch(lines: Any) -> None:
    shown, again, slots, listed, refused = lines(
        ["contact", "roster", "show"],
        ["contact", "roster", "show", FOLDER],
        ["vault", "slot", "list"],
        ["contact", "--json", "succession", "list"],
        ["vault", "slot", "remove", "0"],
    )
    assert shown == again == {"version": None, "offered": None, "waits": None, "left": []}
    assert [one["kind"] for one in slots] == ["passphrase"]
    assert listed == []
    assert refused["error"] == "usage"
