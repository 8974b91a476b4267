"""Summary of an incident's members: best place and time with error, kind and count."""

from __future__ import annotations

import numba as nb
import numpy as np
import polars as pl

from truceline.core.sorting import IntArray, run_starts, sort_pairs
from truceline.core.types.tables import PHENOMENON, WEAPON_CLASS
from truceline.evidence.observations import witness_numbers
from truceline.judgement.incidents.links import EARTH_RADIUS_M, FloatArray

_METRES = np.pi / 180.0 * EARTH_RADIUS_M

#: What names the incident when its members saw different things: the plainest sign of
#: fighting first, its after-effects last.
_LEADING = (
    "assault", "advance", "launch", "obstruction",
    "explosion_impact", "explosion_airburst", "explosion_outgoing", "explosion",
    "explosion_undetermined", "projectile", "muzzle_flash", "burst", "shot", "violation",
    "uav", "aircraft", "weapon_present", "flare", "alert", "damage", "casualty", "fire", "other",
)  # fmt: skip

#: Columns of an observation that its incident is summarised from.
SUMMARISED = (
    "obs_id", "source", "witness", "phenomenon", "weapon_class", "t_start", "t_end", "area",
    "lon", "lat", "sigma_m", "count", "count_low", "count_high",
)  # fmt: skip

_MOMENTS = ("w", "x", "y", "xx", "yy", "xy")


def summarise(members: pl.DataFrame) -> pl.DataFrame:
    """Return one row an incident from its members' observations, in the order of incidents.

    The place is the mean weighted by the inverse variances, a witness's weight shared among
    its rows. Its error adds the members'
    mean variance to their scatter and divides by the number of witnesses, because
    the several points of one witness share its error.

    Parameters
    ----------
    members : polars.DataFrame
        Observations (of their columns, `SUMMARISED`) with a column `incident_id`, sorted by it
        and by `obs_id`.
    """
    number = members["incident_id"].rle_id().cast(pl.Int64)
    rows = members.with_columns(incident=number, witness_number=witness_numbers(members))
    starts = run_starts(number)
    kind = rows["phenomenon"].replace_strict(_ranks(), return_dtype=pl.Int64).to_numpy()
    t_start, t_end = rows["t_start"].to_numpy(), rows["t_end"].to_numpy()
    table = pl.DataFrame(
        {
            "incident_id": members["incident_id"].gather(starts),
            "kind": np.minimum.reduceat(kind, starts) if len(starts) else kind,
            "t_start": np.minimum.reduceat(t_start, starts) if len(starts) else t_start,
            "t_end": np.maximum.reduceat(t_end, starts) if len(starts) else t_end,
            "t_best": _middle_of_narrowest(starts, t_start, t_end),
            "n_observations": np.diff(starts, append=len(rows)),
        }
    ).with_row_index("incident")
    leading = {rank: phenomenon for phenomenon, rank in _ranks().items()}
    table = table.with_columns(
        pl.col("incident").cast(pl.Int64),
        pl.col("kind").replace_strict(leading, return_dtype=PHENOMENON),
        sector=pl.lit(None, pl.String),
    )
    for more in (_witnesses(rows), _weapons(rows), _areas(rows), _counts(rows)):
        table = table.join(more, on="incident", how="left", maintain_order="left")
    placed = _places(rows, table.select("incident", "n_witnesses"))
    return table.join(placed, on="incident", how="left", maintain_order="left").drop("incident")


@nb.njit(cache=True)
def _middle_of_narrowest(starts: IntArray, t_start: IntArray, t_end: IntArray) -> IntArray:
    """Return the middle of each incident's narrowest interval; of equals, of the earliest."""
    out = np.empty(starts.shape[0], np.int64)
    for k in range(starts.shape[0]):
        end = starts[k + 1] if k + 1 < starts.shape[0] else t_start.shape[0]
        best = starts[k]
        for i in range(starts[k] + 1, end):
            narrower = (t_end[i] - t_start[i]) - (t_end[best] - t_start[best])
            if narrower < 0 or (narrower == 0 and t_start[i] < t_start[best]):
                best = i
        out[k] = (t_start[best] + t_end[best]) // 2
    return out


def _ranks() -> dict[str, int]:
    return {phenomenon: rank for rank, phenomenon in enumerate(_LEADING)}


def _shares(rows: pl.DataFrame) -> IntArray:
    """Return how many rows of the same incident the witness of each row has."""
    incident, witness = rows["incident"].to_numpy(), rows["witness_number"].to_numpy()
    if len(rows) == 0:
        return np.empty(0, np.int64)
    order, of, by = sort_pairs(incident, witness)
    fresh = np.flatnonzero((np.diff(of, prepend=-1) != 0) | (np.diff(by, prepend=-1) != 0))
    out = np.empty(len(rows), np.int64)
    many = np.diff(fresh, append=len(rows))
    out[order] = np.repeat(many, many)
    return out


def _witnesses(rows: pl.DataFrame) -> pl.DataFrame:
    incident, witness = rows["incident"].to_numpy(), rows["witness_number"].to_numpy()
    if len(rows) == 0:
        return pl.DataFrame(schema={"incident": pl.Int64, "n_witnesses": pl.Int64})
    _, of, by = sort_pairs(incident, witness)
    fresh = (np.diff(of, prepend=-1) != 0) | (np.diff(by, prepend=-1) != 0)
    return pl.DataFrame({"n_witnesses": np.bincount(of[fresh])}).select(
        pl.int_range(pl.len()).alias("incident"), "n_witnesses"
    )


def _weapons(rows: pl.DataFrame) -> pl.DataFrame:
    """Take the class named most often; of equals, the one whose name comes first."""
    named = rows.filter(pl.col("weapon_class").is_not_null())
    return named.group_by("incident").agg(
        pl.col("weapon_class").cast(pl.String).mode().sort().first().cast(WEAPON_CLASS)
    )


def _areas(rows: pl.DataFrame) -> pl.DataFrame:
    named = rows.filter(pl.col("area").is_not_null())
    return named.group_by("incident").agg(pl.col("area").min())


def _counts(rows: pl.DataFrame) -> pl.DataFrame:
    """Sum each witness's counts, and take the largest of any one witness."""
    counted = rows.filter(pl.col("count").is_not_null()).with_columns(
        pl.coalesce("count_low", "count").alias("count_low"),
        pl.coalesce("count_high", "count").alias("count_high"),
    )
    columns = ("count", "count_low", "count_high")
    return (
        counted.group_by("incident", "witness_number")
        .agg(pl.col(columns).sum())
        .group_by("incident")
        .agg(pl.col(columns).max())
    )


def _places(rows: pl.DataFrame, witnesses: pl.DataFrame) -> pl.DataFrame:
    of_all, x, y = pl.col("w"), pl.col("x"), pl.col("y")
    moments = _moments(rows).with_columns(*(pl.col(name) / of_all for name in _MOMENTS[1:]))
    n_w = pl.col("n_witnesses")
    own = n_w / pl.col("w")
    cov = moments.join(witnesses, on="incident", maintain_order="left").with_columns(
        sxx=((pl.col("xx") - x * x).clip(0.0) + own) / n_w,
        syy=((pl.col("yy") - y * y).clip(0.0) + own) / n_w,
        sxy=(pl.col("xy") - x * y) / n_w,
    )
    mean = (pl.col("sxx") + pl.col("syy")) / 2
    spread = (((pl.col("sxx") - pl.col("syy")) / 2) ** 2 + pl.col("sxy") ** 2).sqrt()
    azimuth = pl.arctan2(2 * pl.col("sxy"), pl.col("syy") - pl.col("sxx")).degrees() / 2
    return cov.select(
        "incident",
        lon=pl.col("_lon0") + x / (_METRES * pl.col("_lat0").radians().cos()),
        lat=pl.col("_lat0") + y / _METRES,
        err_major_m=(mean + spread).sqrt(),
        err_minor_m=(mean - spread).clip(0.0).sqrt(),
        err_azimuth_deg=pl.when(azimuth < 0).then(azimuth + 180).otherwise(azimuth),
    )


def _moments(rows: pl.DataFrame) -> pl.DataFrame:
    """Return each incident's south-western corner, and its weighted sums in metres from there."""
    placed = rows.filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
    variance = pl.col("sigma_m").fill_null(2_500.0).clip(1.0) ** 2
    # The rows of one witness share its weight, so that a copy of a row moves no place.
    shares = pl.Series(_shares(placed))
    starts = run_starts(placed["incident"])
    number = placed["incident"].rle_id()
    lon, lat = placed["lon"].to_numpy(), placed["lat"].to_numpy()
    origins = pl.DataFrame(
        {
            "incident": placed["incident"].gather(starts),
            "_lon0": np.minimum.reduceat(lon, starts) if len(starts) else lon,
            "_lat0": np.minimum.reduceat(lat, starts) if len(starts) else lat,
        }
    )
    east = (pl.col("lon") - pl.col("_lon0")) * _METRES * pl.col("_lat0").radians().cos()
    north = (pl.col("lat") - pl.col("_lat0")) * _METRES
    local = placed.with_columns(origins.drop("incident")[number]).select(
        w=1.0 / (variance * shares), x=east, y=north
    )
    sums = _sums(starts, *(local[c].to_numpy() for c in ("w", "x", "y")))
    columns = {name: pl.Series(column) for name, column in zip(_MOMENTS, sums.T, strict=True)}
    return origins.with_columns(**columns)


@nb.njit(cache=True)
def _sums(starts: IntArray, w: FloatArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """Add up weights, weighted places and their products, with what rounding loses (Kahan)."""
    out, lost = np.zeros((starts.shape[0], 6)), np.zeros(6)
    for k in range(starts.shape[0]):
        end = starts[k + 1] if k + 1 < starts.shape[0] else w.shape[0]
        lost[:] = 0.0
        for i in range(starts[k], end):
            wx, wy = w[i] * x[i], w[i] * y[i]
            for m, term in enumerate((w[i], wx, wy, wx * x[i], wy * y[i], wx * y[i])):
                mended = term - lost[m]
                total = out[k, m] + mended
                lost[m] = (total - out[k, m]) - mended
                out[k, m] = total
    return out
