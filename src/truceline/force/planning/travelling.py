"""Hours on the road between many places at once."""

from __future__ import annotations

import numpy as np
import polars as pl
from pyproj import Geod

from truceline.core.space.geodesy import FloatArray
from truceline.force.planning.assumptions import Assumed

_EARTH = Geod(ellps="WGS84")


def hours_matrix(sites: pl.DataFrame, places: pl.DataFrame, assumed: Assumed) -> FloatArray:
    """Return hours from each site to each place by road by day: geodesic x detour / speed."""
    here = np.repeat(sites.select("lon", "lat").to_numpy(), places.height, axis=0)
    there = np.tile(places.select("lon", "lat").to_numpy(), (sites.height, 1))
    metres = _EARTH.inv(here[:, 0], here[:, 1], there[:, 0], there[:, 1])[2]
    hours = np.asarray(metres) / 1000.0 * assumed["detour"] / assumed["road_kmh"]
    return np.asarray(hours.reshape(sites.height, places.height))
