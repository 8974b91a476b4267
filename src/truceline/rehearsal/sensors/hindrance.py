"""Obstruction of the mission: which sectors deny it access, or jam it, and when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from truceline.core.space.geodesy import FloatArray
from truceline.rehearsal.sensors.sighting import IntArray, Watch
from truceline.rehearsal.worlds.signs import Sign


@dataclass(frozen=True)
class Hindrance:
    """Obstructions of one kind in a province.

    Attributes
    ----------
    owner, sector : arrays of int
        The act, and the sector in which it works.
    t0, t1 : arrays
        When, seconds from the origin.
    x, y : arrays
        Where the mission met it.
    """

    owner: IntArray
    sector: IntArray
    t0: FloatArray
    t1: FloatArray
    x: FloatArray
    y: FloatArray

    def met_by(self, sector: IntArray, start: FloatArray, end: FloatArray) -> IntArray:
        """Return the first obstruction that each of several meets in its sector, -1 for none."""
        met = np.full(len(sector), -1)
        for k in reversed(range(len(self.owner))):
            here = (sector == self.sector[k]) & (self.t0[k] < end) & (self.t1[k] > start)
            met[here] = k
        return met


def denials(watch: Watch) -> Hindrance:
    """Return refusals of access to patrols: every second obstruction."""
    return _of(watch, 0)


def jammings(watch: Watch) -> Hindrance:
    """Return jamming of the mission's drones: the other half of the obstructions."""
    return _of(watch, 1)


def _of(watch: Watch, rest: int) -> Hindrance:
    signs = watch.signs.of(Sign.OBSTRUCTION)
    signs = signs.take(signs.owner % 2 == rest)
    sector = watch.country.sector_of(signs.s)
    return Hindrance(signs.owner, sector, signs.t, signs.t + signs.seconds, signs.x, signs.y)
