"""Incidents and the case's geography as GeoJSON and GeoParquet."""

from __future__ import annotations

import io
import json
from typing import Any

import polars as pl
import shapely

from truceline.publish.bulletins.report import Bulletin
from truceline.publish.draw.geography import Geography


def geojson(bulletin: Bulletin) -> str:
    """Return the listed incidents as GeoJSON (RFC 7946); one without a place has no geometry."""
    features = [
        {
            "type": "Feature",
            "id": row["incident_id"],
            "geometry": None
            if row["lon"] is None or row["lat"] is None
            else {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
            "properties": {k: v for k, v in row.items() if k not in ("lon", "lat")},
        }
        for row in bulletin.incidents.to_dicts()
    ]
    return _collection(features)


def geography_geojson(geography: Geography) -> str:
    """Return the case's lines, zones and sectors as they are drawn."""
    items = [
        *((line.name, line.kind, None, line.geometry) for line in geography.lines),
        *((zone.name, "zone", zone.party, zone.geometry) for zone in geography.zones),
        *((sector.name, "sector", None, sector.geometry) for sector in geography.sectors),
    ]
    return _collection(
        [
            {
                "type": "Feature",
                "geometry": json.loads(shapely.to_geojson(shape)),
                "properties": {"name": name, "kind": kind, "party": party},
            }
            for name, kind, party, shape in items
        ]
    )


def geoparquet(bulletin: Bulletin) -> bytes:
    """Return the listed incidents as GeoParquet 1.1: points as WKB, WGS 84."""
    table = bulletin.incidents
    points = [
        None if lon is None or lat is None else shapely.to_wkb(shapely.Point(lon, lat))
        for lon, lat in table.select("lon", "lat").iter_rows()
    ]
    meta = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {"encoding": "WKB", "geometry_types": ["Point"] if any(points) else []}
        },
    }
    buffer = io.BytesIO()
    table.with_columns(pl.Series("geometry", points, dtype=pl.Binary())).write_parquet(
        buffer, metadata={"geo": json.dumps(meta, sort_keys=True)}
    )
    return buffer.getvalue()


def _collection(features: list[dict[str, Any]]) -> str:
    return json.dumps(
        {"type": "FeatureCollection", "features": features},
        ensure_ascii=False,
        indent=1,
        allow_nan=False,
    )
