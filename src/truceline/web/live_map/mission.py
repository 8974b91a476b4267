"""The mission's own on the map: its posts and sensors, and the ground its patrols are on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import h3
import polars as pl

from truceline.agreement.mission import OwnPlace
from truceline.judgement.judgement import Judgement

#: Symbol identification codes (APP-6 D) of the mission's own on a map that both parties may be
#: shown: neutral (the fourth digit), where a plan, which its force draws, has friend. Units are
#: of set 10, sensors of 15, a patrol is an activity of 40.
SIDC: Final = {
    "post": "10041000001212000000",
    "camera": "10041500002202000000",
    "acoustic array": "10041500002202000000",
    "seismic array": "10041500002202000000",
    "drone base": "10041000001219000000",
    "reaction base": "10041000001211000000",
    "patrol": "10044000001301000000",
}


def mission(seen: Judgement, own: Sequence[OwnPlace], at: int) -> dict[str, Any]:
    """Return the mission's places and patrols at a time as GeoJSON, each with its APP-6 code.

    A patrol is known by the ground that its effort covers: each connected stretch of cells is
    one symbol, in the middle of it.
    """
    features = [
        _feature(place.lon, place.lat, {"name": place.id, "kind": place.kind}) for place in own
    ]
    now = (pl.col("t_start") <= at) & (pl.col("t_end") > at)
    patrolled = seen.effort.filter(
        now & (pl.col("instrument") == "patrol") & (pl.col("p_detect") > 0)
    )
    for stretch in stretches(patrolled["cell"].drop_nulls().unique().sort().to_list()):
        places = [h3.cell_to_latlng(cell) for cell in stretch]
        lon = sum(place[1] for place in places) / len(places)
        lat = sum(place[0] for place in places) / len(places)
        features.append(_feature(lon, lat, {"name": f"{len(places)} cells", "kind": "patrol"}))
    return {"type": "FeatureCollection", "features": features}


def stretches(cells: Iterable[str]) -> list[list[str]]:
    """Return cells as connected stretches; a cell touches its six neighbours."""
    left = set(cells)
    found = []
    for first in sorted(left):
        if first not in left:
            continue
        left.remove(first)
        stretch, edge = [first], [first]
        while edge:
            near = left.intersection(h3.grid_disk(edge.pop(), 1))
            left -= near
            stretch += sorted(near)
            edge += sorted(near)
        found.append(stretch)
    return found


def _feature(lon: float, lat: float, said: dict[str, str]) -> dict[str, Any]:
    properties = {**said, "layer": "own", "sidc": SIDC[said["kind"]]}
    geometry = {"type": "Point", "coordinates": [round(lon, 5), round(lat, 5)]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}
