"""The declaration: whole, classed, labelled in three languages, and one line for a new field."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kzdoc.domain.audience import AUDIENCE_LABELS, NAMING_BASES, Audience
from kzdoc.domain.catalogue import GROUPS, KINDS, kind, register_for_test
from kzdoc.domain.describe import kind_as_json, kinds_markdown
from kzdoc.domain.field import Field, Sensitivity, Type, plain_value, read_value, show_value
from kzdoc.domain.law import ARTICLES, LIMIT_RULES
from kzdoc.domain.places import REGIONS
from kzdoc.domain.sections import SECTIONS, SENSITIVITY_LABELS
from kzdoc.domain.vocabulary import vocabulary, vocabulary_ids
from kzdoc.errors import InputError
from kzdoc.language import Text

DOCS = Path(__file__).resolve().parents[3] / "docs" / "kinds.md"
ALL_FIELDS = [(one, field) for one in KINDS.values() for field in one.fields]
EXPECTED = [
    "person", "event", "detention", "status_event", "list_membership", "charge", "testimony", "source",
    "evidence_item", "figure", "recommendation", "assessment", "official_statement", "consent", "proof_agreement",
]  # fmt: skip
LATIN_ALLOWED = {"a", "f", "kind", "show", "http", "https", "list"}


def faults_of(declared):
    """Return what is wrong with a kind's declaration, as short words."""
    faults = []
    ids = [field.id for field in declared.fields]
    if len(ids) != len(set(ids)):
        faults.append("an id twice")
    for field in declared.fields:
        where = f"{declared.id}.{field.id}"
        if not re.fullmatch(r"[a-z][a-z0-9_]*", field.id):
            faults.append(f"{where}: id")
        if field.sensitivity is None:
            faults.append(f"{where}: no class")
        if field.help is None or not all(field.help) or not all(field.label):
            faults.append(f"{where}: words")
        if (field.type is Type.CHOICE) != bool(field.vocabulary) or (field.type is Type.LINK) != bool(field.to):
            faults.append(f"{where}: vocabulary or target")
        if (field.type is Type.IDENTIFIER) != bool(field.number_kind) or field.section not in SECTIONS:
            faults.append(f"{where}: number or section")
        if field.to not in (None, "*", *KINDS) or (field.vocabulary and not vocabulary(field.vocabulary).terms):
            faults.append(f"{where}: leads nowhere")
        if field.name_of and field.sensitivity not in (Sensitivity.IDENTITY, Sensitivity.OPEN):
            faults.append(f"{where}: a name of class {field.sensitivity}")
    return faults


def texts():
    """Return every text of the domain with where it stands."""
    for one in KINDS.values():
        yield f"{one.id}", one.label
        yield f"{one.id} plural", one.plural
    for one, field in ALL_FIELDS:
        yield f"{one.id}.{field.id}", field.label
        yield f"{one.id}.{field.id} help", field.help
    for name in vocabulary_ids():
        yield name, vocabulary(name).title
        for term in vocabulary(name).terms:
            yield f"{name}:{term.code}", term.label
    for table in (SECTIONS, SENSITIVITY_LABELS, AUDIENCE_LABELS, GROUPS):
        yield from ((str(key), label) for key, label in table.items())
    yield from ((one.id, one.title) for one in ARTICLES)
    yield from ((one.id, one.step) for one in LIMIT_RULES)
    yield from ((one.code, one.label) for one in REGIONS)
    yield from ((one.code, old.label) for one in REGIONS for old in one.former)


def test_the_kinds_of_the_issue_are_there():
    assert list(KINDS) == EXPECTED
    for field_id in ("name_kk", "name_ru", "name_latin", "aliases", "born", "sex", "iin", "naming_basis"):
        assert kind("person").has(field_id)
    assert kind("person").field("aliases").many
    for field_id in ("title", "date", "place", "region"):
        assert kind("event").has(field_id)
    with pytest.raises(InputError, match=r"kind\.unknown"):
        kind("dragon")
    with pytest.raises(InputError, match=r"field\.unknown"):
        kind("person").field("wings")


@pytest.mark.parametrize("kind_id", EXPECTED)
def test_a_declaration_is_whole(kind_id):
    declared = kind(kind_id)
    assert faults_of(declared) == []
    assert declared.group in GROUPS
    assert declared.title
    assert all(declared.field(one).id for one in declared.title)
    assert any(field.listed for field in declared.fields)
    assert declared.field("work_notes").sensitivity is Sensitivity.WORK


@pytest.mark.parametrize(
    "change",
    [
        {"sensitivity": None},
        {"label": Text("Name", "", "Аты")},
        {"help": None},
        {"type": Type.CHOICE},
        {"to": "dragon", "type": Type.LINK},
        {"section": "attic"},
        {"id": "Name KK"},
        {"sensitivity": Sensitivity.WORK},
    ],
)
def test_a_broken_declaration_is_caught(change):
    person = kind("person")
    broken = replace(person, fields=(replace(person.fields[0], **change), *person.fields[1:]))
    assert faults_of(broken)


def test_every_text_stands_in_three_languages_and_in_its_own_script():
    for where, text in texts():
        assert all(part.strip() == part and part for part in text), where
        assert not re.search(r"[а-яё]", text.en, re.IGNORECASE), where
        for part in (text.ru, text.kk):
            latin = {word for word in re.findall(r"[A-Za-z]+", part) if word not in LATIN_ALLOWED}
            assert not latin, (where, part)
        assert not re.search(r"[әғқңөұүһі]", text.ru.replace("Жетісу", "").replace("Ұлытау", ""), re.IGNORECASE), where


def test_kazakh_is_kazakh():
    every = list(texts())
    with_own_letters = [text for _, text in every if re.search(r"[әғқңөұүһі]", text.kk, re.IGNORECASE)]
    assert len(with_own_letters) > 0.8 * len(every)
    borrowed = {text.kk for _, text in every if text.kk == text.ru}
    assert len(borrowed) < 25, borrowed


def test_terms_of_a_vocabulary_differ_in_code_and_in_each_language():
    for name in vocabulary_ids():
        terms = vocabulary(name).terms
        assert len({term.code for term in terms}) == len(terms), name
        for lang in ("en", "ru", "kk"):
            labels = [term.label.to(lang).casefold() for term in terms]
            repeated = {label for label in labels if labels.count(label) > 1}
            assert not repeated, (name, lang, repeated)
        for term in terms:
            assert re.fullmatch(r"[a-z0-9_-]+|KZ-\d\d", term.code)
            assert vocabulary(name).read(f" {term.label.kk.upper()} ") == term.code


def test_a_vocabulary_that_is_not_there_and_a_term_that_is_not_known():
    with pytest.raises(InputError, match=r"vocabulary\.unknown"):
        vocabulary("../i18n/errors.en")
    assert vocabulary("sex").label("newer", "kk") == "newer"


def test_audiences_and_naming_bases_are_the_same_in_words_and_codes():
    assert [term.code for term in vocabulary("audience").terms] == [one.value for one in Audience]
    assert tuple(term.code for term in vocabulary("naming_basis").terms) == NAMING_BASES
    assert [term.code for term in vocabulary("sensitivity").terms] == [
        one.value for one in Sensitivity if one not in (Sensitivity.WORK, Sensitivity.OPEN)
    ]
    assert set(SENSITIVITY_LABELS) == set(Sensitivity)
    assert set(AUDIENCE_LABELS) == set(Audience)


def test_what_must_never_leave_is_classed_so():
    classes = {f"{one.id}.{field.id}": field.sensitivity for one, field in ALL_FIELDS}
    assert classes["testimony.witness"] is Sensitivity.IDENTITY
    assert classes["evidence_item.obtained_from"] is Sensitivity.IDENTITY
    assert classes["source.person"] is Sensitivity.IDENTITY
    assert classes["person.iin"] is Sensitivity.IDENTITY
    assert classes["person.address"] is Sensitivity.LOCATION
    for internal in (
        "person.naming_decided_by",
        "testimony.taken_by",
        "consent.given_to",
        "evidence_item.original_name",
    ):
        assert classes[internal] is Sensitivity.WORK
    for one, field in ALL_FIELDS:
        if field.id in ("phone", "email", "account"):
            assert field.sensitivity is Sensitivity.CONTACT, one.id
        if field.type is Type.FILE:
            assert field.sensitivity is Sensitivity.PHOTO, one.id


def test_a_field_is_added_in_one_line():
    shoe = Field("shoe_size", Type.NUMBER, Sensitivity.QUASI, Text("Shoe size", "Размер обуви", "Аяқ киім өлшемі"))
    person = kind("person")
    with register_for_test(replace(person, fields=(*person.fields, shoe))):
        field = kind("person").field("shoe_size")
        assert kind_as_json(kind("person"), "kk")["fields"][-1]["label"] == "Аяқ киім өлшемі"
        assert "shoe_size" in kinds_markdown()
        value = read_value(field, "42")
        assert (value, show_value(field, value, "ru"), plain_value(field, value)) == (42, "42", 42)
    assert not kind("person").has("shoe_size")
    assert list(KINDS) == EXPECTED


def test_a_new_kind_is_taken_back_even_after_a_failure():
    def fail():
        with register_for_test(replace(kind("person"), id="dragon")):
            assert kind("dragon").id == "dragon"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert "dragon" not in KINDS


def test_the_page_of_kinds_is_the_declaration():
    assert DOCS.read_text(encoding="utf-8") == kinds_markdown()


def test_kind_show_tells_what_the_command_line_promises():
    described = kind_as_json(kind("person"), "en")
    assert set(described) == {"kind", "label", "fields"}
    assert described["fields"][0] == {
        "name": "name_kk", "type": "text", "many": False, "class": "identity", "vocabulary": None,
        "label": "Name in Kazakh", "standard": "ESF 0903; WGAD I.1",
    }  # fmt: skip
