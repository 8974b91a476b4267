"""Summary of an incident's members: best place and time with error, kind and count."""

from __future__ import annotations

import numpy as np
import polars as pl

from truceline.core.types.tables import PHENOMENON, WEAPON_CLASS
from truceline.judgement.incidents.links import EARTH_RADIUS_M

_METRES = np.pi / 180.0 * EARTH_RADIUS_M

#: What names the incident when its members saw different things: the plainest sign of
#: fighting first, its after-effects last.
_LEADING = (
    "assault", "advance", "launch", "obstruction",
    "explosion_impact", "explosion_airburst", "explosion_outgoing", "explosion",
    "explosion_undetermined", "projectile", "muzzle_flash", "burst", "shot", "violation",
    "uav", "aircraft", "weapon_present", "flare", "alert", "damage", "casualty", "fire", "other",
)  # fmt: skip


def summarise(members: pl.DataFrame) -> pl.DataFrame:
    """Return one row an incident from its members' observations.

    The place is the mean weighted by the inverse variances, a witness's weight shared among
    its rows. Its error adds the members'
    mean variance to their scatter and divides by the number of witnesses, because
    the several points of one witness share its error.

    Parameters
    ----------
    members : polars.DataFrame
        Observations with a column `incident_id`.
    """
    narrowest = pl.struct(pl.col("t_end") - pl.col("t_start"), "t_start", "obs_id")
    by_narrowest = (pl.col("t_start") + pl.col("t_end")) // 2
    table = (
        members.with_columns(
            _rank=pl.col("phenomenon").replace_strict(_ranks(), return_dtype=pl.Int32)
        )
        .group_by("incident_id")
        .agg(
            kind=pl.col("_rank").min(),
            weapon_class=pl.col("weapon_class").drop_nulls().cast(pl.String).mode().sort().first(),
            t_start=pl.col("t_start").min(),
            t_end=pl.col("t_end").max(),
            t_best=by_narrowest.sort_by(narrowest).first(),
            area=pl.col("area").drop_nulls().sort().first(),
            n_observations=pl.len(),
            n_witnesses=pl.struct("source", "witness").n_unique(),
        )
        .with_columns(
            kind=pl.col("kind").replace_strict(dict(enumerate(_LEADING)), return_dtype=PHENOMENON),
            weapon_class=pl.col("weapon_class").cast(WEAPON_CLASS),
            n_observations=pl.col("n_observations").cast(pl.Int64),
            n_witnesses=pl.col("n_witnesses").cast(pl.Int64),
            sector=pl.lit(None, pl.String),
        )
    )
    return table.join(_counts(members), on="incident_id", how="left").join(
        _places(members, table.select("incident_id", "n_witnesses")), on="incident_id", how="left"
    )


def _ranks() -> dict[str, int]:
    return {phenomenon: rank for rank, phenomenon in enumerate(_LEADING)}


def _counts(members: pl.DataFrame) -> pl.DataFrame:
    """Sum each witness's counts, and take the largest of any one witness."""
    counted = members.filter(pl.col("count").is_not_null()).with_columns(
        pl.coalesce("count_low", "count").alias("count_low"),
        pl.coalesce("count_high", "count").alias("count_high"),
    )
    columns = ("count", "count_low", "count_high")
    return (
        counted.group_by("incident_id", "source", "witness")
        .agg(pl.col(columns).sum())
        .group_by("incident_id")
        .agg(pl.col(columns).max())
    )


def _places(members: pl.DataFrame, witnesses: pl.DataFrame) -> pl.DataFrame:
    placed = members.filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
    variance = pl.col("sigma_m").fill_null(2_500.0).clip(1.0) ** 2
    # The rows of one witness share its weight, so that a copy of a row moves no place.
    rows = pl.len().over("incident_id", "source", "witness")
    origin = placed.group_by("incident_id").agg(
        _lon0=pl.col("lon").min(), _lat0=pl.col("lat").min()
    )
    east = (pl.col("lon") - pl.col("_lon0")) * _METRES * pl.col("_lat0").radians().cos()
    north = (pl.col("lat") - pl.col("_lat0")) * _METRES
    local = placed.join(origin, on="incident_id").select(
        "incident_id", "_lon0", "_lat0", w=1.0 / (variance * rows), x=east, y=north
    )
    w, x, y = pl.col("w"), pl.col("x"), pl.col("y")
    moments = local.group_by("incident_id").agg(
        _lon0=pl.col("_lon0").first(),
        _lat0=pl.col("_lat0").first(),
        w=w.sum(),
        x=(w * x).sum() / w.sum(),
        y=(w * y).sum() / w.sum(),
        xx=(w * x * x).sum() / w.sum(),
        yy=(w * y * y).sum() / w.sum(),
        xy=(w * x * y).sum() / w.sum(),
    )
    n_w = pl.col("n_witnesses")
    own = n_w / pl.col("w")
    cov = moments.join(witnesses, on="incident_id").with_columns(
        sxx=((pl.col("xx") - x * x).clip(0.0) + own) / n_w,
        syy=((pl.col("yy") - y * y).clip(0.0) + own) / n_w,
        sxy=(pl.col("xy") - x * y) / n_w,
    )
    mean = (pl.col("sxx") + pl.col("syy")) / 2
    spread = (((pl.col("sxx") - pl.col("syy")) / 2) ** 2 + pl.col("sxy") ** 2).sqrt()
    azimuth = pl.arctan2(2 * pl.col("sxy"), pl.col("syy") - pl.col("sxx")).degrees() / 2
    return cov.select(
        "incident_id",
        lon=pl.col("_lon0") + x / (_METRES * pl.col("_lat0").radians().cos()),
        lat=pl.col("_lat0") + y / _METRES,
        err_major_m=(mean + spread).sqrt(),
        err_minor_m=(mean - spread).clip(0.0).sqrt(),
        err_azimuth_deg=pl.when(azimuth < 0).then(azimuth + 180).otherwise(azimuth),
    )
