"""Counts, outcomes, polls, forces, sums, changes; and the review that goes out."""

import datetime as dt
import json

import polars as pl
import pytest

from truceline.accounts.claims.check import Evidence, check
from truceline.accounts.claims.claimreview import Publication, claim_review
from truceline.accounts.statements.positions import POLLS
from truceline.accounts.statements.readers.nuclear import read_nuclear_statements
from truceline.accounts.statements.seed import seed_codings, seed_statements
from truceline.accounts.statements.statement import Coding, Statement, table_of

PUBLICATION = Publication("A desk", "https://desk.example", "https://desk.example/1")


def said(day, **changes):
    content = {"kind": "nuclear_allusion", "date_precision": "day", "speaker": "A",
               "standing": "head_of_state", "state": "N", "summary": "w"}  # fmt: skip
    return Statement(statement_id=f"s{day}", date=day, **{**content, **changes})


def only(text, evidence, day):
    verdicts = check(text, evidence, on=day).verdicts
    assert len(verdicts) == 1
    return verdicts[0]


@pytest.mark.real_data
def test_tens_of_dozens_holds_on_inclusive_coding_and_narrower_counts_are_shown(shared_data, day):
    path = shared_data / "statements" / "hcss_redlines" / "nts_statements.json"
    evidence = Evidence(collections={"nuclear": read_nuclear_statements(path).statements})
    verdict = only("It made many — tens of dozens — of such warnings.", evidence, day)
    rows = verdict.parts[0].judgement.readings
    assert rows.filter(counting="all")["value"].unique().to_list() == [253.0]
    assert rows.filter(counting="all")["holds"].all()
    assert not rows.filter(counting="days of a head of state")["holds"].any()
    assert verdict.word == "depends on the reading"
    assert verdict.parts[0].judgement.deciders[0].dimension == "counting"
    assert "253 (all, 85 a year)" in verdict.sentence
    assert "explicit and sure, 25 a year" in verdict.sentence


def test_a_published_count_is_one_reading_more(day):
    table = table_of([said(dt.date(2023, 1, n)) for n in range(1, 31)])
    evidence = Evidence(collections={"own": table}, counts={"another desk": 135})
    verdict = only("They made tens of dozens of threats.", evidence, day)
    rows = verdict.parts[0].judgement.readings.filter(collection="another desk")
    assert dict(rows.select("threshold", "holds").iter_rows()) == {
        "at least 120": True, "at least 240": False,
    }  # fmt: skip


def test_hollow_gets_exactly_what_the_register_supports(day):
    evidence = Evidence(statements=seed_statements(), codings=seed_codings())
    verdict = only("These warnings appear to have been largely hollow.", evidence, day)
    assert verdict.word == "too few tested to tell"
    judgement = verdict.parts[0].judgement
    assert judgement.total < 10
    assert "Of 9 coded statements 1 was tested; 0 of these" in verdict.sentence
    assert "too few were tested to tell" in verdict.sentence
    assert "untested" in verdict.sentence


def test_hollow_is_true_with_many_tested_and_false_with_many_carried_out(day):
    many = [
        Statement(f"t{n}", "red_line", dt.date(2022, 1, 1), "day", "A", "minister", "N", "w")
        for n in range(60)
    ]
    met = {"condition": "met", "condition_on": dt.date(2022, 6, 1), "reason": "r"}
    empty = [Coding(s.statement_id, "c", **met) for s in many]
    full = [
        Coding(s.statement_id, "c", **met, response="full", response_on=dt.date(2022, 6, 2))
        for s in many
    ]
    text = "The threats were largely hollow."
    hollow = only(text, Evidence(statements=many, codings=empty), day)
    kept = only(text, Evidence(statements=many, codings=full), day)
    assert hollow.word == "true in every reading"
    assert kept.word == "false in every reading"
    assert only(text, Evidence(statements=many), day).word == "cannot be checked"


def test_a_plurality_is_judged_on_polls_before_and_told_those_after(day):
    rows = [
        ("2025-02-14", 49.0, 44.0), ("2025-03-06", 36.0, 45.0), ("2026-02-09", 31.0, 53.0),
    ]  # fmt: skip
    polls = POLLS.conform(
        pl.DataFrame(
            {
                "date": [dt.date.fromisoformat(d) for d, _, _ in rows],
                "date_precision": ["day"] * 3,
                "country": ["Germany"] * 3,
                "pollster": ["P"] * 3,
                "question": ["q"] * 3,
                "support_pct": [s for _, s, _ in rows],
                "oppose_pct": [o for _, _, o in rows],
                "source": ["u"] * 3,
            }
        )
    )
    text = "Plurality of Germans Support Deploying Peacekeeping Troops"
    verdict = only(text, Evidence(polls=polls), day)
    assert verdict.word == "true in every reading"
    assert verdict.readings == 1
    assert "49 % for, 44 % against" in verdict.sentence
    assert "36 % for, 45 % against" in verdict.sentence.split("Afterwards")[1]
    majority = only(text.replace("Plurality", "Majority"), Evidence(polls=polls), day)
    assert majority.word == "false in every reading"
    later = only(text, Evidence(polls=polls), dt.date(2025, 3, 10))
    assert later.word == "depends on the reading"
    assert only(text, Evidence(polls=polls), dt.date(2024, 1, 1)).word == "cannot be checked"


def test_a_force_is_computed_per_kilometre_and_not_judged(day):
    verdict = only("They would send 30,000 European troops.", Evidence(), day)
    assert verdict.word == "computed, not judged"
    assert "on 1000 to 1400 km are 21 to 30 per kilometre" in verdict.sentence
    assert "7 to 10 with rotation" in verdict.sentence
    assert verdict.parts[0].judgement.readings.height == 9


def test_easter_figures_add_up_or_the_difference_is_named(day):
    ours = only("It counted 2,935: 96 assaults, 1,882 shellings and 957 drones.", Evidence(), day)
    assert ours.sentence == "The parts add up: 96 + 1,882 + 957 = 2,935."
    theirs = only(
        "It counted 4,900: 6 attacks, 1,404 barrages, 3,316 strikes and 90 drones.", Evidence(), day
    )
    assert theirs.word == "false in every reading"
    assert "add up to 4,816, not 4,900: 84 are unexplained" in theirs.sentence


def test_change_is_measured_from_aid_by_date(make_values, day):
    history = pl.concat(
        make_values({("allocation", "out", "eur"): {"Japan": v}}, cutoff=c)
        for c, v in (("2023-02-20", 4.0), ("2024-02-20", 8.0), ("2025-02-20", 11.2))
    )
    text = "Japan's aid allocations fell by 20 per cent."
    verdict = only(text, Evidence(aid_history=lambda: history), day)
    assert verdict.word == "true in every reading"
    assert "changed by -20 %" in verdict.sentence
    rose = only("Japan's aid rose.", Evidence(aid_history=lambda: history), day)
    assert rose.word == "false in every reading"


def test_a_review_carries_the_words_and_the_rating(release_19, day):
    text = "Denmark gives considerably more than France as a share of GDP."
    verdict = only(text, Evidence(aid=release_19), day)
    review = claim_review(verdict, PUBLICATION, dt.date(2025, 2, 21))
    assert review["@type"] == "ClaimReview"
    assert review["claimReviewed"] == text
    assert review["reviewRating"]["ratingValue"] == 5
    assert review["reviewRating"]["alternateName"] == "true in every reading"
    assert json.loads(json.dumps(review)) == review
    force = only("They would send 30,000 troops.", Evidence(), day)
    assert "ratingValue" not in claim_review(force, PUBLICATION, day)["reviewRating"]
