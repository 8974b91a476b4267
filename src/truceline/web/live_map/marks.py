"""Incidents as the map draws them: packed columns, which a browser filters without asking again.

A picture is bytes that a browser reads as they lie. First the length of a header, four bytes
little-endian; then the header, JSON in UTF-8 with the number of `rows` and the `columns`; then
the columns, each at a multiple of eight bytes from the end of the header, which is padded to one
too. A column is `{"type", "at", "length"}`, at so many bytes, with so many values:

- of numbers, little-endian, each to be divided by `scale`;
- of words, each the number of its word in `words`; the largest number of the type is none;
- of type `text`, one text a row, parted by line feeds, its `length` in bytes.
"""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np
import polars as pl

from truceline.core.types.time import SECOND
from truceline.judgement.judgement import Judgement

#: What is said of a column, and its bytes.
_Column = tuple[dict[str, Any], bytes]

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


def marks(table: pl.DataFrame) -> bytes:
    """Return what the map needs to draw and to filter."""
    numbers = {name: _numbers(table[name], *how) for name, how in MARKS.items()}
    return _packed(table.height, numbers | {name: _words(table[name]) for name in WORDS})


def details(table: pl.DataFrame) -> bytes:
    """Return what the table beside the map says of the same rows, and their identities."""
    numbers = {name: _numbers(table[name], *how) for name, how in DETAILS.items()}
    names = "\n".join(table["incident_id"]).encode()
    return _packed(table.height, numbers | {"incident_id": ({"type": "text"}, names)})


def _numbers(series: pl.Series, kind: str, scale: float) -> _Column:
    values = series.cast(pl.Float64).to_numpy() * scale
    if kind[0] != "f":
        # What is not known is told by other columns; a number has to stand here all the same.
        values = np.rint(np.nan_to_num(values))
    return {"type": kind, "scale": scale}, values.astype(f"<{kind}").tobytes()


def _words(series: pl.Series) -> _Column:
    text = series.cast(pl.String)
    words = text.drop_nulls().unique().sort().to_list()
    kind = "u1" if len(words) < 255 else "u2"
    none = np.iinfo(kind).max
    numbers = {word: number for number, word in enumerate(words)}
    coded = text.replace_strict(numbers, default=none, return_dtype=pl.Int64)
    return {"type": kind, "words": words}, coded.to_numpy().astype(f"<{kind}").tobytes()


def _packed(rows: int, columns: dict[str, _Column]) -> bytes:
    told: dict[str, Any] = {}
    body = bytearray()
    for name, (about, data) in columns.items():
        size = 1 if about["type"] == "text" else int(about["type"][1])
        told[name] = {**about, "at": len(body), "length": len(data) // size}
        body += data + bytes(-len(data) % 8)
    header = json.dumps({"rows": rows, "columns": told}, separators=(",", ":")).encode()
    header += b" " * (-(4 + len(header)) % 8)
    return len(header).to_bytes(4, "little") + header + bytes(body)
