"""The last word on a truce is of its last period, whatever the order of the rows."""

import polars as pl
import pytest

from truceline.judgement.truce_state.latest import GRAVEST, gravest_by_sector, latest_states


@pytest.mark.parametrize("seed", range(4))
def test_the_last_period_is_meant_and_not_the_whole_truce(seed):
    states = pl.DataFrame(
        [("shells", "A", 0, 30, "holding"), ("shells", "A", 28, 29, "not known"),
         ("shells", "A", 29, 30, "broken"), ("drones", "A", 0, 30, "broken"),
         ("drones", "A", 29, 30, "eroding"), ("drones", "B", 0, 30, "holding")],
        schema=["indicator", "sector", "t_start", "t_end", "state"], orient="row",
    ).sample(fraction=1.0, shuffle=True, seed=seed)  # fmt: skip
    latest = latest_states(states)
    assert latest.select("indicator", "sector", "state").rows() == [
        ("drones", "A", "eroding"), ("drones", "B", "holding"), ("shells", "A", "broken"),
    ]  # fmt: skip
    assert gravest_by_sector(latest) == {"A": "broken", "B": "holding"}


def test_a_quiet_indicator_does_not_speak_for_one_that_could_not_be_watched():
    for at, grave in enumerate(GRAVEST):
        for other in GRAVEST[at:]:
            rows = pl.DataFrame({"sector": ["A", "A"], "state": [other, grave]})
            assert gravest_by_sector(rows) == {"A": grave}
