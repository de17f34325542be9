"""Our own vectors, one defect a file (tests/vectors/age): each ends as its first line says, and releases nothing."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from kzdoc.crypto.age import HybridIdentity, open_
from kzdoc.errors import BundleError

FOLDER = Path(__file__).parents[2] / "vectors" / "age"
VECTORS = sorted(FOLDER.glob("*.vector"))
CODES = (
    *("not-age", "armor", "version", "header", "stanzas"),
    *("x25519", "mixed", "scrypt", "unknown-recipient", "not-for-me", "mac", "payload", "truncated"),
)  # and header-size and trailing, too big for a file here: test_age.py


def read(path: Path) -> tuple[dict[str, str], bytes]:
    head, _, data = path.read_bytes().partition(b"\n\n")
    return dict(line.split(": ", 1) for line in head.decode().split("\n")), data


@pytest.mark.parametrize("path", VECTORS, ids=[path.stem for path in VECTORS])
def test_vector(path):
    fields, data = read(path)
    target = io.BytesIO()
    identity = HybridIdentity.from_text(fields["identity"])
    if fields["expect"] == "success":
        open_(io.BytesIO(data), target, identity=identity)
        assert hashlib.sha256(target.getvalue()).hexdigest() == fields["payload"]
        return
    with pytest.raises(BundleError) as caught:
        open_(io.BytesIO(data), target, identity=identity)
    assert caught.value.code == fields["expect"]
    assert target.getvalue() == b""


def test_every_code_has_a_vector():
    expected = {read(path)[0]["expect"] for path in VECTORS} - {"success"}
    assert expected == {f"bundle.age-{code}" for code in CODES}


def test_every_refusal_differs_from_a_file_that_opens():
    """The twin: what the vectors hold opens once its defect is taken away, so the defect is what refuses it."""
    fields, data = read(FOLDER / "piece-longer.vector")
    target = io.BytesIO()
    open_(io.BytesIO(data[:-1]), target, identity=HybridIdentity.from_text(fields["identity"]))
    assert target.getvalue() == b"The lamp is on the table.\n"
