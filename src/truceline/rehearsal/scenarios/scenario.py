"""A scenario: all that is assumed of a rehearsed truce, as declared data."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from truceline.core.types.errors import InputError, Where
from truceline.core.types.time import parse_time

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]
Range = tuple[float, float]


class Spec(BaseModel):
    """Base of all parts: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LineSpec(Spec):
    """The line: invented, or given by a case."""

    km: Positive
    roughness: NotNegative
    centre: Range
    sector_km: Positive
    sectors_per_province: int = Field(ge=1)
    sigma_m: NotNegative
    mirrored: bool = False


class GroupSpec(Spec):
    """An armed group outside command; a spoiler fires on its own side to have it blamed."""

    name: str
    share: Share
    is_spoiler: bool = False


class VoiceSpec(Spec):
    """How a party speaks.

    Attributes
    ----------
    reports : float
        Share of what lands on its side that it reports.
    fabricates : float
        Reports of nothing, as a share of the acts against it.
    exaggerates : float
        Factor on what it counts.
    lag_hours : float
        Mean delay of a report.
    flood : float
        Invented reports a day during a flood; 0 is none.
    flood_days : tuple
        First and last day of the flood, from the start of the truce.
    """

    reports: Share
    fabricates: NotNegative
    exaggerates: Positive
    lag_hours: Positive
    flood: NotNegative = 0.0
    flood_days: Range = (0.0, 0.0)


class PartySpec(Spec):
    """A party: its ground, how much it does, who acts beside it, and how it speaks."""

    id: str
    name: str
    side: Literal["first", "second"]
    part: Range = (0.0, 1.0)
    intensity: NotNegative = 1.0
    groups: tuple[GroupSpec, ...] = ()
    voice: VoiceSpec


class ActSpec(Spec):
    """A kind of act.

    Attributes
    ----------
    share : float
        Share of all acts.
    phenomenon : str
        What it is called in the tables.
    weapons : dict
        Weapon classes with their shares.
    origin_km, target_km : tuple
        Depth of the firing place on its own side, and of where it lands on the other.
    on_own_ground : bool
        Whether it happens on its own side altogether.
    rounds, minutes : float
        Mean number of rounds, and mean duration.
    night : float
        Intensity by night over intensity by day.
    heat, heat_mw, heat_hours : float
        Probability that something burns, its median power, and how long.
    harm : float
        Probability that someone is hurt or a building damaged.
    """

    share: NotNegative
    phenomenon: str
    weapons: dict[str, float]
    origin_km: Range
    target_km: Range
    on_own_ground: bool = False
    rounds: Positive
    minutes: Positive
    night: Positive
    heat: Share = 0.0
    heat_mw: Positive = 5.0
    heat_hours: Positive = 2.0
    harm: Share = 0.0


class DynamicsSpec(Spec):
    """How acts breed acts (a self-exciting process, as branching)."""

    acts_per_day: NotNegative
    per_km: Positive
    follow: Share
    follow_minutes: Positive
    spread_m: Positive
    retaliate: Share
    retaliate_hours: Positive
    escalate: Share
    probe_every_days: Positive
    probe_factor: Positive
    probe_hours: Positive
    documented: Share = 0.0
    response: Share = 0.0


class PhaseSpec(Spec):
    """A change of intensity: from a day on, for so long, by a factor; a ramp grows to it."""

    day: float
    days: Positive
    factor: NotNegative
    is_ramp: bool = False
    is_breakdown: bool = False
    party: str | None = None
    part: Range = (0.0, 1.0)
    acts: tuple[str, ...] = ()


class BenignSpec(Spec):
    """A country that goes on living: rates a day and 100 km of line unless named otherwise."""

    villages_per_100km: NotNegative
    furnaces_per_100km: NotNegative
    quarries_per_100km: NotNegative
    furnace_mw: Positive
    farm_fires: NotNegative
    farm_fire_peak_day: float
    farm_fire_season_days: Positive
    farm_fire_mw: Positive
    celebrations: NotNegative
    hunting: NotNegative
    quarry_blasts_per_week: NotNegative
    traffic: NotNegative
    storms_per_month: NotNegative
    storm_thunders: NotNegative
    civil_drones: NotNegative
    late_bodies: NotNegative
    late_bodies_days: Positive
    accidents: NotNegative
    false_news: NotNegative


class WeatherSpec(Spec):
    """Cloud, wind and forced overcast."""

    cloud_cover: Share
    overcast_days: tuple[Range, ...] = ()
    wind_ms: NotNegative


class SensorSpec(Spec):
    """A kind of sensor or reporter; what a number means is said beside it in `world.yaml`."""

    per_100km: NotNegative = 0.0
    reach_m: Positive = 1.0
    p: Share = 0.0
    sigma_m: Positive = 100.0
    delay_minutes: NotNegative = 0.0
    false_per_day: NotNegative = 0.0
    up: Share = 1.0


class SatelliteSpec(Spec):
    """One satellite: local hours of its passes, and the power it sees half of the time."""

    name: str
    hours: tuple[float, ...]
    half_mw: Positive
    pixel_m: Positive


class OutletSpec(Spec):
    """An outlet of news: what share it covers, whom it follows, how late, whether it copies."""

    name: str
    covers: Share
    party: str | None = None
    lag_hours: Positive
    copies_agency: Share = 0.0
    names_hour: Share = 0.5
    lists: Share = 0.3


class ScaleSpec(Spec):
    """Factors that make a world differ from the one a judgement was fitted on."""

    rates: Positive = 1.0
    errors: Positive = 1.0
    biases: Positive = 1.0
    detection: Positive = 1.0


class Scenario(Spec):
    """A rehearsed truce.

    Attributes
    ----------
    start : str
        First moment of the truce, ISO 8601 with offset.
    days, before_days, background_days : float
        Length of the truce, of the fighting before it, and of a quiet season a year
        earlier from which ordinary fires can be learned.
    blind : tuple
        Parts of the line (shares of its length) with no sensor of the mission.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    about: str
    seed: int = Field(ge=0)
    start: str
    timezone: str
    utc_offset_hours: float
    days: Positive
    before_days: NotNegative
    before_factor: NotNegative
    background_days: NotNegative
    line: LineSpec
    parties: tuple[PartySpec, ...] = Field(min_length=2)
    acts: dict[str, ActSpec]
    dynamics: DynamicsSpec
    phases: tuple[PhaseSpec, ...] = ()
    benign: BenignSpec
    weather: WeatherSpec
    satellites: tuple[SatelliteSpec, ...]
    sensors: dict[str, SensorSpec]
    outlets: tuple[OutletSpec, ...]
    blind: tuple[Range, ...] = ()
    outages_per_month: NotNegative
    scale: ScaleSpec = ScaleSpec()
    sources: tuple[str, ...] = ()

    @property
    def t0(self) -> int:
        """Start of the truce, UTC microseconds."""
        return parse_time(self.start)

    def party_ids(self) -> list[str]:
        """Return the parties in order."""
        return [party.id for party in self.parties]


_DATA = files("truceline.rehearsal.scenarios.data")


def scenario_names() -> list[str]:
    """Return the names of the scenarios in the challenge set."""
    names = (entry.name for entry in _DATA.iterdir())
    return sorted(n[:-5] for n in names if n.endswith(".yaml") and n != "world.yaml")


def load_scenario(name: str | Path, changes: Mapping[str, object] | None = None) -> Scenario:
    """Return a scenario by its name or from a file, over the common world.

    Parameters
    ----------
    name : str or Path
        One of `scenario_names`, or a YAML file of the same form.
    changes : mapping, optional
        Keys to change on top, such as `{"seed": 7, "line": {"km": 200}}`.
    """
    world = yaml.safe_load((_DATA / "world.yaml").read_text(encoding="utf-8"))
    given = _own(name)
    merged = _merged(_merged(world, given), dict(changes or {}))
    try:
        return Scenario.model_validate(merged)
    except ValidationError as cause:
        first = cause.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"the scenario is not well formed: {first['msg']}.", where=Where(str(name), field=field)
        ) from cause


def _own(name: str | Path) -> dict[str, object]:
    if isinstance(name, str) and name in scenario_names():
        text = (_DATA / f"{name}.yaml").read_text(encoding="utf-8")
    elif Path(name).is_file():
        text = Path(name).read_text(encoding="utf-8")
    else:
        raise InputError(
            f"there is no scenario {str(name)!r}.",
            hint=f"Known are {', '.join(scenario_names())}; or give a YAML file.",
        )
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as cause:
        raise InputError("the scenario is not YAML.", where=Where(str(name))) from cause
    if not isinstance(content, dict):
        raise InputError("the scenario is no mapping of keys.", where=Where(str(name)))
    return content


def _merged(base: dict[str, object], over: Mapping[str, object]) -> dict[str, object]:
    out = dict(base)
    for key, value in over.items():
        old = out.get(key)
        both = isinstance(old, dict) and isinstance(value, Mapping)
        out[key] = _merged(old, value) if both else value  # type: ignore[arg-type]
    return out
