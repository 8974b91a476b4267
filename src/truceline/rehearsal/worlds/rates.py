"""Rates of unprovoked acts hour by hour: the day's beat, the parties, probing and phases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from truceline.core.space.geodesy import FloatArray
from truceline.rehearsal.scenarios.scenario import DynamicsSpec, PartySpec, Scenario
from truceline.rehearsal.worlds.calendar import SECONDS_PER_DAY, Calendar, phase_factor
from truceline.rehearsal.worlds.geography import Geography

IntArray = npt.NDArray[np.int64]


def party_of_side(scenario: Scenario, part: float, side: int) -> int:
    """Return which party holds a side at a part of the line, by position in the list."""
    name = ("first", "second")[side]
    for i, party in enumerate(scenario.parties):
        if party.side == name and party.part[0] <= part <= party.part[1]:
            return i
    raise ValueError(f"no party holds the {name} side at {part:.2f} of the line")


def holders(scenario: Scenario, n_sectors: int) -> IntArray:
    """Return which party holds each side of each sector, sectors x 2."""
    return np.array(
        [
            [party_of_side(scenario, (i + 0.5) / n_sectors, side) for side in (0, 1)]
            for i in range(n_sectors)
        ]
    )


@dataclass(frozen=True)
class Rates:
    """Rates of unprovoked acts in a province.

    Attributes
    ----------
    level : array, sectors x sides x hours
        Acts an hour of all kinds.
    mix : tuple of arrays
        Weights of the kinds by hour, kinds x hours; more than one where a phase changes
        the mix of some sectors and sides.
    mix_of : array of int, sectors x sides
        Which of the mixes holds.
    """

    level: FloatArray
    mix: tuple[FloatArray, ...]
    mix_of: IntArray

    def full(self) -> FloatArray:
        """Return the rates by sector, side, kind and hour."""
        shares = np.array([m / m.sum(axis=0) for m in self.mix])
        return np.asarray(self.level[:, :, None, :] * shares[self.mix_of])


def immigrant_rates(
    scenario: Scenario,
    country: Geography,
    sectors: range,
    calendar: Calendar,
    rng: np.random.Generator,
) -> Rates:
    """Return the rate of unprovoked acts, an hour, by sector, side, kind and hour."""
    dynamics, kinds = scenario.dynamics, list(scenario.acts.values())
    share = np.array([kind.share for kind in kinds]) / sum(kind.share for kind in kinds)
    sterile = 1.0 - dynamics.follow - dynamics.retaliate
    middle = np.asarray((np.arange(calendar.hours) + 0.5) * 3600.0, np.float64)
    days = np.asarray(middle / SECONDS_PER_DAY - calendar.truce_day, np.float64)
    night = calendar.is_night(middle)
    beat = np.array([np.where(night, k.night, 1.0) for k in kinds])
    # Night moves acts in time and adds none on average, however long it is.
    beat = beat / beat.mean(axis=1, keepdims=True)
    ordinary = share[:, None] * beat * np.where(days < 0, scenario.before_factor, 1.0)
    total = ordinary.sum(axis=0)
    level = np.empty((len(sectors), 2, calendar.hours))
    mixes, mix_of = [ordinary], np.zeros((len(sectors), 2), np.int64)
    for i, sector in enumerate(sectors):
        km = (country.edges[sector + 1] - country.edges[sector]) / 1000.0
        part = (sector + 0.5) / country.n_sectors
        base = dynamics.acts_per_day / dynamics.per_km * km / 24.0 / 2.0 * sterile
        for side in (0, 1):
            party = scenario.parties[party_of_side(scenario, part, side)]
            scale = base * party.intensity * scenario.scale.rates
            phases = _phases(scenario, party, part, days)
            if phases is not None:
                mix_of[i, side] = len(mixes)
                mixes.append(ordinary * phases)
            hourly = total if phases is None else mixes[-1].sum(axis=0)
            level[i, side] = scale * hourly * _probes(dynamics, calendar, rng)
    return Rates(level, tuple(mixes), mix_of)


def _probes(dynamics: DynamicsSpec, calendar: Calendar, rng: np.random.Generator) -> FloatArray:
    """Return the factor of short trials of the other side's patience, hour by hour."""
    factor = np.ones(calendar.hours)
    n = rng.poisson(calendar.days / dynamics.probe_every_days)
    for start, hours in zip(
        rng.uniform(0, calendar.hours, n), rng.exponential(dynamics.probe_hours, n), strict=True
    ):
        factor[int(start) : int(start + hours) + 1] = dynamics.probe_factor
    # Probing moves acts in time and adds none on average.
    return np.asarray(factor / factor.mean(), np.float64)


def _phases(
    scenario: Scenario, party: PartySpec, part: float, days: FloatArray
) -> FloatArray | None:
    """Return what the phases make of each kind by hour, or null where none is in the way."""
    names = list(scenario.acts)
    here = [
        phase
        for phase in scenario.phases
        if phase.part[0] <= part <= phase.part[1] and phase.party in (None, party.id)
    ]
    if not here:
        return None
    factor = np.ones((len(names), len(days)))
    for phase in here:
        rows = [i for i, name in enumerate(names) if not phase.acts or name in phase.acts]
        factor[rows] *= phase_factor(phase, days)
    return factor
