"""Air presence: worked by hand, the guarantor only ever adds, sides mirror, reasons are given."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError, TermsError
from truceline.force.air.presence import air_plan, hours_to_presence, kept_stations
from truceline.force.air.stations import (
    AIR_BASES,
    AIRCRAFT_TYPES,
    STATIONS,
    AircraftType,
    base_km,
    orbit,
    sortie_rate,
    types_of,
)

KIND = AircraftType(800.0, 5.0, 2.0, 1.0, 0.5, 0.8, 2, 3.0, 7.0, 0.25)


def types():
    row = {
        "type": "patrol",
        "speed_kmh": 800.0,
        "endurance_h": 5.0,
        "turnaround_h": 2.0,
        "upkeep_h": 1.0,
        "upkeep_per_h": 0.5,
        "availability": 0.8,
        "per_station": 2,
        "refuel_h": 3.0,
        "most_h": 7.0,
        "alert_h": 0.25,
        "source": "made by hand",
    }
    return pl.DataFrame([row], schema=AIRCRAFT_TYPES.dtypes())


def bases(*rows):
    """Rows of name, longitude, aircraft, refuellings, backstop."""
    return pl.DataFrame(
        [
            {
                "base": name,
                "lon": lon,
                "lat": 48.0,
                "type": "patrol",
                "aircraft": aircraft,
                "refuellings": float(refuellings),
                "backstop": backstop,
                "source": "made by hand",
            }
            for name, lon, aircraft, refuellings, backstop in rows
        ],
        schema=AIR_BASES.dtypes(),
    )


def stations(*longitudes):
    return pl.DataFrame(
        [
            {"station": f"s{i}", "lon": lon, "lat": 48.0, "type": "patrol"}
            for i, lon in enumerate(longitudes)
        ],
        schema=STATIONS.dtypes(),
    )


def places(*longitudes):
    return pl.DataFrame(
        [{"place": f"p{i}", "lon": lon, "lat": 48.0} for i, lon in enumerate(longitudes)]
    )


def test_an_orbit_by_hand():
    # 400 km: half an hour each way, 4 on station, ground 2 + 1 + 2.5, cycle 10.5
    found = orbit(400.0, KIND)
    assert (found.transit_h, found.on_station_h, found.cycle_h) == (0.5, 4.0, 10.5)
    assert found.aircraft == pytest.approx(2 * 10.5 / (4 * 0.8))
    assert found.refuellings_per_day == 0


def test_a_refuelling_lengthens_the_flight_as_far_as_crews_may_fly():
    found = orbit(400.0, KIND, refuelled=True)
    assert found.on_station_h == 6.0  # 7 hours flown, not 8
    assert found.aircraft == pytest.approx(2 * (7 + 3 + 3.5) / (6 * 0.8))
    assert found.refuellings_per_day == pytest.approx(24 / 6 * 2)


def test_the_published_sortie_rate():
    kind = AircraftType(926, 3, 3.0, 3.4, 0.68, 1.0, 2, None, 8, 0.25)
    assert sortie_rate(2.0, kind) == pytest.approx(24 / 9.76)
    assert sortie_rate(2.0, kind) == pytest.approx(2.46, abs=0.005)


def test_an_orbit_agrees_with_the_sortie_rate():
    # flights needed a day = 24 / T x s; flights an aircraft makes a day x availability
    found = orbit(400.0, KIND)
    needed = 24 / found.on_station_h * KIND.per_station
    assert found.aircraft == pytest.approx(needed / (sortie_rate(5.0, KIND) * KIND.availability))


def test_out_of_reach_is_infinite():
    assert math.isinf(orbit(2000.0, KIND).aircraft)


def test_stations_kept_are_the_aircraft_over_the_need():
    line = stations(37.0, 37.0, 37.0)
    base = bases(("home", 37.0, 14, 0, False))
    need = orbit(0.0, KIND).aircraft  # 5 on station, cycle 10.5: 5.25 aircraft
    assert need == pytest.approx(5.25)
    table = kept_stations(base, types(), line)
    assert table["kept"].sum() == 2
    left = table.filter(~pl.col("kept"))
    assert left["cover"][0] == pytest.approx((14 - 2 * need) / need, abs=1e-6)
    assert "5.2 aircraft" in left["why"][0]


def test_two_bases_share_a_station():
    line = stations(37.0)
    need = orbit(0.0, KIND).aircraft
    assert 3 < need < 6
    table = kept_stations(bases(("a", 37.0, 3, 0, False), ("b", 37.0, 3, 0, False)), types(), line)
    assert table["kept"].to_list() == [True]
    assert table["aircraft"][0] >= need - 1e-6


def test_refuelling_keeps_a_station_that_aircraft_alone_do_not():
    line = stations(50.0)
    dry = kept_stations(bases(("home", 37.0, 9, 0, False)), types(), line)
    wet = kept_stations(bases(("home", 37.0, 9, 40, False)), types(), line)
    assert (dry["kept"][0], wet["kept"][0]) == (False, True)
    assert 0 < wet["refuellings"][0] <= 40 + 1e-6


def test_nothing_based_nothing_kept_and_it_says_why():
    table = kept_stations(bases(), types(), stations(37.0))
    assert table["why"].to_list() == ["no base has a patrol"]
    far = kept_stations(bases(("home", -60.0, 50, 0, False)), types(), stations(37.0))
    assert far["why"].to_list() == ["no patrol reaches it with time left to stay"]
    assert far["cover"].to_list() == [0.0]


@settings(max_examples=40, deadline=None)
@given(
    own=st.lists(st.tuples(st.floats(30, 44), st.integers(0, 15)), max_size=3),
    other=st.lists(st.tuples(st.floats(30, 44), st.integers(0, 15)), max_size=2),
    line=st.lists(st.floats(35, 40), min_size=1, max_size=4),
    refuellings=st.integers(0, 30),
)
def test_removing_the_guarantor_never_improves_presence(own, other, line, refuellings):
    table = bases(
        *((f"o{i}", lon, n, refuellings, False) for i, (lon, n) in enumerate(own)),
        *((f"g{i}", lon, n, refuellings, True) for i, (lon, n) in enumerate(other)),
    )
    wanted = stations(*line)
    plan = air_plan(table, types(), wanted)
    assert (plan.backed["kept"] >= plan.without["kept"]).all()
    hours = hours_to_presence(places(34.0, 37.5, 41.0), plan, table, types(), wanted)
    for without, backed in hours.select("without_h", "with_h").iter_rows():
        assert without is None or backed <= without + 1e-9


@settings(max_examples=25, deadline=None)
@given(
    where=st.lists(st.tuples(st.floats(-6, 6), st.integers(0, 15)), min_size=1, max_size=3),
    line=st.lists(st.floats(-2, 2), min_size=1, max_size=3),
)
def test_swapping_the_sides_mirrors_the_presence(where, line):
    def kept(sign):
        table = bases(*((f"b{i}", 37 + sign * d, n, 5, False) for i, (d, n) in enumerate(where)))
        return kept_stations(table, types(), stations(*(37 + sign * d for d in line)))

    assert kept(1)["kept"].sum() == kept(-1)["kept"].sum()


def test_hours_from_a_station_and_from_alert():
    table = bases(("home", 37.0, 6, 0, False))
    line = stations(37.5)
    plan = air_plan(table, types(), line)
    assert plan.without["kept"][0]
    near, far = (base_km({"lon": 37.5, "lat": 48.0}, p) for p in places(38, 36).to_dicts())
    hours = hours_to_presence(places(38.0, 36.0), plan, table, types(), line)
    assert hours["without_h"][0] == pytest.approx(near / 800)
    home = base_km({"lon": 37.0, "lat": 48.0}, {"lon": 36.0, "lat": 48.0})
    assert hours["without_h"][1] == pytest.approx(min(far / 800, 0.25 + home / 800))


def test_a_place_beyond_all_reach_is_null():
    table = bases(("home", 37.0, 6, 0, False))
    plan = air_plan(table, types(), stations(37.5))
    hours = hours_to_presence(places(-120.0), plan, bases(), types(), stations().head(0))
    assert hours.row(0) == ("p0", None, None)


def test_demands_that_clash_are_named():
    with pytest.raises(TermsError, match=r"s0, s1 cannot all be kept"):
        kept_stations(
            bases(("home", 37.0, 6, 0, False)), types(), stations(37.0, 37.0), keep=("s0", "s1")
        )


def test_an_unknown_type_is_named():
    with pytest.raises(TermsError, match="'patrol'"):
        kept_stations(bases(("a", 37.0, 3, 0, False)), types().head(0), stations(37.0))


def test_a_type_named_twice_is_refused():
    with pytest.raises(InputError, match="twice"):
        types_of(pl.concat([types(), types()]))
