"""What a bulletin says is what the tables say, for every party alike."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from truceline.core.types.errors import InputError
from truceline.core.types.time import DAY
from truceline.judgement.judgement import Judgement
from truceline.publish.bulletins.catalogue import wording
from truceline.publish.bulletins.page import Figure
from truceline.publish.bulletins.report import Bulletin, compose, compose_spot
from truceline.publish.bulletins.sections.opening import section
from truceline.publish.bulletins.setting import page
from truceline.publish.bulletins.settings import ClaimLine

SWAP = {"north": "south", "south": "north"}


def swap_parties(table: pl.DataFrame) -> pl.DataFrame:
    names = [c for c in ("party", "about_party", "party_claimed") if c in table.columns]
    return table.with_columns(pl.col(names).replace(SWAP)) if names else table


def swapped(judgement: Judgement) -> Judgement:
    return dataclasses.replace(
        judgement,
        **{
            f.name: swap_parties(getattr(judgement, f.name))
            for f in dataclasses.fields(judgement)
            if isinstance(getattr(judgement, f.name), pl.DataFrame)
        },
    )


@pytest.fixture
def bulletin(judgement, settings, period, now, ground, claims) -> Bulletin:
    return compose(judgement, settings, period=period, now=now, geography=ground, claims=claims)


def test_the_two_lists_are_never_mixed(bulletin):
    labels = bulletin.incidents.select(pl.col("label").str.slice(0, 1), "listed").unique()
    assert set(labels.rows()) == {("V", "violation"), ("C", "credible")}


def test_the_surest_come_first(bulletin):
    violations = bulletin.incidents.filter(pl.col("listed") == "violation")
    assert violations["p_violation"].is_sorted(descending=True)
    assert violations["label"].to_list() == [f"V{n}" for n in range(1, 6)]


def test_background_is_on_no_list(bulletin):
    assert set(bulletin.incidents["listed"]) == {"violation", "credible"}


def test_the_summary_adds_up_to_the_lists_and_the_counts(bulletin):
    lists = dict(bulletin.summary.select("listed", "incidents").rows())
    assert lists == {"violation": 5, "credible": 4, "obstruction": 1}
    assert bulletin.counts["violations"].sum() == lists["violation"]
    assert bulletin.counts["credible"].sum() == lists["credible"]
    before = dict(bulletin.summary.select("listed", "incidents_before").rows())
    assert before == {"violation": 1, "credible": 1, "obstruction": 0}


def test_the_whole_line_holds_what_its_sectors_hold(bulletin):
    states = bulletin.states
    whole = states.head(1).with_columns(sector=pl.lit("whole line"))
    told = dataclasses.replace(bulletin, states=pl.concat([states, whole]))
    (figure,) = [b for b in section(told, wording(told, "en")).blocks if isinstance(b, Figure)]
    rows = {row[0].text: [float(cell.text) for cell in row[2:4]] for row in figure.sheet.rows}
    held = rows.pop("whole line")
    assert held == [sum(column) for column in zip(*rows.values(), strict=True)]
    assert held[0] > 0


def test_a_period_that_was_not_judged_is_not_compared(judgement, settings, period, now):
    far = (period[0] - 100 * (period[1] - period[0]), period[0])
    bulletin = compose(
        judgement, dataclasses.replace(settings, period_before=far), period=period, now=now
    )
    assert bulletin.period_before is None
    assert bulletin.summary["incidents_before"].null_count() == 3
    assert bulletin.counts["violations_before"].null_count() == bulletin.counts.height


def test_the_share_not_attributable_is_beside_the_shares_that_are(bulletin):
    rows = bulletin.shares.filter(pl.col("listed") == "violation")
    assert rows["party"].to_list() == ["north", "south", "unattributable"]
    assert rows["named"].to_list() == [1, 2, 2]
    assert rows["share_named"].sum() == pytest.approx(1)
    assert rows["expected"].sum() == pytest.approx(5)


def test_overlapping_gaps_are_counted_once(bulletin):
    row = bulletin.blind.filter(pl.col("sector") == "C").row(0, named=True)
    assert row["hours"] == 23.0
    assert row["reasons"] == "jamming, denied"
    assert row["share"] == pytest.approx(23 / 24)


def test_gaps_are_cut_to_the_period(bulletin):
    assert bulletin.blind.filter(pl.col("sector") == "A")["hours"].item() == 3.0


def test_the_state_is_the_last_in_the_period_with_the_one_before(bulletin):
    rows = {r["sector"]: (r["state_before"], r["state"]) for r in bulletin.states.to_dicts()}
    assert rows == {
        "A": ("eroding", "holding"),
        "B": ("holding", "holding"),
        "C": ("not known", "not known"),
    }


def test_the_state_of_a_long_period_is_that_of_all_of_it(judgement, settings, period, now):
    rows = judgement.states.filter(pl.col("sector") == "A").sort("t_start")
    whole = rows.head(1).with_columns(
        t_start=rows["t_start"].min(), t_end=rows["t_end"].max(),
        state=pl.lit("broken", rows["state"].dtype),
    )  # fmt: skip
    judged = dataclasses.replace(judgement, states=pl.concat([rows, whole]))
    long = (rows["t_start"].min(), rows["t_end"].max())
    told = compose(judged, settings, period=long, now=now).states
    assert told["state"].to_list() == ["broken"]
    told = compose(judged, settings, period=period, now=now).states
    assert told["state"].to_list() == ["holding"]


def test_claims_stand_beside_what_was_seen(bulletin):
    rows = {r["claim_id"]: r for r in bulletin.claims.to_dicts()}
    assert rows["n-1"]["arithmetic"] == "adds_up"
    assert (rows["s-1"]["arithmetic"], rows["s-1"]["difference"]) == ("differs", 84)
    assert rows["n-1"]["violations"] == 5
    south = bulletin.attributions.filter(pl.col("party") == "south")["p"].sum()
    assert rows["n-1"]["about_expected"] == pytest.approx(south)


def test_a_claim_over_time_that_was_not_judged_is_not_compared(
    judgement, settings, period, now, claims
):
    late = dataclasses.replace(claims[0], period=(period[0], period[1] + 1))
    bulletin = compose(judgement, settings, period=period, now=now, claims=[late])
    assert bulletin.claims["violations"].to_list() == [None]


def test_restricted_witnesses_lose_their_names_and_keep_their_weight(bulletin, judgement):
    assert "satellite" not in set(bulletin.weights["witness"])
    assert set(bulletin.incidents["n_withheld"]) == {1}
    assert set(bulletin.observations["handling"].cast(pl.String())) == {"CLEAR"}
    ids = bulletin.incidents.select("incident_id")
    kept = judgement.weights.join(ids, on="incident_id", how="semi")
    assert bulletin.weights["bits"].sum() == pytest.approx(kept["bits"].sum())


def test_a_stricter_publication_shows_them(judgement, settings, period, now):
    amber = dataclasses.replace(settings, handling="AMBER")
    bulletin = compose(judgement, amber, period=period, now=now)
    assert "satellite" in set(bulletin.weights["witness"])
    assert set(bulletin.incidents["n_withheld"]) == {0}


def test_swapping_the_parties_swaps_them_and_nothing_else(judgement, settings, period, now, claims):
    def swap_claim(claim: ClaimLine) -> ClaimLine:
        return dataclasses.replace(
            claim, party=SWAP[claim.party], about_party=SWAP[claim.about_party]
        )

    mirrored = dataclasses.replace(
        settings, parties={SWAP[k]: v for k, v in settings.parties.items()}
    )
    one = compose(judgement, settings, period=period, now=now, claims=claims)
    two = compose(
        swapped(judgement), mirrored, period=period, now=now, claims=[*map(swap_claim, claims)]
    )
    for name, table in one.tables().items():
        assert_frame_equal(swap_parties(table), two.tables()[name])


def test_the_order_of_the_rows_does_not_matter(judgement, settings, period, now, ground):
    shuffled = dataclasses.replace(
        judgement,
        **{
            f.name: getattr(judgement, f.name).reverse()
            for f in dataclasses.fields(judgement)
            if isinstance(getattr(judgement, f.name), pl.DataFrame)
        },
    )
    one = compose(judgement, settings, period=period, now=now)
    two = compose(shuffled, settings, period=period, now=now)
    for name, table in one.tables().items():
        assert_frame_equal(table, two.tables()[name])


def test_with_nothing_at_all_every_number_is_zero_or_unknown(make_judgement, settings, period, now):
    bulletin = compose(make_judgement((), quiet=True), settings, period=period, now=now)
    assert bulletin.incidents.is_empty()
    assert bulletin.summary["incidents"].to_list() == [0, 0, 0]
    assert bulletin.shares["share_named"].null_count() == bulletin.shares.height
    assert bulletin.states.is_empty()


def test_a_spot_report_is_about_one_incident(judgement, settings, now):
    bulletin = compose_spot(judgement, settings, incident_id=f"{4:032x}", now=now)
    assert bulletin.incidents["label"].to_list() == ["V1"]
    assert bulletin.weights.height == 3
    assert bulletin.summary["incidents_before"].null_count() == 3


def test_there_is_no_spot_report_on_background(judgement, settings, now):
    with pytest.raises(InputError, match="neither list"):
        compose_spot(judgement, settings, incident_id=f"{10:032x}", now=now)


def test_a_bulletin_of_more_than_a_day_does_not_call_itself_daily(judgement, settings, period, now):
    for days, kind in ((1, "Daily bulletin"), (2, "Bulletin")):
        said = compose(judgement, settings, period=(period[0], period[0] + days * DAY), now=now)
        assert page(said, "en").kind == kind
