"""A rehearsal on the line of a case: a rehearsal's own folder is one."""

import numpy as np
import pytest

from truceline.core.types.errors import TermsError
from truceline.rehearsal.case_line import scenario_on_case
from truceline.rehearsal.provinces import simulate_province
from truceline.rehearsal.scenarios.scenario import load_scenario


def test_the_line_of_a_case_is_rehearsed_on(rehearsed) -> None:
    scenario, country = scenario_on_case(
        load_scenario("quiet-truce", {"days": 3, "before_days": 1}), rehearsed.path
    )
    assert country.front.length_m == pytest.approx(100_000.0, rel=0.01)
    tables = simulate_province(scenario, country, 0)
    assert len(tables.true_event) > 3
    lat = tables.true_event["lat"].to_numpy()
    assert np.all((lat > 46.5) & (lat < 49.5))


def test_a_case_without_a_line_is_told(rehearsed, tmp_path) -> None:
    for name in ("agreement.yaml", "geometry"):
        (tmp_path / name).symlink_to(rehearsed.path / name)
    text = (rehearsed.path / "case.yaml").read_text()
    (tmp_path / "case.yaml").write_text(text.replace("line:\n  file: line.geojson\n", ""))
    with pytest.raises(TermsError, match="draws no line"):
        scenario_on_case(load_scenario("quiet-truce"), tmp_path)
