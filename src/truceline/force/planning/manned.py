"""Posts and drone bases of a siting handed to nations, each with the caveats of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.core.types.errors import TermsError
from truceline.force.contributions.allowance import allowed
from truceline.force.contributions.caveats import Conditions, Mask
from truceline.force.contributions.model import Unit
from truceline.force.planning.crews import CREWED
from truceline.force.planning.people import TASK_ROLES, line_places, shared_out, task_masks
from truceline.force.siting.rules import KINDS


@dataclass(frozen=True)
class Manned:
    """The kinds of a siting with the nation of each.

    Attributes
    ----------
    kinds : polars.DataFrame
        `KINDS`: a kind that people man has a row for each nation and ground it may stand on.
    caveats : mapping
        Rule of each nation that forbids something, kinds x sites.
    base : tuple of str
        Kind of each row before it was divided.
    nation : tuple of str or None
        Nation of each row; None for a sensor.
    kept_away : tuple of str
        Caveats that leave a unit no site at all, in words; it mans nothing.
    """

    kinds: pl.DataFrame
    caveats: Mapping[str, Mask]
    base: tuple[str, ...]
    nation: tuple[str | None, ...]
    kept_away: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Row:
    kind: dict[str, object]
    base: str
    nation: str | None
    mask: Mask


def manned(
    kinds: pl.DataFrame, units: Sequence[Unit], sites: pl.DataFrame, conditions: Conditions
) -> Manned:
    """Divide posts and drone bases among nations by the size of the units that may man them.

    Units of one nation that may stand on the same sites are one row. A unit of unknown size,
    or one that may stand nowhere, mans nothing. Sensors are shared by all and no nation keeps
    them from anywhere.

    Raises
    ------
    TermsError
        When a kind is asked for that nobody may man; it names the caveats.
    """
    rows: list[_Row] = []
    kept_away: list[str] = []
    everywhere = np.ones(sites.height, dtype=np.bool_)
    for kind in KINDS.conform(kinds).iter_rows(named=True):
        task = {made: task for task, made in CREWED.items()}.get(kind["kind"])
        if task is None:
            rows.append(_Row(kind, kind["kind"], None, everywhere))
        else:
            rows += _divided(kind, task, units, sites, conditions)
            kept_away += _kept_away(task, units, sites, conditions)
    masks = np.array([row.mask for row in rows])
    nations = tuple(row.nation for row in rows)
    table = KINDS.conform(pl.DataFrame([row.kind for row in rows], schema=KINDS.dtypes()))
    base, away = tuple(row.base for row in rows), tuple(dict.fromkeys(kept_away))
    return Manned(table, _caveats(masks, nations), base, nations, away)


def _divided(
    kind: dict[str, object], task: str, units: Sequence[Unit], sites: pl.DataFrame,
    conditions: Conditions,
) -> list[_Row]:  # fmt: skip
    masks = task_masks(units, sites, conditions, task)
    size: dict[tuple[str, bytes], float] = {}
    for unit, mask in zip(units, masks, strict=True):
        if mask.any() and unit.persons:
            key = (unit.nation, mask.tobytes())
            size[key] = size.get(key, 0.0) + unit.persons
    if not size:
        raise _nobody(str(kind["kind"]), task, units, sites, conditions)
    share = shared_out(int(str(kind["units"])), np.array(list(size.values())))
    rows, number = [], dict[str, int]()
    for (nation, mask), count in zip(size, share.tolist(), strict=True):
        number[nation] = number.get(nation, 0) + 1
        name = f"{kind['kind']} of {nation}"
        if number[nation] > 1:
            name += f" ({number[nation]})"
        row = kind | {"kind": name, "units": count}
        rows.append(_Row(row, str(kind["kind"]), nation, np.frombuffer(mask, dtype=np.bool_)))
    return [row for row in rows if row.kind["units"]]


def _nobody(
    kind: str, task: str, units: Sequence[Unit], sites: pl.DataFrame, conditions: Conditions
) -> TermsError:
    why = "; ".join(_kept_away(task, units, sites, conditions))
    able = " or ".join(TASK_ROLES[task][1])
    said = why or f"the force has no unit of known size that is {able}"
    return TermsError(
        f"nobody of this force may man a {kind} along the line: {said}.",
        hint="Lift one of these, name what has been met with --met, or ask for none.",
    )


def _kept_away(
    task: str, units: Sequence[Unit], sites: pl.DataFrame, conditions: Conditions
) -> list[str]:
    """Return why units that could do a task may do it nowhere along the line."""
    role, able = TASK_ROLES[task]
    fit = [unit for unit in units if unit.kind in able and unit.persons]
    answer = allowed(fit, line_places(sites, role), conditions)
    nowhere = [unit.unit_id for unit, may in zip(fit, answer.allowed, strict=True) if not may.any()]
    why = answer.refusals.filter(pl.col("unit_id").is_in(nowhere))["reason"]
    return why.unique(maintain_order=True).to_list()


def _caveats(masks: Mask, nations: Sequence[str | None]) -> dict[str, Mask]:
    """Return for each nation that forbids something its own rule, which leaves others alone."""
    rules = {}
    for nation in dict.fromkeys(name for name in nations if name is not None):
        mine = np.array([name == nation for name in nations])[:, None]
        if not (masks | ~mine).all():
            rules[f"caveats of {nation}"] = np.asarray(masks | ~mine)
    return rules
