"""The public record: it goes in as it is, the numbers of its sources come out, and nobody invented is named."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc import casework, importing, oversight
from kzdoc.domain.audience import NAMING_BASES, Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Type
from kzdoc.domain.text import iin_is_consistent
from kzdoc.moment import Moment
from kzdoc.names.index import NameIndex
from kzdoc.names.reading import mentions
from kzdoc.redaction.consent import permissions
from kzdoc.redaction.text import NameBook, Numbering, redact_text
from kzdoc.session import create_vault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kzdoc.ledger.merge import RecordState
    from kzdoc.session import Session

HERE = Path(__file__).resolve().parent.parent.parent
EXAMPLES = HERE / "resources" / "examples"
SEEDS = HERE.parent / "shared" / "seeds"
NOW = Moment(seconds=1_772_442_000, offset=300)
PASSPHRASE = "копыто ручей зонтик лампа снег вереск"
LONGEST_RUN = 11
DAY = "2020-02-15"
NAMES = ("name_kk", "name_ru", "name_latin", "aliases")
MARK = "Invented example for demonstration"


def read(*files: Path) -> list[dict[str, Any]]:
    """Return the records of several files as one list."""
    return [record for file in files for record in json.loads(file.read_text(encoding="utf-8"))]


PUBLIC_FILES = sorted((EXAMPLES / "public-record").glob("*.json"))
PUBLIC = read(*PUBLIC_FILES)
INVENTED = read(EXAMPLES / "invented.json")
CASE, CASE_REF = "@@case", "@p-bokayev"
"""In the file of the invented people the person of the case is a place to fill: in a vault he has an id already."""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Return a vault with the public record and the invented people, imported in the reverse of any useful order."""
    made = create_vault(tmp_path_factory.mktemp("record") / "vault", PASSPHRASE, author="Тестов", clock=lambda: NOW)
    data = json.dumps([*INVENTED, *reversed(PUBLIC)]).replace(CASE, CASE_REF).encode()
    done = importing.take_file(made, data, name=".json", kind_id=None, columns={}, preview=False)
    assert done["new"] == len(PUBLIC) + len(INVENTED)
    yield made
    made.close()


def count(session: Session, measure: str, **said: str) -> dict[str, Any]:
    """Count as the command line does."""
    rest: dict[str, Any] = {"by": None, "since": None, "until": None, "unit": "records", **said}
    return oversight.count(session, measure, lang="en", **rest)


def listed(session: Session, kind: str, **where: str) -> list[dict[str, Any]]:
    """List as the command line does."""
    return [record["fields"] for record in casework.listing(session, kind, where)]


def person(session: Session, name: str) -> str:
    """Return the id of the person of that Latin name."""
    (found,) = casework.listing(session, "person", {"name_latin": name})
    return str(found["id"])


# -- the numbers --------------------------------------------------------------------------------------------------


def test_there_are_enough_records_of_every_theme() -> None:
    assert len(PUBLIC) >= 150
    own_acts = {"proof_agreement"}  # what an author agrees to with his own key is nobody's example
    assert {record["kind"] for record in [*PUBLIC, *INVENTED]} == set(KINDS) - own_acts


def test_twenty_two_results_are_eighteen_two_and_two(session: Session) -> None:
    rows = {row["key"]: row["value"] for row in count(session, "assessment", by="result")["rows"]}
    assert rows == {"not_fulfilled": 18, "partially_fulfilled": 2, "not_fulfilled_to_full_extent": 2}
    assert len(listed(session, "recommendation", instrument="2019/2610(RSP)")) == 22
    assert len(listed(session, "recommendation", instrument="2019/2610(RSP)", addressee="state")) == 20
    judged = [fields["recommendation"] for fields in listed(session, "assessment")]
    assert len(set(judged)) == 22


def test_sixteen_prisoners_on_a_day_of_february_2020(session: Session) -> None:
    on_the_list = listed(session, "list_membership", list="political_prisoners")
    assert len({fields["person"] for fields in on_the_list}) == len(on_the_list) == 16
    counted = count(session, "list_membership", since=DAY, until=DAY, unit="persons")
    assert [(row["value"], counted["not_judged"]) for row in counted["rows"]] == [(16, 0)]
    by_list = count(session, "list_membership", by="list", since=DAY, until=DAY, unit="persons")["rows"]
    assert [(row["key"], row["value"]) for row in by_list] == [("political_prisoners", 16)]


def test_twenty_four_investigations_and_eleven_in_court(session: Session) -> None:
    opened, tried = count(session, "torture_investigations")["rows"], count(session, "torture_to_court")["rows"]
    assert [(row["value"], row["from"], row["to"]) for row in opened] == [(24, "2019-01", "2019-11")]
    assert [(row["value"], row["from"], row["to"]) for row in tried] == [(11, "2019-01", "2019-11")]
    (court,) = listed(session, "figure", measure="torture_to_court")
    assert court["compares"] == [opened[0]["key"]]


def test_overlapping_windows_are_said_to_overlap(session: Session) -> None:
    counted = count(session, "detained_at_assemblies", since="2018")
    assert [(row["qualifier"], row["value"]) for row in counted["rows"]] == [("more_than", 6000), ("more_than", 5000)]
    assert "overlap" in counted["note"]
    assert "overlap" not in count(session, "detained_at_assemblies", since="2016", until="2016")["note"]


def test_rival_figures_stand_side_by_side(session: Session) -> None:
    killed = [row for row in count(session, "killed")["rows"] if row["from"] == "2011-12-16"]
    assert sorted((row["qualifier"], row["value"]) for row in killed) == [("at_least", 12), ("more_than", 12)]
    rivals = [fields for fields in listed(session, "figure", measure="killed") if fields.get("rival_of")]
    assert [rival["rival_of"] for rival in rivals] == [[row["key"]] for row in killed if row["qualifier"] == "at_least"]


# -- the traps ----------------------------------------------------------------------------------------------------


def test_batyrbekov_is_both_acquitted_and_paroled(session: Session) -> None:
    claims = listed(session, "status_event", person=person(session, "Amangeldy Batyrbekov"), certainty="disputed")
    assert {claim["status"] for claim in claims} == {"acquitted", "conditional_release"}
    acquitted, paroled = (set(claim["source"]) for claim in claims)
    assert acquitted
    assert paroled
    assert not acquitted & paroled


def test_the_history_of_one_person_in_its_order(session: Session) -> None:
    history = listed(session, "status_event", person=person(session, "Erlan Baltabay"))
    steps = sorted((step["date"], step["status"]) for step in history)
    assert [status for _, status in steps] == ["sentenced", "pardoned", "sentence_replaced", "fined", "rearrested"]
    refused = listed(session, "status_event", person=person(session, "Mukhtar Dzhakishev"), status="release_refused")
    assert sorted(step["date"] for step in refused) == ["2018-11", "2019-07", "2019-09-10"]


@pytest.mark.parametrize("said", ["Zhumagulov", "Жумагулов", "Жұмағұлов", "жумаг"])
def test_a_name_is_found_in_every_spelling(session: Session, said: str) -> None:
    found = casework.find(session, said, kind_id="person")
    assert [one["fields"]["name_ru"] for one in found] == ["Алмат Жумагулов"]
    assert found[0]["fields"]["name_kk"] == "Алмат Жұмағұлов"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Max Bokayev", "Maks Bokayev"),
        ("Larisa Kharkova", "Larissa Kharkova"),
        ("Kasym-Zhomart Tokayev", "Kassym-Zhomart Tokayev"),
        ("Nazarbaev", "Nazarbayev"),
        ("Erimbetov", "Yerimbetov"),
        ("Yedige Batyrov", "Edige Batyrov"),
        ("Kaiyrlly Omar", "Kaiyrly Omar"),
        ("Dzhakishiev", "Dzhakishev"),
    ],
)
def test_spellings_of_the_sources_lead_to_one_person(session: Session, one: str, other: str) -> None:
    (bearer,) = (
        record["id"] for record in casework.listing(session, "person", {}) if other in record["fields"]["name_latin"]
    )
    for said in (one, other):
        assert bearer in [found["id"] for found in casework.find(session, said, kind_id="person")]


def test_namesakes_stay_apart(session: Session) -> None:
    for surname in ("Abishev", "Khrapunov"):
        assert len(casework.find(session, surname, kind_id="person")) == 2


# -- sources, basis, words ----------------------------------------------------------------------------------------


def unsourced(records: list[dict[str, Any]]) -> list[str]:
    """Return the refs of records that state a fact and cite nothing."""
    facts = (record for record in records if record["kind"] not in ("source", "consent"))
    return [record["ref"] for record in facts if not record["fields"].get("source")]


def nameless_basis(records: list[dict[str, Any]]) -> list[str]:
    """Return the refs of people without a basis to name them or without where it is public."""
    people = (record for record in records if record["kind"] == "person")
    return [
        record["ref"]
        for record in people
        if record["fields"].get("naming_basis") not in NAMING_BASES or not record["fields"].get("naming_source")
    ]


def test_every_fact_has_a_source_and_every_source_is_public() -> None:
    assert not unsourced(PUBLIC)
    sources = [record["fields"] for record in PUBLIC if record["kind"] == "source"]
    assert all(source["published"] == "yes" and source["title"] for source in sources)
    assert sum("part_of" not in source for source in sources) == 5
    assert unsourced([{"ref": "twin", "kind": "event", "fields": {"title": "no source"}}]) == ["twin"]


def test_every_person_is_named_on_a_basis() -> None:
    assert not nameless_basis(PUBLIC)
    officials = [record for record in PUBLIC if record["fields"].get("naming_basis") == "official"]
    assert all("official" in record["fields"]["activity"] for record in officials)
    twin = {"ref": "twin", "kind": "person", "fields": {"name_latin": "X", "naming_basis": "already_public"}}
    assert nameless_basis([twin]) == ["twin"]


def test_every_source_is_cited_by_somebody() -> None:
    cited = {ref for record in PUBLIC for ref in record["fields"].get("source", [])}
    cited |= {str(record["fields"].get("part_of")) for record in PUBLIC if record["kind"] == "source"}
    assert not {"@" + record["ref"] for record in PUBLIC if record["kind"] == "source"} - cited


def words(text: str) -> list[str]:
    """Return the words of a text, in small letters, addresses on the web left out."""
    return re.findall(r"\w+", re.sub(r"https?://\S+", " ", text).casefold())


def long_runs(texts: list[str], originals: list[str], length: int = LONGEST_RUN + 1) -> list[str]:
    """Return the runs of ``length`` words that a text shares with an original."""
    known = {tuple(row[at : at + length]) for row in map(words, originals) for at in range(len(row) - length + 1)}
    return [
        " ".join(run)
        for row in map(words, texts)
        for at in range(len(row) - length + 1)
        if (run := tuple(row[at : at + length])) in known
    ]


def test_no_sentence_is_copied() -> None:
    if not SEEDS.is_dir():
        pytest.skip("the source documents are not here")
    originals = [re.sub(r"[*<>\\]", " ", path.read_text(encoding="utf-8")) for path in sorted(SEEDS.glob("*.txt"))]
    texts = [
        " \n".join(map(str, value)) if isinstance(value, list) else str(value)
        for record in PUBLIC
        for value in record["fields"].values()
    ]
    assert not long_runs(texts, originals)
    assert long_runs([" ".join(words(originals[0])[40:60])], originals)


# -- the invented people ------------------------------------------------------------------------------------------


def invented_book(session: Session) -> tuple[NameBook, NameIndex, set[bytes]]:
    """Return the book for `public`, an index of the invented people's names, and who they are."""
    people: list[RecordState] = list(session.records.records("person", {}))
    allowed = permissions(people, list(session.records.records("consent", {})), day="2026-03-02")
    book = NameBook.build(people, [one.id for one in people if allowed.may_name(one.id, Audience.PUBLIC)])
    strangers = [one for one in people if not one.value("naming_basis")]
    index = NameIndex([(one.id, str(value)) for one in strangers for name in NAMES for value in one.values(name)])
    return book, index, {one.id for one in strangers}


def narratives() -> list[str]:
    """Return the free texts of the invented records that tell something."""
    free = (Type.TEXT, Type.LONG_TEXT)
    return [
        str(record["fields"][field.id])
        for record in INVENTED
        if record["kind"] in ("event", "testimony", "evidence_item")
        for field in KINDS[record["kind"]].fields
        if field.type in free and field.id in record["fields"]
    ]


def test_nobody_invented_may_be_named_to_the_public(session: Session) -> None:
    book, _, strangers = invented_book(session)
    assert len(strangers) == sum(record["kind"] == "person" for record in INVENTED)
    assert not strangers & book.may_name


def test_invented_names_and_numbers_go_from_every_text(session: Session) -> None:
    book, index, _ = invented_book(session)
    texts = narratives()
    before = [(text[one.start : one.end]) for text in texts for one in mentions(index, text)]
    assert any(re.search("[ӘәҒғҚқҢңӨөҰұҮүІі]", name) for name in before)
    assert any(name.isascii() for name in before)
    for lang in ("en", "ru", "kk"):
        for text in texts:
            left = redact_text(text, book=book, lang=lang, numbering=Numbering()).text.plain()
            assert not mentions(index, left)
            assert not re.search(r"\d{12}|\d{3}[ )-]+\d{3}", left)


def test_what_is_invented_says_so_and_claims_nothing() -> None:
    for record in INVENTED:
        fields = record["fields"]
        if record["kind"] in ("source", "event", "testimony", "evidence_item"):
            assert str(fields.get("title", fields.get("summary"))).startswith(MARK)
        if record["kind"] == "person":
            assert fields["description"].startswith(MARK)
            assert "naming_basis" not in fields
        assert "iin" not in fields or not iin_is_consistent(fields["iin"])
    assert not {record["kind"] for record in INVENTED} & {"status_event", "charge", "detention", "figure", "assessment"}
