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
from truceline.evidence.effort.sweep import sweep

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
    return _swept(held, asked)


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


def _swept(held: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Return the coverage of every place and period, place by place through time."""
    periods = asked.select("t_start", "t_end").unique().sort("t_start")
    places = asked["place"].unique().sort()
    first, last = periods["t_start"].min(), periods["t_end"].max()
    sources = held["source"].unique().sort()
    rows = (
        held.with_columns(
            pl.max_horizontal("r_start", pl.lit(first, pl.Int64)),
            pl.min_horizontal("r_end", pl.lit(last, pl.Int64)),
            place=_number_in(places, "place"),
            source=_number_in(sources, "source"),
            reason=pl.col("reason").to_physical().cast(pl.Int64),
        )
        .filter(pl.col("r_end") > pl.col("r_start"))
        .sort("place", "r_start")
    )
    sure, seen, n_sources, main = sweep(
        rows["place"].to_numpy(), rows["source"].to_numpy(), rows["reason"].to_numpy(),
        rows["p_detect"].to_numpy(), rows["r_start"].to_numpy(), rows["r_end"].to_numpy(),
        periods["t_start"].to_numpy(), periods["t_end"].to_numpy(),
        len(places), len(EFFORT_REASON.categories),
    )  # fmt: skip
    total = pl.col("t_end") - pl.col("t_start")
    grid = places.to_frame().join(periods, how="cross", maintain_order="left_right")
    return COVERAGE.conform(
        grid.with_columns(
            p_detect=(pl.Series(sure.ravel()) / total).clip(0.0, 1.0),
            watched=pl.Series(seen.ravel()) / total,
            n_sources=pl.Series(n_sources.ravel()),
            reason=pl.Series(main.ravel()).replace_strict(
                dict(enumerate(EFFORT_REASON.categories)), default=None, return_dtype=EFFORT_REASON
            ),
        )
    )


def _number_in(names: pl.Series, column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Enum(names)).to_physical().cast(pl.Int64)
