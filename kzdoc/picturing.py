"""Pictures of a case before they go out: looked at by a person, covered, and made anew.

Rules: no file that somebody brought ever leaves in a paper's company; what goes is a new picture of its pixels alone,
made here after a person looked at it, with shapes painted over what must not be seen, or without any where there was
nothing to cover. It is an item of evidence of its own, *made from* the original; of the original's origin (name, who
gave it, when and where it was taken) nothing is copied. Looking again replaces the picture of that item. Which picture
was made from which is kept in the vault's settings; one that came from elsewhere counts as not looked at.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from kzdoc.leakcheck.pictures import check_picture
from kzdoc.ledger.merge import RecordState
from kzdoc.limits import LIMITS
from kzdoc.naming import people
from kzdoc.progress import Progress, silent
from kzdoc.redaction.images import MEDIA, PDF, Pixels, Shape
from kzdoc.redaction.judge import Judge, Way
from kzdoc.report.images import page_count, page_pixels, redacted
from kzdoc.report.images_child import TOO_LARGE
from kzdoc.report.signature import sign_publication
from kzdoc.session import Session

EVIDENCE, FILE = "evidence_item", "file"
COPIED = ("title", "about", "graphic", "privileged", "source", "description")
"""What a covered picture says like its original; of where that came from it says nothing."""
LOOKED = ("image/", "application/pdf")
_REVIEWS = "picture-reviews"


class UnseenError(PublicationError):
    """Pictures would go with a paper that nobody has looked at; ``records`` are their items of evidence."""

    def __init__(self, records: Sequence[bytes]) -> None:
        super().__init__("picture.unreviewed", n=len(records))
        self.records = tuple(records)


@dataclass(frozen=True, slots=True)
class Review:
    """What a person made of a picture: the original's and the new file's SHA-256, the new item, and the shapes."""

    original: bytes
    made: bytes
    record: bytes
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """A new picture that may go with a paper: its item, its bytes' SHA-256 and its form."""

    record: bytes
    sha256: bytes
    form: str


def reviews(session: Session) -> dict[bytes, Review]:
    """Return what was made of which picture, by the original's SHA-256."""
    kept = session.vault.settings.get(_REVIEWS)
    read = [
        Review(original, made, record, tuple(Shape(*one) for one in shapes))
        for original, made, record, shapes in (decode(kept) if kept else [])
    ]
    return {one.original: one for one in read}


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


def page(session: Session, record: bytes, number: int = 0, progress: Progress = silent) -> tuple[Pixels, int]:
    """Return a page of an item's file as pixels and how many pages there are; raises as ``original_file``."""
    _, data = original_file(session, record)
    return page_pixels(data, number, progress), page_count(data, progress)


def review(session: Session, record: bytes, shapes: Sequence[Shape], *, progress: Progress = silent) -> Review:
    """Make a new picture of an item's file with ``shapes`` painted over it, and keep it as an item made from it.

    Without shapes it says that there was nothing to cover. Raises as ``original_file`` and ``images.redacted``.
    """
    original, data = original_file(session, record)
    made, form = redacted(data, shapes, progress)
    before = reviews(session)
    known = before.get(original)
    blob = session.blobs.add(io.BytesIO(made), media=MEDIA[form], total=len(made))
    file = Change(FILE, "set", {"sha256": blob.sha256.hex(), "size": blob.size, "media": blob.media})
    target = session.records.record(known.record) if known else None
    if known is not None and target is not None and not target.removed:
        casework.change(session, known.record, [file])
        item = known.record
    else:
        item = casework.add(session, EVIDENCE, [*_copied(casework.state(session, record)), file])
    done = Review(original, blob.sha256, item, tuple(shapes))
    told = {**before, original: done}
    session.vault.settings.put(_REVIEWS, encode([_plain(told[one]) for one in sorted(told)]))
    return done


def _plain(one: Review) -> list[Any]:
    shapes = [[it.how, it.left, it.top, it.right, it.bottom, it.page] for it in one.shapes]
    return [one.original, one.made, one.record, shapes]


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
    looked_at = reviews(session)
    made = {one.made: one for one in looked_at.values()}
    ready: list[Ready] = []
    unseen: list[bytes] = []
    for record, file in _shown_files(session, records, audience, root):
        mine = made.get(file["sha256"])
        if mine is not None and mine.record == record.id:
            form = next(form for form, media in MEDIA.items() if media == file["media"])
            ready.append(Ready(record.id, file["sha256"], form))
        elif mine is None and file["sha256"] not in looked_at and str(file["media"]).startswith(LOOKED):
            unseen.append(record.id)
    return tuple(sorted(ready, key=lambda one: one.record)), tuple(sorted(unseen))


def _shown_files(
    session: Session, records: Iterable[RecordState], audience: Audience, root: bytes
) -> Iterator[tuple[RecordState, Mapping[str, Any]]]:
    case = list(records)
    items = [record for record in case if record.kind == EVIDENCE and record.values(FILE)]
    if not items:
        return
    known = people(session)
    by_id = {record.id: record for record in case}
    judge = Judge(audience, known.allowed, known.book(audience), by_id.get, root=root)
    declared = kind(EVIDENCE).field(FILE)
    for record in items:
        if judge.appears(record).way is Way.WHOLE:
            for value in record.values(FILE):
                if judge.judge(record, declared, value).way is Way.WHOLE:
                    yield record, value


def titles(session: Session, items: Iterable[bytes]) -> list[dict[str, str]]:
    """Return items of evidence by id and title, in the JSON of `evidence waiting`."""
    states = session.records.states(list(items))
    return [{"id": one.hex(), "title": str(states[one].value("title") or "")} for one in states]


def beside(session: Session, ready: Sequence[Ready], out: Path) -> list[tuple[Path, bytes]]:
    """Return the files that go with a paper: its pictures by number, each with its signature; nothing is written."""
    files: list[tuple[Path, bytes]] = []
    for number, one in enumerate(ready, 1):
        data = b"".join(session.blobs.read(one.sha256))
        name = out.with_name(f"{out.stem}-{number}.{one.form}")
        signature = sign_publication(data, session.publisher(), shown=0, proved=0, attested=0)
        files += [(name.with_name(name.name + ".sig"), signature), (name, data)]
    return files


def findings(files: Iterable[tuple[Path, bytes]], forbidden: Sequence[Forbidden]) -> list[Finding]:
    """Return what the leak check finds in pictures that go with a paper."""
    suffixes = {f".{form}" for form in MEDIA if form != PDF}
    return [
        found for file, data in files if file.suffix in suffixes for found in check_picture(data, forbidden=forbidden)
    ]
