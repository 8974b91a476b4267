r"""What the parties do: a marked, self-exciting point process by sector, side and kind.

Acts that no act brought about come at a rate given hour by hour. Each act then breeds
others: by its own side near by (mean :math:`n_f`, exponential delay) and by the other side
(mean :math:`n_r`, gamma delay), which is the branching form of a Hawkes process (Hawkes &
Oakes 1974). With :math:`n_f + n_r < 1` it dies out, and the mean number of acts an
immigrant stands for is :math:`1 / (1 - n_f - n_r)`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from truceline.core.space.geodesy import FloatArray
from truceline.rehearsal.scenarios.scenario import ActSpec, DynamicsSpec, Scenario
from truceline.rehearsal.seeds import Role, stream
from truceline.rehearsal.worlds.calendar import Calendar
from truceline.rehearsal.worlds.geography import Geography, Places
from truceline.rehearsal.worlds.rates import Rates, holders, immigrant_rates

IntArray = npt.NDArray[np.int64]

#: The two sides of a sector; +1 and -1 point towards the other one.
_TOWARDS = np.array([1.0, -1.0])


@dataclass(frozen=True)
class Acts:
    """Acts of a province, one row each, in the order in which they were bred.

    Attributes
    ----------
    t : array
        Start, seconds from the origin of the calendar.
    sector, side, kind, party : arrays of int
        Where, from which side (0 or 1), which kind, which party answers for it.
    root : array of int
        First act of the chain of one side at one place that it belongs to: its episode.
    group : array of int
        Position of the armed group in the party's list, -1 for the party's own forces.
    is_spoiler : array of bool
        Fired on its own side's ground to have it blamed on the other.
    s, depth, origin_depth : arrays
        Place along the line, depth where it lands and where it comes from, metres.
    rounds : array of int
        How many.
    minutes : array
        How long.
    """

    t: FloatArray
    sector: IntArray
    side: IntArray
    kind: IntArray
    party: IntArray
    root: IntArray
    group: IntArray
    is_spoiler: npt.NDArray[np.bool_]
    s: FloatArray
    depth: FloatArray
    origin_depth: FloatArray
    rounds: IntArray
    minutes: FloatArray

    def __len__(self) -> int:
        return len(self.t)

    def take(self, index: npt.NDArray[np.generic]) -> Acts:
        """Return the rows of an index or mask."""
        return Acts(**{f.name: getattr(self, f.name)[index] for f in fields(self)})


@dataclass(frozen=True)
class _Marks:
    """What is the same for all acts of a scenario, looked up once."""

    held: IntArray
    target: FloatArray
    origin: FloatArray
    own: npt.NDArray[np.bool_]
    rounds: FloatArray
    minutes: FloatArray

    @classmethod
    def of(cls, scenario: Scenario, country: Geography) -> _Marks:
        kinds = list(scenario.acts.values())
        return cls(
            holders(scenario, country.n_sectors),
            _column(kinds, "target_km"),
            _column(kinds, "origin_km"),
            np.array([k.on_own_ground for k in kinds]),
            1.0 / np.maximum(_column(kinds, "rounds"), 1.0),
            _column(kinds, "minutes"),
        )


def simulate_acts(
    scenario: Scenario, country: Geography, around: Places, province: int, calendar: Calendar
) -> Acts:
    """Return all acts in a province, from the first hour of a calendar to the last."""
    rng = stream(scenario.seed, Role.ACTS, province, calendar.era)
    sectors = country.provinces[province]
    rates = immigrant_rates(scenario, country, sectors, calendar, rng)
    marks = _Marks.of(scenario, country)
    generation = _immigrants(scenario, country, around, sectors, rates, marks, rng)
    generations = [generation]
    total = len(generation)
    while len(generation):
        generation = _offspring(scenario, country, generation, total, calendar, marks, rng)
        generations.append(generation)
        total += len(generation)
    return Acts(
        **{f.name: np.concatenate([getattr(g, f.name) for g in generations]) for f in fields(Acts)}
    )


def _immigrants(
    scenario: Scenario,
    country: Geography,
    around: Places,
    sectors: range,
    rates: Rates,
    marks: _Marks,
    rng: np.random.Generator,
) -> Acts:
    flat_level = rates.level.reshape(-1)
    cumulative = np.cumsum(flat_level)
    n = int(rng.poisson(cumulative[-1]))
    drawn = np.sort(rng.uniform(0.0, cumulative[-1], n))
    flat = np.searchsorted(cumulative, drawn, side="right").clip(0, len(cumulative) - 1)
    within = (cumulative[flat] - drawn) / np.maximum(flat_level[flat], 1e-300)
    local, side, hour = np.unravel_index(flat, rates.level.shape)
    kind = _drawn_kinds(rates, rates.mix_of[local, side], hour, rng.random(n))
    sector = local + sectors.start
    low, high = country.edges[sector], country.edges[sector + 1]
    hot = around.hot_s[rng.integers(0, len(around.hot_s), n)] + 1500.0 * rng.standard_normal(n)
    anywhere = rng.uniform(low, high)
    at_hot = (rng.random(n) < 0.6) & (hot > low) & (hot < high)
    s = np.where(at_hot, hot, anywhere)
    t = (hour + 1.0 - within.clip(0.0, 1.0)) * 3600.0
    return _marked(scenario, marks, rng, t, sector, side, kind, s, np.arange(n))


def _drawn_kinds(rates: Rates, mix: IntArray, hour: IntArray, u: FloatArray) -> IntArray:
    """Return the kind of each act, by the mix of its sector, side and hour."""
    kind = np.empty(len(u), np.int64)
    for which in np.unique(mix):
        rows = np.flatnonzero(mix == which)
        edges = rates.mix[which][:, hour[rows]].cumsum(axis=0)
        kind[rows] = (u[rows] * edges[-1] >= edges).sum(axis=0).clip(0, len(edges) - 1)
    return kind


def _offspring(
    scenario: Scenario,
    country: Geography,
    parents: Acts,
    total: int,
    calendar: Calendar,
    marks: _Marks,
    rng: np.random.Generator,
) -> Acts:
    """Return what one generation of acts breeds.

    An act that became known at once breeds less, where the scenario assumes it.
    """
    dynamics = scenario.dynamics
    of, is_answer, t = _children(dynamics, parents, calendar, rng)
    n = len(of)
    spread = np.where(is_answer, 2_000.0, dynamics.spread_m)
    s = parents.s[of] + spread * rng.standard_normal(n)
    side = np.where(is_answer, 1 - parents.side[of], parents.side[of])
    heavier = is_answer & (rng.random(n) < dynamics.escalate)
    kind = _next_kind(scenario, parents.kind[of], heavier)
    root = np.where(is_answer, total + np.arange(n), parents.root[of])
    bred = _marked(
        scenario, marks, rng, t, country.sector_of(s), side, kind,
        s.clip(0.0, country.front.length_m), root,
    )  # fmt: skip
    return _near_their_parent(bred, parents, of, ~is_answer, dynamics.spread_m, rng)


def _children(
    dynamics: DynamicsSpec, parents: Acts, calendar: Calendar, rng: np.random.Generator
) -> tuple[IntArray, npt.NDArray[np.bool_], FloatArray]:
    """Return the parent, whether it is an answer, and the time of each act bred in time."""
    known = rng.random(len(parents)) < dynamics.documented
    damping = np.where(known, 1.0 - dynamics.response, 1.0)
    followers = np.repeat(np.arange(len(parents)), rng.poisson(dynamics.follow * damping))
    answers = np.repeat(np.arange(len(parents)), rng.poisson(dynamics.retaliate * damping))
    of = np.concatenate([followers, answers])
    is_answer = np.arange(len(of)) >= len(followers)
    soon = rng.exponential(dynamics.follow_minutes * 60.0, len(followers))
    later = rng.gamma(2.0, dynamics.retaliate_hours * 1800.0, len(answers))
    t = parents.t[of] + np.concatenate([soon, later])
    in_time = t < calendar.seconds
    return of[in_time], is_answer[in_time], t[in_time]


def _next_kind(scenario: Scenario, kind: IntArray, heavier: npt.NDArray[np.bool_]) -> IntArray:
    """Return the kinds of answers: the same, or one step up from shot to shell to gun."""
    names = list(scenario.acts)
    ladder = [names.index(n) for n in ("sniping", "mortar", "artillery") if n in names]
    step = np.arange(len(names))
    step[ladder[:-1]] = ladder[1:]
    return np.where(heavier, step[kind], kind)


def _near_their_parent(
    bred: Acts,
    parents: Acts,
    of: IntArray,
    follows: npt.NDArray[np.bool_],
    spread_m: float,
    rng: np.random.Generator,
) -> Acts:
    """Keep what follows an act in its party, group and neighbourhood."""
    jitter = 0.5 * spread_m * rng.standard_normal(len(bred))
    depth = parents.depth[of] + jitter
    depth = np.where(depth * parents.depth[of] > 0, depth, parents.depth[of])
    changes = {
        "party": np.where(follows, parents.party[of], bred.party),
        "group": np.where(follows, parents.group[of], bred.group),
        "is_spoiler": np.where(follows, parents.is_spoiler[of], bred.is_spoiler),
        "depth": np.where(follows, depth, bred.depth),
        "origin_depth": np.where(follows, parents.origin_depth[of], bred.origin_depth),
    }
    return Acts(**{f.name: changes.get(f.name, getattr(bred, f.name)) for f in fields(Acts)})


def _marked(
    scenario: Scenario,
    marks: _Marks,
    rng: np.random.Generator,
    t: FloatArray,
    sector: IntArray,
    side: IntArray,
    kind: IntArray,
    s: FloatArray,
    root: IntArray,
) -> Acts:
    """Return acts with their marks drawn: party, group, depths, rounds and duration."""
    n = len(t)
    party = marks.held[sector, side]
    group, is_spoiler = _groups(scenario, party, rng.random(n))
    away = 1000.0 * _between(marks.target[kind], rng.random(n))
    behind = 1000.0 * _between(marks.origin[kind], rng.random(n))
    own = marks.own[kind]
    is_spoiler &= ~own
    sign = _TOWARDS[side]
    depth = np.where(own | is_spoiler, -sign, sign) * away
    back = -sign * np.where(is_spoiler, away + behind, behind)
    return Acts(
        t=t,
        sector=np.asarray(sector, np.int64),
        side=np.asarray(side, np.int64),
        kind=np.asarray(kind, np.int64),
        party=party,
        root=np.asarray(root, np.int64),
        group=group,
        is_spoiler=is_spoiler,
        s=s,
        depth=depth,
        origin_depth=np.where(own, depth, back),
        rounds=np.asarray(rng.geometric(marks.rounds[kind]), np.int64),
        minutes=marks.minutes[kind] * rng.standard_exponential(n),
    )


def _groups(
    scenario: Scenario, party: IntArray, u: FloatArray
) -> tuple[IntArray, npt.NDArray[np.bool_]]:
    group = np.full(len(u), -1, np.int64)
    spoils = np.zeros(len(u), np.bool_)
    for i, spec in enumerate(scenario.parties):
        low = 0.0
        for j, member in enumerate(spec.groups):
            chosen = (party == i) & (u >= low) & (u < low + member.share)
            group[chosen] = j
            spoils[chosen] = member.is_spoiler
            low += member.share
    return group, spoils


def _column(kinds: list[ActSpec], name: str) -> FloatArray:
    return np.array([getattr(kind, name) for kind in kinds], dtype=np.float64)


def _between(bounds: FloatArray, u: FloatArray) -> FloatArray:
    """Return values skewed to the near end of their bounds: most fire is short."""
    return np.asarray(bounds[:, 0] + (bounds[:, 1] - bounds[:, 0]) * u**1.5)
