"""Any table: CSV, GeoJSON, Parquet or Excel, read by a mapping of its columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from truceline.core.types.errors import InputError, Where
from truceline.core.types.vocabulary import PHENOMENA
from truceline.evidence.observations import file_digest
from truceline.evidence.sources.feed import table_batch
from truceline.evidence.sources.mapped.layout import layout_of
from truceline.evidence.sources.mapped.mapping import FileMapping, read_mapping
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
    effort="None: nothing is known of what the table would have held; declare it in the case.",
    limits=(
        "It is as good as its mapping. A polygon becomes its middle with an error of half the "
        "radius of a disc of its area. Nested columns of Parquet are left out."
    ),
    settings={
        "name": "Short name under which its observations are known.",
        "columns": (
            "Which column holds what: `time` (name, or `{column, format}` with `iso`, `epoch_s`, "
            "`epoch_ms` or a pattern), `end`, `received`, `lat`, `lon`, `sigma_m`, `area`, "
            "`phenomenon`, `weapon_class` and `reliability` (name, or `{column, values, "
            "default}`), `credibility`, `witness` (name or names), `count`, `count_low`, "
            "`count_high`, `bearing_deg`, `bearing_sigma_deg`, `party_claimed`, `attributes` "
            "(names)."
        ),
        "constants": "What holds for every row, such as `{phenomenon: explosion, sigma_m: 500}`.",
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
        for rows in read_table(path, kind, mapping):
            yield table_batch(rows, info, layout, settings, path=path, sha256=sha256)


SOURCE = MappedSource()
