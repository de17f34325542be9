"""Articles: cited in each language, found from what people write, honest about what was verified."""

import pytest

from kzdoc.domain.law import ARTICLES, LIMIT_RULES, article, find_article
from kzdoc.errors import InputError


@pytest.mark.parametrize(
    ("cited", "found"),
    [
        ("ст. 174 УК", "cc-174"),
        ("ст. 174 ч. 2 УК РК", "cc-174-2"),
        ("ч. 2 ст. 174 УК РК", "cc-174-2"),
        ("часть 2 статьи 405 Уголовного кодекса", "cc-405-2"),
        ("Article 405(2) CC", "cc-405-2"),
        ("Art. 274 CC", "cc-274"),
        ("article 174 of the Criminal Code", "cc-174"),
        ("ҚР ҚК 174-бабының 1-бөлігі", "cc-174-1"),
        ("ҚК 405-бабы", "cc-405"),
        ("ст. 75 ч. 2 УК", "cc-75-2"),
        ("ст. 146 ч. 9 УК", "cc-146"),
        ("ст. 488 КоАП", "cao-488"),
        ("ст. 73-3 КоАП РК", "cao-73-3"),
        ("ҚР ӘҚБтК 488-бабы", "cao-488"),
        ("ст. 131 УПК", "cpc-131"),
        ("ҚР ҚПК 131-бабы", "cpc-131"),
        ("174", None),
        ("ст. 999 УК", None),
        ("клевета", None),
    ],
)
def test_citations_are_found_and_never_guessed(cited, found):
    assert find_article(cited) == found


def test_every_citation_is_found_again_in_every_language():
    for one in ARTICLES:
        for text in one.citation:
            assert find_article(text) == one.id, text


def test_labels_by_language():
    one = article("cc-174-2")
    assert one.citation == ("Art. 174(2) CC", "ч. 2 ст. 174 УК РК", "ҚР ҚК 174-бабының 2-бөлігі")
    assert article("cc-130").valid_to == "2020-07"
    assert article("cc-174").verified
    assert not article("cao-667").verified
    with pytest.raises(InputError, match=r"law\.unknown"):
        article("cc-1")


def test_ids_are_unique_and_parts_hang_under_their_article():
    ids = [one.id for one in ARTICLES]
    assert len(ids) == len(set(ids))
    for one in ARTICLES:
        assert one.id == "-".join(filter(None, (one.code, one.number, one.part)))
        if one.part:
            assert f"{one.code}-{one.number}" in ids


def test_limits_name_an_article_and_hold_in_their_window():
    for rule in LIMIT_RULES:
        assert article(rule.article)
        assert rule.hours > 0
        assert all(rule.step)
        assert rule.verified or rule.note
    judge = next(rule for rule in LIMIT_RULES if rule.id == "criminal-judge")
    assert (judge.hours, judge.valid_on("2017-05-01"), judge.valid_on("2019-05-01")) == (48, False, True)
