"""A country that goes on living: all that looks like a violation and is none."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from truceline.core.space.geodesy import FloatArray
from truceline.rehearsal.scenarios.scenario import Scenario
from truceline.rehearsal.seeds import Role, stream
from truceline.rehearsal.worlds.calendar import SECONDS_PER_DAY, Calendar
from truceline.rehearsal.worlds.geography import Geography, Places

IntArray = npt.NDArray[np.int64]

#: Why something was seen though nothing hostile happened; the last three are no happenings
#: but faults of those who report.
CAUSES = (
    "farm_fire",
    "furnace",
    "quarry_blast",
    "celebration",
    "hunting",
    "traffic",
    "storm",
    "civil_drone",
    "late_bodies",
    "accident",
    "false_news",
    "sensor_noise",
    "fabricated_report",
    "network_outage",
)
CAUSE = {name: i for i, name in enumerate(CAUSES)}


@dataclass(frozen=True)
class Benign:
    """Harmless happenings of a province, one row each.

    Attributes
    ----------
    t : array
        Start, seconds from the origin of the calendar.
    cause : array of int
        Position in `CAUSES`.
    x, y, s : arrays
        Place on the plane, and the distance along the line it lies beside, metres.
    minutes, count, megawatt : arrays
        Duration, how many bangs or people, power of a fire (0 for none).
    """

    t: FloatArray
    cause: IntArray
    x: FloatArray
    y: FloatArray
    s: FloatArray
    minutes: FloatArray
    count: FloatArray
    megawatt: FloatArray

    def __len__(self) -> int:
        return len(self.t)


class _Country:
    """Draws places and times of one province."""

    def __init__(
        self,
        scenario: Scenario,
        country: Geography,
        around: Places,
        province: int,
        calendar: Calendar,
    ) -> None:
        self.rng = stream(scenario.seed, Role.BENIGN, province, calendar.era)
        self.front, self.around, self.calendar = country.front, around, calendar
        sectors = country.provinces[province]
        self.low, self.high = country.edges[sectors.start], country.edges[sectors.stop]
        #: Rates are a day and 100 km.
        self.size = (self.high - self.low) / 100_000.0 * calendar.days

    def local(self, hour: float, spread: float, n: int) -> FloatArray:
        """Return times around a local hour, on random days."""
        day = np.floor(self.rng.uniform(0, self.calendar.days, n))
        start = self.calendar.local_hour(np.zeros(1))[0]
        hours = hour + spread * self.rng.standard_normal(n) - start
        return np.asarray((day * 24 + hours % 24) * 3600.0)

    def anywhere(
        self, n: int, reach_m: float = 25_000.0
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        s = self.rng.uniform(self.low, self.high, n)
        x, y = self.front.place(s, self.rng.uniform(-reach_m, reach_m, n))
        return x, y, s

    def at(
        self, sites: FloatArray, n: int, spread_m: float
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        xy = sites[self.rng.integers(0, len(sites), n)] + spread_m * self.rng.standard_normal(
            (n, 2)
        )
        return xy[:, 0], xy[:, 1], self.beside(xy)

    def beside(self, xy: FloatArray) -> FloatArray:
        """Return the distance along the line of its nearest corner."""
        inside = (self.front.s >= self.low) & (self.front.s <= self.high)
        corners = np.flatnonzero(inside)
        gap = (xy[:, None, 0] - self.front.x[corners]) ** 2
        gap = gap + (xy[:, None, 1] - self.front.y[corners]) ** 2
        return np.asarray(self.front.s[corners[gap.argmin(axis=1)]]) if len(xy) else np.zeros(0)

    def poisson(self, rate: float) -> int:
        return int(self.rng.poisson(rate * self.size))

    def made(
        self,
        cause: str,
        t: FloatArray,
        place: tuple[FloatArray, FloatArray, FloatArray],
        minutes: FloatArray | float,
        count: FloatArray | float = 1.0,
        megawatt: FloatArray | float = 0.0,
    ) -> Benign:
        n = len(t)
        return Benign(
            t, np.full(n, CAUSE[cause]), *place, np.broadcast_to(minutes, n).astype(np.float64),
            np.broadcast_to(count, n).astype(np.float64),
            np.broadcast_to(megawatt, n).astype(np.float64),
        )  # fmt: skip


def simulate_benign(
    scenario: Scenario, country: Geography, around: Places, province: int, calendar: Calendar
) -> Benign:
    """Return what happens in a province whether or not there is a truce."""
    draw = _Country(scenario, country, around, province, calendar)
    parts = [
        _farm_fires(draw, scenario),
        _furnaces(draw, scenario),
        *_bangs(draw, scenario),
        *_others(draw, scenario),
    ]
    whole = {f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Benign)}
    keep = (whole["t"] >= 0) & (whole["t"] < calendar.seconds)
    return Benign(**{name: column[keep] for name, column in whole.items()})


def _farm_fires(draw: _Country, scenario: Scenario) -> Benign:
    spec = scenario.benign
    n = draw.poisson(spec.farm_fires)
    t = draw.local(14.5, 2.5, n)
    gap = draw.calendar.day_of_year(t) - spec.farm_fire_peak_day
    gap = (gap + 182.6) % 365.25 - 182.6
    keep = draw.rng.random(n) < np.exp(-0.5 * (gap / spec.farm_fire_season_days) ** 2)
    power = spec.farm_fire_mw * np.exp(0.9 * draw.rng.standard_normal(n))
    x, y, s = draw.anywhere(n)
    minutes = draw.rng.gamma(3.0, 50.0, n)
    place = (x[keep], y[keep], s[keep])
    return draw.made("farm_fire", t[keep], place, minutes[keep], 1.0, power[keep])


def _furnaces(draw: _Country, scenario: Scenario) -> Benign:
    """Permanent heat burns in daily pieces, so that its power can change."""
    sites, days = len(draw.around.furnaces), int(np.ceil(draw.calendar.days))
    which, day = np.divmod(np.arange(sites * days), max(days, 1))
    xy = draw.around.furnaces[which] if sites else np.zeros((0, 2))
    at_work = draw.rng.random(len(which)) < 0.85
    power = scenario.benign.furnace_mw * np.exp(0.4 * draw.rng.standard_normal(len(which)))
    place = (xy[at_work, 0], xy[at_work, 1], draw.beside(xy[at_work]))
    t = day[at_work] * SECONDS_PER_DAY
    return draw.made("furnace", t, place, 1440.0, 1.0, power[at_work])


def _bangs(draw: _Country, scenario: Scenario) -> list[Benign]:
    spec, rng = scenario.benign, draw.rng
    n_q = int(
        rng.poisson(
            spec.quarry_blasts_per_week * len(draw.around.quarries) * draw.calendar.days / 7
        )
    )
    n_q *= bool(len(draw.around.quarries))
    n_c, n_h = draw.poisson(spec.celebrations), draw.poisson(spec.hunting)
    n_s = int(rng.poisson(spec.storms_per_month * draw.calendar.days / 30.0))
    quarry = draw.local(12.0, 1.0, n_q)
    work = draw.calendar.weekday(quarry) < 5
    sites = draw.around.quarries if n_q else np.zeros((1, 2))
    x, y, s = draw.at(sites, n_q, 100.0)
    storm_t = np.repeat(draw.local(17.0, 3.0, n_s), rng.poisson(spec.storm_thunders, n_s))
    storm_t = storm_t + rng.gamma(2.0, 2700.0, len(storm_t))
    return [
        draw.made("quarry_blast", quarry[work], (x[work], y[work], s[work]), 1.0),
        draw.made(
            "celebration", draw.local(21.5, 1.2, n_c), draw.at(draw.around.villages, n_c, 500.0),
            20.0, _people(rng, 8, n_c),
        ),
        draw.made(
            "hunting", draw.local(6.5, 1.0, n_h), draw.anywhere(n_h), 60.0, _people(rng, 5, n_h)
        ),
        draw.made("storm", storm_t, draw.anywhere(len(storm_t), 30_000.0), 1.0),
    ]  # fmt: skip


def _people(rng: np.random.Generator, mean: float, n: int) -> FloatArray:
    return np.asarray(1.0 + rng.poisson(mean, n), dtype=np.float64)


def _others(draw: _Country, scenario: Scenario) -> list[Benign]:
    spec, rng = scenario.benign, draw.rng
    fade = spec.late_bodies_days / max(draw.calendar.days, 1.0) if draw.calendar.era == 0 else 0.0
    n_t, n_d = draw.poisson(spec.traffic), draw.poisson(spec.civil_drones)
    n_b, n_a = draw.poisson(spec.late_bodies * min(fade, 1.0)), draw.poisson(spec.accidents)
    n_f = draw.poisson(spec.false_news)
    # The dead of the fighting are found and counted only once the truce allows it.
    found = draw.calendar.truce_day + rng.exponential(spec.late_bodies_days / 2, n_b)
    villages = draw.around.villages
    return [
        draw.made("traffic", draw.local(12.0, 4.0, n_t), draw.anywhere(n_t, 15_000.0), 120.0, 3.0),
        draw.made("civil_drone", draw.local(13.0, 3.0, n_d), draw.anywhere(n_d, 15_000.0), 25.0),
        draw.made(
            "late_bodies", found * SECONDS_PER_DAY, draw.anywhere(n_b, 8_000.0), 1.0,
            _people(rng, 2, n_b),
        ),
        draw.made(
            "accident", draw.local(13.0, 5.0, n_a), draw.at(villages, n_a, 800.0), 60.0, 1.0,
            5.0 * np.exp(0.8 * rng.standard_normal(n_a)),
        ),
        draw.made("false_news", draw.local(13.0, 5.0, n_f), draw.at(villages, n_f, 300.0), 1.0),
    ]  # fmt: skip
