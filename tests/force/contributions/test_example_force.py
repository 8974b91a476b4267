"""The example force: 30,000 people, stated and assumed kept apart, rules as stated."""

from __future__ import annotations

import datetime as dt

from truceline.force.contributions.documents import read_coalition
from truceline.force.examples import example_path


def test_thirty_thousand_of_whom_few_are_stated() -> None:
    units = read_coalition(example_path("april-2025-30000")).units()
    assert sum(unit.persons or 0 for unit in units) == 30_000
    assert all(unit.persons is not None for unit in units)
    assert sum(unit.persons or 0 for unit in units if unit.basis == "stated") == 200


def test_its_units_keep_the_rules_their_nations_stated() -> None:
    stated = read_coalition(example_path("coalition")).as_of(dt.date(2026, 1, 6))
    rules = {unit.unit_id: unit.caveats for unit in stated.units()}
    force = read_coalition(example_path("april-2025-30000"))
    compared = [unit for unit in force.units() if unit.unit_id in rules]
    assert len(compared) == 5
    assert all(unit.caveats == rules[unit.unit_id] for unit in compared)
