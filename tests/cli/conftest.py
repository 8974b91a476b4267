"""A made case with a drawn line, and a small force of two nations, for the planning commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

CASE = """
id: made
title: A made case
summary: For tests.
timezone: UTC
window: {start: "2031-05-02T00:00:00Z", end: "2031-05-12T00:00:00Z"}
before: {start: "2031-04-20T00:00:00Z", end: "2031-05-02T00:00:00Z"}
bbox: [29.0, 47.0, 32.0, 49.0]
line: {file: ground.geojson, feature: LINE}
ground:
  sigma_m: 300
  areas:
    alpha: {file: ground.geojson, feature: NORTH}
    beta: {file: ground.geojson, feature: SOUTH}
"""

AGREEMENT = """
id: made
title: A made agreement
version: "1"
sources: [{title: Made for tests}]
parties: [{id: alpha, name: Alpha}, {id: beta, name: Beta}]
in_force: {start: "2031-05-01T00:00:00Z"}
clauses:
  - {id: no-fire, text: No fire., kind: prohibition, phenomena: [explosion, shot]}
"""

FORCE = """
title: A small force
positions:
  - nation: Aland
    date: 2029-01-01
    stance: offers people
    sources: [a newspaper]
    units:
      - {id: a-foot, name: foot, kind: infantry, persons: 1500}
      - {id: a-fly, name: drones, kind: drones, persons: 100}
  - nation: Beland
    date: 2029-01-01
    stance: offers people in hubs
    sources: [a newspaper]
    caveats: [only_zones: [hubs]]
    units: [{id: b-foot, name: foot, kind: infantry, persons: 900}]
"""

LINE = [[30.0, 48.0], [30.6, 48.1], [31.2, 48.0]]


def shape(name: str, kind: str, coordinates: object) -> dict:
    return {"type": "Feature", "properties": {"id": name, "name": name},
            "geometry": {"type": kind, "coordinates": coordinates}}  # fmt: skip


@pytest.fixture
def made(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    (folder / "geometry").mkdir(parents=True)
    features = [
        shape("LINE", "LineString", LINE),
        shape("NORTH", "Polygon", [[*LINE, [31.2, 49.0], [30.0, 49.0], LINE[0]]]),
        shape("SOUTH", "Polygon", [[*LINE, [31.2, 47.0], [30.0, 47.0], LINE[0]]]),
    ]
    ground = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "geometry" / "ground.geojson").write_text(ground, encoding="utf-8")
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    (folder / "agreement.yaml").write_text(AGREEMENT, encoding="utf-8")
    (folder / "sources.yaml").write_text("feeds: []\n", encoding="utf-8")
    (tmp_path / "force.yaml").write_text(FORCE, encoding="utf-8")
    return tmp_path
