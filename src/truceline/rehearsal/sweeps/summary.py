"""A sweep in one table: means over truces with intervals, and what the next step buys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.rehearsal.scores.score import over_seeds

#: Figures that are averaged, as they are called in `OUTCOME`.
FIGURES: Final = (
    "seen", "seen_by_own", "found", "verified", "attributed", "hours_to_found",
    "hours_to_verified", "hours_to_attributed", "unwatched", "breaches_a_day",
)  # fmt: skip


_F = pl.Float64()

SUMMARY = Schema(
    "what forces buy",
    (
        Column("force", pl.String(), "The force."),
        Column("people", _F, "People in the theatre.", low=0),
        Column("people_per_km", _F, "The same on a kilometre of the whole line.", low=0),
        Column("cameras", _F, "Fixed cameras along the whole line.", low=0),
        Column("arrays", _F, "Acoustic arrays along it.", low=0),
        Column("truces", pl.Int64(), "Truces rehearsed.", low=1),
        Column("violations", pl.Int64(), "True episodes in all of them.", low=0),
        *(
            Column(f"{figure}{end}", _F, f"{words} of `{figure}` (see `OUTCOME`).", nullable=True)
            for figure in FIGURES
            for end, words in (
                ("", "Mean over truces"),
                ("_low", "Lower end of the 90 % interval"),
                ("_high", "Upper end of the 90 % interval"),
            )
        ),
    ),
)


def summary(outcomes: pl.DataFrame) -> pl.DataFrame:
    """Return a row a force: mean, `_low` and `_high` (90 %, over truces) of each figure.

    Schema `SUMMARY`; one truce alone has no interval (null).
    """
    rows = []
    groups = outcomes.partition_by("force", "people", maintain_order=True, as_dict=True)
    for (force, people), group in groups.items():
        row: dict[str, object] = {
            "force": force,
            "people": people,
            **{name: group[name][0] for name in ("people_per_km", "cameras", "arrays")},
            "truces": len(group),
            "violations": int(group["violations"].sum()),
        }
        for figure in FIGURES:
            values = group[figure].drop_nulls().to_list()
            mean, low, high = over_seeds(values) if values else (None, None, None)
            row |= {figure: mean, f"{figure}_low": low, f"{figure}_high": high}
        rows.append(row)
    table = pl.DataFrame(rows, schema=SUMMARY.dtypes()).fill_nan(None)
    return SUMMARY.conform(table).sort("people", "cameras", "arrays", "force")


Force = dict[str, Any]

#: What a step is told for: a battalion, and a hundred sensors.
STEPS: Final = (("people", 600.0), ("cameras", 100.0), ("arrays", 100.0))

GAINS = Schema(
    "what the next step buys",
    (
        Column("from_force", pl.String(), "The force."),
        Column("to_force", pl.String(), "The next larger one, the same in all else."),
        Column("more", pl.Enum([name for name, _ in STEPS]), "What it has more of."),
        Column("number", _F, "How many more.", low=0),
        Column("gain", _F, "Share more, mean over truces."),
        Column("low", _F, "Lower end of its 90 % interval.", nullable=True),
        Column("high", _F, "Upper end of its 90 % interval.", nullable=True),
        Column("step", _F, "The step for which the next columns tell: people or sensors.", low=0),
        Column("per_step", _F, "Gain for one such step."),
        Column("step_low", _F, "Lower end of its 90 % interval.", nullable=True),
        Column("step_high", _F, "Upper end of its 90 % interval.", nullable=True),
    ),
)


def gains(outcomes: pl.DataFrame, figure: str = "verified") -> pl.DataFrame:
    """Return what the next battalion, and the next hundred sensors, buy (`GAINS`).

    Forces that differ in one thing only are compared, each with the next that has at least one
    step more, on the same truces: the interval is that of the difference, not of two means.
    """
    names = [name for name, _ in STEPS]
    forces = outcomes.select("force", *names).unique().sort(*names, "force")
    rows = []
    for more, step in STEPS:
        others = [name for name in names if name != more]
        for _, group in forces.group_by(others, maintain_order=True):
            sizes = group.unique(more, keep="first", maintain_order=True).sort(more).to_dicts()
            for few, many in _steps(sizes, more, step):
                gain = _gain(outcomes, few["force"], many["force"], figure)
                number = many[more] - few[more]
                parts = [None if value is None else value * step / number for value in gain]
                rows.append((few["force"], many["force"], more, number, *gain, step, *parts))
    return GAINS.conform(pl.DataFrame(rows, schema=GAINS.dtypes(), orient="row"))


def _steps(sizes: list[Force], more: str, step: float) -> Iterator[tuple[Force, Force]]:
    """Return each force with the next that has at least one whole step more."""
    for at, few in enumerate(sizes):
        many = next((f for f in sizes[at + 1 :] if f[more] - few[more] >= step), None)
        if many is not None:
            yield few, many


def _gain(
    outcomes: pl.DataFrame, few: str, many: str, figure: str
) -> tuple[float, float | None, float | None]:
    """Return the mean gain truce by truce and its interval; one truce has none."""
    both = outcomes.filter(force=few).join(outcomes.filter(force=many), on="seed", suffix="_b")
    mean, low, high = over_seeds((both[f"{figure}_b"] - both[figure]).to_list())
    return (mean, low, high) if low == low else (mean, None, None)
