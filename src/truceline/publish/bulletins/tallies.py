"""Counts by list, sector, kind and party, with how many of them are true."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl

from truceline.core.types.probability import Interval
from truceline.core.types.vocabulary import UNATTRIBUTABLE
from truceline.publish.bulletins.listing import LISTS
from truceline.publish.bulletins.tables import COUNT, SHARE, SUMMARY


def expected_number(p: npt.ArrayLike, level: float = 0.9) -> Interval:
    r"""Return how many of several independent events are true, with its interval.

    The value is :math:`\sum p_i`; the ends are quantiles of the Poisson binomial
    distribution, exact to 400 events and by its normal limit (with a continuity
    correction) above that. Errors shared by many incidents, such as one source that is
    wrong everywhere, make the true interval wider.

    Examples
    --------
    >>> expected_number([1.0, 1.0, 1.0]).low
    3.0
    """
    chances = np.asarray(p, dtype=np.float64)
    tail = (1.0 - level) / 2.0
    mean = float(chances.sum())
    if chances.size > 400:
        spread = 1.6448536269514722 * float(np.sqrt((chances * (1.0 - chances)).sum())) + 0.5
        return Interval(mean, max(0.0, mean - spread), min(chances.size, mean + spread), level)
    mass = np.ones(1)
    for chance in chances:
        mass = np.convolve(mass, [1.0 - chance, chance])
    cumulative = np.cumsum(mass)
    low = float(np.searchsorted(cumulative, tail))
    high = float(np.searchsorted(cumulative, 1.0 - tail - 1e-12))
    return Interval(mean, min(low, mean), max(high, mean), level)


def summary(now: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """Return one row for each list, and one for obstruction, beside the period before.

    Obstruction is counted across both lists, so it adds nothing to them.
    """
    rows = []
    for name, _, key in LISTS:
        is_on = pl.col("listed") == name
        rows.append(_summary_row(name, now.filter(is_on), key, before, is_on))
    is_obstruction = (pl.col("kind") == "obstruction") & (pl.col("listed") != "background")
    rows.append(
        _summary_row("obstruction", now.filter(is_obstruction), "p_hostile", before, is_obstruction)
    )
    return SUMMARY.conform(pl.DataFrame(rows, schema=SUMMARY.dtypes()))


def _summary_row(
    name: str, rows: pl.DataFrame, key: str, before: pl.DataFrame | None, is_on: pl.Expr
) -> dict[str, object]:
    expected = expected_number(rows[key].to_numpy())
    return {
        "listed": name,
        "incidents": rows.height,
        "incidents_before": None if before is None else before.filter(is_on).height,
        "expected": expected.value,
        "expected_low": expected.low,
        "expected_high": expected.high,
    }


def counts(now: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """Return the two lists by sector and kind, never added to each other."""
    known = before is not None
    both = _by_kind(now, "").join(
        _by_kind(now.clear() if before is None else before, "_before"),
        on=["sector", "kind"],
        how="full",
        coalesce=True,
        nulls_equal=True,
    )
    earlier = [
        pl.col(name).fill_null(0) if known else pl.lit(None, dtype=pl.Int64()).alias(name)
        for name in ("violations_before", "credible_before")
    ]
    filled = both.with_columns(pl.col("violations", "credible").fill_null(0), *earlier)
    return COUNT.conform(filled.sort("sector", "kind", nulls_last=True))


def _by_kind(incidents: pl.DataFrame, suffix: str) -> pl.DataFrame:
    return (
        incidents.filter(pl.col("listed") != "background")
        .group_by("sector", pl.col("kind").cast(pl.String()))
        .agg(
            (pl.col("listed") == "violation").sum().cast(pl.Int64()).alias(f"violations{suffix}"),
            (pl.col("listed") == "credible").sum().cast(pl.Int64()).alias(f"credible{suffix}"),
        )
    )


def shares(now: pl.DataFrame, attributions: pl.DataFrame, parties: Iterable[str]) -> pl.DataFrame:
    """Return who is named on each list, and the share that no party can be given.

    Parties come in the case's order and `unattributable` last. An incident that has no
    attribution counts as wholly unattributable.
    """
    rows = []
    for name, _, _ in LISTS:
        part = now.filter(pl.col("listed") == name)
        known = attributions.join(part.select("incident_id"), on="incident_id", how="semi")
        missing = part.join(known, on="incident_id", how="anti").height
        for party in (*parties, UNATTRIBUTABLE):
            is_rest = party == UNATTRIBUTABLE
            named = part.filter(
                pl.col("party").is_null() if is_rest else pl.col("party") == party
            ).height
            chances = known.filter(pl.col("party") == party)["p"].sort().to_numpy()
            expected = expected_number(np.append(chances, np.ones(missing if is_rest else 0)))
            rows.append(
                {
                    "listed": name,
                    "party": party,
                    "named": named,
                    "share_named": named / part.height if part.height else None,
                    "expected": expected.value,
                    "expected_low": expected.low,
                    "expected_high": expected.high,
                }
            )
    return SHARE.conform(pl.DataFrame(rows, schema=SHARE.dtypes()))
