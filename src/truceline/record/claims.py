"""What a party says, taken down as it was said, and its arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from truceline.core.types.errors import InputError, Where
from truceline.core.types.schema import Column, Schema
from truceline.core.types.time import format_time, parse_time
from truceline.record.claimed_events import MOST_EVENTS, ClaimedEvent

#: How a number was said: exactly, "more than", "at least", "fewer than", "at most", "about".
Bound = Literal["exact", "above", "at_least", "below", "at_most", "about"]

#: How an item stands to its parent: it adds to it, is contained in it, says it again, or is
#: named apart from it without a word on whether the total holds it.
Relation = Literal["part_of", "subset_of", "restates", "apart_from"]

#: Half width of "about", as a share of the number said.
ABOUT = 0.05


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Number(_Strict):
    """A number as it was said.

    Attributes
    ----------
    value : float
        The number itself.
    bound : str
        Whether it was said as exact, a limit, or about; limits are of whole things, so
        that ">950" is at least 951.
    """

    value: float = Field(ge=0)
    bound: Bound = "exact"

    @property
    def low(self) -> float:
        """Return the least it can mean."""
        return {
            "above": self.value + 1,
            "below": 0.0,
            "at_most": 0.0,
            "about": self.value * (1 - ABOUT),
        }.get(self.bound, self.value)

    @property
    def high(self) -> float:
        """Return the most it can mean."""
        return {
            "above": float("inf"),
            "at_least": float("inf"),
            "below": max(self.value - 1, 0.0),
            "about": self.value * (1 + ABOUT),
        }.get(self.bound, self.value)


class Span(_Strict):
    """A period, with offsets in what is written and UTC microseconds inside."""

    start: int
    end: int

    @field_validator("start", "end", mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        return parse_time(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end <= self.start:
            raise ValueError("the period ends before it begins")
        return self


class Item(_Strict):
    """One number of a claim's breakdown.

    Attributes
    ----------
    id, name : str
        Short name within the claim, and what it counts, in words.
    number : Number
        How many.
    relation : str
        `part_of` adds to its parent, `subset_of` is contained in it and adds nothing,
        `restates` says it again, and `apart_from` is named in the same statement without
        a word on whether the total holds it.
    of : str or None
        The parent item; none is the claim's total.
    unit : str or None
        Its unit of count, where it is not the claim's.
    period : Span or None
        Its period, where it is not the claim's.
    """

    id: str
    name: str
    number: Number
    relation: Relation = "part_of"
    of: str | None = None
    unit: str | None = None
    period: Span | None = None


class Claim(_Strict):
    """What a party, or anyone, says was done in a period.

    Attributes
    ----------
    id, claimant : str
        Identity, and who says it.
    about : str or None
        Whom it is said of.
    period : Span
        What it covers.
    unit : str
        The unit of count, in words.
    total : Number or None
        The total as stated.
    items : tuple of Item
        Its breakdown; items of another unit of count do not add up to the total unless
        the claimant adds them.
    events : tuple of ClaimedEvent
        Single events with their times and places, each one of what the total counts.
    source : str
        Where it was said.
    note : str
        What a reader must know of it.
    """

    id: str
    claimant: str
    about: str | None = None
    period: Span
    unit: str
    total: Number | None = None
    items: tuple[Item, ...] = ()
    events: tuple[ClaimedEvent, ...] = Field(default=(), max_length=MOST_EVENTS)
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _parents_exist(self) -> Self:
        names = [item.id for item in self.items]
        if len(set(names)) != len(names):
            raise ValueError("two items have the same id")
        parents = {item.id: item.of for item in self.items}
        for item in self.items:
            seen = {item.id}
            parent = item.of
            while parent is not None:
                if parent not in parents:
                    raise ValueError(f"the item {item.id!r} belongs to an unknown {parent!r}")
                if parent in seen:
                    raise ValueError(f"the item {item.id!r} belongs to itself")
                seen.add(parent)
                parent = parents[parent]
        return self


@dataclass(frozen=True)
class ClaimFinding:
    """One thing the arithmetic of a claim shows.

    Attributes
    ----------
    claim_id, kind : str
        The claim, and one of `sum`, `implied`, `subset`, `restated`, `unit`, `period`,
        `listed`, `repeated`.
    is_fault : bool
        Whether it is something that cannot be so, or only something a reader must know.
    message : str
        One sentence with the figures.
    stated, computed : float or None
        The two numbers compared.
    """

    claim_id: str
    kind: str
    is_fault: bool
    message: str
    stated: float | None = None
    computed: float | None = None


COUNTED = Schema(
    "counted",
    (
        Column("source", pl.String(), "Who counted independently of the claimant."),
        Column("unit", pl.String(), "What was counted, in words."),
        Column("t_start", pl.Int64(), "Start of the period, UTC microseconds."),
        Column("t_end", pl.Int64(), "End of the period, UTC microseconds."),
        Column("count", pl.Float64(), "Counted; null where not watched.", nullable=True, low=0),
        Column("effort", pl.Float64(), "Share of full effort.", low=0, high=1),
    ),
)

BESIDE = Schema(
    "beside",
    (
        Column("claim_id", pl.String(), "The claim."),
        Column("claimant", pl.String(), "Who says it."),
        Column("stated", pl.Float64(), "The total as stated.", nullable=True, low=0),
        Column("unit", pl.String(), "Its unit of count."),
        Column("source", pl.String(), "Who counted, null where no one did.", nullable=True),
        Column("unit_seen", pl.String(), "What was counted.", nullable=True),
        Column("seen", pl.Float64(), "Counted inside the claim's period.", nullable=True, low=0),
        Column("covered", pl.Float64(), "Share of the claim's period watched.", low=0, high=1),
        Column("is_same_unit", pl.Boolean(), "Whether the two can be compared.", nullable=True),
    ),
)


def load_claims(path: Path) -> tuple[Claim, ...]:
    """Read a ledger of claims: a YAML file with a list under `claims`."""
    try:
        # The safe loader in C: a party may claim something every hour of a year.
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except OSError as cause:
        raise InputError("the ledger of claims cannot be read.", where=Where(str(path))) from cause
    except (UnicodeDecodeError, yaml.YAMLError) as cause:
        raise InputError(
            "the ledger of claims is not YAML in UTF-8.",
            where=Where(str(path)),
            hint=str(cause).splitlines()[0],
        ) from cause
    if not isinstance(content, dict) or not isinstance(content.get("claims"), list):
        raise InputError(
            "the ledger has no list of claims.",
            where=Where(str(path)),
            hint="Begin it with `claims:` and a list.",
        )
    claims = tuple(_claim(raw, i, path) for i, raw in enumerate(content["claims"]))
    names = [claim.id for claim in claims]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"claims share an id: {', '.join(twice)}.", where=Where(str(path)))
    return claims


def _claim(raw: object, index: int, path: Path) -> Claim:
    try:
        return Claim.model_validate(raw)
    except ValidationError as cause:
        first = cause.errors()[0]
        field = ".".join(str(part) for part in ("claims", index, *first["loc"]))
        raise InputError(
            f"the claim is not well formed: {first['msg']}.", where=Where(str(path), field=field)
        ) from cause
    except InputError as cause:
        raise InputError(
            cause.message, where=Where(str(path), field=f"claims.{index}"), hint=cause.hint
        ) from cause


def beside(claims: Sequence[Claim], counts: pl.DataFrame) -> pl.DataFrame:
    """Return what was seen independently beside each claim, of the schema `BESIDE`.

    Only counts that lie within a claim's period are laid beside it. A claim that no one
    watched stands alone, with nothing seen: null, not 0.

    Parameters
    ----------
    counts : polars.DataFrame
        Schema `COUNTED`.
    """
    rows: list[dict[str, object]] = []
    for claim in claims:
        said = {
            "claim_id": claim.id,
            "claimant": claim.claimant,
            "stated": None if claim.total is None else claim.total.value,
            "unit": claim.unit,
        }
        inside = counts.filter(
            (pl.col("t_start") >= claim.period.start) & (pl.col("t_end") <= claim.period.end)
        )
        length = claim.period.end - claim.period.start
        seen = (
            inside.group_by("source", "unit")
            .agg(
                seen=pl.when(pl.col("count").is_not_null().any()).then(pl.col("count").sum()),
                covered=((pl.col("t_end") - pl.col("t_start")) * pl.col("effort")).sum() / length,
            )
            .sort("source", "unit")
        )
        for row in seen.to_dicts():
            same = row["unit"].casefold() == claim.unit.casefold()
            found = {"unit_seen": row.pop("unit"), "is_same_unit": same}
            covered = min(row["covered"], 1.0)
            rows.append({**said, **row, **found, "covered": covered})
        if seen.is_empty():
            rows.append({**said, "covered": 0.0})
    return BESIDE.conform(pl.DataFrame(rows, schema=BESIDE.dtypes()))


def as_said(claim: Claim) -> str:
    """Return the claim as one sentence, with its period in UTC.

    The claimant's name is the case's; nothing is added to what was said.
    """
    listed = f"{len(claim.events)} listed" if claim.events else "no total"
    total = listed if claim.total is None else f"{claim.total.value:,.0f}"
    about = "" if claim.about is None else f" by {claim.about}"
    start, end = format_time(claim.period.start), format_time(claim.period.end)
    return f"{claim.claimant}: {total} {claim.unit}{about}, {start} to {end}."
