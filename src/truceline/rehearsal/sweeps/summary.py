"""A sweep in one table: means over truces with intervals, and what the next step buys."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.rehearsal.scores.score import over_seeds

#: Figures that are averaged, as they are called in `OUTCOME`.
FIGURES: Final = (
    "seen", "seen_by_own", "found", "verified", "attributed", "hours_to_found",
    "hours_to_verified", "unwatched",
)  # fmt: skip


_F = pl.Float64()

SUMMARY = Schema(
    "what forces buy",
    (
        Column("force", pl.String(), "The force."),
        Column("people", _F, "People in the theatre.", low=0),
        Column("people_per_km", _F, "The same on a kilometre of the whole line.", low=0),
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
            "people_per_km": group["people_per_km"][0],
            "truces": len(group),
            "violations": int(group["violations"].sum()),
        }
        for figure in FIGURES:
            values = group[figure].drop_nulls().to_list()
            mean, low, high = over_seeds(values) if values else (None, None, None)
            row |= {figure: mean, f"{figure}_low": low, f"{figure}_high": high}
        rows.append(row)
    table = pl.DataFrame(rows, schema=SUMMARY.dtypes()).fill_nan(None)
    return SUMMARY.conform(table).sort("people", "force")


def gains(outcomes: pl.DataFrame, figure: str = "verified") -> pl.DataFrame:
    """Return what each step to the next larger force buys, truce by truce.

    The forces are compared on the same truces, so that the interval is that of the
    difference, not of two means.

    Returns
    -------
    polars.DataFrame
        Columns `from_force`, `to_force`, `people_more`, `gain`, `low`, `high` and
        `per_battalion` (the gain for 600 people).
    """
    forces = outcomes.select("force", "people").unique().sort("people", "force").rows()
    rows = []
    for (a, few), (b, many) in pairwise(forces):
        both = outcomes.filter(force=a).join(outcomes.filter(force=b), on="seed", suffix="_b")
        mean, low, high = over_seeds((both[f"{figure}_b"] - both[figure]).to_list())
        more = many - few
        rows.append((a, b, more, mean, low, high, mean * 600.0 / more if more > 0 else None))
    columns = ["from_force", "to_force", "people_more", "gain", "low", "high", "per_battalion"]
    return pl.DataFrame(rows, schema=columns, orient="row")
