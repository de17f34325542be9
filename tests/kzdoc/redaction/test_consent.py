"""Consent: none present means no, the stricter holds, a withdrawal holds at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzdoc.domain.audience import Audience
from kzdoc.domain.field import Sensitivity
from kzdoc.ledger.merge import REMOVED
from kzdoc.redaction import consent as consents
from kzdoc.redaction.consent import Permissions, permissions
from tests.kzdoc.redaction.cases import state

DAY = "2026-03-02"
PERSON, OTHER = bytes([1]) * 16, bytes([2]) * 16
STORY, ANOTHER = bytes([7]) * 16, bytes([8]) * 16
TOLD, NAME = Sensitivity.NARRATIVE, Sensitivity.IDENTITY


def person(id_=PERSON, **fields):
    return state(id_, "person", name_ru="Тестов Данияр", **fields)


def consent(number=1, **fields):
    said = {"person": PERSON, "classes": ["narrative"], "audiences": ["public"], "given_on": "2025-01-01"}
    extra = {name: fields.pop(name) for name in ("conflicts", "absent", "removed") if name in fields}
    kept = {name: value for name, value in {**said, **fields}.items() if value is not None}
    return state(bytes([200 + number]) * 16, "consent", **extra, **kept)


def covers(*consents, sensitivity=TOLD, audience=Audience.PUBLIC, record=None, people=(), **other):
    allowed = permissions([person(), *people], consents, day=DAY, **other)
    return allowed.covers(PERSON, sensitivity, audience, record)


def test_none_means_no_and_one_means_what_it_says():
    assert not covers()
    assert covers(consent())
    assert not covers(consent(), audience=Audience.COURT)
    assert not covers(consent(), sensitivity=Sensitivity.MEDICAL)
    assert not covers(consent(person=OTHER))


@pytest.mark.parametrize(
    "fields",
    [
        {"expires": "2026-03-01"}, {"expires": "2025"}, {"expires": "no date"},
        {"expires": ["2027-01-01", "2026-01-01"], "conflicts": ["expires"]},
        {"given_on": "2026-03-03"}, {"voluntary": "no"}, {"voluntary": ["no", "yes"], "conflicts": ["voluntary"]},
        {"risks_explained": "no"}, {"person": [PERSON, OTHER], "conflicts": ["person"]},
        {"removed": True}, {"conflicts": [REMOVED]}, {"classes": None}, {"audiences": None},
        {"absent": [("classes", "erased")]}, {"absent": [("audiences", "sealed")]}, {"absent": [("expires", "sealed")]},
        {"absent": [("withdrawn_on", "not_received")]}, {"absent": [("about", "travelled")]},
        {"absent": [(None, "sealed")]}, {"absent": [(None, "not_received")]},
        {"withdrawn_on": "2026-01-01"}, {"withdrawn_on": "2030-01-01"}, {"withdrawn_on": "no date"},
        {"withdrawn_on": ["2026-01-01"], "conflicts": ["withdrawn_on"]},
    ],
)  # fmt: skip
def test_what_is_over_disputed_or_not_here_is_none(fields):
    assert not covers(consent(**fields))


def test_what_does_not_touch_it_leaves_it():
    assert covers(consent(expires="2026-03-02"))
    assert covers(consent(voluntary="yes", risks_explained="yes"))
    assert covers(consent(absent=[("work_notes", "not_shared")]))
    assert covers(consent(absent=[(None, "not_shared")]))  # a partner keeps the notes beside it
    assert covers(consent(given_on=None))


def test_of_two_the_stricter_holds():
    wide = consent(1, classes=["narrative", "medical"], audiences=["public", "court"])
    narrow = consent(2, audiences=["court", "public"])
    assert covers(wide, narrow)
    assert not covers(wide, narrow, sensitivity=Sensitivity.MEDICAL)
    assert not covers(wide, consent(2, audiences=["court"]))
    assert not covers(wide, consent(2, absent=[("classes", "sealed")]))
    assert not covers(wide, consent(2, expires="2020-01-01", classes=["photo"])) or covers(wide)


def test_a_consent_about_a_story_is_about_that_story():
    only = consent(about=[STORY])
    assert covers(only, record=STORY)
    assert not covers(only, record=ANOTHER)
    assert not covers(only)
    assert not covers(consent(about=[STORY], classes=["identity"]), sensitivity=NAME)
    assert covers(consent(about=[PERSON, STORY]), record=ANOTHER)
    general = consent(1, audiences=["public", "court"])
    assert not covers(general, consent(2, about=[STORY], audiences=["court"]), record=STORY)
    assert covers(general, consent(2, about=[STORY], audiences=["court"]), record=ANOTHER)


def test_a_withdrawal_takes_what_it_had_allowed_from_every_consent_not_given_later():
    gone = consent(1, withdrawn_on="2025-06-01")
    assert not covers(gone, consent(2, given_on="2025-01-01"))
    assert not covers(gone, consent(2, given_on="2025-06-01"))
    assert not covers(gone, consent(2, given_on="2025-06"))
    assert not covers(gone, consent(2, given_on=None))
    assert covers(gone, consent(2, given_on="2025-06-02"))
    assert not covers(gone, consent(2, given_on="2025-06-02"), consent(3))
    assert covers(gone, consent(2, audiences=["public", "court"]), audience=Audience.COURT)
    story = consent(1, withdrawn_on="2025-06-01", about=[STORY])
    assert covers(story, consent(2), record=ANOTHER)
    assert not covers(story, consent(2), record=STORY)
    unclear = consent(1, withdrawn_on="2025-06-01", about=[STORY], absent=[("about", "sealed")])
    assert not covers(unclear, consent(2), record=ANOTHER)


def named(*consents, audience=Audience.PUBLIC, joined=(), people=None, **fields):
    everybody = people or [person(**fields)]
    return permissions(everybody, consents, day=DAY, joined=joined).may_name(PERSON, audience)


def test_naming_needs_a_basis_that_is_whole_and_undisputed():
    assert not named()
    assert named(audience=Audience.INTERNAL)
    assert named(naming_basis="already_public")
    assert named(naming_basis="official")
    assert not named(naming_basis="own_consent")
    assert not named(naming_basis="because")
    assert not named(naming_basis=["official", "already_public"], conflicts=["naming_basis"])
    assert not named(naming_basis="official", absent=[("naming_basis", "not_shared")])
    assert not named(naming_basis="official", removed=True)
    agreed = consent(classes=["identity"])
    assert named(agreed, naming_basis="own_consent")
    assert named(agreed)
    assert not named(agreed, audience=Audience.COURT)
    assert not named(consent(), naming_basis="own_consent")


def test_a_withdrawal_takes_the_name_too_but_not_an_officer_s():
    gone = consent(withdrawn_on="2026-01-01", classes=["identity"])
    assert not named(gone, naming_basis="already_public")
    assert not named(consent(withdrawn_on="2026-01-01"), naming_basis="already_public")
    assert named(gone, naming_basis="official")
    assert named(gone, consent(2, given_on="2026-02-01"), naming_basis="already_public")
    assert not named(gone, consent(2, given_on="2025-02-01"), naming_basis="already_public")


def test_a_joined_person_has_the_strictest_of_both():
    both = [person(naming_basis="already_public"), person(OTHER, naming_basis="official")]
    assert named(people=both, joined=[(PERSON, OTHER)])
    gone = consent(person=OTHER, withdrawn_on="2026-01-01")
    assert named(gone, people=both)
    assert not named(gone, people=both, joined=[(PERSON, OTHER)])
    assert not named(people=[both[0], person(OTHER)], joined=[(PERSON, OTHER)])
    theirs = consent(2, person=OTHER, audiences=["court"])
    assert covers(consent(), theirs, people=[person(OTHER)])
    assert not covers(consent(), theirs, people=[person(OTHER)], joined=[(PERSON, OTHER)])


def test_a_withdrawal_is_not_outlived_by_a_consent_on_the_joined_record_alone():
    both = [person(naming_basis="already_public"), person(OTHER, naming_basis="already_public")]
    gone = consent(withdrawn_on="2026-01-01", classes=["identity"])
    theirs = consent(2, person=OTHER, given_on="2026-02-01", classes=["identity"])
    mine = consent(3, given_on="2026-02-01", classes=["identity"])
    assert not named(gone, theirs, people=both)
    assert not named(gone, theirs, people=both, joined=[(PERSON, OTHER)])
    assert named(gone, theirs, mine, people=both, joined=[(PERSON, OTHER)])


def test_of_two_that_were_joined_each_must_have_been_asked():
    two, both = [person(OTHER)], [(PERSON, OTHER)]
    assert not covers(consent(), people=two, joined=both), "what may be her is shown where only the other agreed"
    assert not covers(consent(person=OTHER), people=two, joined=both)
    assert covers(consent(), consent(2, person=OTHER), people=two, joined=both)
    assert not covers(consent(), consent(2, person=OTHER, about=[STORY]), people=two, joined=both)
    assert covers(consent(), consent(2, person=OTHER, about=[STORY]), people=two, joined=both, record=STORY)


@pytest.mark.parametrize("days", [["2026-02-15", "2025-01-01"], ["2025-01-01", "2026-02-15"]])
def test_of_two_days_of_a_withdrawal_the_later_counts(days):
    gone = consent(withdrawn_on=days, conflicts=["withdrawn_on"])
    assert not covers(gone, consent(2, given_on="2026-02-01"))
    assert covers(gone, consent(2, given_on="2026-02-16"))


def test_a_disputed_end_is_none_even_if_both_are_to_come():
    assert covers(consent(expires="2027-01-01"))
    assert not covers(consent(expires=["2027-01-01", "2028-01-01"], conflicts=["expires"]))


def test_what_was_said_on_a_double_that_was_removed_still_narrows_and_allows_nothing():
    mine, both = consent(classes=["identity"]), [(PERSON, OTHER)]
    gone = consent(2, person=OTHER, classes=["identity"], withdrawn_on="2026-01-01")
    courts = consent(2, person=OTHER, classes=["identity"], audiences=["court"])
    theirs = consent(2, person=OTHER, classes=["identity"])
    for double in ([person(OTHER, removed=True)], []):  # read as a person no more, where another bears the name
        everybody = [person(), *double]
        assert named(mine, people=everybody, joined=both)
        assert not named(mine, gone, people=everybody, joined=both)
        assert not named(mine, courts, people=everybody, joined=both)
        assert not named(theirs, people=everybody, joined=both)
        assert named(mine, gone, people=everybody)
        assert not named(gone, people=[person(naming_basis="already_public"), *double], joined=both)
        assert named(people=[person(naming_basis="already_public"), *double], joined=both)


def test_a_consent_about_another_record_of_the_person_is_about_the_person():
    gone = consent(2, person=OTHER, classes=["identity"], withdrawn_on="2026-01-01", about=[PERSON])
    mine, two = consent(classes=["identity"]), [person(), person(OTHER)]
    assert not named(mine, gone, people=two, joined=[(PERSON, OTHER)])
    assert named(mine, gone, people=two)


CONSENTS = st.lists(
    st.builds(
        consent,
        number=st.integers(1, 9),
        classes=st.lists(st.sampled_from([one.value for one in Sensitivity]), max_size=3),
        audiences=st.lists(st.sampled_from([one.value for one in Audience]), max_size=3),
        given_on=st.sampled_from([None, "2025-01-01", "2026-01-01", "2027-01-01"]),
        withdrawn_on=st.sampled_from([None, None, "2025-06-01"]),
        expires=st.sampled_from([None, None, "2026-01-01"]),
        about=st.sampled_from([None, None, [STORY], [PERSON]]),
    ),
    max_size=5,
)


@given(CONSENTS, st.sampled_from(list(Sensitivity)), st.sampled_from(list(Audience)),
       st.sampled_from([None, STORY, ANOTHER]))  # fmt: skip
def test_nothing_is_allowed_that_no_living_consent_allows(several, sensitivity, audience, record):
    given_ = [one for one in several if not one.values("withdrawn_on")]
    spoken = [
        one
        for one in given_
        if sensitivity.value in one.values("classes") and audience.value in one.values("audiences")
    ]
    allowed = covers(*several, sensitivity=sensitivity, audience=audience, record=record)
    assert not allowed or spoken
    assert not allowed or covers(*given_, sensitivity=sensitivity, audience=audience, record=record)


def opened(mine, theirs, **asked):
    people, said = [person(), person(OTHER)], [*mine, *theirs]
    alone = permissions(people, said, day=DAY)
    joined = permissions(people, said, day=DAY, joined=[(PERSON, OTHER)])
    cells = [(one, asked["sensitivity"], asked["audience"], asked["record"]) for one in (PERSON, OTHER)]
    return [cell for cell in cells if joined.covers(*cell) and not alone.covers(*cell)]


@given(CONSENTS, CONSENTS, st.sampled_from(list(Sensitivity)), st.sampled_from(list(Audience)),
       st.sampled_from([None, STORY, ANOTHER]))  # fmt: skip
def test_joining_opens_nothing(mine, others, sensitivity, audience, record):
    theirs = [
        state(bytes([100 + place]) * 16, "consent", **{
            name: [OTHER if value == PERSON else value for value in one.values(name)] for name in one.fields
        })
        for place, one in enumerate(others)
    ]  # fmt: skip
    assert not opened(mine, theirs, sensitivity=sensitivity, audience=audience, record=record)


def test_the_twin_in_which_one_consent_does_for_both_is_told_apart(monkeypatch):
    cell = {"sensitivity": TOLD, "audience": Audience.PUBLIC, "record": None}
    assert not opened([], [consent(person=OTHER)], **cell)
    honest = consents._scope
    monkeypatch.setattr(consents, "_scope", lambda said, record, _asked: honest(said, record, frozenset()))
    assert opened([], [consent(person=OTHER)], **cell)


def test_the_twin_that_says_yes_where_nobody_said_anything_is_told_apart(monkeypatch):
    monkeypatch.setattr(Permissions, "covers", lambda *_: True)
    assert covers()
