"""The line on a plane: places by distance along it and depth across it."""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
import shapely

from truceline.core.space.geodesy import FloatArray, local_plane, to_plane

#: How far along the line the general direction of a place is taken, metres.
_SMOOTHING_M = 8_000.0

#: Part of the line searched for the nearest segment, either way, metres.
_WINDOW_M = 60_000.0


@dataclass(frozen=True)
class Frame:
    """A plane in metres whose first side lies at smaller x, seen along the line.

    Attributes
    ----------
    lon, lat : float
        Its centre, degrees.
    mirrored : bool
        Whether east and west are exchanged on the map. The world on the plane stays the
        same to the last digit: that is how party swap is shown.
    """

    lon: float
    lat: float
    mirrored: bool = False

    @property
    def sign(self) -> float:
        """Return -1 where the map is mirrored."""
        return -1.0 if self.mirrored else 1.0

    def to_degrees(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return longitudes and latitudes."""
        plane = local_plane(self.lon, self.lat)
        lon, lat = plane.transform(self.sign * np.asarray(x), np.asarray(y), direction="INVERSE")
        return np.asarray(lon), np.asarray(lat)

    def from_degrees(self, lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return places on the plane."""
        x, y = local_plane(self.lon, self.lat).transform(np.asarray(lon), np.asarray(lat))
        return self.sign * np.asarray(x), np.asarray(y)

    def shape_to_degrees(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Return a shape of the plane in degrees."""
        return shapely.transform(shape, lambda xy: np.column_stack(self.to_degrees(*xy.T)))

    def ground_to_degrees(self, ground: shapely.Geometry) -> shapely.Geometry:
        """Return polygons of the plane in degrees, put on a grid of a decimetre.

        Rounding moves corners by their last digits, and one may then cross an edge beside it.
        """
        return shapely.set_precision(self.shape_to_degrees(ground), 1e-6)


def azimuth(dx: FloatArray, dy: FloatArray) -> FloatArray:
    """Return directions on the plane, degrees from its north; the map may mirror them."""
    return np.asarray(np.degrees(np.arctan2(dx, dy)) % 360.0)


@dataclass(frozen=True)
class Front:
    """A line of contact on the plane; depth is negative on its first side.

    Attributes
    ----------
    x, y : arrays
        Its corners, metres.
    s : array
        Distance along it at each corner, metres.
    nx, ny : arrays
        Direction across it to the second side, smoothed over some kilometres.
    """

    x: FloatArray
    y: FloatArray
    s: FloatArray
    nx: FloatArray
    ny: FloatArray

    @property
    def length_m(self) -> float:
        """Return its length, metres."""
        return float(self.s[-1])

    @classmethod
    def of(cls, x: FloatArray, y: FloatArray) -> Front:
        """Return a front along corners; its second side is to the right of the way."""
        s = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
        back, ahead = s - _SMOOTHING_M, s + _SMOOTHING_M
        tx = np.interp(ahead, s, x) - np.interp(back, s, x)
        ty = np.interp(ahead, s, y) - np.interp(back, s, y)
        norm = np.hypot(tx, ty)
        return cls(x, y, s, ty / norm, -tx / norm)

    def place(self, s: FloatArray, depth: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the places that lie so deep on a side, beside the line at `s`.

        Across a bend the depth is corrected until it is right to a few metres or, in a
        pocket narrower than the depth, at least the side is.
        """
        nx, ny = np.interp(s, self.s, self.nx), np.interp(s, self.s, self.ny)
        px, py = np.interp(s, self.s, self.x), np.interp(s, self.s, self.y)
        away = np.array(depth, dtype=np.float64)
        x, y = px + away * nx, py + away * ny
        for _ in range(4):
            wrong = depth - self.depth(x, y, s)
            away = away + np.where(np.abs(wrong) > 1.0, wrong, 0.0)
            x, y = px + away * nx, py + away * ny
        return x, y

    def depth(self, x: FloatArray, y: FloatArray, near_s: FloatArray) -> FloatArray:
        """Return how far from the line each place is, negative on the first side."""
        return np.asarray(_depth(x, y, near_s, self.x, self.y, self.s, _WINDOW_M))

    def shape(self) -> shapely.LineString:
        """Return the line as a shape on the plane."""
        return shapely.LineString(np.column_stack([self.x, self.y]))


@nb.njit(cache=True)
def _depth(
    x: FloatArray,
    y: FloatArray,
    near_s: FloatArray,
    lx: FloatArray,
    ly: FloatArray,
    s: FloatArray,
    window: float,
) -> FloatArray:
    """Signed distance to the nearest segment within a stretch of the line."""
    out = np.empty(x.shape[0])
    last = lx.shape[0] - 1
    for i in range(x.shape[0]):
        first = max(np.searchsorted(s, near_s[i] - window) - 1, 0)
        end = min(np.searchsorted(s, near_s[i] + window), last)
        best, sign = np.inf, 1.0
        for k in range(first, end):
            dx, dy = lx[k + 1] - lx[k], ly[k + 1] - ly[k]
            wx, wy = x[i] - lx[k], y[i] - ly[k]
            part = (wx * dx + wy * dy) / (dx * dx + dy * dy)
            part = min(max(part, 0.0), 1.0)
            ex, ey = wx - part * dx, wy - part * dy
            d2 = ex * ex + ey * ey
            # At a shared corner the segment more square to the place decides the side.
            cross = wx * dy - wy * dx
            if d2 < best - 1e-6 or (d2 < best + 1e-6 and abs(cross) > abs(sign)):
                best = min(d2, best)
                sign = cross
        out[i] = np.sqrt(best) if sign > 0 else -np.sqrt(best)
    return out


def generated_line(
    rng: np.random.Generator, km: float, roughness: float, vertex_km: float = 2.0
) -> tuple[FloatArray, FloatArray]:
    """Return corners of an invented line from south to north, by midpoint displacement.

    Parameters
    ----------
    km : float
        Its length, kilometres.
    roughness : float
        0 is straight; 0.3 winds like a front that rivers and towns have shaped.
    """
    levels = int(np.ceil(np.log2(max(km / vertex_km, 2.0))))
    across = np.zeros(2)
    scale = roughness * 0.5
    for _ in range(levels):
        middle = (across[:-1] + across[1:]) / 2 + scale * rng.standard_normal(len(across) - 1)
        merged = np.empty(len(across) * 2 - 1)
        merged[::2], merged[1::2] = across, middle
        across, scale = merged, scale * 0.5
    along = np.linspace(-0.5, 0.5, len(across))
    length = np.hypot(np.diff(across), np.diff(along)).sum()
    return 1000.0 * km / length * across, 1000.0 * km / length * along


def line_of_shape(shape: shapely.LineString, frame: Frame) -> tuple[FloatArray, FloatArray]:
    """Return the corners of a line in degrees on the plane, none far from the next."""
    flat = shapely.segmentize(to_plane(shape, local_plane(frame.lon, frame.lat)), 2_000.0)
    xy = shapely.get_coordinates(flat)
    return frame.sign * xy[:, 0], xy[:, 1]
