"""The report of a person who calls the hotline: what was noticed, and nothing of who called.

The form has no field for a name, a number or an address. What the person did not allow is
refused, not only left unused: a place that is too exact is no valid report.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from truceline.core.types.vocabulary import WEAPON_CLASSES
from truceline.evidence.sources.patrol_form.form import Description, Kind

#: What a report names as its form.
FORM: Final = "truceline-hotline-report/1"

#: Where the person does not allow the exact place, its error is at least this, one sigma, metres.
BLUR_M: Final = 500.0

#: Where the person does not allow the exact place, it has at most so many decimals of a degree.
BLUR_DECIMALS: Final = 2

#: What looks like a way to reach someone: an address of mail, or seven digits in a row, with the
#: blanks, dots, dashes and brackets that people write between them.
_CONTACT: Final = re.compile(r"\S@\S|(?:\d[\s().\-/]*){7}")

_Weapon = Annotated[str, Field(json_schema_extra={"enum": list(WEAPON_CLASSES)})]
_Count = Annotated[int, Field(ge=0, le=1_000_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Consent(_Strict):
    """What the person agreed to, in the words that were shown or read out."""

    given: Literal[True] = Field(description="Without consent there is no report.")
    words: str = Field(min_length=20, max_length=2000, description="The words, as shown.")


class Spot(_Strict):
    """Where it happened, as exactly as the person allows."""

    lon: float = Field(ge=-180, le=180, description="Longitude, degrees east, WGS 84.")
    lat: float = Field(ge=-90, le=90, description="Latitude, degrees north, WGS 84.")
    sigma_m: float = Field(
        default=2000.0, ge=50, le=200_000, description="Error, one sigma, metres."
    )
    exact_allowed: bool = Field(
        default=False, description="Whether the person allows a place more exact than 500 m."
    )

    @model_validator(mode="after")
    def _blurred(self) -> Self:
        if self.exact_allowed:
            return self
        if self.sigma_m < BLUR_M:
            raise ValueError("sigma_m is under 500 m, and the exact place is not allowed")
        if any(round(value, BLUR_DECIMALS) != value for value in (self.lon, self.lat)):
            raise ValueError("the place has over two decimals, and the exact place is not allowed")
        return self


class Noticed(_Strict):
    """One thing that the person noticed."""

    time: AwareDatetime = Field(description="Start, with its offset.")
    end: AwareDatetime | None = Field(default=None, description="End; the start if left out.")
    place: Spot = Field(description="Where it happened.")
    means: Literal["heard", "seen", "told"] = Field(description="`told` is what others said.")
    type: Kind
    description: Description | None = Field(default=None, description="Of an explosion.")
    number: _Count | None = None
    number_low: _Count | None = None
    number_high: _Count | None = None
    weapon: _Weapon | None = None
    party: str | None = Field(
        default=None, max_length=60, description="Party that was told or seen to have done it."
    )
    note: str = Field(default="", max_length=1000, description="Free text. Name no person.")

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.end is not None and self.end < self.time:
            raise ValueError("the end lies before the time")
        if self.weapon is not None and self.weapon not in WEAPON_CLASSES:
            raise ValueError(f"the weapon is none of {', '.join(WEAPON_CLASSES)}")
        if self.description is not None and self.type != "explosion":
            raise ValueError("a description is given of something that is no explosion")
        bounds = [n for n in (self.number_low, self.number, self.number_high) if n is not None]
        if bounds != sorted(bounds):
            raise ValueError("number_low, number and number_high are not in order")
        if any(_CONTACT.search(text) for text in (self.note, self.party or "")):
            raise ValueError("the text holds what looks like a phone number or a mail address")
        return self


class HotlineReport(_Strict):
    """A report of one person, who stays unknown."""

    form: Literal["truceline-hotline-report/1"]
    call: UUID = Field(description="Made by chance for this report; it leads to no one.")
    consent: Consent
    sent: AwareDatetime = Field(description="When the report was sent.")
    handling: Literal["AMBER", "RED"] = Field(
        default="RED", description="Traffic Light Protocol 2.0; RED unless the person allows more."
    )
    observations: tuple[Noticed, ...] = Field(min_length=1, max_length=100)


class Envelope(HotlineReport):
    """A report whose entries have not been checked yet, so that one bad entry spoils no other."""

    observations: tuple[object, ...] = Field(min_length=1, max_length=100)  # type: ignore[assignment]


def schema_text() -> str:
    """Return the JSON Schema of the form, as it is packaged."""
    schema = HotlineReport.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$id"] = "urn:truceline:hotline-report:1"
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
