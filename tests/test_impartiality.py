"""What must hold of the whole way from files to judgement, whatever the evidence.

Swap the parties and every number swaps; the order of rows and files, rows given twice and
a copy of a witness move nothing; a source that is taken away makes nobody surer.
"""

import json
import random

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from truceline.agreement.case import load_case
from truceline.case_judgement import judge, judged_period, plan
from truceline.core.store.case_store import CaseStore
from truceline.evidence.front import read_ground
from truceline.evidence.ingest import ingest
from truceline.evidence.sources.source import installed_sources
from truceline.judgement.parameters import shipped_parameters

NOW = 2_000_000_000_000_000
SOURCES = installed_sources()

CASE = """
id: made
title: A made case
summary: For tests.
timezone: UTC
window: {start: "2031-05-02T00:00:00Z", end: "2031-05-12T00:00:00Z"}
before: {start: "2031-04-20T00:00:00Z", end: "2031-05-02T00:00:00Z"}
bbox: [36.0, 47.5, 38.0, 48.5]
sectors: sectors.geojson
ground:
  sigma_m: 300
  areas:
    alpha: {file: ground.geojson, feature: ALPHA}
    beta: {file: ground.geojson, feature: BETA}
indicators:
  - {name: explosions, sources: [reports], phenomena: [explosion], measure: count, effort: unknown}
"""

AGREEMENT = """
id: made
title: A made agreement
version: "1"
sources: [{title: Made for tests}]
parties: [{id: alpha, name: Alpha}, {id: beta, name: Beta}]
in_force: {start: "2031-05-01T00:00:00Z"}
clauses:
  - {id: no-fire, text: No fire., kind: prohibition,
     phenomena: [explosion, explosion_outgoing, shot]}
  - {id: alpha-only, text: Alpha moves no weapons., kind: withdrawal, parties: [alpha],
     phenomena: [explosion, weapon_present]}
  - {id: beta-only, text: Beta moves no weapons., kind: withdrawal, parties: [beta],
     phenomena: [explosion, weapon_present]}
"""

FEEDS = """
feeds:
  - source: mapped
    files: [reports.csv]
    settings: &mapping
      name: reports
      instrument: patrol
      columns: {time: time, lat: lat, lon: lon, phenomenon: what, witness: who, count: n,
                party_claimed: says, bearing_deg: bearing, weapon_class: weapon}
      constants: {sigma_m: 400}
  - source: mapped
    files: [news.csv]
    settings: {name: papers, instrument: news, columns: {time: time, lat: lat, lon: lon,
               phenomenon: what, witness: who, party_claimed: says}, constants: {sigma_m: 2500}}
"""


def box(name, south, north):
    ring = [[36, south], [38, south], [38, north], [36, north], [36, south]]
    return {
        "type": "Feature",
        "properties": {"id": name, "name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


report = st.tuples(
    st.integers(0, 9),
    st.integers(0, 23),
    st.floats(36.6, 36.9).map(lambda x: round(x, 3)),
    st.floats(47.9, 48.1).map(lambda x: round(x, 3)),
    st.sampled_from(["explosion", "explosion_outgoing", "shot", "weapon_present"]),
    st.sampled_from(["post 1", "post 2", "drone"]),
    st.sampled_from(["", "alpha", "beta"]),
    st.sampled_from(["", "10", "190"]),
    st.sampled_from(["", "mortar", "artillery_100mm"]),
)
reports = st.lists(report, min_size=1, max_size=14)
quick = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

OTHER = {"alpha": "beta", "beta": "alpha", "": ""}


def write_case(folder, rows, *, swapped=False, news=()):
    """Write a case folder; swapped exchanges the parties in the ground and in every word."""
    (folder / "geometry").mkdir(parents=True)
    north, south = ("BETA", "ALPHA") if swapped else ("ALPHA", "BETA")
    ground = collection(box(north, 48.0, 48.5), box(south, 47.5, 48.0))
    (folder / "geometry" / "ground.geojson").write_text(ground)
    sectors = collection(box("west", 47.5, 48.5))
    (folder / "geometry" / "sectors.geojson").write_text(sectors)
    (folder / "case.yaml").write_text(CASE)
    (folder / "agreement.yaml").write_text(AGREEMENT)
    (folder / "sources.yaml").write_text(FEEDS)
    named = OTHER if swapped else {k: k for k in OTHER}
    head = "time,lat,lon,what,who,n,says,bearing,weapon\n"
    lines = [
        f"2031-05-{2 + day:02d}T{hour:02d}:00:00Z,{lat},{lon},{what},{who},1,{named[says]},"
        f"{bearing},{weapon}"
        for day, hour, lon, lat, what, who, says, bearing, weapon in rows
    ]
    (folder / "reports.csv").write_text(head + "\n".join(lines) + "\n")
    (folder / "news.csv").write_text(
        "time,lat,lon,what,who,says\n" + "".join(f"{line}\n" for line in news)
    )
    return folder


def judged(folder, out):
    case, store = load_case(folder), CaseStore(out)
    assert ingest(store, plan(case, SOURCES, None), received_before=NOW).tally.rejected == 0
    period, ground = judged_period(case, None), read_ground(case, None)
    judgement = judge(
        case, store, shipped_parameters(), period, ground.territory, folder=out / "parts"
    )
    assert len(judgement.incidents) > 0
    return judgement


def table(judgement, *, swap=False):
    """Return one row an incident, by place and time, with all that was concluded of it."""
    names = {"alpha": "beta", "beta": "alpha"} if swap else {"alpha": "alpha", "beta": "beta"}
    parties = judgement.attributions.with_columns(pl.col("party").replace(names)).pivot(
        "party", index="incident_id", values="p"
    )
    clauses = {"alpha-only": "beta-only", "beta-only": "alpha-only"} if swap else {}
    findings = judgement.findings.with_columns(pl.col("clause").replace(clauses)).pivot(
        "clause", index="incident_id", values="p_violation"
    )
    said = judgement.assessments.select(
        "incident_id", "p_hostile", "listed", pl.col("party").replace(names).alias("named")
    )
    joined = (
        judgement.incidents.drop("area")
        .join(said, on="incident_id")
        .join(parties, on="incident_id", how="left")
        .join(findings, on="incident_id", how="left")
        .drop("incident_id")
    )
    wanted = [*sorted(joined.columns)]
    return joined.select(wanted).sort("t_start", "lon", "lat", "kind", "count")


def same(left, right):
    columns = [c for c in left.columns if c in right.columns]
    assert set(left.columns) == set(right.columns)
    assert_frame_equal(left.select(columns), right.select(columns), abs_tol=1e-9, rel_tol=1e-9)


@quick
@given(rows=reports)
def test_swapping_the_parties_swaps_every_number_and_moves_nothing_else(tmp_path_factory, rows):
    place = tmp_path_factory.mktemp("swap")
    one = judged(write_case(place / "one", rows), place / "o1")
    two = judged(write_case(place / "two", rows, swapped=True), place / "o2")
    same(table(one), table(two, swap=True))
    assert_frame_equal(one.states, two.states)


@quick
@given(rows=reports, seed=st.integers(0, 99))
def test_order_and_repetition_of_rows_move_nothing(tmp_path_factory, rows, seed):
    place = tmp_path_factory.mktemp("order")
    unique = list(dict.fromkeys(rows))
    mixed = unique + unique
    random.Random(seed).shuffle(mixed)
    one = judged(write_case(place / "one", unique), place / "o1")
    two = judged(write_case(place / "two", mixed), place / "o2")
    same(table(one), table(two))
    assert_frame_equal(one.members, two.members)
    assert_frame_equal(one.weights, two.weights)


def test_a_copy_of_a_witness_moves_nothing(tmp_path):
    """Ten papers that print one agency's text are one witness, however many rows they make."""
    rows = [(1, 5, 36.7, 48.02, "explosion", "post 1", "", "", "")]
    line = "2031-05-03T05:00:00Z,48.02,36.7,explosion,agency text 1,beta"
    copies = [
        line,
        *(
            f"2031-05-03T05:{m:02d}:00Z,48.02,36.7,explosion,agency text 1,beta"
            for m in range(1, 10)
        ),
    ]
    one = judged(write_case(tmp_path / "one", rows, news=[line]), tmp_path / "o1")
    ten = judged(write_case(tmp_path / "ten", rows, news=copies), tmp_path / "o2")
    for column in ("p_hostile", "p_party", "p_violation"):
        assert one.assessments[column].to_list() == pytest.approx(
            ten.assessments[column].to_list(), abs=1e-12
        )
    assert one.incidents["n_witnesses"].to_list() == ten.incidents["n_witnesses"].to_list() == [2]


def test_a_document_that_lists_106_places_is_one_witness(tmp_path):
    """A list moves the whole assessment by no more than one report of one place does."""
    places = [(36.02 + 0.018 * i, 47.6 + 0.08 * (i % 10)) for i in range(106)]
    listed = [
        f"2031-05-03T05:00:00Z,{lat:.3f},{lon:.3f},explosion,one article,beta"
        for lon, lat in places
    ]
    row = [(8, 5, 36.7, 48.02, "shot", "post 1", "", "", "")]
    one = judged(write_case(tmp_path / "one", row, news=listed[:1]), tmp_path / "o1")
    many = judged(write_case(tmp_path / "many", row, news=listed), tmp_path / "o2")

    def moved(judgement):
        papers = judgement.weights.filter(pl.col("source") == "papers")
        return papers["bits"].sum(), len(papers)

    (single, n_single), (total, n_total) = moved(one), moved(many)
    assert n_single == 1
    assert n_total > 20
    assert total <= single + 1e-9
    assert (many.assessments.filter(pl.col("listed") != "background")).height <= (
        one.assessments.filter(pl.col("listed") != "background")
    ).height


@quick
@given(rows=reports)
def test_taking_a_source_away_makes_nobody_surer(tmp_path_factory, rows):
    """Without the papers fewer bits speak for anything, and no state becomes known by it."""
    place = tmp_path_factory.mktemp("less")
    news = [
        f"2031-05-{2 + day:02d}T{hour:02d}:00:00Z,{lat},{lon},{what},paper {i},{says}"
        for i, (day, hour, lon, lat, what, _, says, _, _) in enumerate(rows)
    ]
    both = judged(write_case(place / "both", rows, news=news), place / "o1")
    less = judged(write_case(place / "less", rows), place / "o2")
    assert less.assessments["evidence_bits"].sum() <= both.assessments["evidence_bits"].sum() + 1e-9
    assert len(less.unwatched) >= len(both.unwatched)
    assert set(less.states["state"]) <= set(both.states["state"]) | {"not known"}


def test_national_signals_confirm_no_place(tmp_path):
    """A country-wide report beside a fire leaves the fire as it was."""
    rows = [(1, 5, 36.7, 48.02, "explosion", "post 1", "", "", "")]
    one = judged(write_case(tmp_path / "one", rows), tmp_path / "o1")
    made = write_case(tmp_path / "two", rows)
    feeds = FEEDS.replace("files: [news.csv]", "files: [nation.csv]").replace(
        "lat: lat, lon: lon,\n               ", "area: area,\n               "
    )
    (made / "sources.yaml").write_text(feeds)
    (made / "nation.csv").write_text(
        "time,area,what,who,says\n2031-05-03T05:00:00Z,whole country,explosion,outage monitor,\n"
    )
    two = judged(made, tmp_path / "o2")
    place = two.incidents.filter(pl.col("lon").is_not_null())["incident_id"].item()
    then = two.assessments.filter(pl.col("incident_id") == place)
    assert then["evidence_bits"].item() == pytest.approx(one.assessments["evidence_bits"].item())
