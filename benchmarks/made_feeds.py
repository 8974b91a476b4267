"""Feeds made to any size, in the layouts and with the density of the recorded ones.

Heat seen by satellites has the columns of NASA FIRMS, a file a million rows: small groups along
800 km of front, about 900 detections a day, each group of one night or noon and each detection by
one of three satellites then; of a hundred rows four are of furnaces that burn the whole year, and
one is a repeat of another. Alerts are intervals a region, one to twenty detections.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

CHUNK = 1_000_000

#: Detections a day, and of how many rows one is an alert.
_A_DAY, _ALERTS = 900, 21

#: When they begin.
FIRST = datetime(1990, 1, 1, tzinfo=UTC)

_SINCE = int(FIRST.timestamp())

_SATELLITES = np.array(["N", "N20", "N21"])

_REGIONS = np.array([f"Region {i:02d}" for i in range(25)])

#: Minutes after midnight at which a satellite comes over, by satellite, night and noon.
_PASSES = np.array([[30, 655], [80, 705], [55, 680]])


def days_of(n: int) -> int:
    """Return the days that n observations span."""
    return max(1, (n - n // _ALERTS) // _A_DAY)


def make_feeds(folder: Path, n: int) -> None:
    """Write feeds of n observations together into a folder."""
    rows = n - n // _ALERTS
    for number in range(-(-rows // CHUNK)):
        size = min(CHUNK, rows - number * CHUNK)
        _heat(number, size).write_csv(folder / f"fire_archive_{number:04d}.csv")
    _alerts(n // _ALERTS, days_of(n)).write_csv(folder / "alerts.csv")


def _heat(number: int, n: int) -> pl.DataFrame:
    """Return n rows of one stretch of time, in the order of their passes."""
    rng = np.random.default_rng([1, number])
    days = max(1, n // _A_DAY)
    lon, lat, day, noon = _places(rng, n, days)
    satellite = rng.integers(0, 3, n)
    # The orbit wanders by half an hour from day to day, the same for all that one pass sees.
    wander = (np.arange(days + 1) * 37 % 61 - 30)[day]
    minute = np.maximum(_PASSES[satellite, noon] + wander, 0)
    moment = pl.Series("at", _SINCE + (number * (CHUNK // _A_DAY) + day) * 86_400 + minute * 60)
    table = pl.DataFrame(
        {
            "latitude": lat.round(5),
            "longitude": lon.round(5),
            "brightness": rng.uniform(295, 367, n).round(2),
            "scan": rng.uniform(0.32, 0.8, n).round(2),
            "track": rng.uniform(0.36, 0.78, n).round(2),
            "at": moment,
            "satellite": _SATELLITES[satellite],
            "confidence": np.array(["n", "n", "n", "l", "h"])[rng.integers(0, 5, n)],
            "bright_t31": rng.uniform(265, 300, n).round(2),
            "frp": rng.gamma(1.2, 4.0, n).round(2),
            "daynight": np.array(["N", "D"])[noon],
        }
    )
    repeats = rng.integers(0, n, n // 100)
    return _laid_out(pl.concat([table[: n - len(repeats)], table[repeats]]).sort("at"))


def _places(
    rng: np.random.Generator, n: int, days: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return longitude, latitude, day and half of it: groups, and furnaces that stay."""
    groups = max(1, n // 3)
    of = rng.integers(0, groups, n)
    west = 32 + rng.random(groups) * 8
    north = 46.5 + (west - 32) * 0.4 + rng.normal(0, 0.15, groups)
    lon, lat, day = west[of], north[of], rng.integers(0, days, groups)[of]
    noon = rng.integers(0, 2, groups)[of]
    furnace = np.flatnonzero(rng.random(n) < 0.04)
    site = rng.integers(0, 40, len(furnace))
    lon[furnace], lat[furnace] = 33 + site * 0.15, 48.5 + (site % 7) * 0.1
    day[furnace] = rng.integers(0, days, len(furnace))
    return lon + rng.normal(0, 0.005, n), lat + rng.normal(0, 0.004, n), day, noon


def _laid_out(table: pl.DataFrame) -> pl.DataFrame:
    at = pl.from_epoch("at", time_unit="s")
    return table.select(
        "latitude",
        "longitude",
        "brightness",
        "scan",
        "track",
        at.dt.strftime("%Y-%m-%d").alias("acq_date"),
        at.dt.strftime("%H%M").alias("acq_time"),
        "satellite",
        pl.lit("VIIRS").alias("instrument"),
        "confidence",
        pl.lit("2.0NRT").alias("version"),
        "bright_t31",
        "frp",
        "daynight",
    )


def _alerts(n: int, days: int) -> pl.DataFrame:
    rng = np.random.default_rng(2)
    start = np.sort(_SINCE + (rng.random(n) * days * 86_400).astype(np.int64))
    form = "%Y-%m-%d %H:%M:%S+00:00"
    return pl.DataFrame(
        {
            "region": _REGIONS[rng.integers(0, len(_REGIONS), n)],
            "started_at": start,
            "finished_at": start + rng.integers(600, 7_200, n),
        }
    ).with_columns(
        pl.from_epoch(pl.col(c), time_unit="s").dt.strftime(form)
        for c in ("started_at", "finished_at")
    )
