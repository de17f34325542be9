"""`vault exposure`: who and what is exposed when a laptop is taken, from this vault's own copy."""

from __future__ import annotations

import argparse
from typing import Any

from kzdoc.cli.frame import Call, new_file
from kzdoc.exchange import exposure as exchange
from kzdoc.language import LANGUAGES, catalogue


def declare(verbs: Any, shared: argparse.ArgumentParser) -> None:
    verb = verbs.add_parser("exposure", parents=[shared], help="who and what a laptop that was taken held")
    verb.add_argument("vault")
    verb.add_argument("name", nargs="?", help="whose laptop; none: this vault's own")
    verb.add_argument("--author", metavar="NAME", help="the same")
    verb.add_argument("--lang", choices=LANGUAGES, help="language of the paper")
    verb.add_argument("-o", dest="out", metavar="FILE.pdf", help="a paper for the inside, to be destroyed when read")
    verb.set_defaults(handler=show_exposure)


def show_exposure(call: Call) -> int:
    name = call.args.author or call.args.name
    out = new_file(call.args.out) if call.args.out else None
    with call.session() as session:
        if out:
            lang = call.args.lang or call.lang
            told = exchange.write_exposure(session, name, out, lang=lang, progress=call.progress)
        else:
            told = exchange.exposure(session, name, progress=call.progress)
    call.document(told, _text(told, call.lang))
    return 0


def _text(told: dict[str, Any], lang: str) -> str:
    say = catalogue("report", lang).say
    lines = [say("exposure.title", name=told["name"])]
    lines += [f"  {say('exposure.' + key)}: {count}" for key, count in told["counts"].items()]
    for part in ("people", "partners", "bundles"):
        lines.append(say("exposure." + part))
        lines += [f"  {one.get('name') or one.get('with')}  {one.get('day', '')}".rstrip() for one in told[part]]
    unknown = exchange.not_known(told, lang)
    lines += [say("exposure.not-known"), *[f"  {words}" for words in unknown]] if unknown else []
    return "\n".join(lines)
