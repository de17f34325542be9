"""The stand-alone verifier: one file, `cryptography` alone, no kzdoc, no network, no clock."""

from __future__ import annotations

import ast
import base64
import random
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import cryptography
import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import mldsa

from kzdoc.crypto.identity import HybridSigner, author_of, fingerprint_digits, sign_revision
from kzdoc.encoding import decode, encode
from kzdoc.ledger.revision import NewEntry, NewStatement, Revision, entry_digest, statement_digest, write_revision
from kzdoc.moment import Moment
from kzdoc.report import pack as packs
from kzdoc.report.signature import sign_publication, signer_fingerprint
from kzdoc.resources import verifier
from tests.kzdoc.report import cases
from tests.kzdoc.report.test_signature import PDF, SIGNER, randomness

FILE = Path(__file__).parents[3] / "packaging" / "verify_pack.py"
OTHER = HybridSigner.from_seed(bytes(64))
AUTHOR = bytes(range(32))
VIEW = cases.russian_case()
STATEMENTS = packs.statements_of(VIEW)
SIG = sign_publication(PDF, SIGNER, shown=len(STATEMENTS), proved=0, attested=len(STATEMENTS))
CLOCK_AND_NETWORK = {"time", "datetime", "socket", "ssl", "urllib", "http", "subprocess", "ctypes"}


def loaded() -> ModuleType:
    module = ModuleType("verify_pack")
    sys.modules["verify_pack"] = module
    exec(compile(FILE.read_text(encoding="utf-8"), str(FILE), "exec"), module.__dict__)  # noqa: S102 - our own file
    return module


VERIFIER = loaded()


def revision(seed: bytes = AUTHOR, first: packs.Statement = STATEMENTS[0], record: bytes = bytes(16)) -> Revision:
    return write_revision(
        [NewEntry(record, first.kind, (NewStatement(first.field, first.text), NewStatement("other", "a")))],
        sign=lambda raw: sign_revision(seed, raw),
        author=author_of(seed),
        chain=bytes(16),
        sequence=0,
        previous=b"",
        moment=Moment(1_583_000_000, 360),
        randomness=randomness(5),
    )


def proof_parts(at: int = 0, record: bytes = bytes(16), **changed: Any) -> list[Any]:
    made = revision(first=STATEMENTS[at], record=record)
    number, entry = next(iter(made.entries.items()))
    index = next(key for key, raw in made.statements.items() if decode(raw)[1] == STATEMENTS[at].field)
    parts = {
        "format": "kzdoc-proof-1",
        "leaf": at,
        "skeleton": made.skeleton.raw,
        "signature": made.signature,
        "number": number,
        "entry": entry,
        "index": index,
        "said": made.statements[index],
    }
    return list({**parts, **changed}.values())


def packed(
    change: Callable[[dict[str, Any]], object] | None = None,
    *,
    proofs: tuple[bytes, ...] = (),
    signer: HybridSigner = SIGNER,
    resigned: bool = False,
) -> bytes:
    """Return a pack; ``change`` spoils its body, and a forger who has a key signs what he spoiled."""
    body = decode(packs.write_pack(PDF, VIEW, signer, randomness=randomness(1), proofs=proofs))
    if change:
        change(body)
    if resigned:
        body["root"] = packs.root([packs.leaf_hash(leaf) for leaf in body["leaves"]])
        body["signature"] = signer.sign(packs.CONTEXT, packs._signed(body))
    return encode(body)


def proving(*parts: Any, **changed: Any) -> bytes:
    return packed(proofs=(encode(list(parts) or proof_parts(**changed)),))


GOOD = packed(proofs=(encode(proof_parts()),))


def of_records(*records: bytes, other: bool) -> bytes:
    """Return a pack that proves two statements, of one record of the paper or of an ``other``, from these records."""
    first, kinds = STATEMENTS[0], enumerate(STATEMENTS)
    second = next(at for at, one in kinds if at and (one.record != first.record) is other)
    proofs = [proof_parts(at, record) for at, record in zip((0, second), records, strict=True)]
    return packed(proofs=tuple(map(encode, proofs)))


def put(key: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda body: body.__setitem__(key, value)


def leaf(at: int, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda body: body["leaves"][0].__setitem__(at, value)


def weakened() -> bytes:
    def change(body: dict[str, Any]) -> None:
        body["publisher"]["ed25519"] = bytes(32)

    return packed(change)


def later_entry() -> bytes:
    """Return the entry with another claimed time."""
    parts = decode(next(iter(revision().entries.values())))
    return encode([*parts[:3], parts[3] + 1, *parts[4:]])


def sig_that_does_not_add_up() -> bytes:
    rows = SIG.replace(b"\nproved 0\n", b"\nproved 1\n").splitlines(keepends=True)
    head = b"".join(rows[:8])
    signature = SIGNER.sign("publication-1", head)
    halves = [base64.b64encode(one) for one in (signature[:64], signature[64:])]
    return head + b"signature-ed25519 " + halves[0] + b"\nsignature-ml-dsa-65 " + halves[1] + b"\n"


def weak_author() -> bytes:
    parts = decode(revision().skeleton.raw)
    return encode([parts[0], bytes(32), *parts[2:]])


def resigned_skeleton(parts: list[Any]) -> dict[str, Any]:
    """Return proof parts of an author who signs over an entry of any form."""
    entry = encode(parts)
    author = author_of(AUTHOR)
    place = author + bytes(16) + bytes(8)
    digests = [entry_digest(place, 0, entry), *[bytes(32)] * 7]
    raw = encode(["kzdoc-revision-1", author, bytes(16), 0, b"", digests])
    return {"skeleton": raw, "signature": sign_revision(AUTHOR, raw), "number": 0, "entry": entry, "index": 0}


def odd_statement() -> dict[str, Any]:
    """Return proof parts whose statement is signed and has no field."""
    said = encode([bytes(16), 7])
    digest = statement_digest(author_of(AUTHOR) + bytes(16) + bytes(8), 0, bytes(16), said)
    entry = [bytes(16), bytes(16), "person", 0, 0, [[digest, []]] * 8]
    return {**resigned_skeleton(entry), "said": said}


def sig_line(number: int, text: bytes) -> bytes:
    rows = SIG.split(b"\n")
    rows[number] = rows[number].split(b" ")[0] + b" " + text
    return b"\n".join(rows)


def sig_of(pdf: bytes = PDF, shown: int = 1, signer: HybridSigner = SIGNER) -> bytes:
    return sign_publication(pdf, signer, shown=shown, proved=0, attested=shown)


def half_signed(start: int, end: int) -> bytes:
    raw = bytearray(decode(GOOD)["signature"])
    raw[start:end] = bytes(end - start)
    return packed(put("signature", bytes(raw)), proofs=(encode(proof_parts()),))


ALIEN_SIG = sig_of(shown=0)
DIGITS = signer_fingerprint(SIGNER.public)
Files = tuple[bytes, bytes, bytes | None, str]


def files(pack: bytes = GOOD, pdf: bytes = PDF, sig: bytes | None = SIG, signer: str = DIGITS) -> Files:
    return pdf, pack, sig, signer


MUTATIONS: dict[str, Files] = {
    "pack-large": files(GOOD + bytes(64 * 2**20)),
    "pack-many": files(encode({"a": [0] * 2**20})),
    "pack-cbor": files(b"\xff" + GOOD),
    "pack-cbor-spelling": files(GOOD + b"\0"),
    "pack-keys": files(packed(put("note", "a"))),
    "pack-version": files(packed(put("format", "kzdoc-pack-2"), resigned=True)),
    "pack-reader": files(packed(put("recipient", 7), resigned=True)),
    "pack-paper": files(packed(put("paper", bytes(31)), resigned=True)),
    "pack-key": files(packed(put("publisher", {"ed25519": SIGNER.public.ed25519}))),
    "key-weak": files(weakened(), sig=None, signer=""),
    "pack-signature-size": files(packed(put("signature", bytes(64)))),
    "pack-leaf": files(packed(leaf(2, True), resigned=True)),
    "pack-repeated": files(packed(lambda body: body["leaves"].append(body["leaves"][0]), resigned=True)),
    "pack-proofs": files(packed(put("proofs", [7]))),
    "other-paper": files(pdf=PDF.replace(b"inv", b"Inv"), sig=None),
    "other-size": files(packed(put("size", len(PDF) + 1), resigned=True)),
    "root": files(packed(leaf(5, "Мысалов Ғалым"))),
    "pack-signature-ed25519": files(half_signed(0, 64)),
    "pack-signature-mldsa65": files(half_signed(64, 3373)),
    "other-signer": files(packed(signer=OTHER), sig=sig_of(signer=OTHER)),
    "sig-form": files(sig=SIG.replace(b"\n", b"\r\n")),
    "sig-base64": files(sig=sig_line(8, b"AAAA")),
    "sig-sum": files(sig=sig_that_does_not_add_up()),
    "sig-other-key": files(sig=sig_of(signer=OTHER)),
    "sig-signature-ed25519": files(sig=sig_line(8, ALIEN_SIG.split(b"\n")[8].split(b" ")[1])),
    "sig-signature-mldsa65": files(sig=sig_line(9, ALIEN_SIG.split(b"\n")[9].split(b" ")[1])),
    "sig-other-paper": files(sig=sig_of(PDF + b"% more")),
    "sig-shown": files(sig=sig_of(shown=len(STATEMENTS) + 1)),
    "proof-form": files(packed(proofs=(b"opaque",))),
    "proof-leaf": files(proving(leaf=len(STATEMENTS))),
    "proof-skeleton": files(proving(skeleton=encode(["kzdoc-revision-2", *decode(revision().skeleton.raw)[1:]]))),
    "proof-weak": files(proving(skeleton=weak_author())),
    "proof-signature": files(proving(signature=bytes(64))),
    "proof-entry": files(proving(entry=later_entry())),
    "proof-entry-form": files(proving(**resigned_skeleton(["a"]))),
    "proof-place": files(proving(index=65_535)),
    "proof-statement": files(proving(said=encode([bytes(16), STATEMENTS[0].field, "Мысалов Ғалым"]))),
    "proof-statement-form": files(proving(**odd_statement())),
    "proof-field": files(proving(leaf=next(n for n, one in enumerate(STATEMENTS) if one.field != STATEMENTS[0].field))),
    "proof-record": files(of_records(bytes(16), bytes([7] * 16), other=False)),
}
ACCEPTED_BY_A_TWIN = {
    "pack-repeated", "other-paper", "other-size", "root", "pack-signature-ed25519", "pack-signature-mldsa65",
    "other-signer", "sig-sum", "sig-signature-ed25519", "sig-signature-mldsa65", "sig-other-paper",
    "sig-shown", "proof-signature", "proof-entry", "proof-statement", "proof-field", "proof-record",
}  # fmt: skip
"""Checks a verifier could lack and still accept a paper otherwise than it was signed."""


def verdict(module: ModuleType, given: Files) -> str:
    try:
        module.check(*given)
    except module.Refused as refused:
        return str(refused.args[0])
    return "accepted"


def test_it_accepts_what_the_program_makes() -> None:
    read = VERIFIER.check(*files())
    assert read.leaves == [(one.record, one.kind, one.field, one.text) for one in STATEMENTS]
    assert (read.recipient, read.purpose, read.signer) == (VIEW.recipient, VIEW.purpose, DIGITS)
    assert read.proofs == [(0, fingerprint_digits(author_of(AUTHOR)), STATEMENTS[0].text)]


def test_it_accepts_without_signature_file_and_digits() -> None:
    assert not VERIFIER.check(*files(sig=None, signer="")).signed_apart


@pytest.mark.parametrize("code", MUTATIONS)
def test_each_mutation_is_refused_for_its_own_reason(code: str) -> None:
    assert verdict(VERIFIER, MUTATIONS[code]) == code


def test_every_reason_has_a_mutation_and_three_sentences() -> None:
    assert set(VERIFIER.REASONS) == set(MUTATIONS)
    assert len(MUTATIONS) >= 20
    for sentences in (*VERIFIER.REASONS.values(), *VERIFIER.SAID.values()):
        assert len(set(sentences)) == 3


@pytest.mark.parametrize("code", MUTATIONS)
def test_a_verifier_that_skips_a_check_is_caught(code: str) -> None:
    twin: Any = loaded()
    honest = twin.need
    twin.need = lambda good, why: None if why == code else honest(good, why)
    try:
        said = verdict(twin, MUTATIONS[code])
    except Exception as error:  # noqa: BLE001 - a twin may also stumble: it did not refuse for the reason
        said = type(error).__name__
    if code != "sig-form":  # that one is not a question of yes and no
        assert said != code
    if code in ACCEPTED_BY_A_TWIN:
        assert said == "accepted"


def test_each_record_of_the_paper_is_proved_from_one_record_of_the_authors() -> None:
    one, two = bytes(16), bytes([7] * 16)
    assert verdict(VERIFIER, files(of_records(one, one, other=False))) == "accepted"
    assert verdict(VERIFIER, files(of_records(one, two, other=True))) == "accepted"
    assert verdict(VERIFIER, files(of_records(one, one, other=True))) == "proof-record"


def test_any_changed_byte_is_refused() -> None:
    chance = random.Random(11)
    for _ in range(150):
        spoiled = bytearray(GOOD)
        spoiled[chance.randrange(len(GOOD))] ^= 1 << chance.randrange(8)
        assert verdict(VERIFIER, files(bytes(spoiled))) != "accepted"


def test_a_pack_of_nothing_but_small_parts_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(VERIFIER, "decode", lambda *_: pytest.fail("sixty million values were read"))
    for small in (b"\x80", b"\x40"):
        assert verdict(VERIFIER, files(b"\xa1\x61a\x9a\x03\xc0\0\0" + small * 0x3C00000)) == "pack-many"


def test_a_library_that_does_not_know_the_signature_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: bytes) -> None:
        raise UnsupportedAlgorithm("")

    monkeypatch.setattr(mldsa.MLDSA65PublicKey, "from_public_bytes", staticmethod(unknown))
    with pytest.raises(ImportError):
        VERIFIER.check(*files())


def test_it_knows_nothing_of_the_program_the_network_or_the_clock() -> None:
    text = FILE.read_text(encoding="utf-8")
    imported = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        if isinstance(node, ast.ImportFrom):
            imported.add(str(node.module).split(".")[0])
    assert imported - sys.stdlib_module_names == {"cryptography"}
    assert not imported & CLOCK_AND_NETWORK
    assert "import kzdoc" not in text
    assert "from kzdoc" not in text


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds the library and what it needs, and nothing else."""
    folder = tmp_path_factory.mktemp("empty")
    around = Path(cryptography.__file__).parents[1]
    for name in ("cryptography", "cffi", *(one.name for one in around.glob("_cffi_backend*"))):
        (folder / name).symlink_to(around / name)
    return folder


START = """
import sys, runpy
sys.path[:] = {library} + [one for one in sys.path if 'lib/python' in one]
for words in {runs}:
    sys.argv[:] = ['verify_pack.py', *words]
    try:
        runpy.run_path('verify_pack.py', run_name='__main__')
    except SystemExit as end:
        code = end.code
    print('exit', code)
assert not [one for one in sys.modules if one.split('.')[0] in ('kzdoc', 'cbor2', 'msgspec', 'socket', 'ssl')]
"""


def run(library: Path | None, folder: Path, *runs: list[str], lang: str = "C.UTF-8") -> tuple[list[str], str]:
    """Run the verifier in an interpreter that has this library alone; return what each run printed, and errors."""
    start = START.format(library=[str(library)] if library else [], runs=list(runs))
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", start],
        cwd=folder, env={"LANG": lang}, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines(), done.stderr


def laid_out(folder: Path, given: Files, name: str = "a") -> list[str]:
    pdf, pack, sig, signer = given
    (folder / "verify_pack.py").write_bytes(FILE.read_bytes())
    (folder / f"{name}.pdf").write_bytes(pdf)
    (folder / f"{name}.pdf.pack").write_bytes(pack)
    if sig is not None:
        (folder / f"{name}.pdf.sig").write_bytes(sig)
    return [f"{name}.pdf", *(["--signer", signer] if signer else [])]


def test_in_an_empty_environment_it_accepts_the_good_pack(empty: Path, tmp_path: Path) -> None:
    words = laid_out(tmp_path, files())
    lines, errors = run(empty, tmp_path, [*words, "--list"], [*words, "--lang", "ru"])
    assert not errors
    assert [line for line in lines if line.startswith("exit")] == ["exit 0", "exit 0"]
    assert lines[0].startswith("ACCEPTED. ")
    assert any("Тестов Данияр" in line for line in lines)
    assert any(line.startswith("ПРИНЯТО. ") for line in lines)
    assert run(empty, tmp_path, words, lang="kk_KZ.UTF-8")[0][0].startswith("ҚАБЫЛДАНДЫ. ")


def test_in_an_empty_environment_it_refuses_every_mutation(empty: Path, tmp_path: Path) -> None:
    lines, errors = run(empty, tmp_path, *(laid_out(tmp_path, MUTATIONS[code], code) for code in MUTATIONS))
    assert not errors
    assert lines == [line for code in MUTATIONS for line in (f"REFUSED ({code}). {VERIFIER.say(code, 'en')}", "exit 1")]


def test_what_it_cannot_check_it_says(empty: Path, tmp_path: Path) -> None:
    words = laid_out(tmp_path, files())
    alone, errors = run(None, tmp_path, words)
    assert alone == ["exit 3"]
    assert "cryptography" in errors
    assert run(empty, tmp_path, ["none.pdf"], [])[0] == ["exit 3", "exit 2"]
    (tmp_path / words[0]).unlink()
    alone, errors = run(empty, tmp_path, [f"{words[0]}.pack"])
    assert alone == ["exit 3"]
    assert f"Cannot read {words[0]}. " in errors
    assert "PAPER --pack PACK" in errors


def test_a_strangers_text_does_not_steer_the_terminal() -> None:
    assert VERIFIER.safe("a\x1b[2Jb\u202e") == "a\\u001b[2Jb\\u202e"


WRONG_CLOCK = """
import datetime, time
time.time, time.time_ns = (lambda: {seconds}.0), (lambda: {seconds} * 10**9)
time.gmtime = time.localtime = lambda *_: time.struct_time(({year}, 1, 1, 0, 0, 0, 0, 1, 0))
class Moment(datetime.datetime):
    now = utcnow = today = classmethod(lambda cls, *_: cls({year}, 1, 1))
datetime.datetime = Moment
"""
"""What a machine whose clock is wrong tells every program that asks."""


@pytest.fixture(scope="module")
def alone(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return what runs a command in a virtual environment that has the library alone, by a clock of a given year."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False, symlinks=True)
    library = next(folder.glob("lib/python*/site-packages"))
    for one in empty.iterdir():
        (library / one.name).symlink_to(one.resolve())

    def run_alone(where: Path, *words: str, year: int) -> subprocess.CompletedProcess[str]:
        clock = WRONG_CLOCK.format(seconds=max(0, year - 1970) * 31_556_952, year=year)
        (library / "wrong_clock.py").write_text(clock, encoding="utf-8")
        (library / "wrong_clock.pth").write_text("import wrong_clock\n", encoding="utf-8")
        return subprocess.run(
            [folder / "bin" / "python", "-s", "-E", *words],
            cwd=where, env={"LANG": "C.UTF-8"}, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip

    return run_alone


Alone = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.parametrize("year", [1970, 2199])
def test_in_a_virtual_environment_of_its_own_with_a_wrong_clock(alone: Alone, tmp_path: Path, year: int) -> None:
    words = laid_out(tmp_path, files())
    clock = alone(
        tmp_path, "-c", "import datetime, time; print(datetime.datetime.now().year, time.gmtime()[0])", year=year
    )
    assert clock.stdout.split() == [str(year)] * 2
    assert alone(tmp_path, "-c", "import cbor2", year=year).returncode == 1
    done = alone(tmp_path, "verify_pack.py", *words, year=year)
    assert (done.returncode, done.stdout.split(".")[0], done.stderr) == (0, "ACCEPTED", "")
    code = "pack-signature-mldsa65"
    refused = alone(tmp_path, "verify_pack.py", *laid_out(tmp_path, MUTATIONS[code], code), year=year)
    assert (refused.returncode, refused.stdout.split(".")[0]) == (1, f"REFUSED ({code})")


@pytest.mark.long
def test_there_it_refuses_every_mutation(alone: Alone, tmp_path: Path) -> None:
    for code, given in MUTATIONS.items():
        done = alone(tmp_path, "verify_pack.py", *laid_out(tmp_path, given, code), year=1970)
        assert (done.returncode, done.stdout.split(".")[0]) == (1, f"REFUSED ({code})"), code


@pytest.mark.parametrize("named", ["a.pdf", "a.pdf.pack", "a.pdf.sig"])
def test_whichever_of_the_files_is_named(empty: Path, tmp_path: Path, named: str) -> None:
    laid_out(tmp_path, files())
    assert run(empty, tmp_path, [named])[0][0].startswith("ACCEPTED. ")


def test_a_packaged_program_has_it_beside_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert verifier() == FILE
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert verifier() == tmp_path / FILE.name
    assert '(str(HERE / "verify_pack.py"), ".")' in (FILE.parent / "kzdoc.spec").read_text(encoding="utf-8")
