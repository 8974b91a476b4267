"""The report of a patrol: what was heard and seen, from where, and what was denied.

The form follows the columns in which the OSCE's mission to Ukraine published what its
monitors noted, and adds where they were. It has no field for a person's name.
"""

from __future__ import annotations

import json
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from truceline.core.types.vocabulary import WEAPON_CLASSES

#: What a report names as its form.
FORM: Final = "truceline-patrol-report/1"

_Lon = Annotated[float, Field(ge=-180, le=180, description="Longitude, degrees east, WGS 84.")]
_Lat = Annotated[float, Field(ge=-90, le=90, description="Latitude, degrees north, WGS 84.")]
_Metres = Annotated[float, Field(ge=0, le=200_000, description="Metres.")]
_Bearing = Annotated[float, Field(ge=0, le=360, description="Degrees from north.")]
_Note = Annotated[str, Field(max_length=2000, description="Free text. Name no person.")]
_Handling = Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]
_Weapon = Annotated[str, Field(json_schema_extra={"enum": list(WEAPON_CLASSES)})]

Means = Literal["heard", "seen", "camera", "uav"]
Kind = Literal[
    "explosion", "projectile", "muzzle_flash", "illumination_flare", "burst", "shot", "fire",
    "uav", "aircraft", "weapon_present", "damage", "casualty", "other",
]  # fmt: skip
Description = Literal["airburst", "impact", "outgoing", "undetermined"]
DenialKind = Literal[
    "denial", "delay", "conditional_access", "mines_uxo", "jamming", "threat",
    "attack_on_camera", "attack_on_uav", "attack_on_patrol",
]  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Place(_Strict):
    """A place and its error."""

    lon: _Lon
    lat: _Lat
    sigma_m: Annotated[_Metres, Field(description="Error, one sigma, metres.")] = 50.0


class Position(_Strict):
    """Where the patrol was, and when."""

    time: AwareDatetime
    lon: _Lon
    lat: _Lat


class Entry(_Strict):
    """One thing that was heard or seen."""

    time: AwareDatetime = Field(description="Start, with its offset.")
    end: AwareDatetime | None = Field(default=None, description="End; the start if left out.")
    observer: Place = Field(description="Where the observer, camera or drone was.")
    event: Place | None = Field(default=None, description="Where it happened, if assessed.")
    bearing_deg: _Bearing | None = Field(
        default=None, description="Direction from the observer to the event, degrees from north."
    )
    bearing_sigma_deg: float | None = Field(default=None, ge=0, le=180)
    distance_m: _Metres | None = Field(default=None, description="From observer to event, metres.")
    distance_sigma_m: _Metres | None = None
    means: Means
    type: Kind
    description: Description | None = Field(default=None, description="Of an explosion.")
    number: int | None = Field(default=None, ge=0, le=1_000_000)
    number_low: int | None = Field(default=None, ge=0, le=1_000_000)
    number_high: int | None = Field(default=None, ge=0, le=1_000_000)
    fire_from_deg: _Bearing | None = Field(
        default=None, description="Assessed direction from which the fire came, from north."
    )
    fire_from_sigma_deg: float | None = Field(default=None, ge=0, le=180)
    weapon: _Weapon | None = None
    party: str | None = Field(
        default=None, max_length=60, description="Party that was told or seen to have done it."
    )
    credibility: int | None = Field(default=None, ge=1, le=6, description="STANAG 2511, 1 to 6.")
    note: _Note = ""

    @model_validator(mode="after")
    def _agrees(self) -> Entry:
        if self.end is not None and self.end < self.time:
            raise ValueError("the end lies before the time")
        if self.weapon is not None and self.weapon not in WEAPON_CLASSES:
            raise ValueError(f"weapon {self.weapon!r} is none of {', '.join(WEAPON_CLASSES)}")
        if self.description is not None and self.type != "explosion":
            raise ValueError("a description is given of something that is no explosion")
        if self.distance_m is not None and self.bearing_deg is None and self.event is None:
            raise ValueError("a distance is given without a bearing")
        bounds = [n for n in (self.number_low, self.number, self.number_high) if n is not None]
        if bounds != sorted(bounds):
            raise ValueError("number_low, number and number_high are not in order")
        return self


class Denial(_Strict):
    """What the patrol was kept from, where, when and by whom."""

    kind: DenialKind
    start: AwareDatetime
    end: AwareDatetime
    lon: _Lon
    lat: _Lat
    radius_m: _Metres = Field(default=2000.0, description="Ground that could not be watched.")
    by: str | None = Field(default=None, max_length=60, description="Party that did it, if known.")
    note: _Note = ""

    @model_validator(mode="after")
    def _lasts(self) -> Denial:
        if self.end <= self.start:
            raise ValueError("the end does not lie after the start")
        return self


class PatrolReport(_Strict):
    """A patrol's report."""

    form: Literal["truceline-patrol-report/1"]
    patrol: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,39}$", description="Code of the patrol, no name."
    )
    monitors: int = Field(ge=1, le=100, description="How many monitors; never who.")
    sent: AwareDatetime = Field(description="When the report was sent.")
    handling: _Handling = Field(default="AMBER", description="Traffic Light Protocol 2.0.")
    reliability: Literal["A", "B", "C", "D", "E", "F"] | None = Field(
        default=None, description="STANAG 2511, A to F."
    )
    track: tuple[Position, ...] = Field(default=(), max_length=20_000)
    observations: tuple[Entry, ...] = Field(default=(), max_length=20_000)
    denials: tuple[Denial, ...] = Field(default=(), max_length=20_000)


class Envelope(PatrolReport):
    """A report whose entries have not been checked yet, so that one bad entry spoils no other."""

    observations: tuple[object, ...] = Field(default=(), max_length=20_000)  # type: ignore[assignment]
    denials: tuple[object, ...] = Field(default=(), max_length=20_000)  # type: ignore[assignment]


def schema_text() -> str:
    """Return the JSON Schema of the form, as it is packaged."""
    schema = PatrolReport.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$id"] = "urn:truceline:patrol-report:1"
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
