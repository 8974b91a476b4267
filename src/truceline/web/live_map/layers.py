"""What the map draws, as columns of JSON made from a judgement and a case's geography."""

from __future__ import annotations

import json
from typing import Any, Final

import h3
import polars as pl
import shapely

from truceline.judgement.judgement import Judgement
from truceline.judgement.truce_state.indicator import WHOLE_LINE
from truceline.judgement.watching import FIGHTING
from truceline.publish.draw.geography import Geography

#: Columns of an incident on the map, and the digits each keeps.
COLUMNS: Final[dict[str, int | None]] = {
    "incident_id": None, "kind": None, "t_start": None, "t_end": None, "lon": 4, "lat": 4,
    "err_major_m": 0, "err_minor_m": 0, "err_azimuth_deg": 0, "sector": None, "listed": None,
    "p_hostile": 3, "p_violation": 3, "p_party": 3, "party": None, "clause": None,
}  # fmt: skip

#: Below this a cell is not told from one that nobody watches.
FAINTEST: Final = 0.05


def incident_columns(seen: Judgement) -> dict[str, list[Any]]:
    """Return the incidents that have a place, a column each; unknown is null.

    Words that repeat are given once: a column of text is `{"words": [...], "at": [...]}`.
    """
    table = (
        seen.incidents.join(seen.assessments, on="incident_id")
        .filter(pl.col("lon").is_not_null() & pl.col("lat").is_not_null())
        .sort("t_start", "incident_id")
    )
    return {name: _column(table[name], digits) for name, digits in COLUMNS.items()}


def _column(series: pl.Series, digits: int | None) -> Any:
    if digits is not None:
        return series.round(digits).to_list()
    if series.name == "incident_id" or series.dtype.is_integer():
        return series.to_list()
    text = series.cast(pl.String)
    words = text.drop_nulls().unique().sort().to_list()
    number = {word: i for i, word in enumerate(words)}
    return {"words": words, "at": [None if w is None else number[w] for w in text]}


def ground(geography: Geography, seen: Judgement) -> dict[str, Any]:
    """Return lines, zones and sectors as GeoJSON, sectors with the last state of the truce."""
    latest = seen.states.sort("t_end").unique("sector", keep="last")
    states = dict(latest.select("sector", pl.col("state").cast(pl.String)).iter_rows())
    otherwise = states.get(WHOLE_LINE, "not known")
    features = [
        *(
            _feature(line.geometry, {"layer": "line", "name": line.name})
            for line in geography.lines
        ),
        *(
            _feature(zone.geometry, {"layer": "zone", "name": zone.name, "party": zone.party})
            for zone in geography.zones
        ),
        *(
            _feature(
                sector.geometry,
                {
                    "layer": "sector",
                    "id": sector.id,
                    "name": sector.name,
                    "state": states.get(sector.id, otherwise),
                },
            )
            for sector in geography.sectors
        ),
    ]
    return {"type": "FeatureCollection", "features": features}


def watched(seen: Judgement, geography: Geography, at: int) -> dict[str, Any]:
    """Return what is watched at a time, and the sectors of which nothing can be said.

    A cell has the probability that at least one source would see fighting in it: the largest
    over its phenomena of 1 − Π(1 − p). What no effort is known of is blind, never quiet.
    """
    now = (pl.col("t_start") <= at) & (pl.col("t_end") > at)
    fighting = pl.col("phenomenon").cast(pl.String).is_in(FIGHTING)
    cells = (
        seen.effort.filter(now & fighting & pl.col("cell").is_not_null())
        .group_by("cell", "phenomenon")
        .agg(p=1.0 - (1.0 - pl.col("p_detect")).product())
        .group_by("cell")
        .agg(p=pl.col("p").max())
        .filter(pl.col("p") >= FAINTEST)
        .sort("cell")
    )
    gaps = seen.unwatched.filter(now).group_by("sector").agg(pl.col("p_detect").min()).to_dicts()
    blind = {row["sector"]: row["p_detect"] for row in gaps}
    features = [
        _feature(_hexagon(cell), {"layer": "watched", "p": round(p, 2)})
        for cell, p in cells.iter_rows()
    ]
    features += [
        _feature(
            sector.geometry,
            {"layer": "blind", "name": sector.name,
             "p": blind.get(sector.id, blind.get(WHOLE_LINE))},
        )
        for sector in geography.sectors
        if sector.id in blind or WHOLE_LINE in blind
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def _hexagon(cell: str) -> shapely.Polygon:
    return shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)])


def _feature(shape: shapely.Geometry, properties: dict[str, Any]) -> dict[str, Any]:
    # A metre is enough for a screen, and keeps the answer short.
    rounded = shapely.set_precision(shape, 1e-5)
    return {
        "type": "Feature",
        "geometry": json.loads(shapely.to_geojson(rounded)),
        "properties": properties,
    }
