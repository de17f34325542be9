"""`demo`: the main job from end to end on the public record, in a folder it names."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from kzdoc import demonstration
from kzdoc.cli.frame import Call


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    demo = nouns.add_parser(
        "demo", parents=[shared], help="two monitors, a coordinator, a lawyer, on the public record"
    )
    demo.add_argument("-o", dest="out", metavar="DIR")
    demo.add_argument("--no-window", action="store_true")
    demo.set_defaults(handler=run_demo)


def run_demo(call: Call) -> int:
    folder = Path(call.args.out) if call.args.out else _free("demo-out")
    done = demonstration.run(folder, say=lambda line: print(line, file=call.stderr, flush=True), lang=call.lang)
    call.document(done.document(), done.table(call.lang))
    if not call.args.no_window:
        done.open_window()
    return 0 if done.good else 1


def _free(name: str) -> Path:
    """Return the first of ``name``, ``name-2``, ``name-3`` … that is not there yet: an earlier run is kept."""
    folder, number = Path(name), 2
    while folder.exists():
        folder, number = Path(f"{name}-{number}"), number + 1
    return folder
