"""The laydown: which unit stands where, and files that other tools can open."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl
import shapely

from truceline.core.types.errors import InputError
from truceline.core.types.schema import Column, Schema
from truceline.force.siting.covering import CoveringPlan
from truceline.force.siting.planning import SitingQuestion

LAYDOWN = Schema(
    "laydown",
    (
        Column("unit", pl.String(), "Name of the unit in the plan."),
        Column("kind", pl.String(), "Kind of unit."),
        Column("site_id", pl.String(), "The site it stands at."),
        Column("lon", pl.Float64(), "Longitude, degrees east.", low=-180, high=180),
        Column("lat", pl.Float64(), "Latitude, degrees north.", low=-90, high=90),
        Column("side", pl.String(), "Party whose ground it is."),
        Column("range_m", pl.Float64(), "How far it sees, metres.", low=0),
        Column("persons", pl.Float64(), "People it takes, support counted in.", low=0),
        Column("covers", pl.Float64(), "Weight of the points it sees.", low=0),
        Column("covers_alone", pl.Float64(), "Weight that only it sees.", low=0),
        Column("nation", pl.String(), "Whose people man it; null for a sensor.", True),
        Column("sidc", pl.String(), "Symbol code of APP-6 D; null where none is known.", True),
    ),
)


def laydown(question: SitingQuestion, plan: CoveringPlan) -> pl.DataFrame:
    """Return the units of a plan, kind by kind and site by site (`LAYDOWN`)."""
    seen, weight = question.covering.coverage, question.covering.weight
    rows = []
    number: dict[str, int] = {}
    for row in plan.chosen.tolist():
        kind = question.kinds.row(int(question.kind[row]), named=True)
        site = question.sites.row(int(question.site[row]), named=True)
        points = seen.points[seen.start[row] : seen.start[row + 1]]
        number[kind["kind"]] = number.get(kind["kind"], 0) + 1
        rows.append(
            {name: site[name] for name in ("site_id", "lon", "lat", "side")}
            | {name: kind[name] for name in ("kind", "range_m", "persons")}
            | {
                "unit": f"{kind['kind']} {number[kind['kind']]}",
                "covers": float(weight[points].sum()),
                "covers_alone": float(weight[points[plan.counts[points] == 1]].sum()),
            }
        )
    return LAYDOWN.conform(pl.DataFrame(rows, schema=LAYDOWN.dtypes()))


def as_geojson(table: pl.DataFrame) -> str:
    """Return a laydown as GeoJSON (RFC 7946), one point a unit."""
    features: list[dict[str, Any]] = []
    for row in LAYDOWN.conform(table).iter_rows(named=True):
        place = [round(row.pop("lon"), 6), round(row.pop("lat"), 6)]
        features.append(
            {
                "type": "Feature",
                "id": row["unit"],
                "geometry": {"type": "Point", "coordinates": place},
                "properties": row,
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def write_laydown(table: pl.DataFrame, path: Path) -> None:
    """Write a laydown in the format its name asks for: .geojson, .csv, .xlsx or .gpkg.

    Excel and GeoPackage need the optional extra `gis`.
    """
    table = LAYDOWN.conform(table)
    if path.suffix == ".geojson":
        path.write_text(as_geojson(table), encoding="utf-8")
    elif path.suffix == ".csv":
        table.write_csv(path)
    elif path.suffix == ".xlsx":
        _optional("xlsxwriter")
        _write_sheet(table, path)
    elif path.suffix == ".gpkg":
        _write_geopackage(table, path)
    else:
        raise InputError(
            f"a laydown cannot be written as {path.suffix or path.name!r}.",
            hint="Name a file that ends in .geojson, .csv, .xlsx or .gpkg.",
        )


def _write_sheet(table: pl.DataFrame, path: Path) -> None:
    """Write an Excel sheet that shows places to a metre, ranges and people whole."""
    table.write_excel(
        path, worksheet="laydown", autofit=True,
        column_formats={("lon", "lat"): "0.00000", ("range_m", "persons"): "#,##0"},
    )  # fmt: skip


def _write_geopackage(table: pl.DataFrame, path: Path) -> None:
    pyogrio = _optional("pyogrio.raw")
    points = shapely.points(table["lon"].to_numpy(), table["lat"].to_numpy())
    fields = [name for name in table.columns if name not in ("lon", "lat")]
    columns = [table[name].to_numpy() for name in fields]
    pyogrio.write(
        path,
        geometry=np.asarray(shapely.to_wkb(points), dtype=object),
        field_data=[c.astype(object) if c.dtype.kind in "OUT" else c for c in columns],
        fields=fields,
        geometry_type="Point",
        crs="EPSG:4326",
        layer="laydown",
        driver="GPKG",
    )


def _optional(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as cause:
        raise InputError(
            f"{name!r} is not installed, and this format needs it.",
            hint="Install it with: pip install 'truceline[gis]'",
        ) from cause
