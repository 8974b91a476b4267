"""The mission's own eyes: when each sensor was last heard, where patrols were, what kept them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import h3
import numpy as np
import polars as pl

from truceline.agreement.mission import OwnPlace
from truceline.core.space.lines import Sectors
from truceline.core.types.time import HOUR
from truceline.judgement.judgement import Judgement

#: The state of a sensor, in words. `not known` where no feed carries it, or where it was heard
#: and nothing says how often it should be.
State = Literal["heard", "overdue", "never heard", "not known"]

#: Reasons of effort that tell of somebody or something kept from seeing.
KEPT: Final = ("denied", "jamming", "down")

#: Stretches of effort in one sector that are no further apart than this are one stay.
ONE_STAY: Final = HOUR

_STAY: Final = ("source", "instrument", "reason", "where")


@dataclass(frozen=True)
class Heard:
    """A post or sensor of the mission, and when it was last heard.

    Attributes
    ----------
    place : OwnPlace
        The post or sensor.
    last : int or None
        When it was last heard, UTC microseconds; None where it never was.
    by : str
        What it was heard by: its own report, or the effort of its feed where it stands.
    state : str
        One of `State`.
    kept : str or None
        Why the feed says that it could see nothing there at last; None where it could.
    """

    place: OwnPlace
    last: int | None
    by: str
    state: State
    kept: str | None


def heard(seen: Judgement, own: Sequence[OwnPlace], now: int) -> list[Heard]:
    """Return when each of the mission's own was last heard, up to now."""
    effort = seen.effort.filter(pl.col("cell").is_not_null() & (pl.col("t_start") <= now))
    return [_heard(seen.observations, effort, place, now) for place in own]


def _heard(obs: pl.DataFrame, effort: pl.DataFrame, place: OwnPlace, now: int) -> Heard:
    if place.source is None:
        return Heard(place, None, "", "not known", None)
    of_source = pl.col("source") == place.source
    said = obs.filter(
        of_source & (pl.col("witness") == place.heard_as) & (pl.col("received_at") <= now)
    )["received_at"]
    here = effort.filter(of_source & pl.col("cell").is_in(_cells_at(place))).sort(
        "t_end", "p_detect"
    )
    watched = here.filter(pl.col("p_detect") > 0)["t_end"].clip(None, now)
    times = [(t, "its report") for t in said.top_k(1)] + [
        (t, "effort here") for t in watched.top_k(1)
    ]
    last, by = max(times, default=(None, ""))
    kept = None
    if here.height and here["p_detect"][-1] == 0:
        kept = str(here["reason"][-1])
    return Heard(place, last, by, state_of(last, place.heard_every_h, now), kept)


def _cells_at(place: OwnPlace) -> list[str]:
    """Return the cells of every resolution in which a place lies."""
    return [h3.latlng_to_cell(place.lat, place.lon, resolution) for resolution in range(16)]


def state_of(last: int | None, every_h: float | None, now: int) -> State:
    """Return the state of a sensor that some feed carries.

    Parameters
    ----------
    last, now : int
        UTC microseconds.
    every_h : float or None
        How often it is to be heard at least, hours.
    """
    if last is None:
        return "never heard"
    if every_h is None:
        return "not known"
    return "overdue" if now - last > every_h * HOUR else "heard"


def patrols(effort: pl.DataFrame, sectors: Sectors, period: tuple[int, int]) -> pl.DataFrame:
    """Return where patrols watched in a period: a row a stay in a sector, the first first.

    Effort names no patrol: two that are in one sector at once are one stay here.
    """
    watched = effort.filter((pl.col("instrument") == "patrol") & (pl.col("p_detect") > 0))
    # By day and by night is one stay.
    return _stays(watched.with_columns(reason=pl.lit("watching")), sectors, period)


def kept_from_seeing(
    effort: pl.DataFrame, sectors: Sectors, period: tuple[int, int]
) -> pl.DataFrame:
    """Return what effort tells of denial, jamming and failure in a period, a row a stay."""
    kept = (pl.col("p_detect") == 0) & pl.col("reason").cast(pl.String).is_in(KEPT)
    return _stays(effort.filter(kept), sectors, period)


def _stays(rows: pl.DataFrame, sectors: Sectors, period: tuple[int, int]) -> pl.DataFrame:
    """Return effort as stays: one source in one sector for one reason, cut to the period."""
    start, end = period
    inside = rows.filter((pl.col("t_end") > start) & (pl.col("t_start") < end)).with_columns(
        pl.col("t_start", "t_end").clip(start, end),
        pl.col("instrument", "reason").cast(pl.String),
    )
    placed = inside.join(_where(inside, sectors), on="cell", how="left")
    named = placed.with_columns(where=pl.coalesce("sector", "area", pl.lit("outside the sectors")))
    ordered = named.sort(*_STAY, "t_start", "t_end")
    begins = pl.col("t_start") - pl.col("t_end").cum_max().shift(1).over(_STAY) > ONE_STAY
    return (
        ordered.with_columns(stay=begins.fill_null(value=False).cast(pl.Int64).cum_sum())
        .group_by(*_STAY, "stay")
        .agg(
            t_start=pl.col("t_start").min(),
            t_end=pl.col("t_end").max(),
            cells=pl.col("cell").drop_nulls().n_unique(),
        )
        .sort("t_start", "where", "source", "reason")
    )


def _where(rows: pl.DataFrame, sectors: Sectors) -> pl.DataFrame:
    """Return the sector of each cell, by its middle."""
    cells = rows["cell"].drop_nulls().unique().sort().to_list()
    lat, lon = np.array([h3.cell_to_latlng(cell) for cell in cells]).reshape(-1, 2).T
    found = {"cell": cells, "sector": sectors.of(lon, lat)}
    return pl.DataFrame(found, schema={"cell": pl.String, "sector": pl.String})
