"""Tables for truce states: made by hand, or from the recorded data with small local parsing."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from truceline.core.types.tables import EFFORT, OBSERVATION
from truceline.core.types.time import day_bounds

KYIV = "Europe/Kyiv"


def observed(rows: Iterable[dict]) -> pl.DataFrame:
    """Return observations; what a row does not say takes a plain default."""
    defaults = {
        "source": "feed", "instrument": "dataset", "phenomenon": "violation",
        "handling": "CLEAR", "raw_file": "0" * 64,
    }  # fmt: skip
    full = [
        {"obs_id": f"{i:032x}", "witness": f"w{i}", "raw_row": i + 1, "received_at": row["t_end"]}
        | defaults
        | row
        for i, row in enumerate(rows)
    ]
    return OBSERVATION.conform(pl.DataFrame(full, infer_schema_length=None))


def watched(rows: Iterable[dict]) -> pl.DataFrame:
    """Return effort; full, and by habit, unless a row says otherwise."""
    defaults = {
        "source": "feed", "instrument": "dataset", "phenomenon": "violation", "p_detect": 1.0,
        "reason": "reports_daily",
    }  # fmt: skip
    rows = [defaults | row for row in rows]
    if not rows:
        return EFFORT.empty()
    return EFFORT.conform(pl.DataFrame(rows, infer_schema_length=None))


def days(start: date, count: int) -> list[tuple[int, int]]:
    return [day_bounds(start + timedelta(days=i)) for i in range(count)]


def daily(counts: list[int | None], start: date = date(2024, 1, 1), **fields) -> tuple:
    """Return observations and effort of a daily series in UTC; None is a day not watched."""
    spans = days(start, len(counts))
    pairs = [(s, c) for s, c in zip(spans, counts, strict=True) if c is not None]
    rows = [{"t_start": s, "t_end": e, "count": float(c)} | fields for (s, e), c in pairs]
    effort = [{"t_start": s, "t_end": e} for (s, e), _ in pairs]
    return observed(rows), watched(effort)


@pytest.fixture(scope="session")
def tables() -> Callable:
    return daily


@pytest.fixture(scope="session")
def make() -> tuple[Callable, Callable]:
    return observed, watched


def _kyiv(column: str, pattern: str) -> pl.Expr:
    local = pl.col(column).str.to_datetime(pattern, time_unit="us", strict=False)
    return local.dt.replace_time_zone(KYIV).dt.convert_time_zone("UTC").dt.timestamp("us")


@pytest.fixture(scope="session")
def launches(shared_data: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """National launch reports; a night belongs to the day on which it ends."""
    raw = pl.read_csv(shared_data / "launches" / "missile_attacks_daily.csv", infer_schema=False)
    national = raw.filter(pl.col("source").str.contains("kpszsu")).select(
        t_start=_kyiv("time_start", "%Y-%m-%d %H:%M"),
        t_end=_kyiv("time_end", "%Y-%m-%d %H:%M"),
        count=pl.col("launched").cast(pl.Float64, strict=False),
    )
    recent = national.drop_nulls("t_end").filter(pl.col("t_end") > day_bounds(date(2025, 3, 1))[0])
    fields = {"source": "launches", "instrument": "launch_report", "phenomenon": "launch"}
    rows = observed(row | fields for row in recent.drop_nulls("t_start").to_dicts())
    start, end = day_bounds(date(2025, 3, 1), KYIV)[0], day_bounds(date(2025, 4, 30), KYIV)[1]
    habit = fields | {"t_start": start, "t_end": end, "p_detect": 0.97}
    return rows, watched([habit])


@pytest.fixture(scope="session")
def alerts(shared_data: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Starts of air-raid alerts by region."""
    raw = pl.read_csv(shared_data / "alerts" / "air_raid_alerts_oblast.csv", infer_schema=False)
    start = pl.col("started_at").str.to_datetime("%Y-%m-%d %H:%M:%S%z", time_unit="us")
    times = raw.select(t_start=start.dt.timestamp("us")).with_columns(t_end="t_start")
    first, last = day_bounds(date(2025, 3, 1), KYIV)[0], day_bounds(date(2025, 4, 30), KYIV)[1]
    fields = {"source": "alerts", "instrument": "alert", "phenomenon": "alert"}
    rows = times.filter(pl.col("t_start").is_between(first, last)).to_dicts()
    effort = fields | {"t_start": first, "t_end": last, "reason": "watching"}
    return observed(row | fields for row in rows), watched([effort])


@pytest.fixture(scope="session")
def news(shared_data: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All rows of the news extracts in the region; the source does not tell its effort."""
    parts = []
    for month in ("202502", "202503", "202504"):
        path = shared_data / "viina" / f"viina_incidents_{month}.csv"
        parts.append(pl.read_csv(path, infer_schema=False))
    raw = pl.concat(parts).with_columns(pl.col("lon", "lat").cast(pl.Float64, strict=False))
    near = raw.filter(pl.col("lon").is_between(22, 41) & pl.col("lat").is_between(44, 53))
    times = near.select(t_start=_kyiv("datetime", "%Y-%m-%d %H:%M:%S"), witness="headline")
    rows = times.drop_nulls("t_start").with_columns(t_end="t_start").to_dicts()
    fields = {"source": "news", "instrument": "news", "phenomenon": "other"}
    return observed(row | fields for row in rows), watched([])


@pytest.fixture(scope="session")
def smm(shared_data: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The mission's counts, both regions; effort only where a report was found."""
    raw = pl.read_csv(shared_data / "osce_smm" / "smm_daily_counts.csv", infer_schema=False)
    year = raw.filter(pl.col("period_end_local_1930").str.starts_with("2020"))
    rows, effort = [], []
    for row in year.to_dicts():
        last = date.fromisoformat(row["period_end_local_1930"])
        first = last - timedelta(days=int(row["days_covered"]) - 1)
        span = {"t_start": day_bounds(first, KYIV)[0], "t_end": day_bounds(last, KYIV)[1]}
        count = float(row["donetsk_violations"].split()[0]) + float(row["luhansk_violations"] or 0)
        fields = {"source": "smm", "instrument": "patrol"}
        rows.append(span | fields | {"count": count})
        effort.append(span | fields | {"reason": "watching"})
    return observed(rows), watched(effort)


@pytest.fixture(scope="session")
def thermal(shared_data: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Thermal detections in 47-49 N, 37.3-39.2 E, July and August of four years."""
    rows, effort = [], []
    for year in (2018, 2019, 2020, 2021):
        raw = pl.read_csv(shared_data / "firms" / f"ukr_fire_data_{year}.csv")
        box = raw.filter(
            pl.col("LATITUDE").is_between(47, 49)
            & pl.col("LONGITUDE").is_between(37.3, 39.2)
            & pl.col("ACQ_DATE").is_between(pl.lit(f"{year}-07-01"), pl.lit(f"{year}-08-31"))
        )
        for day in box["ACQ_DATE"].to_list():
            start, end = day_bounds(date.fromisoformat(day))
            rows.append({"t_start": start, "t_end": end})
        start, end = day_bounds(date(year, 7, 1))[0], day_bounds(date(year, 8, 31))[1]
        effort.append({"t_start": start, "t_end": end, "reason": "watching"})
    fields = {"source": "firms", "instrument": "satellite_thermal", "phenomenon": "fire"}
    return observed(r | fields for r in rows), watched(e | fields for e in effort)


@pytest.fixture(scope="session")
def line_of_control(shared_data: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Monthly counts of one party along the Line of Control."""
    path = shared_data / "line_of_control" / "monthly_violations_2018_2021.csv"
    rows, effort = [], []
    for row in pl.read_csv(path).to_dicts():
        first = date.fromisoformat(row["month"] + "-01")
        last = (first.replace(day=28) + timedelta(days=7)).replace(day=1)
        zone = "Asia/Kolkata"
        span = {"t_start": day_bounds(first, zone)[0], "t_end": day_bounds(last, zone)[0]}
        rows.append(span | {"source": "loc", "count": float(row["violations_reported"])})
        effort.append(span | {"source": "loc"})
    return observed(rows), watched(effort)


@pytest.fixture(scope="session")
def acled(shared_data: Path) -> pl.DataFrame:
    """Daily counts of coded events in Ukraine, 2020-2021."""
    path = shared_data / "daily_series" / "acled_ucdp_daily_ukraine_2020_2021.csv"
    return pl.read_csv(path).select(
        day=pl.col("date").str.slice(0, 10).str.to_date(), count=pl.col("acled_events")
    )
