"""Every public test vector of age ends as its header says, or in a refusal by our policy; nothing false is released."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import subprocess
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from kzdoc.crypto.age import HybridIdentity, Identity, Policy, hybrid_only, open_with
from kzdoc.crypto.age_header import Stanza
from kzdoc.errors import KzdocError
from tests.interop.classic import ScryptIdentity, X25519Identity

pytestmark = pytest.mark.interop
HERE = Path(__file__).parent
VECTORS = 143

HEADER_FAILURES = frozenset(
    "bundle.age-" + name for name in ("not-age", "version", "header", "header-size", "stanzas", "truncated")
)
PAYLOAD_FAILURES = frozenset("bundle.age-" + name for name in ("payload", "truncated", "trailing"))
CLASSES = {
    "success": frozenset([""]),
    "no match": frozenset(["bundle.age-not-for-me"]),
    "HMAC failure": frozenset(["bundle.age-mac"]),
    "header failure": HEADER_FAILURES,
    "payload failure": PAYLOAD_FAILURES,
    "armor failure": frozenset(["bundle.age-armor", "bundle.age-not-age"]),
}
REFUSED_BY_POLICY = frozenset(
    "bundle.age-" + name for name in ("armor", "not-age", "x25519", "mixed", "scrypt", "unknown-recipient")
)


@dataclass(frozen=True)
class Vector:
    name: str
    fields: dict[str, list[str]]
    data: bytes

    @property
    def expect(self) -> str:
        return self.fields["expect"][0]

    @property
    def armored(self) -> bool:
        return "armored" in self.fields

    def identities(self) -> list[Identity]:
        found: list[Identity] = [ScryptIdentity(text) for text in self.fields.get("passphrase", [])]
        for text in self.fields.get("identity", []):
            hybrid = text.startswith("AGE-SECRET-KEY-PQ-")
            found.append(HybridIdentity.from_text(text) if hybrid else X25519Identity.from_text(text))
        return found


def read_vector(name: str, raw: bytes) -> Vector:
    head, _, data = raw.partition(b"\n\n")
    fields: dict[str, list[str]] = {}
    for line in head.decode().split("\n"):
        key, _, value = line.partition(": ")
        fields.setdefault(key, []).append(value)
    return Vector(name, fields, zlib.decompress(data) if "compressed" in fields else data)


@pytest.fixture(scope="module")
def vectors() -> list[Vector]:
    done = subprocess.run(["node", HERE / "vectors.mjs"], capture_output=True, check=True, timeout=60)
    raw = {name: base64.b64decode(text) for name, text in json.loads(done.stdout).items()}
    return [read_vector(name, raw[name]) for name in sorted(raw)]


def admit_all(stanzas: Sequence[Stanza]) -> None:
    """The policy the program does not have."""


def outcome(vector: Vector, policy: Policy, identities: Sequence[Identity]) -> tuple[str, bytes]:
    """Return the code ("" for success) and what was written on the way."""
    target = io.BytesIO()
    try:
        open_with(io.BytesIO(vector.data), target, identities=identities, policy=policy)
    except KzdocError as error:
        return error.code, target.getvalue()
    return "", target.getvalue()


def right_payload(vector: Vector, released: bytes) -> bool:
    """What was released is what the vector allows: nothing, unless it names a payload."""
    if "payload" not in vector.fields:
        return not released
    return hashlib.sha256(released).hexdigest() == vector.fields["payload"][0]


def test_there_are_as_many_as_when_this_was_written(vectors):
    assert len(vectors) == VECTORS


def test_the_reader_ends_as_each_vector_says(vectors, capsys):
    wrong: list[tuple[str, str, str]] = []
    tally: Counter[str] = Counter()
    for vector in vectors:
        if vector.armored:
            continue
        code, released = outcome(vector, admit_all, vector.identities())
        if code not in CLASSES[vector.expect] or not right_payload(vector, released):
            wrong.append((vector.name, vector.expect, code))
        tally[vector.expect] += 1
    with capsys.disabled():
        print("\nreader on the age vectors:", dict(tally), "wrong:", len(wrong))  # noqa: T201 - the tally is asked for
    assert not wrong
    assert sum(tally.values()) == sum(not vector.armored for vector in vectors)


def test_the_program_ends_as_each_vector_says_or_refuses_by_policy(vectors, capsys):
    wrong: list[tuple[str, str, str]] = []
    tally: Counter[str] = Counter()
    for vector in vectors:
        hybrid = [item for item in vector.identities() if isinstance(item, HybridIdentity)]
        code, released = outcome(vector, hybrid_only, hybrid)
        if code in REFUSED_BY_POLICY:
            kind, right = "refused by policy", not released
        else:
            kind, right = "as the header says", code in CLASSES[vector.expect] and right_payload(vector, released)
        if vector.armored and code == "":
            right = False
        tally[kind] += 1
        tally[code or "opened"] += 1
        if not right:
            wrong.append((vector.name, vector.expect, code))
    with capsys.disabled():
        print("\nprogram on the age vectors:", dict(tally), "wrong:", len(wrong))  # noqa: T201 - the tally is asked for
    assert not wrong
    assert tally["as the header says"] + tally["refused by policy"] == VECTORS


def test_a_reader_that_releases_too_much_would_be_caught(vectors):
    vector = next(item for item in vectors if item.name == "stream_bad_tag_second_chunk")
    _, released = outcome(vector, admit_all, vector.identities())
    assert right_payload(vector, released)
    assert not right_payload(vector, released + b"x")
    bad = next(item for item in vectors if item.name == "hmac_bad")
    assert not right_payload(bad, b"x")
