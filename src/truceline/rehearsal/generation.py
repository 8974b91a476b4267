"""A scenario made into a folder, province by province, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

import polars as pl
import yaml

from truceline.core.engines.pool import spawned
from truceline.core.types.time import DAY
from truceline.rehearsal.parties.daily_claims import daily_claims
from truceline.rehearsal.provinces import (
    ProvinceTables,
    simulate_background,
    simulate_province,
)
from truceline.rehearsal.rehearsal_folder import (
    RehearsalFolder,
    open_folder,
    write_manifest,
    write_part,
)
from truceline.rehearsal.scenarios.scenario import Scenario
from truceline.rehearsal.sensors.standing import mission
from truceline.rehearsal.worlds.geography import Geography, geography
from truceline.rehearsal.worlds.intensity import acts_by_day, true_states
from truceline.rehearsal.worlds.terms import write_case

#: Called with the number of provinces done and of all.
Progress = Callable[[int, int], None]


def generate(
    scenario: Scenario,
    folder: Path,
    *,
    workers: int = 1,
    country: Geography | None = None,
    progress: Progress | None = None,
) -> RehearsalFolder:
    """Write a rehearsal: evidence, the truth beside it, and its case.

    The same scenario gives the same tables on every machine and with any number of
    workers. At most one province a worker is held in memory.

    Parameters
    ----------
    scenario : Scenario
        What to rehearse.
    folder : Path
        Where; made if missing.
    workers : int
        Processes to use.
    country : Geography, optional
        A line of a case instead of an invented one.
    progress : callable, optional
        Told after each province.
    """
    country = geography(scenario) if country is None else country
    folder.mkdir(parents=True, exist_ok=True)
    total = len(country.provinces)
    heads: list[pl.DataFrame] = []
    counts = dict.fromkeys(("observation", "effort", "true_event"), 0)
    for done, (sizes, head) in enumerate(_written(scenario, country, folder, workers)):
        heads.append(head)
        counts = {name: counts[name] + sizes[name] for name in counts}
        if progress is not None:
            progress(done + 1, total)
    _finish(scenario, country, folder, pl.concat(heads), counts)
    return open_folder(folder)


def _finish(
    scenario: Scenario,
    country: Geography,
    folder: Path,
    acts: pl.DataFrame,
    counts: dict[str, int],
) -> None:
    """Write what is of the whole line; the manifest comes last."""
    write_part(true_states(scenario, country, acts), folder / "truth" / "true_state.parquet")
    claims = yaml.safe_dump({"claims": daily_claims(scenario, acts)}, sort_keys=False)
    (folder / "claims.yaml").write_text(claims, encoding="utf-8")
    own = yaml.safe_dump(mission(scenario, country), sort_keys=False)
    (folder / "mission.yaml").write_text(own, encoding="utf-8")
    write_case(scenario, country, folder)
    write_manifest(folder, _manifest(scenario, country, counts))


def _manifest(scenario: Scenario, country: Geography, counts: dict[str, int]) -> dict[str, object]:
    return {
        "generator": "truceline",
        "scenario": scenario.name,
        "seed": scenario.seed,
        "period": [scenario.t0, scenario.t0 + round(scenario.days * DAY)],
        "observed_from": scenario.t0 - round(scenario.before_days * DAY),
        "line_km": round(country.front.length_m / 1000.0, 3),
        "sectors": country.n_sectors,
        "provinces": len(country.provinces),
        "rows": counts,
        "parameters": scenario.model_dump(mode="json"),
    }


def _written(
    scenario: Scenario, country: Geography, folder: Path, workers: int
) -> Iterator[tuple[dict[str, int], pl.DataFrame]]:
    numbers = range(len(country.provinces))
    if workers <= 1 or len(numbers) == 1:
        for province in numbers:
            yield write_province(scenario, country, folder, province)
        return
    # Spawned, not forked: threads of the table library do not survive a fork.
    with spawned(workers) as pool:
        jobs = [pool.submit(write_province, scenario, country, folder, n) for n in numbers]
        for job in jobs:
            yield job.result()


def write_province(
    scenario: Scenario, country: Geography, folder: Path, province: int
) -> tuple[dict[str, int], pl.DataFrame]:
    """Write the tables of one province; return their rows, and its acts by day."""
    tables = simulate_province(scenario, country, province)
    name = f"P{province + 1:03d}.parquet"
    _write(tables, folder, name)
    if scenario.background_days > 0:
        quiet = simulate_background(scenario, country, province)
        write_part(quiet.observation, folder / "background" / "observation" / name)
        write_part(quiet.effort, folder / "background" / "effort" / name)
    sizes = {f.name: len(getattr(tables, f.name)) for f in fields(ProvinceTables)}
    return sizes, acts_by_day(scenario, tables.true_event)


def _write(tables: ProvinceTables, folder: Path, name: str) -> None:
    for field in fields(ProvinceTables):
        table: pl.DataFrame = getattr(tables, field.name)
        place = folder if field.name in ("observation", "effort") else folder / "truth"
        write_part(table, place / field.name / name)
