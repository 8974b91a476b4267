"""A terrain model in a file, and what of the points around each site its ground lets be seen."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from truceline.core.space.geodesy import FloatArray, local_plane
from truceline.core.types.errors import InputError, Where
from truceline.force.terrain.viewshed import BoolArray, Lookout, Relief, viewshed

if TYPE_CHECKING:
    from pyproj import CRS

#: Side of a cell of the ground that is looked over, metres.
CELL_M: Final = 30.0


class Elevations:
    """An open terrain model; heights in metres, in any projection that GDAL knows."""

    def __init__(self, dataset: Any, path: Path) -> None:
        self._dataset, self._path = dataset, path

    def around(self, lon: float, lat: float, reach_m: float, cell_m: float = CELL_M) -> Relief:
        """Return the ground around a place, which is the middle cell, rows from the north.

        Heights are drawn between those of the file (bilinear) on a plane of their own, true to
        distance from the place.
        """
        rasterio, vrt = _rasterio(), importlib.import_module("rasterio.vrt")
        half = max(int(np.ceil(reach_m / cell_m)), 1)
        side = 2 * half + 1
        corner = (half + 0.5) * cell_m
        with vrt.WarpedVRT(
            self._dataset,
            crs=cast("CRS", local_plane(lon, lat).target_crs).to_wkt(),
            transform=rasterio.Affine(cell_m, 0.0, -corner, 0.0, -cell_m, corner),
            width=side,
            height=side,
            resampling=rasterio.enums.Resampling.bilinear,
        ) as laid:
            heights = laid.read(1, masked=True).astype(np.float64)
        if np.ma.getmaskarray(heights).any() or not np.isfinite(heights.data).all():
            raise InputError(
                f"the terrain model lacks heights within {reach_m / 1000.0:g} km of "
                f"{lat:.4f}, {lon:.4f}.",
                where=Where(str(self._path)),
                hint="Give a model that reaches as far as units see, with its gaps filled.",
            )
        return Relief(heights.data, cell_m)


@contextmanager
def open_elevations(path: Path) -> Iterator[Elevations]:
    """Open a terrain model: a GeoTIFF, or another raster that GDAL reads.

    Needs the optional extra `gis`.
    """
    rasterio = _rasterio()
    try:
        dataset = rasterio.open(path)
    except rasterio.errors.RasterioIOError as cause:
        raise InputError(
            "the terrain model cannot be read.",
            where=Where(str(path)),
            hint="Give a GeoTIFF of heights in metres.",
        ) from cause
    with dataset:
        if dataset.crs is None:
            raise InputError(
                "the terrain model does not say where on Earth it lies.",
                where=Where(str(path)),
                hint="Give it a coordinate reference system, as with gdal_edit -a_srs.",
            )
        yield Elevations(dataset, path)


def in_sight(
    elevations: Elevations,
    sites: FloatArray,
    points: FloatArray,
    reach_m: float,
    eye_m: float,
    target_m: float,
) -> BoolArray:
    """Return which points the ground lets be seen from each site, sites x points.

    Parameters
    ----------
    sites, points : float arrays, n x 2
        Longitude and latitude, degrees.
    reach_m : float
        How far anything at a site sees, metres.
    eye_m, target_m : float
        Height above the ground of the eye and of what is to be seen, metres.
    """
    seen = np.zeros((len(sites), len(points)), dtype=np.bool_)
    for at, (lon, lat) in enumerate(sites.tolist()):
        near = _within_degrees(points, lon, lat, reach_m)
        if not len(near):
            continue
        relief = elevations.around(lon, lat, reach_m)
        half = relief.height_m.shape[0] // 2
        view = viewshed(relief, Lookout(half, half, eye_m, target_m, reach_m))
        x, y = local_plane(lon, lat).transform(points[near, 0], points[near, 1])
        row = half - np.rint(np.asarray(y) / relief.cell_m).astype(np.int64)
        column = half + np.rint(np.asarray(x) / relief.cell_m).astype(np.int64)
        inside = (np.abs(row - half) <= half) & (np.abs(column - half) <= half)
        seen[at, near[inside]] = view[row[inside], column[inside]]
    return seen


def _within_degrees(points: FloatArray, lon: float, lat: float, reach_m: float) -> Any:
    """Return the points in a box that holds all within reach: a degree is over 110 km."""
    tall = reach_m / 110_000.0
    wide = tall / max(np.cos(np.radians(abs(lat) + tall)), 1e-6)
    off = np.abs((points[:, 0] - lon + 180.0) % 360.0 - 180.0)
    return np.flatnonzero((off <= wide) & (np.abs(points[:, 1] - lat) <= tall))


def _rasterio() -> ModuleType:
    try:
        return importlib.import_module("rasterio")
    except ImportError as cause:
        raise InputError(
            "'rasterio' is not installed, and a terrain model needs it.",
            hint="Install it with: pip install 'truceline[gis]'",
        ) from cause
