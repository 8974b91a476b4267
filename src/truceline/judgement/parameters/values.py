"""Parameters of the judgement: what each kind of report is worth, and on what basis."""

from __future__ import annotations

import hashlib
import json
from importlib import resources
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from truceline.core.types.errors import InputError, Where


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reporting(_Frozen):
    """How often an instrument reports a hostile act, and how often it reports without one.

    Attributes
    ----------
    instrument : str
        The instrument, from `INSTRUMENTS`.
    phenomena : tuple of str
        What it reports; empty is all that no other row names.
    p_report : float
        Probability that a hostile act at a site on a day is reported.
    false_rate : float
        Probability that a site without one is reported on a day. For satellites it is
        replaced by the fitted background of the place and season.
    basis : str
        `fitted` or `assumed`, and on what.
    """

    instrument: str
    phenomena: tuple[str, ...] = ()
    p_report: float = Field(gt=0, lt=1)
    false_rate: float = Field(gt=0, lt=1)
    basis: str


class Attributing(_Frozen):
    """How much the signs of origin are worth, the same for every party.

    Attributes
    ----------
    fires_across : float
        Probability that what a party fires lands on another's side of the line.
    holds_own : float
        Probability that what is seen at its origin (a muzzle flash, a weapon, an outgoing
        round) is on the side of the party it belongs to.
    names_rightly : float
        Probability that an independent reporter who names a party names the right one.
    claims_rightly : float
        The same for a party that accuses another.
    admits_rightly : float
        The same for a party that admits.
    unknown_share : float
        Prior probability that someone who is no party to the agreement did it.
    """

    fires_across: float = Field(gt=0.5, lt=1)
    holds_own: float = Field(gt=0.5, lt=1)
    names_rightly: float = Field(gt=0, lt=1)
    claims_rightly: float = Field(gt=0, lt=1)
    admits_rightly: float = Field(gt=0, lt=1)
    unknown_share: float = Field(gt=0, lt=1)


class Parameters(_Frozen):
    """All numbers of the judgement.

    Attributes
    ----------
    version : str
        Version of the file.
    made_by : str
        The command that makes it.
    site_km2 : float
        Area of a site: what one incident's gate covers.
    base_rate : float
        Hostile acts a site and day before anything is known of the sector.
    base_weight : float
        Weight of that rate against the sector's own, as a number of acts.
    window_days : int
        The sector's current rate is taken over so many days up to the incident.
    dependence : mapping
        By instrument, what a further witness of the same kind is worth, as a share of the
        one before.
    calibration : tuple of float
        Slope and offset (bits) on the log odds, fitted on worlds of known truth.
    reporting, attributing
        See `Reporting` and `Attributing`.
    """

    version: str
    made_by: str
    site_km2: float = Field(gt=0)
    base_rate: float = Field(gt=0, lt=1)
    base_weight: float = Field(gt=0)
    window_days: int = Field(gt=0)
    dependence: dict[str, float]
    calibration: tuple[float, float]
    reporting: tuple[Reporting, ...]
    attributing: Attributing

    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON of these numbers."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def load_parameters(path: Path) -> Parameters:
    """Read a parameter file."""
    return _parse(path.read_text(encoding="utf-8"), str(path))


def shipped_parameters() -> Parameters:
    """Return the parameters that come with the package."""
    text = resources.files(__package__).joinpath("shipped.json").read_text(encoding="utf-8")
    return _parse(text, "shipped.json")


def _parse(text: str, name: str) -> Parameters:
    try:
        return Parameters.model_validate_json(text)
    except ValidationError as cause:
        first = cause.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"the parameters are not valid: {first['msg']}.",
            where=Where(name, field=field),
            hint="Make the file again with `truceline fit`.",
        ) from cause
