"""OGC API - Features, Part 1: Core (OGC 17-069r4): incidents, observations and zones.

Every answer is made of what the viewer may see, so that no filter, count or page can tell of
anything else.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final
from urllib.parse import quote, urlencode

import polars as pl
import shapely
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse

from truceline.core.types.time import format_time, from_micros
from truceline.web.access.door import session
from truceline.web.interfaces import answers
from truceline.web.interfaces.feature_definition import definition_of
from truceline.web.interfaces.feature_queries import (
    LIMIT,
    MOST,
    OF_ITEMS,
    asked_of,
    check_parameters,
    number_of,
)
from truceline.web.room.listing import Asked, incidents, within
from truceline.web.room.room import Room

CONFORMS: Final = tuple(
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
    for name in ("core", "geojson", "oas30")
)

COLLECTIONS: Final = {
    "incidents": "Incidents with their probabilities, as far as you may see them.",
    "observations": "Observations that your level of handling may read.",
    "zones": "Lines, zones and sectors of the case.",
}

#: What names a feature.
_KEYS: Final = {"incidents": "incident_id", "observations": "obs_id", "zones": "zone_id"}

#: Columns of observations that are handed out.
_OBSERVED = (
    "obs_id", "source", "instrument", "witness", "t_start", "t_end", "lon", "lat", "sigma_m",
    "area", "phenomenon", "count", "weapon_class", "reliability", "credibility", "handling",
)  # fmt: skip

_CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_GEOJSON: Final = "application/geo+json"
_OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"


class GeoJson(JSONResponse):
    """JSON that is GeoJSON (RFC 7946)."""

    media_type = _GEOJSON


class Definition(JSONResponse):
    """JSON that is an OpenAPI document."""

    media_type = _OPENAPI


def feature_pages(room: Room) -> APIRouter:
    """Return the routes under `/ogc`."""
    router = APIRouter(prefix="/ogc")
    _describe(router, room)
    _hand_out(router, room)
    return router


def _describe(router: APIRouter, room: Room) -> None:
    """Add what tells of the interface and of its collections."""

    @router.get("", responses={200: {"model": answers.Landing}})
    def landing(request: Request) -> JSONResponse:
        check_parameters(request)
        title, links = room.case.settings.title, _landing_links(_base(request))
        return JSONResponse({"title": title, "description": "Truceline", "links": links})

    @router.get("/api", response_class=Definition)
    def definition(request: Request) -> JSONResponse:
        check_parameters(request)
        told = definition_of(room.case.settings.title, _base(request), list(COLLECTIONS))
        return Definition(told)

    @router.get("/conformance", responses={200: {"model": answers.Conformance}})
    def conformance(request: Request) -> JSONResponse:
        check_parameters(request)
        return JSONResponse({"conformsTo": list(CONFORMS)})

    @router.get("/collections", responses={200: {"model": answers.Collections}})
    def collections(request: Request) -> JSONResponse:
        check_parameters(request)
        base = _base(request)
        found = [_collection(base, room, name) for name in COLLECTIONS]
        links = [_link(f"{base}/collections", "self", "Collections")]
        return JSONResponse({"collections": found, "links": links})

    @router.get("/collections/{name}", responses={200: {"model": answers.Collection}})
    def collection(request: Request, name: str) -> JSONResponse:
        _known(name)
        check_parameters(request)
        return JSONResponse(_collection(_base(request), room, name))


def _hand_out(router: APIRouter, room: Room) -> None:
    """Add what hands out features, many or one."""

    @router.get(
        "/collections/{name}/items", response_class=GeoJson, openapi_extra=answers.ITEMS,
        responses={200: {"model": answers.FeatureCollection}},
    )  # fmt: skip
    def items(request: Request, name: str) -> JSONResponse:
        return _items(request, room, name)

    @router.get(
        "/collections/{name}/items/{item}", response_class=GeoJson,
        responses={200: {"model": answers.Feature}},
    )  # fmt: skip
    def item(request: Request, name: str, item: str) -> JSONResponse:
        return _item(request, room, name, item)


def _landing_links(base: str) -> list[dict[str, str]]:
    return [
        _link(base, "self", "This document"),
        _link(f"{base}/conformance", "conformance", "What it conforms to"),
        _link(f"{base}/collections", "data", "Collections"),
        _link(f"{base}/api", "service-desc", "The definition of this interface", _OPENAPI),
    ]


def _items(request: Request, room: Room, name: str) -> JSONResponse:
    _known(name)
    check_parameters(request, OF_ITEMS)
    limit = min(number_of(request, "limit", LIMIT, 1), MOST)
    offset = number_of(request, "offset", 0, 0)
    rows = _rows(request, room, name, asked_of(request))
    page = [_feature(name, row) for row in _dicts(rows[offset : offset + limit])]
    return GeoJson(
        {
            "type": "FeatureCollection",
            "features": page,
            "links": _pages(request, name, limit, offset, len(rows)),
            "timeStamp": room.now_text(),
            "numberMatched": len(rows),
            "numberReturned": len(page),
        }
    )


def _item(request: Request, room: Room, name: str, item: str) -> JSONResponse:
    _known(name)
    check_parameters(request)
    rows = _rows(request, room, name, Asked())
    if isinstance(rows, pl.DataFrame):
        rows = rows.filter(pl.col(_KEYS[name]) == item)
    for row in _dicts(rows):
        if row[_KEYS[name]] == item:
            base = f"{_base(request)}/collections/{name}"
            links = [
                _link(f"{base}/items/{quote(item, safe='')}", "self", "This feature", _GEOJSON),
                _link(base, "collection", "Its collection"),
            ]
            return GeoJson({**_feature(name, row), "links": links})
    raise HTTPException(404, "There is no such feature.")


def _known(name: str) -> None:
    if name not in COLLECTIONS:
        raise HTTPException(404, "There is no such collection.")


def _dicts(rows: pl.DataFrame | list[dict[str, Any]]) -> list[dict[str, Any]]:
    return rows.to_dicts() if isinstance(rows, pl.DataFrame) else rows


def _rows(
    request: Request, room: Room, name: str, asked: Asked
) -> pl.DataFrame | list[dict[str, Any]]:
    """Return all rows that are asked for; a table stays one, since only a page of it is written."""
    picture = room.picture(session(request).viewer)
    if name == "incidents":
        return incidents(picture, asked)
    if name == "zones":
        return _zones(room, asked)
    table = picture.once(
        "observed", lambda seen: seen.observations.select(_OBSERVED).sort("t_start", "obs_id")
    )
    if asked.t_low is not None:
        table = table.filter(pl.col("t_end") >= asked.t_low)
    if asked.t_high is not None:
        table = table.filter(pl.col("t_start") <= asked.t_high)
    if asked.bbox is not None:
        table = table.filter(within(asked.bbox))
    return table


def _zones(room: Room, asked: Asked) -> list[dict[str, Any]]:
    drawn = room.geography()
    shapes = [
        *((line.name, "line", line.geometry) for line in drawn.lines),
        *((zone.name, "zone", zone.geometry) for zone in drawn.zones),
        *((sector.name, "sector", sector.geometry) for sector in drawn.sectors),
    ]
    box = None if asked.bbox is None else _boxes(asked.bbox)
    return [
        {"zone_id": re.sub(r"[^A-Za-z0-9.-]+", "-", f"{kind}-{name}"), "name": name, "kind": kind,
         "geometry": json.loads(shapely.to_geojson(shape))}
        for name, kind, shape in shapes
        if box is None or shape.intersects(box)
    ]  # fmt: skip


def _exact(moment: int) -> str:
    """Write a time to the microsecond, so that it can be asked for again."""
    return from_micros(moment).isoformat().replace("+00:00", "Z")


def _boxes(bbox: tuple[float, float, float, float]) -> shapely.Geometry:
    """Return a box, or the two that a box over the 180th meridian is."""
    west, south, east, north = bbox
    if west <= east:
        return shapely.box(west, south, east, north)
    return shapely.union(
        shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)
    )


def _feature(name: str, row: dict[str, Any]) -> dict[str, Any]:
    key = _KEYS[name]
    rest = {k: v for k, v in row.items() if k not in (key, "lon", "lat", "geometry")}
    for moment in ("t_start", "t_end", "t_best"):
        if moment in rest:
            rest[moment] = _exact(rest[moment])
    geometry = row.get("geometry")
    if geometry is None and row.get("lon") is not None and row.get("lat") is not None:
        geometry = {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
    return {"type": "Feature", "id": row[key], "geometry": geometry, "properties": rest}


def _collection(base: str, room: Room, name: str) -> dict[str, Any]:
    west, south, east, north = room.case.settings.bbox
    start, end = room.period()
    return {
        "id": name,
        "title": name.capitalize(),
        "description": COLLECTIONS[name],
        "itemType": "feature",
        "crs": [_CRS84],
        "extent": {
            "spatial": {"bbox": [[west, south, east, north]], "crs": _CRS84},
            "temporal": {"interval": [[format_time(start), format_time(end)]]},
        },
        "links": [
            _link(f"{base}/collections/{name}", "self", name),
            _link(f"{base}/collections/{name}/items", "items", "Features", _GEOJSON),
        ],
    }


def _pages(
    request: Request, name: str, limit: int, offset: int, total: int
) -> list[dict[str, str]]:
    base = f"{_base(request)}/collections/{name}/items"
    kept = {k: v for k, v in request.query_params.items() if k not in ("limit", "offset")}

    def at(start: int) -> str:
        return f"{base}?{urlencode({**kept, 'limit': limit, 'offset': start})}"

    links = [_link(at(offset), "self", "This page", _GEOJSON)]
    if offset + limit < total:
        links.append(_link(at(offset + limit), "next", "Next page", _GEOJSON))
    if offset > 0:
        links.append(_link(at(max(0, offset - limit)), "prev", "Page before", _GEOJSON))
    return links


def _base(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}/ogc"


def _link(href: str, rel: str, title: str, kind: str = "application/json") -> dict[str, str]:
    return {"href": href, "rel": rel, "type": kind, "title": title}
