"""F35 to F50: what is wrong with, or hostile in, the items themselves."""

from __future__ import annotations

import gzip
import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence

from kzdoc.bundle import frames
from kzdoc.bundle.frames import BUNDLE
from kzdoc.bundle.items import Introduction
from kzdoc.encoding import encode
from kzdoc.ledger.revision import NewEntry, NewStatement, Revision
from kzdoc.limits import LIMITS
from tests.kzdoc.bundle.fixture import CANARY, Fixture, canary, event, numbered, person, ref, root_of
from tests.kzdoc.bundle.fixtures_history import FIRST, first
from tests.kzdoc.bundle.parties import ANNA, STRANGER, Draft, Frame, chance, frames_of, pieces_of, sealed, tree_root

TURNED = "Тестов \u202eүлған\u202c\x1b[2J Дәулет"
IIN = "900101350123"
PIXEL = 60_000
INTRODUCED = Introduction([(STRANGER.signer.public.ed25519, "Бөтен\u202e Адам")])


def bomb(levels: int = 20, width: int = 15) -> bytes:
    """Return CBOR of which each part names the one before it many times: 15 to the power of 19."""
    parts = [b"\xd8\x1c\x81\x41x"]
    parts += [
        b"\xd8\x1c" + bytes((0x80 + width,)) + (b"\xd8\x1d" + bytes((level,))) * width for level in range(levels - 1)
    ]
    return bytes((0x80 + levels,)) + b"".join(parts)


def altered(revision: Revision) -> Frame:
    """Return the revision with a statement that is not the signed one."""
    said = dict(revision.statements)
    index = next(iter(said))
    said[index] = said[index][:5] + bytes((said[index][5] ^ 1,)) + said[index][6:]
    return frames_of([Revision(revision.skeleton, revision.signature, revision.entries, said)])[0]


def evidence(label: str, data: bytes, media: str) -> list[Frame]:
    """Return a piece of evidence with its file."""
    told = {"sha256": hashlib.sha256(data).digest(), "size": len(data), "media": media}
    said = (NewStatement("title", "Сурет"), NewStatement("file", told))
    made = event(ANNA, label, NewEntry(chance(label)(16), "evidence_item", said))
    return frames_of([made]) + pieces_of(data, 30_000)


def large_png() -> bytes:
    """Return a PNG that claims 60,000 by 60,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", PIXEL, PIXEL, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(999_999)))
        + chunk(b"IEND", b"")
    )


def polyglot() -> bytes:
    """Return bytes that begin as a JPEG and end as a zip archive."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr(zipfile.ZipInfo("run.txt"), "x" * 99)
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + archive.getvalue()


def backwards() -> list[Revision]:
    """Return revisions of one chain whose numbers run against their hashes, each replacing what it can of the other."""
    chain, about = chance("circle")(16), chance("circle person")(16)
    said = NewStatement("name_ru", "Тестов Серік")
    later = event(ANNA, "circle 5", NewEntry(about, "person", (said,)), sequence=5, previous=bytes(32), chain=chain)
    again = NewStatement("name_ru", "Тестов Серік", (ref(later), (bytes(32), 1)))
    earlier = event(ANNA, "circle 3", NewEntry(about, "person", (again,)), sequence=3, previous=later.id, chain=chain)
    return [later, earlier]


def by_stranger(label: str, *entries: NewEntry) -> list[Frame]:
    """Return what an author without rights says, introduced by a partner."""
    return frames_of([Introduction([(STRANGER.signer.public.ed25519, "Бөтен Адам")]), event(STRANGER, label, *entries)])


def first_person() -> bytes:
    from kzdoc.ledger.revision import read_entry

    return read_entry(next(iter(FIRST.entries.values()))).record


def follows_first(label: str, items: Sequence[Frame]) -> Callable[[], bytes]:
    return numbered(label, list(items), 2, root_of(first())).sealed


def many_items(declared: int, sent: int) -> bytes:
    """Return a bundle of so many items of a sort that may be passed over."""
    items = [(0x90, b"")] * sent
    row = [declared, 5 * sent, tree_root(items)]
    return Draft(items, header={"volumes": [row], "counts": [0, 0, 0, 0]}).sealed()


def cut_frame() -> bytes:
    """Return a bundle that ends after the head of an item of 65 MiB."""
    prologue = Draft([(2, bytes(10))]).plaintext()
    whole = prologue[: prologue.rindex(frames.frame_head(2, 10))] + frames.frame_head(2, 65 * 2**20) + bytes(100)
    return sealed(whole + bytes(frames.padme(len(whole)) - len(whole)))


def contents_layer() -> Iterator[Fixture]:
    yield from _measured()
    yield from _said()
    yield from _files()
    nothing = Draft([])
    yield Fixture(
        "F50", "no-byte", "a file of no bytes", "contents", "bundle.not-a-bundle", "bundle.not-a-bundle", lambda: b""
    )
    yield Fixture("F50b", "no-items", "a bundle of no items", "contents", "good", "taken", nothing.sealed, after="none")
    yield Fixture(
        "F50c",
        "empty-introduction",
        "an introduction of nobody",
        "contents",
        "bundle.item",
        "bundle.item",
        Draft([(1, encode([])), *canary()]).sealed,
    )
    yield Fixture(
        "F50d",
        "empty-file",
        "an attached file of no bytes",
        "contents",
        "good",
        "taken",
        lambda: Draft(evidence("empty", b"", "image/png")).sealed(),
        after="kept as it came",
    )
    yield Fixture(
        "F50e",
        "empty-item",
        "a revision of no bytes",
        "contents",
        "bundle.item",
        "bundle.item",
        Draft([(2, b"")]).sealed,
    )


def _measured() -> Iterator[Fixture]:
    """Give those in which a figure is not what it says, or too large."""

    def bad(name: str, about: str, code: str, make: Callable[[], bytes], **more: object) -> Fixture:
        number, _, word = name.partition("-")
        return Fixture(number, word, about, "contents", code, code, make, **more)  # type: ignore[arg-type]

    [one] = [event(ANNA, "altered", person("altered"))]
    kind, piece = pieces_of(CANARY.encode(), 99)[0]
    row = list(Draft(canary()).header_map()["volumes"][0])
    longer = {"volumes": [[row[0], row[1] + 64, row[2]]]}
    items = {"items_per_volume": BUNDLE.items_per_volume}
    yield bad("F35-digest", "a statement that is not the signed one", "bundle.digest", Draft([altered(one)]).sealed)
    yield bad("F36-piece-size", "a piece longer than its file", "bundle.piece", Draft([(kind, piece + b"more")]).sealed)
    yield bad(
        "F36b-volume-size", "a volume said to be longer", "bundle.contents", Draft(canary(), header=longer).sealed
    )
    yield bad("F37b-references", "a revision of 15^19 parts in 700 bytes", "bundle.item", Draft([(2, bomb())]).sealed)
    yield bad(
        "F37c-references-header", "a header of 15^19 parts", "bundle.malformed", Draft([], raw_header=bomb()).sealed
    )
    yield bad(
        "F37d-introductions",
        "an introduction of 15^19 parts",
        "bundle.item",
        Draft([(1, bomb())]).sealed,
    )
    declared = {"volumes": [[100_001, 9, bytes(32)]]}
    yield bad(
        "F38-items", "says it has 100,001 items", "bundle.limits-items", Draft([], header=declared).sealed, limits=items
    )
    yield bad(
        "F38b-items-sent",
        "says 100,000 items and has one more",
        "bundle.contents",
        lambda: many_items(100_000, 100_001),
        made=True,
        limits=items,
    )
    yield bad(
        "F38c-items-true",
        "has 100,001 items and says so",
        "bundle.limits-items",
        lambda: many_items(100_001, 100_001),
        made=True,
        long=True,
        limits=items,
    )
    limits = {"item": LIMITS.item}
    yield bad("F39-item-head", "says that an item has 65 MiB", "bundle.limits-item", cut_frame, limits=limits)
    yield bad(
        "F39b-item",
        "an item of 65 MiB",
        "bundle.limits-item",
        lambda: Draft([(2, bytes(65 * 2**20))]).sealed(),
        made=True,
        long=True,
        limits=limits,
    )
    other = altered(one)
    yield bad(
        "F43-same-id", "one revision twice, with other words", "bundle.digest", Draft([*frames_of([one]), other]).sealed
    )


def _said() -> Iterator[Fixture]:
    """Give those that are rightly signed and say what they should not."""
    known = ("take F00-first",)

    def said(name: str, about: str, items: Sequence[Frame], after: str) -> Fixture:
        number, _, word = name.partition("-")
        return Fixture(number, word, about, "contents", "good", "taken", follows_first(name, items), known, after)

    orphan = event(
        ANNA,
        "orphan",
        NewEntry(
            chance("orphan person")(16), "person", (NewStatement("name_ru", "Тестов Жұмабек", ((bytes([9]) * 32, 4),)),)
        ),
        sequence=7,
        previous=bytes([8]) * 32,
    )
    target = first_person()
    taken_over = NewEntry(target, "person", (NewStatement("name_ru", "Жалған Есім", (ref(FIRST, "name_ru"),)),))
    renamed = NewEntry(target, "aaa", (NewStatement("name_ru", "Жалған Есім"),))
    aside = NewEntry(chance("aside")(16), "_aside", (NewStatement("aside", [FIRST.id, "жалған"]),))
    seen = sorted([FIRST.id, index] for index in FIRST.statements)
    removal = NewEntry(target, "person", (NewStatement("_removed", {"seen": seen}),))
    turned = event(ANNA, "turned", person("turned", TURNED))
    title = NewEntry(chance("number")(16), "evidence_item", (NewStatement("title", f"Хаттама, ЖСН {IIN}"),))
    number = event(ANNA, "number", title)
    yield said("F40-circle", "numbers run against hashes", frames_of(backwards()), "both are kept, nothing hangs")
    yield said("F41-orphan", "follows and replaces what is not here", frames_of([orphan]), "its name stands")
    yield said(
        "F42-no-right", "replaces another's words without the right", by_stranger("taken", taken_over), "first stands"
    )
    yield said("F43b-same-record", "another's record as another kind", by_stranger("kind", renamed), "first stands")
    yield said("F44-bidi", "marks that turn and control in a name", frames_of([INTRODUCED, turned]), "shown as signs")
    yield said("F48-iin", "an identity number in an open field", frames_of([number]), "found and withheld")
    yield said("F49-aside", "sets another's words aside", by_stranger("aside", aside), "first stands")
    yield said("F49b-removed", "removes another's record", by_stranger("removed", removal), "first stands")


def _files() -> Iterator[Fixture]:
    """Give those with a hostile file: kept as bytes, never followed."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><image href="file:///etc/passwd"/></svg>'
    html = b"<!doctype html><script>alert(1)</script><img src=file:///etc/passwd>"
    pdf = (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>"
    )
    for name, about, data, media in (
        ("F37-deflate", "a file of ten million zeros, packed to a thousandth", _packed(), "image/png"),
        ("F45-svg", "an SVG with a script, said to be a PNG", svg, "image/png"),
        ("F45b-html", "a page with a script, said to be a PNG", html, "image/png"),
        ("F45c-pdf", "a PDF with a script, said to be a JPEG", pdf, "image/jpeg"),
        ("F46-png", "a PNG of 60,000 by 60,000", large_png(), "image/png"),
        ("F47-polyglot", "a JPEG that is a zip archive as well", polyglot(), "image/jpeg"),
    ):
        number, _, word = name.partition("-")
        make = Draft(evidence(name, data, media)).sealed
        yield Fixture(number, word, about, "contents", "good", "taken", make, after="kept as it came")


def _packed() -> bytes:
    return gzip.compress(bytes(10_000_000), mtime=0)
