"""One-to-one matching: as many pairs as can be, the closest of those, by hand and by force."""

from itertools import permutations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.time import HOUR
from truceline.rehearsal.scores.matching import NEAR_HOURS, NEAR_M, candidates, match

METRE = 1.0 / 111_195.0


def table(places, times=None, **more) -> pl.DataFrame:
    n = len(places)
    times = times or [0.0] * n
    return pl.DataFrame(
        {
            "t_start": [int(t * HOUR) for t in times],
            "t_end": [int(t * HOUR) for t in times],
            "lon": [0.0] * n,
            "lat": [p * METRE for p in places],
            "err_major_m": [100.0] * n,
            **more,
        },
        schema_overrides={"lon": pl.Float64, "lat": pl.Float64, "t_start": pl.Int64,
                          "t_end": pl.Int64, "err_major_m": pl.Float64},
    )  # fmt: skip


def test_greed_would_lose_a_pair() -> None:
    """The answer between two episodes must take the one that no other can."""
    found = match(table([0.0, 2_000.0]), table([1_900.0, 4_500.0]))
    assert sorted(zip(found.answer.tolist(), found.episode.tolist(), strict=True)) == [
        (0, 0), (1, 1),
    ]  # fmt: skip


def test_gates_in_place_and_time() -> None:
    assert len(match(table([0.0]), table([NEAR_M - 5])).answer) == 1
    assert len(match(table([0.0]), table([NEAR_M + 50])).answer) == 0
    assert len(match(table([0.0], [0.0]), table([0.0], [NEAR_HOURS - 0.1])).answer) == 1
    assert len(match(table([0.0], [0.0]), table([0.0], [NEAR_HOURS + 0.1])).answer) == 0


def test_where_it_was_fired_from_counts_as_well() -> None:
    truth = table([50_000.0]).with_columns(
        origin_lon=pl.lit(0.0), origin_lat=pl.lit(1_000.0 * METRE)
    )
    found = match(table([0.0]), truth)
    assert found.episode.tolist() == [0]
    assert abs(found.metres[0] - 1_000.0) < 2.0


def test_repeats_are_near_but_not_matched() -> None:
    found = match(table([0.0, 10.0, 20.0]), table([5.0]))
    assert len(found.answer) == 1
    assert found.near.all()


def test_answers_without_a_place_match_nothing() -> None:
    lost = table([0.0]).with_columns(lon=pl.lit(None, pl.Float64))
    found = match(lost, table([0.0]))
    assert len(found.answer) == 0
    assert not found.near.any()
    assert len(match(table([]), table([0.0])).answer) == 0
    assert len(match(table([0.0]), table([])).answer) == 0


@settings(max_examples=60, deadline=None)
@given(
    ours=st.lists(st.floats(0, 9_000), min_size=1, max_size=4),
    theirs=st.lists(st.floats(0, 9_000), min_size=1, max_size=4),
)
def test_no_other_assignment_is_better(ours, theirs) -> None:
    a, t = table(ours), table(theirs)
    found = match(a, t)
    assert len(set(found.answer)) == len(found.answer)
    assert len(set(found.episode)) == len(found.episode)
    gate = np.full(len(ours), NEAR_M)
    rows, cols, metres, _ = candidates(a, t, gate)
    cost = {(i, j): (d / NEAR_M) ** 2 for i, j, d in zip(rows, cols, metres, strict=True)}
    best = (0, 0.0)
    size = max(len(ours), len(theirs))
    for order in permutations(range(size), len(ours)):
        pairs = [(i, j) for i, j in enumerate(order) if (i, j) in cost]
        best = min(best, (-len(pairs), sum(cost[p] for p in pairs)))
    mine = sum(cost[(i, j)] for i, j in zip(found.answer, found.episode, strict=True))
    assert len(found.answer) == -best[0]
    assert mine <= best[1] + 1e-9
