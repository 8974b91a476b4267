"""Reviews: two people for a name, no name beyond the evidence, and what is joined or parted."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.agreement.case import load_case
from truceline.case_judgement import judge, judged_period, plan
from truceline.cli.case import find_case
from truceline.core.store.case_store import CaseStore
from truceline.core.types.errors import RecordError
from truceline.evidence.ingest import ingest
from truceline.evidence.sources.source import installed_sources
from truceline.judgement.parameters import shipped_parameters
from truceline.record.reviews import (
    DECISIONS,
    Review,
    Standing,
    checked,
    groupings_of,
    reviewed,
    standing_of,
    standings,
)

PARTIES = ("north", "south")
WHY = "Both teams heard it."


def review(decision, reviewer="one", party=None, **more):
    return Review("i1", decision, WHY, reviewer, party, **more)


def test_one_person_names_nobody_and_two_do():
    first = review("name", "one", "north")
    assert standing_of([first]).named is None
    assert standing_of([first, first]).named is None
    assert standing_of([first, review("name", "two", "north")]).named == "north"


def test_two_people_who_disagree_name_nobody():
    stands = standing_of([review("name", "one", "north"), review("name", "two", "south")])
    assert (stands.named, stands.proposed, stands.proposed_by) == (None, "south", "two")


def test_what_is_rejected_was_done_by_nobody():
    both = [review("name", "one", "north"), review("name", "two", "north"), review("reject")]
    assert standing_of(both) == Standing("rejected")


CHOICES = st.builds(
    review,
    st.sampled_from(DECISIONS),
    st.sampled_from(["one", "two", "three"]),
    st.sampled_from(PARTIES),
)


@settings(max_examples=100)
@given(st.lists(CHOICES, max_size=8))
def test_a_name_always_has_two_hands_behind_it(reviews):
    named = standing_of(reviews).named
    if named is not None:
        hands = {r.reviewer for r in reviews if r.decision == "name" and r.party == named}
        assert len(hands) >= 2


@settings(max_examples=100)
@given(st.lists(CHOICES, max_size=8))
def test_swapping_the_parties_swaps_the_standing(reviews):
    other = {"north": "south", "south": "north", None: None}
    swapped = [replace(r, party=other[r.party]) for r in reviews]
    stands = standing_of(reviews)
    expected = replace(stands, named=other[stands.named], proposed=other[stands.proposed])
    assert standing_of(swapped) == expected


@pytest.mark.parametrize(
    "bad",
    [
        replace(review("confirm"), reason="  yes "),
        review("name", party="west"),
        review("merge", other="i1"),
        review("split"),
        replace(review("confirm"), decision="applaud"),
    ],
)
def test_a_review_that_is_not_whole_is_refused(bad):
    with pytest.raises(RecordError):
        checked(bad, PARTIES)


@pytest.fixture(scope="module")
def judging(tmp_path_factory):
    case, store = load_case(find_case("loc-2021")), CaseStore(tmp_path_factory.mktemp("s"))
    parts = tmp_path_factory.mktemp("parts")
    ingest(store, plan(case, installed_sources(), None), received_before=2**60)

    def run(reviews):
        period = judged_period(case, None)
        groupings = groupings_of(reviews or ())
        made = judge(case, store, shipped_parameters(), period, None, groupings, folder=parts)
        return made if reviews is None else reviewed(made, standings(reviews))

    return run


def test_people_move_lists_and_names_but_no_number(judging):
    plain = judging(None)
    first = plain.assessments["incident_id"][0]
    after = judging([replace(review("reject"), incident=first)])
    row = after.assessments.row(0, named=True)
    assert (row["incident_id"], row["listed"]) == (first, "background")
    assert after.assessments["party"].null_count() == after.assessments.height
    untouched = [c for c in plain.assessments.columns if c not in ("listed", "party")]
    assert after.assessments.select(untouched).equals(plain.assessments.select(untouched))


def test_no_vote_names_a_party_the_evidence_does_not(judging):
    plain = judging(None)
    incident = plain.assessments.filter(pl.col("party").is_null())["incident_id"][0]
    votes = [Review(incident, "name", WHY, hand, "north") for hand in ("one", "two")]
    assert reviewed(plain, standings(votes)).assessments.filter(pl.col("incident_id") == incident)[
        "party"
    ].to_list() == [None]


def test_what_is_joined_is_judged_as_one_and_parted_again_as_two(judging):
    plain = judging([])
    a, b = plain.incidents["incident_id"].to_list()[:2]
    joined = judging([Review(a, "merge", WHY, "one", other=b)])
    assert joined.incidents.height == plain.incidents.height - 1
    assert joined.members.height == plain.members.height
    kept = {a, b} & set(joined.incidents["incident_id"])
    assert len(kept) == 1
    assert joined.assessments.height == joined.incidents.height

    apart = tuple(plain.members.filter(pl.col("incident_id") == b)["obs_id"])
    decisions = [
        Review(a, "merge", WHY, "one", other=b),
        Review(a, "split", WHY, "one", apart=apart),
    ]
    again = judging(decisions)
    assert again.members.equals(plain.members)
    assert again.assessments.equals(plain.assessments)
