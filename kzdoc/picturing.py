"""Pictures of a case before they go out: looked at by a person, covered, and made anew.

Rules: no file that somebody brought ever leaves in a paper's company; what goes is a new picture of its pixels alone,
made here after a person looked at it, with shapes painted over what must not be seen, or without any where there was
nothing to cover. It is an item of evidence of its own, *made from* the original; of the original's origin (name, who
gave it, when and where it was taken) nothing is copied. Looking again replaces the picture of that item, and of no
other item with the same file. Which picture was made from which is kept in the vault's settings; one that came from
elsewhere counts as not looked at. A picture goes only while its original may: here, not removed, with the same file.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path
from typing import Any

from kzdoc import casework
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import kind
from kzdoc.domain.field import plain_value
from kzdoc.encoding import decode, encode
from kzdoc.errors import InputError, PublicationError
from kzdoc.leakcheck.finding import Finding, Forbidden
from kzdoc.leakcheck.pictures import Area, check_picture
from kzdoc.leakcheck.scans import check_scan
from kzdoc.ledger.merge import RecordState
from kzdoc.limits import LIMITS
from kzdoc.naming import people
from kzdoc.progress import Progress, silent
from kzdoc.redaction.images import LARGEST, MEDIA, PDF, REVIEWS, Pixels, Shape, areas
from kzdoc.redaction.judge import Judge, Way
from kzdoc.report.images import form_of, page_count, page_pixels, redacted
from kzdoc.report.images_child import TOO_LARGE
from kzdoc.report.signature import sign_publication
from kzdoc.session import Session

EVIDENCE, FILE = "evidence_item", "file"
COPIED = ("title", "about", "graphic", "privileged", "source", "description")
"""What a covered picture says like its original; of where that came from it says nothing."""
LOOKED = ("image/", "application/pdf")


class UnseenError(PublicationError):
    """Pictures would go with a paper that nobody has looked at; ``records`` are their items of evidence."""

    def __init__(self, records: Sequence[bytes]) -> None:
        super().__init__("picture.unreviewed", n=len(records))
        self.records = tuple(records)


@dataclass(frozen=True, slots=True)
class Review:
    """What a person made of a picture: the original item, its and the new file's SHA-256, the new item, the shapes."""

    source: bytes
    original: bytes
    made: bytes
    record: bytes
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """A new picture that may go with a paper: its item, its bytes' SHA-256, its form and what was covered."""

    record: bytes
    sha256: bytes
    form: str
    shapes: tuple[Shape, ...] = ()


def reviews(session: Session) -> dict[tuple[bytes, bytes], Review]:
    """Return what was made of which picture, by the original item and its file's SHA-256."""
    kept = session.vault.settings.get(REVIEWS)
    read = [
        Review(
            source[0] if source else _made_from(session, record), original, made, record, tuple(starmap(Shape, shapes))
        )
        for *source, original, made, record, shapes in (decode(kept) if kept else [])
    ]
    return {(one.source, one.original): one for one in read}


def _made_from(session: Session, record: bytes) -> bytes:
    """Return the item a picture was made from, for what was kept before its original was kept with it."""
    made = session.records.record(record)
    links = made.values("derived_from") if made is not None else []
    return bytes(links[0]) if len(links) == 1 else b""


def _keep(session: Session, told: Mapping[tuple[bytes, bytes], Review]) -> None:
    session.vault.settings.put(REVIEWS, encode([_plain(told[one]) for one in sorted(told)]))


def original_file(session: Session, record: bytes) -> tuple[bytes, bytes]:
    """Return SHA-256 and bytes of an item's file; ``InputError``: ``picture.none``, ``picture.too-large``."""
    present = casework.state(session, record)
    files = present.values(FILE) if present.kind == EVIDENCE else []
    blob = session.blobs.get(files[0]["sha256"]) if len(files) == 1 else None
    if blob is None:
        raise InputError("picture.none")
    if blob.size > LIMITS.picture_file:
        raise InputError("picture.too-large", **TOO_LARGE)
    return blob.sha256, b"".join(session.blobs.read(blob.sha256))


def page(session: Session, record: bytes, number: int = 0, progress: Progress = silent) -> tuple[Pixels, int, bytes]:
    """Return a page of an item's file, how many there are and the file's SHA-256; raises as ``original_file``."""
    sha256, data = original_file(session, record)
    return page_pixels(data, number, progress), page_count(data, progress), sha256


def review(
    session: Session, record: bytes, shapes: Sequence[Shape], *, seen: bytes, progress: Progress = silent
) -> Review:
    """Make a new picture of an item's file with ``shapes`` painted over it, and keep it as an item made from it.

    ``seen`` is the SHA-256 of the file the person looked at. Without shapes it says that there was nothing to cover.

    Raises ``InputError("picture.changed")`` when the item has another file now; as ``original_file`` and ``redacted``.
    """
    original, data = original_file(session, record)
    if original != seen:
        raise InputError("picture.changed")
    made, form = redacted(data, shapes, progress)
    before = reviews(session)
    known = before.get((record, original))
    blob = session.blobs.add(io.BytesIO(made), media=MEDIA[form], total=len(made))
    file = Change(FILE, "set", {"sha256": blob.sha256.hex(), "size": blob.size, "media": blob.media})
    target = session.records.record(known.record) if known else None
    if known is not None and target is not None and not target.removed:
        casework.change(session, known.record, [file])
        item = known.record
    else:
        item = casework.add(session, EVIDENCE, [*_copied(casework.state(session, record)), file])
    done = Review(record, original, blob.sha256, item, tuple(shapes))
    _keep(session, {**before, (record, original): done})
    return done


def _plain(one: Review) -> list[Any]:
    shapes = [[it.how, it.left, it.top, it.right, it.bottom, it.page] for it in one.shapes]
    return [one.source, one.original, one.made, one.record, shapes]


def _copied(original: RecordState) -> Iterator[Change]:
    of = kind(EVIDENCE)
    for name in COPIED:
        for value in original.values(name)[: None if of.field(name).many else 1]:
            yield Change(name, "add" if of.field(name).many else "set", plain_value(of.field(name), value))
    yield Change("derived_from", "set", original.id.hex())


def pictures_of(
    session: Session, records: Iterable[RecordState], *, audience: Audience, root: bytes
) -> tuple[tuple[Ready, ...], tuple[bytes, ...]]:
    """Return the new pictures that go with a paper of these records, and the items nobody has looked at yet.

    Only files that consent and profile show to this audience; an original never goes, its new picture does.
    """
    case = list(records)
    if not any(record.kind == EVIDENCE and record.values(FILE) for record in case):
        return (), ()
    looked_at = reviews(session)
    made = {(one.record, one.made): one for one in looked_at.values()}
    judge = _judge(session, case, audience, root)
    ready: list[Ready] = []
    unseen: list[bytes] = []
    for record in case:
        for file in _shown_files(judge, record):
            mine = made.get((record.id, file["sha256"]))
            if mine is None:
                new = (record.id, file["sha256"]) not in looked_at
                unseen += [record.id] if new and str(file["media"]).startswith(LOOKED) else []
            elif _original_shown(session, judge, mine):
                form = form_of(next(iter(session.blobs.read(mine.made)), b""))
                ready.append(Ready(record.id, mine.made, form, mine.shapes))
    return tuple(sorted(ready, key=lambda one: one.record)), tuple(sorted(unseen))


def _judge(session: Session, case: Sequence[RecordState], audience: Audience, root: bytes) -> Judge:
    """Return the judge of a case's pictures; what stands outside the case is looked up, for originals may."""
    known = people(session)
    by_id = {record.id: record for record in case}

    def find(record: bytes) -> RecordState | None:
        found = by_id.get(record) or session.records.record(record)
        return None if found is None or found.removed else found

    return Judge(audience, known.allowed, known.book(audience), find, root=root)


def _shown_files(judge: Judge, record: RecordState) -> list[Mapping[str, Any]]:
    """Return the files of an item that consent and profile show."""
    if record.kind != EVIDENCE or judge.appears(record).way is not Way.WHOLE:
        return []
    declared = kind(EVIDENCE).field(FILE)
    return [value for value in record.values(FILE) if judge.judge(record, declared, value).way is Way.WHOLE]


def _original_shown(session: Session, judge: Judge, made: Review) -> bool:
    """Return whether the item a picture was made from still has that file, and it too is shown to this audience."""
    original = session.records.record(made.source)
    return original is not None and any(file["sha256"] == made.original for file in _shown_files(judge, original))


def titles(session: Session, items: Iterable[bytes]) -> list[dict[str, str]]:
    """Return items of evidence by id and title, in the JSON of `evidence waiting`."""
    states = session.records.states(list(items))
    return [{"id": one.hex(), "title": title_of(states[one])} for one in states]


def title_of(item: RecordState) -> str:
    """Return what an item of evidence is called on our own screens: its title, else the name of its file."""
    return str(item.value("title") or item.value("original_name") or "")


def beside(session: Session, ready: Sequence[Ready], out: Path) -> list[tuple[Path, bytes]]:
    """Return the files that go with a paper: its pictures by number, each with its signature; nothing is written."""
    files: list[tuple[Path, bytes]] = []
    for number, one in enumerate(ready, 1):
        data = b"".join(session.blobs.read(one.sha256))
        name = out.with_name(f"{out.stem}-{number}.{one.form}")
        signature = sign_publication(data, session.publisher(), shown=0, proved=0, attested=0)
        files += [(name.with_name(name.name + ".sig"), signature), (name, data)]
    return files


def findings(
    ready: Sequence[Ready], files: Sequence[tuple[Path, bytes]], forbidden: Sequence[Forbidden]
) -> list[Finding]:
    """Return what the leak check finds in the pictures that go with a paper; ``files`` as of ``beside``."""
    pictures = [data for file, data in files if file.suffix != ".sig"]
    found: list[Finding] = []
    for one, data in zip(ready, pictures, strict=True):

        def hidden(page: int, size: tuple[int, int], shapes: tuple[Shape, ...] = one.shapes) -> list[Area]:
            return areas(shapes, page, size)

        check = check_scan if one.form == PDF else check_picture
        found += check(data, covered=hidden, forbidden=forbidden, largest=LARGEST)
    return found
