"""A parser that was led astray, played by hand: what it says is believed only when an author signed just that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzdoc.bundle import parser, vouching
from kzdoc.bundle.frames import BUNDLE
from kzdoc.bundle.items import Erasures, Introduction, TakenRevision, encode_item
from kzdoc.bundle.vouching import Vouching
from kzdoc.bundle.writer import _lay_out
from kzdoc.encoding import encode
from kzdoc.errors import BundleError
from kzdoc.ledger.revision import FORMAT, Disclosure, Entry, Skeleton, Slot, read_disclosure, revision_id
from kzdoc.moment import Moment
from tests.kzdoc.bundle.parties import STRANGER, revisions


def taken(count: int = 3, **party: Any) -> list[TakenRevision]:
    """Return a run as an honest parser gives it."""
    return [parser._revision(encode_item(one)[1]) for one in revisions(count, **party)]


def believe(items: list[TakenRevision]) -> None:
    vouching = Vouching()
    for item in items:
        vouching.see(item)
    vouching.finish()


def test_an_honest_run_is_believed_in_any_order() -> None:
    believe(taken())
    believe(taken()[::-1])


def said(one: TakenRevision) -> tuple[int, Disclosure]:
    return next(pair for pair in one.said.items() if pair[1].field == "narrative")


def told(one: TakenRevision, **otherwise: Any) -> dict[str, Any]:
    """Return the revision's statements with one told otherwise."""
    index, disclosure = said(one)
    return {"said": {**one.said, index: msgspec.structs.replace(disclosure, **otherwise)}}


def outside(one: TakenRevision, **otherwise: Any) -> dict[str, Any]:
    return {"skeleton": msgspec.structs.replace(one.skeleton, **otherwise)}


def entered(one: TakenRevision, **otherwise: Any) -> dict[str, Any]:
    ((number, entry),) = one.entries.items()
    return {"entries": {number: msgspec.structs.replace(entry, **otherwise)}}


def elsewhere(one: TakenRevision) -> dict[str, Any]:
    index, disclosure = said(one)
    return {"said": {**{at: other for at, other in one.said.items() if at != index}, index ^ 1: disclosure}}


def an_edge(one: TakenRevision) -> dict[str, Any]:
    first, *others = next(iter(one.entries.values())).slots
    return entered(one, slots=(msgspec.structs.replace(first, replaces=((bytes(32), 0),)), *others))


def other_words(one: TakenRevision) -> dict[str, Any]:
    """Words nobody signed, well spelled."""
    index, disclosure = said(one)
    raw = encode([disclosure.raw[2:18], disclosure.field, "өтірік"])
    return {"said": {**one.said, index: Disclosure(disclosure.field, "өтірік", raw)}}


LIES: dict[str, Callable[[TakenRevision], dict[str, Any]]] = {
    "a value nobody wrote": lambda one: told(one, value="өтірік"),
    "a field nobody wrote": lambda one: told(one, field="name_ru"),
    "a value of another type": lambda one: told(one, value=None),
    "words nobody signed": other_words,
    "words in another place": elsewhere,
    "words that are absent as well": lambda one: {"absent": {said(one)[0]: "not_shared"}},
    "an absence without a place": lambda _: {"absent": {2**31: "not_shared"}},
    "another author": lambda one: outside(one, author=STRANGER.card.author.ed25519),
    "another chain": lambda one: outside(one, chain=bytes(16)),
    "another place": lambda one: outside(one, sequence=one.skeleton.sequence + 1),
    "another past": lambda one: outside(one, previous=bytes(32)),
    "another id": lambda one: outside(one, id=bytes(32)),
    "other digests": lambda one: outside(one, entries=(bytes(32),) * len(one.skeleton.entries)),
    "another record": lambda one: entered(one, record=bytes(16)),
    "another kind": lambda one: entered(one, kind="event"),
    "another time": lambda one: entered(one, time=Moment(1, 0)),
    "an edge": an_edge,
    "an entry in another place": lambda one: {"entries": {at ^ 1: entry for at, entry in one.entries.items()}},
    "an entry that is not there": lambda one: {"entries": {at + 64: entry for at, entry in one.entries.items()}},
    "what cannot be written": lambda one: outside(one, sequence=object()),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_the_bytes_do_not_say_is_refused(lie: str) -> None:
    first, *others = taken()
    with pytest.raises(BundleError, match=r"bundle\.digest"):
        believe([msgspec.structs.replace(first, **LIES[lie](first)), *others])


def test_a_revision_nobody_signed_is_refused() -> None:
    run = taken()
    for unsigned in (
        [*run[:-1], msgspec.structs.replace(run[-1], signature=bytes(64))],
        [*run, _forged(run[0])],
    ):
        with pytest.raises(BundleError, match=r"bundle\.revision-signature"):
            believe(unsigned)


def _forged(one: TakenRevision) -> TakenRevision:
    """Return a well-formed revision in the author's name that no run leads to: nothing is held of it."""
    raw = one.skeleton.raw.replace(one.skeleton.entries[0], bytes(32))
    digests = (bytes(32), *one.skeleton.entries[1:])
    skeleton = msgspec.structs.replace(one.skeleton, raw=raw, id=revision_id(raw), entries=digests)
    return TakenRevision(skeleton, one.signature, {}, {}, {})


def test_a_spoilt_signature_inside_a_run_is_not_looked_at_and_the_newest_is_told() -> None:
    run = taken()
    vouching = Vouching()
    for one in (msgspec.structs.replace(run[0], signature=bytes(64)), *run[1:]):
        vouching.see(one)
    assert vouching.finish() == {run[-1].skeleton.id: run[-1].signature}


def test_layers_read_askew_are_refused_whatever_their_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parser decodes all layers together; two that are not one value each fool it, and nobody else."""
    one = revisions(1)[0]
    first, second, *_ = sorted(one.statements)
    whole, next_to_it = one.statements[first], one.statements[second]
    askew = {**one.statements, first: whole[:-1], second: whole[-1:] + next_to_it}
    fooled = parser._revision(encode_item(msgspec.structs.replace(one, statements=askew))[1])
    assert fooled.said[first].value == read_disclosure(whole).value
    monkeypatch.setattr(vouching, "follows_digests", lambda *_: True)
    with pytest.raises(BundleError, match=r"bundle\.digest"):
        believe([fooled])


@given(
    st.one_of(st.text(max_size=300), st.text(min_size=1000, max_size=1030), st.binary(max_size=40), st.integers(0, 9)),
    st.text(min_size=1, max_size=64),
    st.sampled_from((0, 300, 2**40, -5)),
    st.integers(0, 2**63 - 1),
)
def test_what_the_main_program_spells_is_what_the_one_encoding_spells(
    value: Any, field: str, seconds: int, sequence: int
) -> None:
    raw = encode([bytes(16), field, value])
    slots = tuple(Slot(bytes((at,)) * 32, ()) for at in range(8))
    edges = (Slot(bytes(32), ((bytes(32), 7),)), *slots[1:])
    for kept in (slots, edges, slots + slots):
        spelled = [[slot.digest, [list(ref) for ref in slot.replaces]] for slot in kept]
        layer = encode([bytes(16), bytes(16), field, seconds, -300, spelled])
        assert vouching._entry(Entry(bytes(16), field, Moment(seconds, -300), kept, layer)) == layer
    for digests in (tuple(slot.digest for slot in slots), (bytes(32),) * 16):
        for previous in (b"", bytes(32)):
            outer = encode([FORMAT, bytes(32), bytes(16), sequence, previous, list(digests)])
            skeleton = Skeleton(bytes(32), bytes(16), sequence, previous, digests, outer, revision_id(outer))
            taken = TakenRevision(skeleton, bytes(64), {}, {0: Disclosure(field, value, raw)}, {})
            assert vouching._is_what_was_said(taken)


def test_who_follows_in_another_chain_vouches_for_nobody() -> None:
    mine = taken(1)[0]
    with pytest.raises(BundleError, match=r"bundle\.revision-signature"):
        believe([msgspec.structs.replace(mine, signature=bytes(64)), *taken(2, label="b")])


def test_many_introductions_and_long_labels_are_written_as_readers_take_them() -> None:
    authors = [(number.to_bytes(32, "big"), "Я" * (BUNDLE.label + 9)) for number in range(BUNDLE.introductions + 1)]
    digests = [number.to_bytes(32, "big") for number in range(BUNDLE.erasures + 1)]
    frames = list(_lay_out([Introduction(authors), Erasures(digests)], 2**30))
    parsing = parser.Parsing(lambda _: None, first=True, last=True)
    for frame in frames:
        parsing.take(frame.kind, frame.payload)
    assert len(frames) == 4
