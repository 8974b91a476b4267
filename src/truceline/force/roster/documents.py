"""Units, places and caveats of a roster, read from CSV files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from truceline.core.store.declared_csv import read_declared
from truceline.core.types.errors import InputError, Where
from truceline.core.types.schema import Column, Schema
from truceline.force.roster.model import SLOTS, UNITS, Question

CAVEATS = Schema(
    "roster_caveats",
    (
        Column("nation", pl.String(), "Whose units keep out."),
        Column("slot", pl.String(), "Of which place; * is every place."),
    ),
)


def read_question(units: Path, slots: Path, caveats: Path | None, months: int) -> Question:
    """Read what a roster is asked: a unit serves where its kind is needed and its nation lets it.

    Raises
    ------
    InputError
        A file that cannot be read, an identity used twice, or a caveat on a nation or a place that
        is in neither table, with the file, the row and the remedy.
    SchemaError
        A file that is no table of its kind.
    """
    have, wanted = read_declared(units, UNITS), read_declared(slots, SLOTS)
    _once(units, have, ("unit_id",))
    _once(slots, wanted, ("slot", "kind"))
    may = have["kind"].to_numpy()[:, None] == wanted["kind"].to_numpy()[None, :]
    nation, place = have["nation"].to_numpy(), wanted["slot"].to_numpy()
    kept_out = read_declared(caveats, CAVEATS).rows() if caveats is not None else []
    for row, (who, where) in enumerate(kept_out, start=2):
        mine, there = nation == who, (place == where) | (where == "*")
        if not mine.any() or not there.any():
            name = f"nation {who!r}" if not mine.any() else f"place {where!r}"
            raise InputError(
                f"the {name} is in no other table.",
                where=Where(str(caveats), row=row),
                hint="Write it as in the units or the places, or leave the row out.",
            )
        may[np.ix_(mine, there)] = False
    return Question(have, wanted, np.asarray(may, dtype=np.bool_), months)


def _once(path: Path, table: pl.DataFrame, key: tuple[str, ...]) -> None:
    again = table.with_row_index("row", offset=2).filter(~pl.struct(key).is_first_distinct())
    if not again.is_empty():
        name = " of ".join(str(again[column][0]) for column in key)
        raise InputError(
            f"{name} stands there twice.",
            where=Where(str(path), row=int(again["row"][0])),
            hint="Give each a name of its own.",
        )
