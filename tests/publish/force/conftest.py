"""A small plan with a sweep beside it, made once."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from tests.force.planning.conftest import asked

from truceline.force.planning.plan import make_plan
from truceline.force.planning.stress import ends, losses
from truceline.force.presence import Mix, mix_of
from truceline.publish.force.plan_rehearsed import Rehearsed
from truceline.rehearsal.sweeps.ladder import clocks_by_force
from truceline.rehearsal.sweeps.stress import stressed
from truceline.rehearsal.sweeps.summary import FIGURES, SUMMARY, gains


@pytest.fixture(scope="session")
def plan():
    return make_plan(asked(), np.random.default_rng(1))


@pytest.fixture(scope="session")
def quick_plan():
    return make_plan(asked(air=None), np.random.default_rng(1), thorough=False)


@pytest.fixture(scope="session")
def swept() -> Rehearsed:
    """Two forces, and the larger one put to two tests, by made-up figures."""
    rows = [
        {"force": f"{people:,.0f}", "people": people, "people_per_km": people / 1200,
         "cameras": 0.0, "arrays": 0.0,
         "truces": 4, "violations": 400}
        | {f"{figure}{end}": None for figure in FIGURES for end in ("", "_low", "_high")}
        | {f"{figure}{end}": share + add
           for figure, share in (("found", 0.7), ("verified", 0.4), ("attributed", 0.3))
           for end, add in (("", 0.0), ("_low", -0.05), ("_high", 0.05))}
        | {"hours_to_verified": hours, "breaches_a_day": hours}
        for people, hours in ((10_000.0, 20.0), (30_000.0, 12.0))
    ]  # fmt: skip
    mix = Mix("30,000", 30_000.0, cameras=100)
    forces = [mix, *(change.mix for change in (*losses(mix, {"withdrawn: A": 0.3}), *ends(mix)))]
    outcomes = pl.DataFrame(
        [
            {"force": force.name, "people": force.people, "seed": seed, "found": 0.5,
             "verified": 0.4 - 0.01 * n - 0.001 * n * seed, "attributed": 0.2, "unwatched": 0.3}
            for n, force in enumerate(forces)
            for seed in (1, 2, 3)
        ]
    )  # fmt: skip
    changes = (*losses(mix, {"withdrawn: A": 0.3}), *ends(mix))
    table = SUMMARY.conform(pl.DataFrame(rows, schema=SUMMARY.dtypes()))
    two = [mix_of(10_000.0), mix_of(30_000.0)]
    stepped = pl.DataFrame(
        [
            {"force": force.name, "people": force.people, "cameras": 0.0, "arrays": 0.0,
             "seed": seed, "verified": 0.2 + 0.1 * n + 0.01 * seed * n}
            for n, force in enumerate(two)
            for seed in (1, 2, 3)
        ]
    )  # fmt: skip
    clocks = clocks_by_force(two, table, 1_200.0, np.random.default_rng(1))
    return Rehearsed(table, stressed(outcomes, changes), gains(stepped), clocks)
