"""What a loss or an assumption changes, truce by truce on the same truces."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from truceline.core.types.schema import Column, Schema
from truceline.force.planning.stress import Changed
from truceline.rehearsal.scores.score import over_seeds

#: Figures whose change is told.
FIGURES = ("found", "verified", "attributed", "unwatched")

_CHANGES = tuple(
    Column(f"{figure}{end}", pl.Float64(), words.format(figure), nullable=True)
    for figure in FIGURES
    for end, words in (
        ("", "Share {} as it then is."),
        ("_change", "Change of the share {} from the force as planned."),
        ("_change_low", "Lower end of its 90 % interval over truces ({})."),
        ("_change_high", "Upper end of its 90 % interval over truces ({})."),
    )
)

STRESS = Schema(
    "a force put to the test",
    (
        Column("base", pl.String(), "The force as planned."),
        Column("people", pl.Float64(), "Its people.", low=0),
        Column("family", pl.Enum(["loss", "assumption"]), "Kind of change."),
        Column("what", pl.String(), "What was changed."),
        Column("tried", pl.String(), "The value tried, or what is left."),
        Column("truces", pl.Int64(), "Truces rehearsed.", low=1),
        *_CHANGES,
    ),
)


def stressed(outcomes: pl.DataFrame, changes: Sequence[Changed]) -> pl.DataFrame:
    """Return a row a change: each figure, and its change on the same truces (`STRESS`).

    The interval is that of the difference, truce by truce; one truce has none (null).

    Parameters
    ----------
    outcomes : polars.DataFrame
        Schema `OUTCOME`, with the force as planned and every changed one.
    changes : sequence of Changed
        What was changed.
    """
    rows = []
    for change in changes:
        planned = outcomes.filter(force=change.base)
        both = planned.join(outcomes.filter(force=change.mix.name), on="seed", suffix="_then")
        row: dict[str, object] = {
            "base": change.base,
            "people": float(planned["people"][0]),
            "family": change.family,
            "what": change.what,
            "tried": change.tried,
            "truces": both.height,
        }
        for figure in FIGURES:
            then, was = both[f"{figure}_then"], both[figure]
            mean, low, high = over_seeds((then - was).to_list())
            row |= {
                figure: then.mean(),
                f"{figure}_change": mean,
                f"{figure}_change_low": low if low == low else None,
                f"{figure}_change_high": high if high == high else None,
            }
        rows.append(row)
    return STRESS.conform(pl.DataFrame(rows, schema=STRESS.dtypes()))
