"""Where the mission's cameras and arrays stand, and on which days each works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from truceline.core.space.geodesy import FloatArray
from truceline.rehearsal.scenarios.scenario import Scenario, SensorSpec
from truceline.rehearsal.seeds import Role, stream
from truceline.rehearsal.sensors.stretch import BoolArray, Stretch
from truceline.rehearsal.worlds.calendar import SECONDS_PER_DAY, truce_calendar
from truceline.rehearsal.worlds.geography import Geography

IntArray = npt.NDArray[np.int64]

#: Hours after which a post that works was heard at least once: each tells of its effort daily.
HEARD_EVERY_H = 24.0


@dataclass(frozen=True)
class Posts:
    """Posts of one kind.

    Attributes
    ----------
    prefix : str
        What their names begin with.
    x, y : arrays
        Where they stand.
    up : array, posts x days
        Whether they work.
    """

    prefix: str
    x: FloatArray
    y: FloatArray
    up: BoolArray

    def works(self, post: IntArray, t: FloatArray) -> BoolArray:
        """Return whether posts work at given times."""
        day = (t / SECONDS_PER_DAY).astype(np.int64).clip(0, self.up.shape[1] - 1)
        return np.asarray(self.up[post, day])

    def named(self, post: IntArray) -> list[str]:
        """Return the names of posts, as observations have them for their witness."""
        return [f"{self.prefix}{k + 1:02d}" for k in post]


def cameras(stretch: Stretch, rng: np.random.Generator) -> Posts:
    """Return a province's cameras; their stream's first numbers place them."""
    return _along(stretch, stretch.scenario.sensors["camera"], rng, 1_000.0, "C")


def acoustic_arrays(stretch: Stretch, rng: np.random.Generator) -> Posts:
    """Return a province's acoustic arrays; their stream's first numbers place them."""
    return _along(stretch, stretch.scenario.sensors["acoustic"], rng, 2_000.0, "A")


def seismic_arrays(stretch: Stretch) -> Posts:
    """Return the seismic arrays of the whole line, which every province's ground shakes."""
    spec = stretch.scenario.sensors["seismic"]
    where = stream(stretch.scenario.seed, Role.SEISMIC, 1_000_000)
    length = stretch.country.front.length_m
    n = max(round(spec.per_100km * length / 100_000.0), 1 if spec.per_100km > 0 else 0)
    s = (np.arange(n) + 0.5) * length / max(n, 1)
    side = np.where(where.random(n) < 0.5, -1.0, 1.0)
    x, y = stretch.country.front.place(s, 30_000.0 * side)
    days = int(np.ceil(stretch.calendar.days))
    return Posts("G", x, y, where.random((n, days)) < spec.up)


def mission(scenario: Scenario, country: Geography) -> dict[str, object]:
    """Return the content of the rehearsal's `mission.yaml`: every post, where it stands."""
    return {"own": list(_own(scenario, country))}


def _own(scenario: Scenario, country: Geography) -> Iterator[dict[str, object]]:
    stretches = [
        Stretch(scenario, country, province, truce_calendar(scenario))
        for province in range(len(country.provinces))
    ]
    for stretch in stretches:
        stand = cameras(stretch, stretch.rng(Role.CAMERAS))
        yield from _places(country, stand, "camera", "cameras")
        stand = acoustic_arrays(stretch, stretch.rng(Role.ACOUSTICS))
        yield from _places(country, stand, "acoustic array", "acoustics")
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


def _along(
    stretch: Stretch, spec: SensorSpec, rng: np.random.Generator, depth_m: float, letter: str
) -> Posts:
    """Return posts along the line; one that fails stays down for days."""
    s = stretch.spaced(spec.per_100km, rng)
    x, y = stretch.country.front.place(s, rng.uniform(-depth_m, depth_m, len(s)))
    days = int(np.ceil(stretch.calendar.days))
    up = np.ones((len(s), days), np.bool_)
    # Failures last three days on average; their rate gives the stated share of time up.
    fails = rng.random((len(s), days)) < (1.0 - spec.up) / 3.0
    for post, day in zip(*np.nonzero(fails), strict=True):
        up[post, day : day + int(rng.geometric(1 / 3.0))] = False
    return Posts(f"{letter}{stretch.province + 1:02d}-", x, y, up)
