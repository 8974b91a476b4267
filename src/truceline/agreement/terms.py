"""The terms of an agreement, as typed, frozen models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from truceline.core.types.errors import InputError
from truceline.core.types.time import parse_time
from truceline.core.types.vocabulary import PHENOMENA, WEAPON_CLASSES

#: The kinds of ground a clause can forbid an act on, or an agreement can exempt.
ClauseKind = Literal["prohibition", "withdrawal", "ceiling", "duty", "obstruction"]
ExemptionKind = Literal["notified_exercise", "repair_window", "monitor_drone", "self_defence"]


class TermsModel(BaseModel):
    """Base of all terms: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _time_with_offset(text: str) -> str:
    try:
        parse_time(text)
    except InputError as cause:
        raise ValueError(str(cause)) from cause
    return text


def _phenomenon(name: str) -> str:
    if name not in PHENOMENA:
        raise ValueError(f"{name!r} is no phenomenon; known are {', '.join(PHENOMENA)}")
    return name


def _weapon_class(name: str) -> str:
    if name not in WEAPON_CLASSES:
        raise ValueError(f"{name!r} is no weapon class; known are {', '.join(WEAPON_CLASSES)}")
    return name


Moment = Annotated[str, AfterValidator(_time_with_offset)]
Phenomenon = Annotated[str, AfterValidator(_phenomenon)]
WeaponClass = Annotated[str, AfterValidator(_weapon_class)]


class Period(TermsModel):
    """A time in force.

    Attributes
    ----------
    start : str
        ISO 8601 with offset.
    end : str or None
        The same; null is open.
    """

    start: Moment
    end: Moment | None = None

    def micros(self) -> tuple[int, int | None]:
        """Return start and end in UTC microseconds."""
        return parse_time(self.start), None if self.end is None else parse_time(self.end)


class Party(TermsModel):
    """A party to the agreement.

    Attributes
    ----------
    id, name : str
        Short name used in tables, and the name as published.
    outside_command : tuple of str
        Armed groups on its side that it may not command.
    """

    id: str
    name: str
    outside_command: tuple[str, ...] = ()


class Geometry(TermsModel):
    """Where a line or a polygon is drawn.

    Attributes
    ----------
    file : str
        GeoJSON file in the `geometry` folder beside the agreement.
    feature : str or None
        Value of the property `id` of the feature; null takes the only one.
    """

    file: str
    feature: str | None = None


class Line(TermsModel):
    """A line from which zones are measured.

    Attributes
    ----------
    id : str
        Its name.
    geometry : Geometry or None
        Where it is drawn; null is a line the agreement names and nobody has drawn.
    as_of : str or None
        Day on which it lay there.
    sigma_m : float or None
        How well it is known, one sigma, metres.
    recognised_by : tuple of str
        Parties that recognise it.
    """

    id: str
    geometry: Geometry | None = None
    as_of: str | None = None
    sigma_m: float | None = Field(default=None, ge=0)
    recognised_by: tuple[str, ...] = ()


class Zone(TermsModel):
    """Ground on which something is forbidden or limited.

    Attributes
    ----------
    id : str
        Its name.
    line : str or None
        Line from which it is measured.
    line_of : dict
        A line of its own for a party, where the baseline differs: party to line.
    width_m : float or None
        Its width.
    width_is : {"total", "per_side"} or None
        Whether the width is that of both sides together; null is not said.
    side : str
        `both`, or the party on whose side it lies.
    polygon : Geometry or None
        A polygon instead of a width.
    weapon_classes : tuple of str
        Weapons it is a zone for; empty is all.
    period : Period or None
        When it is in force; null is as long as the agreement.
    """

    id: str
    line: str | None = None
    line_of: dict[str, str] = Field(default_factory=dict)
    width_m: float | None = Field(default=None, gt=0)
    width_is: Literal["total", "per_side"] | None = None
    side: str = "both"
    polygon: Geometry | None = None
    weapon_classes: tuple[WeaponClass, ...] = ()
    period: Period | None = None

    def per_side_m(self) -> float | None:
        """Return how far it reaches from its line on one side, or null where not said."""
        if self.width_m is None or self.width_is is None:
            return None
        return self.width_m / 2.0 if self.width_is == "total" else self.width_m


class Ceiling(TermsModel):
    """A limit of number in a zone: so many of a unit, and no more."""

    zone: str
    party: str | None = None
    what: str
    unit: str
    limit: float = Field(ge=0)
    verified_by: str | None = None


class Clause(TermsModel):
    """One thing that is agreed.

    Attributes
    ----------
    id, text : str
        Its number, and what it says in our own words.
    kind : str
        What sort of clause.
    phenomena : tuple of str
        What would be seen if it were broken.
    weapon_classes : tuple of str
        Weapons it is about; empty is all.
    zone : str or None
        Zone in which it holds; null is everywhere.
    parties : tuple of str
        Parties it binds; empty is all.
    period : Period or None
        When it holds; null is as long as the agreement.
    unit : str or None
        What is counted when it is broken.
    """

    id: str
    text: str
    kind: ClauseKind
    phenomena: tuple[Phenomenon, ...] = ()
    weapon_classes: tuple[WeaponClass, ...] = ()
    zone: str | None = None
    parties: tuple[str, ...] = ()
    period: Period | None = None
    unit: str | None = None


class Notice(TermsModel):
    """An exemption claimed beforehand: this place, this time."""

    exemption: str
    party: str
    period: Period
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    radius_m: float = Field(gt=0)


class Exemption(TermsModel):
    """What is not a violation though it looks like one.

    Attributes
    ----------
    id : str
        Its name.
    kind : str
        What sort.
    clauses : tuple of str
        Clauses it lifts; empty is all.
    phenomena : tuple of str
        What it may look like; empty is all.
    notice_hours : float or None
        How long before it must be notified.
    notify : str or None
        To whom.
    unnotified_share : float
        Share of like acts that are exempt though not notified; 0 where notice is a condition.
    """

    id: str
    kind: ExemptionKind
    text: str
    clauses: tuple[str, ...] = ()
    phenomena: tuple[Phenomenon, ...] = ()
    notice_hours: float | None = Field(default=None, ge=0)
    notify: str | None = None
    unnotified_share: float = Field(default=0.0, ge=0, le=1)


class Duty(TermsModel):
    """Something to be done by a day: counted from the start of the agreement."""

    id: str
    text: str
    parties: tuple[str, ...] = ()
    start_day: float | None = Field(default=None, ge=0)
    complete_days: float | None = Field(default=None, ge=0)


class Step(TermsModel):
    """A step of the response ladder: who does what, how long after the breach."""

    what: str
    who: str
    after_hours: float | None = Field(default=None, ge=0)


class Citation(TermsModel):
    """Where a term is taken from."""

    title: str
    url: str | None = None


class Agreement(TermsModel):
    """What was agreed.

    Attributes
    ----------
    id, title : str
        Short and full name.
    version : str
        Version of this encoding.
    sources : tuple of Citation
        What it is taken from.
    parties : tuple of Party
        At least two.
    in_force : Period
        When it holds.
    """

    id: str
    title: str
    version: str
    sources: tuple[Citation, ...] = Field(min_length=1)
    parties: tuple[Party, ...] = Field(min_length=2)
    in_force: Period
    lines: tuple[Line, ...] = ()
    zones: tuple[Zone, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    clauses: tuple[Clause, ...] = Field(min_length=1)
    exemptions: tuple[Exemption, ...] = ()
    notices: tuple[Notice, ...] = ()
    duties: tuple[Duty, ...] = ()
    ladder: tuple[Step, ...] = ()
    definitions: dict[str, str] = Field(default_factory=dict)

    def party_names(self) -> dict[str, str]:
        """Return the names of the parties by id, in the order of the agreement."""
        return {party.id: party.name for party in self.parties}
