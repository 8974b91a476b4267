"""The sensors of a case: `sensors.yaml` beside `case.yaml`, written by whoever sets them up."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from truceline.agreement.documents import read_document
from truceline.agreement.terms import TermsModel
from truceline.evidence.sources.sensor_form.form import Instrument, Phenomenon, Stream

_ID = r"^[a-z0-9][a-z0-9-]{0,59}$"


class StreamSettings(TermsModel):
    """One thing that a sensor tells of.

    Attributes
    ----------
    sigma_m : float
        How far from the sensor what it notices lies, one sigma, metres; used where an
        observation has no place of its own.
    """

    id: str = Field(pattern=_ID)
    phenomenon: Phenomenon
    sigma_m: float = Field(ge=0, le=200_000)


class SensorSettings(TermsModel):
    """A sensor and where it stands."""

    id: str = Field(pattern=_ID)
    title: str
    instrument: Instrument
    about: str = ""
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    reliability: Literal["A", "B", "C", "D", "E", "F"] | None = None
    handling: Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"] = "AMBER"
    streams: tuple[StreamSettings, ...] = Field(min_length=1)


class Catalogue(TermsModel):
    """The content of `sensors.yaml`."""

    sensors: tuple[SensorSettings, ...] = ()

    @model_validator(mode="after")
    def _distinct(self) -> Catalogue:
        names = [s.id for s in self.sensors]
        streams = [stream.id for sensor in self.sensors for stream in sensor.streams]
        for kind, ids in (("sensor", names), ("stream", streams)):
            repeated = [name for name, n in Counter(ids).items() if n > 1]
            if repeated:
                raise ValueError(f"the {kind} {repeated[0]!r} is there twice")
        return self

    def streams(self) -> dict[str, Stream]:
        """Return the datastreams by name, as they go with each report."""
        return {
            stream.id: Stream(
                id=stream.id, sensor=sensor.id, instrument=sensor.instrument,
                phenomenon=stream.phenomenon, lon=sensor.lon, lat=sensor.lat,
                sigma_m=stream.sigma_m, reliability=sensor.reliability, handling=sensor.handling,
            )
            for sensor in self.sensors
            for stream in sensor.streams
        }  # fmt: skip


def catalogue_of(folder: Path) -> Catalogue:
    """Return the sensors of a case; none where it has no `sensors.yaml`."""
    path = folder / "sensors.yaml"
    return read_document(path, Catalogue)[0] if path.is_file() else Catalogue()
