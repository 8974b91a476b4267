"""Which steps of the response ladder would be late, and how often."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.stats import norm

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.errors import TermsError
from truceline.core.types.schema import Column, Schema
from truceline.force.response.queue import completions

#: The verdicts on a step; the last two carry no average.
STATES = ("kept up", "no people", "saturated", "behind")

LADDER_REPORT = Schema(
    "ladder report",
    (
        Column("step", pl.String(), "The step, in the words of the ladder."),
        Column("who", pl.String(), "Who does it."),
        Column("deadline_h", pl.Float64(), "Hours after the breach allowed.", True, 0.0),
        Column("servers", pl.Int64(), "Teams that can work on it at once.", low=0),
        Column("utilisation", pl.Float64(), "Share of the teams' time needed.", True, 0.0),
        Column(
            "state",
            pl.Enum(STATES),
            "`kept up`; `no people`: nobody to do it; `saturated`: more work than time, the "
            "backlog grows without end; `behind`: a step before it is not kept up.",
        ),
        Column("late_share", pl.Float64(), "Share of cases done after the deadline.", True, 0, 1),
        Column("late_low", pl.Float64(), "Lower end of its 95 % interval.", True, 0, 1),
        Column("late_high", pl.Float64(), "Upper end of its 95 % interval.", True, 0, 1),
        Column("median_h", pl.Float64(), "Median hours from breach to done.", True, 0.0),
        Column("p90_h", pl.Float64(), "Hours within which nine in ten are done.", True, 0.0),
        Column("cases", pl.Int64(), "Simulated cases it rests on.", low=0),
    ),
)


@dataclass(frozen=True)
class Pool:
    """People and vehicles set aside for one step.

    Attributes
    ----------
    staff : float
        People of the step, all shifts together.
    staff_each : float
        People needed for one case.
    on_duty : float
        Share of them at work at any hour (8-hour shifts: 1/3 or less).
    vehicles, vehicles_each : float
        Vehicles (or aircraft) of the step, and how many one case takes; `vehicles_each = 0`
        where none is needed.
    """

    staff: float
    staff_each: float
    on_duty: float = 1.0
    vehicles: float = 0.0
    vehicles_each: float = 0.0

    def servers(self) -> int:
        """Return how many cases can be worked on at once: the scarcer of people and vehicles."""
        teams = int(self.staff * self.on_duty / self.staff_each + 1e-9)
        if self.vehicles_each == 0:
            return teams
        return min(teams, int(self.vehicles / self.vehicles_each + 1e-9))


@dataclass(frozen=True)
class LadderStep:
    """A step of the ladder with the work it takes.

    Attributes
    ----------
    name, who : str
        What is done, and by whom.
    deadline_h : float or None
        Hours after the breach within which it must be done; None where none was agreed.
    work_h, work_cv : float
        Mean hours of work on a case and their coefficient of variation (gamma).
    pool : Pool
        Who does it.
    travels : bool
        Whether a team goes there: the way there comes before the work, the way back keeps
        the team busy after it.
    """

    name: str
    who: str
    deadline_h: float | None
    work_h: float
    work_cv: float
    pool: Pool
    travels: bool = False


LADDER = Schema(
    "ladder with its means",
    (
        Column("step", pl.String(), "The step, in the words of the ladder."),
        Column("who", pl.String(), "Who does it."),
        Column("deadline_h", pl.Float64(), "Hours after the breach allowed.", True, 0.0),
        Column("work_h", pl.Float64(), "Mean hours of work on a case.", low=0),
        Column("work_cv", pl.Float64(), "Its coefficient of variation.", low=0),
        Column("staff", pl.Float64(), "People of the step, all shifts.", low=0),
        Column("staff_each", pl.Float64(), "People one case takes.", low=0),
        Column("on_duty", pl.Float64(), "Share of them at work at any hour.", low=0, high=1),
        Column("vehicles", pl.Float64(), "Vehicles of the step.", low=0),
        Column("vehicles_each", pl.Float64(), "Vehicles one case takes; 0: none.", low=0),
        Column("travels", pl.Boolean(), "Whether a team goes there."),
    ),
)


def steps_of(table: pl.DataFrame) -> tuple[LadderStep, ...]:
    """Return the steps of a `LADDER` table, in its order."""
    pooled = ("staff", "staff_each", "on_duty", "vehicles", "vehicles_each")
    return tuple(
        LadderStep(
            row["step"],
            row["who"],
            row["deadline_h"],
            row["work_h"],
            row["work_cv"],
            Pool(*(row[name] for name in pooled)),
            row["travels"],
        )
        for row in LADDER.conform(table).iter_rows(named=True)
    )


@dataclass(frozen=True)
class Load:
    """What comes in.

    Attributes
    ----------
    breaches_per_day : float
        Cases a day that start the ladder (Poisson).
    days : float
        Length of the simulated time; it begins with empty desks.
    travel_h : tuple of float
        Hours one way, one value per equally likely sector (or sector and hour of the day).
    """

    breaches_per_day: float
    days: float = 365.0
    travel_h: tuple[float, ...] = (0.0,)


def utilisation(step: LadderStep, load: Load) -> float | None:
    """Return the share of the teams' time a step needs; None where it has no team.

    rate x (mean work + both ways) / servers; at 1 or more the backlog grows without end.
    """
    servers = step.pool.servers()
    if servers == 0:
        return None
    ways = 2 * float(np.mean(load.travel_h)) if step.travels else 0.0
    return load.breaches_per_day / 24 * (step.work_h + ways) / servers


def ladder_report(
    steps: tuple[LadderStep, ...], load: Load, rng: np.random.Generator, *, runs: int = 20
) -> pl.DataFrame:
    """Return, step by step, how often it would be late (`LADDER_REPORT`).

    A step that needs as much of its teams' time as there is, or more, is `saturated`: it gets
    no average, and neither do the steps after it. The rest is simulated `runs` times over.

    The interval is Wilson's (1927) on the number of cases divided by the design effect, the
    ratio of the spread between runs to that of independent cases, since late cases come in
    bunches.
    """
    _check(steps, load, runs)
    verdicts = _verdicts(steps, load)
    live = next((i for i, v in enumerate(verdicts) if v != "kept up"), len(steps))
    hours = [_simulated(steps[:live], load, rng) for _ in range(runs)]
    rows = [_row(step, load, verdicts[i]) for i, step in enumerate(steps)]
    for i in range(live):
        rows[i] |= _lateness([run[:, i] for run in hours], steps[i].deadline_h)
    return LADDER_REPORT.conform(pl.DataFrame(rows, infer_schema_length=None))


def _check(steps: tuple[LadderStep, ...], load: Load, runs: int) -> None:
    bad = [s.name for s in steps if s.work_h <= 0 or s.work_cv < 0 or s.pool.staff_each <= 0]
    if bad:
        raise TermsError(
            f"the step {bad[0]!r} needs hours of work and people for a case above 0.",
            hint="Give work_h and staff_each; a step that takes no time needs no queue.",
        )
    if runs < 2 or load.days <= 0 or load.breaches_per_day < 0 or min(load.travel_h) < 0:
        raise TermsError(
            "the load of the ladder needs days above 0, no negative hours, and two runs or more."
        )


def _verdicts(steps: tuple[LadderStep, ...], load: Load) -> list[str]:
    out: list[str] = []
    for step in steps:
        share = utilisation(step, load)
        if out and out[-1] != "kept up":
            out.append("behind")
        elif share is None:
            out.append("no people")
        else:
            out.append("saturated" if share >= 1 else "kept up")
    return out


def _simulated(steps: tuple[LadderStep, ...], load: Load, rng: np.random.Generator) -> FloatArray:
    """Return hours from breach to done, cases x steps, of one run."""
    cases = int(rng.poisson(load.breaches_per_day * load.days))
    arrivals = np.sort(rng.uniform(0, load.days * 24, cases))
    work = np.empty((cases, len(steps)))
    hold = np.zeros((cases, len(steps)))
    for i, step in enumerate(steps):
        work[:, i] = _work(step, cases, rng)
        if step.travels:
            way = rng.choice(np.asarray(load.travel_h), cases)
            work[:, i] += way
            hold[:, i] = way
    done = completions(arrivals, work, hold, tuple(s.pool.servers() for s in steps))
    return np.asarray(done - arrivals[:, None])


def _work(step: LadderStep, cases: int, rng: np.random.Generator) -> FloatArray:
    if step.work_cv == 0:
        return np.full(cases, step.work_h)
    shape = 1 / step.work_cv**2
    return np.asarray(rng.gamma(shape, step.work_h / shape, cases))


def _row(step: LadderStep, load: Load, state: str) -> dict[str, object]:
    return {
        "step": step.name,
        "who": step.who,
        "deadline_h": step.deadline_h,
        "servers": step.pool.servers(),
        "utilisation": utilisation(step, load),
        "state": state,
        "late_share": None,
        "late_low": None,
        "late_high": None,
        "median_h": None,
        "p90_h": None,
        "cases": 0,
    }


def _lateness(runs: list[FloatArray], deadline: float | None) -> dict[str, object]:
    hours = np.concatenate(runs)
    if hours.size == 0:
        return {}
    out: dict[str, object] = {
        "median_h": float(np.median(hours)),
        "p90_h": float(np.quantile(hours, 0.9)),
        "cases": hours.size,
    }
    if deadline is not None:
        counts = np.array([[float((run > deadline).sum()), float(run.size)] for run in runs])
        low, high = late_interval(counts[:, 0], counts[:, 1])
        out |= {
            "late_share": float(counts[:, 0].sum() / counts[:, 1].sum()),
            "late_low": low,
            "late_high": high,
        }
    return out


def late_interval(late: FloatArray, cases: FloatArray, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of the share late from its counts in independent runs.

    Wilson's score interval on n / deff cases, deff the ratio of the variance between runs to
    the binomial one, never below 1.
    """
    n, share = float(cases.sum()), float(late.sum() / cases.sum())
    spread = float(((late - share * cases) ** 2).sum()) / (cases.size - 1) * cases.size
    binomial = n * share * (1 - share)
    n /= max(1.0, spread / binomial) if binomial > 0 else 1.0
    z = float(norm.ppf(0.5 + level / 2))
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)
