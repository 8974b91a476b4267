"""Blurred places: how many observations of a file lie in each coarse cell, committed beside it.

The precise form of a file's places is the file itself, under its hash. Its blurred forms are
committed when it is taken in, as fields of their own with salts of their own, so that a copy can
show the coarse one and withhold the rest, and still verifies. Who has the file can make the
blurred forms again and see that they are true.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl
import polars_h3

from truceline.core.types.errors import InputError

#: Field, the H3 resolution of its cells, and the mean length of their edges, km.
BLURS: Final[Mapping[str, tuple[int, float]]] = {
    "places_10km": (5, 9.9),
    "places_26km": (4, 26.1),
    "places_69km": (3, 69.0),
}

#: Only observations up to this level of handling are counted in a blurred form.
COUNTED: Final = ("CLEAR", "GREEN", "AMBER")

Cells = list[list[str | int]]


def blurred(observations: pl.DataFrame) -> dict[str, dict[str, Cells]]:
    """Return, by the SHA-256 of each raw file, its blurred forms: cells with their counts.

    An observation without a point, or whose own error is larger than the cell's edge, is counted
    in the forms that are coarse enough for it, and in no other.

    Parameters
    ----------
    observations : pl.DataFrame
        Schema `OBSERVATION`.
    """
    placed = observations.filter(
        pl.col("lon").is_not_null()
        & pl.col("lat").is_not_null()
        & pl.col("handling").cast(pl.String).is_in(COUNTED)
    )
    found: dict[str, dict[str, Cells]] = {
        str(name): {field: [] for field in BLURS} for name in observations["raw_file"].unique()
    }
    for field, (resolution, edge_km) in BLURS.items():
        # As text: the canonical form has no integers beyond 2^53.
        cell = polars_h3.latlng_to_cell("lat", "lon", resolution, return_dtype=pl.String)
        counted = (
            placed.filter(pl.col("sigma_m").fill_null(0.0) <= edge_km * 1000.0)
            .with_columns(cell=cell)
            .group_by("raw_file", "cell")
            .agg(n=pl.len())
            .sort("raw_file", "cell")
        )
        for name, at, n in counted.iter_rows():
            found[str(name)][field].append([at, n])
    return found


def finer_than(km: float) -> frozenset[str]:
    """Return the blurred forms whose cells are finer than some kilometres.

    Raises
    ------
    InputError
        If no form is as coarse as that.
    """
    coarsest = max(edge for _, edge in BLURS.values())
    if not 0.0 <= km <= coarsest:
        raise InputError(
            f"no place is committed as coarse as {km:g} km.", hint=f"At most {coarsest:g} km."
        )
    return frozenset(field for field, (_, edge) in BLURS.items() if edge < km)
