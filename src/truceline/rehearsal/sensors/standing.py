"""Where the mission's cameras and arrays stand, and on which days each works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from truceline.core.space.geodesy import FloatArray
from truceline.rehearsal.draws import Draws, What, draws
from truceline.rehearsal.scenarios.scenario import Scenario, SensorSpec
from truceline.rehearsal.seeds import Role
from truceline.rehearsal.sensors.stretch import BoolArray, Stretch
from truceline.rehearsal.worlds.calendar import SECONDS_PER_DAY, truce_calendar
from truceline.rehearsal.worlds.geography import Geography

IntArray = npt.NDArray[np.int64]

#: In place of a province, for what stands or flies for the whole line.
WHOLE_LINE = 1_000_000

#: Hours after which a post that works was heard at least once: each tells of its effort daily.
HEARD_EVERY_H = 24.0


#: Days for which a post that fails stays down, on average.
_DOWN_DAYS = 3.0


@dataclass(frozen=True)
class Posts:
    """Posts of one kind.

    Attributes
    ----------
    prefix : str
        What their names begin with.
    unit : array of int
        Their numbers in the order in which places are filled.
    x, y : arrays
        Where they stand.
    up : array, posts x days
        Whether they work.
    """

    prefix: str
    unit: IntArray
    x: FloatArray
    y: FloatArray
    up: BoolArray

    def works(self, post: IntArray, t: FloatArray) -> BoolArray:
        """Return whether posts work at given times."""
        day = (t / SECONDS_PER_DAY).astype(np.int64).clip(0, self.up.shape[1] - 1)
        return np.asarray(self.up[post, day])

    def named(self, post: IntArray) -> list[str]:
        """Return the names of posts, as observations have them for their witness."""
        return [f"{self.prefix}{k + 1:02d}" for k in self.unit[post]]


def cameras(stretch: Stretch) -> Posts:
    """Return a province's cameras."""
    return _along(stretch, stretch.scenario.sensors["camera"], Role.CAMERAS, 1_000.0, "C")


def acoustic_arrays(stretch: Stretch) -> Posts:
    """Return a province's acoustic arrays."""
    return _along(stretch, stretch.scenario.sensors["acoustic"], Role.ACOUSTICS, 2_000.0, "A")


def seismic_arrays(stretch: Stretch) -> Posts:
    """Return the seismic arrays of the whole line, which every province's ground shakes."""
    spec = stretch.scenario.sensors["seismic"]
    length = stretch.country.front.length_m
    n = max(round(spec.per_100km * length / 100_000.0), 1 if spec.per_100km > 0 else 0)
    unit, days = np.arange(n), int(np.ceil(stretch.calendar.days))

    def drawn(unit: IntArray, event: IntArray | int = 0) -> Draws:
        return draws(stretch.scenario.seed, Role.SEISMIC, WHOLE_LINE, unit=unit, event=event)

    side = np.where(drawn(unit).uniform(What.ACROSS) < 0.5, -1.0, 1.0)
    x, y = stretch.country.front.place(length * filled(n, first=0.5), 30_000.0 * side)
    which, day = (grid.ravel() for grid in np.indices((n, days)))
    up = drawn(which, day).uniform(What.FAILS) < spec.up
    return Posts("G", unit, x, y, up.reshape(n, days))


def filled(n: int, *, first: float) -> FloatArray:
    """Return the first n places of a fixed order of filling a stretch, as parts of its length.

    Each new one parts the widest gap that there is, so that n posts are spread about evenly and are
    all among the n + 1 of a larger force. No fixed order leaves less of a widest gap: 1 / ln 2 of
    the mean one, 1.44 (de Bruijn & Erdős 1949, "Sequences of points on a circle").

    Parameters
    ----------
    n : int
        How many.
    first : float
        Where the first one stands.

    Examples
    --------
    >>> filled(4, first=0.0).round(3).tolist()
    [0.0, 0.585, 0.322, 0.807]
    """
    return np.asarray((first + np.log2(2.0 * np.arange(n) + 1.0)) % 1.0)


def mission(scenario: Scenario, country: Geography) -> dict[str, object]:
    """Return the content of the rehearsal's `mission.yaml`: every post, where it stands."""
    return {"own": list(_own(scenario, country))}


def _own(scenario: Scenario, country: Geography) -> Iterator[dict[str, object]]:
    stretches = [
        Stretch(scenario, country, province, truce_calendar(scenario))
        for province in range(len(country.provinces))
    ]
    for stretch in stretches:
        yield from _places(country, cameras(stretch), "camera", "cameras")
        yield from _places(country, acoustic_arrays(stretch), "acoustic array", "acoustics")
    yield from _places(country, seismic_arrays(stretches[0]), "seismic array", "seismic")


def _places(
    country: Geography, stand: Posts, kind: str, source: str
) -> Iterator[dict[str, object]]:
    lon, lat = country.frame.to_degrees(stand.x, stand.y)
    for name, at_lon, at_lat in zip(stand.named(np.arange(len(lon))), lon, lat, strict=True):
        yield {
            "id": name, "kind": kind, "lon": round(float(at_lon), 5),
            "lat": round(float(at_lat), 5), "source": source, "heard_every_h": HEARD_EVERY_H,
        }  # fmt: skip


def _along(stretch: Stretch, spec: SensorSpec, role: Role, depth_m: float, letter: str) -> Posts:
    """Return posts along the line, none in its blind parts."""
    length, alone = stretch.high - stretch.low, stretch.draws(role, 0)
    n = int(np.floor(spec.per_100km * length / 100_000.0 + alone.uniform(What.NUMBER)[0]))
    s = stretch.low + length * filled(n, first=float(alone.uniform(What.ALONG)[0]))
    unit = np.flatnonzero(~stretch.is_blind(s))
    depth = stretch.draws(role, unit).between(What.ACROSS, -depth_m, depth_m)
    x, y = stretch.country.front.place(s[unit], depth)
    return Posts(f"{letter}{stretch.province + 1:02d}-", unit, x, y, _up(stretch, spec, role, unit))


def _up(stretch: Stretch, spec: SensorSpec, role: Role, unit: IntArray) -> BoolArray:
    """Return on which days posts work; one that fails stays down for days."""
    shape = (len(unit), int(np.ceil(stretch.calendar.days)))
    which, day = (grid.ravel() for grid in np.indices(shape))
    each = stretch.draws(role, unit[which], day)
    # As many fail a day as leave the stated share of them up.
    fails = np.flatnonzero(each.uniform(What.FAILS) < (1.0 - spec.up) / _DOWN_DAYS)
    lasts = each.take(fails).geometric(What.MENDED, 1.0 / _DOWN_DAYS)
    up = np.ones(shape, np.bool_)
    for k, days in zip(fails, lasts, strict=True):
        up[which[k], day[k] : day[k] + days] = False
    return up
