"""Files of four kinds as stretches of text columns, each in bounded memory."""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import fastexcel
import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from truceline.core.space.geodesy import length_km
from truceline.core.types.errors import InputError, Where
from truceline.core.types.tables import REJECT
from truceline.evidence.sources.damage import RAW_LENGTH
from truceline.evidence.sources.delimited import ROW, Rows, lowest_names, read_rows
from truceline.evidence.sources.mapped.features import stream_features
from truceline.evidence.sources.mapped.layout import GEOMETRY
from truceline.evidence.sources.mapped.mapping import FileMapping
from truceline.evidence.sources.shapes import area_km2, read_shape

#: Rows of a stretch.
_ROWS: Final = 100_000
_FEATURES: Final = 10_000

#: A workbook that unpacks to more than this is refused.
_LARGEST_WORKBOOK: Final = 2 << 30

#: Column that holds a feature's whole text: what it is known by.
FEATURE: Final = "feature"


def kind_of(path: Path, head: bytes) -> str:
    """Return the kind of a file from its first bytes.

    Examples
    --------
    >>> kind_of(Path("x"), b"PAR1....")
    'parquet'
    """
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\x1e \r\n\t")
    if text.startswith((b"<?xml", b"<kml", b"<html", b"<!DOCTYPE")):
        raise InputError(
            "the file is XML or a web page, such as KML, and no table.",
            where=Where(str(path)),
            hint="Export it as GeoJSON or CSV; QGIS and ogr2ogr do.",
        )
    return "geojson" if text.startswith(b"{") else "csv"


def read_table(path: Path, kind: str, mapping: FileMapping) -> Iterator[Rows]:
    """Yield a file's rows as text, numbered from 1.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        `csv`, `geojson`, `parquet` or `xlsx`.
    mapping : FileMapping
        Names the columns that must be there.
    """
    columns = mapping.columns.named()
    if kind == "csv":
        return read_rows(
            path,
            columns,
            separator=mapping.separator,
            encoding=mapping.encoding,
            header_rows=mapping.header_row,
        )
    if kind == "parquet":
        return _parquet(path, columns)
    if kind == "xlsx":
        return _workbook(path, columns, mapping)
    return _features(path, columns)


def _require(found: list[str], columns: tuple[str, ...], path: Path) -> None:
    missing = [name for name in columns if name not in found]
    if missing:
        raise InputError(
            f"the columns {', '.join(missing)} are missing; found {', '.join(found)[:300]}.",
            where=Where(str(path), row=0),
            hint="Mend the names in the mapping.",
        )


# --- Parquet -----------------------------------------------------------------------------


def _parquet(path: Path, columns: tuple[str, ...]) -> Iterator[Rows]:
    try:
        lazy = pl.scan_parquet(path)
        schema = lazy.collect_schema()
        _require(schema.names(), columns, path)
        texts = [as_text(name, dtype) for name, dtype in schema.items() if not dtype.is_nested()]
        nested = [name for name in columns if schema[name].is_nested()]
        if nested:
            raise InputError(
                f"the column {nested[0]} holds lists or structures.",
                where=Where(str(path), field=nested[0]),
                hint="Map a column of single values.",
            )
        start = 0
        while True:
            table = lazy.slice(start, _ROWS).select(texts).collect()
            if table.is_empty():
                return
            yield Rows(_numbered(table, start))
            start += len(table)
    except (pl.exceptions.PolarsError, OSError) as cause:
        raise InputError(
            f"the Parquet file cannot be read: {str(cause).splitlines()[0][:200]}.",
            where=Where(str(path)),
            hint="Fetch or write it again.",
        ) from cause


def as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    """Return a column of single values as text; times with an offset in UTC."""
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone is not None:
            utc = column.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
            return utc.dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").alias(name)
        return column.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f").alias(name)
    if dtype == pl.Binary:
        return column.bin.encode("hex").alias(name)
    return column.cast(pl.String)


def _numbered(table: pl.DataFrame, before: int) -> pl.DataFrame:
    clean = table.drop(ROW, strict=False)
    return clean.with_columns(
        pl.int_range(before + 1, before + 1 + len(clean), eager=True, dtype=pl.Int64).alias(ROW)
    )


# --- workbooks ---------------------------------------------------------------------------


def _workbook(path: Path, columns: tuple[str, ...], mapping: FileMapping) -> Iterator[Rows]:
    refuse_bomb(path)
    try:
        table = load_sheet(path, mapping.sheet, mapping.header_row)
    except (fastexcel.FastExcelError, ValueError, OSError) as cause:
        raise InputError(
            f"the workbook cannot be read: {str(cause).splitlines()[0][:200]}.",
            where=Where(str(path)),
            hint="Check the name of the sheet, or save the workbook again as .xlsx.",
        ) from cause
    _require(table.columns, columns, path)
    for start in range(0, len(table), _ROWS):
        yield Rows(_numbered(table.slice(start, _ROWS).cast(pl.String), start))


def load_sheet(
    path: Path, sheet: str | int, header_rows: Sequence[int], *, most: int | None = None
) -> pl.DataFrame:
    """Return a sheet as text, under the names in its header.

    Parameters
    ----------
    path : Path
        The workbook.
    sheet : str or int
        Name of the sheet, or its number from 0.
    header_rows : sequence of int
        As in `FileMapping`.
    most : int or None
        Rows to read; all unless told.
    """
    book = fastexcel.read_excel(path)
    last = max(header_rows, default=1)
    loaded = book.load_sheet(sheet, header_row=last - 1, dtypes="string", n_rows=most)
    table = _dates(loaded.to_polars().cast(pl.String))
    if len(header_rows) < 2:
        return table
    above = book.load_sheet(sheet, header_row=None, dtypes="string", n_rows=last).to_polars()
    names = lowest_names([above.row(row - 1) for row in header_rows])
    found = dict(zip(table.columns, names, strict=False))
    free = {old: new for old, new in found.items() if new and old.startswith("__UNNAMED__")}
    return table.rename(free, strict=False)


def _dates(table: pl.DataFrame) -> pl.DataFrame:
    """Return a sheet whose dates are dates: a workbook writes each as its midnight.

    A column in which every time is a midnight holds days.
    """
    day = r"^\d{4}-\d{2}-\d{2}"
    midnight, clock = rf"{day}[ T]00:00:00$", rf"{day}[ T]\d"
    days = [
        name
        for name in table.columns
        if (times := table[name].filter(table[name].str.contains(clock))).len()
        and times.str.contains(midnight).all()
    ]
    return table.with_columns(pl.col(days).str.replace(r"[ T]00:00:00$", ""))


def refuse_bomb(path: Path) -> None:
    """Refuse a workbook that is broken, or that unpacks to more than memory should hold."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as cause:
        raise InputError(
            "the workbook is broken or cut short.",
            where=Where(str(path)),
            hint="Fetch it again, or save it again as .xlsx.",
        ) from cause
    if size > _LARGEST_WORKBOOK:
        raise InputError(
            f"the workbook unpacks to {size:,} bytes.",
            where=Where(str(path)),
            hint="Save the sheet as CSV.",
        )


# --- GeoJSON -----------------------------------------------------------------------------


def _features(path: Path, columns: tuple[str, ...]) -> Iterator[Rows]:
    held: list[dict[str, str | None]] = []
    rejects: list[dict[str, object]] = []
    first, broken = 1, None
    stream = stream_features(path)
    while broken is None:
        try:
            feature = next(stream, None)
        except InputError as cause:
            broken = cause
            break
        if feature is None:
            break
        number = first + len(held) + len(rejects)
        try:
            held.append(_flat(feature, columns, Where(str(path), row=number)) | {ROW: str(number)})
        except InputError as fault:
            rejects.append(_reject(fault, feature, path, number))
        if len(held) + len(rejects) >= _FEATURES:
            yield _stretch(held, rejects, columns)
            first, held, rejects = number + 1, [], []
    if held or rejects:
        yield _stretch(held, rejects, columns)
    if broken is not None:
        raise broken


def _stretch(
    held: list[dict[str, str | None]], rejects: list[dict[str, object]], columns: tuple[str, ...]
) -> Rows:
    names = [*columns, *GEOMETRY, FEATURE, ROW]
    table = pl.DataFrame(held, schema=dict.fromkeys(dict.fromkeys(names), pl.String()))
    return Rows(
        table.with_columns(pl.col(ROW).cast(pl.Int64)),
        pl.DataFrame(rejects, schema=REJECT.dtypes()),
    )


def _reject(
    fault: InputError, feature: dict[str, object], path: Path, number: int
) -> dict[str, object]:
    return {
        "file": str(path),
        "raw_row": number,
        "field": "geometry",
        "problem": fault.message,
        "remedy": fault.hint or "Mend the feature.",
        "raw": _written(feature)[:RAW_LENGTH],
    }


def _flat(
    feature: dict[str, object], columns: tuple[str, ...], where: Where
) -> dict[str, str | None]:
    properties = feature.get("properties")
    given = properties if isinstance(properties, dict) else {}
    lon, lat, sigma = _place(feature.get("geometry"), where)
    return {
        **{name: word(given.get(name)) for name in columns},
        **dict(zip(GEOMETRY, (lat, lon, sigma), strict=True)),
        FEATURE: _written(feature),
    }


def word(value: object) -> str | None:
    """Return a value of JSON as text; null stays null."""
    if value is None:
        return None
    return _text(value) if isinstance(value, str) else _written(value)


def _written(value: object) -> str:
    return _text(json.dumps(value, ensure_ascii=False, sort_keys=True))


def _text(value: str) -> str:
    """Return a text without halves of surrogate pairs, which are JSON but no text."""
    return value.encode("utf-8", "replace").decode()


def _place(raw: object, where: Where) -> tuple[str | None, str | None, str | None]:
    """Return the middle of a geometry and its own spread, one sigma; nothing for none."""
    if raw is None:
        return None, None, None
    point = _plain_point(raw)
    if point is not None:
        return repr(point[0]), repr(point[1]), "0.0"
    geometry = read_shape(raw, where).geometry
    middle = geometry.centroid
    return repr(middle.x), repr(middle.y), repr(round(_spread_m(geometry), 3))


def _plain_point(raw: object) -> tuple[float, float] | None:
    """Return a point as it should be, the common case, without building a geometry."""
    if not isinstance(raw, dict) or raw.get("type") != "Point":
        return None
    match raw.get("coordinates"):
        case [float() | int() as lon, float() | int() as lat, *_]:
            inside = -180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0
            return (float(lon), float(lat)) if inside else None
        case _:
            return None


def _spread_m(geometry: BaseGeometry) -> float:
    """Return the standard deviation, per axis, of a place somewhere in a geometry, metres.

    That of a disc of the same area (half its radius), or of a line of the same length (its
    length over the root of twelve); a point has none.
    """
    if shapely.get_dimensions(geometry) == 2:
        return math.sqrt(area_km2(geometry) * 1e6 / math.pi) / 2.0
    if shapely.get_dimensions(geometry) == 1:
        return length_km(geometry) * 1000.0 / math.sqrt(12.0)
    return 0.0
