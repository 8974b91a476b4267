"""Positions of nations as a dated history, and polls with their sign."""

from __future__ import annotations

import datetime as dt
from typing import Final

import polars as pl

from truceline.accounts.statements.vocabulary import DATE_PRECISIONS, STANCES
from truceline.core.types.schema import Column, Schema

_S, _D, _F = pl.String(), pl.Date(), pl.Float64()

POSITIONS = Schema(
    "position",
    (
        Column("date", _D, "Day it was stated.", nullable=True),
        Column("date_precision", pl.Enum(DATE_PRECISIONS), "How exactly that is known."),
        Column("nation", _S, "The nation or group."),
        Column("role", _S, "What it would do, in the source's terms."),
        Column("stance", pl.Enum(STANCES), "The same in closed terms."),
        Column("position", _S, "The position in own words."),
        Column("troops_min", _F, "Fewest troops named, persons.", nullable=True, low=0),
        Column("troops_max", _F, "Most troops named; 0 is a stated none.", nullable=True, low=0),
        Column("caveat", _S, "What must be true first.", nullable=True),
        Column("official", pl.Boolean(), "Stated by the nation; not a press figure."),
        Column("source", _S, "Address of the source."),
        Column("reliability", _S, "What kind of source it is."),
    ),
)

POLLS = Schema(
    "poll",
    (
        Column("date", _D, "Last day of fieldwork, or of publication.", nullable=True),
        Column("date_precision", pl.Enum(DATE_PRECISIONS), "How exactly that is known."),
        Column("country", _S, "Where."),
        Column("pollster", _S, "Who asked."),
        Column("client", _S, "For whom.", nullable=True),
        Column("question", _S, "What was asked, in own words."),
        Column("support_pct", _F, "In favour, percent.", nullable=True, low=0, high=100),
        Column("oppose_pct", _F, "Against, percent.", nullable=True, low=0, high=100),
        Column("dont_know_pct", _F, "Neither, percent.", nullable=True, low=0, high=100),
        Column("n", _F, "Persons asked.", nullable=True, low=0),
        Column("source", _S, "Address of the source."),
    ),
)

#: Words of a role and the stance they stand for; the first that occurs decides.
_STANCE_WORDS: Final = (
    ("opposed to troops", "no_troops"),
    ("opposed", "opposed"),
    ("no troops", "no_troops"),
    ("no ground troops", "support"),
    ("logistics", "support"),
    ("possible", "open"),
    ("potential", "open"),
    ("conditional", "open"),
    ("undecided", "open"),
    ("considered", "open"),
    ("not ruled out", "open"),
    ("ready in principle", "open"),
    ("neighbouring", "support"),
    ("ground", "troops"),
    ("troops", "troops"),
    ("land,", "troops"),
    ("air", "support"),
    ("maritime", "support"),
    ("headquarters", "support"),
    ("monitoring", "support"),
    ("preparation", "support"),
)


def stance_of(role: str) -> str:
    """Return a role's stance in closed terms.

    Examples
    --------
    >>> stance_of("experts or limited troops"), stance_of("logistics, no troops")
    ('troops', 'no_troops')
    """
    text = role.lower()
    return next((stance for words, stance in _STANCE_WORDS if words in text), "other")


def positions_on(
    positions: pl.DataFrame, day: dt.date, *, official_only: bool = True
) -> pl.DataFrame:
    """Return each nation's latest position on a day, with its age and whether it changed.

    Positions stated after the day, and undated ones, are not used. A press figure does not
    replace what a nation itself said, unless `official_only` is false.

    Returns
    -------
    polars.DataFrame
        The columns of `POSITIONS`, `age_days`, `changed` (the stance differs from the one
        before), `earlier` (how many earlier positions there are), ordered by nation.
    """
    known = positions.filter(pl.col("date").is_not_null() & (pl.col("date") <= day))
    if official_only:
        known = known.filter("official")
    ordered = known.with_row_index("_row").sort("nation", "date", "_row")
    before = pl.col("stance").shift(1).over("nation")
    return (
        ordered.with_columns(
            (pl.lit(day) - pl.col("date")).dt.total_days().alias("age_days"),
            (before.is_not_null() & (before != pl.col("stance"))).alias("changed"),
            pl.int_range(pl.len()).over("nation").alias("earlier"),
        )
        .group_by("nation", maintain_order=True)
        .last()
        .select(*[c.name for c in POSITIONS.columns], "age_days", "changed", "earlier")
        .sort("nation")
    )


def poll_signs(polls: pl.DataFrame) -> pl.DataFrame:
    """Return polls by country and date with the margin, its sign, and where the sign flips.

    The margin is support minus opposition in points; where one of the two is not known the
    sign is unknown. A flip compares with the last known sign of the same country; questions
    differ between polls, so a flip may be one of wording.
    """
    margin = pl.col("support_pct") - pl.col("oppose_pct")
    signed = polls.sort("country", "date", nulls_last=True).with_columns(
        margin.alias("margin_points"), margin.sign().alias("sign")
    )
    last = pl.col("sign").shift(1).forward_fill().over("country")
    return signed.with_columns(
        ((last * pl.col("sign")) < 0).fill_null(False).alias("flips"),
        (pl.col("question") != pl.col("question").shift(1).over("country"))
        .fill_null(False)
        .alias("other_wording"),
    )
