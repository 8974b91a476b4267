"""Incidents as the map draws them: packed columns, which a browser filters without asking again.

A column of numbers is `{"type": ..., "scale": ..., "data": ...}`: little-endian integers or
floats in base64, each divided by the scale. A column of words has the words once in `words`, and
for each row the number of its word; the largest number of the type is none of them.
"""

from __future__ import annotations

import base64
from typing import Any, Final

import numpy as np
import polars as pl

from truceline.core.types.time import SECOND
from truceline.judgement.judgement import Judgement

#: What is needed to draw and to filter: type, and by what a value is multiplied.
MARKS: Final[dict[str, tuple[str, float]]] = {
    "t_start": ("u4", 1.0 / SECOND), "t_end": ("u4", 1.0 / SECOND), "lon": ("i4", 1e5),
    "lat": ("i4", 1e5), "p_hostile": ("u2", 1e3),
}  # fmt: skip

#: Columns of words that can be filtered by.
WORDS: Final = ("kind", "sector", "listed", "party", "clause")

#: What is asked for once the map stands: error ellipses, and what the table says besides.
DETAILS: Final[dict[str, tuple[str, float]]] = {
    "err_major_m": ("f4", 1.0), "err_minor_m": ("f4", 1.0), "err_azimuth_deg": ("f4", 1.0),
    "p_violation": ("u2", 1e3), "p_party": ("u2", 1e3),
}  # fmt: skip


def placed(seen: Judgement) -> pl.DataFrame:
    """Return the incidents that have a place, with their assessments, the earliest first."""
    return (
        seen.incidents.join(seen.assessments, on="incident_id")
        .filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
        .sort("t_start", "incident_id")
    )


def marks(table: pl.DataFrame) -> dict[str, Any]:
    """Return what the map needs to draw and to filter."""
    numbers = {name: _numbers(table[name], *how) for name, how in MARKS.items()}
    return {"rows": table.height} | numbers | {name: _words(table[name]) for name in WORDS}


def details(table: pl.DataFrame) -> dict[str, Any]:
    """Return what the table beside the map says of the same rows, and their identities."""
    numbers = {name: _numbers(table[name], *how) for name, how in DETAILS.items()}
    return {"rows": table.height, "incident_id": table["incident_id"].to_list()} | numbers


def _numbers(series: pl.Series, kind: str, scale: float) -> dict[str, Any]:
    values = series.cast(pl.Float64).to_numpy() * scale
    if kind[0] != "f":
        values = np.rint(values)
    return {"type": kind, "scale": scale, "data": _packed(values, kind)}


def _words(series: pl.Series) -> dict[str, Any]:
    text = series.cast(pl.String)
    words = text.drop_nulls().unique().sort().to_list()
    kind = "u1" if len(words) < 255 else "u2"
    none = np.iinfo(kind).max
    numbers = {word: number for number, word in enumerate(words)}
    coded = text.replace_strict(numbers, default=none, return_dtype=pl.Int64)
    return {"type": kind, "words": words, "data": _packed(coded.to_numpy(), kind)}


def _packed(values: np.ndarray[Any, Any], kind: str) -> str:
    return base64.b64encode(values.astype(f"<{kind}").tobytes()).decode()
