"""`truceline rehearse` and `truceline score`: a truce with known truth, and the score."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from truceline.core.types.errors import TrucelineError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from truceline.judgement.judgement import Judgement
    from truceline.rehearsal.rehearsal_folder import RehearsalFolder
    from truceline.rehearsal.scores.score import Score

app = typer.Typer(help="Rehearse a truce with known truth, and score answers to it.")


@app.command()
def rehearse(
    scenario: Annotated[
        str, typer.Argument(help="Name of a scenario, `list`, or a YAML file of one.")
    ],
    out: Annotated[Path | None, typer.Option(help="Folder to write; else rehearsal-NAME.")] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed than the scenario's.")] = None,
    days: Annotated[float | None, typer.Option(help="Another length, days.")] = None,
    case: Annotated[Path | None, typer.Option(help="Take the line of this case.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes to use.")] = 1,
    judge: Annotated[bool, typer.Option(help="Judge and score it as well.")] = True,
    baselines: Annotated[bool, typer.Option(help="Score the simple rules beside it.")] = False,
    bulletin: Annotated[bool, typer.Option(help="Write the bulletin of the last day.")] = False,
) -> None:
    """Simulate a truce, judge it with the same code as a real one, and score the judgement."""
    from truceline.rehearsal.scenarios.scenario import scenario_names

    if scenario == "list":
        typer.echo("\n".join(scenario_names()))
        return
    try:
        folder = _simulate(scenario, out, {"seed": seed, "days": days}, case, workers)
        if judge or bulletin:
            judgement = _judge(folder)
        if judge:
            _score(folder, judgement, baselines)
        if bulletin:
            _publish(folder, judgement)
    except TrucelineError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(error.exit_code) from error


def _simulate(
    name: str, out: Path | None, changes: dict[str, object], case: Path | None, workers: int
) -> RehearsalFolder:
    from truceline.rehearsal.case_line import scenario_on_case
    from truceline.rehearsal.generation import generate
    from truceline.rehearsal.scenarios.scenario import load_scenario

    chosen = load_scenario(name, {k: v for k, v in changes.items() if v is not None})
    country = None
    if case is not None:
        chosen, country = scenario_on_case(chosen, case)
    target = out or Path(f"rehearsal-{chosen.name}")
    typer.echo(f"{chosen.title}: {chosen.about.strip()}")

    def told(done: int, total: int) -> None:
        typer.echo(f"\rsimulating: province {done} of {total}", nl=done == total, err=True)

    folder = generate(chosen, target, workers=workers, country=country, progress=told)
    rows = folder.manifest["rows"]
    typer.echo(f"written: {target} {json.dumps(rows)}")
    return folder


def _judge(folder: RehearsalFolder) -> Judgement:
    from truceline.rehearsal.runner import judge

    typer.echo("judging", err=True)
    return judge(folder)


def _publish(folder: RehearsalFolder, judgement: Judgement) -> None:
    """Write the bulletin of the last day of the truce, beside that of the day before it."""
    from truceline.agreement.case import load_case
    from truceline.case_bulletin import bulletin_of
    from truceline.core.types.time import DAY
    from truceline.publish.bulletins.folder import write

    case = load_case(folder.path)
    start, end = folder.period
    last = max(start, end - DAY)
    before = (last - DAY, last) if last - DAY >= start else None
    report = bulletin_of(case, judgement, (last, end), now=end, period_before=before)
    for path in write(report, folder.path / "bulletin"):
        if path.suffix in (".html", ".pdf"):
            typer.echo(f"wrote {path}")


def _score(folder: RehearsalFolder, judgement: Judgement, baselines: bool) -> None:
    from truceline.rehearsal.runner import answers_of
    from truceline.rehearsal.scores.answers import write_answers
    from truceline.rehearsal.scores.score import score

    answers = answers_of(judgement)
    write_answers(answers, folder.path / "answers")
    scores = [score(folder, answers, "truceline")]
    if baselines:
        scores += _baselines(folder)
    _tell(scores, folder, folder.path / "score")


def _baselines(folder: RehearsalFolder) -> Iterable[Score]:
    import numpy as np

    from truceline.rehearsal.baselines.contest import baseline_answers
    from truceline.rehearsal.scores.score import score

    rng = np.random.default_rng(int(str(folder.manifest.get("seed", 0))))
    return [score(folder, answers, name) for name, answers in baseline_answers(folder, rng)]


@app.command("score")
def score_answers(
    observations: Annotated[Path, typer.Argument(help="Folder of a rehearsal, with its truth.")],
    answers: Annotated[Path, typer.Argument(help="Folder of a program's answers.")],
    name: Annotated[str, typer.Option(help="Name of the program.")] = "answers",
    baselines: Annotated[bool, typer.Option(help="Score the simple rules beside it.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write score.json and score.html here.")] = None,
) -> None:
    """Score a program's answers to a rehearsal against its truth."""
    from truceline.rehearsal.rehearsal_folder import open_folder
    from truceline.rehearsal.scores.answers import read_answers
    from truceline.rehearsal.scores.score import score

    try:
        folder = open_folder(observations)
        scores = [score(folder, read_answers(answers), name)]
        if baselines:
            scores += _baselines(folder)
        _tell(scores, folder, out)
    except TrucelineError as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(error.exit_code) from error


def _tell(scores: list[Score], folder: RehearsalFolder, out: Path | None) -> None:
    from truceline.publish.bulletins.hypertext import hypertext
    from truceline.publish.bulletins.print import printed
    from truceline.publish.rehearsal.score_report import acts_by_day, score_report
    from truceline.rehearsal.scores.listing import score_text

    typer.echo(score_text(scores))
    if out is None:
        return
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps([s.as_dict() for s in scores], indent=1, sort_keys=True)
    (out / "score.json").write_text(text + "\n", encoding="utf-8")
    starts = folder.truth("true_event")["t_start"].to_list()
    page = score_report(scores, acts_by_day(starts, folder.period), folder.period)
    (out / "score.html").write_text(hypertext(page), encoding="utf-8")
    (out / "score.pdf").write_bytes(printed(page))
    typer.echo(f"report: {out / 'score.html'} and score.pdf")
