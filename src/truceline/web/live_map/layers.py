"""The ground and the effort as GeoJSON, from a judgement and a case's geography."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import h3
import polars as pl
import shapely

from truceline.core.types.tables import PHENOMENON
from truceline.judgement.judgement import Judgement
from truceline.judgement.truce_state.indicator import WHOLE_LINE
from truceline.judgement.truce_state.latest import gravest_by_sector, latest_states
from truceline.judgement.watching import FIGHTING
from truceline.publish.draw.geography import Geography

#: Below this a cell is not told from one that nobody watches.
FAINTEST: Final = 0.05


def ground(geography: Geography, seen: Judgement, parties: Mapping[str, str]) -> dict[str, Any]:
    """Return lines, zones and sectors as GeoJSON, sectors with the state of their last period.

    What was found of the whole line says nothing of any one sector.

    Beside the features stand the names of the parties by id, in the agreement's order, which
    is the order of their marks.
    """
    states = gravest_by_sector(latest_states(seen.states))
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
                    "state": states.get(sector.id, "not known"),
                },
            )
            for sector in geography.sectors
        ),
        # Words at one point: of a polygon they would stand once in every tile that it touches.
        *(
            _feature(
                sector.geometry.representative_point(),
                {
                    "layer": "sector words",
                    "name": sector.name,
                    "state": states.get(sector.id, "not known"),
                },
            )
            for sector in geography.sectors
        ),
    ]
    return {"type": "FeatureCollection", "parties": dict(parties), "features": features}


def watched(seen: Judgement, geography: Geography, at: int) -> dict[str, Any]:
    """Return what is watched at a time, and the sectors of which nothing can be said.

    A cell has the probability that at least one source would see fighting in it: the largest
    over its phenomena of 1 − Π(1 − p). What no effort is known of is blind, never quiet: where
    nothing was published yet, that is every sector, with no probability.
    """
    now = (pl.col("t_start") <= at) & (pl.col("t_end") > at)
    fighting = pl.col("phenomenon").is_in(pl.Series(FIGHTING, dtype=PHENOMENON).implode())
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
        _as_feature(_hexagon(cell), {"layer": "watched", "p": round(p, 2)})
        for cell, p in cells.iter_rows()
    ]
    features += [
        _feature(
            sector.geometry,
            {"layer": "blind", "name": sector.name,
             "p": blind.get(sector.id, blind.get(WHOLE_LINE))},
        )
        for sector in geography.sectors
        if seen.effort.is_empty() or sector.id in blind or WHOLE_LINE in blind
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


@lru_cache(maxsize=20_000)
def _hexagon(cell: str) -> dict[str, Any]:
    ring = [(round(lon, 5), round(lat, 5)) for lat, lon in h3.cell_to_boundary(cell)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _feature(shape: shapely.Geometry, properties: dict[str, Any]) -> dict[str, Any]:
    # A metre is enough for a screen, and keeps the answer short.
    rounded = shapely.set_precision(shape, 1e-5)
    return _as_feature(json.loads(shapely.to_geojson(rounded)), properties)


def _as_feature(geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
