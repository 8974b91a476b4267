"""The thermal background on a year that its fit never saw.

    python benchmarks/background_quality.py [FOLDER]

Fits the background of heat seen from space on 2018 to 2020 and predicts, for every cell with a
history and every season, how many detections 2021 shows, each witness counted once a day and
cell. Beside it: a Poisson of the same mean, the mean of the same cell and season in the years
before, and one rate for all. Prints the mean log score (nats a cell and season, higher is
better), the share of counts within the central 90 % (at least 90 % when right, since counts
are whole) and predicted over counted.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
from scipy import stats

from truceline.core.store.case_store import CaseStore
from truceline.core.types.time import DAY, to_micros
from truceline.evidence.background.permanent_heat import mark_permanent, permanent_heat
from truceline.evidence.background.rates import SEASON_DAYS, cell_of, fit_background, season_of
from truceline.evidence.ingest import Entry, ingest
from truceline.evidence.sources.firms import SOURCE

FIRST, SPLIT, LAST = (to_micros(datetime(year, 1, 1, tzinfo=UTC)) for year in (2018, 2021, 2022))
KEYS = ["source", "phenomenon", "cell", "season"]


def detections(folder: Path) -> pl.DataFrame:
    """Return the detections of 2018 to 2021, without permanent heat as known by 2020."""
    with tempfile.TemporaryDirectory() as place:
        store = CaseStore(Path(place))
        files = [folder / "firms" / f"ukr_fire_data_{year}.csv" for year in range(2018, 2022)]
        ingest(store, [Entry(path, SOURCE) for path in files])
        table = store.scan_observations().collect()
    heat = permanent_heat(table.filter(pl.col("t_start") < SPLIT))
    return mark_permanent(table, heat).filter(~pl.col("permanent"))


def counted(table: pl.DataFrame, start: int, end: int) -> pl.DataFrame:
    """Return the detections by cell and season, as the fit counts them."""
    seen = table.filter(pl.col("t_start").is_between(start, end, closed="left")).with_columns(
        cell=cell_of(), season=season_of(pl.col("t_start")), day=pl.col("t_start") // DAY
    )
    once = seen.unique(["source", "phenomenon", "witness", "cell", "day"])
    return once.group_by(KEYS).agg(n=pl.len().cast(pl.Float64))


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("TRUCELINE_DATA", ""))
    if not (folder / "firms").is_dir():
        sys.exit("The recorded thermal detections are not here: give their folder.")
    table = detections(folder)
    rates = fit_background(table, start=FIRST, end=SPLIT).rates.drop_nulls("cell")
    before = counted(table, FIRST, SPLIT).rename({"n": "before"})
    grid = (
        rates.join(counted(table, SPLIT, LAST), on=KEYS, how="left")
        .join(before, on=KEYS, how="left")
        .with_columns(pl.col("n", "before").fill_null(0.0))
    )
    y, shape = grid["n"].to_numpy(), grid["shape"].to_numpy()
    mean = grid["rate"].to_numpy() * SEASON_DAYS
    past = np.maximum(grid["before"].to_numpy() / 3.0, 1.0 / 30.0)
    print(f"{len(grid)} cells and seasons, {grid['cell'].n_unique()} cells, {y.sum():.0f} counted")
    models = {
        "fitted, negative binomial": stats.nbinom(shape, shape / (shape + mean)),
        "fitted mean, Poisson": stats.poisson(mean),
        "mean of the years before": stats.poisson(past),
        "one rate for all": stats.poisson(np.full(len(y), y.mean())),
    }
    print(f"{'model':28} log score | within 90 % | predicted over counted")
    for name, model in models.items():
        inside = (y >= model.ppf(0.05)) & (y <= model.ppf(0.95))
        ratio = np.mean(model.mean()) / y.mean()
        print(f"{name:28} {model.logpmf(y).mean():9.3f} | {inside.mean():11.3f} | {ratio:.2f}")


if __name__ == "__main__":
    main()
