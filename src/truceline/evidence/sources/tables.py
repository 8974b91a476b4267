"""Tables that are in the system's own form already: from a rehearsal, or another mission."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from truceline.core.types.errors import InputError, Where
from truceline.core.types.schema import Column, Schema
from truceline.core.types.tables import EFFORT, OBSERVATION, REJECT
from truceline.core.types.vocabulary import PHENOMENA
from truceline.evidence.sources.source import Batch, Sample, SourceInfo
from truceline.evidence.sources.table_lines import first_keys, read_lines

#: Rows read at a time.
STRETCH: Final = 200_000

_MAGIC: Final = b"PAR1"

INFO = SourceInfo(
    name="tables",
    title="Tables of observations or of effort, in Parquet or as lines of JSON",
    publisher="Whoever wrote them",
    licence="The writer's",
    instrument="dataset",
    phenomena=PHENOMENA,
    witness="As the column `witness` says.",
    effort="As the table of effort says; without one, silence means nothing.",
    limits="What the writer left out cannot be seen; `obs_id` is taken as it is.",
)


@dataclass(frozen=True)
class TablesSource:
    """Reads Parquet and lines of JSON with the columns of `OBSERVATION` or of `EFFORT`."""

    info: SourceInfo = INFO

    def recognises(self, sample: Sample) -> bool:
        """Return whether the file has the columns of one of the tables."""
        try:
            return _schema_of(sample) is not None
        except InputError:
            return False

    def read(
        self,
        path: Path,
        settings: Mapping[str, object],  # noqa: ARG002 - the role's signature
    ) -> Iterator[Batch]:
        """Yield the rows that fit, and those that do not as rejects.

        Raises
        ------
        InputError
            If the file is neither Parquet nor lines of JSON, or has other columns.
        """
        sample = Sample.of(path)
        schema = _schema_of(sample)
        if schema is None:
            raise InputError(
                "the columns are neither those of observations nor those of effort.",
                where=Where(str(path)),
                hint="See the reference of the rehearsal format.",
            )
        rows = 0
        for part in _parquet(path) if _is_parquet(sample) else read_lines(path, schema, STRETCH):
            yield _batch(part, schema, path, rows)
            rows += part.height


def _is_parquet(sample: Sample) -> bool:
    return sample.head.startswith(_MAGIC)


def _schema_of(sample: Sample) -> Schema | None:
    try:
        names = (
            set(pl.read_parquet_schema(sample.path))
            if _is_parquet(sample)
            else first_keys(sample.head)
        )
    except (OSError, pl.exceptions.PolarsError) as cause:
        raise InputError(
            "the file cannot be read as Parquet.",
            where=Where(str(sample.path)),
            hint="Write it again.",
        ) from cause
    for schema in (OBSERVATION, EFFORT):
        if {c.name for c in schema.columns if not c.nullable} <= names:
            return schema
    return None


def _parquet(path: Path) -> Iterator[pl.DataFrame]:
    rows = 0
    while len(part := _read(pl.scan_parquet(path).slice(rows, STRETCH), path)):
        yield part
        rows += part.height


def _read(table: pl.LazyFrame, path: Path) -> pl.DataFrame:
    try:
        return table.collect()
    except (OSError, pl.exceptions.PolarsError) as cause:
        raise InputError(
            "the file is damaged.", where=Where(str(path)), hint="Fetch or write it again."
        ) from cause


def _batch(part: pl.DataFrame, schema: Schema, path: Path, before: int) -> Batch:
    own = [c for c in schema.columns if c.name in part.columns]
    cast = part.with_columns(pl.col(c.name).cast(c.dtype, strict=False) for c in own)
    faults = [_faults(c, part[c.name], cast[c.name]) for c in own]
    # The first column at fault is named; a row has one reject however many there are.
    field = pl.select(
        pl.coalesce(
            pl.when(fault).then(pl.lit(c.name)) for c, fault in zip(own, faults, strict=True)
        ).alias("field")
    )["field"]
    good = schema.conform(cast.filter(field.is_null()))
    rows = pl.int_range(before + 1, before + 1 + part.height, eager=True)
    rejects = (
        pl.DataFrame({"raw_row": rows, "field": field})
        .drop_nulls("field")
        .with_columns(
            file=pl.lit(str(path)),
            problem=pl.format("the value of {} does not fit its column.", "field"),
            remedy=pl.lit("See the column's type and bounds in the reference of the format."),
        )
    )
    return Batch(
        observations=good if schema is OBSERVATION else OBSERVATION.empty(),
        effort=good if schema is EFFORT else EFFORT.empty(),
        rejects=REJECT.conform(rejects),
        rows=part.height,
    )


def _faults(column: Column, raw: pl.Series, cast: pl.Series) -> pl.Series:
    """Return which values cannot be of the column: of another type, missing, or out of bounds."""
    fault = (cast.is_null() & raw.is_not_null()) | (cast.is_null() & (not column.nullable))
    if column.dtype.is_float():
        fault = fault | cast.is_nan().fill_null(value=False)
    if column.low is not None:
        fault = fault | (cast < column.low).fill_null(value=False)
    if column.high is not None:
        fault = fault | (cast > column.high).fill_null(value=False)
    return fault


SOURCE = TablesSource()
