"""What must never be in a view, place by place; and that the eye which looks for it sees."""

from __future__ import annotations

from typing import Any

import pytest

from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS, register_for_test
from kzdoc.domain.field import Field, Kind, Sensitivity, Type
from kzdoc.errors import PublicationError
from kzdoc.language import LANGUAGES, Text
from kzdoc.redaction import profile, showing
from kzdoc.redaction import view as views
from kzdoc.redaction.consent import Permissions, permissions
from kzdoc.redaction.profile import Rule
from kzdoc.redaction.tokens import ViewText
from kzdoc.redaction.view import View, ViewRecord, make_table, make_view
from tests.kzdoc.redaction import cases
from tests.kzdoc.redaction.cases import BROTHER, HERO, OFFICIAL, WITNESS, Secret, rid, state
from tests.kzdoc.redaction.checker import leaks, strings

SECRET = Secret()


def shown(view: View, kind: str, number: int = 0) -> ViewRecord:
    return [record for record in view.records if record.kind == kind][number]


def said(record: ViewRecord) -> dict[str, list[str]]:
    return {one.id: [value.plain() for value in one.values] for one in record.fields}


# -- the whole case -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.EMBASSY])
@pytest.mark.parametrize("root", [HERO, rid(1)])
def test_nothing_of_the_witness_is_in_a_view_for_strangers(root: bytes, audience: Audience, lang: str) -> None:
    assert leaks(cases.view(SECRET, audience, lang, root), SECRET) == []


def test_nor_in_the_witness_s_own_case_but_coarse_signs() -> None:
    view = cases.view(SECRET, root=WITNESS)
    found = leaks(view, SECRET)
    assert all(text.startswith("1987-01-01|     |1987-12-31|1987") for text in found)  # a year sorts by its first day
    own = said(view.records[0])
    assert own == {"born": ["1987 г."], "address": ["Астана"]}
    detention = said(shown(view, "detention", 1))
    assert detention["actual_time"] == ["март 2019 г."]
    assert "facility" not in detention


@pytest.mark.parametrize("audience", [Audience.PARTNER, Audience.UN, Audience.COURT])
def test_names_and_numbers_stay_here_for_readers_we_know_too(audience: Audience) -> None:
    index_only = Secret(told="нет такого текста", day="нет такого дня", street="нет такой улицы", born="никогда")
    bare = Secret()
    view = cases.view(bare, audience)
    assert leaks(view, index_only) == []


def test_the_internal_view_shows_it_all_so_the_eye_can_see() -> None:
    assert len(leaks(cases.view(SECRET, Audience.INTERNAL), SECRET)) > 40


def test_what_is_withheld_is_counted_for_us_and_not_for_strangers() -> None:
    counts = cases.withheld(SECRET)
    assert ("narrative", "no-consent") in {note[:2] for note in counts}
    assert sum(count for _, reason, count in counts if reason == "no-basis") > 10
    notes = cases.view(SECRET).withheld
    assert {note.count for note in notes} == {1}
    assert not any(character.isdigit() for note in notes for character in note.sentence)
    known = cases.view(SECRET, Audience.COURT).withheld
    assert any(note.count > 1 for note in known)


# -- twins: each breaks one rule, and is seen ---------------------------------------------------------------------


def test_twin_a_profile_that_shows_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "_TABLE", dict.fromkeys(Sensitivity, (Rule.SHOW,) * len(profile.AUDIENCES)))
    assert leaks(cases.view(SECRET), SECRET)


def test_twin_a_consent_that_defaults_to_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Permissions, "covers", lambda *_: True)
    assert leaks(cases.view(SECRET), SECRET)


def test_twin_a_book_that_lets_everybody_be_named() -> None:
    book = cases.parts(SECRET, Audience.INTERNAL)["book"]
    assert leaks(cases.view(SECRET, book=book), SECRET)


def test_twin_a_title_taken_from_an_identity_field(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(_showing: object, record: Any, of: Kind) -> ViewText:
        names = [one.id for one in of.fields if one.name_of or one.id in of.title]
        return ViewText((next((str(record.value(name)) for name in names if record.values(name)), "-"),))

    monkeypatch.setattr("kzdoc.redaction.view.show_title", careless)
    assert leaks(cases.view(SECRET), SECRET)


def test_twin_a_text_that_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "redact_text", lambda text, **_: showing.Redacted(ViewText((text,)), (), ()))
    assert leaks(cases.view(SECRET), SECRET)


def test_twin_an_order_by_the_exact_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "sort_key", lambda _, value, **__: str(value))
    found = leaks(cases.view(SECRET, root=WITNESS), SECRET)
    assert "1987-01-01" in found


# -- one place after another --------------------------------------------------------------------------------------


def small(*records: object, root: bytes = HERO, audience: Audience = Audience.PUBLIC, lang: str = "ru") -> View:
    everything = [*(one for one in cases.people(SECRET) if one.id != OFFICIAL), *records]
    return make_view(everything, root=root, lang=lang, **cases.parts(SECRET, audience))


def charges_in_order(*days: str) -> list[list[str]]:
    """Return what the charges against somebody unnamed say in the paper of their case, in its order."""
    against = [
        state(rid(30 + number), "charge", person=WITNESS, date=day, open_hearing="yes" if number else "no")
        for number, day in enumerate(days)
    ]
    view = small(*against, root=WITNESS)
    return [said(one)["open_hearing"] + said(one)["date"] for one in view.records if one.kind == "charge"]


def test_records_stand_in_an_order_of_dates_no_finer_than_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert charges_in_order("2019-04-20", "2019-03-05") != charges_in_order("2019-03-05", "2019-04-20"), "months tell"
    assert charges_in_order("2019-03-20", "2019-03-05") == charges_in_order("2019-03-05", "2019-03-20")
    honest = views.sort_key
    monkeypatch.setattr(views, "sort_key", lambda one, value, **_: honest(one, value, coarse=False))
    assert charges_in_order("2019-03-20", "2019-03-05") != charges_in_order("2019-03-05", "2019-03-20"), "the twin"


def test_a_web_address_of_which_something_was_taken_out_goes_whole() -> None:
    for number, kept in (("870101400121", False), ("novosti", True)):
        source = state(rid(40), "source", title="Статья", published="yes", url=f"https://example.kz/{number}/full")
        assert ("url" in said(shown(small(source), "source"))) is kept


def test_an_organiser_is_not_named_because_those_detained_are() -> None:
    event = state(rid(1), "event", organiser="Никому Неизвестный", persons=[HERO])
    assert "organiser" not in said(shown(small(event), "event"))
    event = state(rid(1), "event", organiser="Тестов Данияр", persons=[WITNESS])
    assert said(shown(small(event), "event"))["organiser"] == ["Тестов Данияр"]
    event = state(rid(1), "event", organiser="Тестов Данияр и Чужаков Некто", persons=[HERO])
    assert "organiser" not in said(shown(small(event), "event"))


def test_a_link_to_a_page_that_names_somebody_is_left_out() -> None:
    free = state(rid(8), "source", title="Доклад", url="https://example.org/1", published="yes")
    tied = state(rid(9), "source", title="О Мысаловой Үлгісұлу", url="https://example.org/2", published="yes")
    quoted = state(rid(10), "source", title="Ещё", quote="Мысалова: да", url="https://example.org/3", published="no")
    spelled = state(rid(11), "source", title="Ещё", url="https://example.org/mysalova-ulgisulu", published="yes")
    view = small(free, tied, quoted, spelled)
    assert [said(record).get("url") for record in view.records if record.kind == "source"] == [
        ["https://example.org/1"], None, None, None
    ]  # fmt: skip


def test_a_source_that_is_a_person_is_none_for_strangers_and_bare_for_the_court() -> None:
    source = state(rid(9), "source", type="person", title="Беседа с соседкой", person=WITNESS, author="Соседка",
                   url="https://example.org/1", page="3")  # fmt: skip
    assert [record.kind for record in small(source).records] == ["person"]
    court = shown(small(source, audience=Audience.COURT), "source")
    assert set(said(court)) == {"type"}
    assert court.title.plain() == "Источник"
    unpublished = state(rid(9), "source", title="Письмо соседки", author="Соседка", published="no")
    assert set(said(shown(small(unpublished), "source"))) == {"published"}


def test_a_testimony_without_its_witness_s_consent_has_no_place_anywhere() -> None:
    told = state(rid(20), "testimony", witness=WITNESS, about=[HERO], text="Рассказ", language="kk")
    for audience in Audience:
        view = small(told, audience=audience)
        expected = audience in (Audience.INTERNAL, Audience.LAWYER) and ["testimony"]
        people = cases.people(SECRET)
        allowed = permissions(people, [consent()], day=cases.DAY)
        view = make_view([*people, told], root=HERO, lang="ru", **{**cases.parts(SECRET, audience), "allowed": allowed})
        assert [one.kind for one in view.records if one.kind == "testimony"] == (expected or [])


def consent(**other: object) -> object:
    fields = {"person": WITNESS, "classes": ["narrative"], "audiences": ["lawyer"], "given_on": "2019-04-01"}
    return state(rid(17), "consent", **{**fields, **other})


def test_a_testimony_of_nobody_needs_a_published_source() -> None:
    nobody = state(rid(20), "testimony", about=[HERO], text="Рассказ")
    assert len(small(nobody).records) == 1
    report = state(rid(8), "source", title="Доклад", published="yes")
    cited = state(rid(20), "testimony", about=[HERO], text="Рассказ", source=rid(8))
    assert said(shown(small(cited, report), "testimony"))["text"] == ["Рассказ"]
    lost = state(rid(20), "testimony", about=[HERO], text="Рассказ", source=rid(8), absent=[(None, "sealed")])
    assert "testimony" not in {record.kind for record in small(lost, report).records}


def test_who_told_is_shown_by_consent_alone_even_where_the_name_is_public() -> None:
    told = state(rid(20), "testimony", witness=HERO, text="Рассказ")
    people = cases.people(SECRET)
    agreed = consent(person=HERO, audiences=["public"])
    parts = cases.parts(SECRET, Audience.PUBLIC)
    allowed = permissions(people, [agreed], day=cases.DAY)
    view = make_view([*people, told], root=HERO, lang="ru", **{**parts, "allowed": allowed})
    testimony = shown(view, "testimony")
    assert said(testimony) == {"text": ["Рассказ"]}
    assert testimony.links == {}
    allowed = permissions(people, [consent(person=HERO, classes=["narrative", "identity"], audiences=["public"])],
                          day=cases.DAY)  # fmt: skip
    view = make_view([*people, told], root=HERO, lang="ru", **{**parts, "allowed": allowed})
    assert said(shown(view, "testimony"))["witness"] == ["Тестов Данияр"]


def test_a_recording_of_a_hidden_testimony_is_hidden() -> None:
    told = state(rid(20), "testimony", witness=WITNESS, about=[HERO], text="Рассказ")
    tape = state(rid(11), "evidence_item", title="Запись", about=[rid(20), HERO], derived_from=rid(12))
    copy = state(rid(12), "evidence_item", title="Копия", about=[HERO], derived_from=rid(11))
    assert [record.kind for record in small(told, tape, copy).records] == ["person"]


def test_a_lawyer_s_secret_goes_to_the_lawyer() -> None:
    note = state(rid(12), "evidence_item", title="Записка", about=[HERO], privileged="yes")
    unsure = state(rid(13), "evidence_item", title="Ещё", about=[HERO], absent=[("privileged", "not_received")])
    for audience in Audience:
        kinds = [record.kind for record in small(note, unsure, audience=audience).records]
        assert kinds.count("evidence_item") == (2 if audience in (Audience.INTERNAL, Audience.LAWYER) else 0)


def test_a_record_of_an_unnamed_person_is_no_row_for_strangers() -> None:
    others = state(rid(3), "detention", person=BROTHER, event=rid(1), article="cc-174-1", term_days=15)
    event = state(rid(1), "event", title="Собрание", persons=[HERO, BROTHER], date="2019-03-03")
    assert "detention" not in {record.kind for record in small(event, others).records}
    assert "detention" in {record.kind for record in small(event, others, audience=Audience.COURT).records}


def test_how_many_unnamed_people_a_list_has_is_not_told() -> None:
    texts = [
        said(shown(small(state(rid(1), "event", title="Собрание", persons=persons)), "event"))["persons"]
        for persons in ([HERO, BROTHER], [HERO, BROTHER, WITNESS])
    ]
    assert texts[0] == texts[1] == ["Тестов Данияр", "[СКРЫТО]"]


def test_the_exact_day_of_a_handful_of_unnamed_people_is_coarse() -> None:
    few = state(rid(1), "event", title="Обыск", date="2019-03-03", persons=[BROTHER, WITNESS])
    assert said(shown(small(few), "event"))["date"] == ["март 2019 г."]
    named = state(rid(1), "event", title="Обыск", date="2019-03-03", persons=[BROTHER, HERO])
    assert said(shown(small(named), "event"))["date"] == ["3 марта 2019 г."]


def test_evidence_tells_neither_the_day_nor_the_place_where_it_was_given() -> None:
    item = state(rid(10), "evidence_item", title="Видео", about=[HERO], obtained_on="2019-03-07",
                 captured_place="Дом 17")  # fmt: skip
    found = said(shown(small(item), "evidence_item"))
    assert found["obtained_on"] == ["март 2019 г."]
    assert "captured_place" not in found


def test_an_official_s_own_life_is_not_their_office() -> None:
    view = cases.view(SECRET)
    official = said(next(record for record in view.records if record.title.plain() == "Примеров Кайрат"))
    assert official["born"] == ["1970 г."]
    assert "ethnicity" not in official


def test_a_home_address_is_a_region_without_consent() -> None:
    people = [state(HERO, "person", name_ru="Тестов Данияр", naming_basis="already_public",
                    address={"text": "Мысал көшесі, 17", "region": "KZ-71"})]  # fmt: skip
    for audience in Audience:
        view = make_view(people, root=HERO, lang="ru", **cases.parts(SECRET, audience))
        whole = audience is Audience.INTERNAL
        assert said(view.records[0])["address"] == (["Мысал көшесі, 17, Астана"] if whole else ["Астана"])


def test_rival_claims_are_all_shown_and_none_stands_in_the_title_alone() -> None:
    event = state(rid(1), "event", title=["Сход", "Митинг"], conflicts=["title"], persons=[HERO])
    record = shown(small(event), "event")
    assert record.title.plain() == "Митинг / Сход"
    assert next(one for one in record.fields if one.id == "title").conflict
    hero = state(HERO, "person", name_ru=["Тестов Данияр", "Тэстов Данияр"], conflicts=["name_ru"],
                 naming_basis="already_public")  # fmt: skip
    parts: dict[str, Any] = {**cases.parts(SECRET, Audience.PUBLIC)}
    parts["book"] = type(parts["book"]).build([hero], [HERO])
    view = make_view([hero], root=HERO, lang="ru", **parts)
    assert view.records[0].title.plain() == "Тестов Данияр / Тэстов Данияр"


def test_claims_that_differ_only_in_what_is_withheld_are_one() -> None:
    charge = state(rid(4), "charge", person=HERO, sentence=["с Мысаловой", "с Мысалову"], conflicts=["sentence"])
    field = next(one for one in shown(small(charge), "charge").fields if one.id == "sentence")
    assert [value.plain() for value in field.values] == ["с [ПЕРСОНА-1]"]
    assert not field.conflict


def test_several_texts_stand_in_an_order_that_tells_no_name() -> None:
    orders = set()
    for name in ("Абв Үлгі", "Яков Үлгі", "Ж Үлгі"):
        secret = Secret(surname=name.split()[0], given="Үлгі")
        source = state(rid(8), "source", title="Доклад", published="yes",
                       author=sorted(["Газет", name, "Редакция"], key=lambda one: one.encode()))  # fmt: skip
        people = cases.people(secret)
        view = make_view([*people, source], root=HERO, lang="ru", **cases.parts(secret, Audience.PUBLIC))
        orders.add(tuple(said(shown(view, "source"))["author"]))
    assert len(orders) == 1


def test_a_code_nobody_knows_is_not_printed_outside() -> None:
    charge = state(rid(4), "charge", person=HERO, article="Мысалова", outcome="Мысалова", open_hearing="Мысалова",
                   date="Мысалова", amount={"amount": 1, "currency": "Мысалова"}, months="Мысалова")  # fmt: skip
    item = state(rid(10), "evidence_item", title="Видео", about=[HERO], graphic="Мысалова",
                 file={"sha256": b"", "size": 1, "media": "Мысалова"})  # fmt: skip
    figure = state(rid(13), "figure", measure="Мысалова",
                   figure={"value": 1, "qualifier": "Мысалова", "unit": "Мысалова", "from": "", "to": ""})  # fmt: skip
    view = small(charge, item, figure)
    assert not [text for text in strings(view) if "Мысалова" in text]


def test_what_is_removed_or_not_here_is_not_shown_as_current() -> None:
    gone = state(rid(1), "event", title="Собрание", removed=True, persons=[HERO])
    lost = state(rid(5), "status_event", person=HERO, absent=[("status", "not_shared")])
    view = small(gone, lost)
    assert [record.kind for record in view.records] == ["person", "status_event"]
    assert set(said(shown(view, "status_event"))) == {"person"}
    assert "absent" in {note.reason for note in view.withheld}
    with pytest.raises(PublicationError, match=r"publication\.root"):
        small(gone, root=rid(1))


def test_nobody_removed_is_named() -> None:
    removed = state(HERO, "person", name_ru="Тестов Данияр", naming_basis="already_public", removed=True)
    allowed = permissions([removed], [consent(person=HERO, classes=["identity"], audiences=["public"])], day=cases.DAY)
    assert not allowed.may_name(HERO, Audience.PUBLIC)


def test_the_basis_of_an_unnamed_person_is_not_told() -> None:
    person = state(WITNESS, "person", name_ru="Мысалова Үлгісұлу", naming_basis="own_consent",
                   naming_decided_on="2020-01-01")  # fmt: skip
    parts = cases.parts(SECRET, Audience.PUBLIC)
    view = make_view([person], root=WITNESS, lang="ru", **parts)
    assert said(view.records[0]) == {}


def test_a_view_needs_a_reader() -> None:
    with pytest.raises(PublicationError, match=r"publication\.no-reader"):
        cases.view(SECRET, recipient=" ")


# -- one declaration ----------------------------------------------------------------------------------------------

LABEL = Text("New", "Новое", "Жаңа")


def with_field(one: Field) -> Kind:
    of = KINDS["event"]
    return Kind(of.id, of.label, of.plural, (*of.fields, one), of.title, of.group)


@pytest.mark.parametrize("sensitivity", [*Sensitivity, None])
def test_a_field_added_in_one_line_is_redacted_by_its_class(sensitivity: Sensitivity | None) -> None:
    event = state(rid(1), "event", title="Собрание", newest="Ветер с Мысаловой", persons=[HERO, WITNESS])
    with register_for_test(with_field(Field("newest", Type.TEXT, sensitivity, LABEL))):
        for audience in Audience:
            found = said(shown(small(event, audience=audience), "event")).get("newest")
            if sensitivity in (None, Sensitivity.WORK):
                assert found is None
            elif audience is Audience.INTERNAL:
                assert found == ["Ветер с Мысаловой"]
            elif sensitivity is Sensitivity.OPEN:
                assert found in (["Ветер с [ПЕРСОНА-1]"], ["Ветер с Мысаловой"][: audience is Audience.LAWYER])
            elif audience in (Audience.PUBLIC, Audience.EMBASSY):
                assert found is None
    assert "newest" not in said(shown(small(event), "event"))


def test_every_field_of_every_kind_has_a_class() -> None:
    assert not [(of.id, one.id) for of in KINDS.values() for one in of.fields if one.sensitivity is None]


# -- tables -------------------------------------------------------------------------------------------------------


def test_a_table_has_no_row_of_what_may_not_appear() -> None:
    parts = cases.parts(SECRET, Audience.PUBLIC)
    chosen = {name: parts[name] for name in ("audience", "allowed", "book")}
    records = cases.records(SECRET)
    for kind in KINDS:
        rows = make_table([one for one in records if one.kind == kind], records, lang="kk", **chosen)
        assert leaks(rows, SECRET) == [], kind
        assert kind not in ("consent", "testimony") or not rows
    people = make_table([one for one in records if one.kind == "person"], records, lang="ru", **chosen)
    assert [row.title.plain() for row in people] == ["Тестов Данияр", "Примеров Кайрат"]
