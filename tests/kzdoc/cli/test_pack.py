"""A pack made at a desk, judged by the verifier that knows no desk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.kzdoc.cli.conftest import Do

VERIFIER = Path(__file__).parents[3] / "packaging" / "verify_pack.py"


def judge(*words: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, "-I", VERIFIER, *words], capture_output=True, encoding="utf-8", env={"LANG": "C"}, check=False
    )
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_a_pack_from_the_desk_is_accepted_and_a_byte_more_is_not(do: Do, lang: str) -> None:
    hero = do("record", "add", "VAULT", "person", "name_ru=Тестов Данияр", "naming_basis=already_public").out.strip()
    do("record", "add", "VAULT", "event", "title=Собрание", f"persons={hero}", "date=2020-02-22", "region=Алматы")
    asked = (
        "--profile",
        "lawyer",
        "--record",
        hero,
        "-o",
        "a.pdf",
        "--for",
        "Адвокат",
        "--purpose",
        "Арыз",
        "--verifier",
    )
    made = do("report", "make", "VAULT", "--lang", lang, *asked, "--json").document
    signer = do("report", "check", "a.pdf", "--json").document["signer"]
    code, lines = judge("a.pdf", "--signer", signer, "--list")
    assert (code, lines[0].split(".")[0]) == (0, "ACCEPTED")
    assert made["sha256"] in lines[0]
    assert any("Тестов Данияр" in line for line in lines)
    assert Path(made["verifier"]).read_bytes() == VERIFIER.read_bytes()
    for one in ("a.pdf.pack", "a.pdf.sig"):  # whichever of the files was named
        assert judge(one)[1] == judge("a.pdf")[1]
    assert judge("a.pdf", "--signer", signer.replace(signer[0], "x"))[1][0].startswith("REFUSED (other-signer)")
    with Path("a.pdf").open("ab") as paper:
        paper.write(b"\n")
    assert judge("a.pdf")[1][0].startswith("REFUSED (other-paper)")
