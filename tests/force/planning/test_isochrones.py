"""Isochrones: they fill the strip along the line, do not overlap, and hold the places."""

import numpy as np
import pytest
import shapely

from truceline.core.space.geodesy import centre_of, local_plane, to_plane
from truceline.force.planning.answering import BANDS_H, MODES
from truceline.force.planning.isochrones import FIELD_KM, REACH_KM, isochrones


@pytest.fixture(scope="module", params=MODES[::2])
def drawn(request, plan):
    ground = plan.asked.ground
    bands = isochrones(plan.answering.bases, ground, plan.asked.assumed, request.param, BANDS_H)
    return request.param, bands


def test_the_bands_fill_the_strip_and_do_not_overlap(plan, drawn):
    _, bands = drawn
    plane = local_plane(*centre_of(plan.asked.ground.line))
    strip = to_plane(plan.asked.ground.line, plane).buffer(REACH_KM * 1000.0)
    areas = [to_plane(band.ground, plane).area for band in bands]
    assert sum(areas) == pytest.approx(strip.area, rel=0.005)
    assert [band.low for band in bands] == sorted(band.low for band in bands)


def test_every_place_of_the_line_lies_in_its_band(plan, drawn):
    mode, bands = drawn
    mine = plan.answering.hours.filter(mode=mode)
    table = plan.asked.ground.stretches.join(mine.select("sector", "hours"), on="sector")
    near = FIELD_KM / 111.0
    for row in table.to_dicts():
        hours = np.inf if row["hours"] is None else row["hours"]
        band = next(b for b in bands if b.low <= hours <= b.high)
        assert band.ground.distance(shapely.Point(row["lon"], row["lat"])) <= near


def test_nobody_reaches_anything_without_bases(plan):
    asked = plan.asked
    none = plan.answering.bases.clear()
    (band,) = isochrones(none, asked.ground, asked.assumed, MODES[0], BANDS_H)
    assert band.high == np.inf
