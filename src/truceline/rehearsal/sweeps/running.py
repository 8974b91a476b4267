"""Running a sweep: every force on the same truces, in parallel, and to be taken up again."""

from __future__ import annotations

import functools
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from truceline.core.engines.engine import Engine
from truceline.core.engines.jobs import map_jobs
from truceline.core.engines.pool import spawned
from truceline.force.presence import Mix, presence_per_100km
from truceline.judgement.parameters import shipped_parameters
from truceline.rehearsal.generation import generate
from truceline.rehearsal.runner import judge
from truceline.rehearsal.scenarios.scenario import Scenario, load_scenario
from truceline.rehearsal.seeds import EDITION
from truceline.rehearsal.sweeps.outcome import OUTCOME, outcome


@dataclass(frozen=True)
class Sweep:
    """What is compared.

    Attributes
    ----------
    forces : tuple of Mix
        The forces.
    line_km : float
        Length of the whole line: it sets how thin a force is spread.
    scenario : str
        The truce that is rehearsed.
    stretch_km, days : float
        How much of the line is rehearsed, as a sample of it, and for how long.
    seeds : tuple of int
        One truce each, the same for every force.
    """

    forces: tuple[Mix, ...]
    line_km: float
    scenario: str = "creeping-erosion"
    stretch_km: float = 200.0
    days: float = 14.0
    seeds: tuple[int, ...] = (7000, 7001, 7002, 7003)


def scenario_of(sweep: Sweep, force: Mix, seed: int) -> Scenario:
    """Return the rehearsal of one force and seed: the same acts, other eyes."""
    base = load_scenario(sweep.scenario)
    per_km = base.dynamics.acts_per_day / base.dynamics.per_km
    density = presence_per_100km(force, sweep.line_km)
    return load_scenario(
        sweep.scenario,
        {
            "seed": seed,
            "days": sweep.days,
            "line": {"km": sweep.stretch_km},
            "dynamics": {"acts_per_day": per_km * sweep.stretch_km, "per_km": sweep.stretch_km},
            "sensors": {kind: {"per_100km": value} for kind, value in density.items()},
        },
    )


def run_sweep(
    sweep: Sweep,
    folder: Path,
    *,
    workers: int = 1,
    engine: Engine | None = None,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> pl.DataFrame:
    """Rehearse every force on every truce, and return one row each.

    What was done is kept in `folder`; started again, the sweep goes on where it was.

    Parameters
    ----------
    sweep : Sweep
        What is compared.
    folder : Path
        Where results are kept, one small file each.
    workers : int
        Processes to use, where no engine is given.
    engine : Engine, optional
        Where to work instead, such as a cluster whose workers see `folder`. The rows are the
        same.
    tell : callable
        Told of how many are done, of how many.

    Returns
    -------
    polars.DataFrame
        Schema `OUTCOME`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [(sweep, force, seed) for force in sweep.forces for seed in sweep.seeds]
    rows: list[dict[str, object]] = []
    for done, row in enumerate(_rows(jobs, folder, workers, engine), start=1):
        rows.append(row)
        tell(done, len(jobs))
    return OUTCOME.conform(pl.DataFrame(rows, infer_schema_length=None)).sort(
        "people", "force", "seed"
    )


Job = tuple[Sweep, Mix, int]


def _rows(
    jobs: Sequence[Job], folder: Path, workers: int, engine: Engine | None
) -> Iterator[dict[str, object]]:
    left = []
    for job in jobs:
        kept = folder / f"{_key(job)}.json"
        if kept.is_file():
            yield json.loads(kept.read_text(encoding="utf-8"))
        else:
            left.append(job)
    if not left:
        return
    keep = functools.partial(_keep, folder=folder)
    if engine is not None:
        with tempfile.TemporaryDirectory(dir=folder) as steps:
            numbers = functools.partial(_keep_numbered, jobs=left, folder=folder)
            told = map_jobs(engine, list(map(str, range(len(left)))), numbers, Path(steps) / "s")
        yield from map(json.loads, told)
        return
    with spawned(workers) as pool:
        yield from map(json.loads, pool.map(keep, left))


def _keep(job: Job, *, folder: Path) -> str:
    """Rehearse, keep the row and return it; where the work is done, so that nothing is lost."""
    text = json.dumps(_rehearsed(job), sort_keys=True)
    path = folder / f"{_key(job)}.json"
    with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".part", delete=False) as part:
        part.write(text)
    Path(part.name).replace(path)
    return text


def _keep_numbered(number: str, *, jobs: Sequence[Job], folder: Path) -> str:
    return _keep(jobs[int(number)], folder=folder)


def _key(job: Job) -> str:
    """Return a name that changes with anything the result depends on."""
    sweep, force, seed = job
    scenario = scenario_of(sweep, force, seed).model_dump(mode="json")
    told = [column.name for column in OUTCOME.columns]
    made_by = [EDITION, shipped_parameters().digest()]
    text = json.dumps([asdict(force), sweep.line_km, scenario, told, made_by])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _rehearsed(job: Job) -> dict[str, object]:
    sweep, force, seed = job
    with tempfile.TemporaryDirectory() as place:
        made = generate(scenario_of(sweep, force, seed), Path(place))
        figures = outcome(made, judge(made, with_states=False))
    return {
        "force": force.name,
        "people": float(force.people),
        "people_per_km": force.people / sweep.line_km,
        "cameras": float(force.cameras),
        "arrays": float(force.arrays),
        "breaches_a_day": _on_the_line(sweep, figures),
        "seed": seed,
        **figures,
    }


def _on_the_line(sweep: Sweep, figures: Mapping[str, float | int | None]) -> float:
    """Return the violations found a day, on the whole line."""
    found = (figures["found"] or 0.0) * (figures["violations"] or 0)
    return found / sweep.days * sweep.line_km / sweep.stretch_km
