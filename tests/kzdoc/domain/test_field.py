"""Values: read from what people, files and the command line give, shown in words, written without language."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzdoc.domain.catalogue import KINDS, kind
from kzdoc.domain.field import Field, Sensitivity, Type, plain_value, read_value, show_value
from kzdoc.domain.text import clean_line, clean_long, iin_is_consistent
from kzdoc.encoding import decode, encode
from kzdoc.errors import InputError
from kzdoc.language import Text

LINK = bytes(range(16))
FILE = {"sha256": b"\x01" * 32, "size": 2048, "media": "image/jpeg"}
LABEL = Text("Label", "Подпись", "Белгі")


def field(kind_id, field_id):
    return kind(kind_id).field(field_id)


@pytest.mark.parametrize(
    ("kind_id", "field_id", "raw", "value"),
    [
        ("person", "name_kk", "  Тестов \t Данияр ", "Тестов Данияр"),
        ("person", "name_kk", "Сынак\u043e\u0432а\u00adАйгул", "СынаковаАйгул"),
        ("person", "sex", "Женский", "female"),
        ("person", "sex", "ер", "male"),
        ("person", "naming_basis", "already_public", "already_public"),
        ("person", "born", "март 1985", "1985-03"),
        ("person", "iin", "850315-300127", "850315300127"),
        ("person", "phone", "8 (701) 123-45-67", "+77011234567"),
        ("person", "phone", "+48 22 123 45 67", "+48221234567"),
        ("person", "email", "testov@example.org", "testov@example.org"),
        ("person", "age_stated", "34", 34),
        ("person", "address", "Үлгі көшесі 5", {"text": "Үлгі көшесі 5"}),
        ("person", "address", "text=Үлгі көшесі 5;region=KZ-75", {"text": "Үлгі көшесі 5", "region": "KZ-75"}),
        ("person", "address", {"text": "5", "region": "Алматы"}, {"text": "5", "region": "KZ-75"}),
        ("person", "photo", {**FILE, "sha256": "01" * 32}, FILE),
        ("detention", "person", LINK.hex(), LINK),
        ("detention", "person", LINK, LINK),
        ("detention", "phone_seized", "да", "yes"),
        ("detention", "phone_seized", "жоқ", "no"),
        ("detention", "phone_seized", False, "no"),
        ("detention", "phone_seized", "not_told", "not_told"),
        ("detention", "fine", "145000 KZT", {"amount": 14_500_000, "currency": "KZT"}),
        ("detention", "article", "cc-174", "cc-174"),
        ("detention", "article", "ст. 174 ч. 2 УК РК", "cc-174-2"),
        ("detention", "region", "г. Жанаозен", "KZ-47"),
        ("detention", "region", "Маңғыстау облысы", "KZ-47"),
        ("source", "url", "https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("event", "description", "бір\r\nекі", "бір\nекі"),
        ("event", "title", None, None),
        ("event", "title", "   ", None),
    ],
)  # fmt: skip
def test_values_are_read(kind_id, field_id, raw, value):
    assert read_value(field(kind_id, field_id), raw) == value


@pytest.mark.parametrize(
    ("kind_id", "field_id", "raw", "code"),
    [
        ("person", "name_kk", "Тестов\u202eринаД", "field.direction-mark"),
        ("person", "name_kk", "Тестов\x07", "field.control-character"),
        ("person", "name_kk", "Тестов\ud800", "field.broken-text"),
        ("person", "name_kk", "я" * 2001, "field.too-long"),
        ("person", "name_kk", "\u200b", "field.empty"),
        ("person", "name_kk", ["Тестов"], "field.type"),
        ("person", "sex", "дракон", "field.choice"),
        ("detention", "article", "174", "field.choice"),
        ("person", "iin", "85031530012", "field.iin-digits"),
        ("person", "iin", "85031530012O", "field.iin-digits"),
        ("person", "iin", "٨50315300127", "field.iin-digits"),
        ("person", "phone", "позвони мне", "field.phone"),
        ("person", "email", "testov", "field.email"),
        ("person", "age_stated", "тридцать", "field.number"),
        ("person", "age_stated", True, "field.number"),
        ("person", "born", "когда-то", "date.not-understood"),
        ("person", "born", "1985-03-05T10:00+06:00", "date.time-not-wanted"),
        ("person", "address", {"street": "5"}, "field.address"),
        ("person", "address", {"text": "5", "region": "KZ-00"}, "field.choice"),
        ("person", "photo", {"sha256": "00", "size": 1, "media": "image/png"}, "field.file"),
        ("person", "photo", "photo.jpg", "field.file"),
        ("detention", "person", "Тестов", "field.link"),
        ("detention", "person", "g" * 32, "field.link"),
        ("detention", "person", "²" * 32, "field.link"),
        ("detention", "phone_seized", "наверное", "field.yes-no"),
        ("source", "url", "javascript:alert(1)", "field.url"),
        ("source", "url", "https://user@example.org", "field.url"),
        ("event", "description", "x" * 1_000_001, "field.too-long"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_code_and_never_with_its_value(kind_id, field_id, raw, code):
    with pytest.raises(InputError) as caught:
        read_value(field(kind_id, field_id), raw)
    assert caught.value.code == code
    assert caught.value.params["field"] == field_id
    assert str(raw)[:20] not in str(caught.value.params)


@pytest.mark.parametrize(
    ("kind_id", "field_id", "value", "shown"),
    [
        ("person", "sex", "female", ["female", "женский", "әйел"]),
        ("person", "phone", "+77011234567", ["+7 701 123 45 67"] * 3),
        ("person", "phone", "+48221234567", ["+48221234567"] * 3),
        ("person", "address", {"text": "5", "region": "KZ-47"},
         ["5, Mangystau region", "5, Мангистауская область", "5, Маңғыстау облысы"]),
        ("detention", "phone_seized", "not_told", ["not told", "не сообщено", "айтылмады"]),
        ("detention", "person", LINK, [""] * 3),
        ("person", "photo", FILE, ["image/jpeg, 2\u00a0KB", "image/jpeg, 2\u00a0КБ", "image/jpeg, 2\u00a0КБ"]),
        ("event", "date", "2019-03~", ["about March 2019", "около марта 2019 г.", "шамамен 2019 ж. наурыз"]),
        ("event", "date", None, [""] * 3),
        ("event", "date", "someday", ["…"] * 3),
        ("event", "participants", {"value": "many"}, ["…"] * 3),
        ("person", "sex", "newer_term", ["newer_term"] * 3),
    ],
)  # fmt: skip
def test_values_are_shown_in_words(kind_id, field_id, value, shown):
    assert [show_value(field(kind_id, field_id), value, lang) for lang in ("en", "ru", "kk")] == shown


def test_plain_values_have_no_language():
    assert plain_value(field("detention", "person"), LINK) == LINK.hex()
    assert plain_value(field("person", "photo"), FILE) == {**FILE, "sha256": "01" * 32}
    assert plain_value(field("event", "date"), "2019-03~") == "2019-03~"
    assert plain_value(field("event", "date"), None) is None


def test_a_wrong_check_digit_is_told_not_refused():
    assert iin_is_consistent("850315300127") is not iin_is_consistent("850315300128")
    assert read_value(field("person", "iin"), "850315300128") == "850315300128"
    assert not iin_is_consistent("85031530012")
    digits = [d for d in "0123456789" if iin_is_consistent("85031530012" + d)]
    assert len(digits) == 1


def test_relative_dates_need_today():
    assert read_value(field("event", "date"), "вчера", today="2019-11-20") == "2019-11-19"
    with pytest.raises(InputError, match=r"date\.no-today"):
        read_value(field("event", "date"), "вчера")


SIMPLE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
ANY_FIELD = st.sampled_from([one for declared in KINDS.values() for one in declared.fields])


@settings(max_examples=600, deadline=None)
@given(ANY_FIELD, SIMPLE)
def test_reading_anything_gives_a_value_or_a_coded_refusal(one, raw):
    try:
        value = read_value(one, raw)
    except InputError as error:
        refusal = error.code
    else:
        refusal = ""
    if refusal:
        assert refusal.split(".")[0] in ("field", "date", "figure")
        return
    assert decode(encode(value)) == value
    assert read_value(one, value) == value
    assert read_value(one, plain_value(one, value)) == value


@settings(max_examples=300, deadline=None)
@given(ANY_FIELD, SIMPLE, st.sampled_from(["en", "ru", "kk"]))
def test_showing_anything_never_fails(one, value, lang):
    assert isinstance(show_value(one, value, lang), str)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_cleaning_twice_is_cleaning_once(text):
    for clean in (clean_line, clean_long):
        try:
            once = clean(text)
        except InputError:
            continue
        assert clean(once) == once


def test_every_type_has_a_reader_and_a_shower():
    for one in Type:
        bare = Field("x", one, Sensitivity.OPEN, LABEL, vocabulary="sex", number_kind="document")
        assert read_value(bare, "") is None
        assert show_value(bare, None, "en") == ""


@pytest.mark.parametrize("typed", ["-5000", "5000", "1799", "2201-03", "1980/2300"])
def test_nobody_was_born_or_died_in_such_a_year(typed: str) -> None:
    for name in ("born", "died"):
        field = KINDS["person"].field(name)
        with pytest.raises(InputError, match=r"date\.implausible") as caught:
            read_value(field, typed)
        assert caught.value.params == {"first": 1800, "last": 2200, "field": name}
        for good in ("1800", "2200", "1937-11~", "1980/..", "/1953-03-05"):
            assert read_value(field, good) == good
    assert read_value(KINDS["event"].field("date"), "1465") == "1465"
