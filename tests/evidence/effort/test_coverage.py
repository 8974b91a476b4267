"""Blind is never quiet, a source is not independent of itself, and sources are of each other."""

from __future__ import annotations

import h3
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.core.types.tables import EFFORT
from truceline.core.types.time import DAY, HOUR
from truceline.evidence.effort.coverage import PERIOD, days_between, detectability, unwatched

CELL = h3.latlng_to_cell(48.0, 37.5, 7)


def effort(*rows: tuple[object, ...], area: str | None = "north") -> pl.DataFrame:
    """Return effort from source, start, end, probability and reason, in hours."""
    return EFFORT.conform(
        pl.DataFrame(
            [
                {
                    "source": source, "instrument": "camera", "area": area, "cell": None,
                    "t_start": int(start * HOUR), "t_end": int(end * HOUR),
                    "phenomenon": "explosion", "p_detect": p, "reason": reason,
                }
                for source, start, end, p, reason in rows
            ],
            schema=EFFORT.dtypes(),
        )
    )  # fmt: skip


def day(table: pl.DataFrame, **kwargs: object) -> dict[str, object]:
    found = detectability(table, days_between(0, DAY), phenomena=["explosion"], areas=["north"])
    assert found.height == 1
    return found.row(0, named=True)


def test_no_effort_is_not_watched() -> None:
    nothing = day(EFFORT.empty())
    assert nothing["p_detect"] == 0.0
    assert nothing["watched"] == 0.0
    assert nothing["reason"] is None


def test_two_sources_are_independent() -> None:
    both = day(effort(("a", 0, 24, 0.5, "watching"), ("b", 0, 24, 0.5, "watching")))
    assert both["p_detect"] == pytest.approx(0.75)
    assert both["n_sources"] == 2


def test_a_source_is_not_independent_of_itself() -> None:
    twice = day(effort(("a", 0, 24, 0.5, "watching"), ("a", 0, 24, 0.4, "watching")))
    assert twice["p_detect"] == pytest.approx(0.5)


def test_overlapping_and_partial_intervals_by_hand() -> None:
    # a: 0-12 h at 0.5; b: 6-18 h at 0.8. 0-6: 0.5; 6-12: 0.9; 12-18: 0.8; 18-24: 0.
    found = day(effort(("a", 0, 12, 0.5, "watching"), ("b", 6, 18, 0.8, "watching")))
    assert found["p_detect"] == pytest.approx((0.5 + 0.9 + 0.8) / 4)
    assert found["watched"] == pytest.approx(0.75)


def test_effort_that_runs_over_the_period_counts_only_within_it() -> None:
    assert day(effort(("a", -48, 6, 1.0, "watching")))["p_detect"] == pytest.approx(0.25)


def test_a_jammed_sensor_says_why_and_adds_nothing() -> None:
    found = day(effort(("a", 0, 24, 0.0, "jamming")))
    assert found["p_detect"] == 0.0
    assert found["reason"] == "jamming"
    assert found["n_sources"] == 0


def test_another_phenomenon_or_area_is_not_watched() -> None:
    table = effort(("a", 0, 24, 0.9, "watching"), area="south")
    assert day(table)["p_detect"] == 0.0
    fires = effort(("a", 0, 24, 0.9, "watching")).with_columns(
        phenomenon=pl.lit("fire", EFFORT.dtypes()["phenomenon"])
    )
    assert day(fires)["p_detect"] == 0.0


def test_effort_everywhere_holds_in_cells_and_areas() -> None:
    table = effort(("a", 0, 24, 0.9, "reports_daily"), area=None)
    found = detectability(
        table, days_between(0, DAY), phenomena=["explosion"], cells=[CELL], areas=["north"]
    )
    assert found["p_detect"].to_list() == pytest.approx([0.9, 0.9])


def test_a_coarser_cell_holds_for_the_cells_in_it_and_a_finer_one_is_refused() -> None:
    parent = h3.cell_to_parent(CELL, 5)
    table = effort(("a", 0, 24, 0.6, "watching"), area=None).with_columns(cell=pl.lit(parent))
    periods = days_between(0, DAY)
    found = detectability(table, periods, phenomena=["explosion"], cells=[CELL])
    assert found["p_detect"].to_list() == pytest.approx([0.6])
    with pytest.raises(InputError, match="finer"):
        coarse = h3.cell_to_parent(CELL, 4)
        detectability(table, periods, phenomena=["explosion"], cells=[coarse])


def test_periods_must_not_overlap() -> None:
    periods = pl.DataFrame({"t_start": [0, HOUR], "t_end": [2 * HOUR, 3 * HOUR]})
    with pytest.raises(InputError, match="overlap"):
        detectability(EFFORT.empty(), periods, phenomena=["explosion"], areas=["north"])


def test_days_are_cut_to_the_time_asked_for() -> None:
    days = days_between(15 * HOUR, DAY + 21 * HOUR)
    assert days.rows() == [(15 * HOUR, DAY), (DAY, DAY + 21 * HOUR)]
    assert days.schema == PERIOD.dtypes()


def test_unwatched_lists_what_lies_below_the_threshold_only() -> None:
    table = effort(("a", 0, 24, 0.6, "watching"))
    found = detectability(
        table, days_between(0, 2 * DAY), phenomena=["explosion"], areas=["north", "south"]
    )
    assert found.height == 4
    missing = unwatched(found, 0.5)
    assert set(missing.select("place", "t_start").rows()) == {
        ("north", DAY), ("south", 0), ("south", DAY),
    }  # fmt: skip


ROWS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.integers(-5, 30),
        st.integers(1, 30),
        st.floats(0, 1, allow_nan=False),
        st.sampled_from(["watching", "down", "night"]),
    ).map(lambda r: (r[0], r[1], r[1] + r[2], r[3], r[4])),
    max_size=8,
)


@settings(max_examples=80, deadline=None)
@given(rows=ROWS)
def test_coverage_agrees_with_a_sum_over_hours(rows: list[tuple[object, ...]]) -> None:
    expected = 0.0
    for hour in range(24):
        missed = 1.0
        for source in "abc":
            seen = [r[3] for r in rows if r[0] == source and r[1] <= hour < r[2]]
            missed *= 1.0 - max(seen, default=0.0)
        expected += (1.0 - missed) / 24
    assert day(effort(*rows))["p_detect"] == pytest.approx(expected, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(rows=ROWS, seed=st.randoms(use_true_random=False))
def test_order_and_repeats_change_nothing(rows: list[tuple[object, ...]], seed: object) -> None:
    table = effort(*rows)
    mixed = list(rows) * 2
    seed.shuffle(mixed)
    assert day(effort(*mixed)) == pytest.approx(day(table))


@settings(max_examples=50, deadline=None)
@given(rows=ROWS.filter(bool))
def test_removing_a_source_never_adds_coverage(rows: list[tuple[object, ...]]) -> None:
    gone = rows[0][0]
    fewer = [row for row in rows if row[0] != gone]
    assert day(effort(*fewer))["p_detect"] <= day(effort(*rows))["p_detect"] + 1e-12
