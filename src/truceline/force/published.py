"""Published missions and plans, in people a kilometre of their own line."""

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
        Column("cameras", pl.Float64(), "Fixed cameras it had, as far as is known.", low=0),
        Column("stood", pl.Boolean(), "Whether it stood; else it is a plan that was published."),
        Column("source", pl.String(), "Where it is from."),
    ),
)

#: Name, people, kilometres of line, cameras, whether it stood, source.
_ROWS: Final = (
    ("OSCE SMM, 2021", 600.0, 500.0, 25.0, True,
     "theglobalobservatory.org, April 2021: monitors in the two eastern teams"),
    ("UNMEE, 2000", 4_200.0, 1_000.0, 0.0, True, "UN text; scoop.co.nz WO0511/S00560"),
    ("UNFICYP, 2018", 807.0, 180.0, 0.0, True, "secondary; soldiers only"),
    ("CSIS, minimum, 2025", 6_000.0, 1_200.0, 0.0, False, "strategicstudyindia.com, August 2025"),
    ("IISS, small, 2025", 10_000.0, 1_200.0, 0.0, False,
     "strategicstudyindia.com, April 2025; land component"),
    ("GCSP Ceasefire Toolkit, 2025", 15_000.0, 1_200.0, 0.0, False, "interfax.com.ua 1054486"),
    ("IISS, middle, 2025", 25_000.0, 1_200.0, 0.0, False,
     "strategicstudyindia.com, April 2025; land component"),
    ("reported plan of 30,000, 2025", 30_000.0, 1_200.0, 0.0, False, "kyivpost.com/post/47493"),
    ("The Times, 64,000, 2025", 64_000.0, 1_200.0, 0.0, False, "news.online.ua 892997"),
    ("IFOR, 1996", 60_000.0, 1_080.0, 0.0, True, "secondary"),
    ("IISS, large, 2025", 100_000.0, 1_200.0, 0.0, False,
     "strategicstudyindia.com, April 2025"),
    ("UNIFIL, November 2006", 10_500.0, 120.0, 0.0, True, "United Nations"),
    ("asked for at Davos, 2025", 200_000.0, 1_200.0, 0.0, False,
     "kyivindependent.com; pravda.com.ua 7494703"),
)  # fmt: skip


def missions() -> pl.DataFrame:
    """Return published missions and plans, thinnest first (`MISSIONS`).

    Examples
    --------
    >>> missions().filter(pl.col("mission") == "OSCE SMM, 2021")["per_km"].item()
    1.2
    """
    rows = [
        (name, people, km, people / km, cameras, stood, source)
        for name, people, km, cameras, stood, source in _ROWS
    ]
    return MISSIONS.conform(pl.DataFrame(rows, schema=MISSIONS.dtypes(), orient="row")).sort(
        "per_km", maintain_order=True
    )
