r"""What a claimant's claims have been worth: how often someone else saw what it claimed.

.. math:: \log_2 \frac{(4 + c) / (16 + n)}{1/4}

with :math:`n` the incidents a claimant spoke of in the week up to a day and :math:`c` those of
them that an instrument or a person on the spot reported too. Someone unheard of is worth 0 bits; a
flood of claims that nobody else sees lowers the worth of all of them, whoever makes them.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from truceline.core.types.time import DAY

#: Who can bear out a claim: those who were there, not those who repeat it.
ON_THE_SPOT: Final = ("patrol", "camera", "uav", "acoustic", "seismic", "hotline")

#: Days over which a claimant is remembered.
WINDOW_DAYS: Final = 7

_SEEN, _SPOKEN = 4.0, 16.0


def spoken_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return `source`, `witness`, `day`, `n` and `c`: what claimants spoke of, and was seen.

    Tables of several sets of incidents may be added up.

    Parameters
    ----------
    rows : polars.DataFrame
        Members with columns `incident_id`, `source`, `witness`, `instrument` and `t_start`.
    """
    claims = rows.filter(pl.col("instrument") == "party_claim")
    borne_out = (
        rows.filter(pl.col("instrument").cast(pl.String).is_in(ON_THE_SPOT))
        .select("incident_id")
        .unique()
        .with_columns(seen=pl.lit(value=True))
    )
    return (
        claims.group_by("incident_id", "source", "witness")
        .agg(day=pl.col("t_start").min() // DAY)
        .join(borne_out, on="incident_id", how="left")
        .group_by("source", "witness", "day")
        .agg(
            n=pl.len().cast(pl.Int64),
            c=pl.col("seen").fill_null(value=False).sum().cast(pl.Int64),
        )
        .sort("source", "witness", "day")
    )


def worth_of_claims(spoken: pl.DataFrame) -> pl.DataFrame:
    """Return `source`, `witness`, `day` and `worth` (bits) of every claimant, day by day.

    Parameters
    ----------
    spoken : polars.DataFrame
        From `spoken_of`, of all incidents.
    """
    daily = spoken.sort("source", "witness", "day")
    lately = daily.rolling("day", period=f"{WINDOW_DAYS}i", group_by=["source", "witness"]).agg(
        pl.col("n").sum(), pl.col("c").sum()
    )
    share = (_SEEN + pl.col("c")) / (_SPOKEN + pl.col("n"))
    return lately.select("source", "witness", "day", worth=(share * (_SPOKEN / _SEEN)).log(2))
