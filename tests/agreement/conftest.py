"""A small agreement to break, one term at a time."""

import copy
import json

import pytest
import yaml

BASE = {
    "id": "test",
    "title": "A test",
    "version": "1",
    "sources": [{"title": "ours"}],
    "parties": [{"id": "north", "name": "North"}, {"id": "south", "name": "South"}],
    "in_force": {"start": "2025-01-01T00:00:00Z", "end": "2025-12-31T00:00:00Z"},
    "lines": [
        {
            "id": "line",
            "geometry": {"file": "line.geojson"},
            "sigma_m": 100,
            "recognised_by": ["north", "south"],
        }
    ],
    "zones": [
        {
            "id": "near",
            "line": "line",
            "width_m": 30000,
            "width_is": "per_side",
            "weapon_classes": ["tank", "mortar"],
        },
        {"id": "west", "polygon": {"file": "zones.geojson", "feature": "west"}},
        {"id": "east", "polygon": {"file": "zones.geojson", "feature": "east"}},
    ],
    "ceilings": [
        {"zone": "west", "what": "tanks", "unit": "tank", "limit": 5, "verified_by": "Commission"}
    ],
    "clauses": [
        {
            "id": "fire",
            "text": "No fire.",
            "kind": "prohibition",
            "phenomena": ["explosion", "shot"],
            "unit": "one explosion or shot",
        },
        {
            "id": "tanks",
            "text": "Tanks withdraw.",
            "kind": "withdrawal",
            "phenomena": ["weapon_present"],
            "weapon_classes": ["tank"],
            "zone": "near",
            "unit": "one weapon",
        },
        {
            "id": "access",
            "text": "Monitors go where they will.",
            "kind": "obstruction",
            "phenomena": ["obstruction"],
            "unit": "one restriction",
        },
    ],
    "exemptions": [
        {
            "id": "drill",
            "kind": "notified_exercise",
            "text": "Training.",
            "notice_hours": 48,
            "notify": "Commission",
        },
        {"id": "self", "kind": "self_defence", "text": "Return fire."},
    ],
    "duties": [{"id": "go", "text": "Withdraw.", "start_day": 2, "complete_days": 14}],
    "ladder": [{"what": "warn", "who": "Commission", "after_hours": 24}],
    "definitions": {"self-defence": "Fire at a source of fire that is firing."},
}


def collection(**geometries):
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"id": name}, "geometry": geometry}
            for name, geometry in geometries.items()
        ],
    }


def box(west, south, east, north):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def terms():
    """The base agreement, to be changed freely."""
    return copy.deepcopy(BASE)


@pytest.fixture
def written(tmp_path):
    """Write an agreement with its geometry and return its path."""
    folder = tmp_path / "geometry"
    folder.mkdir()
    line = {"type": "LineString", "coordinates": [[36.5, 48.0], [37.5, 48.0]]}
    (folder / "line.geojson").write_text(json.dumps(collection(line=line)))
    zones = collection(west=box(36, 47, 36.5, 47.5), east=box(36.5, 47, 37, 47.5))
    (folder / "zones.geojson").write_text(json.dumps(zones))

    def write(document):
        path = tmp_path / "agreement.yaml"
        path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))
        return path

    return write
