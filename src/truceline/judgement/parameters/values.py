"""Parameters of the judgement: what each kind of report is worth, and on what basis."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from truceline.core.types.errors import InputError, Where

#: Names of the terms of a witness beside its kind of testimony.
HEAT_TERM, CLAIM_TERM = "heat over background", "worth of the claimant"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Testimony(_Frozen):
    """What a kind of testimony is worth.

    Attributes
    ----------
    kind : str
        Instrument and sign, such as ``acoustic/heard/several``; an instrument alone stands
        for all its kinds that no other row names.
    bits : float
        Log2 of how much more often it stands beside a hostile act than beside all else.
    basis : str
        `fitted` or `assumed`, and on what.
    """

    kind: str
    bits: float
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
    base_bits : float
        Log2 odds that an incident is hostile before its witnesses and surrounding are known.
    activity_share : float
        Bits for each doubling of the activity around a place.
    silence_share : float
        Share of its full weight that the silence of a watcher is given.
    heat_share : float
        Share of the likelihood ratio that heat over its background is given.
    claim_share : float
        Share that what a claimant's claims have been worth is given.
    heat_report : float
        Probability that a hostile act at a site on a day is seen as heat from space.
    site_km2 : float
        Area of a site: what one incident's gate covers.
    dependence : mapping
        By instrument, what a further witness of the same kind is worth, as a share of the
        one before.
    calibration : tuple of float
        Slope and offset (bits) on the log odds, fitted on worlds of known truth.
    testimony, attributing
        See `Testimony` and `Attributing`.
    """

    version: str
    made_by: str
    base_bits: float
    activity_share: float = Field(ge=0)
    silence_share: float = Field(ge=0)
    heat_share: float = Field(ge=0)
    claim_share: float = Field(ge=0)
    heat_report: float = Field(gt=0, lt=1)
    site_km2: float = Field(gt=0)
    dependence: dict[str, float]
    calibration: tuple[float, float]
    testimony: tuple[Testimony, ...]
    attributing: Attributing

    def bits_of(self, terms: Iterable[str]) -> dict[str, float]:
        """Return what each term is worth, bits for a factor of one.

        A kind that no row names takes the row of its instrument; an instrument that no row
        names weighs nothing.
        """
        named = {row.kind: row.bits for row in self.testimony}
        own = {HEAT_TERM: self.heat_share, CLAIM_TERM: self.claim_share}
        return {
            term: own[term]
            if term in own
            else named.get(term, named.get(term.partition("/")[0], 0.0))
            for term in terms
        }

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
