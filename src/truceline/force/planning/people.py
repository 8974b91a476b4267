"""Who of a force may serve along the line, and how many posts, patrols and teams they man."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.schema import Column, Schema
from truceline.force.contributions.allowance import allowed
from truceline.force.contributions.caveats import SITES as PLACES
from truceline.force.contributions.caveats import After, Conditions, DependsOn, Mask, NotUnder
from truceline.force.contributions.model import Unit
from truceline.force.planning.assumptions import Assumed
from truceline.force.posts.manning import people_for
from truceline.force.siting.coverage import IntArray

#: Name of the zone that the line's own sites lie in: hubs and hinterland are elsewhere.
LINE_ZONE = "along the line"

#: What each task asks of a unit: the role of its people, and the kinds that can do it.
TASK_ROLES = {
    "post": ("post", ("infantry", "recce")),
    "patrol": ("patrol", ("infantry", "recce")),
    "reaction_force": ("reaction", ("infantry", "recce")),
    "liaison_cell": ("liaison", ("infantry", "recce", "experts", "headquarters")),
    "drone_orbit": ("drone_base", ("drones",)),
}

#: Kinds that stand behind the tasks: they serve along the line in the role of supply.
_SUPPORT = ("engineers", "medical", "logistics", "headquarters", "radar")

SERVING = Schema(
    "who serves where",
    (
        Column("unit_id", pl.String(), "The unit."),
        Column("nation", pl.String(), "Whose it is."),
        Column("unit", pl.String(), "What it is called."),
        Column("kind", pl.String(), "What it is."),
        Column("persons", pl.Int64(), "Its size; null when unknown.", True),
        Column(
            "serves",
            pl.Enum(["along the line", "away from the line", "does not come", "size unknown"]),
            "Where its nation lets it serve on the day.",
        ),
        Column("why", pl.String(), "The caveat that keeps it away; null when none does.", True),
    ),
)

TEAMS = Schema(
    "teams of each unit",
    (
        Column("unit_id", pl.String(), "The unit."),
        Column("nation", pl.String(), "Whose it is."),
        Column("task", pl.String(), "What it keeps up."),
        Column("number", pl.Int64(), "How many of them.", low=0),
        Column("people_each", pl.Float64(), "People in the theatre for one.", low=0),
    ),
)


@dataclass(frozen=True)
class Manning:
    """How far the people of a force go.

    Attributes
    ----------
    serving : polars.DataFrame
        `SERVING`: each unit.
    teams : polars.DataFrame
        `TEAMS`: what each unit keeps up.
    on_line, behind, absent : float
        People along the line, away from it, and not there on the day.
    duty : float
        People along the line who do not support others.
    """

    serving: pl.DataFrame
    teams: pl.DataFrame
    on_line: float
    behind: float
    absent: float
    duty: float

    def number(self, task: str) -> int:
        """Return how many of a task the whole force keeps up."""
        return int(self.teams.filter(pl.col("task") == task)["number"].sum())


def line_places(sites: pl.DataFrame, role: str) -> pl.DataFrame:
    """Return the sites of siting as places for people of a role, wanted day and night."""
    return PLACES.conform(
        sites.select(
            "site_id",
            pl.lit(role).alias("role"),
            pl.lit(LINE_ZONE).alias("zone"),
            (pl.col("line_m") / 1000.0).alias("line_km"),
            pl.lit(value=True).alias("by_night"),
        )
    )


def task_masks(
    units: Sequence[Unit], sites: pl.DataFrame, conditions: Conditions, task: str
) -> Mask:
    """Return where each unit may do a task, units x sites; nowhere if its kind cannot do it."""
    role, kinds = TASK_ROLES[task]
    mask = allowed(units, line_places(sites, role), conditions).allowed
    able = np.array([unit.kind in kinds for unit in units], dtype=np.bool_)
    return np.asarray(mask & able[:, None], dtype=np.bool_)


def man(
    units: Sequence[Unit], sites: pl.DataFrame, conditions: Conditions, assumed: Assumed,
    *, cameras: int = 0,
) -> Manning:  # fmt: skip
    """Say who may serve along the line and what they keep up there.

    Of L people along the line D are on the tasks and the rest support them: D (1 + r) = L with
    r = s / (1 - s), s the share of support. Where people kept away give a share b of it, as
    far as there are such people, D (1 + (1 - b) r) = L. Tasks get their shares of D as far as
    units of the right kind may do them; what cannot be used is in hand. Teams go to the units
    in proportion to their size.
    """
    serving = _serving(units, sites, conditions)
    share = assumed["in_theatre"]
    there = {
        where: share * float(serving.filter(pl.col("serves") == where)["persons"].sum())
        for where in ("along the line", "away from the line", "does not come")
    }
    line, behind = there["along the line"], there["away from the line"]
    duty = _duty(max(line - cameras * assumed["camera_people"], 0.0), behind, assumed)
    masks = {
        task: np.asarray(np.any(task_masks(units, sites, conditions, task), axis=1))
        for task in TASK_ROLES
    }
    wanted = _within_kinds(units, masks, duty, assumed)
    tables = [_teams(units, masks[task], assumed, task, wanted[task]) for task in TASK_ROLES]
    return Manning(serving, pl.concat(tables), line, behind, there["does not come"], duty)


def _duty(line: float, behind: float, assumed: Assumed) -> float:
    ratio = assumed["support_share"] / (1.0 - assumed["support_share"])
    lent = assumed["support_behind"]
    duty = line / (1.0 + (1.0 - lent) * ratio)
    return duty if lent * ratio * duty <= behind else (line + behind) / (1.0 + ratio)


def _serving(units: Sequence[Unit], sites: pl.DataFrame, conditions: Conditions) -> pl.DataFrame:
    """Say of each unit where it serves, and which caveat keeps it from the line."""
    rows = []
    for unit in units:
        roles = {role for role, kinds in TASK_ROLES.values() if unit.kind in kinds}
        roles |= {"logistics"} if unit.kind in _SUPPORT or not roles else set()
        answers = [allowed((unit,), line_places(sites, role), conditions) for role in sorted(roles)]
        free = any(answer.allowed.any() for answer in answers)
        absent = unit.kind in ("aviation", "naval") or not _comes(unit, conditions)
        reasons = [r for answer in answers for r in answer.refusals["reason"].unique(
            maintain_order=True)]  # fmt: skip
        rows.append(
            {
                "unit_id": unit.unit_id,
                "nation": unit.nation,
                "unit": unit.name,
                "kind": unit.kind,
                "persons": unit.persons,
                "serves": _where(unit, free=free, absent=absent),
                "why": None if free else "; ".join(dict.fromkeys(reasons)) or None,
            }
        )
    return SERVING.conform(pl.DataFrame(rows, schema=SERVING.dtypes()))


def _where(unit: Unit, *, free: bool, absent: bool) -> str:
    if unit.persons is None:
        return "size unknown"
    if absent:
        return "does not come"
    return "along the line" if free else "away from the line"


def _comes(unit: Unit, conditions: Conditions) -> bool:
    """Return whether the unit comes at all: no caveat of time, event or flag forbids it all."""
    nowhere = PLACES.conform(
        pl.DataFrame(
            {"site_id": [""], "role": ["hub"], "zone": [None], "line_km": [None],
             "by_night": [False]},
            schema=PLACES.dtypes(),
        )
    )  # fmt: skip
    if unit.available_on is not None and conditions.day < unit.available_on:
        return False
    timely = [c for c in unit.caveats if isinstance(c, After | NotUnder | DependsOn)]
    return not any(caveat.forbids(nowhere, conditions).any() for caveat in timely)


def _within_kinds(
    units: Sequence[Unit], masks: Mapping[str, Mask], duty: float, assumed: Assumed
) -> dict[str, float]:
    """Return the people on each task, within what units of the right kinds have.

    Tasks that the same kinds do give way together.
    """
    size = _sizes(units, assumed)
    wanted = {task: duty * share for task, share in assumed.allotment().items()}
    for pool in (("drone_orbit",), tuple(task for task in masks if task != "drone_orbit")):
        able = np.any([masks[task] for task in pool], axis=0)
        total = sum(wanted[task] for task in pool)
        scale = min(1.0, float(size[able].sum()) / total) if total > 0 else 0.0
        for task in pool:
            wanted[task] = min(wanted[task] * scale, float(size[masks[task]].sum()))
    return wanted


def _sizes(units: Sequence[Unit], assumed: Assumed) -> FloatArray:
    return np.array([float(unit.persons or 0) for unit in units]) * assumed["in_theatre"]


def _teams(
    units: Sequence[Unit], able: Mask, assumed: Assumed, task: str, people: float
) -> pl.DataFrame:
    """Return how many of one task each unit keeps up (`TEAMS`)."""
    factors = assumed.factors()
    each = people_for(next(t for t in factors.tasks if t.name == task), factors)
    on_task = each * (1.0 - factors.support_share)
    number = shared_out(int(people / on_task + 1e-9), _sizes(units, assumed) * able)
    rows = [
        (unit.unit_id, unit.nation, task, int(count), each)
        for unit, count in zip(units, number, strict=True)
        if count
    ]
    return TEAMS.conform(pl.DataFrame(rows, schema=TEAMS.dtypes(), orient="row"))


def shared_out(number: int, size: FloatArray) -> IntArray:
    """Share a whole number out in proportion to sizes, by the largest remainders.

    Examples
    --------
    >>> shared_out(5, np.array([2.0, 1.0, 0.0])).tolist()
    [3, 2, 0]
    """
    total = float(np.sum(size))
    if total <= 0 or number <= 0:
        return np.zeros(len(size), dtype=np.int64)
    exact = number * np.asarray(size, dtype=np.float64) / total
    out = np.floor(exact + 1e-9).astype(np.int64)
    order = np.argsort(-(exact - out), kind="stable")
    out[order[: number - int(out.sum())]] += 1
    return out
