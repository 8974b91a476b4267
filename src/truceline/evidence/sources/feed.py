"""A delimited feed as declared data: its columns, what they mean, and what a bad row is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import polars_hash as plh

from truceline.core.types.tables import OBSERVATION, REJECT
from truceline.evidence.observations import file_digest, observation_id
from truceline.evidence.sources.delimited import ROW, UNREADABLE, header_of, read_text_batches
from truceline.evidence.sources.source import Batch, Sample, SourceInfo

Settings = Mapping[str, object]


@dataclass(frozen=True)
class Check:
    """What must be so for a row to be good.

    Attributes
    ----------
    column : str
        Raw column to name in the reject file.
    good : polars.Expr
        Boolean; null counts as not good.
    problem, remedy : str
        A sentence each.
    """

    column: str
    good: pl.Expr
    problem: str
    remedy: str


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
    keep : polars.Expr or None
        Rows that are of no concern to the feed are left out where this is false: they are
        neither observations nor errors.
    """

    columns: tuple[str, ...]
    fields: Callable[[Settings], dict[str, pl.Expr]]
    checks: tuple[Check, ...]
    lacks: tuple[str, ...] = ()
    keep: pl.Expr | None = None

    def matches(self, header: tuple[str, ...]) -> bool:
        """Return whether a header is of this shape."""
        return all(c in header for c in self.columns) and not any(c in header for c in self.lacks)


#: What a feed's effort is found from: little enough to be kept for a whole file.
EFFORT_BASIS = ("source", "instrument", "area", "t_start", "t_end", "phenomenon", "count")


@dataclass(frozen=True)
class Feed:
    """A source whose files are delimited text in one or more shapes."""

    info: SourceInfo
    layouts: tuple[Layout, ...]
    effort: Callable[[pl.DataFrame, Settings], pl.DataFrame] | None = None
    latin1: bool = False
    separator: str = ","
    defaults: Mapping[str, object] = field(default_factory=dict)

    def recognises(self, sample: Sample) -> bool:
        """Return whether the header is of one of the feed's shapes."""
        header = header_of(sample.head, self.separator)
        return any(layout.matches(header) for layout in self.layouts)

    def read(self, path: Path, settings: Settings) -> Iterator[Batch]:
        """Yield the file's observations, effort and rejected rows in bounded memory."""
        settings = {**self.defaults, **settings, "path": path}
        header = header_of(Sample.of(path).head, self.separator)
        layout = next((shape for shape in self.layouts if shape.matches(header)), self.layouts[0])
        digest = file_digest(path)
        batches = read_text_batches(
            path, layout.columns, separator=self.separator, latin1=self.latin1
        )
        reported: list[pl.DataFrame] = []
        for raw in batches:
            batch = self._take(raw, layout, settings, digest)
            if self.effort is not None:
                reported.append(batch.observations.select(EFFORT_BASIS))
            yield batch
        if self.effort is not None and reported:
            yield Batch(effort=self.effort(pl.concat(reported), settings))

    def _take(self, raw: pl.DataFrame, layout: Layout, settings: Settings, digest: str) -> Batch:
        columns = [name for name in raw.columns if name != ROW]
        readable = ~pl.any_horizontal(
            pl.col(columns).str.contains(UNREADABLE, literal=True).fill_null(value=False)
        )
        table = raw.with_columns(_readable=readable)
        if layout.keep is not None:
            table = table.filter(layout.keep.fill_null(value=True) | ~pl.col("_readable"))
        fields = layout.fields(settings)
        table = table.with_columns(**{f"_{name}": expr for name, expr in fields.items()})
        checks = self._checks(layout, columns, settings)
        faults = [check.good.fill_null(value=False).not_() for check in checks]
        first = pl.coalesce(pl.when(fault).then(i) for i, fault in enumerate(faults))
        table = table.with_columns(_fault=first)
        good = table.filter(pl.col("_fault").is_null())
        bad = table.filter(pl.col("_fault").is_not_null())
        observations = _observations(good, self.info, columns, tuple(fields), settings, digest)
        rejects = _rejects(bad, checks, columns, settings)
        return Batch(observations, rejects=rejects, rows=len(table))

    def _checks(self, layout: Layout, columns: list[str], settings: Settings) -> tuple[Check, ...]:
        encoding = Check(
            columns[0],
            pl.col("_readable"),
            "the row holds bytes that are not UTF-8.",
            "Save the file as UTF-8 and read it again.",
        )
        return (encoding, *layout.checks, *COMMON_CHECKS, *_case_checks(layout, settings))


def _case_checks(layout: Layout, settings: Settings) -> tuple[Check, ...]:
    """Return the checks that the case's own settings call for."""
    checks: list[Check] = []
    if "count" in layout.fields(settings):
        checks.append(
            Check(
                "count",
                pl.col("_count").is_null() | (pl.col("_count") >= 0),
                "the count is below 0.",
                "Leave it out where it is not known.",
            )
        )
    if settings.get("not_after") is not None:
        checks.append(
            Check(
                "time",
                pl.col("_t_start") <= settings["not_after"],
                "the time lies in the future.",
                "Check the year, and the clock of the sender.",
            )
        )
    if settings.get("bbox") is not None and set(PLACE_CHECKS) <= set(layout.checks):
        west, south, east, north = settings["bbox"]  # type: ignore[misc]
        inside = pl.col("_lon").is_between(west, east) & pl.col("_lat").is_between(south, north)
        swapped = pl.col("_lat").is_between(west, east) & pl.col("_lon").is_between(south, north)
        checks += [
            Check(
                "latitude",
                inside | ~swapped,
                "latitude and longitude seem to be swapped: only then is the place in the area.",
                "Put the latitude into the column for latitude.",
            ),
            Check(
                "latitude",
                inside,
                "the place lies outside the area of the case.",
                "Widen `bbox` in sources.yaml if it belongs to the case.",
            ),
        ]
    return tuple(checks)


def _observations(
    good: pl.DataFrame,
    info: SourceInfo,
    raw_columns: list[str],
    fields: tuple[str, ...],
    settings: Settings,
    digest: str,
) -> pl.DataFrame:
    given = {name: _finite(good, f"_{name}") for name in fields}
    given["witness"] = given.get("witness", pl.lit(None)).fill_null("not stated")
    defaults = {
        "instrument": pl.lit(info.instrument),
        "phenomenon": pl.lit(info.phenomena[0]),
        "handling": pl.lit(settings.get("handling", "CLEAR")),
        "received_at": pl.col("_t_end"),
    }
    constant = {
        "obs_id": observation_id(info.name, raw_columns),
        "source": pl.lit(info.name),
        "raw_file": pl.lit(digest),
        "raw_row": pl.col(ROW),
    }
    return OBSERVATION.conform(good.select(**{**defaults, **given, **constant}))


def _finite(table: pl.DataFrame, column: str) -> pl.Expr:
    value = pl.col(column)
    return pl.when(value.is_finite()).then(value) if table[column].dtype.is_float() else value


def _rejects(
    bad: pl.DataFrame, checks: tuple[Check, ...], raw_columns: list[str], settings: Settings
) -> pl.DataFrame:
    problem = dict(enumerate(checks))
    fault = pl.col("_fault")

    def told(part: Callable[[Check], str]) -> pl.Expr:
        mapping = {i: part(check) for i, check in problem.items()}
        return fault.replace_strict(mapping, return_dtype=pl.String)

    raw = pl.concat_str([pl.col(c).fill_null("") for c in raw_columns], separator=",")
    return REJECT.conform(
        bad.select(
            file=pl.lit(str(settings["path"])),
            raw_row=ROW,
            field=told(lambda c: c.column),
            problem=told(lambda c: c.problem),
            remedy=told(lambda c: c.remedy),
            raw=raw.str.slice(0, 2000),
        )
    )


#: What holds for every feed, on the fields it has made.
COMMON_CHECKS: tuple[Check, ...] = (
    Check(
        "time",
        pl.col("_t_start").is_not_null() & pl.col("_t_end").is_not_null(),
        "the time is missing or cannot be read.",
        "Write it in the form the source documents.",
    ),
    Check(
        "time",
        pl.col("_t_end") >= pl.col("_t_start"),
        "the end lies before the start.",
        "Check both times, and the midnight between them.",
    ),
)

#: For feeds that give a place.
PLACE_CHECKS: tuple[Check, ...] = (
    Check(
        "latitude",
        pl.col("_lat").is_finite() & pl.col("_lon").is_finite(),
        "the place is missing or not a number.",
        "Give latitude and longitude in decimal degrees.",
    ),
    Check(
        "latitude",
        ~((pl.col("_lat").abs() > 90) & (pl.col("_lon").abs() <= 90)),
        "latitude and longitude seem to be swapped.",
        "Put the latitude (-90 to 90) into the column for latitude.",
    ),
    Check(
        "latitude",
        pl.col("_lat").is_between(-90, 90),
        "the latitude is not between -90 and 90.",
        "Give decimal degrees, WGS 84.",
    ),
    Check(
        "longitude",
        pl.col("_lon").is_between(-180, 180),
        "the longitude is not between -180 and 180.",
        "Give decimal degrees, WGS 84.",
    ),
)


def number(column: str) -> pl.Expr:
    """Return a text column as numbers; what is none, or not finite, becomes null."""
    value = pl.col(column).str.strip_chars().cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value)


def local_time(column: str, form: str, zone: str) -> pl.Expr:
    """Return a text column of local times as UTC microseconds.

    A time that a clock change makes twice is taken as the first; one it skips is null.
    """
    return (
        pl.col(column)
        .str.strip_chars()
        .str.to_datetime(form, time_unit="us", strict=False)
        .dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        .dt.epoch("us")
    )


def attributes(**columns: pl.Expr) -> pl.Expr:
    """Return a JSON object of the given values."""
    return pl.struct(**columns).struct.json_encode()


def digest(text: pl.Expr) -> pl.Expr:
    """Return a short hash of a text, the same on every machine and version."""
    hashed: pl.Expr = plh.concat_str(text.fill_null("")).chash.blake3()
    return hashed.str.slice(0, 16)
