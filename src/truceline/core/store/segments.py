"""Segments: Parquet files that are there whole or not at all."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from truceline.core.types.errors import StoreError, Where
from truceline.core.types.schema import Schema
from truceline.core.types.tables import EFFORT, OBSERVATION, REJECT

#: The tables of a store, each a folder of segments, and the column they are sorted by.
TABLES: dict[str, tuple[Schema, str]] = {
    "observations": (OBSERVATION, "t_start"),
    "effort": (EFFORT, "t_start"),
    "rejects": (REJECT, "raw_row"),
}


@dataclass(frozen=True)
class Segment:
    """A Parquet file of one table.

    Attributes
    ----------
    table : str
        Which table, of `TABLES`.
    name : str
        File name within the table's folder.
    rows : int
        Rows in it.
    first, last : int
        Smallest and largest value of the column that the table is sorted by.
    sha256 : str
        Digest of the file.
    """

    table: str
    name: str
    rows: int
    first: int
    last: int
    sha256: str


def write_segment(folder: Path, table: str, name: str, rows: pl.DataFrame) -> Segment:
    """Write rows as a segment: to a side, made durable, then renamed into place.

    Parameters
    ----------
    folder : Path
        The store's folder.
    table : str
        Which table.
    name : str
        File name; a file of that name, left by a process that died, is replaced.
    rows : polars.DataFrame
        One row at least.
    """
    schema, key = TABLES[table]
    ordered = schema.conform(rows).sort(key, maintain_order=True)
    place = folder / table
    aside = place / f".{name}.part"
    try:
        ordered.write_parquet(aside, compression="zstd", statistics=True, row_group_size=100_000)
        digest = _make_durable(aside)
        aside.rename(place / name)
        _make_durable_folder(place)
    except (OSError, pl.exceptions.PolarsError) as cause:
        raise StoreError(
            f"a segment cannot be written: {cause}.",
            where=Where(str(place / name)),
            hint="Check the folder's rights and free space; what was confirmed is kept.",
        ) from cause
    first, last = int(ordered[key][0]), int(ordered[key][-1])
    return Segment(table, name, len(ordered), first, last, digest)


def segment_fault(folder: Path, segment: Segment) -> str | None:
    """Return what is wrong with a segment's file, in a sentence, or None."""
    path = folder / segment.table / segment.name
    if not path.exists():
        return f"{segment.table}/{segment.name} is missing."
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest != segment.sha256:
        return f"{segment.table}/{segment.name} is not as it was written."
    return None


def _make_durable(path: Path) -> str:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _make_durable_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
