"""A case for made feeds: two parties, a winding line, a buffer zone along it, two indicators.

The truce is the last year that the feeds span, or their last half, and is compared with as long
a time before it.
"""

from __future__ import annotations

import json
import math
from datetime import timedelta
from pathlib import Path

from made_feeds import FIRST, days_of

#: Corners of the line; the feeds lie along the straight line from its first to its last.
_CORNERS = 400

_CASE = """\
id: made-front
title: A front that was made
summary: For measuring only.
timezone: UTC
window: {start: "TRUCE"}
before: {start: "BEFORE", end: "TRUCE"}
bbox: [30.0, 45.0, 42.0, 51.0]
line: {file: lines.geojson}
ground: {areas: {north: {file: ground.geojson}}, sigma_m: 300}
indicators:
  - {name: heat, sources: [firms], phenomena: [fire], effort: unknown, role: proxy}
  - {name: alerts, sources: [alerts], phenomena: [alert]}
"""

_AGREEMENT = """\
id: made-front
title: An agreement that was made
version: "1"
sources: [{title: None}]
parties: [{id: north, name: North}, {id: south, name: South}]
in_force: {start: "1990-01-01T00:00:00Z"}
lines: [{id: line, geometry: {file: lines.geojson}, sigma_m: 300}]
zones: [{id: buffer, line: line, width_m: 15000, width_is: per_side}]
clauses:
  - {id: no-fire, text: No fire in the buffer., kind: prohibition, zone: buffer,
     phenomena: [fire, explosion, explosion_impact]}
  - {id: no-raids, text: No raids., kind: prohibition, phenomena: [alert, launch]}
"""


def make_case(folder: Path, n: int) -> None:
    """Write the case of n observations into a folder."""
    (folder / "geometry").mkdir(parents=True)
    length = min(365, days_of(n) // 2)
    truce = FIRST + timedelta(days=days_of(n) - length)
    before = truce - timedelta(days=length)
    case = _CASE.replace("TRUCE", truce.isoformat()).replace("BEFORE", before.isoformat())
    (folder / "case.yaml").write_text(case)
    (folder / "agreement.yaml").write_text(_AGREEMENT)
    line = [_corner(i / _CORNERS) for i in range(_CORNERS + 1)]
    ring = [*line, [41.0, 51.0], [31.0, 51.0], line[0]]
    for name, shape in (
        ("lines", {"type": "LineString", "coordinates": line}),
        ("ground", {"type": "Polygon", "coordinates": [ring]}),
    ):
        feature = {"type": "Feature", "properties": {}, "geometry": shape}
        document = {"type": "FeatureCollection", "features": [feature]}
        (folder / "geometry" / f"{name}.geojson").write_text(json.dumps(document))


def _corner(share: float) -> list[float]:
    bend = 0.08 * math.sin(40.0 * share) + 0.02 * math.sin(300.0 * share)
    return [round(32.0 + 8.0 * share, 5), round(46.5 + 3.2 * share + bend, 5)]
