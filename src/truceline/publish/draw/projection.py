"""The projection of one map: equal in area, centred on what it shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from pyproj import Transformer
from shapely import get_coordinates, transform
from shapely.geometry.base import BaseGeometry

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """A map's projection and its place on the sheet.

    Lambert's azimuthal equal-area projection about the middle of what is shown; north is
    up in the middle and lengths are true there.

    Attributes
    ----------
    lon, lat : float
        The middle, degrees.
    west, north : float
        Metres of the left and upper edge from the middle.
    metres_per_pixel : float
        Scale in the middle.
    width, height : float
        Pixels.
    """

    lon: float
    lat: float
    west: float
    north: float
    metres_per_pixel: float
    width: float
    height: float

    def pixels(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> FloatArray:
        """Return pixel positions, one row a place."""
        x, y = _transformer(self.lon, self.lat).transform(lon, lat)
        return np.column_stack(
            [
                (np.atleast_1d(x) - self.west) / self.metres_per_pixel,
                (self.north - np.atleast_1d(y)) / self.metres_per_pixel,
            ]
        )

    def project(self, shape: BaseGeometry) -> BaseGeometry:
        """Return a shape in pixels, without detail finer than half a pixel."""
        moved = transform(shape, lambda c: self.pixels(c[:, 0], c[:, 1]))
        simple: BaseGeometry = moved.simplify(0.5)
        return simple


def frame_of(
    shapes: Iterable[BaseGeometry], places: FloatArray, *, width: float, margin: float = 0.06
) -> Frame | None:
    """Return the frame that holds all shapes, or the places where there are no shapes.

    The frame is between 0.45 and 0.7 as high as it is wide. With nothing to show there
    is no frame.
    """
    coordinates = [get_coordinates(shape) for shape in shapes]
    points = np.vstack(coordinates) if coordinates else places
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return None
    lon, lat = ((points.min(axis=0) + points.max(axis=0)) / 2).tolist()
    x, y = _transformer(lon, lat).transform(points[:, 0], points[:, 1])
    span_x, span_y = max(np.ptp(x), 4000.0), max(np.ptp(y), 4000.0)
    height = width * float(np.clip(span_y / span_x, 0.45, 0.7))
    scale = float(max(span_x / width, span_y / height)) * (1 + 2 * margin)
    middle_x, middle_y = (x.min() + x.max()) / 2, (y.min() + y.max()) / 2
    return Frame(
        lon,
        lat,
        float(middle_x - scale * width / 2),
        float(middle_y + scale * height / 2),
        scale,
        width,
        height,
    )


# One takes as long to make as thousands of places to project.
@lru_cache(maxsize=64)
def _transformer(lon: float, lat: float) -> Transformer:
    target = f"+proj=laea +lat_0={lat:.6f} +lon_0={lon:.6f} +datum=WGS84 +units=m"
    return Transformer.from_crs("EPSG:4326", target, always_xy=True)
