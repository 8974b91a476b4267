"""The shipped agreements: they load, say what was agreed, and lint exactly as stated."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon

from truceline.agreement.examples import example_names, example_path
from truceline.agreement.geometry import find_feature, read_features, zone_polygon
from truceline.agreement.lint import lint_file
from truceline.agreement.reading import load_agreement
from truceline.core.space.geodesy import distance_m
from truceline.core.types.errors import InputError
from truceline.core.types.time import DAY, format_time, parse_time

#: All that the largest mission of monitors could see.
MISSION = {
    "patrols": ("explosion", "shot", "burst", "weapon_present", "assault", "uav", "obstruction")
}
FOUND = {
    "easter-2025": {
        "undefined-line": 1,
        "no-definitions": 1,
        "no-ladder": 1,
        "line-unrecognised": 1,
        "obstruction-no-violation": 1,
        "no-unit": 2,
        "self-defence-undefined": 1,
        "unobservable": 1,
    },
    "lebanon-2024": {
        "no-definitions": 1,
        "obstruction-no-violation": 1,
        "no-unit": 2,
        "self-defence-undefined": 1,
        "duty-no-deadline": 1,
        "ladder-no-clock": 2,
    },
    "minsk-2": {
        "baseline-differs": 3,
        "no-unit": 1,
        "self-defence-undefined": 1,
        "exemption-no-notice": 1,
        "duty-no-deadline": 1,
        "ladder-no-clock": 1,
    },
    "sinai": {"no-definitions": 1, "no-ladder": 1, "obstruction-no-violation": 1},
}


def terms_of(name):
    return load_agreement(example_path(name))


def zones_of(name):
    return {zone.id: zone for zone in terms_of(name).agreement.zones}


def test_there_are_four_and_an_unknown_one_is_named():
    assert set(example_names()) == set(FOUND)
    with pytest.raises(InputError, match="there is no example 'versailles'"):
        example_path("versailles")


@pytest.mark.parametrize("name", sorted(FOUND))
def test_each_lints_exactly_as_stated(name):
    assert Counter(f.rule for f in lint_file(example_path(name), MISSION)) == FOUND[name]


@pytest.mark.parametrize("name", sorted(FOUND))
def test_each_has_sources_with_addresses_and_lines_marked_as_schematic(name):
    terms = terms_of(name)
    assert terms.agreement.id == name
    assert all(source.url.startswith("http") for source in terms.agreement.sources)
    for file in sorted(terms.geometry.glob("*.geojson")):
        for properties, _ in read_features(file):
            assert properties["id"]
            assert properties["note"].startswith("schematic")
    for line in terms.agreement.lines:
        assert line.geometry is None or line.sigma_m >= 1000


def test_easter_is_thirty_hours_with_long_range_and_ground_apart():
    agreement = terms_of("easter-2025").agreement
    start, end = agreement.in_force.micros()
    assert (format_time(start), format_time(end)) == (
        "2025-04-19T15:00:00Z",
        "2025-04-20T21:00:00Z",
    )
    assert list(agreement.party_names()) == ["ua", "ru"]
    phenomena = {clause.id: set(clause.phenomena) for clause in agreement.clauses}
    assert phenomena["long-range"].isdisjoint(phenomena["ground"])


def test_minsk_widths_are_totals_and_the_addendum_is_per_side():
    reach = {name: zone.per_side_m() for name, zone in zones_of("minsk-2").items()}
    assert reach == {
        "artillery": 25_000,
        "rockets": 35_000,
        "heavy-rockets": 70_000,
        "under-100mm": 15_000,
    }


def test_minsk_days_begin_at_two_take_fourteen_and_forty_one_in_all():
    agreement = terms_of("minsk-2").agreement
    start = agreement.in_force.micros()[0]
    duties = {duty.id: duty for duty in agreement.duties}
    assert (duties["D1"].start_day, duties["D1"].complete_days) == (2, 2 + 14)
    addendum = (parse_time("2015-09-29T00:00:00+02:00") - start) // DAY
    assert addendum == 226
    tanks, others = duties["D2"], duties["D3"]
    assert (tanks.start_day, tanks.complete_days - tanks.start_day) == (addendum + 2, 15)
    assert others.complete_days - others.start_day == 24
    assert others.complete_days - addendum == 41
    weapons = next(zone for zone in agreement.zones if zone.id == "under-100mm").weapon_classes
    assert set(weapons) == {"tank", "artillery_under_100mm", "mortar"}


@pytest.mark.parametrize("party", ["ua", "cadlr"])
@pytest.mark.parametrize(
    ("zone", "reach_km"),
    [("artillery", 25), ("rockets", 35), ("heavy-rockets", 70), ("under-100mm", 15)],
)
def test_minsk_zones_reach_as_far_as_agreed_on_the_ground(party, zone, reach_km):
    terms = terms_of("minsk-2")
    drawn = zones_of("minsk-2")[zone]
    ground = zone_polygon(terms.agreement, drawn, terms.geometry, party)
    lines = {line.id: line for line in terms.agreement.lines}
    line = find_feature(terms.geometry, lines[drawn.line_of.get(party, drawn.line or "")].geometry)
    apart = _edge_to_line_km(ground, line)
    assert apart.max() == pytest.approx(reach_km, rel=0.01)
    assert np.median(apart) == pytest.approx(reach_km, rel=0.01)


def test_minsk_baselines_differ_only_around_debaltseve():
    terms = terms_of("minsk-2")
    zone = zones_of("minsk-2")["artillery"]
    one, other = (
        zone_polygon(terms.agreement, zone, terms.geometry, party) for party in ("ua", "cadlr")
    )
    assert one != other
    lines = {line.id: find_feature(terms.geometry, line.geometry) for line in terms.agreement.lines}
    between = shapely.Polygon([*lines["actual"].coords, *reversed(lines["memorandum"].coords)])
    assert shapely.make_valid(between).contains(shapely.Point(38.38, 48.38))


def test_sinai_zones_lie_side_by_side_with_their_ceilings():
    terms = terms_of("sinai")
    limits = {(c.zone, c.unit): (c.party, c.limit) for c in terms.agreement.ceilings}
    assert limits[("A", "person")] == ("eg", 22_000)
    assert limits[("A", "division")] == ("eg", 1)
    assert limits[("B", "battalion")] == ("eg", 4)
    assert limits[("C", "battalion")] == ("eg", 0)
    assert limits[("D", "battalion")] == ("il", 4)
    ground = [zone_polygon(terms.agreement, zone, terms.geometry) for zone in terms.agreement.zones]
    west = [shape.centroid.x for shape in ground]
    assert all(one < other for one, other in pairwise(west))
    assert shapely.union_all(ground).area == pytest.approx(sum(s.area for s in ground), rel=1e-9)
    inside = {"A": (32.6, 30.3), "B": (33.8, 30.3), "C": (34.45, 29.9)}
    for name, place in inside.items():
        assert shapely.contains_xy(ground["ABCD".index(name)], *place)


def test_lebanon_starts_at_four_with_sixty_days_and_a_zone_to_the_river():
    terms = terms_of("lebanon-2024")
    assert format_time(terms.agreement.in_force.micros()[0]) == "2024-11-27T02:00:00Z"
    days = {duty.id: duty.complete_days for duty in terms.agreement.duties}
    assert days == {"withdraw": 60, "deploy": 60, "dismantle": None}
    held = next(c for c in terms.agreement.clauses if c.id == "3").period.micros()[0]
    assert held - terms.agreement.in_force.micros()[0] == 60 * DAY
    ground = zone_polygon(
        terms.agreement, zones_of("lebanon-2024")["south-of-litani"], terms.geometry
    )
    tebnine, nabatieh = (35.41, 33.20), (35.48, 33.38 + 0.05)
    assert shapely.contains_xy(ground, *tebnine)
    assert not shapely.contains_xy(ground, *nabatieh)


def _edge_to_line_km(ground, line):
    """Return the geodesic distance from the corners of a zone to its line, caps left out."""
    polygons = ground.geoms if isinstance(ground, MultiPolygon) else [ground]
    dense = _dense(line)
    corners = np.concatenate([np.asarray(part.exterior.coords) for part in polygons])
    apart = [
        min(distance_m(*corner, *place) for place in _near(dense, corner)) for corner in corners
    ]
    return np.asarray(apart) / 1000


def _dense(line, step=0.002):
    return np.asarray(LineString(line).segmentize(step).coords)


def _near(dense, corner, most=40):
    """Return the places of a line nearest in degrees stretched to the latitude."""
    scale = np.cos(np.radians(corner[1]))
    gap = np.hypot((dense[:, 0] - corner[0]) * scale, dense[:, 1] - corner[1])
    return dense[np.argsort(gap)[:most]]
