"""A terrain model from a file: laid true to distance, refused where it has gaps."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio

from truceline.core.space.geodesy import local_plane
from truceline.core.types.errors import InputError
from truceline.force.terrain.elevations import in_sight, open_elevations

STEP = 0.0005


def written(path, height, nodata=None, crs="EPSG:4326"):
    """Write heights on a grid of degrees around 48 north, 37 east."""
    lon = np.arange(36.9, 37.1, STEP)
    lat = np.arange(48.1, 47.9, -STEP)
    corner = rasterio.Affine(STEP, 0.0, 36.9 - STEP / 2, 0.0, -STEP, 48.1 + STEP / 2)
    with rasterio.open(
        path, "w", driver="GTiff", width=len(lon), height=len(lat), count=1, dtype="float32",
        crs=crs, transform=corner, nodata=nodata,
    ) as file:  # fmt: skip
        file.write(height(*np.meshgrid(lon, lat)).astype("float32"), 1)
    return path


def test_heights_are_laid_at_their_distance(tmp_path):
    """A slope in metres of height to a metre of way comes out as that slope, on every side."""
    to_plane = local_plane(37.0, 48.0)

    def slope(lon, lat):
        x, y = to_plane.transform(lon, lat)
        return 500.0 + 0.01 * x + 0.02 * y

    with open_elevations(written(tmp_path / "slope.tif", slope)) as elevations:
        relief = elevations.around(37.0, 48.0, 3000.0, 50.0)
    half = relief.height_m.shape[0] // 2
    y, x = (np.indices(relief.height_m.shape) - half) * 50.0
    assert np.abs(relief.height_m - (500.0 + 0.01 * x - 0.02 * y)).max() < 0.3


def test_a_wall_hides_what_is_behind_it_and_a_plain_hides_nothing(tmp_path):
    site, points = np.array([[37.0, 48.0]]), np.array([[37.02, 48.0], [36.98, 48.0], [37.09, 48.0]])
    wall = written(tmp_path / "wall.tif", lambda lon, _: 100.0 * (abs(lon - 37.01) < 0.002))
    plain = written(tmp_path / "plain.tif", lambda lon, _: 0.0 * lon)
    for path, seen in ((wall, [False, True, False]), (plain, [True, True, False])):
        with open_elevations(path) as elevations:
            assert in_sight(elevations, site, points, 3000.0, 10.0, 2.0)[0].tolist() == seen


def test_gaps_ends_and_what_is_no_model_are_refused(tmp_path):
    gap = written(tmp_path / "gap.tif", lambda lon, _: np.where(lon > 37.03, -1.0, 5.0), nodata=-1)
    with open_elevations(gap) as elevations:
        assert elevations.around(36.98, 48.0, 2000.0).height_m.max() == 5.0
        with pytest.raises(InputError, match=r"within 3 km of 48\.0000, 37\.0000"):
            elevations.around(37.0, 48.0, 3000.0)
        with pytest.raises(InputError, match="lacks heights"):
            elevations.around(36.9, 48.0, 1000.0)
    nowhere = written(tmp_path / "nowhere.tif", lambda lon, _: lon, crs=None)
    with pytest.raises(InputError, match="where on Earth"), open_elevations(nowhere):
        pass
    (tmp_path / "text.tif").write_text("no heights")
    with pytest.raises(InputError, match="cannot be read"), open_elevations(tmp_path / "text.tif"):
        pass
