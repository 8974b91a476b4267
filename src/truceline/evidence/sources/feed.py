"""A delimited feed as declared data: its columns, what they mean, and what a bad row is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from truceline.core.types.errors import InputError, Where
from truceline.core.types.tables import OBSERVATION, REJECT
from truceline.evidence.observations import file_digest, observation_id
from truceline.evidence.sources.checks import (
    COMMON_CHECKS,
    PLACE_CHECKS,
    Check,
    case_checks,
    number_check,
)
from truceline.evidence.sources.damage import RAW_LENGTH
from truceline.evidence.sources.delimited import ROW, Rows, header_of, read_rows
from truceline.evidence.sources.fields import attributes, digest, local_time, number
from truceline.evidence.sources.source import Batch, Sample, SourceInfo

__all__ = [
    "COMMON_CHECKS",
    "PLACE_CHECKS",
    "Check",
    "Feed",
    "Layout",
    "Settings",
    "attributes",
    "digest",
    "local_time",
    "number",
    "number_check",
    "table_batch",
]

Settings = Mapping[str, object]


@dataclass(frozen=True)
class Layout:
    """One shape in which a feed's files come.

    Attributes
    ----------
    columns : tuple of str
        Columns by which the shape is known; all must be there.
    fields : callable
        From settings to the expressions of the OBSERVATION columns, on text columns.
    checks : tuple of Check
        On the raw columns and on the fields, tried in order; the first that fails is named.
    lacks : tuple of str
        Columns that must not be there, where another shape has more.
    """

    columns: tuple[str, ...]
    fields: Callable[[Settings], dict[str, pl.Expr]]
    checks: tuple[Check, ...]
    lacks: tuple[str, ...] = ()

    def matches(self, header: tuple[str, ...]) -> bool:
        """Return whether a header is of this shape."""
        return all(c in header for c in self.columns) and not any(c in header for c in self.lacks)


#: What a feed's effort is found from: little enough to be kept for a whole file.
EFFORT_BASIS = ("source", "instrument", "area", "t_start", "t_end", "phenomenon", "count")


@dataclass(frozen=True)
class Feed:
    """A source whose files are delimited text in one or more shapes.

    Attributes
    ----------
    info : SourceInfo
        What a user should know of it.
    layouts : tuple of Layout
        Its shapes.
    effort : callable or None
        From the observations of a file, as far as `EFFORT_BASIS`, to its effort.
    encoding : str
        As in `read_rows`; the setting `encoding` overrules it.
    separator : str
        Between fields.
    defaults : mapping
        Settings that hold unless the case says otherwise.
    """

    info: SourceInfo
    layouts: tuple[Layout, ...]
    effort: Callable[[pl.DataFrame, Settings], pl.DataFrame] | None = None
    encoding: str = "utf-8"
    separator: str = ","
    defaults: Mapping[str, object] = field(default_factory=dict)

    def recognises(self, sample: Sample) -> bool:
        """Return whether the header is of one of the feed's shapes."""
        header = header_of(sample.head, self.separator)
        return any(layout.matches(header) for layout in self.layouts)

    def read(self, path: Path, settings: Settings) -> Iterator[Batch]:
        """Yield the file's observations, effort and rejected rows in bounded memory."""
        settings = {**self.defaults, **settings}
        layout = self._layout(path)
        sha256 = file_digest(path)
        encoding = str(settings.get("encoding", self.encoding))
        reported: list[pl.DataFrame] = []
        for rows in read_rows(path, layout.columns, separator=self.separator, encoding=encoding):
            batch = table_batch(rows, self.info, layout, settings, path=path, sha256=sha256)
            if self.effort is not None:
                reported.append(batch.observations.select(EFFORT_BASIS))
            yield batch
        if self.effort is not None and reported:
            yield Batch(effort=self.effort(pl.concat(reported), settings))

    def _layout(self, path: Path) -> Layout:
        header = header_of(Sample.of(path).head, self.separator)
        fitting = [shape for shape in self.layouts if shape.matches(header)]
        # The first shape is read where none fits: its error names the columns that lack.
        return (fitting or list(self.layouts))[0]


def table_batch(
    rows: Rows, info: SourceInfo, layout: Layout, settings: Settings, *, path: Path, sha256: str
) -> Batch:
    """Return the observations of a stretch of text columns, and its rejects with their reasons.

    Parameters
    ----------
    rows : Rows
        Text columns with `raw_row`, and the rows that were broken as such.
    info, layout, settings
        What the feed is, how its columns read, and what the case says.
    path : Path
        The file, as the user named it.
    sha256 : str
        Its digest.
    """
    raw = rows.table
    columns = tuple(name for name in raw.columns if name != ROW)
    fields = {f"_{name}": expr for name, expr in layout.fields(settings).items()}
    made = frozenset(name.removeprefix("_") for name in fields)
    checks = (*layout.checks, *COMMON_CHECKS, *case_checks(made, settings))
    fault = pl.coalesce(
        pl.when(check.good.fill_null(value=False).not_()).then(pl.lit(i, pl.UInt8))
        for i, check in enumerate(checks)
    )
    try:
        table = raw.lazy().with_columns(**fields).with_columns(_fault=fault).collect()
    except pl.exceptions.PolarsError as cause:
        first = None if raw.is_empty() else int(raw[ROW][0])
        raise InputError(
            f"a column does not read as the source says: {str(cause).splitlines()[0]}",
            where=Where(str(path), row=first),
            hint="Check the settings of the source, above all its time zone.",
        ) from cause
    good = table.filter(pl.col("_fault").is_null())
    observations = _observations(good, info, columns, made, settings, sha256)
    bad = table.filter(pl.col("_fault").is_not_null())
    rejects = pl.concat([rows.rejects, _rejects(bad, checks, columns, path)])
    return Batch(observations, rejects=rejects, rows=len(raw) + len(rows.rejects))


def _observations(
    good: pl.DataFrame,
    info: SourceInfo,
    raw_columns: tuple[str, ...],
    made: frozenset[str],
    settings: Settings,
    sha256: str,
) -> pl.DataFrame:
    given = {name: pl.col(f"_{name}") for name in made}
    given["witness"] = given.get("witness", pl.lit(None, pl.String)).fill_null("not stated")
    defaults = {
        "instrument": pl.lit(info.instrument),
        "phenomenon": pl.lit(info.phenomena[0]),
        "handling": pl.lit(str(settings.get("handling", "CLEAR"))),
        "received_at": pl.col("_t_end"),
    }
    constant = {
        "obs_id": observation_id(info.name, raw_columns),
        "source": pl.lit(info.name),
        "raw_file": pl.lit(sha256),
        "raw_row": pl.col(ROW),
    }
    return OBSERVATION.conform(good.select(**{**defaults, **given, **constant}))


def _rejects(
    bad: pl.DataFrame, checks: tuple[Check, ...], raw_columns: tuple[str, ...], path: Path
) -> pl.DataFrame:
    def told(part: Callable[[Check], str]) -> pl.Expr:
        mapping = {i: part(check) for i, check in enumerate(checks)}
        return pl.col("_fault").replace_strict(mapping, return_dtype=pl.String)

    raw = pl.concat_str([pl.col(c).fill_null("") for c in raw_columns], separator=",")
    return REJECT.conform(
        bad.select(
            file=pl.lit(str(path)),
            raw_row=ROW,
            field=told(lambda c: c.column),
            problem=told(lambda c: c.problem),
            remedy=told(lambda c: c.remedy),
            raw=raw.str.slice(0, RAW_LENGTH),
        )
    )
