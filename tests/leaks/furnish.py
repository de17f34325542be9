"""Makes what a scenario finds: a vault whose owner knows a partner, the partner's bundle, pictures on a stick."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image, PngImagePlugin

from kzdoc import casework, session
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.exchange import outgoing, trust
from kzdoc.session import Session
from tests.leaks import canaries

PARTNER = "Үйлестіруші"
OWNER = "Тестілеуші"


def furnish(home: Path, passphrase: str) -> None:
    """Fill a home: ``vault``, ``in.kzbundle``, ``sources/`` with a picture, ``papers/`` empty."""
    for name in ("sources", "papers", "tmp"):
        (home / name).mkdir(parents=True)
    picture(home / "sources" / f"{canaries.MARKER} {canaries.PLAIN}.png")
    own = session.create_vault(home / "vault", passphrase, author=OWNER)
    other = session.create_vault(home.parent / "partner", passphrase, author=PARTNER)
    try:
        _meet(own, other, PARTNER)
        _meet(other, own, OWNER)
        one = casework.add(
            other, "person", said(name_ru=canaries.value("серіктес"), description=canaries.value("серіктес 2"))
        )
        casework.attach(other, one, [home / "sources" / f"{canaries.MARKER} {canaries.PLAIN}.png"])
        outgoing.make_bundle(other, [OWNER], home / "in.kzbundle", audience=Audience.INTERNAL)
    finally:
        own.close()
        other.close()


def picture(path: Path) -> None:
    """Write a small picture with a canary in its file, as a camera does."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Description", canaries.PLAIN)
    words.add_itxt("Title", canaries.value("сурет"))
    Image.new("RGB", (120, 80), (48, 96, 224)).save(path, pnginfo=words)


def said(**values: Any) -> list[Change]:
    """Return the changes that set these fields."""
    return [Change(name, "set", value) for name, value in values.items()]


def _meet(session_: Session, other: Session, name: str) -> None:
    trust.add_contact(session_, trust.card(other), name=name, lang="kk")
    digits = trust.own_fingerprint(other, "kk")["fingerprint"]
    trust.verify_contact(session_, name, digits=digits, by="person", lang="kk")
