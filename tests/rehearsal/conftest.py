"""Small rehearsals that many tests look at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from truceline.rehearsal.generation import generate
from truceline.rehearsal.provinces import ProvinceTables, simulate_province
from truceline.rehearsal.rehearsal_folder import RehearsalFolder
from truceline.rehearsal.scenarios.scenario import Scenario, load_scenario
from truceline.rehearsal.worlds.geography import Geography, geography

#: A short line with much happening on it.
BUSY = {
    "seed": 7,
    "days": 20,
    "before_days": 3,
    "background_days": 28,
    "line": {"km": 100, "sectors_per_province": 3},
    "dynamics": {"acts_per_day": 260},
    "sensors": {"camera": {"per_100km": 12}},
    "benign": {"furnaces_per_100km": 12},
}


@dataclass(frozen=True)
class Simulated:
    """One province in memory."""

    scenario: Scenario
    country: Geography
    tables: ProvinceTables


@pytest.fixture(scope="session")
def busy() -> Simulated:
    scenario = load_scenario("quiet-truce", BUSY)
    country = geography(scenario)
    return Simulated(scenario, country, simulate_province(scenario, country, 0))


@pytest.fixture(scope="session")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> RehearsalFolder:
    changes = {**BUSY, "dynamics": {"acts_per_day": 40}}
    folder: Path = tmp_path_factory.mktemp("rehearsed")
    return generate(load_scenario("quiet-truce", changes), folder)
