"""Single events that a party claims, each with its time, its place and what it was."""

from __future__ import annotations

from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from truceline.core.types.time import parse_time
from truceline.core.types.vocabulary import PHENOMENA

#: Events that one claim may list.
MOST_EVENTS: Final = 200


class ClaimedEvent(BaseModel):
    """One event as a party claims it.

    Attributes
    ----------
    t : int
        When, UTC microseconds; written with its offset.
    kind : str
        What it was, one of `PHENOMENA`.
    lon, lat : float or None
        Where, WGS 84 degrees; none where only the area is said.
    sigma_m : float or None
        Error of the place, one sigma, metres.
    area : str or None
        Administrative area or sector, where only that is said.
    words : str
        What the claimant adds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    t: int
    kind: str
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    sigma_m: float | None = Field(default=None, gt=0, le=1e6)
    area: str | None = Field(default=None, min_length=1, max_length=100)
    words: str = Field(default="", max_length=200)

    @field_validator("t", mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        return parse_time(value) if isinstance(value, str) else value

    @field_validator("kind")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in PHENOMENA:
            raise ValueError(f"the kind {value[:40]!r} is not known")
        return value

    @model_validator(mode="after")
    def _placed(self) -> Self:
        point = (self.lon, self.lat, self.sigma_m)
        if any(part is None for part in point) != all(part is None for part in point):
            raise ValueError("a place is a longitude, a latitude and an error in metres")
        if (self.area is None) == (self.lon is None):
            raise ValueError("an event has either a place or an area")
        return self

    @property
    def same(self) -> tuple[object, ...]:
        """Return what two events share where one says the other again."""
        return (self.t, self.kind, self.lon, self.lat, self.area)
