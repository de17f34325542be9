"""Alerts and successions are read strictly; notices travel as they are, bounded, and old readers pass over others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzdoc.bundle import frames
from kzdoc.bundle.alerts import make_alert, read_alert
from kzdoc.bundle.armour import wrap
from kzdoc.bundle.frames import BUNDLE
from kzdoc.bundle.items import Notice
from kzdoc.bundle.succession import make_succession, read_succession, sign_succession
from kzdoc.crypto.identity import HybridSigner
from kzdoc.encoding import encode
from kzdoc.errors import BundleError, KzdocError
from kzdoc.ledger.history import Head
from tests.kzdoc.bundle.parties import Draft, frames_of, read_here, revisions

ONE, TWO, OTHER = (HybridSigner.from_seed(bytes([number]) * 64) for number in range(1, 4))
KNOWN = {one.public.ed25519: one.public for one in (ONE, TWO)}
ABOUT = b"a" * 32
HEADS = [Head(ABOUT, bytes([n]) * 16, n, bytes([n]) * 32) for n in range(3)]


def alert(signer: HybridSigner = ONE, **change: object) -> str:
    body = {
        "format": "kzdoc-alert-1",
        "alert": b"i" * 16,
        "about": ABOUT,
        "heads": [[head.chain, head.sequence, head.revision] for head in HEADS],
        "since": "2026-03-01",
        "by": signer.public.ed25519,
        "day": "2026-03-02",
        **change,
    }
    raw = encode({key: value for key, value in body.items() if value is not None})
    return wrap("alert", raw, signer.sign("kzdoc-alert-v1", raw))


def test_an_alert_says_what_was_said() -> None:
    made = make_alert(alert=b"i" * 16, about=ABOUT, heads=HEADS[::-1], since="2026-03-01", day="2026-03-02", signer=ONE)
    assert read_alert(alert(), known=KNOWN) == made
    read = read_alert(made.text, known=KNOWN)
    assert (read, read.heads) == (made, tuple(HEADS))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": "kzdoc-alert-2"}, "newer-version"),
        ({"more": 1}, "newer-version"),
        ({"x-more": 1}, None),
        ({"about": b"short"}, "malformed"),
        ({"since": "March"}, "malformed"),
        ({"since": ""}, None),
        ({"day": ""}, "malformed"),
        ({"heads": [[b"c" * 16, -1, b"r" * 32]]}, "malformed"),
        ({"heads": [[b"c" * 16, 1, b"r" * 32]] * 2}, "malformed"),
        ({"heads": [[b"d" * 16, 1, b"r" * 32], [b"c" * 16, 1, b"r" * 32]]}, "malformed"),
        ({"heads": 5}, "malformed"),
        ({"heads": None}, "malformed"),
    ],
)
def test_an_alert_is_read_strictly(change: dict[str, object], code: str | None) -> None:
    if code is None:
        read_alert(alert(**change), known=KNOWN)
        return
    with pytest.raises(BundleError, match=rf"alert\.{code}"):
        read_alert(alert(**change), known=KNOWN)


def test_who_did_not_sign_says_nothing() -> None:
    with pytest.raises(BundleError, match=r"alert\.unknown-signer"):
        read_alert(alert(OTHER), known=KNOWN)
    with pytest.raises(BundleError, match=r"alert\.signature"):
        read_alert(alert(OTHER, by=ONE.public.ed25519), known=KNOWN)


def test_a_succession_gathers_signatures_and_a_wrong_one_does_not_hold() -> None:
    first = make_succession(author=ABOUT, successor=b"b" * 32, day="2026-03-02", signer=ONE)
    both = read_succession(sign_succession(first.text, TWO).text, known=KNOWN)
    assert both.signers == KNOWN.keys()
    three = read_succession(sign_succession(both.text, OTHER).text, known=KNOWN)
    assert three.signers == KNOWN.keys(), "a key nobody knows counts for nothing"
    assert not three.is_agreed(None)
    assert make_succession(author=ONE.public.ed25519, successor=ABOUT, day="2026-03-02", signer=ONE).is_agreed(None)
    with pytest.raises(BundleError, match=r"succession\.malformed"):
        make_succession(author=ABOUT, successor=ABOUT, day="2026-03-02", signer=ONE)
    body = encode({"format": "kzdoc-succession-1", "author": ABOUT, "successor": b"b" * 32, "day": "2026-03-02"})
    stolen = wrap("succession", encode([body, [[ONE.public.ed25519, TWO.sign("kzdoc-succession-v1", body)]]]))
    with pytest.raises(BundleError, match=r"succession\.signature"):
        read_succession(stolen, known=KNOWN)


TEXTS = (
    alert().encode(),
    make_succession(author=ABOUT, successor=b"b" * 32, day="2026-03-02", signer=ONE).text.encode(),
)


@given(st.sampled_from(TEXTS), st.integers(0, 9_000), st.binary(max_size=3), st.integers(0, 3))
def test_no_altered_text_says_anything_else(text: bytes, at: int, put: bytes, cut: int) -> None:
    altered = text[: at % len(text)] + put + text[at % len(text) + cut :]
    reader = read_alert if text == TEXTS[0] else read_succession
    try:
        read = reader(altered, known=KNOWN)
    except KzdocError as error:
        assert error.code.split(".")[0] in ("alert", "succession")  # noqa: PT017 - what is good is looked at below
    else:
        assert read == reader(text, known=KNOWN)


def test_notices_travel_as_they_are_and_are_bounded() -> None:
    revision = revisions(1)[0]
    told = [Notice(frames.ALERT, b"any bytes"), Notice(frames.ROSTER, b""), Notice(frames.SUCCESSION, b"\xff")]
    items = read_here(Draft(frames_of([*told, revision])).sealed())
    assert [item for item in items if isinstance(item, Notice)] == told
    unknown = read_here(Draft([(0x8F, b"later"), *frames_of([revision])]).sealed())
    assert len(unknown) == 1, "what this reader does not know it passes over"
    huge = Draft([(frames.ALERT, bytes(BUNDLE.notice + 1))]).sealed()
    with pytest.raises(BundleError, match=r"bundle\.limits-item"):
        read_here(huge)
