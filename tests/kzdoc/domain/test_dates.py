"""Dates: what people type is read, what is shown is read back, bounds are in order, nothing is invented."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzdoc.domain.dates import (
    LAST_DAY,
    bounds,
    is_certain,
    read_date,
    show_date,
    sort_key,
    time_bounds,
    to_month,
    to_year,
)
from kzdoc.domain.edtf import parse
from kzdoc.errors import InputError
from kzdoc.language import LANGUAGES

TODAY = "2019-11-20"

READ = [
    ("2019", "2019"),
    ("2019-03", "2019-03"),
    ("2019-03-05?", "2019-03-05?"),
    ("2019-03-03/2019-03-05", "2019-03-03/2019-03-05"),
    ("2019-03/..", "2019-03/.."),
    ("март 2019", "2019-03"),
    ("в марте 2019 года", "2019-03"),
    ("5 марта 2019 г.", "2019-03-05"),
    ("05.03.2019", "2019-03-05"),
    ("5.03.2019 г.", "2019-03-05"),
    ("03.2019", "2019-03"),
    ("25/03/2019", "2019-03-25"),
    ("2019 г.", "2019"),
    ("около 5 марта 2019 г.", "2019-03-05~"),
    ("предположительно март 2019", "2019-03?"),
    ("предположительно около 2015 г.", "2015%"),
    ("5 наурыз 2019", "2019-03-05"),
    ("2019 ж. 5 наурыз", "2019-03-05"),
    ("2019 жылғы 5 наурызда", "2019-03-05"),
    ("2019 жылдың наурыз айында", "2019-03"),
    ("5-наурыз 2019 жыл", "2019-03-05"),
    ("3 шилде 2019", "2019-07-03"),
    ("шамамен 2019 ж. қыркүйек", "2019-09~"),
    ("12 кантар 2019", "2019-01-12"),
    ("5 March 2019", "2019-03-05"),
    ("March 5th, 2019", "2019-03-05"),
    ("Mar 2019", "2019-03"),
    ("about March 2019", "2019-03~"),
    ("between 3 and 5 May 2019", "2019-05-03/2019-05-05"),
    ("between 3 and 5 May", "2019-05-03/2019-05-05"),
    ("from 3 May to 5 June 2019", "2019-05-03/2019-06-05"),
    ("между 3 и 5 мая", "2019-05-03/2019-05-05"),
    ("между мартом и маем 2019", "2019-03/2019-05"),
    ("с 3 по 5 мая 2019 г.", "2019-05-03/2019-05-05"),
    ("3–5 мая 2019 г.", "2019-05-03/2019-05-05"),
    ("3-5 мая 2019", "2019-05-03/2019-05-05"),
    ("28 февраля – 3 марта 2019 г.", "2019-02-28/2019-03-03"),
    ("с марта 2019 по январь 2020", "2019-03/2020-01"),
    ("2018–2019 гг.", "2018/2019"),
    ("2018-2019", "2018/2019"),
    ("3 пен 5 мамыр аралығында", "2019-05-03/2019-05-05"),
    ("2019 ж. 3–5 мамыр", "2019-05-03/2019-05-05"),
    ("3 мамырдан 5 мамырға дейін", "2019-05-03/2019-05-05"),
    ("2019 жылдың наурызынан бастап", "2019-03/.."),
    ("с 5 марта 2019", "2019-03-05/.."),
    ("since 2015", "2015/.."),
    ("до 5 марта 2019", "../2019-03-05"),
    ("until May 2019", "../2019-05"),
    ("2019 ж. 5 мамырға дейін", "../2019-05-05"),
    ("вчера", "2019-11-19"),
    ("позавчера", "2019-11-18"),
    ("кеше", "2019-11-19"),
    ("алдыңгүні", "2019-11-18"),
    ("Бүгін", "2019-11-20"),
    ("the day before yesterday", "2019-11-18"),
    ("tomorrow", "2019-11-21"),
    ("5 декабря", "2018-12-05"),
    ("5 марта", "2019-03-05"),
    ("5 March 2019?", "2019-03-05?"),
    ("~2015", "2015~"),
    ("бүгін, шамамен 11:20", "2019-11-20T11:05+06:00/2019-11-20T11:35+06:00"),
    ("около 15:00", "2019-11-20T14:30+06:00/2019-11-20T15:30+06:00"),
    ("вчера в 23:15", "2019-11-19T23:15+06:00"),
    ("5 марта 2019, 14:30", "2019-03-05T14:30+06:00"),
    ("5 March 2024, 2:30 pm", "2024-03-05T14:30+05:00"),
    ("кеше сағат 15-те", "2019-11-19T15:00+06:00"),
    ("вчера в 15 часов", "2019-11-19T15:00+06:00"),
    ("сегодня 15 ч 30 мин", "2019-11-20T15:30+06:00"),
    ("5 марта 2019 с 14:30 до 15:30", "2019-03-05T14:30+06:00/2019-03-05T15:30+06:00"),
    ("14:30–15:30", "2019-11-20T14:30+06:00/2019-11-20T15:30+06:00"),
    ("вчера между 23:30 и 00:30", "2019-11-19T23:30+06:00/2019-11-20T00:30+06:00"),
    ("кеше 14:30 бен 15:30 аралығында", "2019-11-19T14:30+06:00/2019-11-19T15:30+06:00"),
    ("5 March 2019, 14:30 (UTC+5)", "2019-03-05T14:30+05:00"),
    ("2019-03-05T14:30+06:00/2019-03-05T15:30+06:00", "2019-03-05T14:30+06:00/2019-03-05T15:30+06:00"),
    ("2019-03-05t14:30z", "2019-03-05T14:30+00:00"),
    ("около 2019-03-05", "2019-03-05~"),
    ("с 2018 по 2019 год", "2018/2019"),
    ("примерно 3–5 мая 2019", "2019-05-03~/2019-05-05~"),
]


@pytest.mark.parametrize(("typed", "edtf"), READ, ids=[typed for typed, _ in READ])
def test_what_people_type_is_read(typed, edtf):
    assert read_date(typed, TODAY) == edtf


REFUSED = [
    ("", "date.not-understood"),
    ("осенью", "date.not-understood"),
    ("5 5 марта 2019", "date.not-understood"),
    ("2019-02-30", "date.no-such-day"),
    ("31 апреля 2019", "date.no-such-day"),
    ("2019-13", "date.no-such-day"),
    ("05/03/2019", "date.ambiguous"),
    ("5 мая – 3 мая 2019", "date.order"),
    ("2019-05/2019-03", "date.order"),
    ("25:10", "date.no-such-time"),
    ("2019-03-05T25:10+06:00", "date.no-such-time"),
    ("2019-03-05T15:10+16:00", "date.no-such-time"),
    ("возможно 15:00", "date.time-mark"),
    ("после 5 марта", "date.not-understood"),
    ("2019-03-05 or later; drop", "date.not-understood"),
    ("../..", "date.not-understood"),
    ("x" * 200, "date.malformed"),
    ("15", "date.not-understood"),
]


@pytest.mark.parametrize(("typed", "code"), REFUSED)
def test_what_cannot_be_read_with_certainty_is_refused(typed, code):
    with pytest.raises(InputError) as caught:
        read_date(typed, TODAY)
    assert caught.value.code == code


def test_without_today_nothing_is_told_from_it():
    for typed in ("вчера", "5 марта", "около 15:00"):
        with pytest.raises(InputError, match=r"date\.no-today"):
            read_date(typed)


def test_a_date_field_takes_no_time_of_day():
    with pytest.raises(InputError, match=r"date\.time-not-wanted"):
        read_date("5 марта 2019, 15:00", time=False)


SHOWN = [
    ("2019", "2019", "2019 г.", "2019 ж."),
    ("2019-03", "March 2019", "март 2019 г.", "2019 ж. наурыз"),
    ("2019-03-05", "5 March 2019", "5 марта 2019 г.", "2019 ж. 5 наурыз"),
    ("2019-03-05~", "about 5 March 2019", "около 5 марта 2019 г.", "шамамен 2019 ж. 5 наурыз"),
    ("2019-03~", "about March 2019", "около марта 2019 г.", "шамамен 2019 ж. наурыз"),
    ("2019-05-03/2019-05-05", "3–5 May 2019", "3–5 мая 2019 г.", "2019 ж. 3–5 мамыр"),
    ("2019-01/2019-11", "January – November 2019", "январь – ноябрь 2019 г.", "2019 ж. қаңтар – қараша"),
    ("2018/2019", "2018–2019", "2018–2019 гг.", "2018–2019 жж."),
    ("2019-05-03/..", "since 3 May 2019", "с 3 мая 2019 г.", "2019 ж. 3 мамырдан бастап"),
    ("../2019-05", "until May 2019", "по май 2019 г.", "2019 ж. мамырға дейін"),
    ("../2019", "until 2019", "по 2019 г.", "2019 жылға дейін"),
    ("2019-05-03/", "3 May 2019 – ?", "3 мая 2019 г. – ?", "2019 ж. 3 мамыр – ?"),
    (
        "2019-03-05T14:30+06:00/2019-03-05T15:30+06:00",
        "5 March 2019, 14:30–15:30 (UTC+6)",
        "5 марта 2019 г., 14:30–15:30 (UTC+6)",
        "2019 ж. 5 наурыз, 14:30–15:30 (UTC+6)",
    ),
]


@pytest.mark.parametrize(("edtf", "en", "ru", "kk"), SHOWN)
def test_dates_are_shown_by_each_languages_grammar(edtf, en, ru, kk):
    assert (show_date(edtf, "en"), show_date(edtf, "ru"), show_date(edtf, "kk")) == (en, ru, kk)


DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
MARKS = st.sampled_from(["", "?", "~", "%"])
OFFSETS = st.sampled_from(["+06:00", "+05:00", "+05:30", "+00:00", "-03:00"])


@st.composite
def points(draw, marked=True):
    size = draw(st.sampled_from([4, 7, 10]))
    return draw(DAYS).isoformat()[:size] + (draw(MARKS) if marked else "")


EARLY, LATE = dt.datetime(1990, 1, 1), dt.datetime(2090, 1, 1)  # noqa: DTZ001 - the strategy adds the zone


@st.composite
def times(draw):
    when = draw(st.datetimes(EARLY, LATE))
    return f"{when:%Y-%m-%dT%H:%M}{draw(OFFSETS)}"


def in_order(one, two):
    try:
        parse(f"{one}/{two}")
    except InputError:
        return False
    return True


SIDES = st.sampled_from(["", ".."])
EDTF = st.one_of(
    points(),
    times(),
    st.tuples(points(), points()).filter(lambda two: in_order(*two)).map("/".join),
    st.tuples(times(), times()).filter(lambda two: in_order(*two)).map("/".join),
    st.tuples(st.one_of(points(), times()), SIDES).map("/".join),
    st.tuples(SIDES, st.one_of(points(), times())).map("/".join),
)


@settings(max_examples=600, deadline=None)
@given(EDTF, st.sampled_from(LANGUAGES))
def test_what_is_shown_is_read_back(edtf, lang):
    assert read_date(edtf) == edtf
    assert read_date(show_date(edtf, lang)) == edtf


@settings(max_examples=300, deadline=None)
@given(EDTF)
def test_bounds_are_in_order_and_only_widen_when_made_coarser(edtf):
    first, last = bounds(edtf)
    assert first <= last
    for coarser in (to_month(edtf), to_year(edtf)):
        wide_first, wide_last = bounds(coarser)
        assert wide_first <= first
        assert last <= wide_last
        assert len(coarser) <= len(edtf)
    assert to_year(to_month(edtf)) == to_year(edtf)


@settings(max_examples=200, deadline=None)
@given(points(marked=False), points(marked=False))
def test_sorting_follows_the_first_day(one, two):
    if bounds(one)[0] < bounds(two)[0]:
        assert sort_key(one) < sort_key(two)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40), st.sampled_from(["", TODAY]))
def test_no_text_makes_the_reader_fail_otherwise(text, today):
    try:
        edtf = read_date(text, today)
    except InputError:
        return
    assert parse(edtf)


WORDS = [word for typed, _ in READ for word in typed.split()]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join))
def test_no_heap_of_date_words_makes_the_reader_fail_otherwise(text):
    try:
        edtf = read_date(text, TODAY)
    except InputError:
        return
    assert parse(edtf)


def test_nothing_is_filled_in():
    assert read_date("2019") == "2019"
    assert "1" not in show_date("2000", "en").replace("2000", "")
    assert bounds("2019") == ("2019-01-01", "2019-12-31")
    assert bounds("2019-02/..") == ("2019-02-01", LAST_DAY)
    assert not is_certain("2019~")


def test_instants_of_a_time_and_of_a_day():
    early, late = time_bounds("2019-03-05T14:30+06:00/2019-03-05T15:30+06:00")
    assert (late - early).seconds == 3600
    early, late = time_bounds("2019-03-05")
    assert early.isoformat() == "2019-03-05T00:00:00+06:00"
    assert late.isoformat() == "2019-03-05T23:59:59+06:00"
    with pytest.raises(InputError, match=r"date\.open"):
        time_bounds("2019-03-05/..")
