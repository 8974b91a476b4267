"""The challenge set: every scenario, the pipeline and every baseline, over seeds.

    python benchmarks/challenge.py [--seeds N] [--first SEED] [--scale KEY=FACTOR ...]
        [--processes N] [NAME ...]

Writes nothing but its table. Seeds begin at 1000 unless told, which no fit should use. A scale
changes the world away from the one that was fitted on: rates, errors, biases or detection.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

from truceline.core.engines.local import LocalEngine
from truceline.rehearsal.challenge import Trial, score_trials
from truceline.rehearsal.scenarios.scenario import scenario_names
from truceline.rehearsal.scores.score import over_seeds

FIGURES = (
    ("happenings", "brier"),
    ("happenings", "log_score_bits"),
    ("happenings", "ece"),
    ("own", "ece"),
    ("own", "ece_by_chance"),
    ("incidents", "precision"),
    ("incidents", "recall_of_seen"),
    ("attribution", "share_named"),
    ("attribution", "did_some"),
    ("attribution", "did_most"),
    ("attribution", "right_when_named"),
    ("attribution", "false_accusation"),
    ("breakdown", "delay_days_median"),
)


def run(trials: list[Trial], processes: int) -> dict[str, dict[str, list[float]]]:
    """Return each program's figures over the seeds of a scenario."""
    with tempfile.TemporaryDirectory() as folder:
        scored = score_trials(trials, engine=LocalEngine(processes), folder=Path(folder) / "work")
    out: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for told in (program for trial in scored for program in trial):
        for part, figure in FIGURES:
            value = told[part].get(figure)
            if value is not None:
                out[told["program"]][f"{part} {figure}"].append(float(value))
    return out


def main() -> None:
    """Print a table a scenario: mean over seeds, and half the width of its 90 % interval."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=1000)
    parser.add_argument("--scale", nargs="*", default=[])
    parser.add_argument("--processes", type=int, default=1)
    given = parser.parse_args()
    scale = {k: float(v) for k, v in (pair.split("=") for pair in given.scale)}
    names = given.names or [n for n in scenario_names() if n != "demo"]
    print("| scenario | program | " + " | ".join(f"{p} {f}" for p, f in FIGURES) + " |")
    print("| --- | --- |" + " --- |" * len(FIGURES))
    for name in names:
        seeds = range(given.first, given.first + given.seeds)
        results = run([Trial(name, seed, {"scale": scale}) for seed in seeds], given.processes)
        for program, figures in results.items():
            cells = [_cell(figures.get(f"{part} {figure}", [])) for part, figure in FIGURES]
            print(f"| {name} | {program} | " + " | ".join(cells) + " |", flush=True)


def _cell(values: list[float]) -> str:
    if not values:
        return "–"
    mean, low, _ = over_seeds(values)
    return f"{mean:.3f}" if np.isnan(low) else f"{mean:.3f} ± {mean - low:.3f}"


if __name__ == "__main__":
    main()
