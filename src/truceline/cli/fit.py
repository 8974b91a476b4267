"""`truceline fit`: make the parameters again, from worlds of known truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from truceline.cli.failures import said_plainly


def fit(
    out: Annotated[Path, typer.Option("--out", "-o", help="File of parameters to write.")],
    seeds: Annotated[int, typer.Option(min=1, help="Worlds of every scenario.")] = 6,
    first: Annotated[int, typer.Option(help="First seed; those below 3000 keep the score.")] = 3000,
    workers: Annotated[int, typer.Option(min=1, help="Processes to use.")] = 2,
    version: Annotated[str, typer.Option(help="Version to write into the file.")] = "local",
    check: Annotated[bool, typer.Option(help="Fit without each scenario and score it.")] = False,
) -> None:
    """Fit what evidence is worth on rehearsals, and write it as one small file.

    Example: truceline fit --out parameters.json --seeds 6 --check
    """
    from truceline.rehearsal.fitting import (
        as_json,
        checked_across_scenarios,
        fitted_parameters,
        worlds_for_fit,
    )

    with said_plainly():
        numbers = range(first, first + seeds)
        worlds = list(
            worlds_for_fit(numbers, workers=workers, tell=lambda line: typer.echo(line, err=True))
        )
        made_by = f"truceline fit --seeds {seeds} --first {first}"
        parameters = fitted_parameters(worlds, made_by, version)
        out.write_text(as_json(parameters), encoding="utf-8")
        typer.echo(f"wrote {out}: {len(parameters.testimony)} kinds of testimony")
        if check:
            for row in checked_across_scenarios(worlds).iter_rows(named=True):
                typer.echo(
                    f"without {row['scenario']}: {row['n']} incidents, Brier {row['brier']:.4f}, "
                    f"log score {row['log_score_bits']:.4f} bits, ECE {row['ece']:.4f}"
                )
