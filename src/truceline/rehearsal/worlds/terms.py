"""The rehearsal's own case: its agreement, line, ground and sectors, as a case's files."""

from __future__ import annotations

import json
from pathlib import Path

import shapely
import yaml

from truceline.core.types.time import DAY, format_time
from truceline.rehearsal.scenarios.scenario import Scenario
from truceline.rehearsal.worlds.calendar import background_calendar
from truceline.rehearsal.worlds.geography import Geography
from truceline.rehearsal.worlds.rates import party_of_side
from truceline.rehearsal.worlds.violations import FLIGHT_ZONE_M, HEAVY_ZONE_M

_FIRE = [
    "explosion", "explosion_airburst", "explosion_impact", "explosion_outgoing",
    "explosion_undetermined", "projectile", "muzzle_flash", "burst", "shot", "fire", "assault",
    "violation", "damage", "casualty",
]  # fmt: skip


def agreement(scenario: Scenario) -> dict[str, object]:
    """Return the terms of the rehearsed truce as the content of `agreement.yaml`."""
    return {
        "id": f"rehearsal-{scenario.name}",
        "title": f"Rehearsed truce: {scenario.title}",
        "version": "1",
        "sources": [{"title": "Invented for rehearsal; in force nowhere"}],
        "parties": [
            {"id": p.id, "name": p.name, "outside_command": [g.name for g in p.groups]}
            for p in scenario.parties
        ],
        "in_force": {"start": scenario.start, "end": _end(scenario)},
        "lines": [
            {"id": "line", "geometry": {"file": "line.geojson"}, "sigma_m": scenario.line.sigma_m}
        ],
        "zones": [
            {"id": "heavy", "line": "line", "width_m": HEAVY_ZONE_M, "width_is": "per_side"},
            {"id": "no-flight", "line": "line", "width_m": FLIGHT_ZONE_M, "width_is": "per_side"},
        ],
        "clauses": [
            _clause("fire", "No side fires.", "prohibition", _FIRE),
            _clause(
                "heavy-weapons", "Guns, tanks and rocket launchers stay 15 km from the line.",
                "withdrawal", ["weapon_present"], zone="heavy",
            ),
            _clause(
                "flights", "Nobody but the mission flies within 10 km of the line.",
                "prohibition", ["uav", "aircraft"], zone="no-flight",
            ),
            _clause("positions", "No side moves forward.", "prohibition", ["advance", "assault"]),
            _clause("monitors", "No side hinders the mission.", "obstruction", ["obstruction"]),
        ],
    }  # fmt: skip


def _clause(
    name: str, text: str, kind: str, phenomena: list[str], zone: str | None = None
) -> dict[str, object]:
    clause: dict[str, object] = {"id": name, "text": text, "kind": kind, "phenomena": phenomena}
    return clause if zone is None else {**clause, "zone": zone}


def case_settings(scenario: Scenario, bbox: tuple[float, float, float, float]) -> dict[str, object]:
    """Return the content of the rehearsal's `case.yaml`."""
    before = scenario.t0 - round(max(scenario.before_days, 1.0) * DAY)
    quiet = background_calendar(scenario)
    background = {
        "start": format_time(quiet.origin),
        "end": format_time(quiet.origin + round(quiet.days * DAY)),
    }
    return {
        "id": f"rehearsal-{scenario.name}",
        "title": scenario.title,
        "summary": scenario.about.strip(),
        "timezone": scenario.timezone,
        "window": {"start": scenario.start, "end": _end(scenario)},
        "before": {"start": format_time(before), "end": scenario.start},
        "background": background if quiet.days > 0 else None,
        "bbox": [round(v, 4) for v in bbox],
        "line": {"file": "line.geojson"},
        "ground": {
            "areas": {p.id: {"file": "ground.geojson", "feature": p.id} for p in scenario.parties},
            "sigma_m": scenario.line.sigma_m,
        },
        "sectors": "sectors.geojson",
        "indicators": [
            {
                "name": "explosions",
                "sources": ["acoustics"],
                "phenomena": [
                    "explosion_impact", "explosion_outgoing", "explosion_undetermined",
                ],
            }
        ],
        "publication": {"exercise": True},
        "disclaimer": "A rehearsal. Nothing in it happened, and the ground is invented.",
    }  # fmt: skip


def feeds(scenario: Scenario) -> dict[str, object]:
    """Return the content of the rehearsal's `sources.yaml`: its own tables, as a feed."""
    folders = ["observation", "effort"]
    if scenario.background_days > 0:
        folders += ["background/observation", "background/effort"]
    return {"feeds": [{"source": "tables", "files": [f"{name}/*.parquet" for name in folders]}]}


def _end(scenario: Scenario) -> str:
    return format_time(scenario.t0 + round(scenario.days * DAY))


def write_case(scenario: Scenario, country: Geography, folder: Path) -> None:
    """Write the rehearsal's case: its settings, terms and feeds, and `geometry/`."""
    geometry = folder / "geometry"
    geometry.mkdir(parents=True, exist_ok=True)
    frame = country.frame
    line = frame.shape_to_degrees(country.front.shape())
    ground = ground_shapes(scenario, country)
    _write_features(geometry / "line.geojson", [({"id": "line"}, line)])
    _write_features(
        geometry / "ground.geojson",
        [({"id": party}, frame.ground_to_degrees(shape)) for party, shape in ground.items()],
    )
    _write_features(
        geometry / "sectors.geojson",
        [
            ({"name": name}, frame.ground_to_degrees(shape))
            for name, shape in zip(country.names, country.sector_shapes, strict=True)
        ],
    )
    bounds = shapely.union_all([frame.shape_to_degrees(s) for s in ground.values()]).bounds
    for name, content in (
        ("agreement.yaml", agreement(scenario)),
        ("case.yaml", case_settings(scenario, bounds)),
        ("sources.yaml", feeds(scenario)),
    ):
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
        (folder / name).write_text(text, encoding="utf-8")


def ground_shapes(scenario: Scenario, country: Geography) -> dict[str, shapely.Geometry]:
    """Return each party's ground on the plane."""
    n = country.n_sectors
    parts: dict[str, list[shapely.Geometry]] = {p.id: [] for p in scenario.parties}
    for i, sector in enumerate(country.sector_shapes):
        for side in (0, 1):
            party = scenario.parties[party_of_side(scenario, (i + 0.5) / n, side)].id
            parts[party].append(sector.intersection(country.sides[side]))
    # Cutting leaves hair cracks between sectors; a metre out and in closes them.
    joined = {p: shapely.union_all(shapes).buffer(1.0).buffer(-1.0) for p, shapes in parts.items()}
    return {party: shapely.set_precision(shape, 0.1) for party, shape in joined.items()}


def _write_features(path: Path, features: list[tuple[dict[str, object], shapely.Geometry]]) -> None:
    content = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": json.loads(shapely.to_geojson(shape)),
            }
            for properties, shape in features
        ],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
