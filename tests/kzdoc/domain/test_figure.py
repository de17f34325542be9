"""Figures carry qualifier, unit and window, and are said by each language's grammar."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzdoc.domain.figure import read_figure, read_money, read_whole, show_figure, show_file, show_money, show_whole
from kzdoc.domain.vocabulary import vocabulary
from kzdoc.errors import InputError

AT_LEAST_22 = {"value": 22, "qualifier": "at_least", "unit": "persons", "from": "2019-01", "to": "2019-11"}
OVER_6000 = {"value": 6000, "qualifier": "more_than", "unit": "persons", "from": "2018", "to": "2019"}


@pytest.mark.parametrize(
    ("raw", "figure"),
    [
        ("≥22 persons 2019-01/2019-11", AT_LEAST_22),
        ("at least 22 persons, January – November 2019", AT_LEAST_22),
        ("не менее 22 человек, январь – ноябрь 2019 г.", AT_LEAST_22),
        ("кемінде 22 адам, 2019 ж. қаңтар – қараша", AT_LEAST_22),
        ("22+ persons 2019-01/2019-11", AT_LEAST_22),
        ("value=6000;qualifier=more_than;unit=persons;from=2018;to=2019", OVER_6000),
        ("more than 6,000 persons 2018/2019", OVER_6000),
        ("более 6000 человек 2018–2019", OVER_6000),
        (OVER_6000, OVER_6000),
        ("68 cases 2019-12", {"value": 68, "qualifier": "stated", "unit": "cases", "from": "2019-12", "to": "2019-12"}),
        (12, {"value": 12, "qualifier": "stated", "unit": "persons", "from": "", "to": ""}),
        ("30", {"value": 30, "qualifier": "stated", "unit": "persons", "from": "", "to": ""}),
        (">5000 detentions 2019-03/..", {"value": 5000, "qualifier": "more_than", "unit": "detentions",
                                         "from": "2019-03", "to": ""}),
    ],
)  # fmt: skip
def test_figures_are_read(raw, figure):
    assert read_figure(raw) == figure


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("many", "figure.malformed"),
        ("dozens 22", "figure.qualifier"),
        ("22 dragons", "figure.unit"),
        ({"value": 2, "colour": "red"}, "figure.malformed"),
        ({"value": -2}, "field.number"),
        ({"value": True}, "field.number"),
        ("value=2;value=3", "figure.malformed"),
        ("22 persons 2019-13", "date.no-such-day"),
        ("value=22;qualifier=rather", "figure.qualifier"),
    ],
)
def test_what_is_no_figure_is_refused(raw, code):
    with pytest.raises(InputError) as caught:
        read_figure(raw)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("number", "qualifier", "unit", "said"),
    [
        (22, "at_least", "persons", ["at least 22 persons", "не менее 22 человек", "кемінде 22 адам"]),
        (21, "at_least", "persons", ["at least 21 persons", "не менее 21 человека", "кемінде 21 адам"]),
        (6000, "more_than", "persons", ["more than 6,000 persons", "более 6000 человек", "6000 адамнан астам"]),
        (22, "stated", "persons", ["22 persons", "22 человека", "22 адам"]),
        (1, "stated", "cases", ["1 case", "1 дело", "1 іс"]),
        (600, "nearly", "groups", ["close to 600 groups", "почти 600 групп", "600 топқа жуық"]),
        (23000, "fewer_than", "euros", ["fewer than 23,000 euros", "менее 23\u00a0000 евро", "23\u00a0000 еуродан аз"]),
    ],
)
def test_figures_are_said_by_grammar(number, qualifier, unit, said):
    value = {"value": number, "qualifier": qualifier, "unit": unit, "from": "", "to": ""}
    assert [show_figure(value, lang) for lang in ("en", "ru", "kk")] == said


def test_the_window_is_shown():
    assert show_figure(AT_LEAST_22, "ru") == "не менее 22 человек, январь – ноябрь 2019 г."
    assert show_figure(OVER_6000 | {"to": ""}, "en") == "more than 6,000 persons, since 2018"
    assert show_figure(OVER_6000 | {"to": "2018"}, "kk") == "6000 адамнан астам, 2018 ж."


UNITS = st.sampled_from([term.code for term in vocabulary("unit").terms])
QUALIFIERS = st.sampled_from([term.code for term in vocabulary("qualifier").terms])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9), QUALIFIERS, UNITS, st.sampled_from(["en", "ru", "kk"]))
def test_every_figure_is_shown_and_read_back(number, qualifier, unit, lang):
    value = read_figure({"value": number, "qualifier": qualifier, "unit": unit, "from": "2019", "to": "2020"})
    assert read_figure(value) == value
    assert show_whole(number, lang) in show_figure(value, lang)
    assert read_figure(show_figure(value, lang)) == value


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_no_text_makes_the_reader_fail_otherwise(text):
    for read in (read_figure, read_money, read_whole):
        try:
            read(text)
        except InputError:
            continue


def test_every_unit_has_its_forms():
    for term in vocabulary("unit").terms:
        assert [len(term.forms[lang]) for lang in ("en", "ru", "kk")] == [2, 3, 3]


@pytest.mark.parametrize(
    ("raw", "amount", "currency"),
    [
        ("145 000 EUR", 14_500_000, "EUR"),
        ("23000,50 ₸", 2_300_050, "KZT"),
        ("100 теңге", 10_000, "KZT"),
        ({"amount": 5, "currency": "USD"}, 5, "USD"),
    ],
)
def test_money(raw, amount, currency):
    assert read_money(raw) == {"amount": amount, "currency": currency}


def test_money_and_files_are_shown():
    assert show_money({"amount": 14_500_000, "currency": "EUR"}, "en") == "145,000\u00a0EUR"
    assert show_money({"amount": 2_300_050, "currency": "KZT"}, "ru") == "23\u00a0000,50\u00a0KZT"
    assert show_file({"media": "image/png", "size": 2048, "sha256": b""}, "en") == "image/png, 2\u00a0KB"
    with pytest.raises(InputError, match=r"field\.money"):
        read_money("a lot")
