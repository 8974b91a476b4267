r"""Coverage: how likely somebody would have seen it, and where nobody could.

At any moment each source sees a place with the largest probability of its rows (a source
is not independent of itself), and sources see independently of each other:

.. math:: p(t) = 1 - \prod_s (1 - \max_{r \in s} p_r(t))

A period's detectability is the mean of p(t) over it. A moment without a row counts as 0:
blind is never quiet.
"""

from __future__ import annotations

from collections.abc import Sequence

import h3
import polars as pl

from truceline.core.types.errors import InputError
from truceline.core.types.schema import Column, Schema
from truceline.core.types.tables import EFFORT_REASON
from truceline.core.types.time import DAY

#: Periods for which coverage is asked.
PERIOD = Schema(
    "period",
    (
        Column("t_start", pl.Int64(), "Start, UTC microseconds."),
        Column("t_end", pl.Int64(), "End."),
    ),
)

#: What would have been seen, by place and period.
COVERAGE = Schema(
    "coverage",
    (
        Column("place", pl.String(), "H3 cell or area."),
        Column("t_start", pl.Int64(), "Start of the period, UTC microseconds."),
        Column("t_end", pl.Int64(), "End of it."),
        Column("p_detect", pl.Float64(), "Probability that a source saw it.", low=0, high=1),
        Column("watched", pl.Float64(), "Share of the time with any effort.", low=0, high=1),
        Column("n_sources", pl.Int64(), "Sources that could see anything.", low=0),
        Column(
            "reason",
            EFFORT_REASON,
            "What took up most of the time; null where no effort is declared.",
            nullable=True,
        ),
    ),
)


def days_between(start: int, end: int) -> pl.DataFrame:
    """Return the UTC days that a time touches, cut to it, by the schema `PERIOD`."""
    first, last = start // DAY, -(-end // DAY)
    day = pl.int_range(first, last, eager=True).alias("day").to_frame()
    return PERIOD.conform(
        day.select(
            t_start=(pl.col("day") * DAY).clip(lower_bound=start),
            t_end=((pl.col("day") + 1) * DAY).clip(upper_bound=end),
        )
    )


def detectability(
    effort: pl.DataFrame,
    periods: pl.DataFrame,
    *,
    phenomena: Sequence[str],
    cells: Sequence[str] = (),
    areas: Sequence[str] = (),
) -> pl.DataFrame:
    """Return the probability that at least one source would have seen it.

    Parameters
    ----------
    effort : polars.DataFrame
        Schema `EFFORT`. Rows of a coarser cell hold for the cells in it; rows without cell
        and area hold everywhere.
    periods : polars.DataFrame
        Schema `PERIOD`; periods that do not overlap.
    phenomena : sequence of str
        What would have been seen; any of them counts.
    cells, areas : sequence of str
        Places asked for.

    Returns
    -------
    polars.DataFrame
        Schema `COVERAGE`: every place and period has a row.
    """
    asked = _asked(periods, [*cells, *areas])
    rows = effort.filter(pl.col("phenomenon").cast(pl.String).is_in(list(phenomena))).select(
        "cell", "area", "source", "reason", "p_detect", r_start="t_start", r_end="t_end"
    )
    held = pl.concat([_in_cells(rows, cells), _in_areas(rows, areas), _everywhere(rows, asked)])
    pieces = _pieces(held, asked)
    return _per_period(pieces, asked)


def unwatched(coverage: pl.DataFrame, threshold: float = 0.5) -> pl.DataFrame:
    """Return the places and periods of which nothing can be said, least watched first.

    Parameters
    ----------
    coverage : polars.DataFrame
        Schema `COVERAGE`.
    threshold : float
        Least probability of detection at which silence says something.
    """
    return coverage.filter(pl.col("p_detect") < threshold).sort("p_detect", "place", "t_start")


def _asked(periods: pl.DataFrame, places: list[str]) -> pl.DataFrame:
    ordered = PERIOD.conform(periods).sort("t_start")
    overlap = ordered.select((pl.col("t_start") < pl.col("t_end").shift(1)).any()).item()
    empty = ordered.select((pl.col("t_end") <= pl.col("t_start")).any()).item()
    if overlap or empty:
        raise InputError(
            "the periods overlap, or one has no length.", hint="Give each day or hour once."
        )
    named = pl.DataFrame({"place": sorted(set(places))}, schema={"place": pl.String})
    return named.join(ordered, how="cross")


_HELD = ("place", "source", "reason", "p_detect", "r_start", "r_end")


def _in_cells(rows: pl.DataFrame, cells: Sequence[str]) -> pl.DataFrame:
    """Return the rows of the cells asked for, and of the cells that hold them."""
    known = rows.filter(pl.col("cell").is_not_null())
    resolutions = sorted({h3.get_resolution(cell) for cell in known["cell"].unique()})
    pairs: list[tuple[str, str]] = []
    for place in sorted(set(cells)):
        own = h3.get_resolution(place)
        if resolutions and resolutions[-1] > own:
            raise InputError(
                f"the effort is known at resolution {resolutions[-1]}, finer than cell {place}.",
                hint="Ask for cells of that resolution, and take their mean.",
            )
        pairs += [(place, h3.cell_to_parent(place, coarser)) for coarser in resolutions]
    inside = pl.DataFrame(pairs, schema={"place": pl.String, "cell": pl.String}, orient="row")
    return known.join(inside, on="cell").select(_HELD)


def _in_areas(rows: pl.DataFrame, areas: Sequence[str]) -> pl.DataFrame:
    known = rows.filter(pl.col("cell").is_null() & pl.col("area").is_in(list(areas)))
    return known.select(pl.col("area").alias("place"), *_HELD[1:])


def _everywhere(rows: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    free = rows.filter(pl.col("cell").is_null() & pl.col("area").is_null())
    return asked.select("place").unique().join(free, how="cross").select(_HELD)


def _pieces(held: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Cut rows at every time at which anything changes in their place, and combine them."""
    first, last = asked["t_start"].min(), asked["t_end"].max()
    # Rows of equal source, time and chance are one: a file read in pieces repeats them.
    inside = (
        held.filter(pl.col("r_end") > pl.col("r_start"))
        .with_columns(
            r_start=pl.max_horizontal("r_start", pl.lit(first)),
            r_end=pl.min_horizontal("r_end", pl.lit(last)),
        )
        .filter(pl.col("r_end") > pl.col("r_start"))
        .unique()
    )
    knots = (
        pl.concat(
            [
                inside.select("place", t="r_start"),
                inside.select("place", t="r_end"),
                asked.select("place", t="t_start"),
                asked.select("place", t="t_end"),
            ]
        )
        .unique()
        .sort("place", "t")
        .with_columns(knot=pl.int_range(pl.len()).over("place"))
    )
    spans = inside.join(
        knots.rename({"t": "r_start", "knot": "low"}), on=["place", "r_start"]
    ).join(knots.rename({"t": "r_end", "knot": "high"}), on=["place", "r_end"])
    by_source = (
        spans.select("place", "source", "reason", "p_detect", knot=pl.int_ranges("low", "high"))
        .explode("knot")
        .group_by("place", "knot", "source")
        .agg(pl.col("p_detect").max(), pl.col("reason").sort_by("p_detect", "reason").last())
    )
    return _across_sources(by_source, knots)


def _across_sources(by_source: pl.DataFrame, knots: pl.DataFrame) -> pl.DataFrame:
    times = knots.with_columns(t_next=pl.col("t").shift(-1).over("place"))
    return (
        by_source.sort("source")
        .group_by("place", "knot")
        .agg(
            p=1.0 - (1.0 - pl.col("p_detect")).product(),
            seeing=pl.col("source").filter(pl.col("p_detect") > 0),
            reason=pl.col("reason").sort_by("p_detect", "source").last(),
        )
        .join(times, on=["place", "knot"])
    )


def _per_period(pieces: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    found = (
        pieces.sort("t")
        .join_asof(
            asked.sort("t_start"),
            left_on="t",
            right_on="t_start",
            by="place",
            strategy="backward",
            check_sortedness=False,
        )
        .filter(pl.col("t") < pl.col("t_end"))
        .with_columns(length=pl.col("t_next") - pl.col("t"))
        .sort("place", "t")
    )
    key = ["place", "t_start"]
    means = found.group_by(*key).agg(
        p=(pl.col("p") * pl.col("length")).sum(),
        seen=pl.col("length").sum(),
        n_sources=pl.col("seeing").list.explode(empty_as_null=False).n_unique(),
    )
    reasons = (
        found.group_by(*key, "reason")
        .agg(pl.col("length").sum())
        .sort("length", "reason")
        .group_by(key)
        .agg(pl.col("reason").last())
    )
    total = pl.col("t_end") - pl.col("t_start")
    return COVERAGE.conform(
        asked.join(means, on=key, how="left")
        .join(reasons, on=key, how="left")
        .with_columns(
            p_detect=(pl.col("p") / total).fill_null(0.0).clip(0.0, 1.0),
            watched=(pl.col("seen") / total).fill_null(0.0).clip(0.0, 1.0),
            n_sources=pl.col("n_sources").fill_null(0),
        )
        .sort("place", "t_start")
    )
