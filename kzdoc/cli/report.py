"""`report`: papers for named readers, signed and checked; a refusal lists what stopped the paper and never a value."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kzdoc import casework, checking, correcting, handing, leaving, publishing, telling
from kzdoc.cli.frame import Call, new_file, sentence
from kzdoc.cli.grammar import UsageError
from kzdoc.cli.text import candidate_line, hint_line
from kzdoc.domain.audience import AUDIENCE_LABELS, Audience
from kzdoc.domain.field import Sensitivity
from kzdoc.domain.sections import SENSITIVITY_LABELS
from kzdoc.errors import PublicationError
from kzdoc.language import LANGUAGES, catalogue
from kzdoc.leakcheck.finding import Finding, place_of
from kzdoc.redaction.hints import COVERED, told_hints


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    verbs = nouns.add_parser("report", help="papers").add_subparsers(required=True, metavar="VERB")
    listing = verbs.add_parser("list", parents=[shared], help="the templates")
    listing.set_defaults(handler=list_templates)
    make = verbs.add_parser("make", parents=[shared], help="make, leak-check and sign a paper")
    make.add_argument("vault")
    make.add_argument("--template", default="case-file")
    make.add_argument("--record", metavar="ID")
    make.add_argument("--from", dest="since", metavar="D")
    make.add_argument("--to", dest="until", metavar="D")
    make.add_argument("--profile", required=True, choices=[audience.value for audience in Audience])
    make.add_argument("--lang", required=True, choices=LANGUAGES)
    make.add_argument("--for", dest="recipient", metavar="NAME")
    make.add_argument("--purpose", metavar="TEXT")
    make.add_argument("-o", dest="out", required=True, metavar="FILE.pdf")
    make.add_argument("--pack", action="store_true", help="a verification pack for the named recipient")
    make.add_argument("--verifier", action="store_true", help="a pack, and the program that checks it beside it")
    make.add_argument("--redaction", action="store_true", help="a signed report of what is withheld, without values")
    make.set_defaults(handler=make_report)
    overtaken = verbs.add_parser("corrections", parents=[shared], help="papers whose facts changed since they left")
    overtaken.add_argument("vault")
    overtaken.add_argument("--all", action="store_true", help="compare every paper again, not only what changed since")
    overtaken.set_defaults(handler=list_corrections)
    correct = verbs.add_parser("correct", parents=[shared], help="a signed correction notice for a paper's reader")
    correct.add_argument("vault")
    correct.add_argument("paper", nargs="?", metavar="PAPER", help="its number, as `report corrections` gives it")
    correct.add_argument("--all", action="store_true", help="of everything that no longer holds, into a folder")
    correct.add_argument("-o", dest="out", required=True, metavar="FILE.pdf|DIR")
    correct.add_argument("--redaction", action="store_true", help="a signed report of what is withheld, without values")
    correct.set_defaults(handler=make_correction)
    notices = verbs.add_parser("notices", parents=[shared], help="correction notices that were made, for whom")
    notices.add_argument("vault")
    notices.set_defaults(handler=list_notices)
    handed = verbs.add_parser("handed", parents=[shared], help="note that a notice was handed to its reader")
    handed.add_argument("vault")
    handed.add_argument("notice", metavar="NOTICE", help="its number, as `report notices` gives it")
    handed.set_defaults(handler=note_handed)
    check = verbs.add_parser("check", parents=[shared], help="judge a paper and its signature; needs no vault")
    check.add_argument("file")
    check.add_argument("--signer", metavar="CARD")
    check.set_defaults(handler=check_report)


def list_templates(call: Call) -> int:
    call.rows(publishing.templates(call.lang), lambda row: f"{row['template']:16} {row['label']}")
    return 0


def make_report(call: Call) -> int:
    if not call.args.record:
        raise UsageError("usage.report-record")
    return _paper(call, _made)


def list_corrections(call: Call) -> int:
    with call.session() as session:
        found = correcting.overtaken(session, call.progress, again=call.args.all)
    words = catalogue("cli", call.lang)

    def said(row: Mapping[str, Any]) -> str:
        key = "report.overtaken-consent" if row["consent_withdrawn"] else "report.overtaken"
        key = "report.overtaken-withdrawn" if row["withdrawn"] else key
        return words.say(key, **{name: row[name] for name in ("paper", "date", "recipient")})

    call.rows((one.plain() for one in found), said)
    return 0


def make_correction(call: Call) -> int:
    if bool(call.args.paper) == call.args.all:
        raise UsageError("usage.report-correct")
    if call.args.all:
        return _corrected_all(call)

    def made(call: Call, out: Path) -> dict[str, Any]:
        with call.session() as session:
            one = correcting.find(session, call.args.paper)
            return correcting.correct(session, one, out, redaction=call.args.redaction, progress=call.progress)

    return _paper(call, made)


def _corrected_all(call: Call) -> int:
    """Make every notice that waits; 1 when one of them was refused, the others are made."""
    folder = new_file(str(Path(call.args.out) / "notice.pdf")).parent
    with call.session() as session:
        told = handing.correct_all(session, folder, redaction=call.args.redaction, progress=call.progress)
    lines = [f"{one['corrects']['paper']}  {one['corrects']['recipient']}  {one['file']}" for one in told["made"]]
    for one in told["refused"]:
        print(f"error: {one['code']}: {one['paper']}  {one['recipient']}", file=call.stderr)
    call.document(told, "\n".join(lines))
    return 1 if told["refused"] else 0


def list_notices(call: Call) -> int:
    with call.session() as session:
        found = handing.notices(session)
    call.rows((one.plain() for one in found), _notice_line)
    return 0


def note_handed(call: Call) -> int:
    with call.session() as session:
        one = handing.hand_over(session, call.args.notice).plain()
    call.document(one, _notice_line(one))
    return 0


def _notice_line(row: Mapping[str, Any]) -> str:
    return f"{row['notice']}  {row['date']}  {row['recipient']}  {', '.join(row['handed']) or '–'}"


def _paper(call: Call, make: Callable[[Call, Path], dict[str, Any]]) -> int:
    """Make a paper and say what was made, or line by line what stopped it."""
    out = new_file(call.args.out)
    if out.suffix.lower() != ".pdf":
        raise PublicationError("publication.format")
    try:
        made = make(call, out)
    except (leaving.LeakError, leaving.UndecidedError, leaving.HintedError) as error:
        return refused(call, error)
    call.document(made, _listed(made, call.lang))
    return 0


def _made(call: Call, out: Path) -> dict[str, Any]:
    root, audience, recipient = casework.record_id(call.args.record), Audience(call.args.profile), call.args.recipient
    with call.session() as session:
        before = telling.shown_before(session, root, audience=audience, recipient=recipient or "")
        made = publishing.make_report(
            session,
            root,
            out,
            template=call.args.template,
            audience=audience,
            lang=call.args.lang,
            recipient=recipient or "",
            purpose=call.args.purpose or "",
            pack=call.args.pack or call.args.verifier,
            redaction=call.args.redaction,
            verifier=call.args.verifier,
            progress=call.progress,
        )
    for one in before:
        classes = ", ".join(SENSITIVITY_LABELS[Sensitivity(name)].to(call.lang) for name in one["classes"])
        said = {"date": one["date"], "audience": AUDIENCE_LABELS[Audience(one["audience"])].to(call.lang)}
        print(catalogue("cli", call.lang).say("report.together", classes=classes, **said), file=call.stderr)
    return {**made, "had_before": before}


def refused(call: Call, error: leaving.LeakError | leaving.UndecidedError | leaving.HintedError) -> int:
    """Say what stopped a paper or table, a line for each thing; in a batch it is raised."""
    if call.batch:
        raise error
    print(f"error: {error.code}: {sentence(error, call.lang)}", file=call.stderr)
    for line in _why(error, call.lang, screen=call.stderr.isatty()):
        print("  " + line, file=call.stderr)
    return 1


def _why(
    error: leaving.LeakError | leaving.UndecidedError | leaving.HintedError, lang: str, *, screen: bool
) -> list[str]:
    """Return what stopped a paper, a line each: findings by page, rule and class; names and sentences to decide.

    On a ``screen`` the words stand beside them, for whoever must decide of them; in what is kept in a file never.
    """
    if isinstance(error, leaving.UndecidedError):
        return [candidate_line(row, lang) for row in leaving.told_unknown(error.unknown)]
    if isinstance(error, leaving.HintedError):
        told = [f"{' '.join(row['ids'])}  {hint_line(row, lang)}" for row in told_hints(error.hints)]
        return [*told, catalogue("cli", lang).say("report.hints-answers")]
    lines = [_finding_line(one, lang, error.cells) + (_said(error, one) if screen else "") for one in error.spots]
    if any(one.position[1] and one.page for one in error.spots):
        lines.append(catalogue("cli", lang).say("report.found-answers"))
    elif error.code.endswith(("-cell", "-item")):
        lines.append(catalogue("cli", lang).say("report.found-answers-table"))
    return lines


def _said(error: leaving.LeakError, one: Any) -> str:
    """Return the words a finding stands on as the end of its line, each printable."""
    said = "".join(sign if sign.isprintable() else "�" for sign in error.words.get(one, ""))
    return f": {said}" if said else ""


def _finding_line(one: Finding, lang: str, cells: Mapping[tuple[int, int], tuple[bytes, str]]) -> str:
    start, end = one.position
    kept, _ = place_of(one)
    record, field = cells.get(one.position, (b"", ""))
    key = "-place" if not kept and end > start else "-heading" if kept == "-cell" and not record else kept
    return catalogue("cli", lang).say(
        f"report.finding{key}",
        page=one.page,
        start=start,
        end=end,
        line=start,
        column=end,
        rule=one.rule,
        record=record.hex(),
        field=field,
        what=SENSITIVITY_LABELS[Sensitivity(one.sensitivity)].to(lang) if one.sensitivity else "–",
    )


def _listed(made: Mapping[str, Any], lang: str) -> str:
    """Return a paper made, for people: what it is, then what only looks like a name in it."""
    lines = [
        f"{key}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for key, value in made.items()
        if key not in ("candidates", "hints", "had_before")
    ]
    if made["candidates"]:
        lines.append(catalogue("cli", lang).say("report.candidates", n=len(made["candidates"])))
        lines += ["  " + candidate_line(row, lang) for row in made["candidates"]]
    stand = [row for row in made["hints"] if row["decided"] != COVERED]
    if stand:
        words = catalogue("cli", lang)
        lines.append(words.say("report.hints", n=len(stand)))
        lines += [
            "  " + words.say("report.hint", words=", ".join(row["words"]), sentence=row["sentence"]) for row in stand
        ]
    return "\n".join(lines)


def _told(call: Call, verdict: Mapping[str, Any]) -> str:
    """Return a verdict for people: what it means first, then its parts, each under its name in the JSON."""
    words = catalogue("cli", call.lang)
    said = catalogue("errors", call.lang).say(verdict["code"]) if verdict["code"] else words.say("report.good")
    lines = [f"{name}: {value}" for name, value in verdict.items() if name not in ("code", "withheld") and value != ""]
    lines += [f"withheld: {row['class']} · {row['reason']} · {row['count']}" for row in verdict.get("withheld", [])]
    if verdict["signer"]:
        lines.append(words.say("report.signer"))
    return "\n".join([said, "", *lines])


def check_report(call: Call) -> int:
    card = Path(call.args.signer) if call.args.signer else None
    verdict = checking.check_report(Path(call.args.file), card=card)
    call.document(verdict, _told(call, verdict))
    return 0 if verdict["signature"] == "good" and verdict.get("redaction") != "bad" else 1
