"""Kinds of testimony: by what instrument, of what sign, of one round or of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from truceline.core.types.vocabulary import INSTRUMENTS, PHENOMENA

#: What a report tells of, the most telling first. A witness that tells of several things at
#: once counts by the first of them.
SIGNS: Final[Mapping[str, tuple[str, ...]]] = {
    "fire seen": ("projectile", "muzzle_flash"),
    "outgoing": ("explosion_outgoing",),
    "assault": ("assault",),
    "advance": ("advance",),
    "weapon": ("weapon_present",),
    "obstruction": ("obstruction",),
    "flight": ("uav", "aircraft"),
    "shots": ("burst", "shot"),
    "impact": ("explosion_impact", "explosion_airburst"),
    "heard": ("explosion", "explosion_undetermined", "violation"),
    "warning": ("alert", "launch"),
    "harm": ("casualty", "damage"),
    "heat": ("fire",),
    "nothing": ("other", "flare"),
}

#: Those who write tell of an act, of its harm, or of neither; what they call the act is the
#: writer's choice of word.
WRITERS: Final = ("news", "dataset")

#: Those whose word is weighed as a whole, whatever they say happened.
VOICES: Final = ("party_claim", "alert", "launch_report")

#: Those who hear rounds and can tell one from several: a quarry blasts once.
EARS: Final = ("acoustic", "camera", "patrol", "seismic", "hotline")

#: From so many rounds on it is several.
SEVERAL: Final = 2.0

#: Documents: their weight is shared by all the places they name. A party is no document: it
#: speaks every day of all that happens to it, and what its word is worth is kept count of.
DOCUMENTS: Final = ("news", "dataset", "hotline", "alert", "launch_report")

ACT, ANY, NOTHING, ALONE = "act", "any", "nothing", "alone"

#: Whose testimony has a kind of its own where no one else speaks beside it. Neither is company
#: for the other: a party could claim any fire for an attack.
LONERS: Final = ("satellite_thermal", "party_claim")

_OF_PHENOMENON = {name: sign for sign, names in SIGNS.items() for name in names}
_RANK = {sign: rank for rank, sign in enumerate(SIGNS)}


def sign_of(instrument: str, phenomenon: str) -> str:
    """Return the sign that an instrument's report of a phenomenon stands for.

    Examples
    --------
    >>> sign_of("camera", "muzzle_flash"), sign_of("news", "assault"), sign_of("news", "other")
    ('fire seen', 'act', 'nothing')
    """
    sign = _OF_PHENOMENON[phenomenon]
    if sign == NOTHING:
        return NOTHING
    if instrument in VOICES:
        return ANY
    if instrument in WRITERS:
        return "harm" if sign == "harm" else ACT
    return sign


_KINDS = pl.DataFrame(
    [
        (instrument, phenomenon, sign_of(instrument, phenomenon), _RANK[_OF_PHENOMENON[phenomenon]])
        for instrument in INSTRUMENTS
        for phenomenon in PHENOMENA
    ],
    schema={
        "instrument": pl.Enum(INSTRUMENTS),
        "phenomenon": pl.Enum(PHENOMENA),
        "sign": pl.String,
        "rank": pl.Int64,
    },
    orient="row",
)


def with_kind(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `kind` (such as ``acoustic/heard/several``) and `rank` (smaller tells more).

    Those who hear say one round or several; where no count is given the kind says neither.

    Parameters
    ----------
    rows : polars.DataFrame
        Columns `instrument`, `phenomenon` and `count`.
    """
    ear = pl.col("instrument").cast(pl.String).is_in(EARS) & (pl.col("sign") != NOTHING)
    several = ear & (pl.col("count") >= SEVERAL).fill_null(value=False)
    one = ear & (pl.col("count") < SEVERAL).fill_null(value=False)
    kind = pl.format("{}/{}", pl.col("instrument").cast(pl.String), "sign")
    return (
        rows.join(_KINDS, on=["instrument", "phenomenon"], how="left", maintain_order="left")
        .with_columns(
            kind=pl.when(several)
            .then(pl.format("{}/several", kind))
            .when(one)
            .then(pl.format("{}/one", kind))
            .otherwise(kind),
            # Of two rows that tell the same, the one with several rounds tells more.
            rank=2 * pl.col("rank") - several.cast(pl.Int64),
        )
        .drop("sign")
    )


def mark_alone(rows: pl.DataFrame) -> pl.DataFrame:
    """Name the kind of heat and of a claim ``.../alone`` where no one else tells of an act.

    An incident that heat alone made is nearly always a fire, and one that a party alone speaks
    of is often nothing; either beside a blast that others heard is one more witness of it. One
    weight for both would make the second count against, or the first count for too much.

    Parameters
    ----------
    rows : polars.DataFrame
        Columns `incident_id`, `instrument` and `kind`.
    """
    telling = ~pl.col("kind").str.ends_with(f"/{NOTHING}")
    loner = pl.col("instrument").cast(pl.String).is_in(LONERS)
    company = rows.filter(telling & ~loner)["incident_id"].unique()
    alone = loner & telling & ~pl.col("incident_id").is_in(company.implode())
    return rows.with_columns(
        kind=pl.when(alone).then(pl.format("{}/{}", "kind", pl.lit(ALONE))).otherwise("kind")
    )
