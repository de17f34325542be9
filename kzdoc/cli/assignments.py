"""Fields on the command line: F=V sets, F= clears, F+=V adds, F-=V takes away, and a JSON object of them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from kzdoc.casework import Change
from kzdoc.cli.frame import Call, read_file
from kzdoc.cli.grammar import UsageError
from kzdoc.errors import InputError
from kzdoc.limits import LIMITS
from kzdoc.rows import read_json


def declare_fields(parser: argparse.ArgumentParser) -> None:
    """Let a command take fields."""
    parser.add_argument("fields", nargs="*", metavar="FIELD=VALUE")
    parser.add_argument("--json-file", metavar="F", help="fields as a JSON object, - for stdin")


def changes_of(call: Call, *, new: bool) -> list[Change]:
    """Return the changes a command names as FIELD=VALUE words and in its JSON file."""
    changes = [assignment(word) for word in call.args.fields]
    if call.args.json_file:
        changes += _from_json(call, call.args.json_file)
    if not changes and not new:
        raise UsageError("usage.no-field")
    return changes


def assignment(word: str) -> Change:
    """Return the change that a word F=V, F=, F+=V or F-=V asks for; raises ``UsageError``."""
    name, sign, value = word.partition("=")
    if not sign or not name:
        raise UsageError("usage.not-an-assignment")
    if name.endswith("+"):
        return Change(name[:-1], "add", value)
    if name.endswith("-"):
        return Change(name[:-1], "take", value)
    return Change(name, "set" if value else "clear", value)


def _from_json(call: Call, file: str) -> list[Change]:
    fields = read_json(call.typed() if file == "-" else read_file(file, limit=LIMITS.fields_file))
    fields = fields.get("fields", fields) if isinstance(fields, Mapping) else fields
    if not isinstance(fields, Mapping):
        raise InputError("import.not-an-object")
    return [Change(str(name), "clear" if value is None else "set", value) for name, value in fields.items()]
