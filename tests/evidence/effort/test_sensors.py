"""Sensors fade with distance, sleep, are jammed; patrols see along their track, by day."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.core.types.time import HOUR, MINUTE, parse_time
from truceline.evidence.effort.daylight import is_daylight, sun_elevation_deg
from truceline.evidence.effort.patrols import (
    DENIED,
    TRACK,
    Sense,
    denied_effort,
    patrol_effort,
)
from truceline.evidence.effort.ranges import SENSOR, STATUS, sensor_effort

NOON = parse_time("2020-07-20T09:30:00Z")
MIDNIGHT = parse_time("2020-07-20T21:30:00Z")

CAMERA = {
    "sensor": "mast 1", "source": "cameras", "instrument": "camera", "phenomenon": "explosion",
    "lon": 37.5, "lat": 48.0, "p_near": 0.8, "range_m": 5000.0, "falloff_m": 500.0,
    "azimuth_deg": None, "view_deg": None, "night_factor": 1.0,
}  # fmt: skip


def sensors(**changed: object) -> pl.DataFrame:
    return SENSOR.conform(pl.DataFrame([{**CAMERA, **changed}], schema=SENSOR.dtypes()))


def status(*rows: tuple[int, int, str]) -> pl.DataFrame:
    return STATUS.conform(
        pl.DataFrame(
            [{"sensor": "mast 1", "t_start": s, "t_end": e, "reason": r} for s, e, r in rows],
            schema=STATUS.dtypes(),
        )
    )


def test_the_sun_stands_where_almanacs_say() -> None:
    # Greenwich, solstice 2025-06-21 12:02 UTC: 90 - 51.48 + 23.44 = 61.96 degrees.
    assert sun_elevation_deg(parse_time("2025-06-21T12:02:00Z"), 0.0, 51.48) == pytest.approx(
        61.96, abs=0.05
    )
    # And the winter solstice: 90 - 51.48 - 23.44 = 15.08 degrees.
    assert sun_elevation_deg(parse_time("2025-12-21T11:58:00Z"), 0.0, 51.48) == pytest.approx(
        15.08, abs=0.05
    )
    # By hand for 48 N with a declination of 11.4 degrees: the sun rises 6.95 h before noon.
    assert sun_elevation_deg(parse_time("2025-04-20T02:31:00Z"), 37.8, 48.0) == pytest.approx(
        -0.83, abs=0.3
    )
    assert not is_daylight(MIDNIGHT, 37.5, 48.0)
    assert is_daylight(NOON, 37.5, 48.0)


def test_a_sensor_fades_with_distance() -> None:
    found = sensor_effort(sensors(), status((NOON, NOON + HOUR // 2, "watching")))
    assert found["p_detect"].max() == pytest.approx(0.8, abs=0.01)
    assert found["p_detect"].min() >= 0.01
    # Half-range 5 km and four and a half widths beyond: at most 7.3 km, 167 square km.
    assert 15 < found.height < 40
    assert found["source"].unique().to_list() == ["cameras"]


def test_a_camera_sees_only_where_it_looks() -> None:
    everywhere = sensor_effort(sensors(), status((NOON, NOON + HOUR // 2, "watching")))
    quarter = sensor_effort(
        sensors(azimuth_deg=0.0, view_deg=90.0), status((NOON, NOON + HOUR // 2, "watching"))
    )
    assert 0.1 < quarter.height / everywhere.height < 0.4


def test_a_broken_or_jammed_sensor_sees_nothing_and_says_why() -> None:
    found = sensor_effort(
        sensors(),
        status((NOON, NOON + HOUR // 2, "down"), (MIDNIGHT, MIDNIGHT + HOUR // 2, "jamming")),
    )
    assert found["p_detect"].max() == 0.0
    assert set(found["reason"]) == {"down", "jamming"}


def test_a_time_without_a_status_is_no_effort() -> None:
    assert sensor_effort(sensors(), STATUS.empty()).is_empty()


def test_night_leaves_what_the_sensor_says() -> None:
    found = sensor_effort(
        sensors(night_factor=0.25),
        status((NOON, NOON + HOUR // 2, "watching"), (MIDNIGHT, MIDNIGHT + HOUR // 2, "watching")),
    )
    by_reason = dict(found.group_by("reason").agg(pl.col("p_detect").max()).rows())
    assert by_reason["night"] == pytest.approx(by_reason["watching"] * 0.25)


def test_a_status_of_an_unknown_sensor_is_an_error() -> None:
    stranger = status((NOON, NOON + HOUR, "watching")).with_columns(sensor=pl.lit("mast 9"))
    with pytest.raises(InputError, match="mast 9"):
        sensor_effort(sensors(), stranger)


def track(*positions: tuple[int, float, float]) -> pl.DataFrame:
    return TRACK.conform(
        pl.DataFrame(
            [{"patrol": "P1", "t": t, "lon": lon, "lat": lat} for t, lon, lat in positions],
            schema=TRACK.dtypes(),
        )
    )


WEAPONS = (Sense("weapon_present", 0.5, 1000.0, 250.0, 0.0),)


def test_a_patrol_watches_along_its_way_and_nowhere_else() -> None:
    found = patrol_effort(
        track((NOON, 37.5, 48.0), (NOON + 20 * MINUTE, 37.6, 48.0)),
        source="patrols",
        senses=WEAPONS,
    )
    assert set(found["reason"]) == {"watching"}
    assert found["t_start"].min() >= NOON
    assert found["t_end"].max() <= NOON + 20 * MINUTE
    # 7.5 km of road with two kilometres to each side hold a handful of cells of 5 square km.
    assert 4 <= found["cell"].n_unique() <= 14


def test_a_gap_in_the_track_is_not_watched() -> None:
    far_apart = track((NOON, 37.5, 48.0), (NOON + 40 * MINUTE, 37.6, 48.0))
    assert patrol_effort(far_apart, source="patrols").is_empty()
    assert patrol_effort(track((NOON, 37.5, 48.0)), source="patrols").is_empty()


def test_at_night_a_patrol_sees_no_weapons() -> None:
    found = patrol_effort(
        track((MIDNIGHT, 37.5, 48.0), (MIDNIGHT + 20 * MINUTE, 37.5, 48.0)),
        source="patrols",
        senses=WEAPONS,
    )
    assert set(found["reason"]) == {"night"}
    assert found["p_detect"].max() == 0.0


def test_a_stay_is_one_row_a_cell() -> None:
    stay = track(*((NOON + i * 10 * MINUTE, 37.5, 48.0) for i in range(7)))
    found = patrol_effort(stay, source="patrols", senses=WEAPONS)
    assert found.height == found["cell"].n_unique()
    assert found.select((pl.col("t_end") - pl.col("t_start")).unique()).item() == HOUR


@settings(max_examples=40, deadline=None)
@given(
    minutes=st.lists(st.integers(0, 600), min_size=2, max_size=6, unique=True),
    lon=st.floats(-179, 179),
    lat=st.floats(-70, 70),
)
def test_effort_lies_within_the_track_and_within_bounds(
    minutes: list[int], lon: float, lat: float
) -> None:
    positions = [(NOON + m * MINUTE, lon + m / 1e4, lat) for m in sorted(minutes)]
    found = patrol_effort(track(*positions), source="p", senses=WEAPONS)
    if not found.is_empty():
        assert found["t_start"].min() >= positions[0][0]
        assert found["t_end"].max() <= positions[-1][0]
        assert found["p_detect"].is_between(0, 0.5).all()


def test_denied_ground_is_a_row_of_zero_with_its_reason() -> None:
    refused = DENIED.conform(
        pl.DataFrame(
            [
                {
                    "t_start": NOON, "t_end": NOON + HOUR, "lon": 37.5, "lat": 48.0,
                    "radius_m": 3000.0, "reason": "denied",
                }
            ],
            schema=DENIED.dtypes(),
        )
    )  # fmt: skip
    found = denied_effort(refused, source="patrols", phenomena=["explosion", "shot"])
    assert set(found["p_detect"]) == {0.0}
    assert set(found["reason"]) == {"denied"}
    assert found.height == 2 * found["cell"].n_unique() > 2
