"""The plan scored again when something fails: posts lost, nothing flies, a nation leaves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.schema import Column, Schema
from truceline.force.contributions.caveats import After, DependsOn
from truceline.force.contributions.model import Unit
from truceline.force.planning.airborne import Airborne
from truceline.force.planning.answering import (
    MODES,
    Answering,
    hours_by_mode,
    share_within,
    without_units,
)
from truceline.force.planning.assumptions import Assumed
from truceline.force.planning.ground import PlanGround
from truceline.force.planning.standing import Standing, seen_by
from truceline.force.siting.coverage import IntArray, coverage_by_range

#: Shares of the posts that are lost: one in ten, and what a flight ban once cost, 17 of 18.
LOST = (0.1, 0.3, 17 / 18)

#: Draws of posts lost at random.
DRAWS = 200

RESILIENCE = Schema(
    "the plan when something fails",
    (
        Column("case", pl.String(), "What fails."),
        Column("family", pl.String(), "Kind of failure."),
        Column("once", pl.Float64(), "Share of the band seen.", low=0, high=1),
        Column("once_low", pl.Float64(), "Least of 90 % of the draws.", True, 0, 1),
        Column("once_high", pl.Float64(), "Most of 90 % of the draws.", True, 0, 1),
        Column("twice", pl.Float64(), "Share seen by two or more.", low=0, high=1),
        Column("median_h", pl.Float64(), "Median hours to be there by day.", True, 0),
        Column("worst_h", pl.Float64(), "Hours at the farthest place; null: never.", True, 0),
        Column("in_time", pl.Float64(), "Share of the line reached in the time wanted.", low=0),
        Column("stations", pl.Int64(), "Air stations kept; null where none is planned.", True, 0),
        Column("note", pl.String(), "What was taken away."),
    ),
)


@dataclass(frozen=True)
class Made:
    """A plan as it stands before anything fails."""

    ground: PlanGround
    standing: Standing
    answering: Answering
    airborne: Airborne | None
    assumed: Assumed


def resilience(
    made: Made, units: Sequence[Unit], parties: Mapping[str, str], rng: np.random.Generator
) -> pl.DataFrame:
    """Score the plan again after each failure, nothing moved yet (`RESILIENCE`)."""
    rows = [
        _row(made, "as planned", "plan", made.standing.units, made.answering.bases, "nothing"),
        *_posts(made, rng),
        *_means(made),
        *_nations(made),
        *_guarantors(made, units),
        *_events(made, units),
        *_access(made, parties),
    ]
    return RESILIENCE.conform(pl.DataFrame(rows, schema=RESILIENCE.dtypes()))


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> counted(1, "unit"), counted(2, "unit")
    ('1 unit', '2 units')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _row(
    made: Made, case: str, family: str, standing: pl.DataFrame, bases: pl.DataFrame, note: str,
    *, grounded: bool = False, stations: int | None = None,
) -> dict[str, object]:  # fmt: skip
    seen = seen_by(standing, made.ground)
    table = made.answering.hours
    if grounded or bases is not made.answering.bases:
        table = hours_by_mode(bases, made.ground, made.assumed, grounded=grounded)
    hours = table.filter(pl.col("mode") == MODES[0])["hours"].fill_null(float("inf")).sort()
    middle = float(hours[len(hours) // 2])
    kept = None if made.airborne is None else made.airborne.kept(backed=True)
    return {
        "case": case,
        "family": family,
        "once": seen.once,
        "twice": seen.twice,
        "median_h": middle if np.isfinite(middle) else None,
        "worst_h": float(hours[-1]) if np.isfinite(hours[-1]) else None,
        "in_time": share_within(table, made.assumed["hours_wanted"]),
        "stations": kept if stations is None or kept is None else stations,
        "note": note,
    }


def _posts(made: Made, rng: np.random.Generator) -> Iterator[dict[str, object]]:
    """Lose posts at random, and the worst to lose as far as a greedy search finds them."""
    units, bases = made.standing.units, made.answering.bases
    posts = np.flatnonzero((units["kind"] == "post").to_numpy()).astype(np.int64)
    for share in LOST if len(posts) else ():
        count = max(1, round(share * len(posts)))
        draws = [rng.choice(posts, count, replace=False) for _ in range(DRAWS)]
        seen = _many(made, draws)
        row = _row(made, f"{count} of {len(posts)} posts lost at random", "posts lost",
                   _left(units, draws[0]), bases, f"mean of {DRAWS} draws")  # fmt: skip
        low, high = np.quantile(seen[:, 0], (0.05, 0.95))
        yield row | {
            "once": float(seen[:, 0].mean()),
            "once_low": float(low),
            "once_high": float(high),
            "twice": float(seen[:, 1].mean()),
        }
        worst = _worst(made, posts, count)
        yield _row(made, f"the {count} posts that matter most lost", "posts lost",
                   _left(units, worst), bases, "found greedily; a worse may exist")  # fmt: skip


def _left(units: pl.DataFrame, lost: IntArray) -> pl.DataFrame:
    keep = np.ones(units.height, dtype=np.bool_)
    keep[lost] = False
    return units.filter(pl.Series(keep))


def _looks(made: Made) -> tuple[csr_array, FloatArray]:
    units = made.standing.units
    seen = coverage_by_range(
        units.select("lon", "lat").to_numpy(),
        made.ground.points.select("lon", "lat").to_numpy(),
        units["range_m"].to_numpy(),
    )
    return seen.matrix(), made.ground.points["weight"].to_numpy()


def _many(made: Made, draws: Sequence[IntArray]) -> FloatArray:
    """Return the shares seen once and twice after each loss, draws x 2."""
    matrix, weight = _looks(made)
    keep = np.ones((len(draws), made.standing.units.height))
    for at, lost in enumerate(draws):
        keep[at, lost] = 0.0
    counts = keep @ matrix
    total = weight.sum()
    return np.column_stack([(counts >= 1) @ weight / total, (counts >= 2) @ weight / total])


def _worst(made: Made, posts: IntArray, count: int) -> IntArray:
    """Return posts to lose, each the one whose loss then hurts most: first looks, then second."""
    matrix, weight = _looks(made)
    dense = np.asarray(matrix.todense())
    counts = dense.sum(axis=0)
    left = list(posts)
    lost = []
    for _ in range(count):
        alone = dense[left] @ (weight * (counts == 1)) + 0.1 * (
            dense[left] @ (weight * (counts == 2))
        )
        gone = left.pop(int(np.argmax(alone)))
        counts = counts - dense[gone]
        lost.append(gone)
    return np.array(lost, dtype=np.int64)


def _means(made: Made) -> Iterator[dict[str, object]]:
    """Take away what flies, what links, what sees in the dark."""
    units, bases = made.standing.units, made.answering.bases
    drones = pl.col("kind") == "drone base"
    sensors = pl.col("kind").is_in(["camera", "acoustic array"])
    yield _row(made, "flights banned", "means", units.filter(~drones), bases,
               "drones, helicopters and air stations", grounded=True, stations=0)  # fmt: skip
    yield _row(made, "drones jammed", "means", units.filter(~drones), bases, "drones")
    yield _row(made, "cameras and arrays dark", "means", units.filter(~sensors), bases,
               "cameras and arrays")  # fmt: skip
    night = pl.when(pl.col("kind") == "post").then(
        pl.col("range_m") * made.assumed["night_share"]
    ).otherwise(pl.col("range_m"))  # fmt: skip
    row = _row(made, "at night", "means", units.with_columns(night.alias("range_m")), bases,
               "posts see less far; convoys are slower, fewer helicopters fly")  # fmt: skip
    dark = made.answering.hours.filter(pl.col("mode") == MODES[2])["hours"]
    dark = dark.fill_null(float("inf")).sort()
    ends = [float(dark[len(dark) // 2]), float(dark[-1])]
    yield row | {
        "median_h": ends[0] if np.isfinite(ends[0]) else None,
        "worst_h": ends[1] if np.isfinite(ends[1]) else None,
        "in_time": made.answering.within(made.assumed["hours_wanted"], MODES[2]),
    }


def _without(made: Made, lost: AbstractSet[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    units = made.standing.units
    mine = pl.col("unit_id").is_in(sorted(lost)).fill_null(value=False)
    return units.filter(~mine), without_units(made.answering.bases, lost)


def _nations(made: Made) -> Iterator[dict[str, object]]:
    """Withdraw each nation that stands along the line."""
    crews = made.standing.units.drop_nulls("nation").select("nation", "unit_id").unique()
    for nation in sorted(crews["nation"].unique().to_list()):
        lost = set(crews.filter(pl.col("nation") == nation)["unit_id"].to_list())
        standing, bases = _without(made, lost)
        gone = made.standing.units.height - standing.height
        note = f"{counted(gone, 'post or drone base', 'posts and drone bases')}, and its teams"
        yield _row(made, f"withdrawn: {nation}", "a nation leaves", standing, bases, note)


def _guarantors(made: Made, units: Sequence[Unit]) -> Iterator[dict[str, object]]:
    """Take each guarantor away, and with it all that depends on it."""
    names = {c.who for unit in units for c in unit.caveats if isinstance(c, DependsOn)}
    for name in sorted(names) or ["the guarantor"]:
        lost = {
            unit.unit_id
            for unit in units
            if any(isinstance(c, DependsOn) and c.who == name for c in unit.caveats)
        }
        standing, bases = _without(made, lost)
        kept = None if made.airborne is None else made.airborne.kept(backed=False)
        note = "aircraft of the guarantor" + (
            f" and the people of {counted(len(lost), 'unit')} depending on it"
            if lost
            else "; no unit of the file depends on it"
        )
        yield _row(made, f"absent: {name}", "the guarantor", standing, bases, note, stations=kept)


def _events(made: Made, units: Sequence[Unit]) -> Iterator[dict[str, object]]:
    """Leave out each event that units wait for, and with it all who wait."""
    events = dict.fromkeys(c.event for u in units for c in u.caveats if isinstance(c, After))
    for event in events:
        lost = {
            unit.unit_id
            for unit in units
            if any(isinstance(c, After) and c.event == event for c in unit.caveats)
        }
        standing, bases = _without(made, lost)
        note = f"{counted(len(lost), 'unit')} coming only after it"
        yield _row(made, f"no {event}", "an event fails", standing, bases, note)


def _access(made: Made, parties: Mapping[str, str]) -> Iterator[dict[str, object]]:
    """Let each party close its ground."""
    units, bases = made.standing.units, made.answering.bases
    for party, name in parties.items():
        closed = pl.col("side") == party
        gone, shut = units.filter(closed).height, bases.filter(closed).height
        note = f"{counted(gone, 'unit')} and {counted(shut, 'base')} there"
        yield _row(made, f"no access to the ground of {name}", "access",
                   units.filter(~closed), bases.filter(~closed), note)  # fmt: skip
