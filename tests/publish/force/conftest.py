"""A small plan with a sweep beside it, made once."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.force.planning.conftest import asked

from truceline.force.planning.plan import make_plan


@pytest.fixture(scope="session")
def plan():
    return make_plan(asked(), np.random.default_rng(1))


@pytest.fixture(scope="session")
def quick_plan():
    return make_plan(asked(air=None), np.random.default_rng(1), thorough=False)


@pytest.fixture
def sweep() -> pl.DataFrame:
    rows = [
        {"force": f"{people:,.0f}", "people": people, "people_per_km": people / 1200,
         "truces": 4, "violations": 400, "hours_to_verified": hours}
        | {f"{figure}{end}": share + add
           for figure, share in (("found", 0.7), ("verified", 0.4), ("attributed", 0.3))
           for end, add in (("", 0.0), ("_low", -0.05), ("_high", 0.05))}
        for people, hours in ((10_000.0, 20.0), (30_000.0, 12.0))
    ]  # fmt: skip
    return pl.DataFrame(rows)
