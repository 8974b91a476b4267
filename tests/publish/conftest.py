"""A small judgement made by hand, and larger ones of the same make."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from shapely import LineString, Polygon

from truceline.core.types import tables as t
from truceline.core.types.time import DAY, HOUR, parse_time
from truceline.judgement.judgement import UNWATCHED, Judgement
from truceline.publish.bulletins.settings import (
    BulletinSettings,
    ClaimItem,
    ClaimLine,
    Thresholds,
)
from truceline.publish.draw.geography import Geography, MapLine, MapSector, MapZone

START = parse_time("2025-04-20T00:00:00Z")
PERIOD = (START, START + DAY)
BEFORE = (START - DAY, START)
NOW = START + DAY + 2 * HOUR

#: listed, sector, kind, hours from the start, lon, lat, p_hostile, p_violation, party, p north.
MADE = (
    ("violation", "A", "explosion_impact", 1.0, 37.20, 48.10, 0.97, 0.94, "north", 0.92),
    ("violation", "A", "explosion_impact", 3.5, 37.30, 48.16, 0.95, 0.90, "south", 0.04),
    ("violation", "A", "launch", 5.0, 37.42, 48.22, 0.93, 0.81, None, 0.50),
    ("violation", "B", "assault", 7.0, 37.70, 48.35, 0.99, 0.97, "south", 0.03),
    ("violation", "B", "explosion_impact", 9.0, 37.76, 48.37, 0.88, 0.80, None, 0.40),
    ("credible", "A", "burst", 2.0, 37.25, 48.12, 0.66, 0.30, None, 0.45),
    ("credible", "A", "shot", 11.0, 37.33, 48.20, 0.55, 0.10, None, 0.50),
    ("credible", "B", "obstruction", 12.0, 37.80, 48.42, 0.90, 0.45, "north", 0.91),
    ("credible", None, "fire", 15.0, 36.90, 47.95, 0.52, 0.05, None, 0.30),
    ("background", "A", "fire", 16.0, 37.10, 48.05, 0.03, 0.01, None, 0.50),
    ("violation", "A", "explosion_impact", -6.0, 37.28, 48.15, 0.96, 0.93, "north", 0.93),
    ("credible", "B", "burst", -3.0, 37.72, 48.36, 0.60, 0.20, None, 0.50),
)


def _incident(number: int, made: tuple) -> dict:
    _, sector, kind, hours, lon, lat, *_ = made
    moment = START + int(hours * HOUR)
    return {
        "incident_id": f"{number:032x}",
        "kind": kind,
        "weapon_class": None,
        "t_start": moment,
        "t_end": moment + HOUR // 2,
        "t_best": moment + HOUR // 4,
        "lon": lon,
        "lat": lat,
        "err_major_m": 2500.0,
        "err_minor_m": 900.0,
        "err_azimuth_deg": 40.0,
        "area": None,
        "sector": sector,
        "count": float(1 + number % 4),
        "count_low": None,
        "count_high": None,
        "n_observations": 2,
        "n_witnesses": 2,
    }


def _assessment(number: int, made: tuple) -> dict:
    listed, *_, p_hostile, p_violation, party, north = made
    return {
        "incident_id": f"{number:032x}",
        "prior_bits": -2.0,
        "evidence_bits": 5.5,
        "p_hostile": p_hostile,
        "party": party,
        "p_party": max(north, 0.95 - north),
        "p_violation": p_violation,
        "clause": None if kind_free(made) else "no-fire",
        "listed": listed,
        "decisive": "A crater analysis would name the direction of fire.",
    }


def kind_free(made: tuple) -> bool:
    return made[2] == "fire"


def _attribution(number: int, made: tuple) -> list[dict]:
    north = made[-1]
    return [
        {"incident_id": f"{number:032x}", "party": "north", "p": north},
        {"incident_id": f"{number:032x}", "party": "south", "p": round(0.95 - north, 6)},
        {"incident_id": f"{number:032x}", "party": "unattributable", "p": 0.05},
    ]


def _weights(number: int) -> list[dict]:
    row = {"incident_id": f"{number:032x}"}
    return [
        row | {"source": "patrols", "witness": "patrol 4", "bits": 4.0, "why": "Heard and seen."},
        row | {"source": "thermal", "witness": "satellite", "bits": 2.5, "why": "A hot pixel."},
        row | {"source": "hotline", "witness": "hotline", "bits": -1.0, "why": "No call came."},
    ]


def _observations(number: int, made: tuple) -> list[dict]:
    moment = START + int(made[3] * HOUR)
    base = {
        "t_start": moment,
        "t_end": moment + HOUR // 2,
        "received_at": moment + HOUR,
        "lon": made[4],
        "lat": made[5],
        "sigma_m": 900.0,
        "phenomenon": made[2],
        "count": 1.0,
        "raw_file": "ab" * 32,
        "raw_row": number,
    }
    return [
        base
        | {
            "obs_id": f"{2 * number:032x}",
            "source": "patrols",
            "instrument": "patrol",
            "witness": "patrol 4",
            "handling": "CLEAR",
        },
        base
        | {
            "obs_id": f"{2 * number + 1:032x}",
            "source": "thermal",
            "instrument": "satellite_thermal",
            "witness": "satellite",
            "handling": "AMBER",
        },
    ]


def _finding(number: int, made: tuple) -> dict:
    p_hostile, p_violation = made[6], made[7]
    return {
        "incident_id": f"{number:032x}",
        "clause": "no-fire",
        "p_hostile": p_hostile,
        "p_zone": 1.0,
        "p_time": 1.0,
        "p_kind": 1.0,
        "p_exempt": round(1 - min(1.0, p_violation / p_hostile), 6),
        "p_violation": p_violation,
    }


def _states() -> list[dict]:
    rows = []
    daily = {"A": (9, 6, 4, 7, 3), "B": (12, 10, 11, 2, 1), "C": (3, None, None, None, None)}
    for sector, series in daily.items():
        for day, count in enumerate(series):
            start = START + (day - len(series) + 1) * DAY
            known = count is not None
            rate = float(count) if known else None
            rows.append(
                {
                    "indicator": "explosions",
                    "sector": sector,
                    "t_start": start,
                    "t_end": start + DAY,
                    "count": rate,
                    "exposure": 0.9 if known else 0.02,
                    "rate": rate,
                    "rate_low": rate * 0.5 if known else None,
                    "rate_high": rate * 1.8 + 0.5 if known else None,
                    "rate_before": 40.0,
                    "ratio": rate / 40 if known else None,
                    "ratio_low": rate / 80 if known else None,
                    "ratio_high": rate * 1.8 / 40 + 0.0125 if known else None,
                    "p_holding": 0.99 if known else None,
                    "state": ("holding" if count < 5 else "eroding") if known else "not known",
                    "alarm": sector == "A" and day == 3,
                    "why": "Counts far below the rate before."
                    if known
                    else "The cameras were jammed for 23 of 24 hours.",
                }
            )
    return rows


def judgement_of(made: tuple = MADE, *, quiet: bool = False) -> Judgement:
    numbered = list(enumerate(made, start=1))
    gaps = [
        {
            "sector": "C",
            "phenomenon": "explosion",
            "t_start": START + HOUR // 2,
            "t_end": START + DAY - HOUR // 2,
            "p_detect": 0.02,
            "reason": "jamming",
        },
        {
            "sector": "C",
            "phenomenon": "explosion",
            "t_start": START + 2 * HOUR,
            "t_end": START + 4 * HOUR,
            "p_detect": 0.0,
            "reason": "denied",
        },
        {
            "sector": "A",
            "phenomenon": "shot",
            "t_start": START - 3 * HOUR,
            "t_end": START + 3 * HOUR,
            "p_detect": 0.05,
            "reason": "night",
        },
    ]
    return Judgement(
        observations=t.OBSERVATION.conform(
            _frame(t.OBSERVATION, [row for n, m in numbered for row in _observations(n, m)])
        ),
        effort=t.EFFORT.empty(),
        incidents=t.INCIDENT.conform(_frame(t.INCIDENT, [_incident(n, m) for n, m in numbered])),
        members=t.MEMBER.conform(
            _frame(
                t.MEMBER,
                [
                    {"incident_id": f"{n:032x}", "obs_id": f"{2 * n + k:032x}"}
                    for n, _ in numbered
                    for k in (0, 1)
                ],
            )
        ),
        assessments=t.ASSESSMENT.conform(
            _frame(t.ASSESSMENT, [_assessment(n, m) for n, m in numbered])
        ),
        weights=t.WEIGHT.conform(_frame(t.WEIGHT, [r for n, _ in numbered for r in _weights(n)])),
        attributions=t.ATTRIBUTION.conform(
            _frame(t.ATTRIBUTION, [r for n, m in numbered for r in _attribution(n, m)])
        ),
        findings=t.FINDING.conform(_frame(t.FINDING, [_finding(n, m) for n, m in numbered])),
        states=t.STATE.empty() if quiet else t.STATE.conform(_frame(t.STATE, _states())),
        unwatched=UNWATCHED.empty() if quiet else UNWATCHED.conform(_frame(UNWATCHED, gaps)),
        period=(START - 5 * DAY, START + DAY),
        provenance={"parameters": "2025.1", "agreement": "c0ffee"},
    )


def _frame(schema, rows: list[dict]) -> pl.DataFrame:
    names = {key for row in rows for key in row}
    dtypes = {k: v for k, v in schema.dtypes().items() if k in names or not rows}
    return pl.DataFrame(rows, schema=dtypes)


def many(count: int) -> tuple:
    kinds = ("explosion_impact", "burst", "shot", "fire")
    return tuple(
        (
            "violation" if n % 3 else "credible",
            "ABC"[n % 3],
            kinds[n % 4],
            (n * 7 % 2399) / 100,
            37.0 + (n * 37 % 1000) / 900,
            47.9 + (n * 61 % 997) / 1500,
            0.5 + (n % 50) / 100,
            0.4 + (n % 59) / 100,
            ("north", "south", None)[n % 3],
            0.05 + (n % 90) / 100,
        )
        for n in range(count)
    )


SETTINGS = BulletinSettings(
    case_id="example",
    title="The example truce",
    timezone="Europe/Kyiv",
    parties={"north": "Northern side", "south": "Southern side"},
    thresholds=Thresholds(violation=0.8, credible=0.5, party=0.8, holding_share=0.2),
    languages=("en", "uk", "ru"),
    period_before=BEFORE,
    disclaimer="Lines and names imply no judgement on the status of any territory.",
)

CLAIMS = (
    ClaimLine(
        "n-1",
        "north",
        "south",
        PERIOD,
        "violations",
        2935,
        2935.0,
        (
            ClaimItem("assaults", 96),
            ClaimItem("shellings", 1882),
            ClaimItem("drones", 957),
            ClaimItem("heavy weapons", 812, "subset_of", "shellings"),
        ),
        (),
        False,
        "statement",
    ),
    ClaimLine(
        "s-1",
        "south",
        "north",
        PERIOD,
        "violations",
        4900,
        4816.0,
        (
            ClaimItem("attacks", 6),
            ClaimItem("artillery", 1404),
            ClaimItem("drone strikes", 3316),
            ClaimItem("drones", 90),
        ),
        ("The items sum to 4,816, 84 less than the 4,900 stated.",),
        True,
        "statement",
    ),
)


def geography() -> Geography:
    def box(west: float, south: float, east: float, north: float) -> Polygon:
        return Polygon([(west, south), (east, south), (east, north), (west, north)])

    return Geography(
        lines=(
            MapLine(
                "Line of contact",
                LineString([(36.8, 47.9), (37.3, 48.15), (37.6, 48.3), (38.1, 48.5), (38.5, 48.9)]),
            ),
        ),
        zones=(
            MapZone(
                "Withdrawal zone",
                LineString(
                    [(36.8, 47.9), (37.3, 48.15), (37.6, 48.3), (38.1, 48.5), (38.5, 48.9)]
                ).buffer(0.14),
            ),
        ),
        sectors=(
            MapSector("A", "Sector Alpha", box(36.8, 47.8, 37.55, 48.45)),
            MapSector("B", "Sector Bravo", box(37.55, 48.0, 38.1, 48.7)),
            MapSector("C", "Sector Charlie", box(38.1, 48.2, 38.7, 49.1)),
        ),
    )


@pytest.fixture
def judgement() -> Judgement:
    return judgement_of()


@pytest.fixture
def make_judgement() -> Callable[..., Judgement]:
    return judgement_of


@pytest.fixture
def make_many() -> Callable[[int], tuple]:
    return many


@pytest.fixture
def settings() -> BulletinSettings:
    return SETTINGS


@pytest.fixture
def claims() -> tuple[ClaimLine, ...]:
    return CLAIMS


@pytest.fixture
def ground() -> Geography:
    return geography()


@pytest.fixture
def period() -> tuple[int, int]:
    return PERIOD


@pytest.fixture
def now() -> int:
    return NOW
