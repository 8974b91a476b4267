r"""Seasonal background rates: Gamma-Poisson by cell and season, with shrinkage.

For each source and phenomenon the history is counted by H3 cell, season of the year and
year. With :math:`E` the days watched, the expected count of a cell :math:`c` in a season
:math:`s` is

.. math:: m_{cs} = E\,p_s\,f_c

where :math:`p_s` is the mean rate of the season over all cells and :math:`f_c` how much more
the cell and its neighbours show than the mean. The cell's own count then moves this
expectation as far as a Gamma prior of shape ``PRIOR_SHAPE`` allows. The years differ, so the
predictive distribution is negative binomial; its shape is found from the scatter of
the years about the expectation (method of moments).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import polars_h3 as plh3
from scipy import special, stats

from truceline.core.types.schema import Column, Schema
from truceline.core.types.tables import PHENOMENON
from truceline.core.types.time import DAY

#: H3 resolution of the cells, about 250 km2 each.
RESOLUTION = 5
CELL_KM2 = 252.9

#: Length of a season, days; the last one takes the rest of the year.
SEASON_DAYS = 14
SEASONS = 26

#: Weight of the expectation against a cell's own count, as a number of events.
PRIOR_SHAPE = 2.0

#: Smallest rate a day and cell that is ever assumed: never seen is not impossible.
LEAST_RATE = 1e-5

#: What a background is learned from.
HISTORY = ("source", "phenomenon", "witness", "lon", "lat", "t_start")

RATE = Schema(
    "background_rate",
    (
        Column("source", pl.String(), "The feed."),
        Column("phenomenon", PHENOMENON, "What it sees."),
        Column("cell", pl.String(), "H3 cell; null for a cell with no history.", nullable=True),
        Column("season", pl.Int64(), "Season of the year, from 0.", low=0, high=SEASONS - 1),
        Column("rate", pl.Float64(), "Expected sightings a day in the cell.", low=0),
        Column("shape", pl.Float64(), "Shape of the negative binomial from year to year.", low=0),
    ),
)


@dataclass(frozen=True)
class Background:
    """Fitted rates.

    Attributes
    ----------
    rates : polars.DataFrame
        Schema `RATE`: a row a source, phenomenon, cell and season, and one with a null
        cell for places without history.
    """

    rates: pl.DataFrame


def season_of(micros: pl.Expr) -> pl.Expr:
    """Return the season of the year of a time, 0 to 25."""
    day = pl.from_epoch(micros, time_unit="us").dt.ordinal_day().cast(pl.Int64) - 1
    return (day // SEASON_DAYS).clip(0, SEASONS - 1)


def cell_of(resolution: int = RESOLUTION) -> pl.Expr:
    """Return the H3 cell of `lon` and `lat`, as hex text."""
    cell: pl.Expr = plh3.latlng_to_cell("lat", "lon", resolution, return_dtype=pl.String)
    return cell


def fit_background(history: pl.DataFrame, *, start: int, end: int) -> Background:
    """Fit the background of each source and phenomenon from a time without violations.

    Parameters
    ----------
    history : polars.DataFrame
        Observations with a place, without permanent heat.
    start, end : int
        The time that was watched, UTC microseconds; at least some weeks.
    """
    return fit_counts(counted(sightings(history, start, end)), start=start, end=end)


def sightings(history: pl.DataFrame, start: int, end: int) -> pl.DataFrame:
    """Return who saw what in which cell on which day, each once.

    Several sightings of one witness in one cell count once: a fire of ten pixels is one.

    Returns
    -------
    polars.DataFrame
        Columns `source`, `phenomenon`, `witness`, `cell`, `day`, `season` and `year`.
    """
    placed = history.filter(
        pl.col("lon").is_not_null() & pl.col("t_start").is_between(start, end, closed="left")
    )
    return placed.select(
        "source",
        "phenomenon",
        "witness",
        cell=cell_of(),
        day=pl.col("t_start") // DAY,
        season=season_of(pl.col("t_start")),
        year=_year(),
    ).unique()


def counted(seen: pl.DataFrame) -> pl.DataFrame:
    """Return `n`, how many sightings each cell had in each season of each year."""
    return seen.group_by("source", "phenomenon", "cell", "season", "year").agg(
        n=pl.len().cast(pl.Float64)
    )


def fit_counts(counts: pl.DataFrame, *, start: int, end: int) -> Background:
    """Fit the background from the counts of a time that was watched (see `counted`)."""
    if counts.is_empty():
        return Background(RATE.empty())
    exposure = _exposure(start, end)
    parts = [
        _fit_one(group, exposure).with_columns(
            source=pl.lit(name[0]), phenomenon=pl.lit(name[1], PHENOMENON)
        )
        for name, group in sorted(counts.partition_by("source", "phenomenon", as_dict=True).items())
    ]
    return Background(RATE.conform(pl.concat(parts)).sort("source", "phenomenon", "cell", "season"))


def _year() -> pl.Expr:
    return pl.from_epoch("t_start", time_unit="us").dt.year().cast(pl.Int64)


def _exposure(start: int, end: int) -> pl.DataFrame:
    """Return the days watched of each season and year."""
    days = pl.DataFrame({"t_start": pl.int_range(start, end, DAY, eager=True)})
    return days.group_by(season=season_of(pl.col("t_start")), year=_year()).agg(
        days=pl.len().cast(pl.Float64)
    )


def _fit_one(by_year: pl.DataFrame, exposure: pl.DataFrame) -> pl.DataFrame:
    seasons = exposure.group_by("season").agg(pl.col("days").sum()).sort("season")
    counts = by_year.group_by("cell", "season").agg(pl.col("n").sum())
    cells = counts.select("cell").unique(maintain_order=False).sort("cell")
    profile = (
        seasons.join(counts.group_by("season").agg(pl.col("n").sum()), on="season", how="left")
        .with_columns(p=pl.col("n").fill_null(0.0) / (pl.col("days") * len(cells)))
        .with_columns(p=pl.col("p").clip(LEAST_RATE))
        .select("season", "days", "p")
    )
    expected_in_all = float((profile["days"] * profile["p"]).sum())
    factors = _factors(counts, expected_in_all)
    grid = cells.join(profile, how="cross").join(factors, on="cell")
    grid = grid.join(counts, on=["cell", "season"], how="left")
    mean = pl.col("days") * pl.col("p") * pl.col("factor")
    fitted = grid.with_columns(mean=mean).with_columns(
        rate=(
            (PRIOR_SHAPE + pl.col("n").fill_null(0.0))
            / (PRIOR_SHAPE / pl.col("mean") + 1.0)
            / pl.col("days")
        ).clip(LEAST_RATE)
    )
    shape = _year_shape(by_year, fitted, exposure)
    elsewhere = profile.select(pl.lit(None, pl.String).alias("cell"), "season", rate="p")
    return pl.concat([fitted.select("cell", "season", "rate"), elsewhere]).with_columns(
        shape=pl.lit(shape)
    )


def _factors(counts: pl.DataFrame, expected: float) -> pl.DataFrame:
    """Return how much each cell and its ring of six neighbours show, over the mean."""
    own = counts.group_by("cell").agg(y=pl.col("n").sum())
    rings = own.select("cell", near=plh3.grid_disk("cell", 1)).explode("near")
    around = rings.join(own.rename({"cell": "near", "y": "near_y"}), on="near", how="left")
    return (
        around.group_by("cell")
        .agg(mean_near=pl.col("near_y").fill_null(0.0).sum() / pl.len())
        .join(own, on="cell")
        .select(
            "cell",
            factor=(pl.col("y") + 0.5 * pl.col("mean_near") + 0.5) / (1.5 * expected + 0.5),
        )
    )


def _year_shape(by_year: pl.DataFrame, fitted: pl.DataFrame, exposure: pl.DataFrame) -> float:
    """Return the shape of the negative binomial that the scatter of the years calls for."""
    grid = fitted.sort("cell", "season").select("cell", "season", "rate")
    grid = grid.join(exposure.sort("year"), on="season", maintain_order="left_right")
    table = grid.join(by_year, on=["cell", "season", "year"], how="left", maintain_order="left")
    mu = (table["rate"] * table["days"]).to_numpy()
    y = table["n"].fill_null(0.0).to_numpy()
    surplus = float(((y - mu) ** 2 - mu).sum())
    return float(np.clip((mu**2).sum() / surplus, 0.05, 100.0)) if surplus > 0 else 100.0


def expected_rate(background: Background, places: pl.DataFrame) -> pl.DataFrame:
    """Add `background_rate` (sightings a day in the cell) and `background_shape`.

    Parameters
    ----------
    places : polars.DataFrame
        Columns `source`, `phenomenon`, `lon`, `lat` and `t_start`.

    Returns
    -------
    polars.DataFrame
        The same rows in the same order; null where the source has no background.
    """
    keyed = places.with_columns(cell=cell_of(), season=season_of(pl.col("t_start")))
    here = background.rates.filter(pl.col("cell").is_not_null())
    anywhere = background.rates.filter(pl.col("cell").is_null()).drop("cell")
    keys = ["source", "phenomenon", "cell", "season"]
    joined = keyed.join(here, on=keys, how="left", maintain_order="left").join(
        anywhere.rename({"rate": "rate_any", "shape": "shape_any"}),
        on=["source", "phenomenon", "season"],
        how="left",
        maintain_order="left",
    )
    # A cell that showed nothing in all the history has less than the mean of those that did.
    unseen = pl.col("rate_any") / 10.0
    return joined.with_columns(
        background_rate=pl.coalesce("rate", unseen),
        background_shape=pl.coalesce("shape", "shape_any"),
    ).drop("cell", "season", "rate", "shape", "rate_any", "shape_any")


def probability_of_any(
    rate: npt.ArrayLike, shape: npt.ArrayLike, share: float
) -> npt.NDArray[np.float64]:
    r"""Return the probability of at least one background sighting.

    .. math:: 1 - (1 + r / a)^{-a}

    with `r` the expected number, `rate` times `share`, and `a` the shape: the negative
    binomial's chance of none, taken from one.

    Examples
    --------
    >>> round(float(probability_of_any(0.1, 100.0, 1.0)), 3)
    0.095
    """
    expected = np.asarray(rate, dtype=np.float64) * share
    a = np.asarray(shape, dtype=np.float64)
    return np.asarray(-special.expm1(-a * np.log1p(expected / a)))


def probability_of_more(
    count: npt.ArrayLike, mean: npt.ArrayLike, shape: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Return the probability that background alone gives at least this count.

    Examples
    --------
    >>> bool(probability_of_more(10, 2.0, 5.0) < 0.01)
    True
    """
    mu, a = np.asarray(mean, dtype=np.float64), np.asarray(shape, dtype=np.float64)
    return np.asarray(stats.nbinom.sf(np.asarray(count) - 1, a, a / (a + mu)))
