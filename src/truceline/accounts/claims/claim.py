"""A claim: a sentence with something checkable in it, in a structured form."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from truceline.core.types.errors import InputError, Where

SHAPES: Final = (
    "comparison",
    "rank",
    "ratio",
    "total",
    "change",
    "count",
    "outcome",
    "opinion",
    "force_per_km",
    "sum",
)


@dataclass(frozen=True)
class Claim:
    """What a sentence says, as far as it can be checked.

    Attributes
    ----------
    text : str
        The words it was read from.
    start, end : int
        Where they stand in the text, in characters.
    shape : str
        One of `SHAPES`.
    subjects : tuple of str
        Of whom or what it speaks, each checked on its own.
    comparator : str
        `more`, `less`, `at_least`, `at_most`, `about`, `exactly` or `stated`.
    thresholds : tuple of float
        Every reasonable reading of how much the words ask for.
    reference : str or None
        Whom the subjects are compared with.
    measures : tuple of str
        `allocation`, `commitment`: each is a reading.
    units : tuple of str
        `usd`, `eur`, `gdp_share`, `per_head`, `persons`, `statements`: each checked on its own.
    aid_type : str
        `all`, `military`, `financial` or `humanitarian`.
    value : float or None
        The number that the words state.
    parts : tuple of float
        The parts that the words say add up to the value.
    since, on : date or None
        The period that is spoken of; `on` is the day the sentence was written.
    note : str
        What the reader of the words had to assume.
    """

    text: str
    start: int
    end: int
    shape: str
    subjects: tuple[str, ...] = ()
    comparator: str = "stated"
    thresholds: tuple[float, ...] = ()
    reference: str | None = None
    measures: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    aid_type: str = "all"
    value: float | None = None
    parts: tuple[float, ...] = ()
    since: dt.date | None = None
    on: dt.date | None = None
    note: str = ""


@dataclass(frozen=True)
class Missed:
    """Something that looks checkable and was not understood."""

    text: str
    start: int
    end: int
    why: str


@dataclass(frozen=True)
class Found:
    """What a text holds: claims that can be checked, and what was missed."""

    text: str
    claims: tuple[Claim, ...]
    missed: tuple[Missed, ...]


class ClaimForm(BaseModel):
    """A claim as a person corrects it in YAML or JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    text: str
    start: int = Field(default=0, ge=0)
    end: int = Field(default=0, ge=0)
    shape: Literal[
        "comparison", "rank", "ratio", "total", "change", "count", "outcome", "opinion",
        "force_per_km", "sum",
    ]  # fmt: skip
    subjects: tuple[str, ...] = ()
    comparator: Literal["more", "less", "at_least", "at_most", "about", "exactly", "stated"] = (
        "stated"
    )
    thresholds: tuple[float, ...] = ()
    reference: str | None = None
    measures: tuple[Literal["allocation", "commitment"], ...] = ()
    units: tuple[str, ...] = ()
    aid_type: Literal["all", "military", "financial", "humanitarian"] = "all"
    value: float | None = None
    parts: tuple[float, ...] = ()
    since: dt.date | None = None
    on: dt.date | None = None
    note: str = ""


def claims_to_yaml(claims: tuple[Claim, ...]) -> str:
    """Write claims so that a person can correct them."""
    plain = [
        {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(claim).items()}
        for claim in claims
    ]
    return yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)


def claims_from_file(path: Path) -> tuple[Claim, ...]:
    """Read claims that a person corrected, from YAML or JSON."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as cause:
        raise InputError(f"the claims cannot be read: {cause}.", where=Where(str(path))) from cause
    return claims_from_text(text, str(path))


def claims_from_text(text: str, name: str = "claims") -> tuple[Claim, ...]:
    """Read claims that a person corrected, from words in YAML or JSON."""
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as cause:
        raise InputError(f"the claims cannot be read: {cause}.", where=Where(name)) from cause
    except RecursionError as cause:
        raise InputError("the claims are nested too deep.", where=Where(name)) from cause
    entries = content if isinstance(content, list) else [content]
    return tuple(_claim(entry, Where(name, row)) for row, entry in enumerate(entries, 1))


def _claim(entry: object, where: Where) -> Claim:
    try:
        return Claim(**ClaimForm.model_validate(entry).model_dump())
    except ValidationError as cause:
        first = cause.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or None
        raise InputError(
            f"the claim is not in the form: {first['msg'].lower()}.",
            where=Where(where.file, where.row, field),
            hint="See docs/methods/check.md for the form.",
        ) from cause
