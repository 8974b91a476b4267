"""A judgement on disk: one Parquet file a table, and what it stood on beside them."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import polars as pl

from truceline.core.types.errors import StoreError, Where
from truceline.judgement.judgement import Judgement

_BESIDE = "judgement.json"
_TABLES = tuple(f.name for f in fields(Judgement) if f.name not in ("period", "provenance"))


def keep(judgement: Judgement, folder: Path) -> None:
    """Write a judgement; the last file says that it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _TABLES:
        getattr(judgement, name).write_parquet(folder / f"{name}.parquet")
    beside = {"period": list(judgement.period), "provenance": dict(judgement.provenance)}
    draft = folder / f".{_BESIDE}"
    draft.write_text(json.dumps(beside, sort_keys=True), encoding="utf-8")
    draft.replace(folder / _BESIDE)


def kept(folder: Path) -> Judgement:
    """Read a judgement back.

    Raises
    ------
    StoreError
        If it is not there, or not whole.
    """
    try:
        beside = json.loads((folder / _BESIDE).read_text(encoding="utf-8"))
        tables = {name: pl.read_parquet(folder / f"{name}.parquet") for name in _TABLES}
        start, end = beside["period"]
        provenance = {str(k): str(v) for k, v in beside["provenance"].items()}
    except (OSError, ValueError, KeyError, AttributeError, pl.exceptions.PolarsError) as cause:
        raise StoreError(
            f"the judgement cannot be read: {cause}.",
            where=Where(str(folder)),
            hint="Judge the case again.",
        ) from cause
    return Judgement(**tables, period=(start, end), provenance=provenance)


def is_kept(folder: Path) -> bool:
    """Return whether a whole judgement lies in a folder."""
    return (folder / _BESIDE).is_file()
