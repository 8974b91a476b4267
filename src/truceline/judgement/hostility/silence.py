r"""Weight of silence: a source that should have seen it and did not.

With :math:`d` its probability of detection at that place and time, a source that saw
nothing weighs :math:`\log_2(1 - d)` bits. A source that was blind (no effort) weighs
nothing: blind is not quiet.
"""

from __future__ import annotations

import h3
import polars as pl
import polars_h3 as plh3

from truceline.core.types.time import DAY

#: No single silence weighs more than this: the effort table is itself an estimate.
FLOOR_BITS = -3.0

#: What a watcher of each kind of incident would have reported.
_EXPLOSIONS = tuple(
    f"explosion{suffix}" for suffix in ("", "_airburst", "_impact", "_outgoing", "_undetermined")
)
EXPECTED_SIGNS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_EXPLOSIONS, _EXPLOSIONS),
    "violation": (*_EXPLOSIONS, "burst", "shot", "violation"),
    "assault": (*_EXPLOSIONS, "burst", "shot", "assault"),
    "projectile": ("projectile",),
    "muzzle_flash": ("muzzle_flash", *_EXPLOSIONS),
    "burst": ("burst",),
    "shot": ("shot",),
    "uav": ("uav",),
    "aircraft": ("aircraft",),
    "launch": ("launch", "alert"),
}


def silence_weights(
    incidents: pl.DataFrame, effort: pl.DataFrame, heard: pl.DataFrame
) -> pl.DataFrame:
    """Return a weight for each source that watched and did not report the incident.

    Parameters
    ----------
    incidents : polars.DataFrame
        Schema `INCIDENT`.
    effort : polars.DataFrame
        Schema `EFFORT`.
    heard : polars.DataFrame
        Columns `incident_id`, `source`: who did report it.

    Returns
    -------
    polars.DataFrame
        Schema `WEIGHT`.
    """
    signs = pl.DataFrame(
        [(kind, sign) for kind, all_signs in EXPECTED_SIGNS.items() for sign in all_signs],
        schema={"kind": pl.String, "phenomenon": pl.String},
        orient="row",
    )
    wanted = incidents.select(
        "incident_id", pl.col("kind").cast(pl.String), "t_start", "t_end", "lon", "lat", "area"
    ).join(signs, on="kind")
    watched = effort.filter(pl.col("p_detect") > 0).select(
        "source", "cell", "area", "p_detect", pl.col("phenomenon").cast(pl.String),
        watch_start="t_start", watch_end="t_end",
    )  # fmt: skip
    found = pl.concat([_by_cell(wanted, watched), _by_area(wanted, watched)])
    return (
        found.join(heard.unique(), on=["incident_id", "source"], how="anti")
        .group_by("incident_id", "source")
        .agg(p=pl.col("p_detect").max())
        .select(
            "incident_id",
            "source",
            witness=pl.lit("silence"),
            bits=(1.0 - pl.col("p")).clip(1e-9).log(2).clip(FLOOR_BITS),
            why=pl.format(
                "watched and saw nothing; would have seen it with {} %",
                (100 * pl.col("p")).round_sig_figs(2),
            ),
        )
    )


def _by_cell(wanted: pl.DataFrame, watched: pl.DataFrame) -> pl.DataFrame:
    cells = watched.filter(pl.col("cell").is_not_null())
    resolutions = {h3.get_resolution(cell) for cell in cells["cell"].unique()}
    placed = wanted.filter(pl.col("lon").is_not_null())
    parts = [
        _meeting(
            placed.with_columns(
                cell=plh3.latlng_to_cell("lat", "lon", resolution, return_dtype=pl.String)
            ),
            cells,
            "cell",
        )
        for resolution in sorted(resolutions)
    ]
    return pl.concat(parts) if parts else _meeting(wanted.clear(), watched.clear(), "area")


def _by_area(wanted: pl.DataFrame, watched: pl.DataFrame) -> pl.DataFrame:
    areas = watched.filter(pl.col("cell").is_null() & pl.col("area").is_not_null())
    return _meeting(wanted, areas, "area")


def _meeting(wanted: pl.DataFrame, watched: pl.DataFrame, place: str) -> pl.DataFrame:
    """Return which watches of a place last from before an incident there until after it.

    They are looked up by the day on which the incident begins: by place alone each incident
    would meet every watch that was ever kept there.
    """
    here = [place, "phenomenon"]
    day = wanted["t_start"] // DAY
    first, last = (pl.lit(end, pl.Int64) for end in (day.min(), day.max()))
    days = pl.int_ranges(
        (pl.col("watch_start") // DAY).clip(lower_bound=first),
        (pl.col("watch_end") // DAY).clip(upper_bound=last) + 1,
    )
    daily = watched.join(wanted, on=here, how="semi").with_columns(day=days).explode("day")
    whole = (pl.col("watch_start") <= pl.col("t_start")) & (pl.col("watch_end") >= pl.col("t_end"))
    return (
        wanted.with_columns(day=day)
        .join(daily, on=[*here, "day"])
        .filter(whole)
        .select("incident_id", "source", "p_detect")
    )
