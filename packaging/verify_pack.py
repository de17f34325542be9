"""Check a paper, its signature and its verification pack, on any machine, without kzdoc and without a network.

    python verify_pack.py FILE.pdf [--pack FILE] [--sig FILE] [--signer DIGITS] [--list] [--lang en|ru|kk]

Needs Python 3.11 and the package `cryptography` (with ML-DSA; 50 is known to do) alone. Written from
docs/formats/{pack,publication,keys,revision}.md; shares no code with the program that made the files. It reads no
clock and changes nothing.
Exit: 0 accepted, 1 refused, 2 wrong arguments, 3 could not check (a file or the library is missing).
"""

# ruff: noqa: PLR2004 - the figures are those of the formats

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

LANGUAGES = ("en", "ru", "kk")
PACK_KEYS = {"format", "paper", "size", "recipient", "purpose", "leaves", "root", "proofs", "publisher", "signature"}
MOST_PACK, MOST_SIG, MOST_DEPTH, MOST_ITEMS = 64 * 2**20, 16_384, 16, 2**20
NUMBER, BASE64 = "(0|[1-9][0-9]{0,14})", "([A-Za-z0-9+/]+={0,2})"
SIG = re.compile(
    f"kzdoc publication signature 1\nsha256 ([0-9a-f]{{64}})\nsize {NUMBER}\nshown {NUMBER}\nproved {NUMBER}\n"
    f"attested {NUMBER}\ned25519 {BASE64}\nml-dsa-65 {BASE64}\nsignature-ed25519 {BASE64}\n"
    f"signature-ml-dsa-65 {BASE64}\n"
)
P = 2**255 - 19
ORDER_8 = (
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
)
SMALL_ORDER = {n.to_bytes(32, "little") for n in (0, 1, P - 1, P, P + 1)} | {bytes.fromhex(one) for one in ORDER_8}


class Refused(Exception):  # noqa: N818 - a verdict, not an error
    """The files do not hold together; ``args[0]`` is the reason's code."""


class Proof(NamedTuple):
    """An author's proof: number of the leaf, fingerprint of the author's key, the value as the author wrote it."""

    leaf: int
    author: str
    value: Any


class Accepted(NamedTuple):
    """What a good pack says; ``leaves`` are (record, kind, field, text)."""

    digest: str
    size: int
    recipient: str
    purpose: str
    leaves: list[tuple[int, str, str, str]]
    proofs: list[Proof]
    signer: str
    signed_apart: bool


def need(good: bool, code: str) -> None:
    """Refuse for the reason ``code`` unless ``good``."""
    if not good:
        raise Refused(code)


# --- deterministic CBOR (docs/formats/pack.md, "Bytes") ---


def decode(data: bytes, code: str) -> Any:
    """Return the one value in ``data``; refused as ``code``, or as ``…-spelling`` when it has a shorter one."""
    value, end = _item(data, 0, 0, code)
    need(end == len(data), f"{code}-spelling")
    return value


def few_items(data: bytes, code: str) -> bool:
    """Tell whether there are no more values in ``data`` than a pack may have: a few bytes may stand for much memory."""
    at = items = 0
    while at < len(data) and items <= MOST_ITEMS:
        major, number, at = _head(data, at, code)
        at += number if major in (2, 3) else 0
        items += 1
    return items <= MOST_ITEMS


def _head(data: bytes, at: int, code: str) -> tuple[int, int, int]:
    need(at < len(data), code)
    major, short = data[at] >> 5, data[at] & 31
    at += 1
    if short < 24:
        return major, short, at
    need(short <= 27, code)
    size = 1 << (short - 24)
    need(at + size <= len(data), code)
    number = int.from_bytes(data[at : at + size], "big")
    need(major == 7 or number >= (24, 2**8, 2**16, 2**32)[short - 24], f"{code}-spelling")
    return major, number if major != 7 else 32, at + size


def _item(data: bytes, at: int, depth: int, code: str) -> tuple[Any, int]:
    need(depth <= MOST_DEPTH, code)
    start = at
    major, number, at = _head(data, at, code)
    if major == 0:
        return number, at
    if major == 1:
        need(number < 2**63, code)
        return -1 - number, at
    if major in (2, 3):
        need(at + number <= len(data), code)
        raw = bytes(data[at : at + number])
        return raw if major == 2 else _text(raw, code), at + number
    if major == 4:
        items = []
        for _ in range(number):
            item, at = _item(data, at, depth + 1, code)
            items.append(item)
        return items, at
    if major == 5:
        return _map(data, at, number, depth, code)
    need(major == 7 and number in (20, 21, 22) and at == start + 1, code)
    return {20: False, 21: True, 22: None}[number], at


def _map(data: bytes, at: int, number: int, depth: int, code: str) -> tuple[dict[Any, Any], int]:
    result: dict[Any, Any] = {}
    before = b""
    for _ in range(number):
        start = at
        key, at = _item(data, at, depth + 1, code)
        need(type(key) in (str, int), code)
        spelled = data[start:at]
        need((len(before), before) < (len(spelled), spelled), f"{code}-spelling")
        result[key], at = _item(data, at, depth + 1, code)
        before = spelled
    return result, at


def _text(raw: bytes, code: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(code) from None


def encode(value: Any) -> bytes:
    """Return the CBOR of lists, bytes, text and numbers from 0 (that is all that is hashed here)."""
    if isinstance(value, list):
        return _spelled(4, len(value)) + b"".join(encode(one) for one in value)
    if isinstance(value, bytes):
        return _spelled(2, len(value)) + value
    if isinstance(value, str):
        return _spelled(3, len(value.encode())) + value.encode()
    return _spelled(0, value) if value >= 0 else _spelled(1, -1 - value)


def _spelled(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    size = next(size for size in (1, 2, 4, 8) if number < 1 << 8 * size)
    return bytes([major << 5 | 23 + size.bit_length()]) + number.to_bytes(size, "big")


# --- keys and signatures (docs/formats/keys.md) ---


def sha(*parts: bytes) -> bytes:
    """Return SHA-256 over the parts joined."""
    return hashlib.sha256(b"".join(parts)).digest()


def fingerprint(key: bytes) -> str:
    """Return the forty digits that stand for a key."""
    digits = f"{int.from_bytes(sha(b'kzdoc-fingerprint-v1', bytes(1), key), 'big') % 10**40:040d}"
    return " ".join(digits[at : at + 5] for at in range(0, 40, 5))


def weak(key: bytes) -> bool:
    """Tell whether this Ed25519 key is of small order: under it one signature would fit any message."""
    return key[:-1] + bytes([key[-1] & 127]) in SMALL_ORDER


def verifies(algorithm: str, key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature by ``ed25519`` or ``mldsa65`` is good; ``ImportError`` when the library knows it not."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415 - its absence has a sentence of its own
    from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa  # noqa: PLC0415 - as above

    public = ed25519.Ed25519PublicKey if algorithm == "ed25519" else mldsa.MLDSA65PublicKey
    try:
        public.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    except UnsupportedAlgorithm as error:
        raise ImportError from error
    return True


def hybrid(context: bytes, publisher: dict[str, bytes], message: bytes, signature: bytes, code: str) -> None:
    """Refuse unless both halves of a hybrid signature are good."""
    pair = publisher["ed25519"] + publisher["mldsa65"]
    whole = b"\0".join((b"kzdoc", context, sha(pair) + message))
    need(not weak(publisher["ed25519"]), "key-weak")
    need(verifies("ed25519", publisher["ed25519"], whole, signature[:64]), f"{code}-ed25519")
    need(verifies("mldsa65", publisher["mldsa65"], whole, signature[64:]), f"{code}-mldsa65")


# --- the pack ---


def sized(value: Any, size: int) -> bool:
    """Tell whether a value is bytes of this length."""
    return type(value) is bytes and len(value) == size


def read_pack(pack: bytes) -> dict[str, Any]:
    """Return the pack's parts, each of the right sort."""
    need(len(pack) <= MOST_PACK, "pack-large")
    need(few_items(pack, "pack-cbor"), "pack-many")
    body = decode(pack, "pack-cbor")
    need(type(body) is dict and set(body) == PACK_KEYS, "pack-keys")
    need(body["format"] == "kzdoc-pack-1", "pack-version")
    publisher, leaves, proofs = body["publisher"], body["leaves"], body["proofs"]
    need(type(body["recipient"]) is str and type(body["purpose"]) is str, "pack-reader")
    need(sized(body["paper"], 32) and type(body["size"]) is int and sized(body["root"], 32), "pack-paper")
    need(type(publisher) is dict and set(publisher) == {"ed25519", "mldsa65"}, "pack-key")
    need(sized(publisher["ed25519"], 32) and sized(publisher["mldsa65"], 1952), "pack-key")
    need(sized(body["signature"], 64 + 3309), "pack-signature-size")
    need(type(leaves) is list and all(is_leaf(leaf) for leaf in leaves), "pack-leaf")
    need(len({leaf[0] for leaf in leaves}) == len({leaf[1] for leaf in leaves}) == len(leaves), "pack-repeated")
    need(type(proofs) is list and all(type(one) is bytes for one in proofs), "pack-proofs")
    return dict(body)


def is_leaf(leaf: Any) -> bool:
    """Tell whether this is ``[id, salt, record, kind, field, text]``."""
    return type(leaf) is list and [type(one) for one in leaf] == [bytes, bytes, int, str, str, str] and (
        len(leaf[0]) == 16 and len(leaf[1]) == 32
    )  # fmt: skip


def root(hashes: list[bytes]) -> bytes:
    """Return the Merkle root (RFC 9162 §2.1)."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha()
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return sha(b"\x01", root(hashes[:half]), root(hashes[half:]))


def check(pdf: bytes, pack: bytes, sig: bytes | None = None, signer: str = "") -> Accepted:
    """Return what the pack says about the paper; raises ``Refused``. ``signer``: forty digits, known from elsewhere."""
    body = read_pack(pack)
    need(body["paper"] == sha(pdf), "other-paper")
    need(body["size"] == len(pdf), "other-size")
    leaves, publisher = body["leaves"], body["publisher"]
    need(body["root"] == root([sha(b"\0", encode(["kzdoc/pack/leaf/1", *leaf])) for leaf in leaves]), "root")
    head = [body[key] for key in ("format", "paper", "size", "recipient", "purpose")]
    signed = encode([*head, len(leaves), body["root"], [sha(one) for one in body["proofs"]]])
    hybrid(b"pack-1", publisher, signed, body["signature"], "pack-signature")
    whose = fingerprint(publisher["ed25519"] + publisher["mldsa65"])
    if signer:
        need(re.sub(r"\s", "", signer) == whose.replace(" ", ""), "other-signer")
    if sig is not None:
        check_sig(pdf, sig, publisher, len(leaves))
    met: dict[Any, Any] = {}
    proofs = [check_proof(one, leaves, met) for one in body["proofs"]]
    shown = [(leaf[2], leaf[3], leaf[4], leaf[5]) for leaf in leaves]
    return Accepted(
        sha(pdf).hex(), len(pdf), body["recipient"], body["purpose"], shown, proofs, whose, sig is not None
    )  # fmt: skip


def check_sig(pdf: bytes, sig: bytes, publisher: dict[str, bytes], leaves: int) -> None:
    """Refuse a signature file that does not fit the paper and the pack (docs/formats/publication.md)."""
    match = SIG.fullmatch(sig.decode("latin-1")) if len(sig) <= MOST_SIG else None
    if match is None:
        raise Refused("sig-form")
    keys = [unbase64(text, size) for text, size in zip(match.group(6, 7, 8, 9), (32, 1952, 64, 3309), strict=True)]
    size, shown, proved, attested = (int(one) for one in match.group(2, 3, 4, 5))
    need(shown == proved + attested, "sig-sum")
    need(keys[:2] == [publisher["ed25519"], publisher["mldsa65"]], "sig-other-key")
    head = b"".join(sig.splitlines(keepends=True)[:8])
    hybrid(b"publication-1", publisher, head, keys[2] + keys[3], "sig-signature")
    need(match.group(1) == sha(pdf).hex() and size == len(pdf), "sig-other-paper")
    need(shown <= leaves, "sig-shown")


def unbase64(text: str, size: int) -> bytes:
    """Return the bytes of canonical base64."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        data = b""
    need(len(data) == size and base64.b64encode(data).decode() == text, "sig-base64")
    return data


# --- authors' proofs (docs/formats/pack.md, "An author's proof"; docs/formats/revision.md) ---


def check_proof(raw: bytes, leaves: list[Any], met: dict[Any, Any]) -> Proof:
    """Return what an author's proof shows: statement → entry → skeleton → the author's signature.

    ``met``: which record of the authors' each record of the paper was so far, and the other way round.
    """
    proof = decode(raw, "proof-form")
    need(type(proof) is list, "proof-form")
    kinds = [str, int, bytes, bytes, int, bytes, int, bytes]
    need([type(one) for one in proof] == kinds and proof[0] == "kzdoc-proof-1", "proof-form")
    _, leaf, raw_skeleton, signature, number, raw_entry, index, raw_said = proof
    need(0 <= leaf < len(leaves), "proof-leaf")
    skeleton = parts(raw_skeleton, [str, bytes, bytes, int, bytes, list], "proof-skeleton")
    version, author, chain, sequence, _, digests = skeleton
    need(version == "kzdoc-revision-1" and (len(author), len(chain)) == (32, 16), "proof-skeleton")
    need(0 <= sequence < 2**63 and 0 <= number < len(digests) and 0 <= index < 2**32, "proof-skeleton")
    need(not weak(author), "proof-weak")
    need(verifies("ed25519", author, b"kzdoc-revision-v1\0" + raw_skeleton, signature), "proof-signature")
    place = author + chain + sequence.to_bytes(8, "big")
    need(sha(b"kzdoc-entry-1\0", place, number.to_bytes(4, "big"), raw_entry) == digests[number], "proof-entry")
    _, record, kind, _, _, slots = parts(raw_entry, [bytes, bytes, str, int, int, list], "proof-entry-form")
    need(len(record) == 16 and index >> 16 == number and index & 65_535 < len(slots), "proof-place")
    slot = slots[index & 65_535]
    said = sha(b"kzdoc-statement-1\0", place, index.to_bytes(4, "big"), record, raw_said)
    need(type(slot) is list and slot[:1] == [said], "proof-statement")
    _, field, value = parts(raw_said, [bytes, str, object], "proof-statement-form")
    need([kind, field] == leaves[leaf][3:5], "proof-field")
    place_of = leaves[leaf][2]
    need(met.setdefault(place_of, record) == record and met.setdefault(record, place_of) == place_of, "proof-record")
    return Proof(leaf, fingerprint(author), value)


def parts(raw: bytes, kinds: list[type], code: str) -> list[Any]:
    """Return an array whose parts are of these sorts."""
    value = decode(raw, code)
    need(type(value) is list and len(value) == len(kinds), code)
    need(all(kind is object or type(one) is kind for one, kind in zip(value, kinds, strict=True)), code)
    return list(value)


# --- telling people ---


def safe(text: Any) -> str:
    """Return a stranger's text so that it cannot steer a terminal."""
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in str(text))


REASONS: dict[str, tuple[str, str, str]] = {
    "pack-large": (
        "The pack is larger than 64 MiB.", "Пакет больше 64 МиБ.", "Топтама 64 МиБ-тан үлкен."),
    "pack-many": (
        "The pack has more than a million parts.", "В пакете больше миллиона частей.",
        "Топтамада миллионнан астам бөлік бар."),
    "pack-cbor": (
        "The pack is damaged or is no pack: its bytes cannot be read.",
        "Пакет повреждён или это не пакет: его байты не читаются.",
        "Топтама бүлінген немесе бұл топтама емес: байттары оқылмайды."),
    "pack-cbor-spelling": (
        "The pack is written in another way than the format allows, or something stands after its end.",
        "Пакет записан не так, как требует формат, или что-то стоит после его конца.",
        "Топтама форматқа сай жазылмаған немесе соңынан кейін бірдеңе тұр."),
    "pack-keys": (
        "The pack lacks a part or has one too many.", "В пакете не хватает части или есть лишняя.",
        "Топтаманың бір бөлігі жетіспейді немесе артық бөлігі бар."),
    "pack-version": (
        "The pack is of a version this program does not know.", "Версия пакета этой программе неизвестна.",
        "Топтаманың бұл нұсқасын бағдарлама білмейді."),
    "pack-reader": (
        "Recipient or purpose in the pack is no text.", "Получатель или цель в пакете записаны не текстом.",
        "Топтамадағы алушы не мақсат мәтінмен жазылмаған."),
    "pack-paper": (
        "What the pack says of the paper (hash, size, root) has a wrong form.",
        "Сведения пакета о документе (хеш, размер, корень) имеют неверную форму.",
        "Топтаманың құжат туралы деректері (хеш, өлшем, түбір) қате пішінде."),
    "pack-key": (
        "The publisher's key in the pack has a wrong form.", "Ключ издателя в пакете имеет неверную форму.",
        "Топтамадағы жариялаушының кілті қате пішінде."),
    "key-weak": (
        "The publisher's key is one under which anybody can sign.",
        "Ключ издателя таков, что под ним может подписать кто угодно.",
        "Жариялаушының кілтімен кез келген адам қол қоя алады."),
    "pack-signature-size": (
        "The signature of the pack has a wrong length.", "Подпись пакета неверной длины.",
        "Топтама қолтаңбасының ұзындығы қате."),
    "pack-leaf": (
        "A statement in the pack has a wrong form.", "Одно из сведений в пакете имеет неверную форму.",
        "Топтамадағы бір мәлімет қате пішінде."),
    "pack-repeated": (
        "Two statements in the pack have the same number or salt.",
        "У двух сведений в пакете одинаковый номер или соль.",
        "Топтамадағы екі мәліметтің нөмірі не тұзы бірдей."),
    "pack-proofs": (
        "The list of authors' proofs has a wrong form.", "Список доказательств авторов имеет неверную форму.",
        "Авторлар дәлелдерінің тізімі қате пішінде."),
    "other-paper": (
        "The pack belongs to another paper, or the paper was changed.",
        "Пакет относится к другому документу, или документ изменён.",
        "Топтама басқа құжатқа тиесілі немесе құжат өзгертілген."),
    "other-size": (
        "The paper has another size than the pack says.", "Размер документа не тот, что назван в пакете.",
        "Құжаттың өлшемі топтамада айтылғандай емес."),
    "root": (
        "A statement was changed, added, moved or taken away after the list was signed.",
        "Одно из сведений изменено, добавлено, переставлено или убрано после подписания списка.",
        "Тізімге қол қойылғаннан кейін бір мәлімет өзгертілген, қосылған, орны ауысқан немесе алынған."),
    "pack-signature-ed25519": (
        "The first signature of the pack (Ed25519) is not good: it was changed, or another key signed.",
        "Первая подпись пакета (Ed25519) неверна: он изменён, или подписан другим ключом.",
        "Топтаманың бірінші қолтаңбасы (Ed25519) дұрыс емес: ол өзгертілген немесе басқа кілтпен қол қойылған."),
    "pack-signature-mldsa65": (
        "The second signature of the pack (ML-DSA-65) is not good.",
        "Вторая подпись пакета (ML-DSA-65) неверна.",
        "Топтаманың екінші қолтаңбасы (ML-DSA-65) дұрыс емес."),
    "other-signer": (
        "Everything holds together, but another key signed it than the one you gave.",
        "Всё сходится, но подписал не тот ключ, который вы указали.",
        "Бәрі сәйкес, бірақ қол қойған кілт сіз көрсеткен кілт емес."),
    "sig-form": (
        "The signature file is not of the form it should have.", "Файл подписи имеет неверную форму.",
        "Қолтаңба файлының пішіні қате."),
    "sig-base64": (
        "A key or signature in the signature file is not spelled as it should be.",
        "Ключ или подпись в файле подписи записаны неверно.",
        "Қолтаңба файлындағы кілт не қолтаңба қате жазылған."),
    "sig-sum": (
        "The numbers in the signature file do not add up.", "Числа в файле подписи не сходятся.",
        "Қолтаңба файлындағы сандардың қосындысы сәйкес емес."),
    "sig-other-key": (
        "The paper was signed by another key than the pack.", "Документ подписан другим ключом, чем пакет.",
        "Құжатқа топтамадан басқа кілтпен қол қойылған."),
    "sig-signature-ed25519": (
        "The first signature in the signature file (Ed25519) is not good.",
        "Первая подпись в файле подписи (Ed25519) неверна.",
        "Қолтаңба файлындағы бірінші қолтаңба (Ed25519) дұрыс емес."),
    "sig-signature-mldsa65": (
        "The second signature in the signature file (ML-DSA-65) is not good.",
        "Вторая подпись в файле подписи (ML-DSA-65) неверна.",
        "Қолтаңба файлындағы екінші қолтаңба (ML-DSA-65) дұрыс емес."),
    "sig-other-paper": (
        "The signature file belongs to another paper.", "Файл подписи относится к другому документу.",
        "Қолтаңба файлы басқа құжатқа тиесілі."),
    "sig-shown": (
        "The signature file speaks of more statements than the pack has.",
        "В файле подписи названо больше сведений, чем есть в пакете.",
        "Қолтаңба файлында топтамадағыдан көп мәлімет аталған."),
    "proof-form": (
        "An author's proof has a form this program does not know.",
        "Форма одного из доказательств авторов этой программе неизвестна.",
        "Авторлардың бір дәлелінің пішінін бағдарлама білмейді."),
    "proof-leaf": (
        "An author's proof belongs to no statement of the pack.",
        "Доказательство автора не относится ни к одному сведению пакета.",
        "Автордың дәлелі топтаманың ешбір мәліметіне қатысты емес."),
    "proof-skeleton": (
        "The signed part of an author's proof has a wrong form.",
        "Подписанная часть доказательства автора имеет неверную форму.",
        "Автор дәлелінің қол қойылған бөлігі қате пішінде."),
    "proof-weak": (
        "An author's key is one under which anybody can sign.",
        "Ключ автора таков, что под ним может подписать кто угодно.",
        "Автордың кілтімен кез келген адам қол қоя алады."),
    "proof-signature": (
        "An author's signature is not good.", "Подпись автора неверна.", "Автордың қолтаңбасы дұрыс емес."),
    "proof-entry": (
        "The entry of an author's proof is not the one the author signed.",
        "Запись в доказательстве автора не та, которую автор подписал.",
        "Автор дәлеліндегі жазба автор қол қойған жазба емес."),
    "proof-entry-form": (
        "The entry of an author's proof has a wrong form.", "Запись в доказательстве автора имеет неверную форму.",
        "Автор дәлеліндегі жазба қате пішінде."),
    "proof-place": (
        "An author's proof points to a place where there is no statement.",
        "Доказательство автора указывает туда, где сведения нет.",
        "Автордың дәлелі мәлімет жоқ жерді көрсетеді."),
    "proof-statement": (
        "The statement of an author's proof is not the one the author signed.",
        "Сведение в доказательстве автора не то, которое автор подписал.",
        "Автор дәлеліндегі мәлімет автор қол қойған мәлімет емес."),
    "proof-statement-form": (
        "The statement of an author's proof has a wrong form.",
        "Сведение в доказательстве автора имеет неверную форму.",
        "Автор дәлеліндегі мәлімет қате пішінде."),
    "proof-field": (
        "An author's proof is of another field than the statement it is said to prove.",
        "Доказательство автора относится к другому полю, чем сведение, которое оно подтверждает.",
        "Автордың дәлелі өзі растайды делінген мәліметтің емес, басқа өрістікі."),
    "proof-record": (
        "What the paper tells of one record is proved from two, or of two from one.",
        "То, что документ говорит об одной записи, подтверждено двумя разными, или о двух — одной.",
        "Құжаттың бір жазба туралы айтқаны екі түрлі жазбамен немесе екі жазба туралы айтқаны біреуімен дәлелденген."),
}  # fmt: skip
"""Why a pack is refused, in en, ru, kk; ``…-spelling`` of a form has the sentence of the form."""

SAID: dict[str, tuple[str, str, str]] = {
    "refused": ("REFUSED", "ОТКЛОНЕНО", "ҚАБЫЛДАНБАДЫ"),
    "accepted": (
        "ACCEPTED. The paper is the one that was signed: {size} bytes, SHA-256 {digest}.",
        "ПРИНЯТО. Это тот самый документ, который подписан: байтов {size}, SHA-256 {digest}.",
        "ҚАБЫЛДАНДЫ. Бұл — қол қойылған құжаттың өзі: {size} байт, SHA-256 {digest}."),
    "signer": ("Key that signed: {signer}", "Ключ подписавшего: {signer}", "Қол қойған кілт: {signer}"),
    "signer-compare": (
        "Compare these digits with the ones the publisher told you in another way: only so you know whose key it is.",
        "Сверьте эти цифры с теми, что издатель сообщил вам другим путём; без этого неизвестно, чей это ключ.",
        "Бұл цифрларды жариялаушы сізге басқа жолмен айтқан цифрлармен салыстырыңыз: онсыз кілттің иесі белгісіз."),
    "signer-given": (
        "This is the key you gave.", "Это ключ, который вы указали.", "Бұл — сіз көрсеткен кілт."),
    "reader": ("Made for: {recipient}", "Сделано для: {recipient}", "Кімге жасалған: {recipient}"),
    "purpose": ("Purpose: {purpose}", "Цель: {purpose}", "Мақсаты: {purpose}"),
    "leaves": (
        "Statements in the signed list: {n}", "Сведений в подписанном списке: {n}",
        "Қол қойылған тізімдегі мәліметтер саны: {n}"),
    "proofs": (
        "Proved by their author's own signature: {n}", "Подтверждено подписью самого автора: {n}",
        "Автордың өз қолтаңбасымен расталғаны: {n}"),
    "proof": (
        "Statement {leaf}, author's key {author}, in the author's own form: {value}",
        "Сведение {leaf}, ключ автора {author}, в записи самого автора: {value}",
        "{leaf}-мәлімет, автордың кілті {author}, автордың өз жазуында: {value}"),
    "no-sig": (
        "There was no signature file; the pack alone was checked.", "Файла подписи нет; проверен только пакет.",
        "Қолтаңба файлы жоқ; тек топтама тексерілді."),
    "limits": (
        "This says that one key vouches for these words and that they were not changed, not that they are true.",
        "Это значит, что за эти слова ручается один ключ и что они не изменены, но не то, что они правдивы.",
        "Бұл осы сөздерге бір кілт кепіл болатынын және олардың өзгермегенін білдіреді, шындық екенін емес."),
    "unread": (
        "Cannot read {name}. Nothing was checked. Lay PAPER and PAPER.pack side by side, or: PAPER --pack PACK",
        "Не удаётся прочитать {name}. Ничего не проверено. Положите PAPER и PAPER.pack рядом или: PAPER --pack PACK",
        "{name} оқылмады. Ештеңе тексерілген жоқ. PAPER пен PAPER.pack қатар жатсын немесе: PAPER --pack PACK"),
    "library": (
        "The Python package `cryptography` with ML-DSA (50 is known to do) is missing. Nothing was checked.",
        "Нет пакета Python `cryptography` с ML-DSA (подходит версия 50). Ничего не проверено.",
        "Python-ның ML-DSA-ны білетін `cryptography` бумасы жоқ (50-нұсқасы жарайды). Ештеңе тексерілген жоқ."),
}  # fmt: skip


def say(key: str, lang: str, **given: Any) -> str:
    """Return a sentence."""
    sentences = SAID.get(key) or REASONS.get(key) or REASONS[key.removesuffix("-spelling")]
    return sentences[LANGUAGES.index(lang)].format(**{name: safe(value) for name, value in given.items()})


def told(result: Accepted, lang: str, *, expected: bool, listed: bool) -> list[str]:
    """Return what a good pack says, a line each."""
    lines = [
        say("accepted", lang, size=result.size, digest=result.digest),
        say("signer", lang, signer=result.signer),
        say("signer-given" if expected else "signer-compare", lang),
        *([] if result.signed_apart else [say("no-sig", lang)]),
        say("reader", lang, recipient=result.recipient),
        say("purpose", lang, purpose=result.purpose),
        say("leaves", lang, n=len(result.leaves)),
        say("proofs", lang, n=len({one.leaf for one in result.proofs})),
    ]
    if listed:
        lines += [f"{n}. {' · '.join(safe(one) for one in leaf)}" for n, leaf in enumerate(result.leaves, 1)]
    lines += [say("proof", lang, leaf=one.leaf + 1, author=one.author, value=one.value) for one in result.proofs]
    return [*lines, say("limits", lang)]


def main(words: list[str] | None = None) -> int:
    """Check the files named on the command line; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # real streams
    parser = argparse.ArgumentParser(description="Checks a paper and its verification pack.")
    parser.add_argument("paper", help="the paper; its .pack or .sig may be named as well")
    parser.add_argument("--pack", help="default: PAPER.pack")
    parser.add_argument("--sig", help="default: PAPER.sig, if there is one")
    parser.add_argument("--signer", default="", help="the forty digits of the publisher's key, known from elsewhere")
    parser.add_argument("--list", action="store_true", help="every statement in the signed list")
    parser.add_argument("--lang", choices=LANGUAGES)
    args = parser.parse_args(words)
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "en")
    lang = args.lang or (spoken[:2] if spoken[:2] in LANGUAGES else "en")
    paper = args.paper if args.pack else re.sub(r"\.(pack|sig)$", "", args.paper)  # whichever of the files was named
    sig = args.sig or (paper + ".sig" if Path(paper + ".sig").exists() else None)
    try:
        files = [Path(one).read_bytes() if one else None for one in (paper, args.pack or paper + ".pack", sig)]
        result = check(files[0] or b"", files[1] or b"", files[2], args.signer)
    except Refused as refused:
        print(f"{say('refused', lang)} ({refused.args[0]}). {say(refused.args[0], lang)}")
        return 1
    except ImportError:
        print(say("library", lang), file=sys.stderr)
        return 3
    except OSError as error:
        print(say("unread", lang, name=error.filename), file=sys.stderr)
        return 3
    print("\n".join(told(result, lang, expected=bool(args.signer), listed=args.list)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
