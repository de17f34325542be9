"""A parser that was led astray, played by hand: what it says is believed only when an author signed just that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from kzdoc.bundle import parser
from kzdoc.bundle.frames import BUNDLE
from kzdoc.bundle.items import Erasures, Introduction, TakenRevision, encode_item
from kzdoc.bundle.vouching import Vouching
from kzdoc.bundle.writer import _lay_out
from kzdoc.encoding import decode
from kzdoc.errors import BundleError
from kzdoc.ledger.revision import revision_id
from tests.kzdoc.bundle.parties import STRANGER, revisions


def taken(count: int = 3, **party: Any) -> list[TakenRevision]:
    """Return a run as an honest parser gives it: the signature of the newest was checked."""
    run = [parser._revision(decode(encode_item(one)[1]))[0] for one in revisions(count, **party)]
    return [*run[:-1], msgspec.structs.replace(run[-1], checked=True)]


def believe(items: list[TakenRevision]) -> None:
    vouching = Vouching()
    for item in items:
        vouching.see(item)
    vouching.finish()


def test_an_honest_run_is_believed_in_any_order() -> None:
    believe(taken())
    believe(taken()[::-1])


def said(one: TakenRevision) -> tuple[int, str, Any, bytes]:
    return next(said for said in one.said if said[1] == "narrative")


LIES: dict[str, Callable[[TakenRevision], dict[str, Any]]] = {
    "a value nobody wrote": lambda one: {"said": [(*said(one)[:2], "өтірік", said(one)[3])]},
    "a field nobody wrote": lambda one: {"said": [(said(one)[0], "name_ru", *said(one)[2:])]},
    "a value of another type": lambda one: {"said": [(*said(one)[:2], None, said(one)[3])]},
    "another author": lambda _: {"author": STRANGER.card.author.ed25519},
    "another chain": lambda _: {"chain": bytes(16)},
    "another place": lambda one: {"sequence": one.sequence + 1},
    "another past": lambda _: {"previous": bytes(32)},
    "another id": lambda _: {"id": bytes(32)},
    "other digests": lambda one: {"digests": bytes(len(one.digests))},
    "another record": lambda one: {"entries": [msgspec.structs.replace(one.entries[0], record=bytes(16))]},
    "another kind": lambda one: {"entries": [msgspec.structs.replace(one.entries[0], kind="event")]},
    "another time": lambda one: {"entries": [msgspec.structs.replace(one.entries[0], seconds=1)]},
    "an edge": lambda one: {"entries": [msgspec.structs.replace(one.entries[0], replaces=[(0, bytes(32), 0)])]},
    "what cannot be written": lambda _: {"sequence": object()},
}


@pytest.mark.parametrize("lie", LIES)
def test_what_the_bytes_do_not_say_is_refused(lie: str) -> None:
    first, *others = taken()
    with pytest.raises(BundleError, match=r"bundle\.digest"):
        believe([msgspec.structs.replace(first, **LIES[lie](first)), *others])


def test_a_revision_nobody_signed_is_refused() -> None:
    run = taken()
    for unsigned in (
        [*run[:-1], msgspec.structs.replace(run[-1], checked=False)],  # nothing was checked
        [*run[:-1], msgspec.structs.replace(run[-1], signature=bytes(64))],  # it was not, whatever is said
        [*run, taken(1, label="another chain", party=STRANGER)[0].__class__(*_forged(run[0]))],
    ):
        with pytest.raises(BundleError, match=r"bundle\.revision-signature"):
            believe(unsigned)


def _forged(one: TakenRevision) -> list[Any]:
    """Return the parts of a well-formed revision in the author's name that no run leads to."""
    parts = [getattr(one, name) for name in one.__struct_fields__]
    skeleton = one.skeleton.replace(one.digests[:32], bytes(32))
    changed = {"skeleton": skeleton, "id": revision_id(skeleton), "digests": bytes(32) + one.digests[32:]}
    return [changed.get(name, part) for name, part in zip(one.__struct_fields__, parts, strict=True)]


def test_who_follows_in_another_chain_vouches_for_nobody() -> None:
    mine = taken(1)[0]
    with pytest.raises(BundleError, match=r"bundle\.revision-signature"):
        believe([msgspec.structs.replace(mine, checked=False), *taken(2, label="b")])


def test_many_introductions_and_long_labels_are_written_as_readers_take_them() -> None:
    authors = [(number.to_bytes(32, "big"), "Я" * (BUNDLE.label + 9)) for number in range(BUNDLE.introductions + 1)]
    digests = [number.to_bytes(32, "big") for number in range(BUNDLE.erasures + 1)]
    frames = list(_lay_out([Introduction(authors), Erasures(digests)], 2**30))
    parsing = parser.Parsing(lambda _: None, first=True, last=True)
    for frame in frames:
        parsing.take(frame.kind, frame.payload)
    assert len(frames) == 4
