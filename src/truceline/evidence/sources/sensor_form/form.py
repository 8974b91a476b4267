"""The report of a sensor: one observation in the words of OGC SensorThings, with its datastream.

A report carries what its datastream is, so that it can be read by whoever has it alone.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import (
    AliasChoices,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from truceline.core.types.vocabulary import WEAPON_CLASSES

#: What a report names as its form.
FORM: Final = "truceline-sensor-report/1"

#: What a sensor can be; `patrol`, `hotline` and what people write have forms of their own.
Instrument = Literal["acoustic", "seismic", "camera", "uav"]
Phenomenon = Literal[
    "explosion", "explosion_airburst", "explosion_impact", "explosion_outgoing",
    "explosion_undetermined", "projectile", "muzzle_flash", "flare", "burst", "shot", "fire",
    "launch", "uav", "aircraft", "weapon_present", "obstruction", "other",
]  # fmt: skip

_MOMENT: Final = TypeAdapter(AwareDatetime)
_Lon = Annotated[float, Field(ge=-180, le=180)]
_Lat = Annotated[float, Field(ge=-90, le=90)]
_Metres = Annotated[float, Field(ge=0, le=200_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Stream(_Strict):
    """A datastream: which sensor tells of what, from where, and how it is handled.

    Attributes
    ----------
    id, sensor : str
        Of the datastream, and of the thing it belongs to, which is the witness.
    lon, lat, sigma_m : float
        Where the thing is, and how far from there what it notices lies, one sigma, metres.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    sensor: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    instrument: Instrument
    phenomenon: Phenomenon
    lon: _Lon
    lat: _Lat
    sigma_m: _Metres
    reliability: Literal["A", "B", "C", "D", "E", "F"] | None = None
    handling: Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"] = "AMBER"


class Point(_Strict):
    """A GeoJSON point; a height is passed over."""

    type: Literal["Point"]
    coordinates: tuple[_Lon, _Lat] | tuple[_Lon, _Lat, float]


class FeatureOfInterest(_Strict):
    """Where it happened, as the sensor found it."""

    name: str = Field(default="", max_length=200)
    description: str = Field(default="", max_length=2000)
    encoding_type: Literal["application/geo+json", "application/vnd.geo+json"] = Field(
        default="application/geo+json", alias="encodingType"
    )
    feature: Point
    properties: dict[str, Any] = {}


class Parameters(_Strict):
    """What else the sensor says of it."""

    sigma_m: _Metres | None = None
    count_low: int | None = Field(default=None, ge=0)
    count_high: int | None = Field(default=None, ge=0)
    bearing_deg: float | None = Field(default=None, ge=0, le=360)
    bearing_sigma_deg: float | None = Field(default=None, ge=0, le=180)
    weapon: str | None = Field(default=None, json_schema_extra={"enum": list(WEAPON_CLASSES)})
    note: str = Field(default="", max_length=2000)

    @field_validator("weapon")
    @classmethod
    def _known(cls, weapon: str | None) -> str | None:
        if weapon is not None and weapon not in WEAPON_CLASSES:
            raise ValueError(f"weapon is none of {', '.join(WEAPON_CLASSES)}")
        return weapon


class Observed(_Strict):
    """An observation; `result` is how many there were, or whether there was one."""

    phenomenon_time: str = Field(alias="phenomenonTime")
    result_time: AwareDatetime | None = Field(default=None, alias="resultTime")
    result: bool | Annotated[int, Field(ge=0, le=1_000_000)]
    feature: FeatureOfInterest | None = Field(default=None, alias="FeatureOfInterest")
    parameters: Parameters = Field(
        default=Parameters(), validation_alias=AliasChoices("parameters", "Parameters")
    )

    @model_validator(mode="after")
    def _ordered(self) -> Observed:
        begin, end = self.times()
        if end < begin:
            raise ValueError("phenomenonTime ends before it begins")
        if self.result_time is not None and self.result_time < begin:
            raise ValueError("resultTime lies before phenomenonTime")
        return self

    def times(self) -> tuple[AwareDatetime, AwareDatetime]:
        """Return the begin and the end of the time, which is a moment or an interval (ISO 8601)."""
        parts = self.phenomenon_time.split("/")
        try:
            begin, end = _MOMENT.validate_python(parts[0]), _MOMENT.validate_python(parts[-1])
        except ValidationError as fault:
            raise ValueError("phenomenonTime is no time with its offset") from fault
        if len(parts) > 2:
            raise ValueError("phenomenonTime is no time and no interval")
        return begin, end


class Envelope(_Strict):
    """A report whose observation has not been checked yet, so that it can be rejected by name."""

    form: Literal["truceline-sensor-report/1"]
    stream: Stream
    observation: Any


class SensorReport(Envelope):
    """One observation of a sensor."""

    observation: Observed
