"""Speed, memory and reproducibility of rehearsals.

    python benchmarks/rehearsal.py speed          # sector-days a second, against SimPy
    python benchmarks/rehearsal.py memory [N]     # N million observations, default 1 and 10
    python benchmarks/rehearsal.py workers        # the same bytes with 1, 2 and 3 workers

`speed` runs the same scenario twice: as this package does it, and as a discrete-event model in
SimPy with one process for each sector and side, thinning by the hourly rate, children as
processes, and the same marks; random numbers are part of both. Both print their mean number of
acts, which must agree.
"""

from __future__ import annotations

import hashlib
import random
import resource
import subprocess
import sys
import tempfile
import time
from bisect import bisect
from pathlib import Path

from truceline.rehearsal.generation import generate
from truceline.rehearsal.provinces import simulate_province
from truceline.rehearsal.scenarios.scenario import Scenario, load_scenario
from truceline.rehearsal.seeds import Role, stream
from truceline.rehearsal.worlds.acts import simulate_acts
from truceline.rehearsal.worlds.calendar import Calendar, truce_calendar
from truceline.rehearsal.worlds.geography import Geography, geography, places
from truceline.rehearsal.worlds.rates import immigrant_rates

DENSITY = {"quiet": 28, "war": 1000}


class DiscreteEvents:
    """The acts of a province in SimPy."""

    def __init__(
        self, scenario: Scenario, country: Geography, calendar: Calendar, province: int
    ) -> None:
        import simpy

        self.scenario, self.country, self.calendar = scenario, country, calendar
        self.sectors = country.provinces[province]
        rng = stream(scenario.seed, Role.ACTS, province, 0)
        rates = immigrant_rates(scenario, country, self.sectors, calendar, rng).full()
        self.level = rates.sum(axis=2).tolist()
        self.kinds = rates.cumsum(axis=2).transpose(0, 1, 3, 2).tolist()
        self.acts = list(scenario.acts.values())
        self.weights = [list(a.weapons.values()) for a in self.acts]
        self.weapons = [list(a.weapons) for a in self.acts]
        self.front = [a.tolist() for a in (country.front.s, country.front.x, country.front.y)]
        self.normal = [country.front.nx.tolist(), country.front.ny.tolist()]
        self.dice = random.Random(scenario.seed * 1000 + province)
        self.env = simpy.Environment()
        self.rows: list[tuple[float, ...]] = []
        self.hot = places(scenario, country, province).hot_s.tolist()

    def run(self) -> int:
        """Run it and return the number of acts."""
        for i in range(len(self.sectors)):
            for side in (0, 1):
                self.env.process(self.beginning(i, side))
        self.env.run(until=self.calendar.seconds)
        return len(self.rows)

    def beginning(self, i: int, side: int):
        """Act unprovoked, at the rate of the hour."""
        dice, level = self.dice, self.level[i][side]
        most = max(level) / 3600.0
        while most > 0:
            yield self.env.timeout(dice.expovariate(most))
            hour = int(self.env.now / 3600.0)
            if hour < len(level) and dice.random() * most * 3600.0 < level[hour]:
                edges = self.kinds[i][side][hour]
                kind = bisect(edges, dice.random() * edges[-1])
                self.act(side, min(kind, len(self.acts) - 1), self.somewhere(i))

    def somewhere(self, i: int) -> float:
        """Return a place along the line."""
        sector = self.sectors.start + i
        low, high = self.country.edges[sector], self.country.edges[sector + 1]
        hot = self.dice.choice(self.hot) + 1500.0 * self.dice.gauss(0, 1)
        if self.dice.random() < 0.6 and low < hot < high:
            return hot
        return self.dice.uniform(low, high)

    def act(self, side: int, kind: int, s: float) -> None:
        """Draw the marks of an act, and breed others."""
        dice, spec, dynamics = self.dice, self.acts[kind], self.scenario.dynamics
        target = spec.target_km[0] + (spec.target_km[1] - spec.target_km[0]) * dice.random() ** 1.5
        origin = spec.origin_km[0] + (spec.origin_km[1] - spec.origin_km[0]) * dice.random() ** 1.5
        rounds = 1 + int(dice.expovariate(1.0 / max(spec.rounds, 1.0)))
        minutes = dice.expovariate(1.0 / spec.minutes)
        weapon = dice.choices(range(len(self.weapons[kind])), self.weights[kind])[0]
        self.rows.append((self.env.now, side, kind, s, target, origin, rounds, minutes, weapon))
        if dice.random() < dynamics.follow:
            self.env.process(self.follower(side, kind, s))
        if dice.random() < dynamics.retaliate:
            self.env.process(self.answer(1 - side, kind, s))

    def follower(self, side: int, kind: int, s: float):
        """Follow an act."""
        yield self.env.timeout(
            self.dice.expovariate(1 / (60 * self.scenario.dynamics.follow_minutes))
        )
        self.act(side, kind, s + self.scenario.dynamics.spread_m * self.dice.gauss(0, 1))

    def answer(self, side: int, kind: int, s: float):
        """Answer an act."""
        hours = self.scenario.dynamics.retaliate_hours
        yield self.env.timeout(self.dice.gammavariate(2.0, 1800.0 * hours))
        self.act(side, kind, s + 2_000.0 * self.dice.gauss(0, 1))


def speed() -> None:
    """Compare acts alone with SimPy, and print the speed of a whole rehearsal."""
    for name, rate in DENSITY.items():
        changes = {"days": 350, "before_days": 15, "dynamics": {"acts_per_day": rate}}
        scenario = load_scenario("quiet-truce", changes)
        country, calendar = geography(scenario), truce_calendar(scenario)
        sector_days = country.n_sectors * calendar.days
        around = [places(scenario, country, p) for p in range(len(country.provinces))]
        simulate_acts(scenario, country, around[0], 0, calendar)
        ours = time.perf_counter()
        n = sum(
            len(simulate_acts(scenario, country, around[p], p, calendar))
            for p in range(len(country.provinces))
        )
        ours = time.perf_counter() - ours
        models = [DiscreteEvents(scenario, country, calendar, p) for p in range(len(around))]
        theirs = time.perf_counter()
        m = sum(model.run() for model in models)
        theirs = time.perf_counter() - theirs
        print(
            f"{name}: {sector_days / ours:,.0f} sector-days/s ({n} acts in {ours:.3f} s); SimPy "
            f"{sector_days / theirs:,.0f} ({m} acts in {theirs:.3f} s); ratio {theirs / ours:.1f}"
        )
    scenario = load_scenario("quiet-truce", {"dynamics": {"acts_per_day": 28}})
    country = geography(scenario)
    start = time.perf_counter()
    rows = sum(
        len(simulate_province(scenario, country, p).observation)
        for p in range(len(country.provinces))
    )
    took = time.perf_counter() - start
    days = country.n_sectors * truce_calendar(scenario).days
    print(f"with all sensors and the truth: {days / took:,.0f} sector-days/s, {rows} observations")


def memory(millions: list[float]) -> None:
    """Write observations by the million in processes of their own; memory should stay flat."""
    for million in millions:
        done = subprocess.run(
            [sys.executable, __file__, "generate", str(million)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        print(done.stdout.strip())


def generate_million(million: float) -> None:
    """Write about so many million observations; a province holds about 220,000."""
    changes = {
        "days": 90, "before_days": 0, "background_days": 0,
        "line": {"km": 100 * round(million / 0.22)},
        "dynamics": {"acts_per_day": 4800},
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        made = generate(load_scenario("quiet-truce", changes), Path(folder))
        took = time.perf_counter() - start
        rows = made.manifest["rows"]["observation"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    print(f"{rows:,} observations in {took:.0f} s, {rows / took:,.0f}/s, peak {peak:,.0f} MB")


def workers() -> None:
    """Hash all that is written with different numbers of workers."""
    scenario = load_scenario("spoiler", {"days": 10})
    for n in (1, 2, 3):
        with tempfile.TemporaryDirectory() as folder:
            generate(scenario, Path(folder), workers=n)
            digest = hashlib.sha256()
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file():
                    digest.update(path.relative_to(folder).as_posix().encode())
                    digest.update(path.read_bytes())
        print(f"{n} workers: {digest.hexdigest()[:32]}")


if __name__ == "__main__":
    what = sys.argv[1] if len(sys.argv) > 1 else "speed"
    if what == "speed":
        speed()
    elif what == "memory":
        memory([float(v) for v in sys.argv[2:]] or [1.0, 10.0])
    elif what == "generate":
        generate_million(float(sys.argv[2]))
    else:
        workers()
