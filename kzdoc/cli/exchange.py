"""`exchange`: a folder that Syncthing, rclone, a network disk or a stick carries; one round, or many."""

from __future__ import annotations

import argparse
import contextlib
import time
from pathlib import Path
from typing import Any

from kzdoc.cli.bundle import size_of
from kzdoc.cli.frame import Call, sentence
from kzdoc.cli.grammar import UsageError
from kzdoc.domain.audience import Audience
from kzdoc.errors import KzdocError
from kzdoc.exchange import folder
from kzdoc.exchange.folder_files import Look, look
from kzdoc.language import catalogue
from kzdoc.session import Session

LOOK_SECONDS = 2.0
_AWAY = ("folder.missing", "folder.stick-out", "file.not-read")
_DONE = ("taken", "receipts", "written", "not_written", "receipts_written", "removed")


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    exchange = nouns.add_parser("exchange", parents=[shared], help="take from and put into a folder others carry")
    exchange.add_argument("vault")
    exchange.add_argument("folder")
    exchange.add_argument("--to", action="append", metavar="NAME", help="put bundles there for them, from now on")
    exchange.add_argument("--profile", choices=[audience.value for audience in Audience])
    exchange.add_argument("--for", dest="recipient", metavar="NAME")
    exchange.add_argument("--purpose", metavar="TEXT")
    exchange.add_argument("--to-nobody", action="store_true", help="put bundles there for nobody any more")
    exchange.add_argument("--volume", metavar="SIZE", help="20M for messengers, 1.9G for sticks")
    exchange.add_argument("--watch", action="store_true", help="go on whenever something changes there")
    exchange.set_defaults(handler=exchange_with)


def exchange_with(call: Call) -> int:
    given, place = call.args, Path(call.args.folder)
    if bool(given.to) != bool(given.profile):
        raise UsageError("usage.together", what="--to", other="--profile")
    if given.to and given.to_nobody:
        raise UsageError("usage.both", name="--to", what="--to-nobody")
    if given.watch and call.batch:
        raise UsageError("usage.not-in-batch")
    volume_size = size_of(given.volume)
    with call.session() as session:
        if given.to or given.to_nobody:
            folder.arrange(
                session,
                place,
                given.to or (),
                audience=Audience(given.profile or Audience.INTERNAL),
                recipient=given.recipient or "",
                purpose=given.purpose or "",
            )
        before = _look(place)
        told = folder.exchange(session, place, volume_size=volume_size, progress=call.progress)
        _say(call, told)
        if given.watch:
            with contextlib.suppress(KeyboardInterrupt):
                _watch(call, session, place, volume_size, None if told["left"] else before)
            return 0
    return 1 if told["not_written"] else 0


def _watch(call: Call, session: Session, place: Path, volume_size: int | None, seen: Look | None) -> None:
    """Do a round whenever the folder is still and not as it was before the last one, until somebody stops it.

    So what came while a round ran is met in the next, and so is what the round itself wrote: that one does nothing.
    While something was left for another look, and after a folder that was away, it goes on too.
    """
    before = _look(place)
    while True:
        time.sleep(LOOK_SECONDS)
        now = _look(place)
        if now is None or now == seen or now != before:
            before = now
            continue
        try:
            told = folder.exchange(session, place, volume_size=volume_size, progress=call.progress)
        except KzdocError as error:
            if not error.code.startswith("platform.") and error.code not in _AWAY:
                raise
            before = None
            continue
        seen = None if told["left"] else now
        if any(told[name] for name in _DONE):
            _say(call, told)
            call.flush()


def _look(place: Path) -> Look | None:
    """Return what lies there; None while there is no such folder, as when the stick is out."""
    try:
        return look(place)
    except KzdocError:
        return None


def _say(call: Call, told: dict[str, Any]) -> None:
    call.document(told, "\n".join(_sentences(call, told)))
    if told["not_written"]:
        error = KzdocError(**told["not_written"])
        print(f"error: {error.code}: {sentence(error, call.lang)}", file=call.stderr)


def _sentences(call: Call, told: dict[str, Any]) -> list[str]:
    say = catalogue("cli", call.lang).say
    lines = [
        say("exchange.taken", **{key: one[key] for key in ("sender", "new", "changed", "conflicts")})
        for one in told["taken"]
    ]
    lines += [say("exchange.receipt", sender=one["from"]) for one in told["receipts"]]
    lines += [say("exchange.waiting", sender=one["sender"]) for one in told["waiting"]]
    lines += [
        say("exchange.unfinished", missing=", ".join(map(str, one["missing"])), n=one["of"])
        for one in told["unfinished"]
    ]
    errors = catalogue("errors", call.lang)
    lines += [f"{one['file']}: {one['code']}: {errors.say(one['code'])}" for one in told["refused"]]
    if told["written"]:
        lines.append(say("exchange.written", to=", ".join(told["written"]["to"]), n=told["written"]["statements"]))
    lines += [say("exchange.without", name=name) for name in told["without"]]
    counted = {name: told[name] for name in ("receipts_written", "withdrawn", "left")}
    counted["removed"] = told["removed"] - told["withdrawn"]
    lines += [say(f"exchange.{name}", n=n) for name, n in counted.items() if n]
    lines += [say("exchange.flood")] if told["too_many"] else []
    lines = lines or [say("exchange.nothing")]
    return [*lines, say("exchange.safe")] if told["safe_to_pull"] else lines
