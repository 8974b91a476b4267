"""One assumption at a time: the plan made again at each end of its range."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.force.contributions.caveats import Conditions
from truceline.force.contributions.model import Unit
from truceline.force.planning.answering import answer
from truceline.force.planning.assumptions import Assumed
from truceline.force.planning.ground import PlanGround, plan_ground
from truceline.force.planning.people import man
from truceline.force.planning.standing import Seen, Sensors, stand

SENSITIVITY = Schema(
    "sensitivity to each assumption",
    (
        Column("name", pl.String(), "The assumption."),
        Column("words", pl.String(), "What it is."),
        Column("end", pl.Enum(["low", "high"]), "Which end of its range."),
        Column("value", pl.Float64(), "The value tried."),
        Column("unit", pl.String(), "Its unit."),
        Column("once", pl.Float64(), "Share of the band seen.", low=0, high=1),
        Column("twice", pl.Float64(), "Share seen by two or more.", low=0, high=1),
        Column("in_time", pl.Float64(), "Share of the line reached in time.", low=0, high=1),
        Column("mean_h", pl.Float64(), "Mean hours to be there by day; null: never.", True, 0),
        Column("source", pl.String(), "Where the range is from."),
    ),
)

#: Assumptions of the way alone: they move nobody's post.
_WAYS = {"road_kmh", "detour", "ready_h", "helicopters", "teams_a_base"}

#: Cameras on a kilometre where they have been used, for the lower end of their number.
_CAMERAS_SEEN = 25 / 500
_CAMERAS_FROM = "25 on about 500 km in the OSCE mission (theglobalobservatory.org, 2021) to twice"


@dataclass(frozen=True)
class Planned:
    """What a plan is made again from."""

    units: Sequence[Unit]
    conditions: Conditions
    ground: PlanGround
    assumed: Assumed
    sensors: Sensors
    equal_sides: bool


def sensitivity(
    made: Planned, seen: Seen, rng: np.random.Generator, tell: Callable[[str], None]
) -> pl.DataFrame:
    """Return the plan's outcomes at both ends of each assumption (`SENSITIVITY`).

    `seen` is what the plan itself sees: an assumption of the way alone does not change it, nor
    does an end that is the value of the plan.
    """
    rows = []
    table = made.assumed.table().drop_nulls(["low", "high"])
    for row in table.iter_rows(named=True):
        tell(f"trying {row['words']}")
        for end in ("low", "high"):
            tried = replace(made, assumed=made.assumed.changed(row["name"], row[end]))
            said = {k: row[k] for k in ("name", "words", "unit", "source")}
            stays = row["name"] in _WAYS or row[end] == made.assumed[row["name"]]
            same = seen if stays else None
            rows.append({**said, "end": end, "value": row[end], **_outcome(tried, rng, same)})
    for end, number in _cameras(made):
        tried = replace(made, sensors=replace(made.sensors, cameras=number))
        said = {"name": "cameras", "words": "cameras beside the people", "unit": "cameras",
                "source": _CAMERAS_FROM}  # fmt: skip
        same = seen if number == made.sensors.cameras else None
        rows.append({**said, "end": end, "value": number, **_outcome(tried, rng, same)})
    return SENSITIVITY.conform(pl.DataFrame(rows, schema=SENSITIVITY.dtypes()))


def _cameras(made: Planned) -> list[tuple[str, int]]:
    least = min(round(_CAMERAS_SEEN * made.ground.line_km), made.sensors.cameras)
    return [("low", least), ("high", 2 * made.sensors.cameras)] if made.sensors.cameras else []


def _outcome(made: Planned, rng: np.random.Generator, seen: Seen | None) -> dict[str, float | None]:
    ground = made.ground
    if made.assumed["band_km"] != ground.band_km:
        ground = plan_ground(
            ground.line, ground.territory, within=ground.within, band_km=made.assumed["band_km"]
        )
    manning = man(
        made.units, ground.sites, made.conditions, made.assumed, cameras=made.sensors.cameras
    )
    if seen is None:
        seen = stand(
            made.units, manning, ground, made.conditions, made.assumed, made.sensors, rng,
            equal_sides=made.equal_sides, quick=True,
        ).seen  # fmt: skip
    answering = answer(made.units, manning, ground, made.conditions, made.assumed)
    return {
        "once": seen.once,
        "twice": seen.twice,
        "in_time": answering.within(made.assumed["hours_wanted"]),
        "mean_h": answering.mean_h(),
    }


def spread(table: pl.DataFrame, outcome: str, base: float) -> pl.DataFrame:
    """Return one row an assumption, widest first: the outcome at each end around the base."""
    low, high = (table.filter(pl.col("end") == end) for end in ("low", "high"))
    both = low.select("name", "words", "unit", pl.col("value").alias("at_low"),
                      pl.col(outcome).alias("low")).join(
        high.select("name", pl.col("value").alias("at_high"), pl.col(outcome).alias("high")),
        on="name", how="inner", maintain_order="left",
    )  # fmt: skip
    wide = pl.max_horizontal((pl.col("low") - base).abs(), (pl.col("high") - base).abs())
    return both.with_columns(wide.alias("width")).sort("width", descending=True,
                                                       maintain_order=True)  # fmt: skip
