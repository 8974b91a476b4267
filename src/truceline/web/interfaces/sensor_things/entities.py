"""The catalogue of sensors as SensorThings entities (OGC 18-088, section 8.2), to be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from truceline.evidence.sources.sensor_form.form import Stream
from truceline.web.interfaces.sensor_things.catalogue import Catalogue, SensorSettings

#: Where the definitions of what is counted stand.
_WORDS: Final = "urn:truceline:phenomenon:"
_COUNT: Final = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_CountObservation"

#: What leads from an entity to others: its set, the name of the way, the set it leads to, and
#: the column of the datastreams that is the same in both. One that ends in `s` leads to many.
WAYS: Final[dict[tuple[str, str], str]] = {
    ("Things", "Datastreams"): "sensor",
    ("Things", "Locations"): "sensor",
    ("Locations", "Things"): "sensor",
    ("Sensors", "Datastreams"): "sensor",
    ("ObservedProperties", "Datastreams"): "phenomenon",
    ("Datastreams", "Thing"): "sensor",
    ("Datastreams", "Sensor"): "sensor",
    ("Datastreams", "ObservedProperty"): "phenomenon",
}

#: The set in which what a way to one leads to lies.
SETS: Final = {"Thing": "Things", "Sensor": "Sensors", "ObservedProperty": "ObservedProperties"}


def entities_of(catalogue: Catalogue, base: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Return every entity by its set and its name.

    Parameters
    ----------
    base : str
        Address of the service.
    """
    streams = catalogue.streams()
    kinds = sorted({stream.phenomenon for stream in streams.values()})
    titles = {sensor.id: sensor.title for sensor in catalogue.sensors}
    made: dict[str, Mapping[str, dict[str, Any]]] = {
        "Things": {s.id: _thing(s) for s in catalogue.sensors},
        "Locations": {s.id: _location(s) for s in catalogue.sensors},
        "Sensors": {s.id: _sensor(s) for s in catalogue.sensors},
        "ObservedProperties": {kind: _property(kind) for kind in kinds},
        "Datastreams": {s.id: _stream(s, titles[s.sensor]) for s in streams.values()},
    }
    return {
        name: {key: {**_address(base, name, key), **told} for key, told in entities.items()}
        for name, entities in made.items()
    }


def led_to(catalogue: Catalogue, name: str, key: str, way: str) -> list[str]:
    """Return the names of the entities that a way leads to.

    Parameters
    ----------
    name, key : str
        The set and the entity it starts from.
    way : str
        One of `WAYS` of that set.
    """
    column = WAYS[(name, way)]
    if {name, way} <= {"Things", "Locations"}:
        return [key]
    streams = catalogue.streams().values()
    if name == "Datastreams":
        return [str(getattr(stream, column)) for stream in streams if stream.id == key]
    return [stream.id for stream in streams if getattr(stream, column) == key]


def _address(base: str, name: str, key: str) -> dict[str, Any]:
    own = f"{base}/{name}('{key}')"
    ways = [way for start, way in WAYS if start == name]
    return {
        "@iot.id": key,
        "@iot.selfLink": own,
        **{f"{way}@iot.navigationLink": f"{own}/{way}" for way in ways},
    }


def _thing(sensor: SensorSettings) -> dict[str, Any]:
    about = sensor.about or sensor.title
    return {"name": sensor.title, "description": about, "properties": {"id": sensor.id}}


def _location(sensor: SensorSettings) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [sensor.lon, sensor.lat]}
    return {"name": sensor.title, "description": "Where it stands.",
            "encodingType": "application/geo+json", "location": point}  # fmt: skip


def _sensor(sensor: SensorSettings) -> dict[str, Any]:
    return {"name": sensor.title, "description": sensor.about or sensor.instrument,
            "encodingType": "text/plain", "metadata": sensor.instrument}  # fmt: skip


def _property(kind: str) -> dict[str, Any]:
    return {"name": kind, "description": kind.replace("_", " "), "definition": f"{_WORDS}{kind}"}


def _stream(stream: Stream, title: str) -> dict[str, Any]:
    return {
        "name": stream.id,
        "description": f"{stream.phenomenon.replace('_', ' ')}, noticed by {title}",
        "observationType": _COUNT,
        "unitOfMeasurement": {"name": "count", "symbol": None, "definition": None},
        "observedArea": {"type": "Point", "coordinates": [stream.lon, stream.lat]},
        "properties": {"sigma_m": stream.sigma_m, "handling": stream.handling},
    }


def picked(
    entities: Mapping[str, dict[str, Any]], keep: Callable[[dict[str, Any]], bool]
) -> list[dict[str, Any]]:
    """Return the entities that are wanted, by name."""
    return [told for _, told in sorted(entities.items()) if keep(told)]
