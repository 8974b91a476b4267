r"""When satellites that see heat pass, and how likely a fire is seen by one of them.

A sun-synchronous satellite crosses latitude :math:`\varphi` on its way north at the local
mean solar time :math:`T_N + \Delta` and on its way south at :math:`T_N + 12\,h - \Delta`,

.. math:: \Delta = \arcsin(\tan\varphi / \tan i) / 15

with :math:`T_N` the time of its ascending node and :math:`i` its inclination. A place off
the track is seen up to half a swath of solar time earlier or later; which day it is seen
when is not modelled, so a pass is an interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.core.types.tables import EFFORT
from truceline.core.types.time import DAY, HOUR

_EQUATOR_KM: Final = 40_075.0
_DEGREE_KM: Final = 111.32


@dataclass(frozen=True)
class Satellite:
    """A polar satellite with a sensor for heat.

    Attributes
    ----------
    name : str
        As FIRMS writes it in full.
    ascending_h : float
        Local mean solar time of the ascending node, hours.
    inclination_deg, swath_km, orbits_per_day : float
        Its orbit, and the width it sees.
    p_clear : float
        Probability that a fire of the kind meant is seen under a clear sky. An assumption,
        for fires of a few hundred square metres: give your own where you have fitted one.
    since : date
        First day of its data.
    """

    name: str
    ascending_h: float
    inclination_deg: float
    swath_km: float
    orbits_per_day: float
    p_clear: float
    since: date


#: Published orbits; Terra and Aqua have drifted by up to an hour since 2021.
SATELLITES: Final = (
    Satellite("Terra", 22.5, 98.2, 2330.0, 14.56, 0.3, date(2000, 2, 24)),
    Satellite("Aqua", 13.5, 98.2, 2330.0, 14.56, 0.3, date(2002, 7, 4)),
    Satellite("S-NPP", 13.42, 98.7, 3060.0, 14.2, 0.6, date(2012, 1, 20)),
    Satellite("NOAA-20", 13.42, 98.7, 3060.0, 14.2, 0.6, date(2018, 4, 1)),
)

#: Cloud cover by area and time.
CLOUD = Schema(
    "cloud",
    (
        Column("area", pl.String(), "The area."),
        Column("t_start", pl.Int64(), "Start of the interval, UTC microseconds."),
        Column("t_end", pl.Int64(), "Its end."),
        Column("cloud", pl.Float64(), "Share of the sky under cloud.", low=0, high=1),
    ),
)


def solar_times(satellite: Satellite, lat: float) -> tuple[float, float]:
    """Return the local solar hours at which a satellite passes, north-going and south-going.

    Examples
    --------
    >>> aqua = SATELLITES[1]
    >>> [round(hour, 1) for hour in solar_times(aqua, 48.0)]
    [12.9, 2.1]
    """
    ratio = np.tan(np.radians(lat)) / np.tan(np.radians(satellite.inclination_deg))
    delta = float(np.degrees(np.arcsin(np.clip(ratio, -1.0, 1.0)))) / 15.0
    return (satellite.ascending_h + delta) % 24.0, (satellite.ascending_h + 12.0 - delta) % 24.0


def half_swath_h(satellite: Satellite, lat: float) -> float:
    """Return half a swath at a latitude as hours of solar time."""
    return float(satellite.swath_km / 2.0 / (_DEGREE_KM * np.cos(np.radians(lat))) / 15.0)


def p_covered(satellite: Satellite, lat: float) -> float:
    """Return the probability that a place lies in the swath of one of a half-day's orbits.

    Swath over the spacing of neighbouring tracks at that latitude, at most 1.
    """
    spacing = _EQUATOR_KM / satellite.orbits_per_day * np.cos(np.radians(lat))
    return float(min(1.0, satellite.swath_km / spacing))


def find_passes(
    places: pl.DataFrame, first: date, last: date, satellites: Sequence[Satellite] = SATELLITES
) -> pl.DataFrame:
    """Return the passes over each place on the days from the first to the last.

    Parameters
    ----------
    places : polars.DataFrame
        Schema `PLACE`.
    first, last : datetime.date
        Days by local solar time, both included.
    satellites : sequence of Satellite
        Which ones.

    Returns
    -------
    polars.DataFrame
        `cell`, `area`, `satellite`, `t_start`, `t_end`, and `p_clear`: the probability that
        a fire burning then is seen if no cloud is over it.
    """
    days = pl.date_range(first, last, "1d", eager=True).alias("day").to_frame()
    named = places.iter_rows(named=True)
    rows = [row for place in named for s in satellites for row in _orbit(place, s)]
    schema = {
        "cell": pl.String, "area": pl.String, "satellite": pl.String, "since": pl.Date,
        "shift": pl.Int64, "half": pl.Int64, "p_clear": pl.Float64,
    }  # fmt: skip
    orbits = pl.DataFrame(rows, schema=schema, orient="row")
    middle = pl.col("day").cast(pl.Datetime("us")).dt.epoch("us") + pl.col("shift")
    return (
        orbits.join(days, how="cross")
        .filter(pl.col("day") >= pl.col("since"))
        .select(
            *("cell", "area", "satellite"),
            t_start=middle - pl.col("half"),
            t_end=middle + pl.col("half"),
            p_clear="p_clear",
        )
    )


def _orbit(place: dict[str, object], satellite: Satellite) -> list[tuple[object, ...]]:
    """Return both passes of a day over a place, as shifts from midnight UTC."""
    lon, lat = float(str(place["lon"])), float(str(place["lat"]))
    half = round(half_swath_h(satellite, lat) * HOUR)
    p = satellite.p_clear * p_covered(satellite, lat)
    return [
        (
            place["cell"],
            place["area"],
            satellite.name,
            satellite.since,
            round((hour - lon / 15.0) * HOUR),
            half,
            p,
        )
        for hour in solar_times(satellite, lat)
    ]


def under_cloud(passes: pl.DataFrame, cloud: pl.DataFrame) -> pl.DataFrame:
    """Return the passes for which the cloud is known, with `p_seen` = `p_clear` x (1 - cloud).

    The cloud of a pass is the mean over the intervals that it touches, weighted by how long.
    A pass of which less than half has a known sky is left out: what could have been seen is
    then not known either.

    Parameters
    ----------
    passes : polars.DataFrame
        As `find_passes` gives them.
    cloud : polars.DataFrame
        Schema `CLOUD`.
    """
    numbered = passes.with_row_index("pass")
    sky = cloud.select("area", sky_start="t_start", sky_end="t_end", cloud="cloud")
    hour = pl.int_ranges(pl.col("t_start") // HOUR, pl.col("t_end") // HOUR + 1)
    sky_hour = pl.int_ranges(pl.col("sky_start") // HOUR, (pl.col("sky_end") - 1) // HOUR + 1)
    share = (
        pl.min_horizontal("t_end", "sky_end", (pl.col("hour") + 1) * HOUR)
        - pl.max_horizontal("t_start", "sky_start", pl.col("hour") * HOUR)
    ).clip(0)
    seen = (
        numbered.with_columns(hour=hour)
        .explode("hour")
        .join(sky.with_columns(hour=sky_hour).explode("hour"), on=["area", "hour"])
        .with_columns(share=share)
        .filter(pl.col("share") > 0)
        .group_by("pass")
        .agg(
            cloud=(pl.col("cloud") * pl.col("share")).sum() / pl.col("share").sum(),
            known=pl.col("share").sum(),
        )
    )
    return (
        numbered.join(seen, on="pass", maintain_order="left")
        .filter(2 * pl.col("known") >= pl.col("t_end") - pl.col("t_start"))
        .with_columns(p_seen=pl.col("p_clear") * (1.0 - pl.col("cloud")))
        .drop("pass", "known")
    )


def daily_fire_effort(passes: pl.DataFrame, *, source: str, burning_h: float = 6.0) -> pl.DataFrame:
    r"""Return, per place and UTC day, the chance that a fire begun on that day was seen.

    A fire begins in any hour of the day with equal chance and burns for `burning_h` hours.
    It is seen with the largest `p_seen` of the passes whose middle falls while it burns:
    passes share the sky and the pixel, so they are not taken as independent. The chance is
    the mean over the 24 hours.

    Parameters
    ----------
    passes : polars.DataFrame
        As `under_cloud` gives them.
    source : str
        Whose effort this is.
    burning_h : float
        How long a fire burns, hours.

    Returns
    -------
    polars.DataFrame
        Schema `EFFORT`; days for which no pass has a known sky have no row.
    """
    if passes.is_empty():
        return EFFORT.empty()
    middle = (pl.col("t_start") + pl.col("t_end")) // 2
    began = pl.int_ranges(
        (middle - int(burning_h * HOUR)) // HOUR + 1, middle // HOUR + 1, dtype=pl.Int64
    )
    place = ["cell", "area"]
    hours = (
        passes.select(*place, "p_clear", "p_seen", began=began)
        .explode("began", empty_as_null=False)
        .group_by(*place, "began")
        .agg(pl.col("p_clear", "p_seen").max())
    )
    # Only days with a pass of their own count: the evening before the first one does not.
    watched = passes.select(*place, day=middle // DAY).unique()
    return _per_day(hours, watched, place, source)


def _per_day(
    hours: pl.DataFrame, watched: pl.DataFrame, place: list[str], source: str
) -> pl.DataFrame:
    reason = (
        pl.when(pl.col("p_clear") == 0)
        .then(pl.lit("no_pass"))
        .when(pl.col("p_seen") < 0.5 * pl.col("p_clear"))
        .then(pl.lit("cloud"))
        .otherwise(pl.lit("watching"))
    )
    days = hours.group_by(*place, day=pl.col("began") * HOUR // DAY).agg(
        pl.col("p_clear", "p_seen").sum() / 24.0
    )
    return EFFORT.conform(
        watched.join(days, on=[*place, "day"], how="left", nulls_equal=True)
        .with_columns(pl.col("p_clear", "p_seen").fill_null(0.0))
        .sort("day", *place)
        .select(
            *place,
            source=pl.lit(source),
            instrument=pl.lit("satellite_thermal"),
            t_start=pl.col("day") * DAY,
            t_end=(pl.col("day") + 1) * DAY,
            phenomenon=pl.lit("fire"),
            p_detect=pl.col("p_seen").clip(0.0, 1.0),
            reason=reason,
        )
    )
