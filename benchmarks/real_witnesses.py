"""What heat and news are worth beside verified acts, on years kept apart.

    python benchmarks/real_witnesses.py [FOLDER]

Heat: acts of 2022, then of 2023, against the same places on the same calendar days of the four
years before the war and on other weeks of the war. News: acts from July to December 2024, then
from January to April 2025, against other weeks of the same place; of those no day is known to
be quiet, so the bits are the least that a report is worth. Last, the law for heat with a
background of 2018 to 2020, asked of acts of 2023 and of their places in 2021 at even odds.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import polars as pl
from scipy import stats

from truceline.core.store.case_store import CaseStore
from truceline.core.types.time import DAY, to_micros
from truceline.evidence.background.permanent_heat import mark_permanent, permanent_heat
from truceline.evidence.background.rates import (
    CELL_KM2,
    cell_of,
    expected_rate,
    fit_background,
    probability_of_any,
)
from truceline.evidence.ingest import Entry, ingest
from truceline.evidence.sources import civilian_harm, eyes_on_russia, firms, news_events
from truceline.evidence.sources.source import Source
from truceline.judgement.fit.matched_days import Chance, matched, reported_near, shifted
from truceline.judgement.hostility.kinds import with_kind
from truceline.judgement.parameters import shipped_parameters

EPOCH = date(1970, 1, 1)
WAR = date(2022, 2, 1)
#: Other weeks of the same war: the same day of the week, far enough to be another story.
WEEKS = (-28, -21, -14, 14, 21, 28)
SETTLEMENT_M = 5_000.0


def read(source: Source, *files: Path) -> pl.DataFrame:
    """Return the observations of files, with `day` the last that each may be of."""
    with tempfile.TemporaryDirectory() as place:
        store = CaseStore(Path(place))
        ingest(store, [Entry(path, source) for path in files])
        table = store.scan_observations().collect()
    placed = table.filter(pl.col("lon").is_not_null() & (pl.col("phenomenon") != "other"))
    return placed.with_columns(day=(pl.col("t_end") - 1) // DAY, group=cell_of())


def between(table: pl.DataFrame, first: date, end: date) -> pl.DataFrame:
    """Return the rows of days from the first up to the end, each place and day once."""
    days = pl.col("day").is_between((first - EPOCH).days, (end - EPOCH).days, closed="left")
    return table.filter(days).unique(["lon", "lat", "day"], maintain_order=True)


def years_before(acts: pl.DataFrame) -> pl.DataFrame:
    """Return the places of acts on the same calendar days of 2018 to 2021."""
    year = pl.from_epoch(pl.col("day").cast(pl.Int32), time_unit="d").dt.year()
    back = [
        acts.with_columns(day=pl.col("day") - ((year - to) * 365.25).round().cast(pl.Int64))
        for to in range(2018, 2022)
    ]
    return pl.concat(back)


def other_weeks(acts: pl.DataFrame, known: pl.DataFrame, radius: float) -> pl.DataFrame:
    """Return the places of acts in other weeks in which no act is known there."""
    days = pl.concat([shifted(acts, days) for days in WEEKS])
    return days.filter(~reported_near(days, known, radius + 300.0, (-2, 2)))


def row(name: str, cases: tuple[pl.DataFrame, pl.DataFrame], reports: pl.DataFrame,
        radius: float, days: tuple[int, int]) -> str:  # fmt: skip
    """Return a line of the table."""
    columns = ["lon", "lat", "day", "group"]
    hits = pl.concat(
        [
            part.select(columns).with_columns(
                is_act=pl.lit(value=act), reported=reported_near(part, reports, radius, days)
            )
            for part, act in zip(cases, (True, False), strict=True)
        ]
    )
    found = matched(hits, np.random.default_rng(0))
    shares = [_percent(share) for share in (found.hit, found.chance_hit, found.made)]
    bits = f"{found.bits.value:.2f} [{found.bits.low:.2f}, {found.bits.high:.2f}]"
    return " | ".join([name, str(found.acts), str(found.quiet), *shares, bits])


def _percent(share: Chance) -> str:
    return f"{100 * share.value:.1f} % [{100 * share.low:.1f}, {100 * share.high:.1f}]"


def surprise(heat: pl.DataFrame, acts: pl.DataFrame, p: float) -> tuple[float, float, str]:
    """Return mean log score at even odds, and of the days with heat said and true share of acts."""
    split = to_micros(datetime(2021, 1, 1, tzinfo=UTC))
    start = to_micros(datetime(2018, 1, 1, tzinfo=UTC))
    background = fit_background(heat.filter(pl.col("t_start") < split), start=start, end=split)
    quiet = years_before(acts).filter(pl.col("day") >= (date(2021, 1, 1) - EPOCH).days)
    site = shipped_parameters().site_km2 / CELL_KM2
    scores, said, hits = [], 0.0, []
    for cases, act in ((acts, True), (quiet, False)):
        asked = cases.select("lon", "lat", t_start=pl.col("day") * DAY).join(
            heat.select("source", "phenomenon").head(1), how="cross"
        )
        rates = expected_rate(background, asked)
        one = probability_of_any(rates["background_rate"], rates["background_shape"], site)
        chance = 1.0 - (1.0 - one) ** 2
        seen = reported_near(cases, heat, _site_m(), (-1, 0)).to_numpy()
        ratio = np.where(seen, (p + chance - p * chance) / chance, 1.0 - p)
        hostile = ratio / (1.0 + ratio)
        scores.append(-np.log2(hostile if act else 1.0 - hostile).mean())
        said += float(hostile[seen].sum())
        hits.append(int(seen.sum()))
    low, high = stats.beta.ppf([0.05, 0.95], hits[0] + 0.5, hits[1] + 0.5)
    true = f"{hits[0]} of {sum(hits)} [{low:.2f}, {high:.2f}]"
    return float(np.mean(scores)), said / sum(hits), true


def _site_m() -> float:
    return float(1_000.0 * np.sqrt(shipped_parameters().site_km2 / np.pi))


def main() -> None:
    """Print the tables."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("TRUCELINE_DATA", ""))
    if not (folder / "firms").is_dir():
        sys.exit("The recorded data is not here: give its folder.")
    harm = read(civilian_harm.SOURCE, folder / "civilian_harm" / "incidents.csv")
    mapped = read(eyes_on_russia.SOURCE, folder / "eyes_on_russia" / "events.csv")
    known = pl.concat([harm, mapped])
    files = [folder / "firms" / f"ukr_fire_data_{year}.csv" for year in range(2018, 2024)]
    heat = read(firms.SOURCE, *files)
    before = permanent_heat(heat.filter(pl.col("day") < (WAR - EPOCH).days))
    heat = mark_permanent(heat, before).filter(~pl.col("permanent"))
    news = with_kind(read(news_events.SOURCE, *sorted((folder / "viina").glob("*.csv"))))

    print("witness | acts | quiet days | reported at acts | on quiet days | made by the act | bits")
    in_2023 = between(harm, date(2023, 1, 1), date(2023, 12, 1))
    for year, acts in (
        ("2022", between(known, WAR, date(2023, 1, 1))),
        ("2022, civilian harm alone", between(harm, WAR, date(2023, 1, 1))),
        ("2023", in_2023),
    ):
        for name, quiet in (
            ("years before", years_before(acts)),
            ("other weeks", other_weeks(acts, known, _site_m())),
        ):
            print(row(f"heat {year}, {name}", (acts, quiet), heat, _site_m(), (-1, 0)))
    spans = (("2024", date(2024, 7, 1), date(2025, 1, 1)),
             ("2025", date(2025, 1, 1), date(2025, 5, 1)))  # fmt: skip
    for year, first, end in spans:
        acts = between(harm, first, end)
        quiet = between(other_weeks(acts, known, SETTLEMENT_M), first, end)
        for kind in ("news/act", "news/harm"):
            told = news.filter(pl.col("kind") == kind)
            print(row(f"{kind} {year}", (acts, quiet), told, SETTLEMENT_M, (-1, 1)))
    print("p of heat | log score at even odds, bits | said where seen | true where seen")
    for p in (0.01, 0.03, 0.05, 0.1, 0.16, 0.3):
        score, said, true = surprise(heat, in_2023, p)
        print(f"{p} | {score:.3f} | {said:.3f} | {true}")


if __name__ == "__main__":
    main()
