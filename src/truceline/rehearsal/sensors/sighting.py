"""What a sensor or a person noted, before it becomes a row of the observation table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import polars_h3 as plh3
import polars_hash as plh

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.tables import EFFORT, OBSERVATION
from truceline.rehearsal.draws import Draws, What
from truceline.rehearsal.scenarios.scenario import SensorSpec
from truceline.rehearsal.sensors.stretch import BoolArray, Stretch
from truceline.rehearsal.worlds.benign import CAUSE, CAUSES
from truceline.rehearsal.worlds.geography import Places
from truceline.rehearsal.worlds.signs import Signs
from truceline.rehearsal.worlds.truth import TRUTH_LINK, act_ids, benign_ids
from truceline.rehearsal.worlds.weather import Weather

IntArray = npt.NDArray[np.int64]

#: Columns a sensor fills in; what it leaves out is unknown. Times are seconds from the
#: origin of the calendar, places metres on the plane; `unit` is the number, among those of its
#: instrument, of who noted it.
SIGHTING: Mapping[str, pl.DataType] = {
    "unit": pl.Int64(),
    "owner": pl.Int64(),
    "cause": pl.Int64(),
    "source": pl.String(),
    "instrument": pl.String(),
    "witness": pl.String(),
    "t0": pl.Float64(),
    "t1": pl.Float64(),
    "received": pl.Float64(),
    "x": pl.Float64(),
    "y": pl.Float64(),
    "sigma_m": pl.Float64(),
    "area": pl.String(),
    "phenomenon": pl.String(),
    "count": pl.Float64(),
    "weapon_class": pl.String(),
    "bearing": pl.Float64(),
    "bearing_sigma_deg": pl.Float64(),
    "party_claimed": pl.String(),
    "reliability": pl.String(),
    "credibility": pl.UInt8(),
    "attributes": pl.String(),
}

#: Owner of what is no sign of anything.
NOBODY = -1


@dataclass(frozen=True)
class Sensed:
    """What one kind of sensor noted in a province, and how much it could have.

    Attributes
    ----------
    sightings : polars.DataFrame
        Columns of `SIGHTING`.
    effort : polars.DataFrame
        Schema `EFFORT`.
    """

    sightings: pl.DataFrame
    effort: pl.DataFrame


@dataclass(frozen=True)
class Watch(Stretch):
    """All that a sensor has to do with: signs, weather, ground and hindrance.

    Attributes
    ----------
    n_acts : int
        Owners below it are hostile; sensors do not use it, reporters of a party do.
    """

    around: Places
    weather: Weather
    signs: Signs
    n_acts: int

    def p(self, spec: SensorSpec) -> float:
        """Return a sensor's probability of detection in this world."""
        return min(spec.p * self.scenario.scale.detection, 0.99)

    def off(self, chance: Draws, sigma: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return errors of place, x and y, of one sigma each."""
        scale = self.scenario.scale.errors * np.asarray(sigma)
        return scale * chance.normal(What.X), scale * chance.normal(What.Y)


#: Made once: most patrols see nothing, and an empty table takes as long to make as a full one.
_NOTHING: Final = pl.DataFrame(schema=dict(SIGHTING))


def noted(n: int, **columns: Any) -> pl.DataFrame:
    """Return sightings from columns and constants.

    Examples
    --------
    >>> noted(2, source="cameras", count=[1.0, 2.0]).select("source", "count").rows()
    [('cameras', 1.0), ('cameras', 2.0)]
    """
    if n == 0:
        return _NOTHING
    filled = {name: value for name, value in columns.items() if not _is_constant(value)}
    table = pl.DataFrame({"row": np.arange(n), **filled}, nan_to_null=True)
    return table.select(
        pl.col(name).cast(dtype) if name in filled else pl.lit(columns.get(name), dtype).alias(name)
        for name, dtype in SIGHTING.items()
    )


def _is_constant(value: object) -> bool:
    return value is None or isinstance(value, (str, int, float))


def cells_of(
    watch: Watch, resolution: int, reach_m: float, step_m: float
) -> tuple[list[str], FloatArray, FloatArray, FloatArray]:
    """Return the H3 cells near the line of a province, with their middles on the plane.

    Returns
    -------
    tuple
        Cells; x, y; distance along the line of a place in each.
    """
    s = np.arange(watch.low + step_m / 2, watch.high, step_m)
    depth = np.arange(-reach_m, reach_m + 1.0, step_m)
    grid_s, grid_d = (a.ravel() for a in np.meshgrid(s, depth))
    lon, lat = watch.country.frame.to_degrees(*watch.country.front.place(grid_s, grid_d))
    table = (
        pl.DataFrame({"lon": lon, "lat": lat, "s": grid_s})
        .with_columns(cell=plh3.latlng_to_cell("lat", "lon", resolution, return_dtype=pl.String))
        .group_by("cell")
        .agg(pl.col("s").mean())
        .sort("cell")
        .with_columns(lat=plh3.cell_to_lat("cell"), lon=plh3.cell_to_lng("cell"))
    )
    x, y = watch.country.frame.from_degrees(table["lon"].to_numpy(), table["lat"].to_numpy())
    return table["cell"].to_list(), x, y, table["s"].to_numpy()


def effort_rows(watch: Watch, **columns: Any) -> pl.DataFrame:
    """Return effort rows from columns and constants; times are seconds from the origin."""
    filled = {name: value for name, value in columns.items() if not _is_constant(value)}
    table = pl.DataFrame(filled).with_columns(
        pl.lit(value).alias(name) for name, value in columns.items() if name not in filled
    )
    if table.is_empty():
        return EFFORT.empty()
    micros = {
        name: pl.Series(name, watch.calendar.micros(table[name].to_numpy().astype(np.float64)))
        for name in ("t_start", "t_end")
    }
    return EFFORT.conform(table.with_columns(**micros))


def across(table: pl.DataFrame, phenomena: tuple[str, ...]) -> pl.DataFrame:
    """Return effort rows once for each phenomenon."""
    parts = [
        table.with_columns(phenomenon=pl.lit(p, EFFORT.dtypes()["phenomenon"])) for p in phenomena
    ]
    return pl.concat(parts)


def paired(first: IntArray, after: IntArray) -> tuple[IntArray, IntArray]:
    """Return all pairs of rows and of numbers from the first of a row to before its last.

    Examples
    --------
    >>> paired(np.array([5, 0]), np.array([7, 1]))
    (array([0, 0, 1]), array([5, 6, 0]))
    """
    size = np.maximum(after - first, 0)
    which = np.repeat(np.arange(len(size)), size)
    return which, np.arange(len(which)) - np.repeat(np.cumsum(size) - size - first, size)


def during(signs: Signs, start: FloatArray, end: FloatArray) -> tuple[IntArray, IntArray]:
    """Return all pairs of intervals and of signs that last into them; signs are in time."""
    longest = float(signs.seconds.max(initial=0.0))
    which, sign = paired(*(np.searchsorted(signs.t, t) for t in (start - longest, end)))
    lasts = signs.t[sign] + signs.seconds[sign] > start[which]
    return which[lasts], sign[lasts]


def runs(up: BoolArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return stretches of equal values of each row: the row, the first and after the last.

    Examples
    --------
    >>> [part.tolist() for part in runs(np.array([[True, True, False], [True, True, True]]))]
    [[0, 0, 1], [0, 2, 0], [2, 3, 3]]
    """
    changes = np.ones(up.shape, np.bool_)
    changes[:, 1:] = up[:, 1:] != up[:, :-1]
    row, first = np.nonzero(changes)
    after = np.append(first, 0)[1:]
    return row, first, np.where(after > 0, after, up.shape[1])


def observed(watch: Watch, sightings: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return sightings as observations, and the truth behind each of them.

    The identity is a hash of the rehearsal, of who noted it and of the how manieth of his notes it
    is, so that it does not depend on who else was there; `raw_file` names seed and province in
    place of a file.
    """
    frame, calendar = watch.country.frame, watch.calendar
    noted_by = ("instrument", "unit")
    number = pl.int_range(pl.len(), dtype=pl.Int64).over(noted_by)
    key = f"{watch.scenario.name}|{watch.scenario.seed}|{calendar.era}|{watch.province}"
    x = sightings["x"].fill_null(0.0).to_numpy()
    y = sightings["y"].fill_null(0.0).to_numpy()
    lon, lat = frame.to_degrees(x, y)
    placed = pl.col("x").is_not_null()
    times = {
        name: calendar.micros(sightings[column].to_numpy())
        for name, column in (("t_start", "t0"), ("t_end", "t1"), ("received_at", "received"))
    }
    turn = pl.col("bearing") if not frame.mirrored else (360.0 - pl.col("bearing")) % 360.0
    table = sightings.with_columns(
        **{name: pl.Series(values) for name, values in times.items()},
        lon=pl.when(placed).then(pl.Series(lon)),
        lat=pl.when(placed).then(pl.Series(lat)),
        bearing_deg=turn,
        handling=pl.lit("GREEN"),
        raw_row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
        raw_file=pl.lit(hashlib.sha256(key.encode()).hexdigest()),
        obs_id=plh.concat_str(
            pl.lit(key), pl.col(noted_by).cast(pl.String), number.cast(pl.String), separator="|"
        )
        .chash.blake3()
        .str.slice(0, 32),
    )
    return OBSERVATION.conform(table), _links(watch, table)


def _links(watch: Watch, table: pl.DataFrame) -> pl.DataFrame:
    era, owner = watch.calendar.era, table["owner"].to_numpy()
    hostile = act_ids(era, watch.province, owner.clip(0))
    harmless = benign_ids(era, watch.province, (owner - watch.n_acts).clip(0))
    own = pl.col("owner")
    linked = table.with_columns(a=hostile, b=harmless).select(
        "obs_id",
        event_id=pl.when(own < 0).then(None).when(own < watch.n_acts).then("a").otherwise("b"),
        cause=pl.when(pl.col("cause").is_not_null())
        .then(
            pl.col("cause").replace_strict(
                dict(enumerate(CAUSES)), default=None, return_dtype=pl.String
            )
        )
        .when((own >= 0) & (own < watch.n_acts))
        .then(pl.lit("hostile")),
    )
    return TRUTH_LINK.conform(linked.with_columns(pl.col("cause").fill_null("")))


def noise_cause() -> int:
    """Return the cause of what a sensor made up by itself."""
    return CAUSE["sensor_noise"]
