"""Fitting the judgement on rehearsals: worlds of known truth, and none that scores it.

The challenge set is scored on seeds from 1000 to 2999 and on each scenario's own; worlds for
the fit begin at `FIRST_SEED`. Every second one is scaled away from the declared rates, errors
and biases, and watched by more or fewer people and sensors, so that the fit leans on none of them:
a force that is everywhere sees more of what is harmless, too.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from truceline.agreement.case import load_case
from truceline.core.engines.pool import spawned
from truceline.core.types.errors import InputError
from truceline.judgement.assess import collect
from truceline.judgement.calibration import brier, calibration_error, log_score
from truceline.judgement.fit.additive import BASE, Fitted, fit_terms
from truceline.judgement.hostility.evidence import ACTIVITY_TERM, SILENCE_TERM, term_sums
from truceline.judgement.parameters import (
    CLAIM_TERM,
    HEAT_TERM,
    Parameters,
    Testimony,
    shipped_parameters,
)
from truceline.rehearsal.generation import generate
from truceline.rehearsal.rehearsal_folder import RehearsalFolder
from truceline.rehearsal.runner import setting_of
from truceline.rehearsal.scenarios.scenario import load_scenario, scenario_names

FIRST_SEED: Final = 3000

#: Worlds are scaled by factors between these, drawn for each.
LEAST, MOST = 0.6, 1.6

#: The mission's own people and sensors, and the factors between which their number is drawn.
OWN: Final = ("patrol", "camera", "uav")
FEWEST, MOST_EYES = 0.3, 25.0

_SHARES = {
    "activity_share": ACTIVITY_TERM,
    "silence_share": SILENCE_TERM,
    "heat_share": HEAT_TERM,
    "claim_share": CLAIM_TERM,
}


@dataclass(frozen=True)
class World:
    """Terms and truth of one rehearsal.

    Attributes
    ----------
    scenario : str
        Its scenario.
    terms, outcome : polars.DataFrame
        As `fit_terms` takes them; identities carry the world's name.
    """

    scenario: str
    terms: pl.DataFrame
    outcome: pl.DataFrame


def worlds_for_fit(
    seeds: Sequence[int], *, workers: int = 1, tell: Callable[[str], None] = lambda _line: None
) -> Iterator[World]:
    """Simulate every scenario with every seed, and give the evidence and truth of each.

    Parameters
    ----------
    seeds : sequence of int
        None below `FIRST_SEED`.
    workers : int
        Processes to use.
    tell : callable
        Told of each world that is done.
    """
    if min(seeds) < FIRST_SEED:
        raise InputError(
            f"seed {min(seeds)} is below {FIRST_SEED}, and those are kept for the score.",
            hint=f"Begin with seed {FIRST_SEED} or above.",
        )
    names = [name for name in scenario_names() if name != "demo"]
    jobs = [(name, seed) for seed in seeds for name in names]
    with spawned(workers) as pool:
        for world in pool.map(_simulated, jobs):
            tell(f"{world.scenario}: {len(world.outcome)} incidents")
            yield world


def _simulated(job: tuple[str, int]) -> World:
    name, seed = job
    changes: dict[str, object] = {"seed": seed}
    if seed % 2:
        rng = np.random.default_rng([seed, scenario_names().index(name)])
        drawn = np.exp(rng.uniform(np.log(LEAST), np.log(MOST), 3))
        changes["scale"] = dict(zip(("rates", "errors", "biases"), drawn.tolist(), strict=True))
        eyes = float(np.exp(rng.uniform(np.log(FEWEST), np.log(MOST_EYES))))
        declared = load_scenario(name).sensors
        changes["sensors"] = {k: {"per_100km": eyes * declared[k].per_100km} for k in OWN}
    with tempfile.TemporaryDirectory() as place:
        return read_world(generate(load_scenario(name, changes), Path(place)), f"{name}-{seed}")


def read_world(folder: RehearsalFolder, name: str) -> World:
    """Return the terms of a rehearsal's incidents, and whether a hostile act is in each."""
    setting = setting_of(folder, load_case(folder.path), shipped_parameters())
    _, _, members, evidence = collect(
        folder.observations(), folder.effort(), setting, folder.period
    )
    truth = (
        members.join(folder.truth("truth_link"), on="obs_id", how="left")
        .group_by("incident_id")
        .agg(is_hostile=(pl.col("cause") == "hostile").any())
        .sort("incident_id")
    )
    tagged = pl.format("{} {}", pl.lit(name), "incident_id")
    return World(
        str(folder.manifest.get("scenario", name)),
        term_sums(evidence).with_columns(incident_id=tagged),
        truth.with_columns(incident_id=tagged),
    )


def fitted_parameters(worlds: Sequence[World], made_by: str, version: str) -> Parameters:
    """Return the parameters fitted on worlds; what they cannot show is kept as it was."""
    found = _fit(worlds)
    before = shipped_parameters()
    seen = {_instrument(term) for term in found.counts if "/" in term}
    kinds = [name for name in sorted(found.bits) if _instrument(name) in seen and name != BASE]
    told = tuple(
        Testimony(
            kind=kind,
            bits=round(found.bits[kind], 3),
            basis=f"fitted: {found.counts[kind]} incidents of rehearsals"
            if kind in found.counts
            else "fitted: kinds of this instrument not seen in rehearsals",
        )
        for kind in kinds
    )
    kept = tuple(row for row in before.testimony if row.kind.partition("/")[0] not in seen)
    shares = {name: round(found.bits.get(term, 0.0), 3) for name, term in _SHARES.items()}
    return before.model_copy(
        update={
            "version": version,
            "made_by": made_by,
            "base_bits": round(found.bits[BASE], 3),
            "testimony": (*told, *kept),
            **shares,
        }
    )


def _instrument(kind: str) -> str:
    return kind.partition("/")[0]


def _fit(worlds: Sequence[World]) -> Fitted:
    return fit_terms(
        pl.concat([world.terms for world in worlds]),
        pl.concat([world.outcome for world in worlds]),
    )


def checked_across_scenarios(worlds: Sequence[World]) -> pl.DataFrame:
    """Fit without each scenario in turn, and score the fit on the one left out.

    Returns
    -------
    polars.DataFrame
        Columns `scenario`, `n`, `share_true`, `brier`, `log_score_bits`, `ece`.
    """
    rows = []
    for name in sorted({world.scenario for world in worlds}):
        found = _fit([world for world in worlds if world.scenario != name])
        held = [world for world in worlds if world.scenario == name]
        p, y = predicted(found, held)
        rows.append((name, len(y), float(y.mean()), brier(p, y), log_score(p, y),
                     calibration_error(p, y)))  # fmt: skip
    columns = ["scenario", "n", "share_true", "brier", "log_score_bits", "ece"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def predicted(found: Fitted, worlds: Sequence[World]) -> tuple[np.ndarray, np.ndarray]:
    """Return probability and truth of every incident of worlds, by a fit."""
    terms = pl.concat([world.terms for world in worlds])
    outcome = pl.concat([world.outcome for world in worlds])
    names = terms["term"].unique().to_list()
    worth = {
        name: 0.0
        if name.endswith("/nothing")
        else found.bits.get(name, found.bits.get(_instrument(name), 0.0))
        for name in names
    }
    added = (
        terms.with_columns(bits=pl.col("factor") * pl.col("term").replace_strict(worth))
        .group_by("incident_id")
        .agg(pl.col("bits").sort().sum())
    )
    table = outcome.join(added, on="incident_id", how="left").with_columns(
        p=1.0 / (1.0 + pl.lit(2.0).pow(-(pl.col("bits").fill_null(0.0) + found.bits[BASE])))
    )
    p = table["p"].clip(0.001, 0.999).to_numpy()
    return p, table["is_hostile"].cast(pl.Float64).to_numpy()


def as_json(parameters: Parameters) -> str:
    """Return parameters as the text of their file."""
    return json.dumps(parameters.model_dump(mode="json"), indent=1) + "\n"
