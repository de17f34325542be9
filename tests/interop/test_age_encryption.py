"""The age author's own library opens what we seal, and we open what it seals."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from kzdoc.crypto.age import HybridIdentity, open_bytes, seal_bytes

pytestmark = pytest.mark.interop
HERE = Path(__file__).parent
SIZES = [0, 1, 65_535, 65_536, 65_537, 131_072, 480_000]


def node(*words: str, given: bytes = b"") -> bytes:
    return subprocess.run(
        ["node", HERE / "age.mjs", *words], input=given, capture_output=True, check=True, timeout=120
    ).stdout


def test_the_same_seed_gives_the_same_recipient():
    identity = HybridIdentity.generate(os.urandom)
    assert node("recipient", identity.secret_text()).decode() == str(identity.recipient)


@pytest.mark.parametrize("size", SIZES)
def test_it_opens_ours(size):
    identities = [HybridIdentity.generate(os.urandom) for _ in range(3)]
    plaintext = os.urandom(size)
    sealed = seal_bytes(plaintext, recipients=[item.recipient for item in identities], randomness=os.urandom)
    for identity in identities:
        assert node("open", identity.secret_text(), given=sealed) == plaintext


@pytest.mark.parametrize("size", SIZES)
def test_we_open_its(size):
    identities = [HybridIdentity.generate(os.urandom) for _ in range(3)]
    plaintext = os.urandom(size)
    sealed = node("seal", *[str(item.recipient) for item in identities], given=plaintext)
    for identity in identities:
        assert open_bytes(sealed, identity=identity) == plaintext


def test_it_refuses_for_a_stranger():
    sealed = seal_bytes(b"x", recipients=[HybridIdentity.generate(os.urandom).recipient], randomness=os.urandom)
    stranger = HybridIdentity.generate(os.urandom)
    with pytest.raises(subprocess.CalledProcessError):
        node("open", stranger.secret_text(), given=sealed)
