"""What the register says: counts, shares with intervals, and how they hang on coding."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl
from scipy import stats

from truceline.accounts.statements.outcomes import (
    INCLUSIVE,
    MAIN,
    STRICT,
    Outcome,
    OutcomeRule,
    settle,
)
from truceline.accounts.statements.statement import Coding, Statement
from truceline.accounts.statements.vocabulary import OUTCOMES, TESTED
from truceline.core.types.probability import Interval
from truceline.core.types.schema import Column, Schema

_I, _F, _S = pl.Int64(), pl.Float64(), pl.String()

OUTCOME_SHARES = Schema(
    "outcome_share",
    (
        Column("rule", _S, "The reading of the coding: strict, main or inclusive."),
        Column("window_days", _I, "Days within which the consequence must come about."),
        Column("repeats", _S, "`each`: every statement counts; `once`: a repeat does not."),
        *(Column(outcome, _I, f"Statements {outcome.replace('_', ' ')}.") for outcome in OUTCOMES),
        Column("tested", _I, "Statements whose condition came about and whose window is over."),
        Column("share", _F, "Share carried out of the tested, median.", nullable=True),
        Column("low", _F, "Lower end of its 90 % credible interval.", nullable=True),
        Column("high", _F, "Upper end.", nullable=True),
    ),
)


def beta_share(successes: int, trials: int, *, level: float = 0.9) -> Interval | None:
    r"""Return a share with a credible interval, by Jeffreys' prior Beta(1/2, 1/2).

    The posterior is :math:`Beta(k + 1/2, n - k + 1/2)`. With no trials there is no answer.

    Examples
    --------
    >>> share = beta_share(0, 5)
    >>> share.low < share.value < share.high < 0.4
    True
    >>> beta_share(0, 0) is None
    True
    """
    if trials == 0:
        return None
    posterior = stats.beta(successes + 0.5, trials - successes + 0.5)
    tail = (1.0 - level) / 2.0
    low, value, high = posterior.ppf([tail, 0.5, 1.0 - tail])
    return Interval(float(value), float(low), float(high), level)


def tally(table: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return how many statements have each value of a column, with its share of all.

    Values that are not known are a line of their own and are not in the share's base.
    """
    counts = table.group_by(column).agg(pl.len().alias("count")).rename({column: "value"})
    base = int(counts.filter(pl.col("value").is_not_null())["count"].sum())
    rows = []
    for row in counts.iter_rows(named=True):
        share = None if row["value"] is None else beta_share(int(row["count"]), base)
        rows.append(
            {
                "value": None if row["value"] is None else str(row["value"]),
                "count": int(row["count"]),
                "share": None if share is None else share.value,
                "low": None if share is None else share.low,
                "high": None if share is None else share.high,
            }
        )
    schema = {"value": _S, "count": _I, "share": _F, "low": _F, "high": _F}
    return pl.DataFrame(rows, schema=schema).sort(["count", "value"], descending=[True, False])


@dataclass(frozen=True)
class Narrowing:
    """A way to count: all that is coded, or only part of it."""

    name: str
    meaning: str
    where: pl.Expr
    distinct_days: bool = False


_OWN = pl.col("channel_state").is_null() | (pl.col("state") == pl.col("channel_state"))
_PLAIN = pl.col("strength") == "explicit"

#: From the widest to the narrowest.
NARROWINGS: tuple[Narrowing, ...] = (
    Narrowing("all", "every coded statement", pl.lit(True)),
    Narrowing("own", "the speaker speaks for the channel's own state", _OWN),
    Narrowing(
        "named",
        "and the speaker or body is named",
        _OWN & (pl.col("standing") != "unresolved"),
    ),
    Narrowing("explicit", "and the threat is explicit", _OWN & _PLAIN),
    Narrowing(
        "explicit and sure",
        "and the coder's confidence is at least 9 of 10",
        _OWN & _PLAIN & (pl.col("confidence") >= 9),
    ),
    Narrowing(
        "head of state",
        "only by a head of state",
        _OWN & (pl.col("standing") == "head_of_state"),
    ),
    Narrowing(
        "days of a head of state",
        "days on which a head of state spoke so",
        _OWN & (pl.col("standing") == "head_of_state"),
        distinct_days=True,
    ),
    Narrowing(
        "explicit by a head of state",
        "explicit, by a head of state",
        _OWN & _PLAIN & (pl.col("standing") == "head_of_state"),
    ),
)


def narrowed_counts(table: pl.DataFrame, start: dt.date, end: dt.date) -> pl.DataFrame:
    """Return the count from start to end (both included) by each narrowing and year.

    Returns
    -------
    polars.DataFrame
        `reading`, `meaning`, `count`, `years` (a struct of year and count, in order).
    """
    period = table.filter(pl.col("date").is_between(start, end))
    years = range(start.year, end.year + 1)
    rows = []
    for narrowing in NARROWINGS:
        part = period.filter(narrowing.where)
        days = part["date"].unique() if narrowing.distinct_days else part["date"]
        by_year = Counter(days.dt.year().to_list())
        rows.append(
            {
                "reading": narrowing.name,
                "meaning": narrowing.meaning,
                "count": len(days),
                "years": [{"year": year, "count": by_year[year]} for year in years],
            }
        )
    year_type = pl.List(pl.Struct({"year": _I, "count": _I}))
    return pl.DataFrame(
        rows, schema={"reading": _S, "meaning": _S, "count": _I, "years": year_type}
    )


def outcome_shares(
    statements: Sequence[Statement],
    codings: Iterable[Coding],
    as_of: dt.date,
    *,
    rules: Sequence[OutcomeRule] = (STRICT, MAIN, INCLUSIVE),
    windows: Sequence[int] = (90, 180, 365),
) -> pl.DataFrame:
    """Return the share carried out by every reading of the coding: `OUTCOME_SHARES`.

    `partly` counts as carried out in the inclusive reading only.
    """
    kept = list(codings)
    rows = []
    for rule in rules:
        for window in windows:
            settled = settle(statements, kept, replace(rule, window_days=window), as_of)
            for repeats in ("each", "once"):
                outcomes = list(settled.values())
                if repeats == "once":
                    outcomes = _first_of_repeats(statements, settled)
                rows.append(_share_row(outcomes, rule.name, window, repeats))
    return OUTCOME_SHARES.conform(pl.DataFrame(rows))


def _share_row(
    outcomes: Sequence[Outcome], rule: str, window: int, repeats: str
) -> dict[str, object]:
    counts = Counter(o.outcome for o in outcomes)
    tested = sum(counts[name] for name in TESTED)
    hits = counts["carried_out"] + (counts["partly"] if rule == INCLUSIVE.name else 0)
    share = beta_share(hits, tested)
    return {
        "rule": rule,
        "window_days": window,
        "repeats": repeats,
        **{name: counts[name] for name in OUTCOMES},
        "tested": tested,
        "share": None if share is None else share.value,
        "low": None if share is None else share.low,
        "high": None if share is None else share.high,
    }


def _first_of_repeats(
    statements: Sequence[Statement], settled: Mapping[str, Outcome]
) -> list[Outcome]:
    by_id = {s.statement_id: s for s in statements}
    groups: dict[str, list[str]] = {}
    for statement in statements:
        groups.setdefault(_root(statement, by_id), []).append(statement.statement_id)
    kept = []
    for members in groups.values():
        tested = [m for m in members if settled[m].outcome in TESTED]
        kept.append(settled[(tested or members)[0]])
    return kept


def _root(statement: Statement, by_id: Mapping[str, Statement]) -> str:
    seen = {statement.statement_id}
    current = statement
    while current.repeats:
        earlier = by_id.get(current.repeats[0])
        if earlier is None or earlier.statement_id in seen:
            break
        seen.add(earlier.statement_id)
        current = earlier
    return current.statement_id


def outcome_sentence(shares: pl.DataFrame) -> str:
    """Return in one or two sentences exactly what the register supports about outcomes."""
    main = shares.filter(rule="main", window_days=180, repeats="each").row(0, named=True)
    total = sum(main[name] for name in OUTCOMES)
    left = ", ".join(
        f"{main[name]} {name.replace('_', ' ')}"
        for name in ("untested", "pending", "contested", "withdrawn")
        if main[name]
    )
    if not total:
        return "No statement was made by the last day counted: no share can be given."
    if not main["tested"]:
        return f"Of {total} coded statements none has been tested ({left}): no share can be given."
    span = shares.filter(pl.col("low").is_not_null())
    verb = "was" if main["tested"] == 1 else "were"
    lows, highs = span["low"].to_list(), span["high"].to_list()
    return (
        f"Of {total} coded statements {main['tested']} {verb} tested; {main['carried_out']} of "
        f"these were carried out within 180 days, {main['partly']} in part (share carried out "
        f"{main['share']:.0%}, 90 % interval {main['low']:.0%} to {main['high']:.0%}); {left}. "
        f"Over all {span.height} readings of the coding the interval lies between "
        f"{min(lows):.0%} and {max(highs):.0%}."
    )
