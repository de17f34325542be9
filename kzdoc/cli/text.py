"""`text`: redact a text for a reader; what only looks like a name is listed and decided once for all papers."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from kzdoc import casework, hinting, naming, reviewing
from kzdoc.cli.frame import Call
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS, kind
from kzdoc.language import LANGUAGES, catalogue
from kzdoc.redaction.hints import COVERED
from kzdoc.redaction.unknown import HOW
from kzdoc.session import Session


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    verbs = nouns.add_parser("text", help="free text").add_subparsers(required=True, metavar="VERB")
    redact = verbs.add_parser("redact", parents=[shared], help="text on stdin, redacted text on stdout")
    _reader(redact)
    redact.set_defaults(handler=redact_text)
    candidates = verbs.add_parser("candidates", parents=[shared], help="what only looks like a name in a case")
    _reader(candidates)
    candidates.add_argument("--record", required=True, metavar="ID")
    candidates.set_defaults(handler=list_candidates)
    hints = verbs.add_parser("hints", parents=[shared], help="what tells who somebody is without a name in a case")
    _reader(hints)
    hints.add_argument("--record", required=True, metavar="ID")
    hints.set_defaults(handler=list_hints)
    decide = verbs.add_parser(
        "decide", parents=[shared], help="decide of names nobody entered, or of hints, for all papers"
    )
    decide.add_argument("vault")
    decide.add_argument("words", nargs="+", metavar="WORD")
    decide.add_argument("--as", dest="how", required=True, choices=(*HOW, naming.OTHER, COVERED, naming.ASK))
    decide.add_argument("--hint", action="store_true", help="WORD is the id of a hint: shown, covered or ask")
    decide.add_argument("--reason", default="", metavar="TEXT", help="why it is another person (--as other); of hints")
    where = decide.add_mutually_exclusive_group()
    where.add_argument("--record", metavar="ID", help="with --as other or ask: in papers about this record")
    where.add_argument("--table", metavar="KIND", help="with --as other or ask: in tables of this kind")
    decide.set_defaults(handler=decide_words)
    decided = verbs.add_parser("decided", parents=[shared], help="what was decided")
    decided.add_argument("vault")
    decided.add_argument("--hints", action="store_true", help="everything ever said of hints instead, by their ids")
    decided.set_defaults(handler=list_decided)


def _reader(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("vault")
    parser.add_argument("--profile", required=True, choices=[audience.value for audience in Audience])
    parser.add_argument("--lang", required=True, choices=LANGUAGES)


def redact_text(call: Call) -> int:
    text = call.typed()
    with call.session() as session:
        done = reviewing.redact(session, text, audience=Audience(call.args.profile), lang=call.args.lang)
    call.document(done, str(done["text"]).removesuffix("\n"))
    return 0


def candidate_line(row: Mapping[str, Any], lang: str) -> str:
    """Return a candidate as a line for people: how often, its shortest form, its other forms."""
    others = ", ".join(form for form in row["forms"] if form != row["name"])
    key = "report.candidate-forms" if others else "report.candidate"
    return catalogue("cli", lang).say(key, n=row["count"], name=row["name"], forms=others)


def list_candidates(call: Call) -> int:
    with call.session() as session:
        found = reviewing.candidates(
            session,
            casework.record_id(call.args.record),
            audience=Audience(call.args.profile),
            lang=call.args.lang,
        )
    call.rows(found, lambda row: candidate_line(row, call.lang))
    return 0


def hint_line(row: Mapping[str, Any], lang: str) -> str:
    """Return a hint as a line for people: its words, its sentence, and what is decided of it."""
    words = catalogue("cli", lang)
    said = words.say("report.hint", words=", ".join(row["words"]), sentence=row["sentence"])
    return f"{said} · {words.say('report.hint-' + (row['decided'] or 'open'))}"


def list_hints(call: Call) -> int:
    with call.session() as session:
        found = reviewing.hints_of(
            session,
            casework.record_id(call.args.record),
            audience=Audience(call.args.profile),
            lang=call.args.lang,
        )
    call.rows(found, lambda row: f"{' '.join(row['ids'])}  {hint_line(row, call.lang)}")
    return 0


def decide_words(call: Call) -> int:
    if call.args.hint:
        with call.session() as session:
            said = hinting.decide(session, call.args.words, call.args.how, reason=call.args.reason)
        call.document({"decided": len(call.args.words), "as": call.args.how, "in_all": len(said.said)})
        return 0
    with call.session() as session:
        scope = _scope(call, session)
        kept = naming.decide(session, call.args.words, call.args.how, reason=call.args.reason, scope=scope)
    in_all = len(kept.said) + len(kept.others)
    call.document({"decided": len(call.args.words), "as": call.args.how, "in_all": in_all})
    return 0


def _scope(call: Call, session: Session) -> str:
    """Return where a decision is made, when that is said."""
    record, table = call.args.record, call.args.table
    if record:
        return naming.in_case(casework.state(session, casework.record_id(record)).id)
    return naming.in_tables(kind(table).id) if table else ""


def list_decided(call: Call) -> int:
    if call.args.hints:
        with call.session() as session:
            ever = hinting.log(session)
        line = "{date} {as:7} {id}"
        call.rows(ever, lambda row: line.format(**row) + (f" ({row['reason']})" if row["reason"] else ""))
        return 0
    with call.session() as session:
        kept = naming.decisions(session)
        why = {(one["name"], one["scope"]): one["reason"] for one in naming.reasons(session)}
    rows = [{"name": name, "as": how, "reason": "", "record": "", "table": ""} for name, how in kept.said]
    for name, scope in kept.others:
        there = {"record": "", "table": scope} if scope in KINDS else {"record": scope, "table": ""}
        rows.append({"name": name, "as": naming.OTHER, "reason": why.get((name, scope), ""), **there})
    call.rows(rows, lambda row: decided_line(row, call.lang))
    return 0


def decided_line(row: Mapping[str, str], lang: str) -> str:
    """Return a decision as a line for people: how, the name, why and where it holds."""
    words = catalogue("cli", lang)
    where = [words.say("text.decided-case", record=row["record"])] if row["record"] else []
    where += [words.say("text.decided-table", table=row["table"])] if row["table"] else []
    told = "; ".join([*filter(None, [row["reason"]]), *where])
    return f"{row['as']:6} {row['name']}" + (f" ({told})" if told else "")
