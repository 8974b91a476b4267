"""In which stretch of the line a row lies: by its place, or its cell, or else its area."""

from __future__ import annotations

import polars as pl
import polars_h3 as plh3

from truceline.core.space.lines import Sectors


def with_sector(table: pl.DataFrame, sectors: Sectors) -> pl.DataFrame:
    """Say of rows with `lon`, `lat` and `area` in which `sector` they lie, null where in none.

    A row without a place lies in the sector that its area is the name of.
    """
    placed = table["lon"].is_not_null()
    lon, lat = (table[c].fill_null(0.0).to_numpy() for c in ("lon", "lat"))
    names = pl.Series("sector", sectors.of(lon, lat), dtype=pl.String)
    return table.with_columns(
        sector=pl.when(placed)
        .then(names)
        .when(pl.col("area").is_in(sorted(sectors.polygons)))
        .then("area")
    )


def effort_with_sector(effort: pl.DataFrame, sectors: Sectors) -> pl.DataFrame:
    """Say of effort in which `sector` it was, by the middle of its cell or its area.

    Effort without either is in no sector: who watches everywhere and tells no place has seen
    no sector to be quiet.

    Parameters
    ----------
    effort : polars.DataFrame
        Schema `EFFORT`.
    sectors : Sectors
        Named stretches of the line.
    """
    middles = effort.with_columns(lon=plh3.cell_to_lng("cell"), lat=plh3.cell_to_lat("cell"))
    return with_sector(middles, sectors).drop("lon", "lat")
