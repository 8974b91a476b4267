"""Clause decisions: each factor by hand, and their product."""

import json

import polars as pl
import pytest
import yaml

from truceline.agreement.reading import load_agreement
from truceline.core.types.tables import ATTRIBUTION, INCIDENT
from truceline.core.types.time import HOUR, parse_time
from truceline.judgement.clauses import clause_findings

NOON = parse_time("2031-05-02T12:00:00Z")
EXERCISE = {"id": "drill", "kind": "notified_exercise", "text": "Notified training is exempt."}


@pytest.fixture
def agree(tmp_path):
    """Return a function that writes an agreement around one clause and reads it back."""

    def build(clause, **more):
        document = {
            "id": "made",
            "title": "Made",
            "version": "1",
            "sources": [{"title": "Made for tests"}],
            "parties": [{"id": "alpha", "name": "Alpha"}, {"id": "beta", "name": "Beta"}],
            "in_force": {"start": "2031-05-01T00:00:00Z", "end": "2031-06-01T00:00:00Z"},
            "clauses": [{"id": "c", "text": "No.", "kind": "prohibition", **clause}],
            **more,
        }
        (tmp_path / "geometry").mkdir(exist_ok=True)
        square = [[36.9, 47.9], [37.1, 47.9], [37.1, 48.1], [36.9, 48.1], [36.9, 47.9]]
        line = [[37.0, 47.0], [37.0, 49.0]]
        for name, shape in (
            ("zone", {"type": "Polygon", "coordinates": [square]}),
            ("line", {"type": "LineString", "coordinates": line}),
        ):
            features = [{"type": "Feature", "properties": {"id": name}, "geometry": shape}]
            (tmp_path / "geometry" / f"{name}.geojson").write_text(
                json.dumps({"type": "FeatureCollection", "features": features})
            )
        path = tmp_path / "agreement.yaml"
        path.write_text(yaml.safe_dump(document))
        return load_agreement(path)

    return build


def incident(**values):
    row = {
        "incident_id": "i",
        "kind": "explosion",
        "t_start": NOON,
        "t_end": values.get("t_start", NOON),
        "t_best": NOON,
        "lon": 37.0,
        "lat": 48.0,
        "err_major_m": 100.0,
        "n_observations": 1,
        "n_witnesses": 1,
        **values,
    }
    return INCIDENT.conform(pl.DataFrame([row], infer_schema_length=None))


def decide(terms, p_hostile=0.8, parties=None, **values):
    """Return the one finding on an incident, or null where the clause cannot apply."""
    shares = parties or {}
    attributions = ATTRIBUTION.conform(
        pl.DataFrame(
            {"incident_id": ["i"] * len(shares), "party": list(shares), "p": list(shares.values())},
            schema_overrides={"incident_id": pl.String, "party": pl.String, "p": pl.Float64},
        )
    )
    hostile = pl.DataFrame({"incident_id": ["i"], "p_hostile": [p_hostile]})
    found = clause_findings(incident(**values), hostile, attributions, terms)
    return found.row(0, named=True) if len(found) else None


def test_a_plain_prohibition_is_as_probable_as_the_act(agree) -> None:
    terms = agree({"phenomena": ["explosion"]})
    found = decide(terms)
    assert found["p_violation"] == pytest.approx(0.8)
    assert (found["p_zone"], found["p_time"], found["p_kind"], found["p_exempt"]) == (1, 1, 1, 0)


def test_a_clause_says_nothing_of_what_it_does_not_name(agree) -> None:
    assert decide(agree({"phenomena": ["shot"]})) is None


@pytest.mark.parametrize(
    ("said", "seen", "share"),
    [
        ("explosion", "explosion_impact", 1.0),
        ("explosion_impact", "explosion", 0.5),
        ("explosion_impact", "explosion_impact", 1.0),
    ],
)
def test_an_explosion_covers_its_kinds_and_may_be_one_of_them(agree, said, seen, share) -> None:
    assert decide(agree({"phenomena": [said]}), kind=seen)["p_kind"] == share


@pytest.mark.parametrize(
    ("weapon", "share"), [("mortar", 1.0), ("unknown", 0.5), (None, 0.5), ("small_arms", None)]
)
def test_a_weapon_nobody_named_counts_half(agree, weapon, share) -> None:
    terms = agree({"phenomena": ["explosion"], "weapon_classes": ["mortar"]})
    found = decide(terms, weapon_class=weapon)
    assert (found and found["p_kind"]) == share


@pytest.mark.parametrize(
    ("lon", "sigma", "low", "high"),
    [(37.0, 100.0, 1.0, 1.0), (37.1, 500.0, 0.43, 0.57), (37.5, 100.0, 0.0, 0.0)],
)
def test_a_place_on_the_edge_of_a_zone_is_in_it_half(agree, lon, sigma, low, high) -> None:
    terms = agree(
        {"phenomena": ["explosion"], "zone": "z"},
        zones=[{"id": "z", "polygon": {"file": "zone.geojson"}}],
    )
    found = decide(terms, lon=lon, err_major_m=sigma)
    assert low <= found["p_zone"] <= high
    assert found["p_violation"] == pytest.approx(0.8 * found["p_zone"])


def test_total_width_is_half_to_each_side_of_the_line(agree) -> None:
    """11.2 km east of the line lies within 15 km a side, and outside 15 km in total."""

    def zone(width_is):
        return agree(
            {"phenomena": ["explosion"], "zone": "z"},
            lines=[{"id": "line", "geometry": {"file": "line.geojson"}, "sigma_m": 0}],
            zones=[{"id": "z", "line": "line", "width_m": 15_000, "width_is": width_is}],
        )

    assert decide(zone("per_side"), lon=37.15)["p_zone"] == 1.0
    assert decide(zone("total"), lon=37.15)["p_zone"] == 0.0


def test_an_incident_without_a_place_is_in_no_zone(agree) -> None:
    terms = agree(
        {"phenomena": ["explosion"], "zone": "z"},
        zones=[{"id": "z", "polygon": {"file": "zone.geojson"}}],
    )
    assert decide(terms, lon=None, lat=None)["p_zone"] == 0.0


@pytest.mark.parametrize(
    ("clause", "zone"),
    [
        ({"period": {"start": "2031-05-02T12:00:00Z", "end": "2031-05-02T18:00:00Z"}}, {}),
        ({}, {"period": {"start": "2031-05-02T12:00:00Z", "end": "2031-05-02T18:00:00Z"}}),
        (
            {"period": {"start": "2031-05-01T12:00:00Z", "end": "2031-05-02T18:00:00Z"}},
            {"period": {"start": "2031-05-02T12:00:00Z"}},
        ),
    ],
)
def test_an_interval_counts_by_the_share_in_which_all_terms_hold(agree, clause, zone) -> None:
    """Known only to have happened between 06 and 18 UTC, with terms in force from 12 to 18."""
    terms = agree(
        {"phenomena": ["explosion"], "zone": "z", **clause},
        zones=[{"id": "z", "polygon": {"file": "zone.geojson"}, **zone}],
    )
    found = decide(terms, t_start=NOON - 6 * HOUR, t_end=NOON + 6 * HOUR)
    assert found["p_time"] == pytest.approx(0.5, abs=1e-6)


def test_before_and_after_the_agreement_nothing_breaks_it(agree) -> None:
    terms = agree({"phenomena": ["explosion"]})
    for moment in ("2031-04-30T23:59:59Z", "2031-06-01T00:00:00Z"):
        at = parse_time(moment)
        assert decide(terms, t_start=at, t_end=at, t_best=at)["p_violation"] == 0.0


def test_a_clause_that_binds_one_party_waits_for_its_name(agree) -> None:
    terms = agree({"phenomena": ["explosion"], "parties": ["alpha"]})
    shares = {"alpha": 0.6, "beta": 0.1, "unattributable": 0.3}
    assert decide(terms, parties=shares)["p_violation"] == pytest.approx(0.8 * 0.6)
    assert decide(terms)["p_violation"] == 0.0


def test_a_notified_exercise_is_exempt_where_and_when_it_was_notified(agree) -> None:
    notice = {
        "exemption": "drill",
        "party": "alpha",
        "period": {"start": "2031-05-02T10:00:00Z", "end": "2031-05-02T14:00:00Z"},
        "lon": 37.0,
        "lat": 48.0,
        "radius_m": 5_000,
    }
    terms = agree({"phenomena": ["explosion"]}, exemptions=[EXERCISE], notices=[notice])
    assert decide(terms)["p_violation"] == 0.0
    assert decide(terms, lon=37.2)["p_violation"] == pytest.approx(0.8)
    later = NOON + 5 * HOUR
    assert decide(terms, t_start=later, t_end=later)["p_violation"] == pytest.approx(0.8)


def test_an_exemption_that_needs_no_notice_takes_its_share(agree) -> None:
    own = {**EXERCISE, "id": "self", "kind": "self_defence", "unnotified_share": 0.25}
    terms = agree({"phenomena": ["explosion"]}, exemptions=[own])
    found = decide(terms)
    assert found["p_exempt"] == pytest.approx(0.25)
    assert found["p_violation"] == pytest.approx(0.8 * 0.75)


def test_ceilings_and_duties_are_not_decided_by_incidents(agree) -> None:
    for kind in ("ceiling", "duty"):
        assert decide(agree({"phenomena": ["explosion"], "kind": kind})) is None
