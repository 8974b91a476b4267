"""Front-line polygons: areas of control, and the line of contact that they imply."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from truceline.evidence.sources.frontline.control import ControlArea, read_control
from truceline.evidence.sources.frontline.line import DerivedLine, LineRules, Movement, derive_line
from truceline.evidence.sources.source import Batch, Sample, SourceInfo

__all__ = [
    "SOURCE",
    "ControlArea",
    "DerivedLine",
    "LineRules",
    "Movement",
    "derive_line",
    "read_control",
]

INFO = SourceInfo(
    name="frontline",
    title="Areas of control by day, as polygons",
    publisher="Whoever draws the map; it is named in the case",
    licence="That of the map",
    instrument="dataset",
    phenomena=("advance",),
    witness="None: it gives the line of contact, and no events.",
    effort="None: a line that did not move says nothing of what happened along it.",
    limits=(
        "An update shows the day before. It has neither a grey zone nor an error of its own: "
        "both are assumed. The length of the line depends on how finely it is drawn."
    ),
    settings={
        "date_property": "Property that holds the day of the update; the file's name unless told.",
    },
)


@dataclass(frozen=True)
class FrontlineSource:
    """Checks a file of areas of control; the geometry itself is read by `read_control`."""

    info: SourceInfo = INFO

    def recognises(self, sample: Sample) -> bool:
        """Return whether it is GeoJSON of polygons without times of their own."""
        text = sample.head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not text.startswith(b"{"):
            return False
        start = text[:4096].replace(b" ", b"").replace(b"\n", b"").replace(b"\r", b"")
        is_collection = b'"type":"FeatureCollection"' in start or b'"type":"Feature"' in start
        bare = b'"properties":{}' in start or b'"properties":null' in start
        return is_collection and bare and b'"MultiPolygon"' in start

    def read(self, path: Path, settings: Mapping[str, object]) -> Iterator[Batch]:
        """Read the area, so that what is wrong with it is said, and yield no observations."""
        named = settings.get("date_property")
        read_control(path, date_property=None if named is None else str(named))
        yield Batch()


SOURCE = FrontlineSource()


def line_collection(lines: list[DerivedLine]) -> str:
    """Return lines as GeoJSON text for the geometry of a case."""
    features = [line.as_feature() for line in lines]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
