"""Who was reported to hold which ground on a day: polygons of control, read and mended."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from truceline.core.types.errors import InputError, Where
from truceline.evidence.sources.shapes import area_km2, polygons_of, read_shape

#: A larger file is no drawing of control.
LARGEST_BYTES: Final = 256 << 20

_DATE: Final = re.compile(r"(?<!\d)(20\d{2})-?(\d{2})-?(\d{2})(?!\d)")

#: Overlaps smaller than this are slips of the pen, square kilometres.
_OVERLAP_KM2: Final = 0.01


@dataclass(frozen=True)
class ControlArea:
    """Ground under control of one side, as a map showed it.

    Attributes
    ----------
    date : datetime.date
        Day of the update. Maps are updated in the small hours, so it shows the day before.
    geometry : shapely MultiPolygon
        In degrees.
    repairs : tuple of str
        What had to be mended, a sentence each.
    """

    date: dt.date
    geometry: BaseGeometry
    repairs: tuple[str, ...] = ()

    @property
    def as_of(self) -> dt.date:
        """The day whose situation it shows."""
        return self.date - dt.timedelta(days=1)

    @property
    def area_km2(self) -> float:
        """Its area, square kilometres."""
        return area_km2(self.geometry)


def read_control(path: Path, *, date_property: str | None = None) -> ControlArea:
    """Read the area under control from a GeoJSON file.

    Parameters
    ----------
    path : Path
        A FeatureCollection, Feature or bare geometry; other shapes than polygons are left out.
    date_property : str, optional
        Property that holds the day of the update; the name of the file does unless told.

    Raises
    ------
    InputError
        Where there is no date, or no polygon that can be used.
    """
    where = Where(str(path))
    document = _document(path, where)
    day = _day(document, path, date_property, where)
    repairs: list[str] = []
    polygons: list[BaseGeometry] = []
    for number, raw in enumerate(_geometries(document), start=1):
        found = read_shape(raw, Where(str(path), row=number))
        parts = polygons_of(found.geometry)
        repairs += [f"feature {number}: {sentence}" for sentence in found.repairs]
        if not parts:
            repairs.append(f"feature {number}: it is no polygon and was left out.")
        polygons += parts
    if not polygons:
        raise InputError(
            "the file holds no polygon.", where=where, hint="Export the area, not its line."
        )
    joined = shapely.union_all(polygons)
    overlap = sum(area_km2(p) for p in polygons) - area_km2(joined)
    if overlap > max(_OVERLAP_KM2, 1e-6 * area_km2(joined)):
        repairs.append(f"polygons overlapped by {overlap:,.2f} square km and were joined.")
    return ControlArea(day, shapely.multipolygons(polygons_of(joined)), tuple(repairs))


def _document(path: Path, where: Where) -> dict[str, object]:
    if path.stat().st_size > LARGEST_BYTES:
        raise InputError(
            "the file is too large for an area of control.", where=where, hint="Simplify it."
        )
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as cause:
        raise InputError(
            f"the file is no whole JSON: {cause}.", where=where, hint="Fetch it again."
        ) from cause
    if not isinstance(document, dict):
        raise InputError("the file is no GeoJSON.", where=where, hint="Export it as GeoJSON.")
    return document


def _geometries(document: dict[str, object]) -> list[object]:
    features = document.get("features")
    if document.get("type") == "FeatureCollection" and isinstance(features, list):
        return [f.get("geometry") if isinstance(f, dict) else None for f in features]
    if document.get("type") == "Feature":
        return [document.get("geometry")]
    return [document]


def _day(
    document: dict[str, object], path: Path, date_property: str | None, where: Where
) -> dt.date:
    if date_property is None:
        text, place = path.stem, "the name of the file"
    else:
        features = document.get("features", [document])
        held = features if isinstance(features, list) else []
        properties = [f.get("properties") or {} for f in held if isinstance(f, dict)]
        days = {str(p.get(date_property)) for p in properties if isinstance(p, dict)}
        if len(days) != 1:
            raise InputError(
                f"the features do not name one day in {date_property!r}.",
                where=Where(where.file, field=date_property),
                hint="Put one day's areas into a file.",
            )
        text, place = days.pop(), f"the property {date_property!r}"
    found = _DATE.search(text)
    try:
        return dt.date(*(int(part) for part in found.groups())) if found else _no_day(place, where)
    except ValueError:
        return _no_day(place, where)


def _no_day(place: str, where: Where) -> dt.date:
    raise InputError(
        f"{place} does not hold the day of the update.",
        where=where,
        hint="Name the file like control_20250419.geojson, or give `date_property`.",
    )
