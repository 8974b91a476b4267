"""Cells: a polygon as the H3 cells whose middles lie in it."""

from __future__ import annotations

import math

import h3
import numpy as np
import polars as pl
from shapely.geometry.base import BaseGeometry

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.errors import InputError
from truceline.core.types.schema import Column, Schema

#: Mean radius of the earth, metres, for distances between cells.
_EARTH_M = 6_371_008.8

#: Places: a cell, an area, or a cell of an area.
PLACE = Schema(
    "place",
    (
        Column("cell", pl.String(), "H3 cell, hex.", nullable=True),
        Column("area", pl.String(), "Area; that of the cell, for its cloud.", nullable=True),
        Column("lon", pl.Float64(), "Longitude of its middle.", low=-180, high=180),
        Column("lat", pl.Float64(), "Latitude of its middle.", low=-80, high=80),
    ),
)

#: A cell is refused where there would be more of them than this.
MOST_CELLS = 2_000_000


def cells_of(polygon: BaseGeometry, resolution: int) -> list[str]:
    """Return the H3 cells whose middles lie in a polygon, sorted.

    Examples
    --------
    >>> import shapely
    >>> len(cells_of(shapely.box(37, 48, 38, 49), 5)) > 20
    True
    """
    if not 0 <= resolution <= 15:
        raise InputError(f"{resolution} is no H3 resolution.", hint="Give one from 0 to 15.")
    square_km = polygon.area * 111.32**2
    if square_km / h3.average_hexagon_area(resolution, unit="km^2") > MOST_CELLS:
        raise InputError(
            f"at resolution {resolution} the area has more than {MOST_CELLS:,} cells.",
            hint="Take a coarser resolution.",
        )
    return sorted(h3.geo_to_cells(polygon, resolution))


def places_of(cells: list[str], area: str | None = None) -> pl.DataFrame:
    """Return cells as a table of the schema `PLACE`."""
    middles = [h3.cell_to_latlng(cell) for cell in cells]
    return PLACE.conform(
        pl.DataFrame(
            {
                "cell": cells,
                "area": [area] * len(cells),
                "lon": [lon for _, lon in middles],
                "lat": [lat for lat, _ in middles],
            },
            schema=PLACE.dtypes(),
        )
    )


def cells_within(lon: float, lat: float, radius_m: float, resolution: int) -> pl.DataFrame:
    """Return the cells whose middles lie within a distance of a place, and the place's own.

    Returns
    -------
    polars.DataFrame
        `cell`, `distance_m` to its middle (on a sphere, right to 0.5 %), and `bearing_deg`
        towards it from north.

    Examples
    --------
    >>> cells_within(37.5, 48.0, 0.0, 7).height
    1
    """
    own = h3.latlng_to_cell(lat, lon, resolution)
    spacing = h3.average_hexagon_edge_length(resolution, unit="m") * math.sqrt(3.0)
    # Cells differ in size by a factor of two over the globe, hence the margin.
    rings = math.ceil(1.5 * radius_m / spacing) + (1 if radius_m > 0 else 0)
    if 3 * rings * (rings + 1) + 1 > MOST_CELLS:
        raise InputError(
            f"a range of {radius_m:,.0f} m has too many cells of resolution {resolution}.",
            hint="Take a coarser resolution.",
        )
    cells = sorted(h3.grid_disk(own, rings))
    distance, bearing = _from_place(lon, lat, np.array([h3.cell_to_latlng(c) for c in cells]))
    table = pl.DataFrame({"cell": cells, "distance_m": distance, "bearing_deg": bearing})
    return table.filter((pl.col("distance_m") <= radius_m) | (pl.col("cell") == own))


def _from_place(lon: float, lat: float, places: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return distance and bearing from a place to others given as latitude and longitude."""
    phi, theta = math.radians(lat), math.radians(lon)
    phis, apart = np.radians(places[:, 0]), np.radians(places[:, 1]) - theta
    ahead = np.sin(apart) * np.cos(phis)
    aside = np.cos(phi) * np.sin(phis) - np.sin(phi) * np.cos(phis) * np.cos(apart)
    haversine = (
        np.sin((phis - phi) / 2.0) ** 2 + np.cos(phi) * np.cos(phis) * np.sin(apart / 2.0) ** 2
    )
    distance = 2.0 * _EARTH_M * np.arcsin(np.sqrt(np.clip(haversine, 0.0, 1.0)))
    return distance, np.degrees(np.arctan2(ahead, aside)) % 360.0
