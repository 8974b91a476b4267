"""Any table: CSV, GeoJSON, Parquet or Excel, read by a mapping of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from truceline.core.types.errors import InputError, Where
from truceline.core.types.tables import EFFORT
from truceline.core.types.vocabulary import PHENOMENA
from truceline.evidence.effort.reporting import covered_periods, habitual_days
from truceline.evidence.observations import file_digest
from truceline.evidence.sources.feed import EFFORT_BASIS, table_batch
from truceline.evidence.sources.mapped.layout import layout_of
from truceline.evidence.sources.mapped.mapping import Days, FileMapping, read_mapping
from truceline.evidence.sources.mapped.tables import kind_of, read_table
from truceline.evidence.sources.source import Batch, Sample, SourceInfo

__all__ = ["SOURCE", "FileMapping", "MappedSource", "read_mapping"]

INFO = SourceInfo(
    name="mapped",
    title="Any table, by a mapping of its columns",
    publisher="Whoever made the table; it is named in the case",
    licence="That of the table",
    instrument="dataset",
    phenomena=PHENOMENA,
    witness="What the mapping names as witness; `not stated`, which is one witness, where none.",
    effort=(
        "Nothing, unless `covers` says of which days the maker counted all there was: then a day "
        "of these without a row is a zero."
    ),
    limits=(
        "It is as good as its mapping. A polygon becomes its middle with an error of half the "
        "radius of a disc of its area. Nested columns of Parquet are left out."
    ),
    settings={
        "name": "Short name under which its observations are known.",
        "columns": (
            "Which column holds what: `time` (name, or `{column, clock, format}` with `iso`, "
            "`epoch_s`, `epoch_ms` or a pattern; `clock` where the time of day has a column of "
            "its own), `end`, `received`, `lat`, `lon`, or `point` (`Point(lon lat)` or "
            "`lat, lon`), `sigma_m`, `phenomenon`, `weapon_class` and `reliability` (name, or "
            "`{column, values, default}`), `area`, `credibility`, `witness` (name or names), "
            "`count`, `count_low`, "
            "`count_high`, `bearing_deg`, `bearing_sigma_deg`, `party_claimed`, `attributes` "
            "(names)."
        ),
        "constants": "What holds for every row, such as `{phenomenon: explosion, sigma_m: 500}`.",
        "covers": (
            "`{start, end}`, the days of which the maker counted all there was, the last "
            "included; or `rows`, where each row counts the whole of its own day or month. Not "
            "known unless told, and no truce is then found holding by this table."
        ),
        "decimal": "Mark before the fraction: a point unless told, or a comma.",
        "encoding": (
            "`utf-8` unless told, `sniff` (UTF-8 if the whole file is so, otherwise Latin-1), or "
            "another such as `windows-1251`. UTF-16 with its mark and gzip are seen."
        ),
        "header_row": (
            "Row in which the names stand, from 1; the first unless told. Of several, as in "
            "`[2, 3]` for merged cells, a column has its lowest name."
        ),
        "instrument": "How it was seen; dataset unless told.",
        "timezone": "IANA name of the zone of times without an offset; UTC unless told.",
        "duration_s": "How long an event may have lasted where no end is given; 0 unless told.",
        "format": "csv, geojson, parquet or xlsx; known from the file unless told.",
        "separator": "Of a CSV file; a comma unless told.",
        "sheet": "Of a workbook: its name, or its number from 0, which is the default.",
    },
)


@dataclass(frozen=True)
class MappedSource:
    """Reads any table by the mapping in its settings."""

    info: SourceInfo = INFO

    def named(self, name: str) -> MappedSource:
        """Return the same under another name, so that two tables are two sources."""
        return replace(self, info=replace(self.info, name=name))

    def recognises(self, sample: Sample) -> bool:  # noqa: ARG002 - the role's signature
        """Return no: a table of unknown columns is read only where the case names it."""
        return False

    def read(self, path: Path, settings: Mapping[str, object]) -> Iterator[Batch]:
        """Yield the file's observations and rejected rows in bounded memory."""
        mapping = read_mapping(settings, path)
        kind = mapping.format or kind_of(path, Sample.of(path).head)
        if kind != "geojson" and not (mapping.has_place or mapping.has_area):
            raise InputError(
                "the mapping gives neither a place nor an area.",
                where=Where(str(path)),
                hint="Map `lat` and `lon`, or `area`; an area may be a constant.",
            )
        layout = layout_of(mapping, geometry=kind == "geojson")
        info = replace(self.info, name=mapping.name) if "name" in settings else self.info
        sha256 = file_digest(path)
        stated: list[pl.DataFrame] = []
        for rows in read_table(path, kind, mapping):
            batch = table_batch(rows, info, layout, settings, path=path, sha256=sha256)
            if mapping.covers == "rows":
                lasting = pl.col("t_end") > pl.col("t_start")
                stated.append(batch.observations.filter(lasting).select(EFFORT_BASIS))
            yield batch
        if stated:
            yield Batch(effort=covered_periods(pl.concat(stated)))
        elif isinstance(mapping.covers, Days):
            yield Batch(effort=_covered(mapping.covers, mapping, info.name))


def _covered(days: Days, mapping: FileMapping, source: str) -> pl.DataFrame:
    """Return effort for all that the table may tell of, on every day that it covers."""
    coded = mapping.columns.phenomenon
    if coded is None:
        told = [mapping.constants.phenomenon]
    else:
        told = [coded.default, *coded.values.values()] if coded.values else list(PHENOMENA)
    words = dict.fromkeys(word for word in told if word not in (None, "other"))
    parts = (
        habitual_days(
            days.start,
            days.end,
            zone=mapping.timezone,
            source=source,
            instrument=mapping.instrument,
            phenomenon=str(word),
            area=None,
        )
        for word in words
    )
    return pl.concat([EFFORT.empty(), *parts])


SOURCE = MappedSource()
