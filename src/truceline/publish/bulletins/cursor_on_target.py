"""Cursor on Target: an event for each listed incident, for the maps that speak it.

The event says where and when something was observed and how sure that is; it names no aim
and asks for nothing. Schema: MITRE, Cursor on Target Message Router User's Guide, 2009.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree

from truceline.core.types.time import HOUR, format_time, parse_time

#: `b-r-f-h-c` would be a call for help; an observed incident is a report: bits, report.
TYPE = "b-r"

#: Hours after which a receiver lets an event fade.
STALE_H = 24

#: An error that is not known (the schema's word for it), metres.
UNKNOWN_M = 9_999_999.0


def events(features: Mapping[str, Any], issued: str) -> Iterator[bytes]:
    """Yield one XML event for each incident that has a place.

    Parameters
    ----------
    features : mapping
        A bulletin's `incidents.geojson`.
    issued : str
        When it was published, ISO 8601.
    """
    stale = format_time(parse_time(issued) + STALE_H * HOUR)
    for feature in features["features"]:
        if feature["geometry"] is not None:
            yield _event(feature, issued, stale)


def _event(feature: Mapping[str, Any], issued: str, stale: str) -> bytes:
    said = feature["properties"]
    lon, lat = feature["geometry"]["coordinates"]
    event = ElementTree.Element(
        "event", version="2.0", uid=f"truceline-{feature['id']}", type=TYPE, how="m-f",
        time=issued, start=format_time(said["t_start"]), stale=stale,
    )  # fmt: skip
    error = said.get("err_major_m")
    ElementTree.SubElement(
        event, "point", lat=f"{lat:.5f}", lon=f"{lon:.5f}", hae=str(UNKNOWN_M),
        ce=f"{UNKNOWN_M if error is None else error:.0f}", le=str(UNKNOWN_M),
    )  # fmt: skip
    detail = ElementTree.SubElement(event, "detail")
    kind = str(said["kind"]).replace("_", " ")
    ElementTree.SubElement(detail, "contact", callsign=f"{said['label']} {kind}")
    remarks = ElementTree.SubElement(detail, "remarks")
    remarks.text = (
        f"{said['listed']}: hostile {said['p_hostile']:.2f}, violation {said['p_violation']:.2f}; "
        f"{'party ' + said['party'] if said['party'] else 'not attributable'}."
    )
    made: bytes = ElementTree.tostring(event, encoding="utf-8", xml_declaration=True)
    return made
