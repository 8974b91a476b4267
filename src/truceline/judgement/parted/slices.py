"""Slices: rows of files on their way to the part in which their incident is judged.

Every row has a number, that of its place in the files one after the other. A slice is read
twice: once for what association needs of it, and once, when each row's incident is known, to
deal its rows out to the parts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from truceline.core.engines.engine import PART
from truceline.core.types.tables import OBSERVATION
from truceline.judgement.assess import of_period
from truceline.judgement.attribution.parties import SIGNS
from truceline.judgement.hostility.witnesses import HEARD
from truceline.judgement.incidents.association import AREA, is_placed, points_of, positive
from truceline.judgement.incidents.identity import name_after
from truceline.judgement.incidents.summary import SUMMARISED

#: What a judgement needs of an observation.
NEEDED = tuple(c for c in OBSERVATION.dtypes() if c in {*SUMMARISED, *HEARD, *SIGNS})

#: What lies between the two readings: a row's incident, named by the row of a member, and its part.
LABELS = "labels"


def slices_of(files: Sequence[Path], rows: int) -> list[str]:
    """Return slices of at most so many rows, each a text: its first number, and pieces of files."""
    slices: list[str] = []
    pieces: list[tuple[str, int, int]] = []
    first = held = 0
    for file in files:
        height, offset = rows_in(file), 0
        while offset < height:
            taken = min(height - offset, rows - held)
            pieces.append((str(file), offset, taken))
            offset, held = offset + taken, held + taken
            if held == rows:
                slices.append(json.dumps([first, pieces]))
                first, held, pieces = first + held, 0, []
    return [*slices, json.dumps([first, pieces])] if pieces else slices


def rows_in(file: Path) -> int:
    """Return how many rows a Parquet file has, from its last bytes."""
    return int(pl.scan_parquet(file).select(pl.len()).collect().item())


def name_of(text: str) -> str:
    """Return the name of a slice: the number of its first row."""
    return f"{json.loads(text)[0]:012d}"


def numbers_of(text: str) -> tuple[int, int]:
    """Return the number of a slice's first row, and the one after its last."""
    first, pieces = json.loads(text)
    return first, first + sum(rows for _, _, rows in pieces)


def place_slice(text: str, *, period: tuple[int, int], folder: Path) -> str:
    """Write what association needs of a slice's rows: those with a place, and those without."""
    columns = (*AREA, "lon", "lat", "sigma_m", "count")
    told = _read(text, columns).filter(of_period(period))
    seen = positive(told, ("row", *columns)).collect()
    name = name_of(text)
    put(points_of(seen.filter(is_placed())), folder / "points" / f"{name}.parquet")
    put(seen.filter(~is_placed()).select("row", *AREA), folder / "areas" / f"{name}.parquet")
    return name


def rows_named(text: str, incidents: Sequence[str]) -> pl.Series:
    """Return the rows of a slice that are the earliest members of incidents of these names."""
    named = name_after("obs_id").is_in(list(incidents))
    return _read(text, ("obs_id",)).filter(named).select("row").collect().to_series()


def deal_slice(text: str, *, folder: Path) -> str:
    """Write a slice's rows to the parts of their incidents."""
    name = name_of(text)
    labels = pl.read_parquet(folder / LABELS / f"{name}.parquet")
    rows = _read(text, NEEDED).collect().join(labels, on="row").drop("row")
    for (part,), own in rows.partition_by(PART, as_dict=True, include_key=False).items():
        put(own, folder / "dealt" / str(part) / f"{name}.parquet")
    return name


def _read(text: str, columns: Sequence[str]) -> pl.LazyFrame:
    first, pieces = json.loads(text)
    tables = [
        pl.scan_parquet(file).select(columns).slice(offset, rows) for file, offset, rows in pieces
    ]
    return pl.concat(tables).with_columns(row=first + pl.int_range(pl.len(), dtype=pl.Int64))


def put(table: pl.DataFrame, file: Path) -> None:
    """Write a table so that a reader sees it whole or not at all.

    A job that is done again after its worker died writes the same rows.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}")
    table.write_parquet(draft, compression="lz4")
    draft.replace(file)
