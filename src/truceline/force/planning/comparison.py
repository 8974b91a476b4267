"""Other missions and plans beside this one, in people a kilometre of their own line."""

from __future__ import annotations

from typing import Final

import polars as pl

from truceline.core.types.schema import Column, Schema

MISSIONS = Schema(
    "other missions",
    (
        Column("mission", pl.String(), "Name and year."),
        Column("people", pl.Float64(), "People.", low=0),
        Column("line_km", pl.Float64(), "Length of line that the figure is reckoned on.", low=0),
        Column("per_km", pl.Float64(), "People a kilometre.", low=0),
        Column("source", pl.String(), "Where it is from."),
    ),
)

_ROWS: Final = (
    ("OSCE SMM, 2021", 600.0, 500.0, "theglobalobservatory.org, April 2021: monitors in the two "
     "eastern teams"),
    ("UNMEE, 2000", 4_200.0, 1_000.0, "UN text; scoop.co.nz WO0511/S00560"),
    ("UNFICYP, 2018", 807.0, 180.0, "secondary; soldiers only"),
    ("CSIS, minimum, 2025", 6_000.0, 1_200.0, "strategicstudyindia.com, August 2025"),
    ("GCSP Ceasefire Toolkit, 2025", 15_000.0, 1_200.0, "interfax.com.ua 1054486"),
    ("reported plan of 30,000, 2025", 30_000.0, 1_200.0, "kyivpost.com/post/47493"),
    ("The Times, 64,000, 2025", 64_000.0, 1_200.0, "news.online.ua 892997"),
    ("IFOR, 1996", 60_000.0, 1_080.0, "secondary"),
    ("IISS, large, 2025", 100_000.0, 1_200.0, "strategicstudyindia.com, April 2025"),
    ("UNIFIL, November 2006", 10_500.0, 120.0, "United Nations"),
    ("asked for at Davos, 2025", 200_000.0, 1_200.0, "kyivindependent.com; pravda.com.ua 7494703"),
)  # fmt: skip


def missions() -> pl.DataFrame:
    """Return published missions and plans, thinnest first (`MISSIONS`).

    Examples
    --------
    >>> missions().filter(pl.col("mission") == "OSCE SMM, 2021")["per_km"].item()
    1.2
    """
    rows = [(name, people, km, people / km, source) for name, people, km, source in _ROWS]
    return MISSIONS.conform(pl.DataFrame(rows, schema=MISSIONS.dtypes(), orient="row")).sort(
        "per_km", maintain_order=True
    )
