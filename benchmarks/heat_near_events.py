"""What heat seen from space is worth beside verified events, in two years apart.

    python benchmarks/heat_near_events.py [FOLDER]

For each verified event of harm (place and day) it asks whether any detection of heat lies
within 3 km on that day or the next; and the same of the same place and calendar day in 2018 to
2021, before the war. The ratio of the two shares is the weight of heat as the war shows it:
fitted on 2022, checked on 2023. Intervals are 90 %, Jeffreys' for the shares and by resampling
days (events of one day share their clouds) for the ratio.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from scipy import stats
from scipy.spatial import cKDTree

from truceline.core.store.case_store import CaseStore
from truceline.core.types.time import DAY
from truceline.evidence.background.permanent_heat import mark_permanent, permanent_heat
from truceline.evidence.ingest import Entry, ingest
from truceline.evidence.sources.source import installed_sources, recognise

NEAR_M = 3_000.0
QUIET_YEARS = (2018, 2019, 2020, 2021)


def observations(folder: Path, names: list[str]) -> pl.DataFrame:
    """Return the observations of the CSV files of some folders."""
    sources = installed_sources()
    with tempfile.TemporaryDirectory() as place:
        store = CaseStore(Path(place))
        files = [path for name in names for path in sorted((folder / name).glob("*.csv"))]
        ingest(store, [Entry(path, recognise(path, sources)) for path in files])
        return store.scan_observations().collect()


def points(lon: np.ndarray, lat: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return places in metres, with days so far apart that only the same day is near."""
    x = lon * 111_195.0 * np.cos(np.radians(48.5))
    return np.column_stack([x, lat * 111_195.0, day * 1e6])


def has_heat(tree: cKDTree, lon: np.ndarray, lat: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Return for each place whether heat was seen near it on that day or the next."""
    today, next_day = (points(lon, lat, day + later) for later in (0, 1))
    return (tree.query(today)[0] <= NEAR_M) | (tree.query(next_day)[0] <= NEAR_M)


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("TRUCELINE_DATA", ""))
    if not (folder / "firms").is_dir():
        sys.exit("The recorded detections and events are not here: give their folder.")
    heat = observations(folder, ["firms"]).filter(pl.col("lon").is_not_null())
    quiet = pl.from_epoch("t_start", time_unit="us").dt.year().is_in(QUIET_YEARS)
    heat = mark_permanent(heat, permanent_heat(heat.filter(quiet))).filter(~pl.col("permanent"))
    tree = cKDTree(
        points(*(heat[c].to_numpy() for c in ("lon", "lat")), (heat["t_start"] // DAY).to_numpy())
    )
    events = observations(folder, ["civilian_harm"]).filter(pl.col("lon").is_not_null())
    moment = pl.from_epoch("t_start", time_unit="us")
    events = events.with_columns(year=moment.dt.year(), date=moment.dt.date())
    print("year | events | heat beside them | heat in quiet years | ratio (90 %) | bits")
    for year in (2022, 2023):
        told(events.filter(pl.col("year") == year), tree)


def told(events: pl.DataFrame, tree: cKDTree) -> None:
    """Print the line of one year."""
    lon, lat = events["lon"].to_numpy(), events["lat"].to_numpy()
    seen = has_heat(tree, lon, lat, (events["t_start"] // DAY).to_numpy())
    before = []
    for year in QUIET_YEARS:
        days = (
            events["date"].dt.offset_by(f"{year - events['year'][0]}y").cast(pl.Datetime("us"))
        ).dt.epoch("us") // DAY
        before.append(has_heat(tree, lon, lat, days.to_numpy()))
    calm = np.mean(before, axis=0)
    rng = np.random.default_rng(1)
    groups = np.unique(events["date"].to_numpy(), return_inverse=True)[1]
    ratios = []
    for _ in range(400):
        weight = rng.poisson(1.0, groups.max() + 1)[groups]
        ratios.append((weight @ seen) / max(weight @ calm, 1e-9))
    low, high = np.quantile(ratios, [0.05, 0.95])
    share = stats.beta(seen.sum() + 0.5, (~seen).sum() + 0.5)
    ratio = seen.mean() / calm.mean()
    print(
        f"{events['year'][0]} | {len(events)} | {seen.mean():.4f} "
        f"({share.ppf(0.05):.4f} to {share.ppf(0.95):.4f}) | {calm.mean():.4f} | "
        f"{ratio:.2f} ({low:.2f} to {high:.2f}) | {np.log2(ratio):.2f}"
    )


if __name__ == "__main__":
    main()
