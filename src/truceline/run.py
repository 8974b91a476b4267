"""A run: the whole way from a case's feeds to its bulletin, in one function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from truceline.agreement.case import Case
from truceline.case_bulletin import bulletin_of, bulletin_settings, geography
from truceline.case_judgement import AT_ONCE, judge, judged_period, plan
from truceline.core.store.case_store import CaseStore
from truceline.evidence.front import read_ground
from truceline.evidence.ingest import IngestReport, Progress, ingest, silent
from truceline.evidence.sources.source import Source
from truceline.judgement.assess import of_period
from truceline.judgement.judgement import Judgement
from truceline.judgement.parameters import Parameters
from truceline.publish.bulletins.folder import write
from truceline.publish.bulletins.report import Bulletin, compose_spot
from truceline.record.decided import Decisions


@dataclass(frozen=True)
class Result:
    """What a run gave.

    Attributes
    ----------
    judgement : Judgement
        What was concluded.
    bulletin : Bulletin
        What it says.
    ingested : IngestReport
        What became of the feeds' files.
    files : tuple of Path
        What was written.
    """

    judgement: Judgement
    bulletin: Bulletin
    ingested: IngestReport
    files: tuple[Path, ...]


def run(
    case: Case,
    *,
    sources: dict[str, Source],
    parameters: Parameters,
    data: Path | None,
    output: Path,
    until: int | None,
    now: int,
    published: Path | None = None,
    spot: str | None = None,
    reports: Path | None = None,
    decisions: Decisions | None = None,
    at_once: int = AT_ONCE,
    progress: Progress = silent,
    tell: Callable[[str], None] = lambda _step: None,
) -> Result:
    """Take a case's feeds in, judge its window, and write its bulletin.

    Parameters
    ----------
    case : Case
        The case.
    sources : dict
        Installed sources by name.
    parameters : Parameters
        What evidence is worth.
    data : Path or None
        Folder of the feeds' files, where they are not in the case's own.
    output : Path
        Folder for the store and the bulletin.
    until : int or None
        End of what is judged, UTC microseconds; null takes the end of the case's window.
    now : int
        Time of issue; later rows are rejected as future-dated.
    published : Path or None
        The last bulletin's `bulletin.json`, for the changes since.
    spot : str or None
        Identity of an incident to write a spot report on as well.
    reports : Path or None
        Folder of the forms that patrols and the hotline sent in.
    decisions : Decisions, optional
        What people decided; with it, even empty, no party is named that two did not name.
    at_once : int
        Observations from which on the period is judged in parts; the bulletin is the same.
    progress, tell : callables
        Told of rows taken in, and of each step.
    """
    start, end = judged_period(case, until)
    store = CaseStore(output / "store")
    tell("reading feeds")
    ingested = ingest(
        store, plan(case, sources, data, reports), received_before=now, progress=progress
    )
    tell("judging")
    ground = read_ground(case, data)
    groupings = () if decisions is None else decisions.groupings
    judgement = judge(
        case, store, parameters, (start, end), ground.territory, groupings,
        folder=output / "judged", at_once=at_once,
    )  # fmt: skip
    if decisions is not None:
        judgement = decisions.applied(judgement)
    tell("writing the bulletin")
    seen = store.scan_observations().filter(of_period((start, end)))
    bulletin = bulletin_of(
        case, judgement, (start, end), now=now, published=published, line=ground.line,
        claims=() if decisions is None else decisions.claims, seen=seen,
    )  # fmt: skip
    written = write(bulletin, output / "bulletin")
    if spot is not None:
        report = compose_spot(
            judgement,
            bulletin_settings(case),
            incident_id=spot,
            now=now,
            geography=geography(case, ground.line),
            seen=seen,
        )
        written += write(report, output / f"spot-{spot}")
    return Result(judgement, bulletin, ingested, tuple(written))
